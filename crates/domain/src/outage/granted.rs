//! What is granted to whoever asks: the end of an extended limit, of a tolerance, and the promise that holds for a filing.

use super::deadline::BEYOND_CALENDAR;
use super::difference::Part;
use super::due::counted;
use super::{
    Business, CarePeriod, Deadline, Due, DueAt, Duty, DutyKind, HoldHarmless, Moments, Pattern, Plan, Question, Rule,
    Scope, Start, Supply,
};
use crate::calendar::Calendar;
use crate::time::{Date, DateTime, moment_name};
use std::cmp::Reverse;

impl Plan {
    /// Whether something on these businesses and with this scope is about the business of a question, and for whoever asks.
    pub fn is_about(&self, patterns: &[Pattern], scope: &Scope, question: &Question) -> bool {
        patterns.iter().any(|pattern| pattern.covers(&question.business)) && self.covers(scope, question)
    }

    /// Until when what a rule closes is made good, by whichever way it comes: the rule's own deadline, else that of the duty to enter it
    /// afterwards, or to take in what is claimed.
    pub fn made_good_until<'a>(&'a self, rule: &'a Rule, question: &Question) -> Option<&'a Deadline> {
        let kind = match rule.disposition {
            disposition if disposition.is_claimed() => DutyKind::Register,
            disposition if disposition.is_entered() => DutyKind::Backfill,
            _ => return rule.deadline.as_ref(),
        };
        rule.deadline.as_ref().or_else(|| self.duty_until(&[kind], question))
    }

    /// The deadline that duties of these kinds give a case.
    pub fn duty_until(&self, kinds: &[DutyKind], question: &Question) -> Option<&Deadline> {
        let meant = |duty: &Duty| kinds.contains(&duty.kind) && duty.deadline.is_some();
        self.duty_about(question, meant)?.deadline.as_ref()
    }

    /// The duty of those meant that answers for a case: about its business, for whoever asks, of the provider that is asked about; of
    /// several the most specific, as with rules, then the first.
    pub fn duty_about(&self, question: &Question, meant: impl Fn(&Duty) -> bool) -> Option<&Duty> {
        let duties = self.duties.iter().filter(|duty| meant(duty) && duty.is_of(question));
        let covering = duties.filter(|duty| self.covers(&duty.scope, question));
        let ranked = covering.filter_map(|duty| Some((Reverse(duty.specificity(&question.business)?), duty)));
        ranked.min_by_key(|(rank, _)| *rank).map(|(_, duty)| duty)
    }

    /// What hangs on the business of a question beside its rule, for whoever asks: what somebody has to do, what is supplied ahead, and
    /// what the switches of the plan do.
    pub fn beside(&self, question: &Question) -> Vec<Granted> {
        let duties = self.duties.iter().filter(|duty| !duty.businesses.is_empty());
        let duties = duties.filter(|duty| self.is_about(&duty.businesses, &duty.scope, question)).map(|duty| {
            let who: Vec<&str> = duty.who.iter().map(|actor| actor.name()).collect();
            let until =
                duty.deadline.as_ref().map(|deadline| format!("（{}，{}）", deadline.name(), deadline.after.name()));
            let from = duty.not_before.map(|from| format!("，{}起", moment_name(from)));
            let (what, kind) = (&duty.what, duty.kind.name());
            let text = format!(
                "{kind}（{}）：{what}{}{}",
                who.join("、"),
                from.unwrap_or_default(),
                until.unwrap_or_default()
            );
            Granted { text, line: duty.line }
        });
        let supply = self.supply_for(question).map(|supply| {
            let until = supply.lasts_until.map(|until| format!("，用量最长到{until}"));
            let text = format!(
                "提前备药：{}前{}。{}",
                moment_name(supply.dispense_before),
                until.unwrap_or_default(),
                supply.advice
            );
            Granted { text, line: supply.line }
        });
        let within = |root: &'static str| question.business.is_within(&Business::named(root));
        let is_reviewed = ["reimbursement", "approval", "enrolment", "filing"].iter().any(|root| within(root));
        let clock = (self.switches.review_clock_stops && is_reviewed)
            .then(|| Granted {
                text: "审核时限：停办期间不计（review_clock_stops）".to_owned(), line: self.line
            });
        let debtors = (self.switches.hold_debtor_benefits && within("settlement")).then(|| Granted {
            text: "欠费：补录后未付清的，可以暂停其后续待遇（hold_debtor_benefits）".to_owned(),
            line: self.line,
        });
        duties.chain(supply).chain(clock).chain(debtors).collect()
    }

    /// The supply ahead that is meant for whoever asks; of several the one whose scope is the most specific, then the first.
    pub fn supply_for(&self, question: &Question) -> Option<&Supply> {
        let about = self.supplies.iter().filter(|supply| self.is_about(&supply.businesses, &supply.scope, question));
        about.min_by_key(|supply| Reverse(supply.scope.specificity(0)))
    }

