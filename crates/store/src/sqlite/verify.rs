//! Checking a book: the shared questions and the walk through the entries, and SQLite's own check of the file.

use super::statement::OrFault;
use super::transaction::{Savepoints, Serials, SqliteTx};
use crate::fault::Fault;
use crate::seam::Check;
use crate::verify::entry;
use crate::verify::{Question, SHOWN, questions};
use rusqlite::{Connection, Row};
use std::cell::Cell;
use yibao_domain::register::WorkTable;

/// The file and the rules of its schema.
const FILE: Question = Question {
    name: "账簿文件：结构完整，约束成立",
    examined: "SELECT count(*) FROM sqlite_schema",
    broken: "SELECT quick_check FROM pragma_quick_check WHERE quick_check <> 'ok'
                 UNION ALL
                 SELECT \"table\" || '：第' || coalesce(rowid, 0) || '行在' || parent || '中没有对应记录'
                 FROM pragma_foreign_key_check",
};

/// Runs all checks on one state of the book.
pub(super) fn checks(book: &Connection, work: &WorkTable) -> Result<Vec<Check>, Fault> {
    let mut checks: Vec<Check> =
        questions().chain([&FILE]).map(|question| ask(book, question)).collect::<Result<_, _>>()?;
    let spent = Cell::default();
    checks.extend(entry::checks(&mut SqliteTx::new(book, Savepoints::Real, &spent, Serials::new(), None), work)?);
    Ok(checks)
}

fn ask(book: &Connection, question: &Question) -> Result<Check, Fault> {
    const DOING: &str = "verifying";
    let line = |row: &Row<'_>| row.get::<_, String>(0);
    let examined: i64 = book.query_row(question.examined, [], |row| row.get(0)).or_fault(DOING, question.name)?;
    let mut statement = book.prepare(question.broken).or_fault(DOING, question.name)?;
    let broken = statement
        .query_map([], line)
        .and_then(|lines| lines.take(SHOWN).collect::<rusqlite::Result<Vec<String>>>())
        .or_fault(DOING, question.name)?;
    Ok(Check { name: question.name, examined: examined.unsigned_abs(), broken })
}
