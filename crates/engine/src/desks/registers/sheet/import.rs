//! The import: every row of a sheet is asked for, and told what became of it.
//!
//! Invariant: each row is taken whole or not at all, and has its verdict.

use crate::desks::once;
use crate::desks::registers::list::ListFilter;
use crate::desks::registers::sheet::columns::{Columns, NUMBER};
use crate::desks::registers::sheet::given::SheetRow;
use crate::desks::registers::sheet::lines::{Lines, TIES, first_of};
use crate::desks::registers::sheet::row::{Asks, Reader, Row};
use crate::desks::registers::sheet::verdict::{Outcome, Verdict};
use crate::desks::registers::{Registers, list};
use crate::platform::counter::Asked;
use crate::register::problem::NotDone;
use crate::register::{Actor, Kept};
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::EntryLine;
use yibao_domain::time::DateTime;

/// Rows that are under way at once: they share the flush of the disk.
const UNDER_WAY: usize = 64;

/// The rows in runs whose rows have nothing to do with each other, so that they may be under way side by side and a row
/// still sees what the ones above it have done.
fn apart<'r, 's>(rows: &'r [Row<'s>]) -> Vec<&'r [Row<'s>]> {
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

/// An entry of before.
struct Before {
    number: String,
    is_final: bool,
}

/// Entries of before by the office's own numbers: what names them, and its value.
type Known = BTreeMap<(&'static str, String), Vec<Before>>;

/// The number of the one entry that lines can be of: one that can still be changed before one that cannot.
fn the_one(found: &[Before], named: &str) -> Result<String, String> {
    let mut open: Vec<&Before> = found.iter().filter(|entry| !entry.is_final).collect();
    if open.is_empty() {
        open = found.iter().collect();
    }
    match open.as_slice() {
        [] => Err(format!("{named}没有登记过；请先登记，或在同一文件里一起导入")),
        [one] => Ok(one.number.clone()),
        several => {
            let numbers = first_of(&Vec::from_iter(several.iter().map(|entry| entry.number.clone())));
            Err(format!("{named}的台账有 {numbers}，不知费用明细属于哪一笔；请改用台账号对应"))
        }
    }
}

/// What tells the deed of putting lines from others of the sheet.
fn lines_key(number: &str, lines: &[EntryLine]) -> String {
    once::digest(&once::replacement(number, lines))
}

/// Who reads a sheet in, and when.
struct Import<'a> {
    registers: &'a Registers<'a>,
    by: &'a Actor,
    now: DateTime,
}

impl Registers<'_> {
    /// Reads in the rows of one register, and the rows of fee lines that belong to them by 台账号, 本机构单据号 or 住院号. Every
    /// row gets its verdict, in the order of the rows; then come lines that belong to no row. `provider` is the one whose
    /// rows they are where a row does not say; empty: the actor's own.
    pub fn import(
        &self,
        by: &Actor,
        now: DateTime,
        kind: RegisterKind,
        provider: &str,
        rows: &[SheetRow],
        line_rows: &[SheetRow],
    ) -> Vec<Verdict> {
        let work = self.platform.work();
        let (columns, line_columns) = (Columns::of(work, kind), Columns::of_lines(work));
        let mut lines = Lines::read(&line_columns, line_rows);
        let rows = Reader { work, columns: &columns, kind, provider, by }.read_all(rows, &mut lines);
        let import = Import { registers: self, by, now };
        let mut verdicts: Vec<Verdict> = apart(&rows).into_iter().flat_map(|run| import.run(run)).collect();
        let (orphans, groups) = lines.left();
        verdicts.extend(orphans);
        let mut known = None;
        for (tie, group) in groups {
            let number = match &tie {
                (NUMBER, number) => Ok(number.clone()),
                tie => match known.get_or_insert_with(|| import.known(kind)) {
                    Ok(known) => the_one(known.get(tie).map_or(&[][..], Vec::as_slice), &lines.named(tie)),
                    Err(not_done) => Err(not_done.to_string()),
                },
            };
            let put = number.and_then(|number| {
                if !group.problems.is_empty() {
                    return Err(group.problems.join("；"));
                }
                let lines = group.lines;
                let put = self.ask_to_put_lines(by, now, &lines_key(&number, &lines), &number, lines).wait();
                put.map_err(|not_done| format!("费用明细没有放入 {number}：{not_done}"))
            });
            verdicts.push(Verdict::of_lines(group.first, put));
        }
        verdicts
    }
}

