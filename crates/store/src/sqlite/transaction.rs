//! An open transaction: how its calls are kept apart, and how numbers are drawn.

use crate::engine::Engine;
use crate::fault::Fault;
use crate::hazard::Danger;
use crate::seam::{Subjects, Traffic, Tx};
use crate::value::values;
use rusqlite::Connection;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Numbers drawn ahead for this connection, by series: the next one and the last.
pub(super) type Serials = HashMap<&'static str, (i64, i64)>;

/// Numbers of a series drawn at a time; what is left of them when the connection ends is skipped.
const SERIALS_AT_A_TIME: i64 = 100;

/// An open transaction. The nouns' questions stand on it ([`Engine`]).
pub(super) struct SqliteTx<'book> {
    pub(super) connection: &'book Connection,
    pub(super) spent: &'book Cell<Traffic>,
    pub(super) serials: RefCell<Serials>,
    savepoints: Savepoints,
    pub(super) hopes: Cell<Hopes>,
    pub(super) danger: Option<Danger<'book>>,
}

/// How calls of one transaction are kept apart.
///
/// Nearly every call that is given up is given up before it has recorded anything, and then nothing has to be undone. A
/// real savepoint costs each call a copy of all pages that it changes, a tenth of the writer's time. So a transaction
/// first goes without; where a call that has recorded is given up all the same, it runs again with real ones.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Savepoints {
    Hoped,
    Real,
}

/// What became of going without savepoints.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hopes {
    /// Nothing was recorded since the mark.
    Clean,
    /// Something was.
    Changed,
    /// What was recorded has to be undone: the transaction runs again.
    Dashed,
}

impl<'book> SqliteTx<'book> {
    pub(super) fn new(
        connection: &'book Connection,
        savepoints: Savepoints,
        spent: &'book Cell<Traffic>,
        serials: Serials,
        danger: Option<Danger<'book>>,
    ) -> Self {
        let (serials, hopes) = (RefCell::new(serials), Cell::new(Hopes::Clean));
        SqliteTx { connection, spent, serials, savepoints, hopes, danger }
    }

    /// Notes that something is recorded.
    pub(super) fn changes(&self) {
        if self.hopes.get() == Hopes::Clean {
            self.hopes.set(Hopes::Changed);
        }
    }
}

impl Tx for SqliteTx<'_> {
    fn foresee(&mut self, _subjects: &Subjects) -> Result<(), Fault> {
        // The one writer has the whole book's turn already, and nothing is far away.
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Fault> {
        // Every record goes to the engine at once.
        Ok(())
    }

    fn savepoint(&mut self) -> Result<(), Fault> {
        if self.savepoints == Savepoints::Hoped {
            if self.hopes.get() == Hopes::Changed {
                self.hopes.set(Hopes::Clean);
            }
            return Ok(());
        }
        self.run(("marking a savepoint", ""), "SAVEPOINT one_call", &[]).map(drop)
    }

    fn release(&mut self) -> Result<(), Fault> {
        if self.savepoints == Savepoints::Hoped {
            return Ok(());
        }
        self.run(("releasing a savepoint", ""), "RELEASE one_call", &[]).map(drop)
    }

    fn roll_back(&mut self) -> Result<(), Fault> {
        if self.savepoints == Savepoints::Hoped {
            if self.hopes.get() == Hopes::Clean {
                return Ok(());
            }
            self.hopes.set(Hopes::Dashed);
            return Err(Fault::new(
                "giving up a call",
                "",
                "it has recorded; the transaction runs again with savepoints",
            ));
        }
        // The row that says how far a series has come may have gone back with it.
        self.serials.borrow_mut().clear();
        self.run(("rolling back to a savepoint", ""), "ROLLBACK TO one_call", &[])?;
        self.release()
    }

    fn next_serial(&mut self, series: &'static str) -> Result<i64, Fault> {
        if let Some((next, last)) = self.serials.borrow_mut().get_mut(series)
            && *next <= *last
        {
            *next += 1;
            return Ok(*next - 1);
        }
        // Not noted as a change: a number that was drawn may as well be skipped.
        let sql = "INSERT INTO serial (series, last) VALUES (?1, ?2)
                   ON CONFLICT (series) DO UPDATE SET last = last + excluded.last RETURNING last";
        let values = values![series, SERIALS_AT_A_TIME];
        let last: i64 = self.the(("drawing numbers", series), sql, &values, |row| row.take())?;
        let first = last - SERIALS_AT_A_TIME + 1;
        self.serials.borrow_mut().insert(series, (first + 1, last));
        Ok(first)
    }
}
