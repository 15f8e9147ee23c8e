//! Handing a book over: its file is held still, read, and renamed.

use super::folder::Folder;
use super::statement::OrFault;
use crate::fault::Fault;
use crate::moving::{Outgoing, Receive, TextRow};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row};
use yibao_domain::code::Pool;

const DOING: &str = "搬出账册";

/// The name that the file of a handed-over book ends with.
const MOVED: &str = "moved";

/// Hands the book over and renames its file; says what it is called now.
pub(super) fn give_away(folder: &Folder, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault> {
    let name = pool.as_str();
    let file = folder.book_file(pool);
    let kept = file.with_extension(MOVED);
    if kept.exists() {
        let why = format!("已有 {}，这一册搬过一次；请先移走它", kept.display());
        return Err(Fault::new(DOING, name, why));
    }
    let book = folder.book(pool)?;
    // Only who is alone can leave the log; and then all of it is in the file that is renamed.
    let mode: String = book.query_row("PRAGMA main.journal_mode = DELETE", [], |row| row.get(0)).unwrap_or_default();
    if mode != "delete" {
        return Err(Fault::new(DOING, name, "账册正在使用，请先停止使用它的 serve 和其他命令"));
    }
    book.execute_batch("BEGIN EXCLUSIVE").or_fault(DOING, name)?;
    receive(&mut Still { book: &book })?;
    book.execute_batch("COMMIT").or_fault(DOING, name)?;
    book.close().map_err(|(_, error)| error).or_fault(DOING, name)?;
    std::fs::rename(&file, &kept).map_err(|error| Fault::new(DOING, name, error))?;
    Ok(kept.display().to_string())
}

/// A book that nobody else can open.
struct Still<'book> {
    book: &'book Connection,
}

impl Outgoing for Still<'_> {
    fn each_row(
        &mut self,
        table: &'static str,
        columns: &[String],
        take: &mut dyn FnMut(TextRow) -> Result<(), Fault>,
    ) -> Result<u64, Fault> {
        // Settlements have no column of their own for the order in which they were made.
        let order = if table == "settlement" { "ORDER BY rowid" } else { "" };
        let sql = format!("SELECT {} FROM {table} {order}", columns.join(", "));
        let mut statement = self.book.prepare(&sql).or_fault(DOING, table)?;
        let mut rows = statement.query([]).or_fault(DOING, table)?;
        let mut count = 0;
        while let Some(row) = rows.next().or_fault(DOING, table)? {
            take(text_row(row, columns.len()).or_fault(DOING, table)?)?;
            count += 1;
        }
        Ok(count)
    }
}

fn text_row(row: &Row<'_>, columns: usize) -> rusqlite::Result<TextRow> {
    let text = |at: usize| {
        Ok(match row.get_ref(at)? {
            ValueRef::Null => None,
            ValueRef::Integer(number) => Some(number.to_string()),
            other => Some(other.as_str()?.to_owned()),
        })
    };
    (0..columns).map(text).collect()
}
