//! Running prepared statements, with faults that name the work and the record.
//!
//! Every statement goes through the connection's cache: it is parsed once a connection.

use super::transaction::SqliteTx;
use crate::encounter::FeeLine;
use crate::engine::{Engine, Question, Work};
use crate::fault::{Fault, masked};
use crate::hazard::{Moment, Verdict, injected};
use crate::ledger::asked::move_in_two;
use crate::ledger::{JournalEntry, Movement};
use crate::record::{Batch, Change, Columns, Exactly, Put, Read, Record};
use crate::seam::Traffic;
use crate::settlement::Settlement;
use crate::settlement::asked::add_row_by_row;
use crate::value::{Value, values};
use rusqlite::{CachedStatement, Statement, params_from_iter};

/// Pages of a disk that is never full: as many as a file may have.
const DISK_WITH_ROOM: u32 = 0xffff_fffe;

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

fn check_changed((doing, key): Work<'_>, expected: usize, changed: usize) -> Result<(), Fault> {
    if changed == expected {
        return Ok(());
    }
    Err(Fault::new(doing, key, format!("expected to change {expected} rows, changed {changed}")))
}

impl SqliteTx<'_> {
    /// A statement to run once.
    fn prepare(&self, work: Work<'_>, sql: &str) -> Result<CachedStatement<'_>, Fault> {
        self.before_statement(work)?;
        self.connection.prepare_cached(sql).or_fault(work.0, work.1)
    }

    /// Every statement passes here before it runs.
    fn before_statement(&self, work: Work<'_>) -> Result<(), Fault> {
        self.spent.set(self.spent.get().plus(Traffic { statements: 1, ..Traffic::default() }));
        self.meet(work.0, Moment::Statement { doing: work.0 })?;
        self.check_open(work)
    }

    /// Refuses to go on without a transaction. The engine gives one up by itself after an error of the disk, and would keep
    /// each statement that comes after by itself.
    fn check_open(&self, (doing, key): Work<'_>) -> Result<(), Fault> {
        if self.connection.is_autocommit() {
            return Err(Fault::new(doing, key, "the engine has given the transaction up"));
        }
        Ok(())
    }

    /// Meets what the hazard has in store for a moment.
    pub(super) fn meet(&self, doing: &'static str, moment: Moment) -> Result<(), Fault> {
        let Some(danger) = self.danger else { return Ok(()) };
        let verdict = danger.at(moment);
        let pages = match (verdict, moment) {
            // The disk of the transaction before may have been full.
            (Verdict::GoOn, Moment::Begin) => DISK_WITH_ROOM,
            (Verdict::GoOn, _) => return Ok(()),
            // The pages are there by now; a log on a full disk could not take them.
            (Verdict::DiskFull, Moment::Begin | Moment::Statement { .. }) => 1_u32,
            _ => {
                if !self.connection.is_autocommit() {
                    self.connection.execute_batch("ROLLBACK").or_fault(doing, danger.pool.as_str())?;
                }
                return Err(injected(doing, danger.pool, verdict));
            }
        };
        // Below what the file has it is as much as the file has.
        self.connection.pragma_update(Some("main"), "max_page_count", pages).or_fault(doing, danger.pool.as_str())
    }

    fn count_row(&self) {
        self.spent.set(self.spent.get().plus(Traffic { rows: 1, ..Traffic::default() }));
    }

    /// Runs a statement that changes rows.
    fn execute(&self, work: Work<'_>, sql: &str, values: &[Value<'_>]) -> Result<usize, Fault> {
        self.changes();
        execute(&mut *self.prepare(work, sql)?, values).or_fault(work.0, work.1)
    }
}

