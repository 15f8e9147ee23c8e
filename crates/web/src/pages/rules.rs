//! The rules page (待遇标准): every figure in force in a pool on a day, as settlements use it, with its source.
//!
//! A figure that is only an illustration (示意) is marked wherever it stands. A day or pool that cannot be shown is
//! answered with what was typed, what is wrong with it, and what can be asked for instead.

use crate::frame::Frame;
use askama::Template;
use jiff::civil::Date;
use yibao_domain::code::{Pool, Scheme};
use yibao_policy::rules::{FigureInForce, PoolInfo, RuleBook, Shown};

/// All pools, with how many figures each has.
#[derive(Template)]
#[template(path = "rules.html")]
pub(super) struct RulePools {
    frame: Frame,
    day: String,
    /// A pool was asked for that is not here.
    unknown: Option<String>,
    pools: Vec<PoolLine>,
}

struct PoolLine {
    code: String,
    name: String,
    all: usize,
    illustrative: usize,
}

impl RulePools {
    pub(super) fn of(frame: Frame, book: &RuleBook, day: Date, unknown: Option<String>) -> RulePools {
        let line = |info: &PoolInfo| {
            let rows = rows(book, &info.pool, day);
            PoolLine {
                code: info.pool.to_string(),
                name: info.name.clone(),
                all: rows.len(),
                illustrative: rows.iter().filter(|row| row.figure.illustrative).count(),
            }
        };
        RulePools { frame, day: day.to_string(), unknown, pools: book.pools().iter().map(line).collect() }
    }
}

/// The figures of one pool on one day.
#[derive(Template)]
#[template(path = "rules_pool.html")]
pub(super) struct PoolRules {
    frame: Frame,
    code: String,
    name: String,
    /// The day as it was asked for.
    day: String,
    problem: Option<String>,
    all: usize,
    illustrative: usize,
    subjects: Vec<Subject>,
}

struct Subject {
    name: &'static str,
    parts: Vec<Part>,
}

/// The figures of a subject for one scheme, or those that are the same for both.
struct Part {
    who: &'static str,
    rows: Vec<Row>,
}

struct Row {
    who: &'static str,
    figure: FigureInForce,
}

impl Row {
    /// From when to when, where the figure says so.
    fn days(&self) -> String {
        let from = self.figure.from;
        let begins = if from == BEGINNING { String::new() } else { format!("{from}起") };
        let ends = self.figure.to.map(|to| format!("至{to}止")).unwrap_or_default();
        if begins.is_empty() && ends.is_empty() { "一直执行".to_owned() } else { begins + &ends }
    }
}

/// The day from which figures without a beginning of their own are written.
const BEGINNING: Date = Date::constant(2000, 1, 1);
const BOTH: &str = "职工医保、居民医保";

impl PoolRules {
    /// `asked` is the day as it was typed; without one it is `today`.
    pub(super) fn of(frame: Frame, book: &RuleBook, info: &PoolInfo, asked: &str, today: Date) -> PoolRules {
        let (day, problem) = match asked.trim() {
            "" => (Some(today), None),
            typed => match day_of(typed) {
                Some(day) => (Some(day), None),
                None => (None, Some(format!("日期“{typed}”不能识别：请按年-月-日填写，例如{today}"))),
            },
        };
        let rows = day.map(|day| rows(book, &info.pool, day)).unwrap_or_default();
        PoolRules {
            frame,
            code: info.pool.to_string(),
            name: info.name.clone(),
            day: day.map_or_else(|| asked.trim().to_owned(), |day| day.to_string()),
            problem,
            all: rows.len(),
            illustrative: rows.iter().filter(|row| row.figure.illustrative).count(),
            subjects: subjects(rows),
        }
    }

    /// Whether the day could not be read.
    pub(super) fn is_wrong(&self) -> bool {
        self.problem.is_some()
    }
}

/// A day written `YYYY-MM-DD`, and in no other way.
fn day_of(typed: &str) -> Option<Date> {
    typed.parse::<Date>().ok().filter(|day| day.to_string() == typed)
}

