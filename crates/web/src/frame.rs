//! What stands around every page, and how a page becomes a response.
//!
//! Invariant: every page tells the platform's time, and says so where that is a rehearsal (演练).

use crate::app::{App, Clock};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::civil::DateTime;
use yibao_domain::time::moment_text;

/// What stands around every page.
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    /// The platform's time.
    pub(crate) now: String,
    /// Said above everything where the time is not the real one.
    pub(crate) rehearsal: Option<Rehearsal>,
    /// Whether a made-up city is played behind the pages.
    pub(crate) is_demonstration: bool,
}

/// A rehearsal: when its clock was started, and what time it really is.
#[derive(Clone, Debug)]
pub(crate) struct Rehearsal {
    pub(crate) started: String,
    pub(crate) real: String,
}

impl Frame {
    pub(crate) fn of(clock: &dyn Clock) -> Frame {
        Frame::at(clock.now(), clock.rehearsal().map(|started| (started, clock.real_now())))
    }

    pub(crate) fn at(now: DateTime, rehearsal: Option<(DateTime, DateTime)>) -> Frame {
        let rehearsal =
            rehearsal.map(|(started, real)| Rehearsal { started: moment_text(started), real: moment_text(real) });
        Frame { now: moment_text(now), rehearsal, is_demonstration: false }
    }
}

impl App {
    pub(crate) fn frame(&self) -> Frame {
        Frame { is_demonstration: self.demonstration.is_some(), ..Frame::of(self.clock.as_ref()) }
    }
}

/// A page that does not exist (404).
#[derive(Template)]
#[template(path = "missing.html")]
pub(crate) struct Missing {
    pub(crate) frame: Frame,
}

/// The page for an address that leads nowhere.
pub(crate) fn missing(app: &App) -> Response {
    (StatusCode::NOT_FOUND, shown(&Missing { frame: app.frame() })).into_response()
}

/// A page as the answer; one that cannot be written is a fault of ours.
pub(crate) fn shown(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(error) => {
            tracing::error!(%error, "page not rendered");
            (StatusCode::INTERNAL_SERVER_ERROR, "页面出错，已记录，请稍后再试\n").into_response()
        }
    }
}
