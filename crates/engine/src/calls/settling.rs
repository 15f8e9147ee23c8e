//! What the settling transactions share: the answer of a trial, and the record with its answer.

use crate::call::{Call, Done, Stop};
use crate::outage::settling::Settling;
use crate::policies::Policies;
use crate::settlement::reply;
use yibao_store::Tx;
use yibao_store::encounter::Encounter;

/// Answers with a trial settlement: the same amounts, nothing recorded.
pub(crate) fn tried(settling: Settling) -> Done {
    let prepared = settling.prepared;
    let output = reply::settled(&prepared.settlement, &prepared.person.person);
    Done { remarks: prepared.remarks, ..Done::with(output) }
}

/// Records a prepared settlement of an encounter and answers with it.
pub(crate) fn record(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    of: Encounter,
    settling: Settling,
) -> Result<Done, Stop> {
    settling.record(tx, call, policies, &of)?;
    let prepared = settling.prepared;
    let settlement = &prepared.settlement;
    if of.med_type.is_empty() {
        tx.update_encounter(&Encounter { med_type: settlement.med_type.clone(), ..of })?;
    }
    let output = reply::settled(settlement, &prepared.person.person);
    Ok(Done { remarks: prepared.remarks, ..Done::with(output) }.effect(settlement.setl_id.as_str()))
}
