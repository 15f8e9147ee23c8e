//! Later care that was settled before an event of the outage (其后结算): the mark of an entry whose later care awaits correction.

use crate::call::Stop;
use crate::facts::scheme;
use crate::settlement::premises::History;
use std::collections::BTreeMap;
use yibao_domain::register::{Entry, State};
use yibao_store::Tx;
use yibao_store::register::EntryFilter;
use yibao_store::settlement::Settlement;

/// The field of a settled entry that names later care which was settled before it by other premises.
pub(crate) const LATER: &str = "later_settlements";
/// The field of a settled entry whose refund the person has signed for.
const HANDED_OVER: &str = "refund_paid_at";
/// Entries that are looked through at a time.
const PAGE: usize = 1_000;

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

/// Marks a settled entry with the later care that awaits correction, or takes the mark away.
pub(crate) fn mark(details: &mut BTreeMap<String, String>, later: &[String]) {
    if later.is_empty() {
        details.remove(LATER);
    } else {
        details.insert(LATER.to_owned(), later.join("、"));
    }
}

/// Whether a settled entry's later care awaits correction.
fn is_marked(entry: &Entry) -> bool {
    entry.state == State::Settled && entry.details.contains_key(LATER)
}

/// Whether the person has had the refund: what was paid out is not taken back without somebody's decision.
pub(crate) fn is_handed_over(entry: &Entry) -> bool {
    !entry.field(HANDED_OVER).is_empty()
}

/// All entries with the mark: of a person, of a plan, or of the book.
pub(crate) fn marked(tx: &mut dyn Tx, psn_no: Option<&str>, plan: Option<&str>) -> Result<Vec<Entry>, Stop> {
    let filter = EntryFilter {
        psn_no: psn_no.map(str::to_owned),
        plan: plan.map(str::to_owned),
        states: vec![State::Settled],
        with_field: Some(LATER),
        ..EntryFilter::default()
    };
    let mut found = all(tx, filter)?;
    found.retain(is_marked);
    Ok(found)
}

/// All entries of a selection, page by page.
pub(crate) fn all(tx: &mut dyn Tx, mut filter: EntryFilter) -> Result<Vec<Entry>, Stop> {
    let mut found = Vec::new();
    loop {
        let page = tx.entries(&filter, PAGE)?;
        let is_last = page.len() < PAGE;
        filter.after = page.last().map(|last| (last.care_from, last.number.clone()));
        found.extend(page);
        if is_last {
            return Ok(found);
        }
    }
}
