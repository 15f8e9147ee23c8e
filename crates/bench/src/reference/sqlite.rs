//! The reference on SQLite (参照·嵌入式): one writer, up to 256 requests in one transaction, a savepoint each, one flush
//! for all.
//!
//! Settings are those of the platform's own store. Checkpoints are made by a second thread, in small steps that keep
//! nobody waiting, or left to the writer where that is to be shown.

use super::script::Value;
use anyhow::Context;
use rusqlite::config::DbConfig;
use rusqlite::hooks::Wal;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Statement, ToSql, params_from_iter};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::thread;
use std::time::Duration;

/// Requests in one transaction at most, as the platform takes calls.
const TOGETHER: usize = 256;
const CACHE_KIB: i64 = 64 * 1024;
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the second thread looks how long the log has become.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// It copies once the log has grown by so many pages of 4 KiB.
const STEP_PAGES: i32 = 2_000;
/// From this length on the writer copies the little that is left, so that the log starts from its beginning again.
const LONG_PAGES: i32 = 16_000;

/// What is to be written under one commit, and who waits for it.
pub(crate) struct Request {
    pub writes: Vec<(usize, Vec<Value>)>,
    pub done: SyncSender<Result<(), String>>,
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

/// How long the write-ahead log is, told by the writer's commits to the thread that copies it.
#[derive(Debug, Default)]
pub(crate) struct Log {
    pages: AtomicI32,
    is_long: AtomicBool,
    ended: AtomicBool,
}

/// Writes requests until all senders are gone. Without a log to share the writer makes the checkpoints itself.
pub(crate) fn write(
    book: &Path,
    statements: &[String],
    requests: &Receiver<Request>,
    log: Option<Arc<Log>>,
) -> anyhow::Result<()> {
    let mut connection = open(book)?;
    if let Some(log) = log.clone() {
        connection.wal_hook(Some(move |_: &mut Wal, pages: i32| {
            log.pages.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
    }
    let prepare = |sql: &str| connection.prepare(sql).with_context(|| sql.to_owned());
    let mut prepared = statements.iter().map(|sql| prepare(sql)).collect::<anyhow::Result<Vec<_>>>()?;
    let (mut begin, mut commit) = (prepare("BEGIN IMMEDIATE")?, prepare("COMMIT")?);
    let (mut savepoint, mut release, mut back) =
        (prepare("SAVEPOINT one")?, prepare("RELEASE one")?, prepare("ROLLBACK TO one")?);
    while let Ok(first) = requests.recv() {
        let batch: Vec<Request> = std::iter::once(first).chain(requests.try_iter().take(TOGETHER - 1)).collect();
        if log.as_ref().is_some_and(|log| log.is_long.swap(false, Ordering::Relaxed)) {
            copy(&connection)?;
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
    if let Some(log) = log {
        log.ended.store(true, Ordering::Relaxed);
    }
    Ok(())
}

fn rows(prepared: &mut [Statement<'_>], writes: &[(usize, Vec<Value>)]) -> rusqlite::Result<()> {
    for (statement, values) in writes {
        prepared[*statement].execute(params_from_iter(values))?;
    }
    Ok(())
}

/// Copies the log into the book in small steps, until the writer has ended.
pub(crate) fn checkpoint(book: &Path, log: &Log) -> anyhow::Result<()> {
    let connection = open(book)?;
    let mut copied = 0;
    while !log.ended.load(Ordering::Relaxed) {
        let pages = log.pages.load(Ordering::Relaxed);
        // Shorter than before: it has started from its beginning again.
        copied = if pages < copied { 0 } else { copied };
        if pages - copied < STEP_PAGES {
            thread::sleep(LOOK_EVERY);
            continue;
        }
        copied = pages;
        if copy(&connection)? >= LONG_PAGES {
            log.is_long.store(true, Ordering::Relaxed);
        }
    }
    Ok(())
}

/// One passive step; says how many pages the log has.
fn copy(book: &Connection) -> rusqlite::Result<i32> {
    book.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| row.get(1))
}
