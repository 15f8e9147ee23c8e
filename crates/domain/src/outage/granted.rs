//! What is granted to whoever asks: the end of an extended limit, of a tolerance, and the promise that holds for a filing.

use super::difference::Part;
use super::due::{BEYOND_CALENDAR, counted};
use super::{Business, Due, DueAt, HoldHarmless, Moments, Pattern, Plan, Question, Start};
use crate::calendar::Calendar;
use crate::time::{Date, DateTime, moment_name};

fn names(patterns: &[Pattern], business: &Business) -> bool {
    patterns.iter().any(|pattern| pattern.covers(business))
}

impl Plan {
    /// The end of a legal limit (half-open) of this business, extended where the plan says so; the latest of several.
    /// [`DueAt::NotYetKnown`]: it runs on until an event has been entered.
    pub fn extended(&self, business: &Business, limit: DateTime, calendar: &Calendar) -> DueAt {
        let mut end = limit;
        for extension in self.extensions.iter().filter(|extension| names(&extension.businesses, business)) {
            let (first, last) = extension.limit_ends;
            if !(first..=last).contains(&last_day_of(limit)) {
                continue;
            }
            match self.end_of(&extension.due, &Moments::default(), calendar) {
                DueAt::At(moment) => end = end.max(moment),
                unknown => return unknown,
            }
        }
        DueAt::At(end)
    }

    /// Until when a filing with this limit (half-open) counts as made in time; the latest of several tolerances.
    ///
    /// Counted from a reopening, it helps only whose limit was still running when that business closed.
    pub fn tolerated(&self, business: &Business, limit: DateTime, moments: &Moments<'_>, calendar: &Calendar) -> DueAt {
        let mut end = limit;
        for tolerance in self.tolerances.iter().filter(|tolerance| names(&tolerance.businesses, business)) {
            let start = match &tolerance.from {
                None => limit,
                Some(from) => {
                    let closed = from.business().map(|of| self.start_of(&Start::Closing { of: of.clone() }, moments));
                    if closed.and_then(DueAt::moment).is_some_and(|closes| limit <= closes) {
                        continue;
                    }
                    match self.start_of(from, moments) {
                        DueAt::At(start) => start,
                        unknown => return unknown,
                    }
                }
            };
            match counted(start, tolerance.days, tolerance.unit, calendar) {
                Some(moment) => end = end.max(moment),
                None => return DueAt::Unknowable(BEYOND_CALENDAR),
            }
        }
        DueAt::At(end)
    }

    /// The promise that holds for a filing (the question's business) that was needed at one moment and made at another:
    /// the filing was closed for this person when it was needed, and made before the promise ends.
    pub fn held_harmless(
        &self,
        question: &Question,
        needed: DateTime,
        filed: DateTime,
        calendar: &Calendar,
    ) -> Option<&HoldHarmless> {
        let closed = self.closings(question).iter().any(|closing| closing.window.contains(needed));
        let moments = Moments { care: Some(needed), question: Some(question), ..Moments::default() };
        let in_time = |promise: &&HoldHarmless| match &promise.due {
            None => true,
            Some(due) => match self.end_of(due, &moments, calendar) {
                DueAt::At(end) => filed < end,
                DueAt::NotYetKnown => true,
                DueAt::Unknowable(_) => false,
            },
        };
        let mut promises = self.hold_harmless.iter().filter(|promise| names(&promise.businesses, &question.business));
        if closed { promises.find(in_time) } else { None }
    }
}

/// Something granted for a business, in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Granted {
    /// What is granted, with its end where that is known.
    pub text: String,
    /// Where it stands in the file.
    pub line: u32,
}

impl Plan {
    /// What is granted for the business of a question: extended limits, tolerance, no loss.
    pub fn relief_of(&self, question: &Question, calendar: &Calendar) -> Vec<Granted> {
        let business = &question.business;
        let until = |due: &Due| {
            let moments = Moments { question: Some(question), ..Moments::default() };
            match (due, self.end_of(due, &moments, calendar)) {
                (Due::Counted { .. } | Due::EndOfMonth { .. }, DueAt::At(moment)) => {
                    format!("{}（至{}）", due.name(), moment_name(moment))
                }
                _ => due.name(),
            }
        };
        let extensions = self.extensions.iter().filter(|entry| names(&entry.businesses, business)).map(|entry| {
            let (first, last) = entry.limit_ends;
            Granted {
                text: format!("期限顺延：{first}至{last}届满的，顺延至{}", until(&entry.due)), line: entry.line
            }
        });
        let tolerances = self.tolerances.iter().filter(|entry| names(&entry.businesses, business)).map(|entry| {
            let days = || format!("期限届满后{}{}内", entry.days, entry.unit.name());
            let end = entry.due().map_or_else(days, |due| until(&due));
            Granted { text: format!("宽限：{end}补办的视为按时"), line: entry.line }
        });
        let promises = self.hold_harmless.iter().filter(|entry| names(&entry.businesses, business)).map(|entry| {
            let protects: Vec<&str> = entry.protects.iter().map(|protection| protection.name()).collect();
            let end = entry.due.as_ref().map(|due| format!("{}补办的，", until(due))).unwrap_or_default();
            Granted {
                text: format!("待遇不受损：{end}{}。{}", protects.join("、"), entry.advice), line: entry.line
            }
        });
        let known = self.with_present_county(question);
        let around = self.arrangements().into_iter().filter(|one| {
            let is_of_business = one.businesses.is_empty() || names(&one.businesses, business);
            one.part != Part::Invariant && is_of_business && one.scope.mismatches(&known, &self.pool).is_empty()
        });
        let around = around
            .map(|one| Granted {
                text: format!("{}：{}。{}", one.part.name(), one.text, one.advice), line: one.line
            });
        extensions.chain(tolerances).chain(promises).chain(around).collect()
    }
}

/// The last day of a half-open limit: 24:00 belongs to the day that it ends.
fn last_day_of(limit: DateTime) -> Date {
    if limit == limit.date().at(0, 0, 0, 0) { limit.date().yesterday().unwrap_or(limit.date()) } else { limit.date() }
}
