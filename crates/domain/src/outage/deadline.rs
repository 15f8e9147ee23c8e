//! Deadlines (期限): until when something is made good, and the moment that this comes to for one case.
//!
//! A deadline is a moment, or counted from one: a reopening or closing, the care, a discharge, an intake. The count is in
//! days of the official calendar; the calendar is given. Invariant: a deadline whose start is not known has no moment,
//! and says whether it may yet have one. Nothing is guessed.

use super::{AfterDeadline, Business, Closing, Plan, Question, Reopens, Unit, Which, moment_name};
use crate::calendar::Calendar;
use crate::time::DateTime;
use jiff::ToSpan;
use std::fmt;

/// When something is due (期限).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    /// Before this moment.
    By(DateTime),
    /// Before the end of so many hours, days or months from a start.
    Counted {
        /// How many.
        count: u32,
        /// Of what.
        unit: Unit,
        /// From when.
        from: Start,
    },
    /// Before the end of the month in which the start lies (当月).
    EndOfMonth {
        /// From when.
        from: Start,
    },
}

/// What starts the count of a deadline (起算).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Start {
    /// A business reopens.
    Reopening {
        /// Which business.
        of: Business,
        /// As it was planned, or as it came.
        which: Which,
    },
    /// A business closes.
    Closing {
        /// Which business.
        of: Business,
    },
    /// The care is given (就医).
    Care,
    /// The patient is discharged (出院).
    Discharge,
    /// The papers are taken in (收件).
    Intake,
    /// The stop is declared (公布).
    Declared,
}

impl Start {
    /// In a word: `恢复`, `计划恢复`, `出院`.
    pub fn name(&self) -> &'static str {
        match self {
            Start::Reopening { which: Which::Actual, .. } => "恢复",
            Start::Reopening { which: Which::Planned, .. } => "原定恢复时刻",
            Start::Closing { .. } => "停办",
            Start::Care => "就医",
            Start::Discharge => "出院",
            Start::Intake => "收件",
            Start::Declared => "公布",
        }
    }

    /// The business whose window starts the count, where one does.
    pub fn business(&self) -> Option<&Business> {
        match self {
            Start::Reopening { of, .. } | Start::Closing { of } => Some(of),
            Start::Care | Start::Discharge | Start::Intake | Start::Declared => None,
        }
    }
}

impl Due {
    /// In words, without a calendar: `2020-12-31 24:00前`, `恢复后10个工作日内`, `出院当月内`.
    pub fn name(&self) -> String {
        match self {
            Due::By(moment) => format!("{}前", moment_name(*moment)),
            Due::Counted { count, unit, from } => format!("{}后{count}{}内", from.name(), unit.name()),
            Due::EndOfMonth { from } => format!("{}当月内", from.name()),
        }
    }

    /// What starts the count; `None` where the moment is given.
    pub fn start(&self) -> Option<&Start> {
        match self {
            Due::By(_) => None,
            Due::Counted { from, .. } | Due::EndOfMonth { from } => Some(from),
        }
    }
}

/// A deadline and what comes after it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deadline {
    /// When.
    pub due: Due,
    /// What happens to who is late.
    pub after: AfterDeadline,
    /// It ends on a day that is not worked, and the notice means that.
    pub rest_day_ok: bool,
}

impl Deadline {
    /// The deadline in words, without a calendar: `2020-12-31 24:00前`, `恢复后10个工作日内`.
    pub fn name(&self) -> String {
        self.due.name()
    }
}

/// What a case knows of itself, for deadlines that start with it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Moments<'a> {
    /// When the care was given.
    pub care: Option<DateTime>,
    /// When the patient was discharged.
    pub discharge: Option<DateTime>,
    /// When the papers were taken in.
    pub intake: Option<DateTime>,
    /// For whom and where, so that stages and rules of some providers decide the reopening. Its business plays no part.
    pub question: Option<&'a Question>,
}

/// The moment of a deadline in one case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DueAt {
    /// Before this moment; what happens at it is late.
    At(DateTime),
    /// It starts with an event that has not been entered yet.
    NotYetKnown,
    /// It has none, for this reason, in Chinese.
    Unknowable(&'static str),
}

impl DueAt {
    /// The moment, where it is known.
    pub fn moment(self) -> Option<DateTime> {
        match self {
            DueAt::At(moment) => Some(moment),
            DueAt::NotYetKnown | DueAt::Unknowable(_) => None,
        }
    }
}

impl fmt::Display for DueAt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DueAt::At(moment) => write!(f, "{}前", moment_name(*moment)),
            DueAt::NotYetKnown => f.write_str("恢复时间未定"),
            DueAt::Unknowable(_) => f.write_str("未规定"),
        }
    }
}

/// Why a deadline has no moment.
const NEVER_CLOSES: &str = "没有规则停办起算的业务";
const NEVER_REOPENS: &str = "起算的业务不再恢复";
pub(crate) const BEYOND_CALENDAR: &str = "超出工作日历的年份,请先补充日历";

impl Plan {
    /// When a deadline ends for one case.
    pub fn due(&self, deadline: &Deadline, moments: &Moments<'_>, calendar: &Calendar) -> DueAt {
        self.end_of(&deadline.due, moments, calendar)
    }

