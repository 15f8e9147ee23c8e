//! The order of events (`decisions` 6, 7): an event of an outage counts at the time of its care.
//!
//! Its running totals, stay number, deductible and caps are those that stand without the person's settlements of later care.
//! What was settled meanwhile by other premises is found from the entries ([`Correction`]) and put right by reversal and
//! new settlement, oldest care first. Ordinary business keeps the order of settlement. Invariant: the ledger is only added
//! to, and correcting twice changes nothing.

use crate::call::Stop;
use crate::fees;
use yibao_domain::code::Scheme;
use yibao_domain::settlement::totals::{RunningTotal, Totals};
use yibao_domain::time::{Date, DateTime};
use yibao_store::Tx;

/// Takes what settlements of later care have added out of the totals of a day; says whether there was any.
pub(crate) fn leave_out_later_care(
    tx: &mut dyn Tx,
    totals: &mut Totals,
    psn_no: &str,
    scheme: Scheme,
    day: Date,
    counts_at: DateTime,
) -> Result<bool, Stop> {
    let later = tx.accumulated_by_later_care(psn_no, counts_at)?;
    let of_scheme = || later.iter().filter(|row| fees::basic_scheme(&row.insutype) == Some(scheme));
    for total in RunningTotal::ALL {
        let period = total.period_text(day);
        let added: i64 =
            of_scheme().filter(|row| row.name == total.name() && row.period == period).map(|row| row.value).sum();
        totals.add(&[(*total, -added)]);
    }
    Ok(of_scheme().next().is_some())
}
