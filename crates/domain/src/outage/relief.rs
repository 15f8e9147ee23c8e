//! What a plan grants to who was kept from acting in time: longer limits, tolerance, and no loss (不受损).
//!
//! It moves limits that the law or other rules set, and says who is priced as if they had filed. Deadlines of the plan's
//! own are in `deadline`, what comes of a grant for one person in `granted`; the amounts are decided by the benefit rules.

use super::{Due, Pattern, Protection, Start, Unit};
use crate::time::Date;

/// A legal limit that ends near the outage and is extended (期限顺延).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Extension {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses whose limit it is.
    pub businesses: Vec<Pattern>,
    /// The first and the last day on which a limit may end to be extended.
    pub limit_ends: (Date, Date),
    /// Extended to this.
    pub due: Due,
}

/// So many days late still counts as in time (宽限).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tolerance {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses it concerns: filings.
    pub businesses: Vec<Pattern>,
    /// How many days.
    pub days: u32,
    /// Of which kind.
    pub unit: Unit,
    /// Counted from here; `None`: from the limit itself.
    pub from: Option<Start>,
}

/// Who could not file and files in time after is priced as if they had (不因停机降低待遇).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct HoldHarmless {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The filings that could not be made.
    pub businesses: Vec<Pattern>,
    /// What stays as if they had been made.
    pub protects: Vec<Protection>,
    /// Filed until then; `None`: without end.
    pub due: Option<Due>,
    /// What the person is told.
    pub advice: String,
}

impl Tolerance {
    /// Until when it helps, as a deadline; `None` where it is counted from each filing's own limit.
    pub fn due(&self) -> Option<Due> {
        Some(Due::Counted { count: self.days, unit: self.unit, from: self.from.clone()? })
    }
}