impl Import<'_> {
    /// Takes in rows that have nothing to do with each other.
    fn run(&self, rows: &[Row<'_>]) -> Vec<Verdict> {
        let asked: Vec<Option<Asked<Kept, NotDone>>> = rows.iter().map(|row| self.ask(row)).collect();
        let answers = asked.into_iter().map(|asked| asked.map(Asked::wait));
        // What got into the way of a row beside it is tried once more by itself.
        let settled = rows.iter().zip(answers.collect::<Vec<_>>()).map(|(row, answer)| match answer {
            Some(Err(NotDone::Fault(_) | NotDone::Busy)) => self.ask(row).map(Asked::wait),
            answer => answer,
        });
        let mut verdicts: Vec<Verdict> =
            rows.iter().zip(settled.collect::<Vec<_>>()).map(|(row, answer)| row.verdict(answer)).collect();
        let puts: Vec<_> = rows.iter().zip(&verdicts).map(|(row, verdict)| self.ask_lines(row, verdict)).collect();
        for (put, verdict) in puts.into_iter().zip(&mut verdicts) {
            match put.map(Asked::wait) {
                Some(Ok(kept)) if kept.is_new => verdict.outcome = Outcome::Changed,
                Some(Err(not_done)) => verdict.outcome = Outcome::Refused(not_done.to_string()),
                Some(Ok(_)) | None => {}
            }
        }
        verdicts
    }

    fn ask(&self, row: &Row<'_>) -> Option<Asked<Kept, NotDone>> {
        match &row.asks {
            Asks::New(new) => Some(self.registers.ask_to_add(self.by, self.now, &row.key, new.clone())),
            Asks::Step { number, action, fields } => {
                Some(self.registers.ask_to_act(self.by, self.now, &row.key, number, *action, fields.clone()))
            }
            Asks::Lines { number, lines } => Some(self.ask_to_put(number, lines)),
            Asks::NotTaken { new, lines, .. } => {
                Some(self.registers.ask_why_not_taken(self.by, self.now, new.clone(), lines.clone()))
            }
            Asks::Nothing(_) => None,
        }
    }

    /// Lines of an entry that was there already are brought up to date as well.
    fn ask_lines(&self, row: &Row<'_>, verdict: &Verdict) -> Option<Asked<Kept, NotDone>> {
        let is_due = match &row.asks {
            Asks::New(_) => verdict.outcome == Outcome::Unchanged,
            Asks::Step { .. } => !matches!(verdict.outcome, Outcome::Refused(_)),
            Asks::Lines { .. } | Asks::NotTaken { .. } | Asks::Nothing(_) => false,
        };
        let number = verdict.number.as_ref().filter(|_| is_due && !row.lines().is_empty())?;
        Some(self.ask_to_put(number, row.lines()))
    }

    fn ask_to_put(&self, number: &str, lines: &[EntryLine]) -> Asked<Kept, NotDone> {
        self.registers.ask_to_put_lines(self.by, self.now, &lines_key(number, lines), number, lines.to_vec())
    }

    fn known(&self, kind: RegisterKind) -> Result<Known, NotDone> {
        let (by, now) = (self.by.clone(), self.now);
        let filter = ListFilter { kind: Some(kind), ..ListFilter::default() };
        let read = self.registers.read(by.party(), move |tx, policies| {
            let mut known = Known::new();
            list::each(tx, policies, &by, now, &filter, &mut |row| {
                for tie in TIES.into_iter().filter(|tie| !row.entry.field(tie).is_empty()) {
                    let before = Before { number: row.entry.number.clone(), is_final: row.entry.state.is_final() };
                    known.entry((tie, row.entry.field(tie).to_owned())).or_default().push(before);
                }
            })?;
            Ok(known)
        });
        read.wait()
    }
}
