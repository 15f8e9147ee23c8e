//! Until when an entry is to be finished. Never kept, always derived from the plan in force: a re-plan moves it. Work that no
//! plan governs counts working days from its intake.

use super::{Entry, Governed, State, field};
use crate::calendar::Calendar;
use crate::code::Pool;
use crate::outage::{
    BEYOND_CALENDAR, Business, Channel, Deadline, DueAt, Duty, DutyKind, Insurance, Moments, Plan, Question,
    RegisterKind, Rule,
};
use crate::time::DateTime;

/// Why an entry has no deadline.
const NO_DEADLINE: DueAt = DueAt::Unknowable("方案未规定期限");

/// The rule that an entry stands under, in this plan.
pub fn rule_of<'a>(plan: &'a Plan, entry: &Entry) -> Option<&'a Rule> {
    plan.rules.iter().find(|rule| rule.id == entry.rule)
}

/// The duty of a plan that a register's entries stand under.
pub fn duty_of(plan: &Plan, kind: RegisterKind) -> Option<&Duty> {
    plan.duties.iter().find(|duty| duty.register() == Some(kind))
}

/// The deadline that an entry stands under now.
pub fn deadline_of<'a>(plan: &'a Plan, entry: &Entry) -> Option<&'a Deadline> {
    // Who was admitted and left while all was closed is called to settle like any other who left (P-11).
    let left = entry.care_until.is_some_and(|left| plan.window.contains(left));
    let settlement = Business::named("settlement.inpatient");
    let covers = |duty: &&Duty| {
        let names = |business: &Business| duty.businesses.iter().any(|pattern| pattern.covers(business));
        names(&entry.business) || (left && entry.kind == RegisterKind::Admission && names(&settlement))
    };
    let after = [DutyKind::Backfill, DutyKind::Call, DutyKind::Register];
    let made_good = || {
        let duties = plan.duties.iter().filter(|duty| after.contains(&duty.kind)).filter(covers);
        duties.filter_map(|duty| duty.deadline.as_ref()).next()
    };
    match entry.kind {
        RegisterKind::StayConversion if entry.state == State::Waiting => duty_of(plan, entry.kind)?.deadline.as_ref(),
        RegisterKind::StayConversion => made_good(),
        RegisterKind::InpatientNotice | RegisterKind::Publicity | RegisterKind::Escalation | RegisterKind::Incident => {
            duty_of(plan, entry.kind)?.deadline.as_ref()
        }
        RegisterKind::Supply => None,
        _ => match rule_of(plan, entry) {
            Some(rule) => rule.deadline.as_ref().or_else(made_good),
            None => plan.duties.iter().find(|duty| duty.id == entry.rule)?.deadline.as_ref(),
        },
    }
}

/// Until when an entry is to be finished, as the plan stands now.
pub fn due_of(plan: &Plan, entry: &Entry, calendar: &Calendar) -> DueAt {
    if entry.kind == RegisterKind::Supply {
        let supply = plan.supplies.iter().find(|supply| supply.id == entry.rule);
        return supply.map_or(NO_DEADLINE, |supply| DueAt::At(supply.dispense_before));
    }
    let Some(deadline) = deadline_of(plan, entry) else { return own_due(entry, calendar) };
    let question = question_of(entry, &plan.pool);
    let moments = Moments {
        care: Some(entry.care_from),
        discharge: entry.care_until,
        intake: Some(intake(entry)),
        question: Some(&question),
    };
    plan.due(deadline, &moments, calendar)
}

/// Until when an entry is to be finished, by the plans in force or by its own kind.
pub fn due_among(plans: &[Plan], entry: &Entry, calendar: &Calendar) -> DueAt {
    if entry.kind.row().governed == Governed::Nothing {
        return own_due(entry, calendar);
    }
    let plan = plans.iter().find(|plan| plan.id == entry.plan);
    plan.map_or(DueAt::Unknowable("方案已不在册"), |plan| due_of(plan, entry, calendar))
}

/// The deadline that a kind has where no plan sets one: so many working days from intake.
fn own_due(entry: &Entry, calendar: &Calendar) -> DueAt {
    let days = entry.kind.row().days;
    if days == 0 {
        return NO_DEADLINE;
    }
    let due = calendar.add_working_days(intake(entry), days);
    due.map_or(DueAt::Unknowable(BEYOND_CALENDAR), DueAt::At)
}

/// When an entry came in: as it is stated, else when it was taken down.
fn intake(entry: &Entry) -> DateTime {
    field::BEGNTIME.of(entry).unwrap_or(entry.taken_at)
}

/// Whether an entry should have been finished by now.
pub fn is_overdue(entry: &Entry, due: DueAt, now: DateTime) -> bool {
    !entry.state.is_final() && due.moment().is_some_and(|due| due <= now)
}

/// What the gate would be asked about an entry, as far as the entry itself tells.
pub fn question_of(entry: &Entry, pool: &Pool) -> Question {
    let insurance = match field::INSUTYPE.of(entry) {
        "310" => Some(Insurance::Employee),
        "390" => Some(Insurance::Resident),
        "340" => Some(Insurance::RetiredCadre),
        "510" => Some(Insurance::Maternity),
        _ => None,
    };
    let provider = (!entry.fixmedins_code.is_empty()).then(|| entry.fixmedins_code.clone());
    let channel = match provider.as_deref() {
        Some(code) if code.starts_with('P') => Channel::Pharmacy,
        Some(_) => Channel::Hospital,
        None => Channel::Agency,
    };
    Question {
        care_pool: Some(pool.clone()),
        insured_pool: Some(pool.clone()),
        scheme: insurance,
        channel: Some(channel),
        provider,
        county: (!entry.admdvs.is_empty()).then(|| entry.admdvs.clone()),
        ..Question::about(entry.business.clone())
    }
}
