//! A file's rows in chunks: one thread reads them and judges each by itself, another does the rest.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::Areas;
use crate::load::keys::{Key, Keys};
use crate::load::kind::Kind;
use crate::load::report::Finding;
use crate::load::table::{FileDigest, Table};
use anyhow::bail;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

/// Rows of a chunk while a book is in service: a chunk is one transaction, which must not keep tills waiting.
pub const ROWS_IN_SERVICE: usize = 2_000;
/// Rows of a chunk while no book is in service yet: of many rows more touch the same pages, which are then written
/// to the log once.
pub const ROWS: usize = 20_000;
/// Chunks that may wait: one is always ready, and memory is bounded.
const WAITING: usize = 1;

/// A row that has been read and judged by itself.
pub struct Judged<R> {
    /// Its line in the file.
    pub line: u64,
    /// The row; where there are findings it is not used.
    pub row: R,
    /// What makes it one of its own.
    pub key: Key,
    /// The person that it is about.
    pub person: Option<Key>,
    /// The document that names the person.
    pub document: Option<Key>,
    /// What keeps it out.
    pub findings: Vec<Finding>,
    /// What is worth knowing.
    pub remarks: Vec<String>,
}

/// Some rows that follow one another.
pub struct Chunk<R> {
    /// The rows.
    pub rows: Vec<Judged<R>>,
    /// Bytes of the file up to the last of them.
    pub bytes: u64,
}

/// What reading a row needs beside the row.
#[derive(Clone)]
pub struct Reading<'a> {
    /// Pools and divisions.
    pub areas: &'a Areas<'a>,
    /// Which line opens whose account.
    pub accounts: &'a Accounts,
    /// Makes the keys.
    pub keys: Keys,
    /// Rows of a chunk.
    pub rows: usize,
}

impl Reading<'_> {
    /// Reads the rows whose line is `wanted` and hands them to `work` in order, while the next ones are read.
    /// `Err` inside is where the file cannot be read any further.
    #[expect(clippy::disallowed_methods, reason = "a file is read ahead; rows are taken in its order all the same")]
    pub fn each_chunk<K: Kind>(
        &self,
        table: &Table,
        wanted: &(dyn Fn(u64) -> bool + Sync),
        work: &mut dyn FnMut(Chunk<K::Row>) -> anyhow::Result<()>,
    ) -> anyhow::Result<Result<FileDigest, Finding>> {
        thread::scope(|scope| {
            let (read, waiting) = sync_channel(WAITING);
            let reader = thread::Builder::new()
                .name("reading".to_owned())
                .spawn_scoped(scope, || self.read::<K>(table, wanted, read))?;
            let mut done = Ok(());
            for chunk in waiting {
                done = work(chunk);
                if done.is_err() {
                    break;
                }
            }
            let end = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            done.and(end)
        })
    }

    fn read<K: Kind>(
        &self,
        table: &Table,
        wanted: &(dyn Fn(u64) -> bool + Sync),
        read: SyncSender<Chunk<K::Row>>,
    ) -> anyhow::Result<Result<FileDigest, Finding>> {
        let mut chunk = Chunk { rows: Vec::with_capacity(self.rows), bytes: 0 };
        let send = |chunk: Chunk<K::Row>| match read.send(chunk) {
            Ok(()) => Ok(()),
            Err(_) => bail!("写入中止"),
        };
        let end = table.each_row(&mut |row| {
            if !wanted(row.line) {
                return Ok(());
            }
            let mut fields = Fields::new(row);
            let judged = K::read(&mut fields, self.areas, self.accounts);
            let (findings, remarks) = (fields.findings, fields.remarks);
            let (key, person) = (self.keys.of(K::key(&judged)), K::person(&judged).map(|psn_no| self.keys.of(psn_no)));
            let document = K::document(&judged).map(|number| self.keys.of(number));
            chunk.rows.push(Judged { line: row.line, row: judged, key, person, document, findings, remarks });
            chunk.bytes = row.bytes;
            if chunk.rows.len() == self.rows {
                let next = Chunk { rows: Vec::with_capacity(self.rows), bytes: 0 };
                send(std::mem::replace(&mut chunk, next))?;
            }
            Ok(())
        })?;
        if !chunk.rows.is_empty() {
            send(chunk)?;
        }
        Ok(end)
    }
}
