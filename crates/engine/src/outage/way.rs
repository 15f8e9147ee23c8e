//! Which way a stay goes (去向) by the plans: at its hospital, in time or too late, or another way, as the plan says or its person chose.

use crate::call::{Call, Stop};
use crate::facts::entries;
use crate::facts::question::{self, Asked};
use crate::outage::subject::business_of_stay;
use crate::policies::Policies;
use crate::register::agreed;
use yibao_domain::outage::{AfterDeadline, Moments, Path, Plan, Question, RegisterKind, Stay, Way, path_of_stay};
use yibao_domain::register::field::Decision;
use yibao_domain::register::{Entry, State, is_with_the_agency};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::encounter::Encounter;
use yibao_store::person::PersonFacts;

/// Whether its hospital settles a stay no more, though it is over: it is with the agency or was the person's own to pay, the plan or
/// its person sends it there, or its time is over. Who is treated elsewhere meanwhile does not wait for it.
pub(crate) fn goes_another_way(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    person: &PersonFacts,
    of: &Encounter,
) -> Result<bool, Stop> {
    let plans = policies.plans();
    if of.endtime.is_none() || plans.iter().all(|plan| plan.pool != policies.pool.pool) {
        return Ok(false);
    }
    let is_ended = |entry: &Entry| is_with_the_agency(entry) || matches!(entry.state, State::SelfPaid | State::Refused);
    if entries::of_stay(tx, of)?.iter().any(is_ended) {
        return Ok(true);
    }
    let Some(provider) = tx.provider(&of.fixmedins_code)? else { return Ok(false) };
    let asked = Asked { insutype: &of.insutype, person: Some(person), day: of.begntime.date() };
    let question = question::about(policies, Some(&provider), "", &asked, business_of_stay(policies, &of.med_type));
    let stay = Stay { admitted: of.begntime, discharged: of.endtime, chose_to_claim: false };
    match path_as_chosen(tx, &plans, &question, stay, Some(of))? {
        Path::Ordinary => Ok(false),
        Path::Elsewhere(_) => Ok(true),
        Path::Backfill(way) if way.too_early(call.now).is_some() => Ok(false),
        Path::Backfill(way) => {
            let moments = Moments {
                care: Some(stay.admitted),
                discharge: stay.discharged,
                question: Some(&question),
                ..Moments::default()
            };
            // What the agency may still agree to is waited for.
            Ok(match way.missed(&moments, &policies.calendar, call.now) {
                None | Some((_, AfterDeadline::Listed)) => false,
                Some((_, AfterDeadline::Refuse)) => true,
                Some((_, AfterDeadline::ByCase)) => {
                    let decided = agreed::about_care(tx, &of.psn_no, &of.fixmedins_code, moments.care)?;
                    decided.is_some_and(|decision| decision != Decision::Agreed)
                }
            })
        }
    }
}

/// The way of a stay, with what its person has chosen.
pub(crate) fn path_as_chosen<'a>(
    tx: &mut dyn Tx,
    plans: &'a [Plan],
    question: &Question,
    stay: Stay,
    of: Option<&Encounter>,
) -> Result<Path<'a>, Stop> {
    let path = path_of_stay(plans, question, &stay);
    let (Path::Backfill(way), Some(of), Some(_)) = (&path, of, stay.discharged) else { return Ok(path) };
    if !(way.has_choice() && chose_to_claim(tx, of)?) {
        return Ok(path);
    }
    Ok(path_of_stay(plans, question, &Stay { chose_to_claim: true, ..stay }))
}

/// Refuses who comes before the way is open or after its deadline, unless the plan lists the late or the agency has agreed.
pub(crate) fn in_time(
    tx: &mut dyn Tx,
    now: DateTime,
    policies: &Policies,
    way: &Way<'_>,
    moments: &Moments<'_>,
    (psn_no, fixmedins_code): (&str, &str),
) -> Result<(), Stop> {
    if let Some(refusal) = way.too_early(now) {
        return Err(refusal.into());
    }
    let Some((due, after)) = way.missed(moments, &policies.calendar, now) else { return Ok(()) };
    match after {
        AfterDeadline::Listed => Ok(()),
        AfterDeadline::Refuse => Err(way.too_late(due, "逾期不再受理。").into()),
        AfterDeadline::ByCase => {
            match agreed::about_care(tx, psn_no, fixmedins_code, moments.care)? {
                Some(Decision::Agreed) => return Ok(()),
                Some(decision) => {
                    let text = format!(
                        "经办机构已就特殊情况请示作出决定：{}；不能再补录，有异议的请联系经办机构。",
                        decision.word()
                    );
                    return Err(way.too_late(due, &text).into());
                }
                None => {}
            }
            Err(way.too_late(due, "公告未规定逾期如何办理，请登记“特殊情况请示”，经办机构同意后再补录。").into())
        }
    }
}

/// Whether the person has chosen to pay this stay in full and to claim (B-10).
fn chose_to_claim(tx: &mut dyn Tx, of: &Encounter) -> Result<bool, Stop> {
    let chosen = |entry: &Entry| entry.kind == RegisterKind::DeferredDischarge && entry.claims_afterwards();
    Ok(entries::of_stay(tx, of)?.iter().any(chosen))
}
