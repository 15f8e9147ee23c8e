//! The seam between acting and remembering.

use crate::book::Nouns;
use crate::census::Figure;
use crate::fault::Fault;
use crate::message::MessageKey;
use crate::moving::{Outgoing, Receive, not_here};
use yibao_domain::code::Pool;
use yibao_domain::register::WorkTable;
use yibao_domain::time::Date;

/// An engine with its books. Shared by all workers.
pub trait Store: Send + Sync {
    /// The pools whose books exist.
    fn pools(&self) -> Result<Vec<Pool>, Fault>;

    /// A connection of one's own to a pool's book, which is created if it does not exist.
    fn open(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault>;

    /// How a pool's book wants to be written to.
    fn writing(&self, pool: &Pool) -> Writing;

    /// Hands a pool's whole book over and takes it out of service; says under which name it is kept. Where
    /// `receive` fails, the book is in service as before.
    fn hand_over(&self, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault>;

    /// Takes a whole book over into the pool's book, which must be empty.
    fn take_over(&self, pool: &Pool, _from: &mut dyn Outgoing) -> Result<(), Fault> {
        Err(not_here("搬入账册", pool.as_str()))
    }

    /// Has the nodes of a cluster share the books, each book on one node.
    fn distribute(&self, pool: &Pool) -> Result<(), Fault> {
        Err(not_here("分布账册", pool.as_str()))
    }
}

/// How many work on a book at once, and how they share the flush of the disk.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Writing {
    /// Connections that record side by side: one where the engine has a single writer, else by the cores and
    /// the flush time of the server, not by the number of callers.
    pub writers: usize,
    /// Waiting calls that a writer takes into one transaction: many where one writer shares a flush, one where
    /// the server groups commits itself.
    pub calls_per_transaction: usize,
}

impl Writing {
    /// One writer, one call a transaction.
    pub const ALONE: Writing = Writing { writers: 1, calls_per_transaction: 1 };
}

/// A worker's connection to one book.
pub trait Book: Send {
    /// Runs `work` in one transaction. Durable when this returns `Ok`; nothing is kept otherwise.
    ///
    /// Under [`Mode::Write`] what `work` reads about the subjects it has named ([`Tx::foresee`]) stays true until
    /// the commit. `work` may be run again from the start where the engine gave the transaction up for another's
    /// sake (a serialization failure, a connection lost before the commit was sent). Under [`Mode::Read`] the
    /// transaction never waits for a writer nor holds one up, so a record made in it is a fault: a
    /// trial settlement loads and decides, and leaves out the record.
    fn transact(&mut self, mode: Mode, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault>;

    /// Checks the stored book: identities, balance, history, messages, cancellations (`yibao verify`). Its registers go by
    /// this table of work.
    fn verify(&mut self, work: &WorkTable) -> Result<Vec<Check>, Fault>;

    /// Counts and sums of one state of the book, always in the same order.
    fn census(&mut self) -> Result<Vec<Figure>, Fault>;

    /// What this connection has cost so far.
    fn traffic(&self) -> Traffic;
}

/// What a connection has sent to its engine: what calls cost is the difference of two readings.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Traffic {
    /// Statements run, those that begin and end transactions included.
    pub statements: u64,
    /// Times that the engine's answer was waited for over a network; none where the engine is embedded.
    pub round_trips: u64,
    /// Rows that came as answers.
    pub rows: u64,
}

impl Traffic {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Traffic) -> Traffic {
        Traffic {
            statements: self.statements + other.statements,
            round_trips: self.round_trips + other.round_trips,
            rows: self.rows + other.rows,
        }
    }

    /// What came to it since an earlier reading.
    #[must_use]
    pub fn since(self, earlier: Traffic) -> Traffic {
        Traffic {
            statements: self.statements - earlier.statements,
            round_trips: self.round_trips - earlier.round_trips,
            rows: self.rows - earlier.rows,
        }
    }
}

/// Whether a transaction may leave anything behind.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// Sees one state; a record made in it is a fault.
    Read,
    /// Recorded and durable.
    Write,
}

/// An open transaction on one book.
///
/// Object safe, so that handlers are plain functions over `&mut dyn Tx` and the table of
/// transactions is a table of function pointers.
///
/// A record may be kept back and sent to the engine together with others, at the latest before the next question, so
/// that a call costs few round trips. That a record failed is told by itself, by [`Tx::flush`] or by the
/// transaction; in each case nothing of the call is kept.
pub trait Tx: Nouns {
    /// Names what the next call is about, before it asks. Where several record side by side this takes the
    /// persons' turns, in one order, and an engine behind a network loads ahead what the call will ask.
    fn foresee(&mut self, subjects: &Subjects) -> Result<(), Fault>;
    /// Sees to it that all records so far have been taken by the engine.
    fn flush(&mut self) -> Result<(), Fault>;
    /// Marks a point to come back to: one call among the many of a transaction.
    fn savepoint(&mut self) -> Result<(), Fault>;
    /// Keeps what was done since the savepoint.
    fn release(&mut self) -> Result<(), Fault>;
    /// Gives up what was done since the savepoint.
    fn roll_back(&mut self) -> Result<(), Fault>;
    /// A number of a series ("encounter", "settlement", …) that was never drawn before, from 1. Numbers may be
    /// skipped, and where several record side by side a higher one need not be the later one.
    fn next_serial(&mut self, series: &'static str) -> Result<i64, Fault>;
}

/// What a call is about, as far as its message says before anything is read.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Subjects {
    /// The message's key.
    pub message: Option<MessageKey>,
    /// Persons by `psn_no`.
    pub persons: Vec<String>,
    /// Encounters by `mdtrt_id`; their persons are meant too.
    pub encounters: Vec<String>,
    /// Days of care that the message names; running totals of their periods will be asked for.
    pub days: Vec<Date>,
}

/// The result of one check of a book.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Check {
    /// What was checked, in Chinese.
    pub name: &'static str,
    /// How many records were looked at.
    pub examined: u64,
    /// The first records that fail, by technical id, with the difference (at most 20).
    pub broken: Vec<String>,
}
