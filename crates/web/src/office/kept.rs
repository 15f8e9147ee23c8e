//! A form that was sent after its sign-in had ended (登录到时): it waits on the page of the sign-in, in the browser, and comes back
//! filled in.
//!
//! The platform keeps nothing of it, so it waits whichever process is asked and however long the sign-in takes. Who signs in again
//! sends it along; it goes to its own page as it is, whose token it does not have, and so nothing is done but to show it again.
//! Invariant: nobody but the user whose form it was is shown what was typed.

use super::{Trouble, Visitor, guard};
use crate::app::App;
use crate::national::body;
use axum::body::Body;
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use axum::response::Response;
use axum::{Form, Router};
use tower::ServiceExt;

/// The most that is taken in: two files of 10 MB and a form around them.
pub(super) const BODY_MAX: usize = 21 * 1024 * 1024;
/// The most of a form that is kept: fee lines of the longest stay.
const BYTES_MAX: usize = 2 * 1024 * 1024;
/// Names of the fields of a sign-in that carry the form.
const ACTION: &str = "kept-action";
const FIELD: &str = "kept-field:";
const FILES: &str = "kept-files";

/// The addresses of the office, to which a form is sent once more.
#[derive(Clone)]
pub(super) struct Routes(pub fn(&App) -> Router<App>);

/// A form that waits.
#[derive(Clone, Default)]
pub(super) struct Kept {
    /// Where it was sent to.
    pub action: String,
    /// What was typed.
    pub fields: Vec<(String, String)>,
    /// It is sent with files, which a browser does not choose again by itself.
    pub has_files: bool,
    /// Not kept: longer than a form may be.
    pub is_too_long: bool,
}

/// Whether a form of this address is one of a page that shows it again; what has a password is kept nowhere.
pub(super) fn comes_back(path: &str) -> bool {
    path.starts_with("/office/") && !["/office/sign-", "/office/password"].iter().any(|not| path.starts_with(not))
}

impl Kept {
    pub(super) async fn read(request: Request) -> Kept {
        let action = request.uri().path().to_owned();
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let has_files = kind.starts_with("multipart/");
        let fields = if has_files { texts(request).await } else { pairs(request).await };
        let is_too_long = fields.is_none();
        Kept { action, fields: fields.unwrap_or_default(), has_files, is_too_long }
    }

    /// The form that came along with a sign-in.
    pub(super) fn of(typed: &[(String, String)]) -> Option<Kept> {
        let said = |name: &str| typed.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let action = said(ACTION).filter(|action| comes_back(action))?;
        let own = typed.iter().filter_map(|(name, value)| Some((name.strip_prefix(FIELD)?.to_owned(), value.clone())));
        Some(Kept { action, fields: own.collect(), has_files: said(FILES).is_some(), is_too_long: false })
    }

    /// The fields by which the page of the sign-in carries it.
    pub(super) fn carried(&self) -> Vec<(String, String)> {
        let files = self.has_files.then(|| (FILES.to_owned(), "1".to_owned()));
        let own = self.fields.iter().map(|(name, value)| (format!("{FIELD}{name}"), value.clone()));
        [(ACTION.to_owned(), self.action.clone())].into_iter().chain(files).chain(own).collect()
    }

    /// Its own page's answer to it, for whoever holds this cookie.
    pub(super) async fn shown_again(&self, app: &App, routes: Routes, cookie: &str) -> Result<Response, Trouble> {
        let (kind, body) = match self.has_files {
            true => multipart(&self.fields, &app.users.form_number()?),
            false => {
                let body =
                    serde_urlencoded::to_string(&self.fields).map_err(|error| Trouble::Fault(error.to_string()))?;
                ("application/x-www-form-urlencoded".to_owned(), body)
            }
        };
        let request = Request::post(&self.action).header(header::CONTENT_TYPE, kind).header(header::COOKIE, cookie);
        let request = request.body(Body::from(body)).map_err(|_| Trouble::Missing)?;
        let visitor = Visitor::of(request.headers(), app).await?;
        let token = self.fields.iter().find(|(name, _)| name == "token").map_or("", |(_, token)| token.as_str());
        if !guard::is_same_user(token, &visitor) {
            let text = "刚才那张表单是另一个账号填的，没有带过来；请从办理台重新进入";
            return Err(Trouble::Refused(text.to_owned()));
        }
        match (routes.0)(app).with_state(app.clone()).oneshot(request).await {
            Ok(response) => Ok(response),
            Err(never) => match never {},
        }
    }
}

/// What a form says; `None` where it is too long.
async fn pairs(request: Request) -> Option<Vec<(String, String)>> {
    let (parts, whole) = request.into_parts();
    let whole = body::read(whole, BYTES_MAX).await.ok()?;
    let request = Request::from_parts(parts, Body::from(whole));
    Form::from_request(request, &()).await.ok().map(|Form(pairs)| pairs)
}

/// The texts of a form with files.
async fn texts(request: Request) -> Option<Vec<(String, String)>> {
    let mut parts = Multipart::from_request(request, &()).await.ok()?;
    let (mut texts, mut length) = (Vec::new(), 0);
    while let Some(mut field) = parts.next_field().await.ok()? {
        if field.file_name().is_some() {
            continue;
        }
        let (name, mut value) = (field.name().unwrap_or_default().to_owned(), Vec::new());
        while let Some(chunk) = field.chunk().await.ok()? {
            length += chunk.len();
            if length <= BYTES_MAX {
                value.extend_from_slice(&chunk);
            }
        }
        texts.push((name, String::from_utf8(value).ok()?));
    }
    (length <= BYTES_MAX).then_some(texts)
}

/// Its kind and body as a form with files, none of which is chosen.
fn multipart(fields: &[(String, String)], edge: &str) -> (String, String) {
    let part = |(name, value): &(String, String)| {
        format!("--{edge}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let body: String = fields.iter().filter(|(name, _)| !name.contains(['"', '\r', '\n'])).map(part).collect();
    (format!("multipart/form-data; boundary={edge}"), format!("{body}--{edge}--\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_password_is_not_kept_and_nothing_outside_the_office_is_sent_on() {
        assert!(comes_back("/office/registers/cash_visit/new") && comes_back("/office/entries/TJ1/call"));
        for not in
            ["/office/password", "/office/sign-in", "/office/sign-out", "/outage-demo/steer", "//elsewhere/office/"]
        {
            assert!(!comes_back(not), "{not}");
        }
    }

    #[test]
    fn a_form_comes_out_of_a_sign_in_as_it_was_put_in() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = vec![pair("number", "TJ1"), pair("number", "TJ2"), pair("lines", "1\t2\r\n3")];
        let kept = Kept { action: "/office/registers/papers/bulk".into(), fields, ..Kept::default() };
        let typed: Vec<_> = [pair("login", "zhao")].into_iter().chain(kept.carried()).collect();
        let again = Kept::of(&typed).unwrap();
        assert_eq!((again.action, again.fields, again.has_files), (kept.action, kept.fields, false));
        assert!(Kept::of(&[pair(ACTION, "/office/sign-out")]).is_none());
    }
}
