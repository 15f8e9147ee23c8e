//! Later care that was settled before an event of the outage (其后结算): what awaits correction, and the entries that say so.

use crate::call::Stop;
use crate::facts::{EVERY, scheme};
use crate::settlement::premises::History;
use yibao_domain::register::{Entry, Mark, State};
use yibao_store::Tx;
use yibao_store::register::EntryFilter;
use yibao_store::settlement::Settlement;

/// What counts after a settlement that was just recorded, and stands already: it went by other premises, where it shares
/// totals or the account.
pub(crate) fn care(tx: &mut dyn Tx, settlement: &Settlement) -> Result<Vec<String>, Stop> {
    let history = History::load(tx, &settlement.psn_no, settlement.begndate)?;
    let same_premises = |other: &Settlement| {
        let same_scheme = scheme::basic_scheme(&other.insutype) == scheme::basic_scheme(&settlement.insutype);
        let same_account = other.acct_used_flag == "1" && settlement.acct_used_flag == "1";
        (same_scheme && !other.accumulations.is_empty()) || same_account
    };
    let since = history.standing_since(settlement.counts_at).into_iter();
    let later = since.skip_while(|other| other.setl_id != settlement.setl_id).skip(1).filter(same_premises);
    Ok(later.map(|other| other.setl_id).collect())
}

/// All entries with the mark: of a person, of a plan, or of the book.
pub(crate) fn marked(tx: &mut dyn Tx, psn_no: Option<&str>, plan: Option<&str>) -> Result<Vec<Entry>, Stop> {
    let filter = EntryFilter {
        psn_no: psn_no.map(str::to_owned),
        plan: plan.map(str::to_owned),
        states: vec![State::Settled],
        with_field: Some(Mark::LaterCare.word()),
        ..EntryFilter::default()
    };
    let mut found = tx.entries(&filter, EVERY)?;
    found.retain(Entry::awaits_order);
    Ok(found)
}
