//! The course of a load: check every file, then take the good ones.

use crate::load::accumulators::Accumulators;
use crate::load::catalogue::Catalogue;
use crate::load::chunk::{Judged, ROWS, ROWS_IN_SERVICE};
use crate::load::entitlements::{Attributes, Filings, SpecialDiseases};
use crate::load::folder::Folder;
use crate::load::home::{Areas, Books, Home, look_up};
use crate::load::insurances::Insurances;
use crate::load::kind::{Astray, Kind};
use crate::load::persons::Persons;
use crate::load::progress::Progress;
use crate::load::providers::Providers;
use crate::load::report::{Fate, FileReport, Finding, Report};
use crate::load::table::{Column, FileDigest, Table};
use crate::load::take::Begun;
use anyhow::{Context as _, bail};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use yibao_store::{Book, Mode, Store};

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
pub(super) struct Checked {
    pub(super) report: FileReport,
    pub(super) table: Option<Table>,
    pub(super) bad_lines: BTreeSet<u64>,
    pub(super) bytes: u64,
    /// Once every row has been judged.
    pub(super) digest: Option<FileDigest>,
}

/// Everything a load works with.
pub(super) struct Desk<'a> {
    pub(super) books: Vec<Box<dyn Book>>,
    /// Books that had persons when loading began. The others need not be asked: what they have, the folder tells.
    pub(super) peopled: Books,
    /// Rows of one transaction.
    pub(super) rows_of_a_chunk: usize,
    pub(super) areas: &'a Areas<'a>,
    path: &'a Path,
    pub(super) folder: Folder,
    /// The good rows of `persons.csv` have been taken by this load.
    pub(super) persons_taken: bool,
    pub(super) options: Options,
    pub(super) progress: &'a Progress,
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
    let (peopled, in_service) = condition(&mut books)?;
    let mut desk = Desk {
        books,
        peopled,
        rows_of_a_chunk: if in_service.is_empty() { ROWS } else { ROWS_IN_SERVICE },
        areas,
        path,
        folder: Folder::default(),
        persons_taken: false,
        options,
        progress,
    };
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

    let files =
        [&providers, &catalogue, &persons, &insurances, &attributes, &special_diseases, &filings, &accumulators];
    let digest = desk.digest(&files);
    let takes = files.iter().any(|file| file.report.fate == Fate::Taken);
    let begun = if takes { desk.begin(digest)? } else { Begun::default() };
    report.files.push(desk.take::<Providers>(providers, &begun)?);
    report.files.push(desk.take::<Catalogue>(catalogue, &begun)?);
    report.files.push(desk.take::<Persons>(persons, &begun)?);
    report.files.push(desk.take::<Insurances>(insurances, &begun)?);
    report.files.push(desk.take::<Attributes>(attributes, &begun)?);
    report.files.push(desk.take::<SpecialDiseases>(special_diseases, &begun)?);
    report.files.push(desk.take::<Filings>(filings, &begun)?);
    report.files.push(desk.take::<Accumulators>(accumulators, &begun)?);
    if takes {
        desk.forget_marks()?;
    }
    Ok(report)
}

impl Desk<'_> {
    /// Opens a file of the folder and reads its header.
    fn open<K: Kind>(&self) -> anyhow::Result<Checked> {
        let shown_max = self.options.findings_shown_max;
        let report = FileReport::new(K::FILE, shown_max);
        let mut checked = Checked { report, table: None, bad_lines: BTreeSet::new(), bytes: 0, digest: None };
        let path = self.path.join(K::FILE);
        if path.is_file() {
            checked.bytes = path.metadata().with_context(|| format!("读取 {}", path.display()))?.len();
            checked.report.fate = Fate::Refused;
            checked.table = Table::open(&path, K::columns(), &mut checked.report)?;
        }
        Ok(checked)
    }

    /// What stands for all that decides what this load writes where: loading the same again has the same digest.
    fn digest(&self, files: &[&Checked]) -> String {
        let mut digest = Sha256::new();
        digest.update([u8::from(self.options.keep_good)]);
        for (pool, _) in &self.areas.pools {
            digest.update(pool.as_str());
        }
        for file in files {
            digest.update(file.report.file);
            digest.update(file.digest.map(|content| content.0).unwrap_or_default());
        }
        digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Where the persons of some rows are at home.
    pub(super) fn homes<K: Kind>(&mut self, rows: &[Judged<K::Row>]) -> anyhow::Result<Vec<Home>> {
        if !K::IN_BOOKS {
            return Ok(vec![Home::default(); rows.len()]);
        }
        let home = |row: &Judged<K::Row>| {
            let (in_folder, named) = row.person.map(|person| self.folder.of(person)).unwrap_or_default();
            Home { named, in_folder, ..Home::default() }
        };
        let mut homes: Vec<Home> = rows.iter().map(home).collect();
        let persons: Vec<&str> = rows.iter().map(|one| K::person(&one.row).unwrap_or_default()).collect();
        look_up(&mut self.books, self.peopled, &persons, &mut homes)?;
        Ok(homes)
    }
}

/// The books that have persons, and those that are in service.
fn condition(books: &mut [Box<dyn Book>]) -> anyhow::Result<(Books, Books)> {
    let (mut peopled, mut in_service) = (Books::NONE, Books::NONE);
    for (place, book) in books.iter_mut().enumerate() {
        let this = Books::of(place);
        book.transact(Mode::Read, &mut |tx| {
            peopled = if tx.has_persons()? { peopled.with(this) } else { peopled };
            in_service = if tx.is_in_service()? { in_service.with(this) } else { in_service };
            Ok(())
        })?;
    }
    Ok((peopled, in_service))
}

pub(super) fn refuse(checked: &mut Checked, line: u64, findings: Vec<Finding>) {
    if checked.bad_lines.insert(line) {
        checked.report.refused += 1;
    }
    for finding in findings {
        checked.report.refuse(finding);
    }
}

pub(super) fn finding(columns: &[Column], line: u64, astray: Astray) -> Finding {
    let column = columns.iter().find(|column| column.name == astray.field);
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
