//! The course of a load: check every file, then take the good ones, a few thousand rows a transaction.
//!
//! Killed between two transactions, the books hold whole rows only, and running again completes them,
//! since a row that is there already is left unchanged.

use crate::load::accumulators::Accumulators;
use crate::load::catalogue::Catalogue;
use crate::load::entitlements::{Attributes, Filings, SpecialDiseases};
use crate::load::fields::Fields;
use crate::load::folder::Folder;
use crate::load::home::{Areas, Home, look_up};
use crate::load::insurances::Insurances;
use crate::load::kind::{Astray, Kind, stronger};
use crate::load::persons::Persons;
use crate::load::progress::Progress;
use crate::load::providers::Providers;
use crate::load::report::{Fate, FileReport, Finding, Report};
use crate::load::table::{Column, Table};
use anyhow::{Context as _, bail};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use yibao_store::{Book, Change, Mode, Store};

/// Rows of one transaction: enough to share a flush to disk, few enough not to keep tills waiting.
const ROWS_PER_TRANSACTION: usize = 2_000;

/// What the operator chose.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Take the good rows of a file that has bad ones.
    pub keep_good: bool,
    /// Write nothing.
    pub check_only: bool,
    /// Findings listed a file.
    pub findings_shown_max: usize,
}

/// A checked file: its table and the lines that must not be taken.
struct Checked {
    report: FileReport,
    table: Option<Table>,
    bad_lines: BTreeSet<u64>,
    bytes: u64,
}

/// Everything a load works with.
struct Desk<'a> {
    books: Vec<Box<dyn Book>>,
    areas: &'a Areas<'a>,
    path: &'a Path,
    folder: Folder,
    options: Options,
    progress: &'a Progress,
}

/// A row that is good by itself, waiting for the others of its transaction.
struct Waiting<R> {
    line: u64,
    row: R,
}

/// Checks and takes the files of a folder.
pub fn load(
    store: &dyn Store,
    areas: &Areas<'_>,
    path: &Path,
    options: Options,
    progress: &Progress,
) -> anyhow::Result<Report> {
    let mut books = Vec::new();
    for (pool, _) in &areas.pools {
        books.push(store.open(pool)?);
    }
    if books.is_empty() {
        bail!("规则里没有任何统筹区，无处可装");
    }
    let mut desk = Desk { books, areas, path, folder: Folder::default(), options, progress };
    let mut report = Report { files: Vec::new(), unknown_files: unknown_files(path)? };

    // persons.csv needs the pools of insurances.csv, which comes later in the order of taking.
    let insurances = desk.open::<Insurances>()?;
    if let Some(table) = &insurances.table {
        desk.folder.scan_insurances(table, areas)?;
    }
    let mut providers = desk.open::<Providers>()?;
    let mut catalogue = desk.open::<Catalogue>()?;
    let mut persons = desk.open::<Persons>()?;
    let mut insurances = insurances;
    let mut attributes = desk.open::<Attributes>()?;
    let mut special_diseases = desk.open::<SpecialDiseases>()?;
    let mut filings = desk.open::<Filings>()?;
    let mut accumulators = desk.open::<Accumulators>()?;

    let mut fates = HashMap::new();
    desk.check::<Providers>(&mut providers, &mut fates)?;
    desk.check::<Catalogue>(&mut catalogue, &mut fates)?;
    desk.check::<Persons>(&mut persons, &mut fates)?;
    desk.check::<Insurances>(&mut insurances, &mut fates)?;
    desk.check::<Attributes>(&mut attributes, &mut fates)?;
    desk.check::<SpecialDiseases>(&mut special_diseases, &mut fates)?;
    desk.check::<Filings>(&mut filings, &mut fates)?;
    desk.check::<Accumulators>(&mut accumulators, &mut fates)?;
    if fates.values().all(|fate| *fate == Fate::Absent) {
        bail!("{} 里没有可装入的文件（providers.csv、persons.csv 等，见 docs/load.md）", path.display());
    }

    report.files.push(desk.take::<Providers>(providers)?);
    report.files.push(desk.take::<Catalogue>(catalogue)?);
    report.files.push(desk.take::<Persons>(persons)?);
    report.files.push(desk.take::<Insurances>(insurances)?);
    report.files.push(desk.take::<Attributes>(attributes)?);
    report.files.push(desk.take::<SpecialDiseases>(special_diseases)?);
    report.files.push(desk.take::<Filings>(filings)?);
    report.files.push(desk.take::<Accumulators>(accumulators)?);
    Ok(report)
}

