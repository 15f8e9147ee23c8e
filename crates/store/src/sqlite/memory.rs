//! Books in the memory of this process, for simulations: files of SQLite's own `memdb`, which all connections that know
//! their name share. They are gone with the store.
//!
//! There is no log beside the file, so a writer keeps readers out for as long as its transaction, and a reader keeps a writer
//! from committing: who meets the other waits as a writer waits for a writer, and gets a fault if it takes too long. So on one
//! thread a transaction must have ended before another begins on the same book.

use super::folder::{attach, check_name, prepared};
use super::migration::{BOOK, REFERENCE, Schema};
use super::statement::OrFault;
use crate::fault::Fault;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use yibao_domain::code::Pool;

const OPENING: &str = "opening books in memory";

/// The books of one store.
pub(super) struct Memory {
    /// Tells the stores of this process apart.
    number: u64,
    kept: Mutex<Kept>,
}

/// A connection to each file, for as long as the store is there.
struct Kept {
    _reference: Connection,
    books: BTreeMap<Pool, Connection>,
}

impl Memory {
    /// Empty reference data, and no book yet.
    pub(super) fn new() -> Result<Memory, Fault> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        static EMPTY: Template = Template::of(&REFERENCE);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let reference = EMPTY.copied(&name(number, "reference"))?;
        Ok(Memory { number, kept: Mutex::new(Kept { _reference: reference, books: BTreeMap::new() }) })
    }

    /// The pools that have a book, by code.
    pub(super) fn pools(&self) -> Vec<Pool> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).books.keys().cloned().collect()
    }

    /// A connection to a pool's book with the reference data attached. The book is created where it does not exist.
    pub(super) fn book(&self, pool: &Pool) -> Result<Connection, Fault> {
        static EMPTY: Template = Template::of(&BOOK);
        check_name(pool)?;
        let name = name(self.number, pool.as_str());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.books.contains_key(pool) {
            kept.books.insert(pool.clone(), EMPTY.copied(&name)?);
        }
        drop(kept);
        let connection = opened(&name)?;
        attach(&connection, &self::name(self.number, "reference"), pool)?;
        set_up(&connection, "reference")?;
        Ok(connection)
    }
}

fn name(number: u64, book: &str) -> String {
    format!("file:/yibao-{number}-{book}?vfs=memdb")
}

fn opened(name: &str) -> Result<Connection, Fault> {
    let connection = Connection::open(name).and_then(prepared).or_fault(OPENING, name)?;
    set_up(&connection, "main")?;
    Ok(connection)
}

fn set_up(connection: &Connection, schema: &str) -> Result<(), Fault> {
    // What a transaction may have to put back stays in memory too, and nothing is flushed.
    let set = |pragma, value| connection.pragma_update(Some(schema), pragma, value).or_fault(OPENING, schema);
    set("journal_mode", "MEMORY")?;
    set("synchronous", "OFF")
}

/// A file that has been through all steps of its schema, made once a process.
struct Template {
    schema: &'static Schema,
    made: Mutex<Option<Connection>>,
}

impl Template {
    const fn of(schema: &'static Schema) -> Template {
        Template { schema, made: Mutex::new(None) }
    }

    /// The connection to a copy of this name, which lives as long as somebody has it open.
    fn copied(&self, name: &str) -> Result<Connection, Fault> {
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if made.is_none() {
            let mut connection = Connection::open_in_memory().or_fault(OPENING, name)?;
            self.schema.apply(&mut connection, name)?;
            *made = Some(connection);
        }
        let template = made.as_ref().ok_or_else(|| Fault::new(OPENING, name, "no template"))?;
        let mut copy = opened(name)?;
        let copying = Backup::new(template, &mut copy).or_fault(OPENING, name)?;
        match copying.step(-1).or_fault(OPENING, name)? {
            StepResult::Done => {}
            other => return Err(Fault::new(OPENING, name, format!("copying the template: {other:?}"))),
        }
        drop(copying);
        Ok(copy)
    }
}
