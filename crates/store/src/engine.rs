//! What an engine does for the nouns: asks and records by statements that are written once. Each noun's questions and
//! records stand on it, so that they are there for every engine.
//!
//! Statements are written as SQLite reads them, with `?1`, `?2`, … for their values. Where PostgreSQL says a word
//! otherwise, it is put in when the statement is prepared, once a connection (`postgres/words`).

use crate::ahead::Ahead;
use crate::encounter::FeeLine;
use crate::fault::Fault;
use crate::ledger::{JournalEntry, Movement};
use crate::record::{Batch, Change, Columns, Exactly, Put, Read, Record};
use crate::settlement::Settlement;
use crate::value::{Bound, Unreadable, Value};
use yibao_domain::time::Date;

/// A statement put together once, from the descriptions of records.
macro_rules! sql {
    ($($format:tt)+) => {{
        static TEXT: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| format!($($format)+));
        TEXT.as_str()
    }};
}
pub(crate) use sql;

/// The rows of a record: `select!(Filing, "WHERE psn_no = ?1")`.
macro_rules! select {
    ($record:ty, $tail:literal) => {
        $crate::engine::sql!(
            "SELECT {} FROM {} {}",
            <$record as $crate::record::Record>::list(),
            <$record as $crate::record::Record>::table().name,
            $tail
        )
    };
}
pub(crate) use select;

/// Something made once from the descriptions of records.
macro_rules! once {
    ($type:ty, $made:expr) => {{
        static MADE: std::sync::LazyLock<$type> = std::sync::LazyLock::new(|| $made);
        &*MADE
    }};
}
pub(crate) use once;

/// A change that must be of exactly one row, or of so many as the first argument says.
macro_rules! exactly {
    ($change:literal) => {
        $crate::engine::exactly!("1", $change)
    };
    ($count:literal, $($format:tt)+) => {
        $crate::engine::once!($crate::record::Exactly, $crate::record::Exactly::new($count, format!($($format)+)))
    };
}
pub(crate) use exactly;

/// Moving a personal account.
pub(crate) const MOVING: &str = "moving the account for";

/// What is being done, and the record by its technical id: what a fault names.
pub(crate) type Work<'a> = (&'static str, &'a str);

/// Takes the rows of an answer, one after the other.
type Take<'a> = Box<dyn FnMut(&mut Columns<'_>) -> Result<(), Unreadable> + 'a>;

/// A question among several that are asked together.
pub(crate) struct Question<'a> {
    pub(crate) sql: &'a str,
    pub(crate) values: &'a [Value<'a>],
    pub(crate) take: Take<'a>,
}

impl<'a> Question<'a> {
    /// Its answers go to `rows`.
    pub(crate) fn new<T>(rows: &'a mut Vec<T>, sql: &'a str, values: &'a [Value<'a>], read: Read<T>) -> Question<'a> {
        let take = move |row: &mut Columns<'_>| {
            rows.push(read(row)?);
            Ok(())
        };
        Question { sql, values, take: Box::new(take) }
    }
}

