//! The office (办理台): pages behind a sign-in, for providers and for the agency.
//!
//! A page shows and takes in; the registers decide. Provider and agency use the same pages: what they see and may do is
//! decided by the engine from who they are, never by which address was typed. Invariant: nobody reads or changes
//! anything here without a sign-in, and nothing changes by a GET.

mod again;
mod backfill;
pub(crate) mod board;
mod calls;
mod chrome;
mod deposits;
mod documents;
mod entry;
mod export;
pub(crate) mod form;
pub(crate) mod guard;
mod home;
mod import;
mod kept;
mod lines;
mod list;
mod new;
mod onward;
mod period;
mod plans;
pub(crate) mod results;
mod shown;
mod sign_in;
pub(crate) mod sizes;
mod slip;
mod stays;
pub(crate) mod story;
mod trouble;
mod unread;
mod visitor;

use crate::app::App;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use chrome::Chrome;
use trouble::Said;
pub(crate) use trouble::{Trouble, blocking};
use visitor::Visitor;

/// The addresses of the office.
pub(crate) fn routes(app: &App) -> Router<App> {
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
        .route("/office/plans/replan", post(plans::replan::preview))
        .route("/office/plans/proposals", post(plans::replan::propose))
        .route("/office/plans/proposals/{proposal}", post(plans::replan::decide))
        .route("/office/plans/{id}", get(plans::text::show))
        .route("/office/plans/{id}/text", get(plans::text::file))
        .route("/office/calls", get(calls::show))
        .route("/office/stays", get(stays::show))
        .route("/office/deposits", get(deposits::show))
        .route("/office/deposits/{kind}", get(documents::show))
        .route("/office/registers/{kind}", get(list::show).post(list::search))
        .route("/office/registers/{kind}/bulk", post(list::bulk::act))
        .route("/office/registers/{kind}/new", get(new::show).post(new::submit))
        .route("/office/registers/{kind}/import", get(import::show).post(import::submit))
        .route("/office/registers/{kind}/{file}", get(export::file).post(export::searched))
        .route("/office/results/{id}", get(import::result))
        .route("/office/entries/{number}", get(entry::show))
        .route("/office/entries/{number}/slip", get(slip::show))
        .route("/office/entries/{number}/backfill", post(backfill::one))
        .route("/office/entries/{number}/lines", post(entry::put_lines))
        .route("/office/entries/{number}/{action}", post(entry::act))
        .route("/office/stories/{about}", get(story::show))
        .layer(from_fn_with_state(app.clone(), unread::said))
        .layer(from_fn_with_state(app.clone(), sign_in::hold))
        .layer(Extension(kept::Routes(routes)))
        .layer(DefaultBodyLimit::max(kept::BODY_MAX))
        .layer(from_fn(guard::same_site))
        .layer(from_fn(private))
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
