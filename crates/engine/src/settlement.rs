//! The settlement (结算): gather facts, let `yibao_domain` decide, record with its postings.
//!
//! One path serves pharmacies, visits and stays; trial settlements take it without recording. What an outage has to do with
//! it is worked out before, and received as [`circumstances`]; its register entry is tied after, above.

pub(crate) mod basis;
pub(crate) mod cancellation;
pub(crate) mod chain;
pub(crate) mod circumstances;
pub(crate) mod facts;
pub(crate) mod grounds;
pub(crate) mod line;
pub(crate) mod premises;
pub(crate) mod prepare;
pub(crate) mod read_at;
pub(crate) mod reply;
pub(crate) mod row;
pub(crate) mod show;

use crate::call::{Call, Stop};
use crate::policies::Policies;
use crate::settlement::prepare::Prepared;
use yibao_store::settlement::{Settlement, SettlementRow};
use yibao_store::{Fault, Tx};

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

/// The prepared settlement of an encounter becomes a record: repriced lines first, then the settlement that takes them.
pub(crate) fn record(tx: &mut dyn Tx, prepared: &Prepared) -> Result<(), Fault> {
    if !prepared.repriced.is_empty() {
        tx.reprice_fee_lines(&prepared.repriced)?;
    }
    let serials: Vec<String> = prepared.lines.iter().map(|line| line.feedetl_sn.clone()).collect();
    tx.record_settlement(&prepared.settlement, &serials)
}
