//! PostgreSQL, version 15 or newer: one schema a pool in one database.
//!
//! ```text
//! reference        providers and the benefit catalogue
//! "book_520500"    the book of a pool
//! ```
//!
//! Several processes may use one database, each with several connections a book. What keeps them apart:
//!
//! - A call that records takes the turns of its persons first ([`Tx::foresee`](crate::Tx::foresee)): locks on their
//!   rows, in the order of `psn_no`, so that nobody waits in a circle and what was read stays true until the commit.
//! - What the locks do not cover, constraints do: a message, a round, a cancellation are there once.
//! - Where the server gives a transaction up, or goes away before the commit was sent, the work is run again.
//!
//! Records are kept back and travel together: a call costs one round trip to begin, lock and ask, and one to record
//! and commit. No triggers, functions or sequences of our own, so that sharding by schema or by person can carry it.

mod address;
mod ahead;
mod flight;
mod line;
mod migration;
mod moving;
pub mod scratch;
mod serial;
mod statement;
mod transaction;
mod trouble;
mod verify;
mod words;

use crate::book::{POSTGRES_BOOK, POSTGRES_REFERENCE};
use crate::census::{self, Figure};
use crate::fault::Fault;
use crate::hazard::{Danger, Hazard};
use crate::moving::{Outgoing, Receive};
use crate::seam::{Book, Check, Mode, Store, Traffic, Tx, Writing};
use address::Address;
use line::Line;
use migration::{BOOK_PREFIX, REFERENCE_SCHEMA, schema_of};
use serial::Serials;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use transaction::PostgresTx;
use trouble::{Kind, Trouble};
use yibao_domain::code::Pool;
use yibao_domain::register::WorkTable;

/// Connections that record side by side for each core: enough to keep the server busy while others wait for its disk.
const WRITERS_PER_CORE: usize = 4;

/// The books of a database.
pub struct PostgresStore {
    address: Address,
    serials: Arc<Serials>,
    writers: usize,
    hazard: Option<Arc<dyn Hazard>>,
}

impl PostgresStore {
    /// Opens the database at `url` (`postgres://user:password@host:port/name`, several hosts with commas), which must
    /// exist, and sees to it that the books of `pools` exist and are of this program's version.
    pub fn open(url: &str, pools: &[Pool]) -> Result<PostgresStore, Fault> {
        PostgresStore::at(Address::of(url)?, pools)
    }

    fn at(address: Address, pools: &[Pool]) -> Result<PostgresStore, Fault> {
        let store = PostgresStore::connected(address);
        let mut line = store.line(REFERENCE_SCHEMA)?;
        store.address.check_server(&mut line)?;
        migration::apply(&mut line, REFERENCE_SCHEMA, POSTGRES_REFERENCE)?;
        for pool in pools {
            check_name(pool)?;
            migration::apply(&mut line, &schema_of(pool), POSTGRES_BOOK)?;
        }
        Ok(store)
    }

    /// Opens a database that must have books already, for commands that only look (`verify`).
    pub fn open_existing(url: &str) -> Result<PostgresStore, Fault> {
        let store = PostgresStore::connected(Address::of(url)?);
        let mut line = store.line(REFERENCE_SCHEMA)?;
        store.address.check_server(&mut line)?;
        if migration::version(&mut line, REFERENCE_SCHEMA, POSTGRES_REFERENCE)?.is_none() {
            let why = "库里没有医保数据，请检查库名，或先用 load、serve 或 demo 建立数据";
            return Err(Fault::new("打开数据库", &store.address.shown, why));
        }
        Ok(store)
    }

    /// The same store with another number of connections that record side by side.
    #[must_use]
    pub fn with_writers(self, writers: usize) -> PostgresStore {
        PostgresStore { writers: writers.max(1), ..self }
    }

    /// The same store with something that can go wrong at every statement.
    #[must_use]
    pub fn with_hazard(self, hazard: Arc<dyn Hazard>) -> PostgresStore {
        PostgresStore { hazard: Some(hazard), ..self }
    }

