//! Until when an entry is to be finished. Never kept, always derived from the plan in force: a re-plan moves it. Work that no
//! plan governs counts working days from its intake.

use super::asked_as::ask_as;
use super::fallen::taken_over;
use super::{Entry, Governed, State, field};
use crate::calendar::Calendar;
use crate::code::Pool;
use crate::outage::{
    Business, Channel, Closing, Contract, Deadline, DueAt, Duty, DutyKind, Insurance, Moments, NOT_STATED, Path, Plan,
    Question, RegisterKind, Rule, Stay, Way, conversion_of, path_of_stay, plan_named, review_ends,
};
use crate::time::{DateTime, minute_text};
use jiff::ToSpan as _;
use std::cmp::Reverse;

/// Why an entry has no deadline.
const NO_DEADLINE: DueAt = DueAt::Unknowable(NOT_STATED);

/// The rule that an entry stands under, in this plan.
pub fn rule_of<'a>(plan: &'a Plan, entry: &Entry) -> Option<&'a Rule> {
    plan.rules.iter().find(|rule| rule.id == entry.rule)
}

/// The duties of a plan that have this register, whomever they are for.
fn duties_of(plan: &Plan, kind: RegisterKind) -> impl Iterator<Item = &Duty> {
    plan.duties.iter().filter(move |duty| duty.register() == Some(kind))
}

/// The first duty of a plan that has this register, whomever it is for.
pub fn duty_of(plan: &Plan, kind: RegisterKind) -> Option<&Duty> {
    duties_of(plan, kind).next()
}

/// The duty of a plan that an entry of this register stands under, for whom and where the question is about; of several the
/// one whose scope is the most specific, then the first.
pub fn duty_for<'a>(plan: &'a Plan, kind: RegisterKind, question: &Question) -> Option<&'a Duty> {
    let covering = duties_of(plan, kind).filter(|duty| plan.covers(&duty.scope, question));
    covering.min_by_key(|duty| Reverse(duty.scope.specificity(0)))
}

/// The duty or rule of a plan that puts somebody on a list of this register, for whom and where the question is about; of rules
/// the one that governs the register's business for them. Nothing where the plan has no such list.
pub fn listed_under<'a>(plan: &'a Plan, kind: RegisterKind, question: &Question) -> Option<&'a str> {
    let of_duty = duty_for(plan, kind, question).map(|duty| duty.id.as_str());
    let of_rule = || {
        let keeping = plan.rules.iter().filter(|rule| rule.keeps(kind) && plan.covers(&rule.scope, question));
        let governs = |rule: &&Rule| {
            let asked = Question { business: Business::named(kind.row().business), ..question.clone() };
            plan.governing(&asked).iter().any(|one| one.id == rule.id)
        };
        keeping.min_by_key(|rule| !governs(rule)).map(|rule| rule.id.as_str())
    };
    of_duty.or_else(of_rule)
}

/// The duty under which the provider of a question posts the notice, where the plan has one for such a provider.
pub fn posted_by<'a>(plan: &'a Plan, question: &Question) -> Option<&'a Duty> {
    let supplies = question.records.contracts.contains(&Contract::SpecialDrugs);
    let channel = question.channel?;
    let meant = duties_of(plan, RegisterKind::Publicity).filter(|duty| {
        plan.covers(&duty.scope, question) && duty.who.iter().any(|actor| actor.is_met_by(channel, supplies))
    });
    meant.min_by_key(|duty| Reverse(duty.scope.specificity(0)))
}

