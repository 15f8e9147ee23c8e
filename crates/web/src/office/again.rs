//! A form that the platform was too busy, or not able, to answer with its own page (再提交一次): the answer carries what was sent.
//!
//! A page that can be shown again says itself why nothing was done. Where even that cannot be read, nothing is left but what came with
//! the request, which goes back to the browser whole and can be sent once more under the same number.

use super::kept::Kept;
use super::trouble::Bare;
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};

/// The page.
#[derive(Template)]
#[template(path = "office/again.html")]
struct AgainPage {
    frame: Frame,
    title: &'static str,
    text: String,
    kept: Kept,
}

/// An answer that shows no form, with the form that was sent; any other as it is.
pub(super) async fn with_form(app: &App, mut response: Response, sent: Request) -> Response {
    let Some(Bare { status, title, text }) = response.extensions_mut().remove::<Bare>() else { return response };
    let page = AgainPage { frame: app.frame(), title, text, kept: Kept::read(sent).await };
    (status, shown(&page)).into_response()
}
