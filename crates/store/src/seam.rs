//! The seam between acting and remembering.

use crate::encounter::Encounters;
use crate::fault::Fault;
use crate::filing::Filings;
use crate::ledger::Ledger;
use crate::load::Loads;
use crate::mapping::Mappings;
use crate::message::Messages;
use crate::person::Persons;
use crate::reference::References;
use crate::session::Sessions;
use crate::settlement::Settlements;
use yibao_domain::code::Pool;

/// An engine with its books. Shared by all workers.
pub trait Store: Send + Sync {
    /// The pools whose books exist.
    fn pools(&self) -> Result<Vec<Pool>, Fault>;

    /// A connection of one's own to a pool's book, which is created if it does not exist.
    fn open(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault>;

    /// The same for loading a city: with more memory, where the engine has a use for it.
    fn open_for_loading(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault> {
        self.open(pool)
    }

    /// How many waiting calls a worker should take into one transaction: many where one writer
    /// shares a flush, one where the server groups commits itself.
    fn calls_per_transaction(&self) -> usize;
}

/// A worker's connection to one book.
pub trait Book: Send {
    /// Runs `work` in one transaction. Durable when this returns `Ok`; nothing is kept otherwise.
    ///
    /// Under [`Mode::Write`] what `work` reads stays true until the commit. Under [`Mode::Read`] the
    /// transaction never waits for a writer nor holds one up, so a record made in it is a fault: a
    /// trial settlement loads and decides, and leaves out the record.
    fn transact(&mut self, mode: Mode, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault>;

    /// Checks the stored book: identities, balance, history, messages, cancellations (`yibao verify`).
    fn verify(&mut self) -> Result<Vec<Check>, Fault>;
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
pub trait Tx:
    Persons + Loads + Encounters + Settlements + Messages + Filings + Mappings + References + Sessions + Ledger
{
    /// Marks a point to come back to: one call among the many of a transaction.
    fn savepoint(&mut self) -> Result<(), Fault>;
    /// Keeps what was done since the savepoint.
    fn release(&mut self) -> Result<(), Fault>;
    /// Gives up what was done since the savepoint.
    fn roll_back(&mut self) -> Result<(), Fault>;
    /// The next number of a series ("encounter", "settlement", …), from 1, without gaps.
    fn next_serial(&mut self, series: &'static str) -> Result<i64, Fault>;
}

/// What storing a reference row did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// The very same row was there.
    Unchanged,
    /// There was no such row.
    Added,
    /// A row with this key was there and differed.
    Updated,
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
