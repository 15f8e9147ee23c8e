//! Where a form comes from: only from a page of ours.

use super::Trouble;
use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Turns away what another site's page sends in the user's name. A browser says where a form comes from; the form's own
/// token is asked for besides.
pub(crate) async fn same_site(request: Request, next: Next) -> Response {
    if request.method() == Method::POST && !comes_from_us(request.headers()) {
        return (StatusCode::FORBIDDEN, "没有受理：不是从本平台的页面提交的。请从 /office 进入后再办。\n")
            .into_response();
    }
    next.run(request).await
}

fn comes_from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match text(header::ORIGIN.as_str()) {
        Some(origin) => origin.split_once("://").map(|(_, host)| host) == text(header::HOST.as_str()),
        // Every browser sends one of the two with a form.
        None => true,
    }
}

/// The token that a user's forms carry, by the secret of the sign-in.
pub(super) fn is_token(token: Option<&str>, expected: &str) -> Result<(), Trouble> {
    if token == Some(expected) { Ok(()) } else { Err(Trouble::Stale) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(pairs: &[(&'static str, &'static str)], expected: bool) {
        let pairs = pairs.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        let headers: HeaderMap = pairs.collect::<Vec<(axum::http::HeaderName, _)>>().into_iter().collect();
        assert_eq!(comes_from_us(&headers), expected, "{headers:?}");
    }

    #[test]
    fn only_a_form_of_our_own_page_is_taken() {
        check(&[("sec-fetch-site", "same-origin")], true);
        check(&[("sec-fetch-site", "cross-site")], false);
        check(&[("sec-fetch-site", "same-site")], false);
        check(&[("host", "a:8180"), ("origin", "http://a:8180")], true);
        check(&[("host", "a:8180"), ("origin", "http://b")], false);
        check(&[("host", "a:8180"), ("origin", "null")], false);
    }
}
