//! The pages (页面): the public board and the documentation, plain HTML that works without script.
//!
//! A page is a type that holds what it prints, and a template that only prints. What a page says comes
//! from the plans in force and the national tables, so that page and behaviour cannot differ.
//! Invariant: every page tells the platform's time, and says so where that is a rehearsal (演练).

mod board;
mod docs;
mod headline;
mod interface;
mod notice;
mod rules;
mod timeline;
mod try_out;

use crate::app::App;
use crate::frame::{missing, shown};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Form, Router};
use std::collections::BTreeMap;
use yibao_domain::code::Pool;
use yibao_domain::outage::Plan;
use yibao_engine::Platform;
use yibao_interface::Catalogue;

pub(crate) use board::{closings, division_name};
pub(crate) use headline::{main_of, question};
pub(crate) use interface::business_called;
pub(crate) use notice::Group;
pub use notice::notice;
pub(crate) use timeline::Timeline;

/// The addresses of all pages.
pub(crate) fn routes() -> Router<App> {
    Router::new()
        .route("/", get(public_board))
        .route("/style.css", get(style))
        .route("/script.js", get(script))
        .route("/plans/{id}/notice", get(public_notice))
        .route("/docs", get(|State(app): State<App>| async move { shown(&docs::Index::of(app.frame())) }))
        .route("/docs/errors", get(|State(app): State<App>| async move { shown(&docs::Errors::of(app.frame())) }))
        .route("/docs/rules", get(rule_pools))
        .route("/docs/rules/{pool}", get(pool_rules))
        .route("/docs/interface", get(transactions))
        .route("/docs/try", get(try_form).post(tried).layer(DefaultBodyLimit::max(4 * try_out::BYTES_MAX)))
        .route("/docs/interface/{infno}", get(transaction))
        .route("/docs/interface/codes", get(code_tables))
        .route("/docs/interface/codes/{table}", get(code_table))
}

async fn public_board(State(app): State<App>) -> Response {
    let registers = crate::office::board::in_public(&app).await;
    shown(&board::Board::of(app.frame(), &app.platform.plans(), app.clock.now()).with_registers(registers))
}

/// The notice of a plan in force, of the pool that is named where several have one of this id.
async fn public_notice(
    State(app): State<App>,
    Path(id): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    let is_meant = |plan: &&Plan| plan.id == id && asked.get("pool").is_none_or(|pool| plan.pool.as_str() == pool);
    match app.platform.plans().iter().find(is_meant) {
        Some(plan) => shown(&notice::NoticePage::of(app.frame(), plan, app.platform.calendar())),
        None => missing(&app),
    }
}

async fn rule_pools(State(app): State<App>) -> Response {
    shown(&rules::RulePools::of(app.frame(), app.platform.rules(), app.clock.now().date(), None))
}

async fn pool_rules(
    State(app): State<App>,
    Path(code): Path<String>,
    Query(asked): Query<BTreeMap<String, String>>,
) -> Response {
    let (book, today) = (app.platform.rules(), app.clock.now().date());
    match book.pool(&Pool::new(code.as_str())) {
        Some(info) => {
            let day = asked.get("day").map_or("", String::as_str);
            let page = rules::PoolRules::of(app.frame(), book, info, day, today);
            let status = if page.is_wrong() { StatusCode::BAD_REQUEST } else { StatusCode::OK };
            (status, shown(&page)).into_response()
        }
        None => {
            let page = rules::RulePools::of(app.frame(), book, today, Some(code));
            (StatusCode::NOT_FOUND, shown(&page)).into_response()
        }
    }
}

async fn transactions(State(app): State<App>) -> Response {
    shown(&interface::Transactions::of(app.frame(), Platform::service))
}

async fn transaction(State(app): State<App>, Path(infno): Path<String>) -> Response {
    match Catalogue::national().transaction(&infno) {
        Some(found) => shown(&interface::TransactionPage::of(app.frame(), found, Platform::service(&found.infno))),
        None => missing(&app),
    }
}

