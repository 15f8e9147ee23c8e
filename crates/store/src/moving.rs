//! Moving a pool's whole book to another place (整册搬迁): every row, as text, table by table, as the
//! descriptions of the records name them.
//!
//! The book that is handed over is held still meanwhile, and afterwards kept under another name that no program opens,
//! so that there is never a moment with two books in service. Whether the copy is right is for the caller to compare
//! ([`Book::census`](crate::Book::census)) before it says so.

use crate::fault::Fault;

/// One row, its values as text in the order of the columns.
pub type TextRow = Vec<Option<String>>;

/// A book that is being handed over: one state of it, as long as this is there.
pub trait Outgoing {
    /// All rows of a table with these columns, in the order in which they were recorded where that matters.
    fn each_row(
        &mut self,
        table: &'static str,
        columns: &[String],
        take: &mut dyn FnMut(TextRow) -> Result<(), Fault>,
    ) -> Result<u64, Fault>;
}

/// Takes what is handed over; `Ok` only once it is durable and compared.
pub type Receive<'a> = &'a mut dyn FnMut(&mut dyn Outgoing) -> Result<(), Fault>;

/// The answer of an engine that cannot do it.
pub(crate) fn not_here(doing: &'static str, pool: &str) -> Fault {
    Fault::new(doing, pool, "只有 PostgreSQL 数据库能这样做，请把地址写成 postgres://…")
}
