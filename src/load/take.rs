//! Taking (写入): the good rows of a file go into the books, a chunk a transaction.
//!
//! The last transaction of a chunk also marks how far the file has come. Broken off at any point, the books hold
//! whole rows only and the mark says no more than is true; loading the same folder again goes on behind it. A
//! folder with another content begins at its first row, where a row that is there already is left unchanged.

use crate::load::chunk::{Chunk, Reading};
use crate::load::home::Home;
use crate::load::kind::{Kind, stronger};
use crate::load::persons::Persons;
use crate::load::report::{Fate, FileReport};
use crate::load::run::{Checked, Desk, finding, refuse};
use crate::load::table::Column;
use anyhow::bail;
use yibao_store::load::LoadMark;
use yibao_store::person::Person;
use yibao_store::{Change, Mode};

impl Desk<'_> {
    /// Takes the good rows of a file that may be taken; `digest` is that of the folder.
    pub(super) fn take<K: Kind>(&mut self, mut checked: Checked, digest: &str) -> anyhow::Result<FileReport> {
        let Some(table) = checked.table.take().filter(|_| checked.report.fate == Fate::Taken) else {
            return Ok(checked.report);
        };
        let begun = self.go_on_from::<K>(digest)?;
        let bad_lines = std::mem::take(&mut checked.bad_lines);
        let good = checked.report.rows - checked.report.refused;
        let mut taken = 0;
        let progress = self.progress.begin("写入", K::FILE, checked.bytes);
        let accounts = self.folder.accounts();
        let reading =
            Reading { areas: self.areas, accounts: &accounts, keys: self.folder.keys(), rows: self.rows_of_a_chunk };
        let wanted = |line: u64| line > begun && !bad_lines.contains(&line);
        let end = reading.each_chunk::<K>(&table, &wanted, &mut |chunk| {
            taken += chunk.rows.len() as u64;
            let bytes = chunk.bytes;
            self.put::<K>(chunk, &table.columns, &mut checked, digest)?;
            progress.at(bytes);
            Ok(())
        })?;
        if end.ok() != checked.digest {
            bail!("{} 在核对之后被改动，请重新运行", K::FILE);
        }
        if begun > 0 {
            checked.report.remark(format!("上次装到第 {begun} 行时中断，这次从下一行继续，此前的行计入“未变”"), 0);
            checked.report.unchanged += good - taken;
        }
        self.forget_mark::<K>()?;
        self.persons_taken |= K::FILE == Persons::FILE;
        progress.end(checked.report.rows);
        Ok(checked.report)
    }

    /// The line up to which a broken-off load of the same folder took this file; 0 where there was none, and then
    /// marks of other folders are removed, since what they say is no longer true once rows are overwritten.
    fn go_on_from<K: Kind>(&mut self, digest: &str) -> anyhow::Result<u64> {
        if !K::IN_BOOKS {
            return Ok(0);
        }
        let mut line = 0;
        for book in &mut self.books {
            book.transact(Mode::Read, &mut |tx| {
                let mark = tx.load_mark(K::FILE)?.filter(|mark| mark.digest == digest);
                line = line.max(mark.map_or(0, |mark| mark.line));
                Ok(())
            })?;
        }
        if line == 0 {
            self.forget_mark::<K>()?;
        }
        Ok(line.unsigned_abs())
    }

    fn forget_mark<K: Kind>(&mut self) -> anyhow::Result<()> {
        for book in self.books.iter_mut().filter(|_| K::IN_BOOKS) {
            let mut marked = false;
            book.transact(Mode::Read, &mut |tx| {
                marked = tx.load_mark(K::FILE)?.is_some();
                Ok(())
            })?;
            if marked {
                book.transact(Mode::Write, &mut |tx| tx.remove_load_mark(K::FILE))?;
            }
        }
        Ok(())
    }

    /// Stores a chunk, one transaction a book, the mark with the last of them.
    fn put<K: Kind>(
        &mut self,
        chunk: Chunk<K::Row>,
        columns: &[Column],
        checked: &mut Checked,
        digest: &str,
    ) -> anyhow::Result<()> {
        let rows = chunk.rows;
        let Some(last) = rows.last() else { return Ok(()) };
        if rows.iter().any(|row| !row.findings.is_empty()) {
            bail!("{} 在核对之后被改动，请重新运行", K::FILE);
        }
        let mark = LoadMark {
            file: K::FILE.to_owned(),
            digest: digest.to_owned(),
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
