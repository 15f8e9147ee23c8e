//! What a plan grants to who was kept from acting in time: longer limits, tolerance, and no loss (不受损).
//!
//! It moves limits that the law or other rules set, and says who is priced as if they had filed. Deadlines of the plan's
//! own are in `deadline`; the amounts are decided by the benefit rules.

use super::deadline::counted;
use super::{Business, Due, DueAt, Moments, Pattern, Plan, Protection, Question, Start, Unit, moment_name};
use crate::calendar::Calendar;
use crate::time::{Date, DateTime};

/// A legal limit that ends near the outage and is extended (期限顺延).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extension {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses whose limit it is.
    pub businesses: Vec<Pattern>,
    /// The first and the last day on which a limit may end to be extended.
    pub limit_ends: (Date, Date),
    /// Extended to this.
    pub due: Due,
}

/// So many days late still counts as in time (宽限).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tolerance {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses it concerns: filings.
    pub businesses: Vec<Pattern>,
    /// How many days.
    pub days: u32,
    /// Of which kind.
    pub unit: Unit,
    /// Counted from here; `None`: from the limit itself.
    pub from: Option<Start>,
}

/// Who could not file and files in time after is priced as if they had (不因停机降低待遇).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HoldHarmless {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The filings that could not be made.
    pub businesses: Vec<Pattern>,
    /// What stays as if they had been made.
    pub protects: Vec<Protection>,
    /// Filed until then; `None`: without end.
    pub due: Option<Due>,
    /// What the person is told.
    pub advice: String,
}

impl Tolerance {
    /// Until when it helps, as a deadline; `None` where it is counted from each filing's own limit.
    pub fn due(&self) -> Option<Due> {
        Some(Due::Counted { count: self.days, unit: self.unit, from: self.from.clone()? })
    }
}

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
                None => return DueAt::Unknowable(super::deadline::BEYOND_CALENDAR),
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
                    format!("{}(至{})", due.name(), moment_name(moment))
                }
                _ => due.name(),
            }
        };
        let extensions = self.extensions.iter().filter(|entry| names(&entry.businesses, business)).map(|entry| {
            let (first, last) = entry.limit_ends;
            Granted {
                text: format!("期限顺延:{first}至{last}届满的,顺延至{}", until(&entry.due)), line: entry.line
            }
        });
        let tolerances = self.tolerances.iter().filter(|entry| names(&entry.businesses, business)).map(|entry| {
            let days = || format!("期限届满后{}{}内", entry.days, entry.unit.name());
            let end = entry.due().map_or_else(days, |due| until(&due));
            Granted { text: format!("宽限:{end}补办的视为按时"), line: entry.line }
        });
        let promises = self.hold_harmless.iter().filter(|entry| names(&entry.businesses, business)).map(|entry| {
            let protects: Vec<&str> = entry.protects.iter().map(|protection| protection.name()).collect();
            let end = entry.due.as_ref().map(|due| format!("{}补办的,", until(due))).unwrap_or_default();
            Granted {
                text: format!("待遇不受损:{end}{}。{}", protects.join("、"), entry.advice), line: entry.line
            }
        });
        extensions.chain(tolerances).chain(promises).collect()
    }
}

/// The last day of a half-open limit: 24:00 belongs to the day that it ends.
fn last_day_of(limit: DateTime) -> Date {
    if limit == limit.date().at(0, 0, 0, 0) { limit.date().yesterday().unwrap_or(limit.date()) } else { limit.date() }
}