/// The deadline that an entry stands under now.
pub fn deadline_of<'a>(plan: &'a Plan, entry: &Entry) -> Option<&'a Deadline> {
    let question = question_of(entry, &plan.pool);
    let own_duty = || duty_for(plan, entry.kind, &question);
    match entry.kind {
        RegisterKind::StayConversion if entry.state == State::Waiting => own_duty()?.deadline.as_ref(),
        RegisterKind::StayConversion => settled_until(plan, entry, None, &question),
        RegisterKind::InpatientNotice | RegisterKind::Publicity | RegisterKind::Escalation | RegisterKind::Incident => {
            own_duty()?.deadline.as_ref()
        }
        RegisterKind::Supply => None,
        _ => match rule_of(plan, entry) {
            // Whoever pays it back has no deadline of those who settle.
            Some(rule) => match taken_over(rule, entry) {
                Some(fallback) => fallback.deadline.as_ref(),
                None if entry.kind == RegisterKind::Papers => {
                    papers_until(plan, rule, &question_of_care(entry, &plan.pool), &question)
                }
                None if rule.disposition.is_claimed() => plan.made_good_until(rule, &question),
                None => settled_until(plan, entry, Some(rule), &question),
            },
            None => plan.duties.iter().find(|duty| duty.id == entry.rule)?.deadline.as_ref(),
        },
    }
}

/// Until when it is made good: what its call is held to, or tells. A stay that was over inside goes by the rule that kept it from being
/// settled (P-11), not by that of its admission. Where only a call or a list is due, until then.
fn settled_until<'a>(
    plan: &'a Plan,
    entry: &Entry,
    rule: Option<&'a Rule>,
    question: &Question,
) -> Option<&'a Deadline> {
    let office = |question: &Question| plan.duty_until(&[DutyKind::Call, DutyKind::Register], question);
    if let Some(way) = way_of_stay(plan, entry, question) {
        let own = || rule.and_then(|rule| plan.made_good_until(rule, question));
        return way.deadline().or_else(own).or_else(|| office(&way.question));
    }
    // A conversion that no rule named is settled like any stay.
    let settling = Question { business: settlement_of(entry), ..question.clone() };
    let as_any = || plan.governing(&settling).into_iter().find_map(|rule| plan.made_good_until(rule, &settling));
    let entered = || plan.duty_until(&[DutyKind::Backfill], question).or_else(as_any);
    rule.map_or_else(entered, |rule| plan.made_good_until(rule, question)).or_else(|| office(question))
}

/// The business that the settlement of a stay is.
fn settlement_of(entry: &Entry) -> Business {
    if entry.business.is_within(&Business::named("settlement.inpatient")) {
        entry.business.clone()
    } else if field::MATN_TYPE.is_stated(entry) {
        Business::named("settlement.inpatient.maternity")
    } else {
        Business::named("settlement.inpatient")
    }
}

/// The way that a stay goes, by its times as they are known.
fn way_of_stay<'a>(plan: &'a Plan, entry: &Entry, question: &Question) -> Option<Way<'a>> {
    if !entry.kind.is_settled() || !entry.kind.is_stay() {
        return None;
    }
    let question = Question { business: settlement_of(entry), ..question.clone() };
    let stay = Stay { admitted: entry.care_from, discharged: entry.care_until, chose_to_claim: false };
    match path_of_stay(std::slice::from_ref(plan), &question, &stay) {
        Path::Backfill(way) | Path::Elsewhere(way) => Some(way),
        Path::Ordinary => conversion_of(std::slice::from_ref(plan), &question, &stay),
    }
}

/// The way of a stay whose settlement the agency pays back, though the rule that it was written down under is of its admission.
pub(super) fn claimed_way<'a>(plan: &'a Plan, entry: &Entry) -> Option<Way<'a>> {
    let way = way_of_stay(plan, entry, &question_of(entry, &plan.pool))?;
    let leads_there = match way.fallback {
        Some(fallback) => fallback.is_at_the_agency(),
        None => way.closing.rule.disposition.is_claimed(),
    };
    leads_there.then_some(way)
}

/// Until when papers about care are brought to the agency under a rule: what the rule says of the care, else the duty to take in papers
/// of their own business.
pub(super) fn papers_until<'a>(
    plan: &'a Plan,
    rule: &'a Rule,
    care: &Question,
    papers: &Question,
) -> Option<&'a Deadline> {
    let kinds: &[DutyKind] = match rule.disposition.is_claimed() {
        true => &[DutyKind::Register],
        false => &[DutyKind::Call, DutyKind::Register],
    };
    plan.made_good_until(rule, care).or_else(|| plan.duty_until(kinds, papers))
}

