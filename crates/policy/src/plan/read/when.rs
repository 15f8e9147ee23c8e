//! Reads when: reopenings, and the deadlines that are counted from them.

use super::{Reader, words};
use crate::plan::source::{At, Table};
use yibao_domain::outage::{AfterDeadline, Business, Deadline, Due, Pattern, Reopens, Start, Unit, Which};
use yibao_domain::time::Moment;

/// The keys that count a deadline, what they count, and the largest number that makes sense.
const COUNTS: &[(&str, Unit, u32)] = &[
    ("within_working_days", Unit::WorkingDays, 1000),
    ("within_calendar_days", Unit::CalendarDays, 3660),
    ("within_months", Unit::Months, 120),
    ("within_hours", Unit::Hours, 8784),
];

/// The keys of a deadline, to tell where one was begun.
const DEADLINE_KEYS: &[&str] = &[
    "by",
    "within_working_days",
    "within_calendar_days",
    "within_months",
    "within_hours",
    "same_month",
    "after_reopening_of",
    "after_closing_of",
    "after",
    "counted_from",
];

impl Reader<'_> {
    /// `reopens = "…"`, `reopens = "never"`, or `reopens_on = "event"` with an `expected`; `None` where none is written.
    pub(super) fn reopens(&self, table: &Table<'_>) -> Option<Reopens> {
        let never = table.says("reopens", "never");
        let moment = if never { None } else { table.moment("reopens") };
        let event = table.text("reopens_on");
        let expected = table.moment("expected");
        if let (Some(at), true) = (&event, table.has("reopens")) {
            self.source.problem(at.line, "reopens 与 reopens_on 只能写一种");
            return None;
        }
        if let (Some(at), None) = (&expected, &event) {
            self.source
                .problem(at.line, "expected 是等待事件（reopens_on）时的预计恢复时刻，请一并写明，或改用 reopens");
        }
        match (moment, event) {
            _ if never => Some(Reopens::Never),
            (Some(moment), _) => Some(Reopens::At(moment.value)),
            (None, Some(event)) => self.awaited(event, expected.map(|at| at.value)),
            (None, None) => None,
        }
    }

    fn awaited(&self, id: At<String>, expected: Option<Moment>) -> Option<Reopens> {
        match self.events.iter().find(|event| event.id == id.value) {
            Some(event) => Some(Reopens::Awaits { event: id.value, name: event.name.clone(), expected }),
            None => {
                let known: Vec<&str> = self.events.iter().map(|event| event.id.as_str()).collect();
                let known = if known.is_empty() {
                    "方案还没有事件".to_owned()
                } else {
                    format!("已有：{}", known.join("、"))
                };
                let text = format!("没有“{}”这个事件，请先以 [[event]] 写明（{known}）", id.value);
                self.source.problem(id.line, text);
                None
            }
        }
    }

    /// A deadline with what comes after it.
    pub(super) fn deadline(&self, table: &Table<'_>, own: &[Pattern]) -> Option<Deadline> {
        let due = self.due(table, own);
        let after = table.word("after_deadline", AfterDeadline::of_word, words!(AfterDeadline));
        let begun = DEADLINE_KEYS.iter().any(|key| table.has(key));
        if begun && !table.has("after_deadline") {
            self.source.problem(table.line, "有期限而没有 after_deadline，请写明逾期如何处理");
        }
        if !begun && table.has("after_deadline") {
            let keys = "by、within_working_days、within_calendar_days、within_months、within_hours 或 same_month";
            self.source.problem(table.line, format!("写了 after_deadline 却没有期限，请补 {keys}"));
        }
        let rest_day_ok = table.flag("rest_day_ok");
        Some(Deadline { due: due?, after: after?, rest_day_ok })
    }

    /// When something is due; `own` are the businesses of the entry, for what closes.
    pub(super) fn due(&self, table: &Table<'_>, own: &[Pattern]) -> Option<Due> {
        let by = table.moment("by");
        let counts: Vec<(u32, Unit)> =
            COUNTS.iter().filter_map(|(key, unit, max)| Some((table.number(key, *max)?.value, *unit))).collect();
        let same_month = table.flag("same_month");
        let start = self.start(table, own);
        let kinds = usize::from(table.has("by"))
            + COUNTS.iter().filter(|(key, ..)| table.has(key)).count()
            + usize::from(same_month);
        let starts = ["after_reopening_of", "after_closing_of", "after"].iter().any(|key| table.has(key));
        if kinds > 1 {
            let text = "期限只能写一种：by、within_working_days、within_calendar_days、within_months、within_hours、same_month";
            self.source.problem(table.line, text);
            return None;
        }
        if kinds == 1 && starts == table.has("by") {
            let text = if starts {
                "by 已是确定时刻，不再写从何时起算（after…）"
            } else {
                "期限须写明从何时起算：after_reopening_of、after_closing_of 或 after"
            };
            self.source.problem(table.line, text);
            return None;
        }
        if kinds == 0 && starts {
            let keys = "within_working_days、within_calendar_days、within_months、within_hours 或 same_month";
            self.source.problem(table.line, format!("写了期限从何时起算，却没有写多久，请补 {keys}"));
            return None;
        }
        match (by, counts.first(), same_month) {
            (Some(by), ..) => Some(Due::By(by.value)),
            (None, Some((count, unit)), _) => Some(Due::Counted { count: *count, unit: *unit, from: start? }),
            (None, None, true) => Some(Due::EndOfMonth { from: start? }),
            (None, None, false) => None,
        }
    }

    /// `after_reopening_of` with `counted_from`, `after_closing_of`, or `after`.
    pub(super) fn start(&self, table: &Table<'_>, own: &[Pattern]) -> Option<Start> {
        let reopening = self.business(table, "after_reopening_of");
        let closing = self.business(table, "after_closing_of");
        let word = table.text("after");
        let which = table.word("counted_from", Which::of_word, words!(Which));
        let written = ["after_reopening_of", "after_closing_of", "after"].iter().filter(|key| table.has(key)).count();
        if written > 1 {
            self.source.problem(table.line, "after_reopening_of、after_closing_of、after 只能写一种");
            return None;
        }
        if table.has("counted_from") && !table.has("after_reopening_of") {
            self.source.problem(table.line, "counted_from 说明从哪个恢复时刻起算，须与 after_reopening_of 同时填写");
        }
        match (reopening, closing, word) {
            (Some(of), ..) => Some(Start::Reopening { of, which: which.unwrap_or(Which::Actual) }),
            (None, Some(of), _) => Some(Start::Closing { of }),
            (None, None, Some(word)) => self.start_of_word(word, own),
            (None, None, None) => None,
        }
    }

    fn start_of_word(&self, word: At<String>, own: &[Pattern]) -> Option<Start> {
        match word.value.as_str() {
            "care" => Some(Start::Care),
            "discharge" => Some(Start::Discharge),
            "intake" => Some(Start::Intake),
            "declared" => Some(Start::Declared),
            "closing" => {
                let business = own.iter().find_map(|pattern| match pattern {
                    Pattern::Under(business) => Some(business),
                    Pattern::All => None,
                });
                if business.is_none() {
                    self.source
                        .problem(word.line, "本条没有写明单项业务，请用 after_closing_of 写明从哪项业务停办起算");
                }
                business.map(|of: &Business| Start::Closing { of: of.clone() })
            }
            other => {
                let all = "care、discharge、intake、closing、declared";
                self.source.problem(word.line, format!("after 没有“{other}”这个取值，可用：{all}"));
                None
            }
        }
    }
}