impl Engine for SqliteTx<'_> {
    fn ask(&mut self, work: Work<'_>, questions: &mut [Question<'_>]) -> Result<(), Fault> {
        let (doing, key) = work;
        for Question { sql, values, take } in questions {
            let mut statement = self.prepare(work, sql)?;
            let mut rows = statement.query(params_from_iter(*values)).or_fault(doing, key)?;
            while let Some(row) = rows.next().or_fault(doing, key)? {
                self.count_row();
                take(&mut Columns::of_sqlite(row)).map_err(|cause| Fault::new(doing, key, cause))?;
            }
        }
        Ok(())
    }

    fn first<T>(&mut self, work: Work<'_>, sql: &str, values: &[Value<'_>], read: Read<T>) -> Result<Option<T>, Fault> {
        let (doing, key) = work;
        let mut statement = self.prepare(work, sql)?;
        let mut rows = statement.query(params_from_iter(values)).or_fault(doing, key)?;
        let Some(row) = rows.next().or_fault(doing, key)? else { return Ok(None) };
        self.count_row();
        read(&mut Columns::of_sqlite(row)).map(Some).map_err(|cause| Fault::new(doing, key, cause))
    }

    fn record(&mut self, work: Work<'_>, sql: &'static str, values: Vec<Value<'_>>) -> Result<(), Fault> {
        self.execute(work, sql, &values).map(drop)
    }

    fn change(
        &mut self,
        work: Work<'_>,
        count: usize,
        change: &'static Exactly,
        values: Vec<Value<'_>>,
    ) -> Result<(), Fault> {
        let changed = self.execute(work, &change.change, &values)?;
        check_changed(work, count, changed)
    }

    fn record_all<'row>(
        &mut self,
        work: Work<'_>,
        batch: &'static Batch,
        rows: impl Iterator<Item = Vec<Value<'row>>>,
    ) -> Result<(), Fault> {
        let (doing, key) = work;
        self.changes();
        let mut statement = self.connection.prepare_cached(&batch.one).or_fault(doing, key)?;
        for values in rows {
            self.before_statement(work)?;
            check_changed(work, 1, execute(&mut statement, &values).or_fault(doing, key)?)?;
        }
        Ok(())
    }

    fn run(&mut self, work: Work<'_>, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault> {
        Ok(u64::try_from(self.execute(work, sql, values)?).unwrap_or(u64::MAX))
    }

    fn run_returning(&mut self, work: Work<'_>, question: Question<'_>) -> Result<(), Fault> {
        self.changes();
        self.ask(work, &mut [question])
    }

    fn put(&mut self, work: Work<'_>, put: &Put, values: &[Value<'_>]) -> Result<Change, Fault> {
        if self.execute(work, &put.insert.one, values)? == 1 {
            return Ok(Change::Added);
        }
        let mut update = self.prepare(work, &put.update.one)?;
        let changed = execute_update(&mut update, put, values).or_fault(work.0, work.1)?;
        Ok(if changed == 1 { Change::Updated } else { Change::Unchanged })
    }

    fn put_all<'row>(
        &mut self,
        doing: &'static str,
        put: &Put,
        _key: usize,
        rows: impl Iterator<Item = Vec<Value<'row>>>,
    ) -> Result<Vec<Change>, Fault> {
        self.changes();
        let cached = |sql: &str| self.connection.prepare_cached(sql).or_fault(doing, "");
        let (mut insert, mut update) = (cached(&put.insert.one)?, cached(&put.update.one)?);
        let mut store = |values: &[Value<'_>]| {
            if execute(&mut insert, values)? == 1 {
                return Ok(Change::Added);
            }
            Ok(if execute_update(&mut update, put, values)? == 1 { Change::Updated } else { Change::Unchanged })
        };
        // Their first value is the person.
        let person = |values: &[Value<'_>]| values.first().map(|psn_no| masked(&psn_no.text())).unwrap_or_default();
        let named = |values: &[Value<'_>], cause: rusqlite::Error| Fault::new(doing, person(values), cause);
        let mut changes = Vec::new();
        for values in rows {
            self.before_statement((doing, ""))?;
            changes.push(store(&values).map_err(|cause| named(&values, cause))?);
        }
        Ok(changes)
    }

    fn add_lines(&mut self, work: Work<'_>, rows: &[FeeLine]) -> Result<(), Fault> {
        let encounter = "SELECT psn_no, (SELECT coalesce(max(seq), 0) FROM fee_line WHERE mdtrt_id = ?1)
                         FROM encounter WHERE mdtrt_id = ?1";
        let (psn_no, last): (String, i64) =
            self.the(work, encounter, &values![work.1], |row| Ok((row.take()?, row.take()?)))?;
        let lines = rows.iter().zip(last + 1..).map(|(row, seq)| row.values_at(values![&psn_no, seq]));
        self.record_all(work, &FeeLine::table().insert, lines)
    }

    fn add_settlement(&mut self, row: &Settlement) -> Result<(), Fault> {
        add_row_by_row(self, row)
    }

    fn move_account(&mut self, entry: &JournalEntry, movement: &Movement) -> Result<(), Fault> {
        move_in_two(self, entry, movement)
    }
}
