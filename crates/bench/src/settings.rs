//! What is to be measured (设置).

use crate::traffic::Mix;
use std::path::PathBuf;
use std::time::Duration;

/// All that a measurement is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The `yibao` program, which is the platform and the reference's process.
    pub program: PathBuf,
    /// One after the other.
    pub scenarios: Vec<Scenario>,
    /// One after the other.
    pub engines: Vec<Engine>,
    /// Numbers of tills of the closed loop; each is measured.
    pub callers: Vec<usize>,
    /// Journeys a second of the open loop, in place of the closed one.
    pub rate: Option<u64>,
    /// How long a round is counted.
    pub counted: Duration,
    /// How long a round runs before it is counted.
    pub warm_up: Duration,
    /// Rounds of platform and reference in turn.
    pub rounds: usize,
    /// Persons of the city.
    pub persons: u64,
    /// Numbers of persons for `growth`.
    pub sizes: Vec<u64>,
    /// Providers that wake in `reopening`; one in a hundred of them has a thousand waiting messages.
    pub waking: u64,
    /// Calls at the same moment, at the end of `reopening`.
    pub overload: u64,
    /// Messages that hospitals upload in `deposits`.
    pub uploads: u64,
    /// The seed of all draws.
    pub seed: u64,
    /// How much slower every flush is made, in microseconds.
    pub flush_delay_us: u64,
    /// Leave the checkpoints of the reference to its writer.
    pub own_checkpoints: bool,
    /// Check the books of both sides afterwards.
    pub verify: bool,
    /// Where the report is written.
    pub report: Option<PathBuf>,
}

/// What is sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scenario {
    /// Purchases of five lines (药店购药).
    Pharmacy,
    /// Visits with five lines (门诊).
    Outpatient,
    /// Stays with a hundred lines (住院).
    Inpatient,
    /// A city's mix (混合).
    Mixed,
    /// The first morning after an outage (恢复开放).
    Reopening,
    /// Purchases with few and many persons in store (规模).
    Growth,
    /// A night's uploads while the till is open (夜间上传).
    Deposits,
}

impl Scenario {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Scenario::Pharmacy => "pharmacy 药店购药",
            Scenario::Outpatient => "outpatient 门诊",
            Scenario::Inpatient => "inpatient 住院",
            Scenario::Mixed => "mixed 混合",
            Scenario::Reopening => "reopening 恢复开放",
            Scenario::Growth => "growth 规模",
            Scenario::Deposits => "deposits 夜间上传",
        }
    }

    /// The shares of journeys.
    pub(crate) fn mix(self) -> Mix {
        match self {
            Scenario::Pharmacy | Scenario::Reopening | Scenario::Growth | Scenario::Deposits => {
                Mix { purchases: 100, visits: 0 }
            }
            Scenario::Outpatient => Mix { purchases: 0, visits: 100 },
            Scenario::Inpatient => Mix { purchases: 0, visits: 0 },
            // Assumed: purchases before visits, and a stay rare but heavy with its hundred lines.
            Scenario::Mixed => Mix { purchases: 58, visits: 40 },
        }
    }
}

/// The engine under the platform.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// The embedded store.
    Sqlite,
    /// A private PostgreSQL server.
    Postgres,
}
