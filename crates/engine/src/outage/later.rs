//! Later care that was settled before an event of the outage (其后结算): the mark of an entry whose later care awaits correction.

use crate::call::Stop;
use crate::facts::scheme;
use std::collections::BTreeMap;
use yibao_domain::register::{Entry, State};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::settlement::Settlement;

/// The field of a settled entry that names later care which was settled before it by other premises.
const LATER: &str = "later_settlements";
/// Settlements of one person that are looked at, at most.
const OF_PERSON_MAX: usize = 1_000;

/// Says of later care that was settled already that it went by other premises, for the entry's history.
pub(crate) fn care(tx: &mut dyn Tx, settlement: &Settlement, counts_at: DateTime) -> Result<Vec<String>, Stop> {
    let mut later = Vec::new();
    for setl_id in tx.settled_later_care(&settlement.psn_no, counts_at, OF_PERSON_MAX)? {
        if setl_id == settlement.setl_id {
            continue;
        }
        let same_scheme = |other: &Settlement| {
            scheme::basic_scheme(&other.insutype) == scheme::basic_scheme(&settlement.insutype)
                && !other.accumulations.is_empty()
        };
        if tx.settlement(&setl_id)?.is_some_and(|row| same_scheme(&row.settlement)) {
            later.push(setl_id);
        }
    }
    Ok(later)
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
pub(crate) fn is_marked(entry: &Entry) -> bool {
    entry.state == State::Settled && entry.details.contains_key(LATER)
}
