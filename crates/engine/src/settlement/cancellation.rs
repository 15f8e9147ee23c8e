//! The record of a cancellation (结算撤销): the mirror of the settlement's postings; totals and account go back.

use crate::call::{Call, Stop};
use crate::policies::Policies;
use yibao_domain::money::Money;
use yibao_store::Tx;
use yibao_store::ledger::Posting;
use yibao_store::settlement::{Cancellation, Settlement};

/// Records the cancellation of a standing settlement; the account's balance after it.
pub(crate) fn record(tx: &mut dyn Tx, call: &Call, policies: &Policies, standing: &Settlement) -> Result<Money, Stop> {
    let serial = tx.next_serial("cancellation")?;
    let mirror = |posting: &Posting| Posting { account: posting.account.clone(), amount: posting.amount.negated() };
    Ok(tx.record_cancellation(&Cancellation {
        setl_id: standing.setl_id.clone(),
        cancellation_id: format!("R{}{}{serial:08}", policies.pool.pool, call.now.strftime("%Y%m%d")),
        msgid: call.msgid.clone(),
        at: call.now,
        opter: call.opter.clone(),
        postings: standing.postings.iter().map(mirror).collect(),
    })?)
}
