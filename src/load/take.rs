//! Taking (写入): the good rows of a file go into the books, a chunk a transaction.
//!
//! The last transaction of a chunk also marks how far the file has come. Broken off at any point, the books hold
//! whole rows only and the mark says no more than is true; loading the same folder again goes on behind it. A
//! folder with another content begins at its first row, where a row that is there already is left unchanged.

use crate::load::chunk::{Chunk, Reading};
use crate::load::home::Home;
use crate::load::kind::{Kind, stronger};
use crate::load::loading::{Checked, Loading, finding, refuse};
use crate::load::persons::Persons;
use crate::load::report::{Fate, FileReport};
use crate::load::table::Column;
use anyhow::bail;
use std::collections::HashMap;
use yibao_store::load::LoadMark;
use yibao_store::person::Person;
use yibao_store::{Change, Mode};

/// A folder that may have been loaded in part.
#[derive(Default)]
pub(super) struct Begun {
    /// Digest of the folder.
    digest: String,
    /// How far its files have been taken, by name.
    lines: HashMap<String, u64>,
}

impl Loading<'_> {
    /// Looks for what a broken-off load of the same folder has taken. Marks of another folder are removed: what
    /// they say is no longer true once this one's rows are written.
    pub(super) fn begin(&mut self, digest: String) -> anyhow::Result<Begun> {
        let mut lines = HashMap::new();
        let mut foreign = false;
        for book in &mut self.books {
            let mut marks = Vec::new();
            book.transact(Mode::Read, &mut |tx| {
                marks = tx.load_marks()?;
                Ok(())
            })?;
            for mark in marks {
                foreign |= mark.digest != digest;
                let line = lines.entry(mark.file).or_insert(0);
                *line = mark.line.unsigned_abs().max(*line);
            }
        }
        if foreign {
            self.forget_marks()?;
            lines.clear();
        }
        Ok(Begun { digest, lines })
    }

    /// Everything has been taken.
    pub(super) fn forget_marks(&mut self) -> anyhow::Result<()> {
        for book in &mut self.books {
            book.transact(Mode::Write, &mut |tx| tx.remove_load_marks())?;
        }
        Ok(())
    }

    /// Takes the good rows of a file that may be taken.
    pub(super) fn take<K: Kind>(&mut self, mut checked: Checked, begun: &Begun) -> anyhow::Result<FileReport> {
        let Some(table) = checked.table.take().filter(|_| checked.report.fate == Fate::Taken) else {
            return Ok(checked.report);
        };
        let behind = begun.lines.get(K::FILE).copied().unwrap_or(0);
        let bad_lines = std::mem::take(&mut checked.bad_lines);
        let good = checked.report.rows - checked.report.refused;
        let mut taken = 0;
        let progress = self.progress.begin("写入", K::FILE, checked.bytes);
        let accounts = self.folder.accounts();
        let reading =
            Reading { areas: self.areas, accounts: &accounts, keys: self.folder.keys(), rows: self.rows_of_a_chunk };
        let wanted = |line: u64| line > behind && !bad_lines.contains(&line);
        let end = reading.each_chunk::<K>(&table, &wanted, &mut |chunk| {
            taken += chunk.rows.len() as u64;
            let bytes = chunk.bytes;
            self.put::<K>(chunk, &table.columns, &mut checked, begun)?;
            progress.at(bytes);
            Ok(())
        })?;
        if end.ok() != checked.digest {
            bail!("{} 在核对之后被改动，请重新运行", K::FILE);
        }
        if behind > 0 {
            checked.report.remark(format!("上次装到第 {behind} 行时中断，这次从下一行继续，此前的行计入“未变”"), 0);
            checked.report.unchanged += good - taken;
        }
        self.persons_taken |= K::FILE == Persons::FILE;
        progress.end(checked.report.rows);
        Ok(checked.report)
    }

    /// Stores a chunk, one transaction a book, the mark with the last of them.
    fn put<K: Kind>(
        &mut self,
        chunk: Chunk<K::Row>,
        columns: &[Column],
        checked: &mut Checked,
        begun: &Begun,
    ) -> anyhow::Result<()> {
        let rows = chunk.rows;
        let Some(last) = rows.last() else { return Ok(()) };
        if rows.iter().any(|row| !row.findings.is_empty()) {
            bail!("{} 在核对之后被改动，请重新运行", K::FILE);
        }
        let mark = LoadMark {
            file: K::FILE.to_owned(),
            digest: begun.digest.clone(),
            line: i64::try_from(last.line).unwrap_or(i64::MAX),
        };
        let homes = self.homes::<K>(&rows)?;
        let mut chosen = Vec::with_capacity(rows.len());
        for (one, home) in rows.iter().zip(&homes) {
            match K::books(&one.row, self.areas, *home) {
                Ok(books) if !books.is_empty() => chosen.push(books),
                _ => bail!("{} 第 {} 行没有归属的账册", K::FILE, one.line),
            }
        }
        let last_place = (0..self.books.len()).rfind(|place| chosen.iter().any(|books| books.has(*place)));
        let mut outcomes: Vec<Option<Change>> = vec![Some(Change::Unchanged); rows.len()];
        for place in 0..self.books.len() {
            let here: Vec<usize> = (0..rows.len()).filter(|at| chosen[*at].has(place)).collect();
            if here.is_empty() {
                continue;
            }
            let mut newcomers = Vec::new();
            for at in &here {
                newcomers.extend(self.newcomer::<K>(&rows[*at].row, homes[*at], place)?);
            }
            let newcomers: Vec<&Person> = newcomers.iter().collect();
            let stored: Vec<&K::Row> = here.iter().map(|at| &rows[*at].row).collect();
            let mut changes = Vec::new();
            self.books[place].transact(Mode::Write, &mut |tx| {
                tx.put_persons(&newcomers)?;
                changes = K::put(tx, &stored)?;
                if K::IN_BOOKS && last_place == Some(place) {
                    tx.put_load_mark(&mark)?;
                }
                Ok(())
            })?;
            for (at, change) in here.into_iter().zip(changes) {
                // Refused by one book is refused.
                outcomes[at] = outcomes[at].and_then(|before| change.map(|change| stronger(before, change)));
            }
        }
        for (one, outcome) in rows.iter().zip(outcomes) {
            match outcome {
                None => refuse(checked, one.line, vec![finding(columns, one.line, K::clash(&one.row))]),
                Some(Change::Added) => checked.report.added += 1,
                Some(Change::Updated) => checked.report.updated += 1,
                Some(Change::Unchanged) => checked.report.unchanged += 1,
            }
        }
        Ok(())
    }

    /// The person of a row, where the book does not know them: who moved between pools is known to the old book
    /// only, and the new one gets a copy. `persons.csv` is taken into every book that its persons' rows go to.
    fn newcomer<K: Kind>(&mut self, row: &K::Row, home: Home, place: usize) -> anyhow::Result<Option<Person>> {
        let Some(psn_no) = K::person(row).filter(|_| K::FILE != Persons::FILE) else { return Ok(None) };
        if home.knows.has(place) || (home.in_folder && self.persons_taken) {
            return Ok(None);
        }
        let mut person = None;
        for (other, book) in self.books.iter_mut().enumerate() {
            if home.knows.has(other) {
                book.transact(Mode::Read, &mut |tx| {
                    person = tx.person(psn_no)?;
                    Ok(())
                })?;
            }
        }
        Ok(person)
    }
}
