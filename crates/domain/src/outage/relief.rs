//! What a plan grants to who was kept from acting in time: longer limits, tolerance, and no loss (不受损).
//!
//! It moves limits that the law or other rules set, and says who is priced as if they had filed. Deadlines of the plan's
//! own are in `deadline`, what comes of a grant for one person in `granted`; the amounts are decided by the benefit rules.

use super::{Due, Pattern, Protection, Scope, Start, Unit};
use crate::time::{Date, DateTime, moment_name};

/// Care of a period (就医时段), half-open: relief may be keyed to when the care was, not to what was closed then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CarePeriod {
    /// The first moment of the care.
    pub from: DateTime,
    /// The first moment that is no longer of it.
    pub until: DateTime,
}

impl CarePeriod {
    /// Whether care was in it.
    pub fn contains(&self, care: DateTime) -> bool {
        self.from <= care && care < self.until
    }

    /// For people: `就医时间在2022-03-01 0:00至2022-03-15 24:00的，`.
    pub fn name(&self) -> String {
        format!("就医时间在{}至{}的，", self.from.strftime("%Y-%m-%d %H:%M"), moment_name(self.until))
    }
}

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
    /// For whom and where.
    pub scope: Scope,
    /// Only for care of this period.
    pub care: Option<CarePeriod>,
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
    /// For whom and where.
    pub scope: Scope,
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
    /// For whom and where.
    pub scope: Scope,
    /// For care of this period, whatever was closed then; `None`: for what could not be filed because it was closed.
    pub care: Option<CarePeriod>,
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
