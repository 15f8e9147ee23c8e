//! What was deposited (资料上传), by provider and day: departments, stock, settlement lists, clinical records.

use super::form::said;
use super::{Chrome, Trouble, Visitor, blocking};
use crate::app::App;
use crate::frame::{Frame, shown};
use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use yibao_domain::time::Date;
use yibao_domain::written::when;
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
    let (since, until, problem) = period(&query, today, days);
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
        problem,
        sums: sums(&counts),
        rows: counts.iter().skip(skipped).take(ROWS).map(|counted| Row::of_day(&app, &visitor, counted)).collect(),
        total,
        skipped,
        next: if skipped + ROWS < total { skipped + ROWS } else { 0 },
    })
}

/// The period that is asked for, by default the latest days; what is wrong with what was typed.
fn period(query: &[(String, String)], today: Date, days: i64) -> (Date, Date, String) {
    let usual = today.saturating_sub(jiff::Span::new().days(days - 1));
    let read = |name: &str, default: Date| match said(query, name) {
        "" => Ok(default),
        typed => when::day(typed),
    };
    match (read("since", usual), read("until", today)) {
        (Ok(since), Ok(until)) if since <= until => (since, until, String::new()),
        (Ok(_), Ok(_)) => (usual, today, "开始日期晚于结束日期；请改正其中之一".to_owned()),
        (Err(why), _) | (_, Err(why)) => (usual, today, format!("日期{why}；请写成 2021-07-01")),
    }
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
        let known = app.platform.provider_in_memory(code, app.clock.now());
        let provider = known.map_or_else(|| code.clone(), |known| known.fixmedins_name.clone());
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
    fn a_period_is_what_was_typed_or_the_latest_days_with_what_is_wrong() {
        let today = date(2021, 7, 5);
        let typed = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        assert_eq!(period(&[], today, 7), (date(2021, 6, 29), today, String::new()));
        let asked = period(&typed(&[("since", "2021-07-01"), ("until", "2021-07-02")]), today, 7);
        assert_eq!(asked, (date(2021, 7, 1), date(2021, 7, 2), String::new()));
        assert!(period(&typed(&[("since", "2021-07-09")]), today, 7).2.contains("晚于"));
        assert!(period(&typed(&[("since", "七月")]), today, 7).2.contains("2021-07-01"));
    }

    #[test]
    fn bytes_are_told_in_the_unit_that_people_read() {
        assert_eq!([9_999, 10_000, 12_345_678].map(size), ["9999 字节", "10 KB", "12 MB"]);
    }
}
