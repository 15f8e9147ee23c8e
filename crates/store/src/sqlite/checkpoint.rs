//! Moving a book's write-ahead log into its file (检查点), out of the writer's way.
//!
//! A thread of its own copies what is committed, in small passive steps that hold up nobody. The log starts from its
//! beginning again only when all of it is copied at a moment when nobody writes; under load that moment does not come
//! by itself, so once the log is long the writer, between two transactions, copies the little that the thread has left.
//!
//! Nothing of this is needed for durability: the log itself is flushed at every commit.

use super::statement::OrFault;
use crate::fault::Fault;
use rusqlite::Connection;
use rusqlite::hooks::Wal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};

/// The thread copies once the log has grown by this many pages of 4 KiB.
const STEP_PAGES: i32 = 2_000;
/// The writer finishes the copying once the log has this many pages.
const LONG_PAGES: i32 = 16_000;

/// The thread that looks after one book's log; it ends with the last connection that holds this.
#[derive(Debug)]
pub(super) struct Checkpointer {
    log: Arc<Log>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct Log {
    state: Mutex<State>,
    grown: Condvar,
    /// The thread has done its part and the log is long.
    is_long: AtomicBool,
}

#[derive(Debug, Default)]
struct State {
    /// Pages in the log after the last commit.
    pages: i32,
    /// Pages in the log when it was last copied.
    copied: i32,
    ended: bool,
}

impl Checkpointer {
    /// Starts the thread on a connection of its own to the book.
    #[expect(
        clippy::disallowed_methods,
        reason = "it moves pages and decides nothing: the books are the same without it"
    )]
    pub(super) fn start(book: Connection, pool: &str) -> Result<Checkpointer, Fault> {
        let log = Arc::new(Log::default());
        let seen = log.clone();
        let thread = thread::Builder::new()
            .name(format!("checkpoint-{pool}"))
            .spawn(move || seen.copy_until_ended(&book))
            .map_err(|error| Fault::new("starting the checkpoint thread", pool, error))?;
        Ok(Checkpointer { log, thread: Some(thread) })
    }

    /// Has every commit of this writer tell how long the log is, and leaves copying to the thread.
    pub(super) fn watch(&self, writer: &mut Connection, pool: &str) -> Result<(), Fault> {
        let log = self.log.clone();
        let hook = move |wal: &mut Wal, pages: i32| {
            if wal.name() == c"main" {
                log.grew_to(pages);
            }
            Ok(())
        };
        writer.wal_hook(Some(hook)).or_fault("watching the log", pool)
    }

    /// For the writer, between two transactions: finishes the copying where the log has become long.
    pub(super) fn finish_if_long(&self, writer: &Connection, pool: &str) -> Result<(), Fault> {
        if self.log.is_long.swap(false, Ordering::Relaxed) {
            copy(writer).or_fault("moving the log into the book", pool)?;
        }
        Ok(())
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.log.lock().ended = true;
        self.log.grown.notify_all();
        if let Some(thread) = self.thread.take() {
            // A panic there has been reported by the thread itself; the log is copied at the next opening.
            let _ = thread.join();
        }
    }
}

impl Log {
    fn grew_to(&self, pages: i32) {
        let mut state = self.lock();
        if pages < state.pages {
            // The log has started from its beginning again.
            state.copied = 0;
        }
        state.pages = pages;
        if pages - state.copied >= STEP_PAGES {
            self.grown.notify_one();
        }
    }

    fn copy_until_ended(&self, book: &Connection) {
        let mut state = self.lock();
        while !state.ended {
            if state.pages - state.copied < STEP_PAGES {
                state = self.grown.wait(state).unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            state.copied = state.pages;
            drop(state);
            // Where it fails (a full disk) the log keeps what is committed, and the next step tries again.
            if copy(book).is_ok_and(|pages| pages >= LONG_PAGES) {
                self.is_long.store(true, Ordering::Relaxed);
            }
            state = self.lock();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// One passive step; says how many pages the log has.
fn copy(book: &Connection) -> rusqlite::Result<i32> {
    book.query_row("PRAGMA main.wal_checkpoint(PASSIVE)", [], |row| row.get(1))
}
