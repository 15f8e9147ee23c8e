//! Running prepared statements, with faults that name the work and the record.
//!
//! Every statement goes through the connection's cache: it is parsed once a connection.

use super::SqliteTx;
use crate::encounter::FeeLine;
use crate::engine::{Engine, Exactly, Question};
use crate::fault::{Fault, masked};
use crate::record::{Batch, Columns, Put, Read, Record};
use crate::seam::Change;
use crate::settlement::{Settlement, add_row_by_row};
use crate::value::{Value, values};
use rusqlite::{CachedStatement, Statement, params_from_iter};

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

fn execute(statement: &mut Statement<'_>, values: &[Value<'_>]) -> rusqlite::Result<usize> {
    statement.execute(params_from_iter(values))
}

/// Those of the values of a row that its update takes.
fn execute_update(statement: &mut Statement<'_>, put: &Put, values: &[Value<'_>]) -> rusqlite::Result<usize> {
    statement.execute(params_from_iter(put.updated.iter().map(|at| &values[*at])))
}

fn check_changed(doing: &'static str, key: &str, expected: usize, changed: usize) -> Result<(), Fault> {
    if changed == expected {
        return Ok(());
    }
    Err(Fault::new(doing, key, format!("expected to change {expected} rows, changed {changed}")))
}

impl SqliteTx<'_> {
    /// A statement to run many times.
    fn prepare(&self, doing: &'static str, key: &str, sql: &str) -> Result<CachedStatement<'_>, Fault> {
        self.count_statement();
        self.connection.prepare_cached(sql).or_fault(doing, key)
    }

    fn count_statement(&self) {
        self.statements.set(self.statements.get() + 1);
    }
}

impl Engine for SqliteTx<'_> {
    fn ask(&mut self, doing: &'static str, key: &str, questions: &mut [Question<'_>]) -> Result<(), Fault> {
        for Question { sql, values, take } in questions {
            let mut statement = self.prepare(doing, key, sql)?;
            let mut rows = statement.query(params_from_iter(*values)).or_fault(doing, key)?;
            while let Some(row) = rows.next().or_fault(doing, key)? {
                take(&mut Columns::of_sqlite(row)).map_err(|cause| Fault::new(doing, key, cause))?;
            }
        }
        Ok(())
    }

    fn all<T>(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[Value<'_>],
        read: Read<T>,
    ) -> Result<Vec<T>, Fault> {
        let mut found = Vec::new();
        self.ask(doing, key, &mut [Question::new(&mut found, sql, values, read)])?;
        Ok(found)
    }

    fn first<T>(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[Value<'_>],
        read: Read<T>,
    ) -> Result<Option<T>, Fault> {
        let mut statement = self.prepare(doing, key, sql)?;
        let mut rows = statement.query(params_from_iter(values)).or_fault(doing, key)?;
        let Some(row) = rows.next().or_fault(doing, key)? else { return Ok(None) };
        read(&mut Columns::of_sqlite(row)).map(Some).map_err(|cause| Fault::new(doing, key, cause))
    }

    fn record(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &'static str,
        values: Vec<Value<'_>>,
    ) -> Result<(), Fault> {
        self.run(doing, key, sql, &values).map(drop)
    }

    fn change(
        &mut self,
        doing: &'static str,
        key: &str,
        count: usize,
        change: &'static Exactly,
        values: Vec<Value<'_>>,
    ) -> Result<(), Fault> {
        self.changes();
        let changed = execute(&mut *self.prepare(doing, key, &change.change)?, &values).or_fault(doing, key)?;
        check_changed(doing, key, count, changed)
    }

    fn record_all(
        &mut self,
        doing: &'static str,
        key: &str,
        batch: &'static Batch,
        rows: Vec<Vec<Value<'_>>>,
    ) -> Result<(), Fault> {
        if rows.is_empty() {
            return Ok(());
        }
        self.changes();
        let mut statement = self.connection.prepare_cached(&batch.one).or_fault(doing, key)?;
        for values in rows {
            self.count_statement();
            check_changed(doing, key, 1, execute(&mut statement, &values).or_fault(doing, key)?)?;
        }
        Ok(())
    }

    fn run(&mut self, doing: &'static str, key: &str, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        self.changes();
        let changed = execute(&mut *self.prepare(doing, key, sql)?, values).or_fault(doing, key)?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    fn run_returning<T>(
        &mut self,
        doing: &'static str,
        key: &str,
        sql: &str,
        values: &[Value<'_>],
        read: Read<T>,
    ) -> Result<Option<T>, Fault> {
        self.changes();
        Ok(self.all(doing, key, sql, values, read)?.pop())
    }

    fn put(&mut self, doing: &'static str, key: &str, put: &Put, values: &[Value<'_>]) -> Result<Change, Fault> {
        if self.run(doing, key, &put.insert.one, values)? == 1 {
            return Ok(Change::Added);
        }
        let mut update = self.prepare(doing, key, &put.update.one)?;
        let changed = execute_update(&mut update, put, values).or_fault(doing, key)?;
        Ok(if changed == 1 { Change::Updated } else { Change::Unchanged })
    }

    fn put_all<const KEY: usize>(
        &mut self,
        doing: &'static str,
        put: &Put,
        rows: Vec<Vec<Value<'_>>>,
    ) -> Result<Vec<Change>, Fault> {
        self.changes();
        let mut insert = self.prepare(doing, "", &put.insert.one)?;
        let mut update = self.prepare(doing, "", &put.update.one)?;
        let mut store = |values: &Vec<Value<'_>>| {
            if execute(&mut insert, values)? == 1 {
                return Ok(Change::Added);
            }
            Ok(if execute_update(&mut update, put, values)? == 1 { Change::Updated } else { Change::Unchanged })
        };
        let mut store = |values| {
            store(&values).map_err(|cause: rusqlite::Error| Fault::new(doing, masked(&values[0].text()), cause))
        };
        rows.into_iter().map(&mut store).collect()
    }

    fn add_lines(&mut self, doing: &'static str, mdtrt_id: &str, rows: &[FeeLine]) -> Result<(), Fault> {
        let encounter = "SELECT psn_no, (SELECT coalesce(max(seq), 0) FROM fee_line WHERE mdtrt_id = ?1)
                         FROM encounter WHERE mdtrt_id = ?1";
        let (psn_no, last): (String, i64) =
            self.the(doing, mdtrt_id, encounter, &values![mdtrt_id], |row| Ok((row.take()?, row.take()?)))?;
        let lines = rows.iter().zip(last + 1..).map(|(row, seq)| row.values_at(values![&psn_no, seq])).collect();
        self.record_all(doing, mdtrt_id, &FeeLine::table().insert_all, lines)
    }

    fn add_settlement(&mut self, row: &Settlement) -> Result<(), Fault> {
        add_row_by_row(self, row)
    }
}