    fn connected(address: Address) -> PostgresStore {
        let serials = Arc::new(Serials::new(address.config.clone()));
        let cores = thread::available_parallelism().map_or(1, usize::from);
        PostgresStore { address, serials, writers: WRITERS_PER_CORE * cores, hazard: None }
    }

    fn line(&self, schema: &str) -> Result<Line, Fault> {
        self.address.connect(schema).map_err(|trouble| trouble.fault("连接数据库", &self.address.shown))
    }
}

impl Store for PostgresStore {
    fn pools(&self) -> Result<Vec<Pool>, Fault> {
        const DOING: &str = "listing the books of";
        let sql = "SELECT substr(nspname::text, length($1) + 1) FROM pg_namespace
                   WHERE starts_with(nspname::text, $1) ORDER BY 1";
        let fault = |trouble: Trouble| trouble.fault(DOING, &self.address.shown);
        let rows = self.line(REFERENCE_SCHEMA)?.ask(sql, &[&BOOK_PREFIX]).map_err(fault)?;
        rows.iter().map(|row| Ok(Pool::new(row.try_get::<_, &str>(0).map_err(|error| fault(error.into()))?))).collect()
    }

    fn open(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault> {
        check_name(pool)?;
        let mut line = self.line(&schema_of(pool))?;
        migration::apply(&mut line, &schema_of(pool), POSTGRES_BOOK)?;
        Ok(Box::new(PostgresBook {
            pool: pool.clone(),
            address: self.address.clone(),
            hazard: self.hazard.clone(),
            serials: Arc::clone(&self.serials),
            line: Some(line),
            traffic: Traffic::default(),
        }))
    }

    fn writing(&self, _pool: &Pool) -> Writing {
        Writing { writers: self.writers, calls_per_transaction: 1 }
    }

    fn hand_over(&self, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault> {
        check_name(pool)?;
        self.give_away(pool, receive)
    }

    fn take_over(&self, pool: &Pool, from: &mut dyn Outgoing) -> Result<(), Fault> {
        check_name(pool)?;
        self.receive(pool, from)
    }

    fn distribute(&self, pool: &Pool) -> Result<(), Fault> {
        check_name(pool)?;
        self.share(pool)
    }
}

fn check_name(pool: &Pool) -> Result<(), Fault> {
    let name = pool.as_str();
    if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Fault::new("打开统筹区账簿", name, "统筹区编码只能由数字和字母组成"));
    }
    Ok(())
}

/// A worker's connection to one book; another one once it is lost.
struct PostgresBook {
    pool: Pool,
    address: Address,
    hazard: Option<Arc<dyn Hazard>>,
    serials: Arc<Serials>,
    line: Option<Line>,
    /// Of the connections that were lost.
    traffic: Traffic,
}

/// How a run of the work ended.
enum Ended {
    Kept,
    /// Nothing was kept, or nobody knows.
    Failed(Fault),
    /// Nothing was kept, and it may go better.
    Again(Kind, Fault),
}

