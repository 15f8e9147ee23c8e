//! The embedded engine: a folder with one SQLite file a pool.
//!
//! ```text
//! DIR/reference.db        providers and the benefit catalogue, attached to every book
//! DIR/books/520500.db     the book of a pool
//! ```
//!
//! A commit is durable: write-ahead log, flushed before `COMMIT` returns (`synchronous = FULL`).
//! A thread a book moves the log into the file (`checkpoint`).
//!
//! One writer a book: [`Mode::Write`] takes the book's write turn at once, so that what was read
//! stays true until the commit. Readers see the last commit and never wait for the writer, nor the
//! writer for them: they use a connection of their own on which writing is a fault.
//!
//! A transaction that stores reference rows commits `reference.db` and the book one after the
//! other. A power cut between the two leaves reference rows without the book's: loading again mends it.
//!
//! For simulations the same books are kept in memory (`memory`).

mod checkpoint;
mod folder;
mod memory;
mod migration;
mod moving;
mod statement;
mod transaction;
mod verify;

use crate::census::{self, Figure};
use crate::fault::Fault;
use crate::hazard::{Danger, Hazard, Moment, Verdict, injected};
use crate::moving::{Receive, not_here};
use crate::seam::{Book, Check, Mode, Store, Traffic, Tx, Writing};
use checkpoint::Checkpointer;
use folder::Folder;
use memory::Memory;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use statement::OrFault;
use std::cell::Cell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use transaction::{Hopes, Savepoints, Serials, SqliteTx};
use yibao_domain::code::Pool;
use yibao_domain::register::WorkTable;

/// Calls that share one flush. Waiting callers fill it under load; a lone caller waits for nobody.
const CALLS_PER_TRANSACTION: usize = 256;

/// The books of a data folder, or of this process's memory. A clone has the same books.
#[derive(Clone)]
pub struct SqliteStore {
    home: Arc<Home>,
    hazard: Option<Arc<dyn Hazard>>,
}

/// Where books are.
enum Home {
    Folder {
        folder: Folder,
        /// Who looks after the logs of the books that are open.
        checkpointers: Mutex<HashMap<Pool, Weak<Checkpointer>>>,
    },
    Memory(Memory),
}

impl SqliteStore {
    /// Opens the data folder `dir`, creates it where it does not exist, and sees to it that the books of
    /// `pools` exist and are of this program's version.
    pub fn open(dir: &Path, pools: &[Pool]) -> Result<SqliteStore, Fault> {
        SqliteStore::with_books(Folder::create(dir)?, pools)
    }

    /// Opens a data folder that must exist already, for commands that only look (`verify`).
    pub fn open_existing(dir: &Path) -> Result<SqliteStore, Fault> {
        SqliteStore::with_books(Folder::existing(dir)?, &[])
    }

    fn with_books(folder: Folder, pools: &[Pool]) -> Result<SqliteStore, Fault> {
        for pool in pools {
            folder.book(pool)?;
        }
        Ok(SqliteStore::at(Home::Folder { folder, checkpointers: Mutex::default() }))
    }

    /// Opens a store without books in the memory of this process. They are there as long as it or a clone of it is;
    /// nothing is durable, readers and writers of a book wait for each other, and a book has at most 1 GiB, SQLite's own
    /// bound, past which the engine answers that its disk is full.
    pub fn in_memory() -> Result<SqliteStore, Fault> {
        Ok(SqliteStore::at(Home::Memory(Memory::new()?)))
    }

    fn at(home: Home) -> SqliteStore {
        SqliteStore { home: Arc::new(home), hazard: None }
    }
}

impl SqliteStore {
    /// The same store with something that can go wrong at every statement.
    #[must_use]
    pub fn with_hazard(self, hazard: Arc<dyn Hazard>) -> SqliteStore {
        SqliteStore { hazard: Some(hazard), ..self }
    }

    fn book(&self, pool: &Pool) -> Result<SqliteBook, Fault> {
        let mut writer = self.home.connection(pool)?;
        let checkpointer = self.home.checkpointer(pool)?;
        if let Some(checkpointer) = &checkpointer {
            checkpointer.watch(&mut writer, pool.as_str())?;
        }
        let reader = self.home.connection(pool)?;
        reader.pragma_update(None, "query_only", true).or_fault("opening book for reading", pool.as_str())?;
        Ok(SqliteBook {
            pool: pool.clone(),
            hazard: self.hazard.clone(),
            writer,
            reader,
            checkpointer,
            spent: Cell::default(),
            serials: Serials::new(),
        })
    }
}

impl Home {
    fn connection(&self, pool: &Pool) -> Result<Connection, Fault> {
        match self {
            Home::Folder { folder, .. } => folder.book(pool),
            Home::Memory(memory) => memory.book(pool),
        }
    }

    /// The one that looks after a book's log, started where nobody does; none where there is no log.
    fn checkpointer(&self, pool: &Pool) -> Result<Option<Arc<Checkpointer>>, Fault> {
        let Home::Folder { folder, checkpointers } = self else { return Ok(None) };
        let mut known = checkpointers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = known.get(pool).and_then(Weak::upgrade) {
            return Ok(Some(running));
        }
        let started = Arc::new(Checkpointer::start(folder.book(pool)?, pool.as_str())?);
        known.insert(pool.clone(), Arc::downgrade(&started));
        Ok(Some(started))
    }
}

