//! Registers as sheets (表格): the template, the import with a verdict for every row, the export.
//!
//! Heads of columns are the Chinese labels of the fields, or their names. A row without 台账号 is a new statement; with
//! 台账号 and 操作 it is a step; with 台账号 alone a correction, so that an exported sheet can be corrected and read in again.
//! How files are read and written is the pages' affair. Invariant: each row is taken whole or not at all.

mod export;
mod lines;
mod row;

pub use export::{Column, SheetTable};
pub use row::{Outcome, Sheet, SheetRow, Verdict};

use super::{Actor, Kept, NotDone, Registers};
use crate::platform::Asked;
use lines::Lines;
use row::Row;
use std::collections::BTreeSet;
use yibao_domain::outage::RegisterKind;
use yibao_domain::time::DateTime;
use yibao_policy::registers;

/// The head of the column with the entry's number.
pub(super) const NUMBER: &str = "台账号";
/// The head of the column with the step.
pub(super) const ACTION: &str = "操作";
/// Rows that are under way at once: they share the flush of the disk.
const UNDER_WAY: usize = 64;

/// The rows in runs whose rows have nothing to do with each other, so that they may be under way side by side and a row
/// still sees what the ones above it have done.
fn apart(rows: &[Row]) -> Vec<&[Row]> {
    let (mut runs, mut begin) = (Vec::new(), 0);
    let mut seen = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        let subjects = row.subjects();
        if at - begin >= UNDER_WAY || subjects.iter().any(|subject| seen.contains(subject)) {
            runs.push(&rows[begin..at]);
            begin = at;
            seen.clear();
        }
        seen.extend(subjects);
    }
    runs.push(&rows[begin..]);
    runs
}

impl Registers<'_> {
    /// Reads in a sheet of one register, and a sheet of fee lines that belong to its rows by 本机构单据号 or 台账号. Every row
    /// gets its verdict, in the order of the sheets; `provider` is the one whose rows they are, empty: the actor's own.
    pub fn import(
        &self,
        by: &Actor,
        now: DateTime,
        kind: RegisterKind,
        provider: &str,
        rows: &[SheetRow],
        line_rows: &[SheetRow],
    ) -> Vec<Verdict> {
        let mut lines = Lines::read(line_rows);
        let table = registers::fields();
        let rows: Vec<Row> = rows.iter().map(|row| Row::read(table, kind, provider, row, &mut lines)).collect();
        let mut verdicts = Vec::new();
        for chunk in apart(&rows) {
            let asked: Vec<Option<Asked<Kept, NotDone>>> = chunk.iter().map(|row| self.ask_row(by, now, row)).collect();
            for (row, asked) in chunk.iter().zip(asked) {
                let mut outcome = asked.map(Asked::wait);
                // What got into the way of a row beside it is tried once more by itself.
                if matches!(outcome, Some(Err(NotDone::Fault(_) | NotDone::Busy))) {
                    outcome = self.ask_row(by, now, row).map(Asked::wait);
                }
                verdicts.push(row.verdict(outcome));
                self.put_row_lines(by, now, row, &mut verdicts);
            }
        }
        for (number, group) in lines.left() {
            let outcome = group.lines.map(|lines| self.put_lines(by, now, &number, lines));
            verdicts.push(Verdict::of_lines(group.first, &number, outcome));
        }
        verdicts
    }

    fn ask_row(&self, by: &Actor, now: DateTime, row: &Row) -> Option<Asked<Kept, NotDone>> {
        match row {
            Row::New { new, .. } => Some(self.ask_to_add(by, now, new.clone())),
            Row::Step { number, action, fields, .. } => Some(self.ask_to_act(by, now, number, *action, fields.clone())),
            Row::Wrong { .. } => None,
        }
    }

    /// Lines of a row that was there already are brought up to date as well.
    fn put_row_lines(&self, by: &Actor, now: DateTime, row: &Row, verdicts: &mut [Verdict]) {
        let (Row::New { new, .. }, Some(verdict)) = (row, verdicts.last_mut()) else { return };
        if new.lines.is_empty() || verdict.outcome != Outcome::Unchanged {
            return;
        }
        let Some(number) = verdict.number.clone() else { return };
        match self.put_lines(by, now, &number, new.lines.clone()) {
            Ok(kept) if kept.is_new => verdict.outcome = Outcome::Changed,
            Ok(_) => {}
            Err(not_done) => verdict.outcome = Outcome::Refused(not_done.to_string()),
        }
    }
}
