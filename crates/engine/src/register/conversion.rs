//! Ends what has nothing left to do (办结): the conversion of a stay that another entry has ended by hand.

use crate::facts::EVERY;
use crate::policies::Policies;
use crate::register::problem::NotDone;
use crate::register::{Actor, writer};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Acting, Action, Entry, Role, Stated};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::register::EntryFilter;

/// Ends the conversion of a stay that another entry has ended by hand, so that it is neither overdue nor settled again.
pub(crate) fn finish_conversion_with(
    tx: &mut dyn Tx,
    policies: &Policies,
    now: DateTime,
    ended: &Entry,
) -> Result<(), NotDone> {
    if ended.psn_no.is_empty() || ended.kind == RegisterKind::StayConversion {
        return Ok(());
    }
    let filter = EntryFilter {
        kind: Some(RegisterKind::StayConversion),
        psn_no: Some(ended.psn_no.clone()),
        ..EntryFilter::default()
    };
    let same_stay = |entry: &&Entry| {
        !entry.state.is_final()
            && entry.fixmedins_code == ended.fixmedins_code
            && entry.care_from.date() == ended.care_from.date()
    };
    for conversion in tx.entries(&filter, EVERY)?.iter().filter(same_stay) {
        finish(tx, policies, now, conversion, &format!("该次住院由台账{}{}", ended.number, ended.state.name()))?;
    }
    Ok(())
}

/// Takes an entry off that has nothing left to do, with the reason.
pub(crate) fn finish(
    tx: &mut dyn Tx,
    policies: &Policies,
    now: DateTime,
    before: &Entry,
    reason: &str,
) -> Result<(), NotDone> {
    let stated = Stated::from([("reason".to_owned(), reason.to_owned())]);
    let acting = Acting {
        entry: before,
        kept: before,
        action: Action::Process,
        role: Role::Platform,
        login: "",
        history: &[],
        table: &policies.work,
        stated: &stated,
        plan: None,
        agreed: None,
        calendar: &policies.calendar,
        now,
    };
    let deed = acting.decide()?;
    Ok(writer::take(tx, &deed, &Actor::platform(), now)?)
}