/// Until when an entry is to be finished, as the plan stands now.
pub fn due_of(plan: &Plan, entry: &Entry, calendar: &Calendar) -> DueAt {
    if entry.kind == RegisterKind::Supply {
        let supply = plan.supplies.iter().find(|supply| supply.id == entry.rule);
        return supply.map_or(NO_DEADLINE, |supply| DueAt::At(supply.dispense_before.at));
    }
    match deadline_of(plan, entry) {
        Some(deadline) => due_by(plan, deadline, entry, calendar),
        None => own_due(std::slice::from_ref(plan), entry, &question_of(entry, &plan.pool), calendar),
    }
}

/// When a deadline of its plan ends for an entry.
pub(super) fn due_by(plan: &Plan, deadline: &Deadline, entry: &Entry, calendar: &Calendar) -> DueAt {
    let question = question_of_care(entry, &plan.pool);
    let moments = Moments {
        care: Some(entry.care_from),
        discharge: entry.care_until.or(field::CARE_ENDTIME.of(entry)),
        intake: Some(intake(entry)),
        question: Some(&question),
        ..Moments::default()
    };
    plan.due(deadline, &moments, calendar)
}

/// The window of its rule in which the case of an entry fell: that of its care, or of its papers; of several the last that had
/// begun by then. Nothing where its rule closes it no more.
pub(super) fn closing_of<'a>(plan: &'a Plan, entry: &Entry) -> Option<Closing<'a>> {
    let question = question_of_care(entry, &plan.pool);
    let met = entry.care_until.or(field::CARE_ENDTIME.of(entry));
    let moments = [Some(entry.care_from), met, Some(intake(entry))];
    let own: Vec<Closing<'a>> =
        plan.closings(&question).into_iter().filter(|closing| closing.rule.id == entry.rule).collect();
    let holds = |closing: &&Closing<'a>| moments.iter().flatten().any(|moment| closing.window.contains(*moment));
    own.iter().find(holds).or(own.first()).cloned()
}

/// Until when an entry of a pool's book is to be finished, by the plans in force or by its own kind.
pub fn due_among(plans: &[Plan], pool: &Pool, entry: &Entry, calendar: &Calendar) -> DueAt {
    if entry.kind.row().governed == Governed::Nothing {
        return own_due(plans, entry, &question_of(entry, pool), calendar);
    }
    let plan = plan_named(plans, pool, &entry.plan);
    plan.map_or(DueAt::Unknowable("方案已不在册"), |plan| due_of(plan, entry, calendar))
}

/// The deadline that a kind has where no plan sets one: so many working days from intake. Where a plan stops the clock of review
/// (P-14), a day on which the business is closed does not count; where it extends limits of the business, those too.
fn own_due(plans: &[Plan], entry: &Entry, question: &Question, calendar: &Calendar) -> DueAt {
    let days = entry.kind.row().days;
    if days == 0 {
        return NO_DEADLINE;
    }
    let due = match review_ends(plans, question, intake(entry), days, calendar) {
        DueAt::At(due) => due,
        unknown => return unknown,
    };
    let mut latest = due;
    for plan in plans.iter().filter(|plan| question.concerns(&plan.pool)) {
        match plan.extended(question, Some(entry.care_from), due, calendar) {
            DueAt::At(extended) => latest = latest.max(extended),
            unknown => return unknown,
        }
    }
    DueAt::At(latest)
}

/// When an entry came in: as it is stated, else when it was taken down.
fn intake(entry: &Entry) -> DateTime {
    field::BEGNTIME.of(entry).unwrap_or(entry.taken_at)
}