/// All figures of a pool: what both schemes have alike once, then what each has of its own.
fn rows(book: &RuleBook, pool: &Pool, day: Date) -> Vec<Row> {
    let of = |scheme| book.figures(pool, scheme, day).unwrap_or_default();
    let (employees, residents) = (of(Scheme::Employee), of(Scheme::Resident));
    let (common, employees): (Vec<_>, Vec<_>) = employees.into_iter().partition(|figure| residents.contains(figure));
    let residents = residents.into_iter().filter(|figure| !common.contains(figure)).collect::<Vec<_>>();
    let parts = [(BOTH, common), (Scheme::Employee.name(), employees), (Scheme::Resident.name(), residents)];
    parts.into_iter().flat_map(|(who, figures)| figures.into_iter().map(move |figure| Row { who, figure })).collect()
}

/// The rows by subject, in the order of the rules; within one by scheme.
fn subjects(rows: Vec<Row>) -> Vec<Subject> {
    let mut subjects: Vec<Subject> = Vec::new();
    for row in rows {
        let at = subjects.iter().position(|subject| subject.name == row.figure.subject).unwrap_or_else(|| {
            subjects.push(Subject { name: row.figure.subject, parts: Vec::new() });
            subjects.len() - 1
        });
        let parts = &mut subjects[at].parts;
        match parts.iter_mut().find(|part| part.who == row.who) {
            Some(part) => part.rows.push(row),
            None => parts.push(Part { who: row.who, rows: vec![row] }),
        }
    }
    let place = |subject: &Subject| SUBJECTS.iter().position(|name| *name == subject.name);
    subjects.sort_by_key(|subject| place(subject).unwrap_or(SUBJECTS.len()));
    subjects
}

/// What people look for first.
const SUBJECTS: [&str; 4] = ["住院", "普通门诊统筹", "门诊慢特病", "两病门诊"];

#[cfg(test)]
mod tests {
    use super::super::tests::frame;
    use super::*;
    use jiff::civil::date;

    const DAY: Date = date(2021, 7, 5);

    fn page(pool: &str, asked: &str) -> PoolRules {
        let book = RuleBook::embedded().unwrap();
        let info = book.pool(&Pool::new(pool)).unwrap().clone();
        PoolRules::of(frame(), &book, &info, asked, DAY)
    }

    impl RulePools {
        pub(in crate::pages) fn samples() -> Vec<RulePools> {
            let book = RuleBook::embedded().unwrap();
            [None, Some("110100".to_owned())].map(|unknown| RulePools::of(frame(), &book, DAY, unknown)).into()
        }
    }

    impl PoolRules {
        pub(in crate::pages) fn samples() -> Vec<PoolRules> {
            vec![page("520500", ""), page("510400", "2020-09-15"), page("520500", "7月5日")]
        }
    }

    #[test]
    fn every_figure_stands_on_the_page_once_for_each_scheme_that_has_it() {
        let book = RuleBook::embedded().unwrap();
        let page = page("520500", "");
        let listed: Vec<&Row> =
            page.subjects.iter().flat_map(|subject| &subject.parts).flat_map(|part| &part.rows).collect();
        assert_eq!(listed.len(), page.all);
        for scheme in [Scheme::Employee, Scheme::Resident] {
            for figure in book.figures(&Pool::new("520500"), scheme, DAY).unwrap() {
                let fits = |row: &&&Row| row.figure == figure && (row.who == BOTH || row.who == scheme.name());
                assert_eq!(listed.iter().filter(fits).count(), 1, "{scheme:?} {}", figure.parameter);
            }
        }
    }

    #[test]
    fn a_figure_is_shown_with_value_source_and_doubt() {
        let text = page("520500", "2021-07-05").render().unwrap();
        for part in ["住院起付标准", "500元", "[C*] s1", "示意", "本市", "value=\"2021-07-05\""] {
            assert!(text.contains(part), "{part}");
        }
    }

    #[track_caller]
    fn check_wrong(typed: &str) {
        let page = page("520500", typed);
        assert!(page.is_wrong() && page.subjects.is_empty(), "{typed}");
        let text = page.render().unwrap();
        assert!(text.contains("href=\"#day\"") && text.contains("2021-07-05"), "{typed}");
    }

    #[test]
    fn a_day_that_cannot_be_read_is_said_beside_its_field() {
        for typed in ["7月5日", "2021-02-30", "20210705", "2021-07-05T00:00", "<b>"] {
            check_wrong(typed);
        }
        assert!(page("520500", "7月5日").render().unwrap().contains("value=\"7月5日\""));
    }
}
