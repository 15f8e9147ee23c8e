//! The office's first page: what waits for whom, what is due and late, and how long until the next business of one's own closes
//! or reopens.

mod mine;

use super::{Chrome, Trouble, Visitor, blocking, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use mine::PlanView;
use std::collections::BTreeMap;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Bucket, disposition_kept, field};
use yibao_engine::desks::registers::{ListFilter, ListRow};

/// The page.
#[derive(Template)]
#[template(path = "office/home.html")]
struct Home {
    frame: Frame,
    chrome: Chrome,
    plans: Vec<PlanView>,
    /// What waits, step by step.
    todo: Vec<Todo>,
    cards: Vec<Card>,
    /// The nearest deadlines.
    urgent: Vec<Urgent>,
    /// So many have a deadline in all.
    dated: usize,
}

/// A step that entries wait for.
struct Todo {
    step: &'static str,
    /// The register; empty where it is several.
    register: &'static str,
    count: u64,
    overdue: u64,
    list: String,
}

/// A register with its counts.
struct Card {
    kind: RegisterKind,
    waiting: u64,
    overdue: u64,
}

/// An entry whose deadline is near or over.
struct Urgent {
    number: String,
    register: &'static str,
    /// Whom or what it is about.
    person: String,
    due: String,
    is_overdue: bool,
}

/// How many of the nearest deadlines are shown.
const URGENT_MAX: usize = 10;

pub(super) async fn show(State(app): State<App>, visitor: Visitor) -> Response {
    let found = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            let filter = ListFilter { bucket: Some(Bucket::Waiting), rows: usize::MAX, ..ListFilter::default() };
            let (by, now) = (visitor.actor(), app.clock.now());
            let rows = registers.list(&by, now, filter)?.rows;
            let (calls, refunds) = (registers.calls(&by, now)?, registers.to_hand_back(&by)?);
            let provider = app.platform.provider(&by.fixmedins_code, now)?;
            let todo = todo(app, &visitor, &rows, &calls, &refunds);
            let at = provider.map(|provider| mine::At {
                code: provider.fixmedins_code.clone(),
                county: provider.admdvs.clone(),
                kind: provider.fixmedins_type.clone(),
                records: app.platform.records_of(&provider),
            });
            Ok((rows, todo, mine::Whose::of(&visitor, at)))
        }
    });
    match found.await {
        Ok((rows, todo, whose)) => shown(&home(&app, &visitor, rows, todo, &whose)),
        Err(trouble) => trouble.answer(&app),
    }
}

/// What waits for a step, in the order of the registers, then who is to be called, then what the backfill does.
fn todo(
    app: &App,
    visitor: &Visitor,
    rows: &[ListRow],
    calls: &[ListRow],
    refunds: &BTreeMap<RegisterKind, u64>,
) -> Vec<Todo> {
    let (work, role) = (app.platform.work(), visitor.user.role);
    let plans = app.platform.plans();
    let mut counts: BTreeMap<(RegisterKind, Action), (u64, u64)> = BTreeMap::new();
    for row in rows {
        if let Some(action) = work.next_step(&row.entry, role) {
            let count = counts.entry((row.entry.kind, action)).or_default();
            count.0 += 1;
            count.1 += u64::from(row.overdue);
        }
    }
    counts.extend(refunds.iter().map(|(kind, count)| ((*kind, Action::HandBack), (*count, 0))));
    let list = |kind: RegisterKind, action: Action| format!("/office/registers/{}?step={}", kind.word(), action.word());
    let of_kind = |kind: &RegisterKind| {
        let own = counts.iter().filter(|((of, action), _)| of == kind && *action != Action::Settle);
        let line = |((kind, action), (count, overdue)): (&(RegisterKind, Action), &(u64, u64))| Todo {
            step: work.action_said(disposition_kept(&plans, *kind), *kind, *action),
            register: work.said(disposition_kept(&plans, *kind), *kind, kind.word(), kind.name()),
            count: *count,
            overdue: *overdue,
            list: list(*kind, *action),
        };
        own.map(line).collect::<Vec<_>>()
    };
    let mut todo: Vec<Todo> = work.kinds.iter().flat_map(of_kind).collect();
    let late = |rows: &[ListRow]| rows.iter().filter(|row| row.overdue).count() as u64;
    let (call, overdue) = (Action::Call.name(), late(calls));
    let count = calls.len() as u64;
    todo.push(Todo { step: call, register: "", count, overdue, list: "/office/calls".to_owned() });
    let settled = counts.iter().filter(|((_, action), _)| *action == Action::Settle);
    let (count, overdue) = settled.fold((0, 0), |sum, (_, count)| (sum.0 + count.0, sum.1 + count.1));
    let list = "/office/backfill".to_owned();
    todo.push(Todo { step: Action::Settle.name(), register: "", count, overdue, list });
    todo.retain(|line| line.count > 0);
    todo
}

fn home(app: &App, visitor: &Visitor, mut rows: Vec<ListRow>, todo: Vec<Todo>, whose: &mine::Whose) -> Home {
    let now = app.clock.now();
    let mut counts: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in &rows {
        let count = counts.entry(row.entry.kind.word()).or_default();
        count.0 += 1;
        count.1 += u64::from(row.overdue);
    }
    let card = |kind: &RegisterKind| {
        let (waiting, overdue) = counts.get(kind.word()).copied().unwrap_or_default();
        Card { kind: *kind, waiting, overdue }
    };
    rows.retain(|row| row.due.moment().is_some());
    rows.sort_by_key(|row| row.due.moment());
    let dated = rows.len();
    rows.truncate(URGENT_MAX);
    let plans = app.platform.plans();
    Home {
        frame: app.frame(),
        chrome: visitor.chrome(),
        plans: plans
            .iter()
            .filter(|plan| plan.pool == visitor.user.pool)
            .map(|plan| PlanView::of(plan, whose, now))
            .collect(),
        todo,
        cards: app.platform.work().kinds.iter().map(card).collect(),
        dated,
        urgent: rows.iter().map(|row| Urgent::of(row, visitor.is_agency())).collect(),
    }
}

impl Urgent {
    fn of(row: &ListRow, is_agency: bool) -> Urgent {
        let name = field::PSN_NAME.of(&row.entry);
        Urgent {
            number: row.entry.number.clone(),
            register: row.entry.kind.name(),
            person: match field::SUBJECT.of(&row.entry) {
                "" if is_agency => words::masked_name(name),
                "" => name.to_owned(),
                subject => subject.to_owned(),
            },
            due: row.due.to_string(),
            is_overdue: row.overdue,
        }
    }
}
