//! Where a form comes from: only from a page of ours.

use super::{Trouble, Visitor};
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

/// What is said of a user's own form from before the present sign-in.
const FROM_BEFORE: &str = "登录已更新，这张表单还没有办理；所填的内容都在，请核对后再提交";

/// Takes a form by its token. One of the same user's from an earlier sign-in is refused like anything else that was typed wrongly,
/// so that it comes back filled; anybody else's is not shown to this user.
pub(super) fn is_token(token: &str, visitor: &Visitor) -> Result<(), Trouble> {
    match token {
        own if own == visitor.token() => Ok(()),
        before if is_same_user(before, visitor) => Err(Trouble::Refused(FROM_BEFORE.to_owned())),
        _ => Err(Trouble::Stale),
    }
}

/// Whether a form was made for this user, in this or an earlier sign-in.
pub(super) fn is_same_user(token: &str, visitor: &Visitor) -> bool {
    token.split_once('.').is_some_and(|(_, mark)| mark == visitor.mark())
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
