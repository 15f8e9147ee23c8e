//! The office (办理台): pages behind a sign-in, for providers and for the agency.
//!
//! A page shows and takes in; the registers decide. Provider and agency use the same pages: what they see and may do is
//! decided by the engine from who they are, never by which address was typed. Invariant: nobody reads or changes
//! anything here without a sign-in, and nothing changes by a GET.

mod backfill;
pub(crate) mod board;
mod calls;
mod entry;
mod export;
mod form;
mod guard;
mod home;
mod import;
mod lines;
mod list;
mod new;
mod plans;
mod shown;
mod sign_in;
mod visitor;

use crate::app::App;
use crate::pages::{Frame, shown};
use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
pub(crate) use import::Results;
use visitor::Visitor;
use yibao_domain::refusal::Code;
use yibao_engine::desks::registers::NotDone;
use yibao_engine::{Fault, Stop};

/// Two files of 10 MB and a form around them.
const BODY_MAX: usize = 21 * 1024 * 1024;

/// The addresses of the office.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/office/sign-in", get(sign_in::show).post(sign_in::submit))
        .route("/office/sign-out", post(sign_in::leave))
        .route("/office/password", get(sign_in::show_password).post(sign_in::change_password))
        .route("/office", get(home::show))
        .route("/office/backfill", get(backfill::show).post(backfill::start))
        .route("/office/backfill/correct", post(backfill::correct))
        .route("/office/board", get(board::show))
        .route("/office/plans", get(plans::show).post(plans::publish))
        .route("/office/plans/events", post(plans::enter))
        .route("/office/plans/stop", post(plans::declare))
        .route("/office/calls", get(calls::show))
        .route("/office/registers/{kind}", get(list::show).post(list::search))
        .route("/office/registers/{kind}/bulk", post(list::act_on_many))
        .route("/office/registers/{kind}/new", get(new::show).post(new::submit))
        .route("/office/registers/{kind}/import", get(import::show).post(import::submit))
        .route("/office/registers/{kind}/{file}", get(export::file))
        .route("/office/results/{id}", get(import::result))
        .route("/office/entries/{number}", get(entry::show))
        .route("/office/entries/{number}/slip", get(entry::slip))
        .route("/office/entries/{number}/backfill", post(backfill::one))
        .route("/office/entries/{number}/lines", post(entry::put_lines))
        .route("/office/entries/{number}/{action}", post(entry::act))
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(from_fn(guard::same_site))
        .layer(from_fn(private))
}

/// What stands around every page of the office.
#[derive(Clone, Debug)]
struct Desk {
    /// The user's name.
    name: String,
    /// The provider's name, or the agency.
    place: String,
    /// The pool's name.
    pool: String,
    is_agency: bool,
    /// Stands in every form.
    token: String,
    /// Stands in the forms of this page: what is sent with it twice counts once.
    submission: String,
}

/// What kept a page from being shown.
#[derive(Debug)]
enum Trouble {
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
    fn answer(self, app: &App) -> Response {
        let (status, title, text) = match self {
            Trouble::SignIn => return Redirect::to("/office/sign-in").into_response(),
            Trouble::Missing => return crate::pages::missing(app),
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
fn shown_again(page: &impl Template, problem: &str) -> Response {
    let status = if problem.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    (status, shown(page)).into_response()
}

/// Runs work that waits for the books, away from the threads that serve.
async fn blocking<T: Send + 'static>(
    app: &App,
    work: impl FnOnce(&App) -> Result<T, Trouble> + Send + 'static,
) -> Result<T, Trouble> {
    let app = app.clone();
    let ended = tokio::task::spawn_blocking(move || work(&app)).await;
    ended.unwrap_or_else(|error| Err(Trouble::Fault(error.to_string())))
}

/// What an office page shows is kept by nobody on the way and told to no other site.
async fn private(request: axum::extract::Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}
