//! Work that a page asks for, and what is answered where it was not done.

use crate::app::App;
use crate::frame::{Frame, missing, shown};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use yibao_domain::refusal::Code;
use yibao_engine::desks::registers::NotDone;
use yibao_engine::{Fault, Stop};

/// What kept a page from being shown.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// Not signed in.
    SignIn,
    /// Not sent from one of our pages, or from one that is out of date.
    Stale,
    /// There is no such thing, or it is not this user's.
    Missing,
    /// Refused, in the operator's words.
    Refused(String),
    /// Ours.
    Fault(String),
    /// Too much at once.
    Busy,
}

impl From<Stop> for Trouble {
    fn from(stop: Stop) -> Trouble {
        match stop {
            Stop::Refused(refusal) => Trouble::Refused(refusal.to_string()),
            Stop::Fault(fault) => Trouble::Fault(fault.chain()),
            Stop::Busy | Stop::Closing => Trouble::Busy,
        }
    }
}

impl From<NotDone> for Trouble {
    fn from(not_done: NotDone) -> Trouble {
        match not_done {
            // Whether another's entry exists is not told.
            NotDone::Refused(refusal) if refusal.code == Code::NotFound => Trouble::Missing,
            NotDone::Fault(fault) => fault.into(),
            NotDone::Busy | NotDone::Closing => Trouble::Busy,
            other => Trouble::Refused(other.to_string()),
        }
    }
}

impl From<Fault> for Trouble {
    fn from(fault: Fault) -> Trouble {
        Trouble::Fault(fault.chain())
    }
}

/// A page that says what went wrong.
#[derive(Template)]
#[template(path = "office/trouble.html")]
struct TroublePage {
    frame: Frame,
    title: &'static str,
    text: String,
}

impl Trouble {
    /// The answer; a fault is logged here, once.
    pub(crate) fn answer(self, app: &App) -> Response {
        let (status, title, text) = match self {
            Trouble::SignIn => return Redirect::to("/office/sign-in").into_response(),
            Trouble::Missing => return missing(app),
            Trouble::Stale => {
                let text = "这一页已过期，或不是从本平台的页面提交的。请返回上一页，刷新后再提交；所填内容没有保存。";
                (StatusCode::FORBIDDEN, "没有受理", text.to_owned())
            }
            Trouble::Refused(text) => (StatusCode::UNPROCESSABLE_ENTITY, "没有受理", text),
            Trouble::Busy => (StatusCode::SERVICE_UNAVAILABLE, "平台正忙", "没有受理，请稍后再提交。".to_owned()),
            Trouble::Fault(fault) => {
                tracing::error!(%fault, "an office page was not answered");
                let text = "平台出错，已记录。没有改动任何内容，请稍后再试；仍不行请联系运维人员。";
                (StatusCode::INTERNAL_SERVER_ERROR, "平台出错", text.to_owned())
            }
        };
        (status, shown(&TroublePage { frame: app.frame(), title, text })).into_response()
    }
}

/// A page that comes back with what was refused says so with its status too; without a problem it is simply shown.
pub(super) fn shown_again(page: &impl Template, problem: &str) -> Response {
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, shown(page)).into_response()
}

/// Runs work that waits for the books, away from the threads that serve.
#[expect(clippy::disallowed_methods, reason = "a page waits aside; what it asks for is decided by the engine alone")]
pub(crate) async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let app = app.clone();
    let ended = tokio::task::spawn_blocking(move || work(&app)).await;
    ended.unwrap_or_else(|error| Err(Trouble::Fault(error.to_string())))
}
