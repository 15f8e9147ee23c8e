//! Later care that was settled before an event of the outage (其后结算): what awaits correction.

use crate::call::Stop;
use crate::facts::{EVERY, scheme};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::settlement::Settlement;

/// Says of later care that was settled already that it went by other premises, for the entry's history.
pub(crate) fn care(tx: &mut dyn Tx, settlement: &Settlement, counts_at: DateTime) -> Result<Vec<String>, Stop> {
    let mut later = Vec::new();
    for setl_id in tx.settled_later_care(&settlement.psn_no, counts_at, EVERY)? {
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
