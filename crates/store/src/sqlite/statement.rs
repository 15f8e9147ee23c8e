//! Running prepared statements, with faults that name the work and the record.
//!
//! Every statement goes through the connection's cache: it is parsed once a connection.

use super::SqliteTx;
use super::value::Columns;
use crate::fault::{Fault, masked};
use crate::seam::Change;
use rusqlite::{CachedStatement, Statement, ToSql};

/// Turns an error of the engine into a [`Fault`].
pub(super) trait OrFault<T> {
    /// The fault names the work and the record by its technical id.
    fn or_fault(self, doing: &'static str, key: &str) -> Result<T, Fault>;
}

impl<T> OrFault<T> for rusqlite::Result<T> {
    fn or_fault(self, doing: &'static str, key: &str) -> Result<T, Fault> {
        self.map_err(|cause| Fault::new(doing, key, cause))
    }
}

/// Two statements that store a row and take the same values: the first inserts it and does nothing where its
/// key is there, the second changes the row of that key where it differs.
pub(super) type Put = [&'static str; 2];

type Read<T> = fn(&mut Columns<'_, '_>) -> rusqlite::Result<T>;

impl SqliteTx<'_> {
    /// A statement to run many times.
    pub(super) fn prepare(&self, doing: &'static str, key: &str, sql: &str) -> Result<CachedStatement<'_>, Fault> {
        self.statements.set(self.statements.get() + 1);
        self.connection.prepare_cached(sql).or_fault(doing, key)
    }

    /// Runs a statement and says how many rows it changed.
    pub(super) fn run(&self, doing: &'static str, key: &str, sql: &str, values: &[&dyn ToSql]) -> Result<usize, Fault> {
        self.changes();
        self.prepare(doing, key, sql)?.execute(values).or_fault(doing, key)
    }

    /// Runs a statement that must change exactly one row.
    pub(super) fn run_on_one(
        &self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[&dyn ToSql],
    ) -> Result<(), Fault> {
        match self.run(doing, key, sql, values)? {
            1 => Ok(()),
            other => Err(Fault::new(doing, key, format!("expected to change one row, changed {other}"))),
        }
    }

    /// Stores a reference row.
    pub(super) fn put(
        &self,
        doing: &'static str,
        key: &str,
        [insert, update]: Put,
        values: &[&dyn ToSql],
    ) -> Result<Change, Fault> {
        if self.run(doing, key, insert, values)? == 1 {
            return Ok(Change::Added);
        }
        Ok(if self.run(doing, key, update, values)? == 1 { Change::Updated } else { Change::Unchanged })
    }

    /// [`SqliteTx::put`] with a function that binds the row of person `psn_no`.
    pub(super) fn put_one(
        &self,
        doing: &'static str,
        psn_no: &str,
        statements: Put,
        bind: impl Fn(&mut Statement<'_>) -> rusqlite::Result<usize>,
    ) -> Result<Change, Fault> {
        let changes = self.put_all(doing, |()| masked(psn_no), statements, &[()], |to, ()| bind(to))?;
        Ok(changes[0])
    }

    /// Stores many rows as [`SqliteTx::put`] stores one, each statement looked up once. `key` names a row in faults.
    pub(super) fn put_all<R>(
        &self,
        doing: &'static str,
        key: impl Fn(&R) -> String,
        [insert, update]: Put,
        rows: &[R],
        bind: impl Fn(&mut Statement<'_>, &R) -> rusqlite::Result<usize>,
    ) -> Result<Vec<Change>, Fault> {
        self.changes();
        let mut insert = self.prepare(doing, "", insert)?;
        let mut update_kept = None;
        let mut changes = Vec::with_capacity(rows.len());
        for row in rows {
            let fault = |cause| Fault::new(doing, key(row), cause);
            if bind(&mut insert, row).map_err(fault)? == 1 {
                changes.push(Change::Added);
                continue;
            }
            let update = match &mut update_kept {
                Some(update) => update,
                None => update_kept.insert(self.prepare(doing, "", update)?),
            };
            let changed = bind(update, row).map_err(fault)? == 1;
            changes.push(if changed { Change::Updated } else { Change::Unchanged });
        }
        Ok(changes)
    }

    /// All rows of a question.
    pub(super) fn all<T>(
        &self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[&dyn ToSql],
        read: Read<T>,
    ) -> Result<Vec<T>, Fault> {
        let mut statement = self.prepare(doing, key, sql)?;
        let rows = statement.query_map(values, |row| read(&mut Columns::of(row))).or_fault(doing, key)?;
        rows.collect::<rusqlite::Result<Vec<T>>>().or_fault(doing, key)
    }

    /// The first row of a question, if there is one.
    pub(super) fn first<T>(
        &self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[&dyn ToSql],
        read: Read<T>,
    ) -> Result<Option<T>, Fault> {
        let mut statement = self.prepare(doing, key, sql)?;
        let mut rows = statement.query(values).or_fault(doing, key)?;
        match rows.next().or_fault(doing, key)? {
            Some(row) => read(&mut Columns::of(row)).map(Some).or_fault(doing, key),
            None => Ok(None),
        }
    }

    /// The row that a question always has.
    pub(super) fn the<T>(
        &self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[&dyn ToSql],
        read: Read<T>,
    ) -> Result<T, Fault> {
        self.first(doing, key, sql, values, read)?.ok_or_else(|| Fault::new(doing, key, "no such record"))
    }
}

/// The `WHERE` of a question whose parts may be absent. The few texts that arise are cached like others.
#[derive(Default)]
pub(super) struct Selection<'value> {
    conditions: Vec<&'static str>,
    values: Vec<&'value dyn ToSql>,
}

impl<'value> Selection<'value> {
    /// A condition without a value.
    pub(super) fn add(&mut self, condition: &'static str) {
        self.conditions.push(condition);
    }

    /// A condition on one value, where the value is given. The condition has one `?`.
    pub(super) fn add_some<T: ToSql>(&mut self, condition: &'static str, value: &'value Option<T>) {
        if let Some(value) = value {
            self.add_value(condition, value);
        }
    }

    /// A condition on one value. The condition has one `?`.
    pub(super) fn add_value(&mut self, condition: &'static str, value: &'value dyn ToSql) {
        self.conditions.push(condition);
        self.values.push(value);
    }

    /// A condition on several values, one `?` each.
    pub(super) fn add_values(&mut self, condition: &'static str, values: &[&'value dyn ToSql]) {
        self.conditions.push(condition);
        self.values.extend(values);
    }

    /// The conditions as a `WHERE`, or nothing where all rows are wanted.
    pub(super) fn clause(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!("WHERE {}", self.conditions.join(" AND ")) }
    }

    /// The values in the order of the conditions, followed by `more`.
    pub(super) fn values(&self, more: &[&'value dyn ToSql]) -> Vec<&'value dyn ToSql> {
        [self.values.as_slice(), more].concat()
    }
}

/// A count of rows as the engine takes it.
pub(super) fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