async fn try_form(State(app): State<App>, Query(asked): Query<BTreeMap<String, String>>) -> Response {
    shown(&try_out::TryOut::sample(app.frame(), asked.get("infno").map_or("", String::as_str)))
}

/// Nothing of what was typed is kept, here or in the browser's store.
async fn tried(State(app): State<App>, Form(typed): Form<BTreeMap<String, String>>) -> Response {
    let mut response = shown(&try_out::TryOut::of(app.frame(), &typed));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn code_tables(State(app): State<App>) -> Response {
    shown(&interface::CodeTables::of(app.frame()))
}

async fn code_table(State(app): State<App>, Path(table): Path<String>) -> Response {
    match Catalogue::national().codes(&table) {
        Some(table) => shown(&interface::CodeTablePage { frame: app.frame(), table }),
        None => missing(&app),
    }
}

async fn style() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("../templates/style.css"))
}

async fn script() -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, "text/javascript; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (headers, include_str!("../templates/script.js"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::{Frame, Missing};
    use askama::Template;
    use jiff::civil::{DateTime, date};

    /// The one script, which no page needs.
    const SCRIPT: &str = "<script src=\"/script.js\" defer></script>";

    pub(super) fn frame() -> Frame {
        Frame::at(date(2026, 3, 2).at(9, 30, 0, 0), None)
    }

    pub(super) fn rehearsal(now: DateTime) -> Frame {
        Frame::at(now, Some((date(2021, 7, 9).at(19, 55, 0, 0), date(2026, 3, 2).at(9, 30, 0, 0))))
    }

    fn all() -> Vec<(String, String)> {
        fn rendered<T: Template>(name: &str, pages: Vec<T>) -> Vec<(String, String)> {
            let texts = pages.iter().map(|page| page.render().unwrap()).enumerate();
            texts.map(|(at, text)| (format!("{name}-{at}"), text)).collect()
        }
        [
            rendered("board", board::Board::samples()),
            rendered("notice", notice::NoticePage::samples()),
            rendered("index", docs::Index::samples()),
            rendered("errors", docs::Errors::samples()),
            rendered("rules", rules::RulePools::samples()),
            rendered("rules-of", rules::PoolRules::samples()),
            rendered("transactions", interface::Transactions::samples()),
            rendered("transaction", interface::TransactionPage::samples()),
            rendered("code-tables", interface::CodeTables::samples()),
            rendered("try", try_out::TryOut::samples()),
            rendered("code-table", interface::CodeTablePage::samples()),
            rendered("missing", vec![Missing { frame: frame() }]),
        ]
        .concat()
    }

    /// `YIBAO_PAGES=folder cargo test -p yibao-web samples` keeps the pages for a look in a browser.
    #[test]
    fn all_samples_render_whole_and_name_the_platform_time() {
        let folder = std::env::var_os("YIBAO_PAGES").map(std::path::PathBuf::from);
        for (name, text) in all() {
            assert!(text.starts_with("<!doctype html>"), "{name}");
            assert!(text.trim_end().ends_with("</html>"), "{name}");
            assert!(text.contains("平台时间"), "{name}");
            assert!(!text.replace(SCRIPT, "").contains("<script"), "{name}");
            if let Some(folder) = &folder {
                std::fs::write(folder.join(format!("{name}.html")), text).unwrap();
            }
        }
        if let Some(folder) = &folder {
            std::fs::write(folder.join("style.css"), include_str!("../templates/style.css")).unwrap();
        }
    }

    #[test]
    fn a_rehearsal_is_said_on_the_page() {
        let page = Missing { frame: rehearsal(date(2021, 7, 9).at(20, 0, 0, 0)) };
        let text = page.render().unwrap();
        assert!(text.contains("演练") && text.contains("2021-07-09 19:55:00") && text.contains("2026-03-02 09:30:00"));
        assert!(!Missing { frame: frame() }.render().unwrap().contains("演练"));
    }
}
