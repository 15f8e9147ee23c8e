//! The cutover board (切换看板): each business now and next, the registers' sizes, what is due and late, the closing sum.
//!
//! The agency sees all of it, everybody a part without names on the public board. Numbers come from the engine in one
//! reading, so that parts and sums agree.

use super::form::said;
use super::{Desk, Trouble, Visitor, blocking, shown as words};
use crate::app::App;
use crate::pages::{Frame, shown};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::outage::{Plan, moment_name};
use yibao_domain::register::{NO_PLAN, State as EntryState};
use yibao_engine::desks::registers::{Actor, Board, BusinessLine, Sizes};

/// The page.
#[derive(Template)]
#[template(path = "office/board.html")]
struct BoardPage {
    frame: Frame,
    desk: Desk,
    /// Every plan's id and title, to choose from, and whether it is the one shown.
    plans: Vec<(String, String, bool)>,
    boards: Vec<BoardView>,
}

/// One plan's board.
pub(crate) struct BoardView {
    pub title: String,
    pub closes: bool,
    pub adds_up: bool,
    pub total: Line,
    pub businesses: Vec<(BusinessView, Line)>,
    pub registers: Vec<(&'static str, &'static str, Line)>,
    pub providers: Vec<(String, String, String, Line)>,
    /// Posted and all: how far the publicity is (B-24).
    pub posted: (usize, usize),
}

/// A business now and next.
pub(crate) struct BusinessView {
    pub name: String,
    pub word: &'static str,
    pub class: &'static str,
    pub next: String,
}

/// The figures of one line.
pub(crate) struct Line {
    pub taken_in: u64,
    pub settled: u64,
    pub reimbursed: u64,
    pub refused: u64,
    pub withdrawn: u64,
    pub waiting: u64,
    pub outside: u64,
    pub awaiting_order: u64,
    pub due: u64,
    pub overdue: u64,
    pub next_due: String,
    pub charged: String,
    pub refunded: String,
    pub to_hand_back: u64,
    pub to_hand_back_sum: String,
}

impl Line {
    fn of(sizes: &Sizes) -> Line {
        let sum = sizes.sum;
        Line {
            taken_in: sum.taken_in,
            settled: sum.settled,
            reimbursed: sum.reimbursed,
            refused: sum.refused,
            withdrawn: sum.withdrawn,
            waiting: sum.waiting,
            outside: sum.outside,
            awaiting_order: sum.awaiting_order,
            due: sizes.due,
            overdue: sizes.overdue,
            next_due: sizes.next_due.map_or_else(String::new, words::minute),
            charged: sizes.charged.to_string(),
            refunded: sizes.refunded.to_string(),
            to_hand_back: sizes.to_hand_back,
            to_hand_back_sum: sizes.to_hand_back_sum.to_string(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.taken_in == 0 && self.outside == 0
    }
}

impl BoardView {
    pub(crate) fn of(board: &Board) -> BoardView {
        let notices: Vec<EntryState> = board.providers.iter().filter_map(|line| line.notice).collect();
        let business = |line: &BusinessLine| {
            let (word, class) = match (line.closed, line.next) {
                (true, _) => ("停办中", "closed"),
                (false, Some(_)) => ("将停办", "soon"),
                (false, None) => ("可办理", "open"),
            };
            let next = match (line.closed, line.next) {
                (true, Some(next)) => format!("{}恢复", moment_name(next)),
                (true, None) => "恢复时间未定".to_owned(),
                (false, Some(next)) => format!("{}停办", moment_name(next)),
                (false, None) => String::new(),
            };
            (BusinessView { name: line.name.clone(), word, class, next }, Line::of(&line.sizes))
        };
        let notice = |state: Option<EntryState>| match state {
            Some(EntryState::Done) => "已张贴".to_owned(),
            Some(_) => "未确认".to_owned(),
            None => String::new(),
        };
        BoardView {
            title: board.title.clone(),
            closes: board.total.sum.closes(),
            adds_up: board.total.sum.adds_up(),
            total: Line::of(&board.total),
            businesses: board.businesses.iter().map(business).collect(),
            registers: board
                .registers
                .iter()
                .map(|(kind, sizes)| (kind.word(), kind.name(), Line::of(sizes)))
                .collect(),
            providers: board
                .providers
                .iter()
                .map(|line| {
                    (line.fixmedins_code.clone(), line.name.clone(), notice(line.notice), Line::of(&line.sizes))
                })
                .collect(),
            posted: (notices.iter().filter(|state| **state == EntryState::Done).count(), notices.len()),
        }
    }
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
        Ok(boards) => shown(&BoardPage { frame: app.frame(), desk: visitor.desk(), plans, boards }),
        Err(trouble) => trouble.answer(&app),
    }
}

/// The public part as it was read last, and when: everybody may ask for it, so it is not read for everybody anew.
pub(crate) type LastSeen = Mutex<Option<(DateTime, Arc<Vec<BoardView>>)>>;

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
