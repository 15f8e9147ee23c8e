//! The circumstances (情形) of a settlement: what is known of it beyond the encounter and the person.
//!
//! Worked out before by those who know outages, registers and filings; a settlement takes them as they are. Ordinary care has
//! the plain ones.

use crate::settlement::premises::Premises;
use yibao_domain::refusal::Refusal;
use yibao_domain::settlement::{Filing, Place};
use yibao_store::encounter::Encounter;
use yibao_store::filing::Filing as FiledTransfer;

/// Says of a filed transfer and the later stay whether the filing counts although it was late.
pub(crate) type Excuses<'a> = Box<dyn Fn(&FiledTransfer, &Encounter) -> bool + 'a>;

/// What a settlement is told beyond what it settles.
pub(crate) struct Circumstances<'a> {
    /// Where the care was, seen from the person's pool.
    pub place: Place,
    /// The filing that it goes by.
    pub filing: Filing,
    /// Its place among the person's settlements, where it does not count when it is recorded (`decisions` 6, 7).
    pub premises: Option<Premises>,
    /// Why the person's benefits are held, where they are (P-26).
    pub held: Option<Refusal>,
    /// Why another leg of the transfer comes first, where one is written down and not settled (P-12).
    pub first_leg: Option<Refusal>,
    /// Whether a filing of a transfer counts although it was made after the arrival at the later stay.
    pub excuses: Excuses<'a>,
}

impl Circumstances<'_> {
    /// Care at home, that counts when it is recorded.
    pub fn plain() -> Circumstances<'static> {
        Circumstances {
            place: Place::Home,
            filing: Filing::None,
            premises: None,
            held: None,
            first_leg: None,
            excuses: Box::new(|_, _| false),
        }
    }
}
