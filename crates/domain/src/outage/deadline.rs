//! Deadlines (期限): until when something is made good, and the moment that this comes to for one case.
//!
//! A deadline is a moment, or counted from one: a reopening or closing, the care, a discharge, an intake. The count is in
//! days of the official calendar; the calendar is given. Invariant: a deadline whose start is not known has no moment,
//! and says whether it may yet have one. Nothing is guessed.

use super::{AfterDeadline, Business, Question, Unit, Which};
use crate::time::{DateTime, Moment, moment_name};
use std::fmt;

/// Why a count that leaves the calendar has no end.
pub(super) const BEYOND_CALENDAR: &str = "超出工作日历的年份，请先补充日历";

/// When something is due (期限).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Due {
    /// Before this moment.
    By(Moment),
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
    /// When the closing began that is spoken of, where no case is at hand.
    pub since: Option<DateTime>,
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

    /// The moment, where what is done at `at` comes after it.
    pub fn missed_at(self, at: DateTime) -> Option<DateTime> {
        self.moment().filter(|due| *due <= at)
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
