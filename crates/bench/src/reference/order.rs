//! What the reference's process is told to write, what it answers, and what its requesters share meanwhile.

use super::script::{Sampled, Script, Traveller};
use crate::flush::Counter;
use crate::measured::{Cost, Latencies, Round};
use crate::process;
use crate::traffic::{Mix, Traffic};
use anyhow::ensure;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Where the reference writes.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) enum Target {
    /// A book in a file.
    Sqlite(PathBuf),
    /// A schema of a database, through so many connections.
    Postgres { url: String, schema: String, connections: usize },
}

/// What is to be done.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub target: Target,
    pub script: Script,
    pub callers: usize,
    pub warm_up: Duration,
    pub counted: Duration,
    pub mix: Mix,
    pub persons: u64,
    pub seed: u64,
    pub first_journey: u64,
    /// Whether the writer makes the checkpoints itself.
    pub own_checkpoints: bool,
    /// The engine's own processes, where it has some.
    pub database: Option<Database>,
}

/// A server of the engine's own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Database {
    /// Its first process.
    pub server: u32,
    /// Where its flushes are counted.
    pub flushes: Option<PathBuf>,
}

impl Database {
    /// What its processes have used so far.
    pub(crate) fn used(&self) -> Cost {
        let used = process::used_by_family(self.server);
        let flushes = Counter::of_file(self.flushes.clone()).read();
        Cost { cpu_ms: used.cpu_ms, written: used.written, flushes, memory_kib: None }
    }
}

impl Target {
    /// How many connections, where that is a choice.
    pub(crate) fn connections(&self) -> Option<usize> {
        match self {
            Target::Sqlite(_) => None,
            Target::Postgres { connections, .. } => Some(*connections),
        }
    }
}

/// What came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Report {
    pub calls: BTreeMap<String, Vec<(u64, u64)>>,
    pub settled: u64,
    pub took: Duration,
    pub cost: Cost,
    pub database: Cost,
    pub next_journey: u64,
}

impl Report {
    /// As a round of the reference.
    pub(crate) fn round(self) -> Round {
        let calls = self.calls.iter().map(|(infno, counts)| (infno.clone(), Latencies::of_counts(counts)));
        Round {
            calls: calls.collect(),
            settled: self.settled,
            took: self.took,
            server: self.cost,
            database: self.database,
            ..Round::default()
        }
    }
}

/// Own numbers of the reference's journeys start here, beyond those of the loaded city.
const FIRST_SERIAL: u64 = 1_000;

/// What the requesters of an order share.
pub(super) struct Shared {
    pub order: Order,
    pub counted_from: Instant,
    pub ends: Instant,
    pub traffic: Traffic,
    pub serials_a_journey: u64,
    pub next_journey: AtomicU64,
}

/// Latencies by transaction, and journeys that came to their end.
pub(super) type Written = (BTreeMap<String, Latencies>, u64);

impl Shared {
    /// What the next journey writes, and whose it is: one of the samples of its kind in turn.
    pub(super) fn next(&self) -> anyhow::Result<(&Sampled, Traveller)> {
        let number = self.next_journey.fetch_add(1, Ordering::Relaxed);
        let journey = self.traffic.journey(number);
        let kind = journey.kind_name();
        let samples: Vec<&Sampled> = self.order.script.journeys.iter().filter(|sampled| sampled.kind == kind).collect();
        ensure!(!samples.is_empty(), "没有{kind}的取样");
        let sampled = samples[usize::try_from(number).unwrap_or(0) % samples.len()];
        let first_serial = FIRST_SERIAL + number * self.serials_a_journey;
        let traveller = Traveller { person: journey.person(), provider: journey.provider().to_owned(), first_serial };
        Ok((sampled, traveller))
    }
}
