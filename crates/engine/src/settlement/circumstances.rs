//! The circumstances (情形) of a settlement: what is known of it beyond the encounter and the person.
//!
//! Worked out before by those who know outages, registers and filings; a settlement takes them as they are, and they can be
//! handed from a reader to the writer.

use crate::settlement::premises::Premises;
use yibao_domain::refusal::Refusal;
use yibao_domain::settlement::{Filing, Place};

/// What a settlement is told beyond what it settles.
pub(crate) struct Circumstances {
    /// Where the care was, seen from the person's pool.
    pub place: Place,
    /// The filing that it goes by.
    pub filing: Filing,
    /// Its place among the person's settlements, where it does not count when it is recorded (`decisions` 6, 7).
    pub premises: Option<Premises>,
    /// Why the person's benefits are held, where they are (P-26).
    pub held: Option<Refusal>,
}