    /// [`Plan::due`] of a deadline without what follows it.
    pub fn end_of(&self, due: &Due, moments: &Moments<'_>, calendar: &Calendar) -> DueAt {
        let start = match due {
            Due::By(moment) => return DueAt::At(*moment),
            Due::Counted { from, .. } | Due::EndOfMonth { from } => self.start_of(from, moments),
        };
        let DueAt::At(start) = start else { return start };
        let end = match due {
            Due::By(moment) => Some(*moment),
            Due::Counted { count, unit, .. } => counted(start, *count, *unit, calendar),
            Due::EndOfMonth { .. } => end_of_month(start),
        };
        end.map_or(DueAt::Unknowable(BEYOND_CALENDAR), DueAt::At)
    }

    /// When the count of a deadline starts for one case.
    pub fn start_of(&self, start: &Start, moments: &Moments<'_>) -> DueAt {
        let stated = |moment: Option<DateTime>, missing| moment.map_or(DueAt::Unknowable(missing), DueAt::At);
        match start {
            Start::Reopening { of, which } => {
                let happened = moments.discharge.or(moments.care).or(moments.intake);
                self.reopening_for(&about(of, moments), *which, happened)
            }
            Start::Closing { of } => {
                let closings = self.closings_anyhow(&about(of, moments));
                stated(closings.iter().map(|closing| closing.window.closes).min(), NEVER_CLOSES)
            }
            Start::Care => stated(moments.care, "未说明就医时间"),
            Start::Discharge => stated(moments.discharge, "未说明出院时间"),
            Start::Intake => stated(moments.intake, "未说明收件时间"),
            Start::Declared => DueAt::At(self.declared_at()),
        }
    }

    /// When the business of a question reopens for good: after the last of its windows.
    pub fn reopening(&self, question: &Question, which: Which) -> DueAt {
        self.reopening_for(question, which, None)
    }

    /// The same for something that happened at a moment: after the windows that had begun by then. Where a business closes
    /// twice, what happened in the first closing does not wait for the end of the second.
    fn reopening_for(&self, question: &Question, which: Which, happened: Option<DateTime>) -> DueAt {
        let closings = self.closings_anyhow(question);
        let begun = closings.iter().filter(|closing| happened.is_none_or(|moment| closing.window.closes <= moment));
        let latest = |closing: &&Closing<'_>| closing.window.reopens.clone();
        let Some(mut last) = begun.max_by_key(latest).or_else(|| closings.iter().max_by_key(latest)) else {
            return DueAt::Unknowable(NEVER_CLOSES);
        };
        let goes_on = |last: &Closing<'_>, next: &&Closing<'_>| {
            next.window.touches(&last.window) && next.window.reopens > last.window.reopens
        };
        while let Some(next) = closings.iter().find(|next| goes_on(last, next)) {
            last = next;
        }
        let moment = match which {
            Which::Actual => last.window.reopens.moment(),
            Which::Planned => last.planned(),
        };
        match (moment, &last.window.reopens) {
            (Some(moment), _) => DueAt::At(moment),
            (None, Reopens::Never) => DueAt::Unknowable(NEVER_REOPENS),
            (None, _) => DueAt::NotYetKnown,
        }
    }

    /// When a business reopens: for an ordinary local person, or where only some are closed, for the last of them.
    /// `None` where nothing closes it, or nobody knows yet.
    pub fn reopening_of(&self, business: &Business) -> Option<DateTime> {
        self.reopening(&Question::about(business.clone()), Which::Actual).moment()
    }

    /// The moment of a deadline that needs nothing of a case, half-open: what happens at it is late.
    pub fn moment_of(&self, due: &Due, calendar: &Calendar) -> Option<DateTime> {
        self.end_of(due, &Moments::default(), calendar).moment()
    }

    /// What closes the business of a question, or where nothing does, the closings of anybody else's.
    fn closings_anyhow(&self, question: &Question) -> Vec<Closing<'_>> {
        let own = self.closings(question);
        if !own.is_empty() {
            return own;
        }
        let of_others = self.rules.iter().filter(|rule| rule.specificity(&question.business).is_some());
        of_others.filter_map(Closing::of).collect()
    }
}

/// The question of the case, put about another business.
fn about(business: &Business, moments: &Moments<'_>) -> Question {
    let business = business.clone();
    match moments.question {
        Some(question) => Question { business, ..question.clone() },
        None => Question::about(business),
    }
}

/// The end of so many hours, days or months from a moment on; `None` where the calendar does not reach.
///
/// Day 1 is the first (working) day that begins at or after the moment. Months end with the day of the same number, or with
/// the month where it is shorter; the moment 24:00 belongs to the day that it ends.
pub(super) fn counted(start: DateTime, count: u32, unit: Unit, calendar: &Calendar) -> Option<DateTime> {
    let midnight = start.date().at(0, 0, 0, 0);
    let day_one = if start == midnight { start.date() } else { start.date().tomorrow().ok()? };
    let end = match unit {
        Unit::WorkingDays => return calendar.add_working_days(start, count),
        Unit::Hours => return start.checked_add(i64::from(count).hours()).ok(),
        _ if count == 0 => return Some(start),
        Unit::CalendarDays => day_one.checked_add(i64::from(count).days()).ok()?,
        Unit::Months => day_one.yesterday().ok()?.checked_add(i64::from(count).months()).ok()?.tomorrow().ok()?,
    };
    Some(end.at(0, 0, 0, 0))
}

/// 24:00 of the last day of the month in which the moment lies.
fn end_of_month(start: DateTime) -> Option<DateTime> {
    Some(start.date().last_of_month().tomorrow().ok()?.at(0, 0, 0, 0))
}