    /// The end of a legal limit (half-open) of the question's business, extended where the plan says so for such care; the latest of
    /// several. [`DueAt::NotYetKnown`]: it runs on until an event has been entered.
    pub fn extended(&self, question: &Question, care: Option<DateTime>, limit: DateTime, calendar: &Calendar) -> DueAt {
        let mut end = limit;
        let moments = Moments { care, question: Some(question), ..Moments::default() };
        let is_of_period = |period: CarePeriod| care.is_some_and(|care| period.contains(care));
        let about = self.extensions.iter().filter(|one| self.is_about(&one.businesses, &one.scope, question));
        for extension in about.filter(|one| one.care.is_none_or(is_of_period)) {
            let (first, last) = extension.limit_ends;
            if !(first..=last).contains(&last_day_of(limit)) {
                continue;
            }
            match self.end_of(&extension.due, &moments, calendar) {
                DueAt::At(moment) => end = end.max(moment),
                unknown => return unknown,
            }
        }
        DueAt::At(end)
    }

    /// Until when a filing (the question's business) with this limit (half-open) counts as made in time; the latest of several
    /// tolerances.
    ///
    /// Counted from a reopening, it helps only whose limit was still running when that business closed.
    pub fn tolerated(&self, question: &Question, limit: DateTime, calendar: &Calendar) -> DueAt {
        let mut end = limit;
        let moments = &Moments { question: Some(question), ..Moments::default() };
        for tolerance in self.tolerances.iter().filter(|one| self.is_about(&one.businesses, &one.scope, question)) {
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

    /// The promise that holds for a filing (the question's business) that was needed at one moment and made at another: it was
    /// needed for care of the promise's period, else closed for this person when it was needed, and made before the promise ends.
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
        let about = |promise: &&HoldHarmless| self.is_about(&promise.businesses, &promise.scope, question);
        let is_kept_from = |promise: &&HoldHarmless| promise.care.map_or(closed, |period| period.contains(needed));
        self.hold_harmless.iter().filter(about).filter(is_kept_from).find(in_time)
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
        let is_about = |patterns: &[Pattern], scope: &Scope| self.is_about(patterns, scope, question);
        let until = |due: &Due| {
            let moments = Moments { question: Some(question), ..Moments::default() };
            match (due, self.end_of(due, &moments, calendar)) {
                (Due::Counted { .. } | Due::EndOfMonth { .. }, DueAt::At(moment)) => {
                    format!("{}（至{}）", due.name(), moment_name(moment))
                }
                _ => due.name(),
            }
        };
        let extensions =
            self.extensions.iter().filter(|entry| is_about(&entry.businesses, &entry.scope)).map(|entry| {
                let (first, last) = entry.limit_ends;
                Granted {
                    text: format!("期限顺延：{}{first}至{last}届满的，顺延至{}", period(entry.care), until(&entry.due)),
                    line: entry.line,
                }
            });
        let tolerances =
            self.tolerances.iter().filter(|entry| is_about(&entry.businesses, &entry.scope)).map(|entry| {
                let days = || format!("期限届满后{}{}内", entry.days, entry.unit.name());
                let end = entry.due().map_or_else(days, |due| until(&due));
                Granted { text: format!("宽限：{end}补办的视为按时"), line: entry.line }
            });
        let promises =
            self.hold_harmless.iter().filter(|entry| is_about(&entry.businesses, &entry.scope)).map(|entry| {
                let protects: Vec<&str> = entry.protects.iter().map(|protection| protection.name()).collect();
                let end = entry.due.as_ref().map(|due| format!("{}补办的，", until(due))).unwrap_or_default();
                Granted {
                    text: format!("待遇不受损：{}{end}{}。{}", period(entry.care), protects.join("、"), entry.advice),
                    line: entry.line,
                }
            });
        let around = self.arrangements().into_iter().filter(|one| {
            let is_of_business = one.businesses.is_empty() || is_about(&one.businesses, &Scope::default());
            one.part != Part::Invariant && is_of_business && self.covers(&one.scope, question)
        });
        let around = around
            .map(|one| Granted {
                text: format!("{}：{}。{}", one.part.name(), one.text, one.advice), line: one.line
            });
        extensions.chain(tolerances).chain(promises).chain(around).collect()
    }
}

fn period(care: Option<CarePeriod>) -> String {
    care.map(|period| period.name()).unwrap_or_default()
}

/// The last day of a half-open limit: 24:00 belongs to the day that it ends.
fn last_day_of(limit: DateTime) -> Date {
    if limit == limit.date().at(0, 0, 0, 0) { limit.date().yesterday().unwrap_or(limit.date()) } else { limit.date() }
}
