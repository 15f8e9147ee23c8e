//! The cutover board (切换看板): each business now and next, the registers' sizes, what is due and late, the closing sum.
//!
//! The agency sees all of it, everybody a part without names on the public board. Numbers come from the engine in one
//! reading, so that parts and sums agree.

use super::form::said;
use super::sizes::BoardView;
use super::{Chrome, Trouble, Visitor, blocking};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::sync::{Arc, PoisonError};
use yibao_domain::outage::Plan;
use yibao_domain::register::NO_PLAN;
use yibao_engine::desks::registers::Actor;

/// The page.
#[derive(Template)]
#[template(path = "office/board.html")]
struct BoardPage {
    frame: Frame,
    chrome: Chrome,
    /// Every plan's id and title, to choose from, and whether it is the one shown.
    plans: Vec<(String, String, bool)>,
    boards: Vec<BoardView>,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let chosen = said(&query, "plan").to_owned();
    let known = app.platform.plans();
    let own = known.iter().filter(|plan| plan.pool == visitor.user.pool);
    let plans = own.map(|plan| (plan.id.clone(), plan.title.clone(), plan.id == chosen)).collect();
    let found = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            let (by, now, plans) = (visitor.actor(), app.clock.now(), app.platform.plans());
            let asked = |plan: &&Plan| chosen.is_empty() || plan.id == chosen;
            let own = plans.iter().filter(|plan| plan.pool == visitor.user.pool).filter(asked);
            let view = |plan: &str| Ok(BoardView::of(&registers.board(&by, now, plan)?));
            // Work that no plan governs has a board of its own.
            let is_ordinary = chosen.is_empty() && !app.platform.work().kinds.iter().all(|kind| kind.is_of_outage());
            let ordinary = is_ordinary.then_some(NO_PLAN);
            own.map(|plan| plan.id.as_str()).chain(ordinary).map(view).collect::<Result<Vec<_>, Trouble>>()
        }
    });
    match found.await {
        Ok(boards) => shown(&BoardPage { frame: app.frame(), chrome: visitor.chrome(), plans, boards }),
        Err(trouble) => trouble.answer(&app),
    }
}

/// How many seconds of the platform's time a reading serves.
const FRESH: i64 = 5;

/// What everybody may see of each plan's registers: sizes without names. Where the books cannot be read now it is left
/// out, for the public board itself must always be there.
pub(crate) async fn in_public(app: &App) -> Arc<Vec<BoardView>> {
    let (asked, seen) = (app.clock.now(), app.public_board.lock().unwrap_or_else(PoisonError::into_inner).clone());
    let is_fresh = |at: DateTime| at <= asked && asked < at.saturating_add(FRESH.seconds());
    if let Some((_, views)) = seen.filter(|(at, _)| is_fresh(*at)) {
        return views;
    }
    let read = blocking(app, |app| {
        let (by, now, plans) = (Actor::platform(), app.clock.now(), app.platform.plans());
        let mut views = Vec::new();
        for plan in plans.iter() {
            let Some(registers) = app.platform.registers(&plan.pool) else { continue };
            let board = registers.board(&by, now, &plan.id)?;
            if board.total.sum.taken_in > 0 {
                views.push(BoardView::of(&board));
            }
        }
        Ok(views)
    });
    let views = Arc::new(read.await.unwrap_or_else(|trouble| {
        tracing::warn!(?trouble, "the public board goes without the registers");
        Vec::new()
    }));
    *app.public_board.lock().unwrap_or_else(PoisonError::into_inner) = Some((app.clock.now(), views.clone()));
    views
}
