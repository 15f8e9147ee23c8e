//! Hazards (故障注入): what can go wrong between any two statements, for tests and simulations.
//!
//! A store that was opened with a [`Hazard`] asks it at every [`Moment`] of every transaction. It stands inside the
//! engines, at the one place each where statements run, and not in a file system of SQLite's own (VFS): so both engines meet
//! the same faults at the same places, in one order for one seed, and no C is called. What follows is no play: a full disk, a
//! cut connection and an error of the disk are made by the engine itself, so its own error paths are walked.
//!
//! A crash of the process is told by a [`Hazard`] that panics, and by opening the store anew.

use crate::fault::Fault;
use crate::seam::Mode;
use std::sync::Arc;
use yibao_domain::code::Pool;

/// Decides what goes wrong. It may also wait, for a store that is slow.
pub trait Hazard: Send + Sync {
    /// What happens at a moment of a transaction on a pool's book. A transaction that runs again is asked about again.
    fn at(&self, pool: &Pool, mode: Mode, moment: Moment) -> Verdict;
}

/// A moment of a transaction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Moment {
    /// It begins.
    Begin,
    /// The next statement is about to run. A record that is kept back has two such moments: when it is made, and when it
    /// is sent with others.
    Statement {
        /// The work, as a fault names it.
        doing: &'static str,
    },
    /// What was recorded is about to be kept.
    Commit,
    /// It is kept, and who waits is about to be told. Any verdict but [`Verdict::GoOn`] loses the answer.
    Committed,
}

/// What happens.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// Nothing.
    GoOn,
    /// The disk answers with an error: the engine gives the transaction up.
    DiskError,
    /// From here on the disk takes nothing more in this transaction. The embedded engine fails at the next record that
    /// needs a new page, or at the commit of this moment; a server fails at once.
    DiskFull,
    /// The server ends the connection. The embedded engine has none, so that it is a [`Verdict::DiskError`] there.
    Cut,
}

/// A hazard of one transaction.
#[derive(Clone, Copy)]
pub(crate) struct Danger<'book> {
    pub(crate) hazard: &'book dyn Hazard,
    pub(crate) pool: &'book Pool,
    pub(crate) mode: Mode,
}

impl<'book> Danger<'book> {
    /// The danger of a transaction, where the store was opened with a hazard.
    pub(crate) fn of(hazard: Option<&'book Arc<dyn Hazard>>, pool: &'book Pool, mode: Mode) -> Option<Self> {
        hazard.map(|hazard| Danger { hazard: hazard.as_ref(), pool, mode })
    }

    pub(crate) fn at(self, moment: Moment) -> Verdict {
        self.hazard.at(self.pool, self.mode, moment)
    }
}

/// The fault of a hazard that no engine makes itself.
pub(crate) fn injected(doing: &'static str, pool: &Pool, verdict: Verdict) -> Fault {
    Fault::new(doing, pool.as_str(), format!("injected: {verdict:?}"))
}
