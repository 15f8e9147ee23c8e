//! The moment that a deadline comes to for one case: its start found among what is closed, and the count added to it.
//!
//! Invariant: nothing is guessed; where the start is not known, the answer says whether it may yet be.

use super::deadline::BEYOND_CALENDAR;
use super::{
    Business, Closing, Deadline, Due, DueAt, Moments, Plan, Question, Reopens, Start, Unit, Which, review_ends,
};
use crate::calendar::Calendar;
use crate::time::DateTime;
use jiff::ToSpan;

/// Why a deadline has no moment.
const NEVER_CLOSES: &str = "没有规则停办起算的业务";
const NEVER_REOPENS: &str = "起算的业务不再恢复";

impl Plan {
    /// When a deadline ends for one case.
    pub fn due(&self, deadline: &Deadline, moments: &Moments<'_>, calendar: &Calendar) -> DueAt {
        self.end_of(&deadline.due, moments, calendar)
    }

    /// [`Plan::due`] of a deadline without what follows it.
    pub fn end_of(&self, due: &Due, moments: &Moments<'_>, calendar: &Calendar) -> DueAt {
        let start = match due {
            Due::By(moment) => return DueAt::At(moment.at),
            Due::Counted { from, .. } | Due::EndOfMonth { from } => self.start_of(from, moments),
        };
        let DueAt::At(start) = start else { return start };
        // What an agency finishes so many working days after its intake is reviewed by then.
        if let Due::Counted { count, unit: Unit::WorkingDays, from: Start::Intake } = due
            && let Some(question) = moments.question
        {
            return review_ends([self], question, start, *count, calendar);
        }
        let end = match due {
            Due::By(moment) => Some(moment.at),
            Due::Counted { count, unit, .. } => counted(start, *count, *unit, calendar),
            Due::EndOfMonth { .. } => end_of_month(start),
        };
        end.map_or(DueAt::Unknowable(BEYOND_CALENDAR), DueAt::At)
    }

    /// When the count of a deadline starts for one case.
    pub fn start_of(&self, start: &Start, moments: &Moments<'_>) -> DueAt {
        let stated = |moment: Option<DateTime>, missing| moment.map_or(DueAt::Unknowable(missing), DueAt::At);
        match start {
            Start::Reopening { of, which } => self.reopening_for(&about(of, moments), *which, happened(moments)),
            Start::Closing { of } => stated(self.closing_for(&about(of, moments), happened(moments)), NEVER_CLOSES),
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
        // What happened before all of them waits for the first.
        let first = closings.iter().map(|closing| closing.window.closes.at).min();
        let first = || closings.iter().filter(|closing| Some(closing.window.closes.at) == first).max_by_key(latest);
        let Some(mut last) = begun.max_by_key(latest).or_else(first) else {
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

    /// When the business of a question closed for something that happened at a moment: the beginning of the last closing that had begun
    /// by then, with those that it follows without a break; of what happened before all of them, or at no moment, the first.
    fn closing_for(&self, question: &Question, happened: Option<DateTime>) -> Option<DateTime> {
        let closings = self.closings_anyhow(question);
        let first = closings.iter().min_by_key(|closing| closing.window.closes);
        let begun = closings.iter().filter(|closing| happened.is_some_and(|moment| closing.window.closes <= moment));
        let mut last = begun.max_by_key(|closing| closing.window.closes).or(first)?;
        let came_before = |last: &Closing<'_>, other: &&Closing<'_>| {
            other.window.closes < last.window.closes && other.window.touches(&last.window)
        };
        while let Some(before) = closings.iter().find(|other| came_before(last, other)) {
            last = before;
        }
        Some(last.window.closes.at)
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

/// When the case was, as far as it matters which closing it met.
fn happened(moments: &Moments<'_>) -> Option<DateTime> {
    moments.discharge.or(moments.care).or(moments.intake).or(moments.since)
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
