//! The office's first page: what is due, what is late, and how long until something closes or reopens.

use super::{Chrome, Trouble, Visitor, blocking, shown as words};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use yibao_domain::outage::{Plan, RegisterKind, Reopens, moment_name};
use yibao_domain::register::{Bucket, field};
use yibao_engine::desks::registers::{ListFilter, ListRow};

/// The page.
#[derive(Template)]
#[template(path = "office/home.html")]
struct Home {
    frame: Frame,
    chrome: Chrome,
    plans: Vec<PlanView>,
    cards: Vec<Card>,
    /// The nearest deadlines.
    urgent: Vec<Urgent>,
    /// So many have a deadline in all.
    dated: usize,
}

/// A plan and its next change.
struct PlanView {
    title: String,
    class: &'static str,
    text: String,
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
            Ok(registers.list(&visitor.actor(), app.clock.now(), filter)?)
        }
    });
    match found.await {
        Ok(listing) => shown(&home(&app, &visitor, listing.rows)),
        Err(trouble) => trouble.answer(&app),
    }
}

fn home(app: &App, visitor: &Visitor, mut rows: Vec<ListRow>) -> Home {
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
        plans: plans.iter().filter(|plan| plan.pool == visitor.user.pool).map(|plan| PlanView::of(plan, now)).collect(),
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
            person: if is_agency { words::masked_name(name) } else { name.to_owned() },
            due: row.due.to_string(),
            is_overdue: row.overdue,
        }
    }
}

impl PlanView {
    fn of(plan: &Plan, now: DateTime) -> PlanView {
        let windows: Vec<_> = plan.rules.iter().filter_map(|rule| rule.window.as_ref()).chain([&plan.window]).collect();
        let closes = windows.iter().map(|window| window.closes).filter(|closes| now < *closes).min();
        let reopens = windows.iter().filter(|window| window.contains(now));
        let reopens = reopens.filter_map(|window| match window.reopens {
            Reopens::At(moment) => Some(moment),
            Reopens::Awaits { .. } | Reopens::Never => None,
        });
        let reopens = reopens.min();
        let is_closed = windows.iter().any(|window| window.contains(now));
        let (class, text) = match (is_closed, closes, reopens) {
            (true, _, Some(reopens)) => {
                ("closed", format!("停办中，最近一项{}恢复，还有{}", moment_name(reopens), span(now, reopens.at)))
            }
            (true, _, None) => ("closed", "停办中，恢复时间待定".to_owned()),
            (false, Some(closes), _) => {
                ("soon", format!("最近一项{}起停办，还有{}", moment_name(closes), span(now, closes.at)))
            }
            (false, None, _) if now < plan.ends => {
                ("open", format!("各项业务已恢复，补录和收尾到{}", moment_name(plan.ends)))
            }
            (false, None, _) => ("later", format!("已于{}收尾", moment_name(plan.ends))),
        };
        PlanView { title: plan.title.clone(), class, text }
    }
}

/// How long it is, in days and hours.
fn span(from: DateTime, to: DateTime) -> String {
    let minutes = to.duration_since(from).as_mins();
    match (minutes / 1440, minutes % 1440 / 60, minutes % 60) {
        (0, 0, minutes) => format!("{minutes}分钟"),
        (0, hours, minutes) => format!("{hours}小时{minutes}分钟"),
        (days, hours, _) => format!("{days}天{hours}小时"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[track_caller]
    fn check(now: DateTime, class: &str, part: &str) {
        let (_, text) = yibao_policy::plan::SHIPPED.iter().find(|(name, _)| name.contains("panzhihua")).unwrap();
        let view = PlanView::of(&yibao_policy::plan::read(text).unwrap(), now);
        assert!(view.class == class && view.text.contains(part), "{now}: {} {}", view.class, view.text);
    }

    #[test]
    fn the_countdown_names_the_next_closing_then_the_next_reopening_then_the_end() {
        check(date(2020, 9, 10).at(15, 30, 0, 0), "soon", "还有1小时30分钟");
        check(date(2020, 9, 17).at(8, 0, 0, 0), "closed", "还有1天0小时");
        check(date(2020, 9, 21).at(8, 0, 0, 0), "open", "各项业务已恢复");
        check(date(2021, 9, 21).at(8, 0, 0, 0), "later", "收尾");
    }
}