/// An open transaction of an engine.
pub(crate) trait Engine {
    /// Asks several questions, all of one state.
    fn ask(&mut self, work: Work<'_>, questions: &mut [Question<'_>]) -> Result<(), Fault>;

    /// Records by a statement that the engine itself refuses where something is wrong. May be kept back.
    fn record(&mut self, work: Work<'_>, sql: &'static str, values: Vec<Value<'_>>) -> Result<(), Fault>;

    /// Changes exactly `count` rows, or nothing, and that is a fault. May be kept back.
    fn change(
        &mut self,
        work: Work<'_>,
        count: usize,
        change: &'static Exactly,
        values: Vec<Value<'_>>,
    ) -> Result<(), Fault>;

    /// Records many rows, each of them or none. May be kept back.
    fn record_all<'row>(
        &mut self,
        work: Work<'_>,
        batch: &'static Batch,
        rows: impl Iterator<Item = Vec<Value<'row>>>,
    ) -> Result<(), Fault>;

    /// Runs a statement at once and says how many rows it changed.
    fn run(&mut self, work: Work<'_>, sql: &str, values: &[Value<'_>]) -> Result<u64, Fault>;

    /// Runs a statement at once that answers with the rows it changed.
    fn run_returning(&mut self, work: Work<'_>, question: Question<'_>) -> Result<(), Fault>;

    /// Stores a reference row.
    fn put(&mut self, work: Work<'_>, put: &Put, values: &[Value<'_>]) -> Result<Change, Fault>;

    /// Stores many reference rows as [`Engine::put`] stores one; their keys are the first `key` values of each.
    fn put_all<'row>(
        &mut self,
        doing: &'static str,
        put: &Put,
        key: usize,
        rows: impl Iterator<Item = Vec<Value<'row>>>,
    ) -> Result<Vec<Change>, Fault>;

    /// Sees to it that rows of a month have a part of the table of their own, where the engine parts tables.
    fn keep_apart(&mut self, _table: &'static str, _month: Date) -> Result<(), Fault> {
        Ok(())
    }

    /// What was foreseen, for an engine that looks ahead.
    fn ahead(&mut self) -> Option<&mut Ahead> {
        None
    }

    /// Records fee lines of one encounter, after those it has.
    fn add_lines(&mut self, work: Work<'_>, rows: &[FeeLine]) -> Result<(), Fault>;

    /// Records a settlement with its fund shares, running totals, journal entry and postings.
    fn add_settlement(&mut self, row: &Settlement) -> Result<(), Fault>;

    /// Moves an account that is there, and records the movement. May be kept back.
    fn move_account(&mut self, entry: &JournalEntry, movement: &Movement) -> Result<(), Fault>;

    /// Records a row of a table of its own; its key must be new.
    fn add<R: Record>(&mut self, work: Work<'_>, row: &R) -> Result<(), Fault> {
        self.record(work, &R::table().insert.one, row.values())
    }

    /// All rows of a question.
    fn all<T>(&mut self, work: Work<'_>, sql: &str, values: &[Value<'_>], read: Read<T>) -> Result<Vec<T>, Fault> {
        let mut rows = Vec::new();
        self.ask(work, &mut [Question::new(&mut rows, sql, values, read)])?;
        Ok(rows)
    }

    /// The first row of a question, if there is one.
    fn first<T>(&mut self, work: Work<'_>, sql: &str, values: &[Value<'_>], read: Read<T>) -> Result<Option<T>, Fault> {
        Ok(self.all(work, sql, values, read)?.into_iter().next())
    }

    /// The row that a question always has.
    fn the<T>(&mut self, work: Work<'_>, sql: &str, values: &[Value<'_>], read: Read<T>) -> Result<T, Fault> {
        self.first(work, sql, values, read)?.ok_or_else(|| Fault::new(work.0, work.1, "no such record"))
    }

    /// A page of a selection, and how many rows it has in all.
    fn page<R: Record>(
        &mut self,
        work: Work<'_>,
        mut selection: Selection<'_>,
        order: &str,
        (offset, limit): (usize, usize),
    ) -> Result<(Vec<R>, u64), Fault> {
        let sql = format!("SELECT count(*) FROM {} {}", R::table().name, selection.clause());
        let total: i64 = self.the(work, &sql, &selection.values, |row| row.take())?;
        let sql = selection.select::<R>(order, limit);
        let offset = selection.place(Value::Whole(count(offset)));
        let page = self.all(work, &format!("{sql} OFFSET {offset}"), &selection.values, R::read)?;
        Ok((page, total.unsigned_abs()))
    }
}

/// The `WHERE` of a question whose parts may be absent. The few texts that arise are cached like others.
#[derive(Default)]
pub(crate) struct Selection<'value> {
    conditions: Vec<String>,
    pub(crate) values: Vec<Value<'value>>,
}

impl<'value> Selection<'value> {
    /// A condition without a value.
    pub(crate) fn add(&mut self, condition: &str) {
        self.conditions.push(condition.to_owned());
    }

    /// A condition on one value, where the value is given; it has one `?`.
    pub(crate) fn add_some<T: Bound>(&mut self, condition: &str, value: &'value Option<T>) {
        if let Some(value) = value {
            self.add_values(condition, [value.bound()]);
        }
    }

    /// A condition on values, one `?` each.
    pub(crate) fn add_values<const N: usize>(&mut self, condition: &str, values: [Value<'value>; N]) {
        let mut parts = condition.split('?');
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (part, value) in parts.zip(values) {
            text += &self.place(value);
            text += part;
        }
        self.conditions.push(text);
    }

    /// Another value of the statement; answers with its place.
    fn place(&mut self, value: Value<'value>) -> String {
        self.values.push(value);
        format!("?{}", self.values.len())
    }

    /// The question for the first `limit` rows of a record in an order.
    pub(crate) fn select<R: Record>(&mut self, order: &str, limit: usize) -> String {
        let (list, table, chosen) = (R::list(), R::table().name, self.clause());
        let limit = self.place(Value::Whole(count(limit)));
        format!("SELECT {list} FROM {table} {chosen} ORDER BY {order} LIMIT {limit}")
    }

    /// The conditions as a `WHERE`, or nothing where all rows are wanted.
    pub(crate) fn clause(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!("WHERE {}", self.conditions.join(" AND ")) }
    }
}

/// A count of rows as engines take it.
pub(crate) fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