impl Desk<'_> {
    /// Opens a file of the folder and reads its header.
    fn open<K: Kind>(&self) -> anyhow::Result<Checked> {
        let shown_max = self.options.findings_shown_max;
        let mut checked =
            Checked { report: FileReport::new(K::FILE, shown_max), table: None, bad_lines: BTreeSet::new(), bytes: 0 };
        let path = self.path.join(K::FILE);
        if path.is_file() {
            checked.bytes = path.metadata().with_context(|| format!("读取 {}", path.display()))?.len();
            checked.report.fate = Fate::Refused;
            checked.table = Table::open(&path, K::columns(), &mut checked.report)?;
        }
        Ok(checked)
    }

    /// Judges every row of a file, and with them the file.
    fn check<K: Kind>(&mut self, checked: &mut Checked, fates: &mut HashMap<&'static str, Fate>) -> anyhow::Result<()> {
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
        let mut keys: HashMap<String, u64> = HashMap::new();
        let mut waiting: Vec<Waiting<K::Row>> = Vec::new();
        let end = table.each_row(&mut |row| {
            progress.at(row.bytes);
            checked.report.rows += 1;
            let mut fields = Fields::new(row);
            let read = K::read(&mut fields, self.areas, &self.folder);
            if fields.findings.is_empty() {
                let first = *keys.entry(K::key(&read)).or_insert(row.line);
                if first != row.line {
                    fields.findings.push(Finding {
                        line: row.line,
                        field: String::new(),
                        value: String::new(),
                        problem: format!("与第 {first} 行重复：关键列完全相同"),
                        remedy: "两行只能保留一行".to_owned(),
                    });
                }
            }
            if !fields.findings.is_empty() {
                refuse(checked, row.line, fields.findings);
                return Ok(());
            }
            for remark in fields.remarks {
                checked.report.remark(remark, row.line);
            }
            waiting.push(Waiting { line: row.line, row: read });
            if waiting.len() == ROWS_PER_TRANSACTION {
                self.check_homes::<K>(std::mem::take(&mut waiting), table, checked, ask_for_persons)?;
            }
            Ok(())
        })?;
        self.check_homes::<K>(waiting, table, checked, ask_for_persons)?;
        progress.end(checked.report.rows);
        if let Err(finding) = end {
            checked.report.refuse(finding);
            return Ok(false);
        }
        Ok(true)
    }

    /// Judges whether rows have a book, and whether the book takes them.
    fn check_homes<K: Kind>(
        &mut self,
        waiting: Vec<Waiting<K::Row>>,
        table: &Table,
        checked: &mut Checked,
        ask_for_persons: bool,
    ) -> anyhow::Result<()> {
        if K::FILE == Persons::FILE {
            self.folder.persons.extend(waiting.iter().filter_map(|one| K::person(&one.row)).map(str::to_owned));
            return Ok(());
        }
        if !ask_for_persons {
            return Ok(());
        }
        let homes = self.homes::<K>(&waiting)?;
        let mut trials: Vec<Vec<&Waiting<K::Row>>> = self.books.iter().map(|_| Vec::new()).collect();
        for (one, home) in waiting.iter().zip(&homes) {
            match K::books(&one.row, self.areas, *home) {
                Ok(books) => {
                    for (place, trial) in trials.iter_mut().enumerate() {
                        if books.has(place) && home.knows.has(place) && K::may_clash(&one.row) {
                            trial.push(one);
                        }
                    }
                }
                Err(astray) => {
                    refuse(checked, one.line, vec![finding(table, one.line, astray)]);
                }
            }
        }
        for (book, trial) in self.books.iter_mut().zip(trials).filter(|(_, trial)| !trial.is_empty()) {
            let mut clashing = Vec::new();
            book.transact(Mode::Write, &mut |tx| {
                clashing.clear();
                for one in &trial {
                    tx.savepoint()?;
                    if K::put(tx, &one.row)?.is_none() {
                        clashing.push(*one);
                    }
                    tx.roll_back()?;
                }
                Ok(())
            })?;
            for one in clashing {
                refuse(checked, one.line, vec![finding(table, one.line, K::clash(&one.row))]);
            }
        }
        Ok(())
    }

    /// Where the persons of some rows are at home.
    fn homes<K: Kind>(&mut self, waiting: &[Waiting<K::Row>]) -> anyhow::Result<Vec<Home>> {
        let persons: Vec<&str> = waiting.iter().filter_map(|one| K::person(&one.row)).collect();
        if persons.is_empty() {
            return Ok(vec![Home::default(); waiting.len()]);
        }
        let mut homes = look_up(&mut self.books, &persons)?;
        for (home, psn_no) in homes.iter_mut().zip(&persons) {
            home.named = self.folder.insuring(psn_no);
            home.in_folder = self.folder.persons.contains(*psn_no);
        }
        Ok(homes)
    }

    /// Takes the good rows of a file that may be taken.
    fn take<K: Kind>(&mut self, mut checked: Checked) -> anyhow::Result<FileReport> {
        let Some(table) = checked.table.take().filter(|_| checked.report.fate == Fate::Taken) else {
            return Ok(checked.report);
        };
        let progress = self.progress.begin("写入", K::FILE, checked.bytes);
        let mut waiting: Vec<Waiting<K::Row>> = Vec::new();
        let end = table.each_row(&mut |row| {
            progress.at(row.bytes);
            if checked.bad_lines.contains(&row.line) {
                return Ok(());
            }
            let mut fields = Fields::new(row);
            let read = K::read(&mut fields, self.areas, &self.folder);
            if !fields.findings.is_empty() {
                bail!("{} 在核对之后被改动，请重新运行", K::FILE);
            }
            waiting.push(Waiting { line: row.line, row: read });
            if waiting.len() == ROWS_PER_TRANSACTION {
                self.put::<K>(std::mem::take(&mut waiting), &table, &mut checked)?;
            }
            Ok(())
        })?;
        if end.is_err() {
            bail!("{} 在核对之后被改动，请重新运行", K::FILE);
        }
        self.put::<K>(waiting, &table, &mut checked)?;
        progress.end(checked.report.rows);
        Ok(checked.report)
    }

    /// Stores some rows, one transaction a book.
    fn put<K: Kind>(
        &mut self,
        waiting: Vec<Waiting<K::Row>>,
        table: &Table,
        checked: &mut Checked,
    ) -> anyhow::Result<()> {
        let homes = self.homes::<K>(&waiting)?;
        let mut changes: Vec<Option<Change>> = vec![None; waiting.len()];
        let mut clashing = BTreeSet::new();
        for place in 0..self.books.len() {
            let mut rows = Vec::new();
            for (at, (one, home)) in waiting.iter().zip(&homes).enumerate() {
                if K::books(&one.row, self.areas, *home).is_ok_and(|books| books.has(place)) {
                    self.bring_person::<K>(&one.row, *home, place)?;
                    rows.push((at, one));
                }
            }
            if rows.is_empty() {
                continue;
            }
            let mut done = Vec::with_capacity(rows.len());
            self.books[place].transact(Mode::Write, &mut |tx| {
                done.clear();
                for (at, one) in &rows {
                    tx.savepoint()?;
                    let change = K::put(tx, &one.row)?;
                    if change.is_some() {
                        tx.release()?
                    } else {
                        tx.roll_back()?
                    }
                    done.push((*at, change));
                }
                Ok(())
            })?;
            for (at, change) in done {
                match change {
                    Some(change) => changes[at] = Some(stronger(changes[at], change)),
                    None => {
                        clashing.insert(at);
                    }
                }
            }
        }
        for (at, (one, change)) in waiting.iter().zip(changes).enumerate() {
            match change {
                _ if clashing.contains(&at) => {
                    refuse(checked, one.line, vec![finding(table, one.line, K::clash(&one.row))]);
                }
                Some(Change::Added) => checked.report.added += 1,
                Some(Change::Updated) => checked.report.updated += 1,
                Some(Change::Unchanged) => checked.report.unchanged += 1,
                None => bail!("{} 第 {} 行没有归属的账册", K::FILE, one.line),
            }
        }
        Ok(())
    }

    /// A person who moved between pools is known to the old book only; the new one gets a copy.
    fn bring_person<K: Kind>(&mut self, row: &K::Row, home: Home, place: usize) -> anyhow::Result<()> {
        let Some(psn_no) = K::person(row).filter(|_| K::FILE != Persons::FILE) else { return Ok(()) };
        if home.knows.has(place) {
            return Ok(());
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
        if let Some(person) = person {
            self.books[place].transact(Mode::Write, &mut |tx| tx.put_person(&person).map(|_| ()))?;
        }
        Ok(())
    }
}

