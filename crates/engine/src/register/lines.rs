//! When the fee lines kept with an entry may have occurred: in its care, as at the platform.

use crate::call::Stop;
use crate::encounter::dates;
use yibao_domain::encounter::FeeTimes;
use yibao_domain::outage::Business;
use yibao_domain::register::Entry;
use yibao_domain::time::DateTime;
use yibao_store::Tx;

/// The times that a fee of the entry's care may have; `None` where the entry is not about care.
pub(crate) fn fee_times(entry: &Entry, now: DateTime) -> Option<FeeTimes> {
    let purchase = entry.business.is_within(&Business::named("settlement.pharmacy")).then_some(entry.care_from);
    let end = entry.care_until.or(purchase);
    entry.kind.is_settled().then(|| FeeTimes::of(entry.care_from, end, now))
}

/// Lines that are kept already stay within the care when its times are stated anew.
pub(crate) fn must_stay_within(tx: &mut dyn Tx, before: &Entry, after: &Entry, now: DateTime) -> Result<(), Stop> {
    if (before.care_from, before.care_until) == (after.care_from, after.care_until) {
        return Ok(());
    }
    let Some(times) = fee_times(after, now) else { return Ok(()) };
    for line in tx.entry_lines(&after.number)? {
        dates::must_lie_within(&times, &format!("费用明细 {}", line.feedetl_sn), line.fee_ocur_time)?;
    }
    Ok(())
}
