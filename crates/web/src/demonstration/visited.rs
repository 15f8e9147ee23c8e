//! What visitors do in a demonstration (参观者): everybody is let into the office, and what somebody withdraws or publishes there is
//! no fault of the platform's. Only the city's own people come another way than by HTTP, so whatever a form or a message has done
//! was done by a visitor.

use crate::app::App;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use std::sync::atomic::Ordering;

/// Counts the forms of the office that were not refused; the national endpoint counts its messages by itself.
pub(crate) async fn counted(State(app): State<App>, request: Request, next: Next) -> Response {
    let may_change = request.method() == Method::POST && may_change(request.uri().path());
    let response = next.run(request).await;
    if may_change && is_done(response.status()) {
        app.visited.fetch_add(1, Ordering::Relaxed);
    }
    response
}

/// Whether a form at this address may change anything in the books: a search, and a sign-in, do not.
fn may_change(path: &str) -> bool {
    let Some(office) = path.strip_prefix("/office/") else { return false };
    let is_search = office.strip_prefix("registers/").is_some_and(|kind| !kind.contains('/'));
    !is_search && !["sign-in", "sign-out", "password"].contains(&office)
}

fn is_done(status: StatusCode) -> bool {
    status.is_success() || status.is_redirection()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_the_books_counts_and_what_only_looks_does_not() {
        for path in [
            "/office/plans",
            "/office/backfill",
            "/office/entries/XH-1/withdraw",
            "/office/registers/cash_visit/new",
            "/office/registers/cash_visit/bulk",
        ] {
            assert!(may_change(path), "{path}");
        }
        for path in ["/office/registers/cash_visit", "/office/sign-in", "/office/sign-out", "/outage-demo/steer", "/"] {
            assert!(!may_change(path), "{path}");
        }
        assert!(is_done(StatusCode::OK) && is_done(StatusCode::SEE_OTHER));
        assert!(!is_done(StatusCode::UNPROCESSABLE_ENTITY) && !is_done(StatusCode::FORBIDDEN));
    }
}
