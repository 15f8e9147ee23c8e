//! Checking (核对): every row of a file is judged before anything is written, and with the rows the file.

use crate::load::chunk::{Judged, Reading};
use crate::load::keys::ByKey;
use crate::load::kind::Kind;
use crate::load::loading::{Checked, Loading, finding, refuse};
use crate::load::persons::Persons;
use crate::load::report::{Fate, Finding};
use crate::load::table::{Column, Table};
use std::collections::HashMap;
use yibao_store::Mode;

impl Loading<'_> {
    /// Judges every row of a file, and with them the file.
    pub(super) fn check<K: Kind>(
        &mut self,
        checked: &mut Checked,
        fates: &mut HashMap<&'static str, Fate>,
    ) -> anyhow::Result<()> {
        let lost = |fate: &Fate| matches!(fate, Fate::Refused | Fate::HeldBack(_));
        let missing = K::BUILDS_ON.iter().copied().find(|file| fates.get(file).is_some_and(lost));
        let mut readable = false;
        if let Some(table) = checked.table.take() {
            readable = self.check_rows::<K>(&table, checked, missing.is_none())?;
            checked.table = readable.then_some(table);
        }
        let report = &mut checked.report;
        report.fate = match (&report.fate, missing) {
            (Fate::Absent, _) => Fate::Absent,
            _ if !readable || (report.refused > 0 && !self.options.keep_good) => Fate::Refused,
            (_, Some(file)) => Fate::HeldBack(file),
            _ if self.options.check_only => Fate::CheckedOnly,
            _ => Fate::Taken,
        };
        fates.insert(K::FILE, report.fate.clone());
        Ok(())
    }

    /// Judges the rows; `false` where the file cannot be read to its end. Whether persons are known is only
    /// asked where their own file is good: otherwise one bad name would be a thousand unknown persons.
    fn check_rows<K: Kind>(
        &mut self,
        table: &Table,
        checked: &mut Checked,
        ask_for_persons: bool,
    ) -> anyhow::Result<bool> {
        let progress = self.progress.begin("核对", K::FILE, checked.bytes);
        let accounts = self.folder.accounts();
        let reading =
            Reading { areas: self.areas, accounts: &accounts, keys: self.folder.keys(), rows: self.rows_of_a_chunk };
        let mut lines: ByKey<u32> = ByKey::default();
        let mut documents: ByKey<()> = ByKey::default();
        let end = reading.each_chunk::<K>(table, &|_| true, &mut |chunk| {
            checked.report.rows += chunk.rows.len() as u64;
            let mut good = Vec::with_capacity(chunk.rows.len());
            for mut row in chunk.rows {
                row.findings.extend(if row.findings.is_empty() { again(&row, &mut lines) } else { None });
                if !row.findings.is_empty() {
                    refuse(checked, row.line, row.findings);
                    continue;
                }
                if row.document.is_some_and(|document| documents.insert(document, ()).is_some()) {
                    row.remarks.push(SHARED.to_owned());
                }
                for remark in row.remarks.drain(..) {
                    checked.report.remark(remark, row.line);
                }
                good.push(row);
            }
            self.check_homes::<K>(&good, &table.columns, checked, ask_for_persons)?;
            progress.at(chunk.bytes);
            Ok(())
        })?;
        progress.end(checked.report.rows);
        match end {
            Ok(digest) => {
                checked.digest = Some(digest);
                Ok(true)
            }
            Err(finding) => {
                checked.report.refuse(finding);
                Ok(false)
            }
        }
    }

    /// Judges whether rows have a book, and whether the book takes them.
    fn check_homes<K: Kind>(
        &mut self,
        rows: &[Judged<K::Row>],
        columns: &[Column],
        checked: &mut Checked,
        ask_for_persons: bool,
    ) -> anyhow::Result<()> {
        if K::FILE == Persons::FILE {
            rows.iter().filter_map(|row| row.person).for_each(|person| self.folder.take_in(person));
            return Ok(());
        }
        if !ask_for_persons {
            return Ok(());
        }
        let homes = self.homes::<K>(rows)?;
        let mut trials: Vec<Vec<&Judged<K::Row>>> = self.books.iter().map(|_| Vec::new()).collect();
        for (one, home) in rows.iter().zip(&homes) {
            match K::books(&one.row, self.areas, *home) {
                Ok(books) => {
                    for (place, trial) in trials.iter_mut().enumerate() {
                        if books.has(place) && home.knows.has(place) && K::may_clash(&one.row) {
                            trial.push(one);
                        }
                    }
                }
                Err(astray) => {
                    refuse(checked, one.line, vec![finding(columns, one.line, astray)]);
                }
            }
        }
        for (book, trial) in self.books.iter_mut().zip(trials).filter(|(_, trial)| !trial.is_empty()) {
            let rows: Vec<&K::Row> = trial.iter().map(|one| &one.row).collect();
            let mut outcomes = Vec::new();
            book.transact(Mode::Write, &mut |tx| {
                tx.savepoint()?;
                outcomes = K::put(tx, &rows)?;
                tx.roll_back()
            })?;
            for (one, _) in trial.iter().zip(outcomes).filter(|(_, outcome)| outcome.is_none()) {
                refuse(checked, one.line, vec![finding(columns, one.line, K::clash(&one.row))]);
            }
        }
        Ok(())
    }
}

/// What is remarked about a person whose document another row has: a newborn with the mother's, or a slip.
const SHARED: &str = "证件号码与前面一人相同（如新生儿用父母的证件），按原样装入；读取人员信息须填姓名才能分清，请核实";

/// The finding for a row whose key an earlier one has.
fn again<R>(row: &Judged<R>, lines: &mut ByKey<u32>) -> Option<Finding> {
    let line = u32::try_from(row.line).unwrap_or(u32::MAX);
    let first = *lines.entry(row.key).or_insert(line);
    (first != line).then(|| Finding {
        line: row.line,
        field: String::new(),
        value: String::new(),
        problem: format!("与第 {first} 行重复：关键列完全相同"),
        remedy: "两行只能保留一行".to_owned(),
    })
}
