//! The settlement (结算): gather facts, let `yibao_domain` decide, record with its postings.
//!
//! One path serves pharmacies, visits and stays; trial settlements take it without recording.

pub(crate) mod facts;
pub(crate) mod line;
pub(crate) mod prepare;
pub(crate) mod reply;
pub(crate) mod row;
pub(crate) mod show;

use crate::call::{Call, Done, Stop};
use crate::outage::matching;
use crate::policies::Policies;
use crate::settlement::prepare::Prepared;
use yibao_domain::register::Entry;
use yibao_store::Tx;
use yibao_store::encounter::Encounter;
use yibao_store::settlement::{Settlement, SettlementRow};

/// A new settlement id: pool (6), date (8), 2, serial.
pub(crate) fn new_id(tx: &mut dyn Tx, policies: &Policies, call: &Call) -> Result<String, Stop> {
    let serial = tx.next_serial("settlement")?;
    Ok(format!("{}{}2{serial:08}", policies.pool.pool, call.now.strftime("%Y%m%d")))
}

/// The standing settlement of these amounts, if any: itself, or the round that put it back. Senders know
/// the amounts by the id they were first given.
pub(crate) fn standing_for<'a>(rounds: &'a [SettlementRow], named: &Settlement) -> Option<&'a SettlementRow> {
    rounds.iter().find(|row| row.stands() && row.settlement.root() == named.root())
}

/// Answers with a trial settlement: the same amounts, nothing recorded.
pub(crate) fn tried(prepared: Prepared) -> Done {
    let output = reply::settled(&prepared.settlement, &prepared.person.person);
    Done { remarks: prepared.remarks, ..Done::with(output) }
}

/// The register entries of care that met an outage; refuses what another route has taken.
pub(crate) fn entries_of(tx: &mut dyn Tx, prepared: &Prepared, of: &Encounter) -> Result<Vec<Entry>, Stop> {
    match &prepared.met {
        Some(met) => matching::entries_of(tx, met, &prepared.settlement, of),
        None => Ok(Vec::new()),
    }
}

/// Records a prepared settlement of an encounter and answers with it.
pub(crate) fn record(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    of: Encounter,
    prepared: Prepared,
) -> Result<Done, Stop> {
    let settlement = &prepared.settlement;
    let entries = entries_of(tx, &prepared, &of)?;
    if !prepared.repriced.is_empty() {
        tx.reprice_fee_lines(&prepared.repriced)?;
    }
    let serials: Vec<String> = prepared.lines.iter().map(|line| line.feedetl_sn.clone()).collect();
    tx.record_settlement(settlement, &serials)?;
    if let Some(met) = &prepared.met {
        matching::settle(tx, call, &policies.pool.pool, met, settlement, entries, &of)?;
    }
    if of.med_type.is_empty() {
        tx.update_encounter(&Encounter { med_type: settlement.med_type.clone(), ..of })?;
    }
    let output = reply::settled(settlement, &prepared.person.person);
    Ok(Done { remarks: prepared.remarks, ..Done::with(output) }.effect(settlement.setl_id.as_str()))
}