impl Store for SqliteStore {
    fn pools(&self) -> Result<Vec<Pool>, Fault> {
        match self.home.as_ref() {
            Home::Folder { folder, .. } => folder.pools(),
            Home::Memory(memory) => Ok(memory.pools()),
        }
    }

    fn open(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault> {
        Ok(Box::new(self.book(pool)?))
    }

    fn writing(&self, _pool: &Pool) -> Writing {
        Writing { writers: 1, calls_per_transaction: CALLS_PER_TRANSACTION }
    }

    fn hand_over(&self, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault> {
        match self.home.as_ref() {
            Home::Folder { folder, .. } => moving::give_away(folder, pool, receive),
            Home::Memory(_) => Err(not_here("搬出账册", pool.as_str())),
        }
    }
}

const BEGINNING: &str = "beginning a transaction";
const COMMITTING: &str = "committing";

/// Statements that begin and end a transaction; taking the write turn is one more.
const BRACKETS: u64 = 2;

/// A worker's two connections to one book.
struct SqliteBook {
    pool: Pool,
    hazard: Option<Arc<dyn Hazard>>,
    writer: Connection,
    /// `query_only`: it can neither change the book nor take the writer's turn.
    reader: Connection,
    checkpointer: Option<Arc<Checkpointer>>,
    /// Run so far.
    spent: Cell<Traffic>,
    serials: Serials,
}

impl Book for SqliteBook {
    fn transact(&mut self, mode: Mode, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault> {
        let pool = self.pool.as_str();
        let statements = if mode == Mode::Write { BRACKETS + 1 } else { BRACKETS };
        self.spent.set(self.spent.get().plus(Traffic { statements, ..Traffic::default() }));
        let danger = Danger::of(self.hazard.as_ref(), &self.pool, mode);
        match mode {
            Mode::Read => {
                // Dropped without a commit: rolled back, also when `work` panics.
                let open = begin(&mut self.reader, pool)?;
                let mut tx = SqliteTx::new(&open, Savepoints::Real, &self.spent, Serials::new(), danger);
                tx.meet(BEGINNING, Moment::Begin)?;
                work(&mut tx)
            }
            Mode::Write => {
                if let Some(checkpointer) = &self.checkpointer {
                    checkpointer.finish_if_long(&self.writer, pool)?;
                }
                for savepoints in [Savepoints::Hoped, Savepoints::Real] {
                    let open = begin(&mut self.writer, pool)?;
                    take_turn(&open, pool)?;
                    // Without a commit the row that says how far they were drawn is not kept either, nor are they.
                    let drawn = std::mem::take(&mut self.serials);
                    let mut tx = SqliteTx::new(&open, savepoints, &self.spent, drawn, danger);
                    tx.meet(BEGINNING, Moment::Begin)?;
                    let outcome = work(&mut tx);
                    if tx.hopes.get() == Hopes::Dashed {
                        continue;
                    }
                    outcome?;
                    tx.meet(COMMITTING, Moment::Commit)?;
                    let drawn = tx.serials.into_inner();
                    open.commit().or_fault(COMMITTING, pool)?;
                    self.serials = drawn;
                    return match danger.map_or(Verdict::GoOn, |danger| danger.at(Moment::Committed)) {
                        Verdict::GoOn => Ok(()),
                        lost => Err(injected(COMMITTING, &self.pool, lost)),
                    };
                }
                unreachable!("real savepoints dash no hopes")
            }
        }
    }

    fn verify(&mut self, work: &WorkTable) -> Result<Vec<Check>, Fault> {
        let open = begin(&mut self.reader, self.pool.as_str())?;
        verify::checks(&open, work)
    }

    fn census(&mut self) -> Result<Vec<Figure>, Fault> {
        let open = begin(&mut self.reader, self.pool.as_str())?;
        census::take(&mut SqliteTx::new(&open, Savepoints::Real, &self.spent, Serials::new(), None))
    }

    fn traffic(&self) -> Traffic {
        self.spent.get()
    }
}

fn begin<'book>(connection: &'book mut Connection, pool: &str) -> Result<Transaction<'book>, Fault> {
    connection.transaction_with_behavior(TransactionBehavior::Deferred).or_fault(BEGINNING, pool)
}

/// Waits for the book's write turn before anything is read. `BEGIN IMMEDIATE` would take that of the
/// attached reference data too, and so make the writers of all pools wait for one another; a first
/// statement that writes nothing takes the book's alone.
fn take_turn(open: &Transaction<'_>, pool: &str) -> Result<(), Fault> {
    let mut turn = open
        .prepare_cached("DELETE FROM main.serial WHERE series = ''")
        .or_fault("waiting for the book's write turn", pool)?;
    turn.execute([]).or_fault("waiting for the book's write turn", pool)?;
    Ok(())
}

#[cfg(test)]
mod tests;
