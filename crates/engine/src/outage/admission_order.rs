//! Which stay comes first where somebody is transferred out of the city (P-13): the first hospital's costs are settled before a
//! new admission is registered. Holds where the plan in force has such a duty of order, from its closing to its end;
//! transfers inside the city are ordered at their settlement (P-12, `outage/settling`).

use crate::call::{Call, Stop};
use crate::facts::question::{self, Asked};
use crate::facts::{entries, filing};
use crate::outage::way;
use crate::policies::Policies;
use yibao_domain::outage::{Business, Duty, DutyKind, Plan, RegisterKind};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Entry, is_with_the_agency};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::encounter::{EncounterState, StayRow};
use yibao_store::filing::Filing;

/// Refuses an admission while the stay that a transfer out of the city left is not settled.
pub(crate) fn transferring_stay_must_be_settled(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    psn_no: &str,
    begntime: DateTime,
) -> Result<(), Stop> {
    let plans = policies.plans();
    let may_order = |plan: &&Plan| plan.pool == policies.pool.pool && orders(plan, call.now, |_| true);
    if !plans.iter().any(|plan| may_order(&plan)) {
        return Ok(());
    }
    let person = tx.person_facts(psn_no, &[])?;
    let insutype = call.input.nodes("mdtrtinfo").first().map_or("", |fields| fields.text("insutype"));
    let asked = Asked { insutype, person: person.as_ref(), day: begntime.date() };
    let admission = Business::named("encounter.admission");
    let question = question::about(policies, call.provider.as_deref(), &call.insuplc_admdvs, &asked, admission);
    let concerns = |plan: &&Plan| orders(plan, call.now, |duty| plan.covers(&duty.scope, &question));
    let Some(plan) = plans.iter().filter(may_order).find(concerns) else { return Ok(()) };
    let since = plan.window.closes.at;
    let leads_out = |care_admdvs: &str| !care_admdvs.is_empty() && !policies.covers(care_admdvs);
    let filings = tx.filings(psn_no, Some(filing::TRANSFER))?;
    let named = |filing: &&Filing| {
        leads_out(&filing.care_admdvs) && filing.begndate >= since.date() && filing.begndate <= begntime.date()
    };
    let Some(filed) = filings.iter().find(named) else { return Ok(()) };
    let stays = tx.stays(psn_no, begntime.date().year(), since.date(), begntime.date())?;
    let was_left = |row: &&StayRow| {
        row.encounter.state == EncounterState::Discharged
            && row.encounter.endtime.is_some_and(|left| left.date() >= filed.begndate && left <= begntime)
            && row.settlements.iter().all(|part| part.mid_stay)
    };
    let mut left = None;
    for row in stays.iter().filter(was_left) {
        let goes_another_way = match &person {
            Some(person) => way::goes_another_way(tx, call, policies, person, &row.encounter)?,
            None => false,
        };
        if !goes_another_way {
            left = Some(row);
            break;
        }
    }
    let which = match left {
        Some(left) => format!("机构 {}，就诊ID {}", left.encounter.fixmedins_code, left.encounter.mdtrt_id),
        None => match left_in_a_register(tx, plan, psn_no, filed, begntime)? {
            Some(entry) => format!("机构 {}，台账 {}", entry.fixmedins_code, entry.number),
            None => return Ok(()),
        },
    };
    let text = format!(
        "该人员 {} 办理转市外就医，转出医院（{which}）的费用尚未结算；请先由转出医院结算，再办理入院登记",
        filed.begndate
    );
    Err(Refusal::new(Code::WrongState, text).into())
}

/// The stay that was left, where it was written down in the outage and is not backfilled yet.
fn left_in_a_register(
    tx: &mut dyn Tx,
    plan: &Plan,
    psn_no: &str,
    filed: &Filing,
    begntime: DateTime,
) -> Result<Option<Entry>, Stop> {
    let is_stay = |entry: &Entry| {
        matches!(entry.kind, RegisterKind::Admission | RegisterKind::DeferredDischarge | RegisterKind::Transfer)
    };
    let was_left =
        |entry: &Entry| entry.care_until.is_some_and(|left| left.date() >= filed.begndate && left <= begntime);
    let entries = entries::of_person(tx, psn_no)?.into_iter();
    let mut open = entries.filter(|entry| {
        entry.plan == plan.id && is_stay(entry) && !entry.state.is_final() && !is_with_the_agency(entry)
    });
    Ok(open.find(was_left))
}

/// Whether the plan orders transfer before admission, and its time has come.
fn orders(plan: &Plan, now: DateTime, concerned: impl Fn(&Duty) -> bool) -> bool {
    let names = |duty: &Duty, business: &'static str| {
        duty.businesses.iter().any(|pattern| pattern.covers(&Business::named(business)))
    };
    plan.window.closes <= now
        && now < plan.ends
        && plan.duties.iter().any(|duty| {
            let is_order = duty.kind == DutyKind::Order;
            is_order && names(duty, "filing.transfer") && names(duty, "encounter.admission") && concerned(duty)
        })
}
