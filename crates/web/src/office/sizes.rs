//! How far the registers are, as both boards print it: a plan's sizes by business, register and provider.

use jiff::civil::DateTime;
use std::sync::{Arc, Mutex};
use yibao_domain::outage::moment_name;
use yibao_domain::register::State as EntryState;
use yibao_engine::desks::registers::{AtProvider, Board, BusinessLine, InvariantLine, Sizes};

/// One plan's board.
pub(crate) struct BoardView {
    pub title: String,
    pub closes: bool,
    pub adds_up: bool,
    pub total: Line,
    pub businesses: Vec<(BusinessView, Line)>,
    pub registers: Vec<(&'static str, &'static str, Line)>,
    pub providers: Vec<(String, String, String, Line)>,
    /// What has to be zero at an instant.
    pub instants: Vec<InstantView>,
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

/// What has to be zero at an instant: red where it is not.
pub(crate) struct InstantView {
    pub at: String,
    pub has_come: bool,
    pub total: u64,
    pub still: u64,
    /// What is counted, and how many there are.
    pub counts: Vec<(&'static str, u64)>,
    /// Where: the provider's name or code, how many, how many still.
    pub providers: Vec<(String, u64, u64)>,
    pub advice: String,
}

impl InstantView {
    fn of(line: &InvariantLine) -> InstantView {
        let named = |there: &AtProvider| match there.name.as_str() {
            "" => there.fixmedins_code.clone(),
            name => format!("{name}（{}）", there.fixmedins_code),
        };
        InstantView {
            at: moment_name(line.at),
            has_come: line.has_come,
            total: line.total(),
            still: line.still(),
            counts: line.counts.iter().map(|(counted, count, _)| (counted.name(), *count)).collect(),
            providers: line.providers.iter().map(|there| (named(there), there.count, there.still)).collect(),
            advice: line.advice.clone(),
        }
    }
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
            next_due: sizes.next_due.map_or_else(String::new, moment_name),
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
            let is_closed_for_some = line.apart.iter().any(|apart| apart.closed);
            let (word, class) = match (line.closed, line.next) {
                (true, _) => ("停办中", "closed"),
                (false, _) if is_closed_for_some => ("部分停办", "closed"),
                (false, Some(_)) => ("将停办", "soon"),
                (false, None) if !line.apart.is_empty() => ("部分将停办", "soon"),
                (false, None) => ("可办理", "open"),
            };
            let own = change(line.closed, line.next);
            let apart = line.apart.iter().map(|apart| format!("{}{}", apart.whom, change(apart.closed, apart.next)));
            let next = Some(own).filter(|own| !own.is_empty()).into_iter().chain(apart).collect::<Vec<_>>().join("；");
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
            instants: board.invariants.iter().map(InstantView::of).collect(),
            posted: (notices.iter().filter(|state| **state == EntryState::Done).count(), notices.len()),
        }
    }
}

/// What changes next, and when.
fn change(closed: bool, next: Option<DateTime>) -> String {
    match (closed, next) {
        (true, Some(next)) => format!("{}恢复", moment_name(next)),
        (true, None) => "恢复时间未定".to_owned(),
        (false, Some(next)) => format!("{}停办", moment_name(next)),
        (false, None) => String::new(),
    }
}

/// The public part as it was read last, and when: everybody may ask for it, so it is not read for everybody anew.
pub(crate) type LastSeen = Mutex<Option<(DateTime, Arc<Vec<BoardView>>)>>;
