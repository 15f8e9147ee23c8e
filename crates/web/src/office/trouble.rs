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
            Stop::Refused(refusal) => Trouble::Refused(yibao_interface::spoken(&refusal.text)),
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

/// Marks an answer that says only that the platform is busy or at fault, and shows no form: whatever was sent has to come back with it
/// (`again`).
#[derive(Clone)]
pub(super) struct Bare {
    pub status: StatusCode,
    pub title: &'static str,
    pub text: String,
}

impl Trouble {
    /// The answer; a fault is logged here, once.
    pub(crate) fn answer(self, app: &App) -> Response {
        let title = match self {
            Trouble::Busy => "平台正忙",
            Trouble::Fault(_) => "平台出错",
            _ => "没有受理",
        };
        let Said { status, text } = match self {
            Trouble::SignIn => return Redirect::to("/office/sign-in").into_response(),
            Trouble::Missing => return missing(app),
            Trouble::Stale => {
                let text =
                    "这一页已过期，或不是从本平台的页面提交的。请从办理台重新打开这一页再填写；所填内容没有保存。";
                Said { status: StatusCode::FORBIDDEN, text: text.to_owned() }
            }
            other => match other.said() {
                Ok(said) => said,
                Err(trouble) => return trouble.answer(app),
            },
        };
        let page = TroublePage { frame: app.frame(), title, text: text.clone() };
        let mut response = (status, shown(&page)).into_response();
        if status.is_server_error() {
            response.extensions_mut().insert(Bare { status, title, text });
        }
        response
    }

    /// What a form that comes back filled says of why it was not done; a fault is logged here, once. The trouble itself where there
    /// is nothing to show the form to, or on.
    pub(super) fn said(self) -> Result<Said, Trouble> {
        match self {
            Trouble::SignIn | Trouble::Stale | Trouble::Missing => Err(self),
            Trouble::Refused(text) => Ok(Said { status: StatusCode::UNPROCESSABLE_ENTITY, text }),
            Trouble::Busy => {
                let text = "平台正忙，没有办理，请稍后再提交".to_owned();
                Ok(Said { status: StatusCode::SERVICE_UNAVAILABLE, text })
            }
            Trouble::Fault(fault) => {
                tracing::error!(%fault, "an office page was not answered");
                let text = "平台出错，已记录。没有改动任何内容，请稍后再试；仍不行请联系运维人员".to_owned();
                Ok(Said { status: StatusCode::INTERNAL_SERVER_ERROR, text })
            }
        }
    }
}

/// Why something was not done, to be said on the page that it was asked for on.
#[derive(Clone, Default)]
pub(super) struct Said {
    pub status: StatusCode,
    pub text: String,
}

impl Said {
    /// Refused by what was typed.
    pub(super) fn refused(text: impl Into<String>) -> Said {
        Said { status: StatusCode::UNPROCESSABLE_ENTITY, text: text.into() }
    }
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
