//! What was deposited (资料上传), by provider and day: departments, stock, settlement lists, clinical records.

use super::form::said;
use super::period::Period;
use super::{Chrome, Trouble, Visitor, blocking};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use yibao_domain::time::Date;
use yibao_engine::desks::deposits::DepositCount;
use yibao_interface::document_kinds;

/// Rows of a page.
const ROWS: usize = 200;
/// Days that a provider sees when it names none.
const DAYS: i64 = 7;

/// The counts of a period.
#[derive(Template)]
#[template(path = "office/deposits.html")]
struct DepositsPage {
    frame: Frame,
    chrome: Chrome,
    since: String,
    until: String,
    /// What is wrong with the days that were typed.
    problem: String,
    /// By kind, over the whole period.
    sums: Vec<Row>,
    rows: Vec<Row>,
    total: usize,
    skipped: usize,
    /// Where the next page begins; 0 on the last one.
    next: usize,
}

/// What was deposited of a kind: by a provider on a day, or by all in the period, and then both are empty.
struct Row {
    day: String,
    provider: String,
    kind: &'static str,
    /// Its word, by which its documents are listed.
    word: String,
    taken: i64,
    corrected: i64,
    withdrawn: i64,
    size: String,
}

pub(super) async fn show(
    State(app): State<App>,
    visitor: Visitor,
    Query(query): Query<Vec<(String, String)>>,
) -> Response {
    let today = app.clock.now().date();
    let skipped: usize = said(&query, "skip").parse().unwrap_or(0);
    let days = if visitor.is_agency() { 1 } else { DAYS };
    let asked = Period::of(&query);
    let (since, until) = latest(&asked, today, days);
    let found = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let counted = app.platform.deposit_counts(&visitor.user.pool, &visitor.actor(), since, until);
            Ok(counted.ok_or(Trouble::Missing)??)
        }
    });
    let counts = match found.await {
        Ok(counts) => counts,
        Err(trouble) => return trouble.answer(&app),
    };
    let total = counts.len();
    shown(&DepositsPage {
        frame: app.frame(),
        chrome: visitor.chrome(),
        since: since.to_string(),
        until: until.to_string(),
        problem: asked.problem,
        sums: sums(&counts),
        rows: counts.iter().skip(skipped).take(ROWS).map(|counted| Row::of_day(&app, &visitor, counted)).collect(),
        total,
        skipped,
        next: if skipped + ROWS < total { skipped + ROWS } else { 0 },
    })
}

/// What was asked for, by default the latest days.
fn latest(asked: &Period, today: Date, days: i64) -> (Date, Date) {
    let until = asked.until.unwrap_or(today);
    let usual = until.saturating_sub(jiff::Span::new().days(days - 1));
    (asked.since.unwrap_or(usual), until)
}

/// The sums of each kind, in the order of the table of kinds.
fn sums(counts: &[DepositCount]) -> Vec<Row> {
    let sum = |kind: &str| {
        let mut of_kind = counts.iter().filter(|one| one.kind == kind);
        let first = of_kind.next()?.clone();
        let whole = of_kind.fold(first, |sum, one| DepositCount {
            taken: sum.taken + one.taken,
            corrected: sum.corrected + one.corrected,
            withdrawn: sum.withdrawn + one.withdrawn,
            bytes: sum.bytes + one.bytes,
            ..sum
        });
        Some(Row::of(String::new(), String::new(), &whole))
    };
    document_kinds().iter().filter_map(|(kind, _)| sum(kind)).collect()
}

impl Row {
    fn of(day: String, provider: String, counted: &DepositCount) -> Row {
        let kind = document_kinds().iter().find(|(kind, _)| *kind == counted.kind);
        Row {
            day,
            provider,
            kind: kind.map_or("其他", |(_, name)| name.as_str()),
            word: counted.kind.clone(),
            taken: counted.taken,
            corrected: counted.corrected,
            withdrawn: counted.withdrawn,
            size: size(counted.bytes),
        }
    }

    fn of_day(app: &App, visitor: &Visitor, counted: &DepositCount) -> Row {
        let code = &counted.fixmedins_code;
        let provider = app.provider_name(code);
        Row::of(counted.day.to_string(), if visitor.is_agency() { provider } else { String::new() }, counted)
    }
}

/// Bytes as people read them.
fn size(bytes: i64) -> String {
    match bytes {
        small if small < 10_000 => format!("{small} 字节"),
        middle if middle < 10_000_000 => format!("{} KB", middle / 1_000),
        large => format!("{} MB", large / 1_000_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_period_that_is_open_is_of_the_latest_days() {
        let (first, last, today) = (date(2021, 7, 1), date(2021, 7, 2), date(2021, 7, 5));
        let asked = |since, until| Period { since, until, ..Period::default() };
        assert_eq!(latest(&asked(None, None), today, 7), (date(2021, 6, 29), today));
        assert_eq!(latest(&asked(Some(first), Some(last)), today, 7), (first, last));
        assert_eq!(latest(&asked(None, Some(last)), today, 2), (first, last));
        assert_eq!(latest(&asked(Some(first), None), today, 1), (first, today));
    }

    #[test]
    fn bytes_are_told_in_the_unit_that_people_read() {
        assert_eq!([9_999, 10_000, 12_345_678].map(size), ["9999 字节", "10 KB", "12 MB"]);
    }
}