fn refuse(checked: &mut Checked, line: u64, findings: Vec<Finding>) {
    if checked.bad_lines.insert(line) {
        checked.report.refused += 1;
    }
    for finding in findings {
        checked.report.refuse(finding);
    }
}

fn finding(table: &Table, line: u64, astray: Astray) -> Finding {
    let column = table.columns.iter().find(|column| column.name == astray.field);
    Finding {
        line,
        field: column.map(|column| column.title()).unwrap_or_default(),
        value: astray.value,
        problem: astray.problem,
        remedy: astray.remedy,
    }
}

/// The files that can be loaded, in the order of taking, with their columns.
pub fn known_files() -> [(&'static str, Vec<Column>); 8] {
    [
        (Providers::FILE, Providers::columns()),
        (Catalogue::FILE, Catalogue::columns()),
        (Persons::FILE, Persons::columns()),
        (Insurances::FILE, Insurances::columns()),
        (Attributes::FILE, Attributes::columns()),
        (SpecialDiseases::FILE, SpecialDiseases::columns()),
        (Filings::FILE, Filings::columns()),
        (Accumulators::FILE, Accumulators::columns()),
    ]
}

/// CSV files of the folder whose name is none of ours.
fn unknown_files(path: &Path) -> anyhow::Result<Vec<String>> {
    let known = known_files();
    let mut unknown = Vec::new();
    for entry in std::fs::read_dir(path).with_context(|| format!("打开文件夹 {}", path.display()))? {
        let name = entry.with_context(|| format!("读取文件夹 {}", path.display()))?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name.to_ascii_lowercase().ends_with(".csv") && !known.iter().any(|(file, _)| *file == name) {
            unknown.push(name);
        }
    }
    unknown.sort();
    Ok(unknown)
}
