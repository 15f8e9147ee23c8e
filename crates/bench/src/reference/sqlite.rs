//! The reference on SQLite: one writer, up to 256 requests in one transaction, a savepoint each, one flush for all.
//!
//! Settings are those of the platform's own store. Checkpoints are made by a second thread, in small steps that keep
//! nobody waiting, or left to the writer where that is to be shown.

use super::sample::{Rows, Stored, Table};
use super::script::Value;
use anyhow::{Context, bail};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use rusqlite::config::DbConfig;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql, params_from_iter};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

/// Requests in one transaction at most, as the platform takes calls.
const TOGETHER: usize = 256;
const CACHE_KIB: i64 = 64 * 1024;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the second thread moves what was written from the log into the book.
const CHECKPOINT_EVERY: Duration = Duration::from_millis(50);

/// What is to be written under one commit, and who waits for it.
pub(crate) struct Request {
    pub writes: Vec<(usize, Vec<Value>)>,
    pub done: Sender<Result<(), String>>,
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Value::Null => ValueRef::Null,
            Value::Integer(number) => ValueRef::Integer(*number),
            Value::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

/// A connection to a book, set up as the platform's.
pub(crate) fn open(book: &Path) -> anyhow::Result<Connection> {
    let open = || -> rusqlite::Result<Connection> {
        let connection = Connection::open(book)?;
        connection.busy_timeout(BUSY_TIMEOUT)?;
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.pragma_update(None, "temp_store", "MEMORY")?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
        Ok(connection)
    };
    open().with_context(|| format!("打开账册 {}", book.display()))
}

/// Writes requests until all senders are gone.
pub(crate) fn write(
    book: &Path,
    statements: &[String],
    requests: &Receiver<Request>,
    own_checkpoints: bool,
) -> anyhow::Result<()> {
    let connection = open(book)?;
    if !own_checkpoints {
        connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    }
    let prepare = |sql: &str| connection.prepare(sql).with_context(|| sql.to_owned());
    let mut prepared = statements.iter().map(|sql| prepare(sql)).collect::<anyhow::Result<Vec<_>>>()?;
    let [mut begin, mut savepoint, mut release, mut back, mut commit] = [
        prepare("BEGIN IMMEDIATE")?,
        prepare("SAVEPOINT one")?,
        prepare("RELEASE one")?,
        prepare("ROLLBACK TO one")?,
        prepare("COMMIT")?,
    ];
    while let Ok(first) = requests.recv() {
        let mut batch = vec![first];
        while batch.len() < TOGETHER
            && let Ok(next) = requests.try_recv()
        {
            batch.push(next);
        }
        begin.execute([])?;
        let mut outcomes = Vec::with_capacity(batch.len());
        for request in &batch {
            savepoint.execute([])?;
            let outcome = rows(&mut prepared, &request.writes);
            if outcome.is_err() {
                back.execute([])?;
            }
            release.execute([])?;
            outcomes.push(outcome.map_err(|error| error.to_string()));
        }
        commit.execute([])?;
        for (request, outcome) in batch.into_iter().zip(outcomes) {
            // Whoever no longer waits does not mind.
            let _ = request.done.send(outcome);
        }
    }
    Ok(())
}

fn rows(prepared: &mut [Statement<'_>], writes: &[(usize, Vec<Value>)]) -> rusqlite::Result<()> {
    for (statement, values) in writes {
        prepared[*statement].execute(params_from_iter(values))?;
    }
    Ok(())
}

/// Moves what was written into the book in small steps, until `stop` is dropped.
pub(crate) fn checkpoint(book: &Path, stop: &Receiver<()>) -> anyhow::Result<()> {
    let connection = open(book)?;
    while stop.recv_timeout(CHECKPOINT_EVERY) == Err(RecvTimeoutError::Timeout) {
        connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
    }
    Ok(())
}

/// The parameter of this number.
pub(crate) fn placeholder(number: usize) -> String {
    format!("?{number}")
}

/// The tables of a book, those that others refer to first.
pub(crate) fn tables(book: &Connection) -> anyhow::Result<Vec<Table>> {
    let mut names =
        texts(book, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")?;
    let mut tables: Vec<Table> = Vec::new();
    while !names.is_empty() {
        let is_known = |parent: &String| tables.iter().any(|table| table.name == *parent);
        let mut ready = None;
        for (place, name) in names.iter().enumerate() {
            let parents = texts(book, &format!("SELECT \"table\" FROM pragma_foreign_key_list('{name}')"))?;
            if parents.iter().all(|parent| parent == name || is_known(parent)) {
                ready = Some(place);
                break;
            }
        }
        let name = names.remove(ready.context("外键成环")?);
        let columns = texts(book, &format!("SELECT name FROM pragma_table_info('{name}') ORDER BY cid"))?;
        let keys = texts(book, &format!("SELECT name FROM pragma_table_info('{name}') WHERE pk > 0 ORDER BY pk"))?;
        let mut key: Vec<usize> =
            keys.iter().filter_map(|key| columns.iter().position(|column| column == key)).collect();
        if key.is_empty() {
            key = (0..columns.len()).collect();
        }
        tables.push(Table { name, columns, key });
    }
    Ok(tables)
}

fn texts(book: &Connection, sql: &str) -> anyhow::Result<Vec<String>> {
    let mut statement = book.prepare(sql)?;
    let found = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

/// Every row of every table.
pub(crate) fn all_rows(book: &Connection, tables: &[Table]) -> anyhow::Result<Rows> {
    let mut all = Vec::new();
    for table in tables {
        let mut rows = BTreeMap::new();
        let mut statement = book.prepare(&format!("SELECT {} FROM {}", table.columns.join(", "), table.name))?;
        let mut found = statement.query([])?;
        while let Some(row) = found.next()? {
            let values = (0..table.columns.len())
                .map(|column| stored(row.get_ref(column)?))
                .collect::<anyhow::Result<Vec<_>>>()?;
            rows.insert(table.key.iter().map(|column| values[*column].clone()).collect(), values);
        }
        all.push(rows);
    }
    Ok(all)
}

fn stored(value: ValueRef<'_>) -> anyhow::Result<Stored> {
    Ok(match value {
        ValueRef::Null => Stored::Null,
        ValueRef::Integer(number) => Stored::Integer(number),
        ValueRef::Text(text) => Stored::Text(String::from_utf8(text.to_vec()).context("账册里的文本")?),
        ValueRef::Real(_) | ValueRef::Blob(_) => bail!("账册里有参照不认识的类型"),
    })
}
