//! What was measured: each scenario's rounds, as table and report tell them.

use crate::deposits::{self, Night, Stored};
use crate::driver::Load;
use crate::growth::Size;
use crate::measured::Round;
use crate::reopening::{Morning, Outcome, Overload};
use crate::settings::Scenario;

/// What was measured by one scenario on one engine.
#[derive(Debug)]
pub(crate) enum Measured {
    /// Platform and reference in turn.
    Traffic(Compared),
    /// The first morning after an outage.
    Reopening(Box<Reopened>),
    /// A night's uploads beside care of today.
    Deposits(Box<Deposited>),
    /// The same load with few and many persons.
    Growth { engine: &'static str, load: Load, sizes: Vec<Size> },
}

/// One load of one scenario.
#[derive(Debug)]
pub(crate) struct Compared {
    pub scenario: Scenario,
    pub engine: &'static str,
    pub load: Load,
    /// Connections of the reference, where it has several.
    pub connections: Option<usize>,
    /// Rounds of the platform.
    pub platform: Vec<Round>,
    /// Rounds of the reference; none in an open loop.
    pub reference: Vec<Round>,
}

/// A morning with providers that have many messages, one without, and an overload.
#[derive(Debug)]
pub(crate) struct Reopened {
    pub engine: &'static str,
    pub morning: Morning,
    pub with_laden: Outcome,
    pub without: Outcome,
    pub overload: Overload,
    /// The most memory that the platform had, in KiB.
    pub memory_kib: u64,
}

/// A night.
#[derive(Debug)]
pub(crate) struct Deposited {
    pub engine: &'static str,
    pub night: Night,
    pub outcome: deposits::Outcome,
    pub stored: Stored,
    /// Bytes of the whole book before the night and after it.
    pub book_bytes: (u64, u64),
}

impl Measured {
    /// Whether everything was accepted that should have been.
    pub(crate) fn is_accepted(&self) -> bool {
        match self {
            Measured::Traffic(compared) => compared.platform.iter().all(|round| round.refused.is_empty()),
            Measured::Reopening(reopened) => {
                [&reopened.with_laden, &reopened.without].iter().all(|outcome| outcome.refused.is_empty())
            }
            Measured::Deposits(deposited) => {
                deposited.outcome.refused.is_empty() && deposited.stored.documents == deposited.outcome.documents
            }
            Measured::Growth { sizes, .. } => {
                sizes.iter().flat_map(|size| &size.rounds).all(|round| round.refused.is_empty())
            }
        }
    }
}
