//! How an entry is made good now (依据的办法): by its rule, or by the fallback of it that has taken over, in the window of its case.
//!
//! A fallback takes over where the person has chosen it, or where the case was handed over to the agency. Then its deadline, papers and
//! advice are those of the entry. Never kept, but for the case in which it was handed over.

use super::Entry;
use super::due::{closing_of, deadline_of, due_of, rule_of};
use super::fallen::{in_case, led_to_the_agency, taken_over};
use super::table::Promise;
use crate::calendar::Calendar;
use crate::outage::{
    AfterDeadline, Deadline, Disposition, Fallback, FallbackWhen, Plan, Question, RegisterKind, Requirement, Rule,
    Window, moment_name,
};
use crate::refusal::{Code, Refusal};
use crate::time::DateTime;

/// What an entry stands under.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stands<'a> {
    /// Its rule.
    pub rule: &'a Rule,
    /// The fallback that has taken over.
    pub fallback: Option<&'a Fallback>,
    /// When its business was closed for this case; nothing where the rule closes nothing.
    pub window: Option<Window>,
    /// What to do.
    pub advice: String,
    /// The deadline that it stands under.
    deadline: Option<&'a Deadline>,
}

impl<'a> Stands<'a> {
    /// What an entry stands under in its plan; nothing where no rule of it governs the entry.
    pub fn of(plan: &'a Plan, entry: &Entry) -> Option<Stands<'a>> {
        let rule = rule_of(plan, entry)?;
        let fallback = taken_over(rule, entry);
        let closing = closing_of(plan, entry);
        let advice = match fallback {
            Some(fallback) => fallback.advice.clone(),
            None => closing.as_ref().map_or_else(|| rule.advice.clone(), |closing| closing.advice()),
        };
        let window = closing.map(|closing| closing.window).or_else(|| rule.window.clone());
        Some(Stands { rule, fallback, window, advice, deadline: deadline_of(plan, entry) })
    }

    /// What has to be recorded or shown.
    pub fn evidence(&self) -> &'a [Requirement] {
        self.fallback.map_or(&self.rule.evidence, |fallback| &fallback.evidence)
    }

    /// Until when a claim is made, where somebody has to come with it; what the agency starts by itself is never late.
    pub(super) fn claimed_until(&self) -> Option<&'a Deadline> {
        match (self.rule.disposition, self.fallback) {
            (_, Some(fallback)) if fallback.disposition != Disposition::AgencyReimburses => fallback.deadline.as_ref(),
            (Disposition::CashClaim, None) => self.deadline,
            _ => None,
        }
    }
}

/// Whether the agency pays back what stands under this rule, so that nothing is settled where the care was given.
pub fn is_claimed(plan: Option<&Plan>, entry: &Entry) -> bool {
    let rule = plan.and_then(|plan| rule_of(plan, entry));
    entry.kind.is_settled() && rule.is_some_and(|rule| rule.disposition.is_claimed())
}

/// In which case of its rule's fallbacks an entry goes to the agency that is handed over now; nothing where the rule has none
/// that leads there, or leads there itself.
pub fn case_now(plan: &Plan, entry: &Entry, now: DateTime, calendar: &Calendar) -> Option<FallbackWhen> {
    use FallbackWhen::{DeadlineMissed, DischargedBeforeReopening, PersonChooses};
    let rule = rule_of(plan, entry).filter(|rule| !rule.disposition.is_claimed())?;
    let is_late = || due_of(plan, entry, calendar).missed_at(now).is_some();
    let left_inside = || {
        let window = closing_of(plan, entry).map(|closing| closing.window);
        entry.kind.is_stay() && window.zip(entry.care_until).is_some_and(|(window, left)| window.contains(left))
    };
    let told = |when: FallbackWhen| match when {
        PersonChooses => entry.claims_afterwards(),
        DeadlineMissed => is_late(),
        DischargedBeforeReopening => left_inside(),
        _ => false,
    };
    let asked = [PersonChooses, DischargedBeforeReopening, DeadlineMissed];
    if let Some(when) = asked.into_iter().find(|when| told(*when) && in_case(rule, *when).is_some()) {
        return Some(when);
    }
    let first = led_to_the_agency(rule).find(|fallback| fallback.when.iter().any(|when| !asked.contains(when)));
    let first = first.or_else(|| led_to_the_agency(rule).next())?;
    first.when.iter().copied().find(|when| !asked.contains(when)).or_else(|| first.when.first().copied())
}

/// What a plan promises for an entry under one of its rules: care that the agency pays back is not settled by a provider, and the
/// agency of another pool pays back its own.
pub fn promise_of(plan: &Plan, rule: &Rule, kind: RegisterKind, question: &Question) -> Promise {
    let insured_here = question.insured_pool.as_ref().is_none_or(|pool| *pool == plan.pool);
    match rule.disposition {
        Disposition::NoRoute => Promise::Nothing,
        disposition if !disposition.is_claimed() || !kind.is_settled() => Promise::MadeGood,
        _ if insured_here => Promise::Claimed,
        _ => Promise::Nothing,
    }
}

/// The refusal of a claim that comes after its deadline; nothing where the plan only lists the late.
pub(super) fn claimed_too_late(due: DateTime, after: AfterDeadline) -> Option<Refusal> {
    let what = match after {
        AfterDeadline::Listed => return None,
        AfterDeadline::Refuse => "逾期不再受理；有特殊情况的",
        AfterDeadline::ByCase => "公告未规定逾期如何办理；",
    };
    let due = moment_name(due);
    let text = format!("该项费用的资料应在{due}前提交，{what}请登记“特殊情况请示”，经办机构同意后再办");
    Some(Refusal::new(Code::Dates, text))
}
