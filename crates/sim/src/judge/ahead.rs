//! What is told ahead (停办提示): whoever is settled shortly before a closing is told what the notice advises to do before it. Read in the
//! journal, from which a message that is sent again is answered.

use crate::judge::Wrong;
use crate::judge::priced::Account;
use crate::judge::row::{Row, wrong_of};
use crate::judge::rows::question;
use crate::judge::ways::of_plan;
use crate::world::World;
use jiff::ToSpan;
use yibao_domain::outage::Plan;
use yibao_domain::party::Party;
use yibao_store::Fault;
use yibao_store::message::MessageKey;

/// The messages that settle.
const SETTLES: [&str; 3] = ["2102", "2207", "2304"];
/// What is said where the notice has no advice of its own.
const USUAL: &str = "请提前安排";

/// Judges what was told with each settlement of a person's tills.
pub(super) fn judge(
    world: &World<'_>,
    plans: &[Plan],
    account: &Account<'_>,
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    if !world.office.is_undisturbed() {
        return Ok(());
    }
    for row in account.rows.iter().filter(|row| row.is_told()) {
        let advice = plans.iter().filter_map(|plan| advice(plan, world, row));
        for advice in advice.collect::<Vec<_>>() {
            if told(world, row)?.is_some_and(|told| !told.contains(advice)) {
                let what = format!("{} is not told “{advice}” ahead", row.booked.settlement.setl_id);
                wrong.push(wrong_of(row, what));
            }
        }
    }
    Ok(())
}

/// What a plan advises whoever is settled then: of the next closing, where one is near and nothing is closed yet.
fn advice<'a>(plan: &'a Plan, world: &World<'_>, row: &Row<'_>) -> Option<&'a str> {
    let (asked, at) = (question(world, row.event), row.recorded_at());
    let closings = of_plan(plan, &asked);
    let until = at.saturating_add(i64::from(plan.ahead_hours).hours());
    if closings.iter().any(|shut| shut.holds(at)) {
        return None;
    }
    let near = closings.into_iter().filter(|shut| at < shut.closes && shut.closes <= until);
    let next = near.min_by(|one, other| (one.closes, &one.rule.id).cmp(&(other.closes, &other.rule.id)))?;
    Some(next.rule.advice_ahead.as_deref().unwrap_or(USUAL))
}

/// The remarks with which the message of a settlement was answered, where it was a till's.
fn told(world: &World<'_>, row: &Row<'_>) -> Result<Option<String>, Fault> {
    let (party, msgid) = (Party::provider(&world.city.places[row.event.place].code), &row.booked.settlement.msgid);
    for infno in SETTLES {
        let key = MessageKey::new(party.clone(), msgid, infno);
        if let Some(message) = world.office.look(|tx| tx.message(&key))? {
            return Ok(Some(message.warn_msg));
        }
    }
    Ok(None)
}