/// Why people are to see that something was written down later than it says (补记): what came in before a deadline that has passed is
/// believed, and is to be looked at. Nothing where it was written down when it came in.
pub fn written_later(entry: &Entry) -> Option<String> {
    /// How long a form may lie on the counter.
    const AT_ONCE: i64 = 30;
    let stated = Some(field::WRITTEN_LATER.of(entry)).filter(|stated| !stated.is_empty());
    if let Some(stated) = stated {
        return Some(stated.to_owned());
    }
    let intake = field::BEGNTIME.of(entry).filter(|_| entry.kind.row().governed == Governed::Papers)?;
    let is_later = intake.date() < entry.taken_at.date()
        || intake.checked_add(AT_ONCE.minutes()).is_ok_and(|at_once| at_once < entry.taken_at);
    is_later.then(|| format!("收件时间早于登记（{}登记）", minute_text(entry.taken_at)))
}

/// Whether an entry should have been finished by now.
pub fn is_overdue(entry: &Entry, due: DueAt, now: DateTime) -> bool {
    !entry.state.is_final() && due.missed_at(now).is_some()
}

/// The channel of a Chinese name, the plan's own where the platform knows none of it.
fn channel_named(name: &str) -> Channel {
    Channel::KNOWN
        .iter()
        .copied()
        .find(|channel| channel.name() == name)
        .unwrap_or_else(|| Channel::own("", name, "", false))
}

/// The same about the care that papers are for, where its rule has taken them in: at its provider, whose stage moves its deadline.
fn question_of_care(entry: &Entry, pool: &Pool) -> Question {
    let mut question = question_of(entry, pool);
    if let Some(business) = Business::new(field::CARE_BUSINESS.of(entry)) {
        question.business = business;
        question.is_at(field::CARE_PROVIDER.of(entry));
    }
    question
}

/// What the gate would be asked about an entry, as the entry itself tells.
pub fn question_of(entry: &Entry, pool: &Pool) -> Question {
    let insurance = Insurance::of_insutype(field::INSUTYPE.of(entry));
    let provider = (!entry.fixmedins_code.is_empty()).then(|| entry.fixmedins_code.clone());
    let channel = match provider.as_deref() {
        Some(code) if code.starts_with('P') => Channel::Pharmacy,
        Some(_) => Channel::Hospital,
        None => Channel::Agency,
    };
    let stated = field::CHANNEL.of(entry);
    let channel = if stated.is_empty() { channel } else { channel_named(stated) };
    let mut question = Question {
        care_pool: Some(pool.clone()),
        insured_pool: Some(pool.clone()),
        scheme: insurance,
        channel: Some(channel),
        provider,
        county: (!entry.admdvs.is_empty()).then(|| entry.admdvs.clone()),
        ..Question::about(entry.business.clone())
    };
    ask_as(entry, &mut question);
    question
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::register::{Source, usual_business};
    use jiff::civil::date;

    fn papers(intake: DateTime, taken: DateTime) -> Entry {
        let kind = RegisterKind::Papers;
        let mut entry = Entry::draft(kind, usual_business(kind), intake, Source::Page, "窗口", taken);
        field::BEGNTIME.put(&mut entry.details, intake);
        entry
    }

    #[test]
    fn what_was_written_down_later_than_it_says_is_seen() {
        let at = |day: i8, hour: i8, minute: i8| date(2021, 8, day).at(hour, minute, 0, 0);
        assert_eq!(written_later(&papers(at(2, 10, 0), at(2, 10, 20))), None, "a form lies on the counter for a while");
        assert!(written_later(&papers(at(2, 10, 0), at(2, 10, 40))).unwrap().contains("2021-08-02 10:40登记"));
        assert!(written_later(&papers(at(1, 23, 59), at(2, 0, 1))).is_some(), "deadlines end with their day");
        let mut claim = papers(at(2, 10, 0), at(2, 10, 0));
        field::WRITTEN_LATER.put(&mut claim.details, "申请时间早于登记");
        assert_eq!(written_later(&claim).as_deref(), Some("申请时间早于登记"));
        let visit = Entry { kind: RegisterKind::CashVisit, ..papers(at(1, 10, 0), at(2, 10, 0)) };
        assert_eq!(written_later(&visit), None, "care is always written down after it was given");
    }
}