impl PostgresBook {
    fn run(&mut self, mode: Mode, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Ended {
        let line = match self.line() {
            Ok(line) => line,
            Err(trouble) => {
                let kind = trouble.kind;
                let fault = trouble.fault("连接数据库", &self.address.shown);
                return if kind == Kind::Lasting { Ended::Failed(fault) } else { Ended::Again(kind, fault) };
            }
        };
        let mut line = line;
        let danger = Danger::of(self.hazard.as_ref(), &self.pool, mode);
        let mut tx = PostgresTx::new(&mut line, &self.serials, &self.pool, mode, danger);
        let outcome = work(&mut tx).and_then(|()| tx.commit());
        let ended_by = tx.ended_by();
        drop(tx);
        self.line = Some(line);
        match (ended_by, outcome) {
            (Some((kind @ (Kind::Gone | Kind::Leaving | Kind::Conflict), fault)), _) => Ended::Again(kind, fault),
            (Some((Kind::Taken, fault)), Err(_)) => Ended::Again(Kind::Taken, fault),
            (Some((_, fault)), _) | (None, Err(fault)) => Ended::Failed(fault),
            (None, Ok(())) => Ended::Kept,
        }
    }

    /// The connection, a new one where it was lost; taken out, so that a panic of the work leaves none behind that is
    /// in the middle of something.
    fn line(&mut self) -> Result<Line, Trouble> {
        match self.line.take() {
            Some(line) if line.is_usable() => Ok(line),
            lost => {
                if let Some(lost) = lost {
                    self.traffic = self.traffic.plus(lost.traffic());
                }
                self.address.connect(&schema_of(&self.pool))
            }
        }
    }
}

impl Book for PostgresBook {
    fn transact(&mut self, mode: Mode, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault> {
        let mut patience = Patience::default();
        loop {
            match self.run(mode, work) {
                Ended::Kept => return Ok(()),
                Ended::Failed(fault) => return Err(fault),
                Ended::Again(kind, fault) => {
                    if !patience.allows(kind) {
                        return Err(fault);
                    }
                }
            }
        }
    }

    fn verify(&mut self, work: &WorkTable) -> Result<Vec<Check>, Fault> {
        let connect = |book: &mut Self| book.line().map_err(|trouble| trouble.fault("连接数据库", &book.address.shown));
        let mut line = connect(self)?;
        let mut checks = verify::checks(&mut line, work);
        if !line.is_usable() {
            // Perhaps cut long ago, while nobody used it.
            line = connect(self)?;
            checks = verify::checks(&mut line, work);
        }
        self.line = Some(line);
        checks
    }

    fn census(&mut self) -> Result<Vec<Figure>, Fault> {
        let mut line = self.line().map_err(|trouble| trouble.fault("连接数据库", &self.address.shown))?;
        let figures = census::take(&mut PostgresTx::new(&mut line, &self.serials, &self.pool, Mode::Read, None));
        self.line = Some(line);
        figures
    }

    fn traffic(&self) -> Traffic {
        self.traffic.plus(self.line.as_ref().map(Line::traffic).unwrap_or_default())
    }
}

/// How often a transaction may be run again.
#[derive(Default)]
struct Patience {
    conflicts: u32,
    taken: u32,
    lost_since: Option<Instant>,
    pause: Duration,
}

/// Times that a transaction is run again for another's sake.
const CONFLICTS_MAX: u32 = 3;
/// Times that a transaction is run again because a key was taken: the second time it finds the record and says so.
const TAKEN_MAX: u32 = 1;
/// A server that is restarted, or a standby that takes over, is waited for so long.
const LOST_FOR_MAX: Duration = Duration::from_secs(10);
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

impl Patience {
    /// Whether to go on after a trouble of this kind; waits where that helps.
    #[expect(
        clippy::disallowed_methods,
        reason = "a server behind a network is waited for in real time, or reported as lost"
    )]
    fn allows(&mut self, kind: Kind) -> bool {
        match kind {
            Kind::Conflict => {
                self.conflicts += 1;
                // The other one goes first.
                thread::sleep(FIRST_PAUSE * self.conflicts);
                self.conflicts <= CONFLICTS_MAX
            }
            Kind::Taken => {
                self.taken += 1;
                self.taken <= TAKEN_MAX
            }
            Kind::Gone | Kind::Leaving => {
                let is_over = self.lost_since.get_or_insert_with(Instant::now).elapsed() > LOST_FOR_MAX;
                if !is_over {
                    // The first time at once: a connection may have been cut long ago, while nobody used it.
                    thread::sleep(self.pause);
                    self.pause = (self.pause * 2).clamp(FIRST_PAUSE, LONGEST_PAUSE);
                }
                !is_over
            }
            Kind::Unknown | Kind::Lasting => false,
        }
    }
}
