//! What a load works with: books, the folder's files as they are checked, and where their persons are at home.

use crate::load::chunk::Judged;
use crate::load::folder::Folder;
use crate::load::home::{Areas, Books, Home, look_up};
use crate::load::kind::{Astray, Kind};
use crate::load::progress::Progress;
use crate::load::report::{Fate, FileReport, Finding};
use crate::load::table::{Column, FileDigest, Table};
use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeSet;
use std::path::Path;
use yibao_store::Book;

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
pub(super) struct Loading<'a> {
    pub(super) books: Vec<Box<dyn Book>>,
    /// Books that had persons when loading began. The others need not be asked: what they have, the folder tells.
    pub(super) peopled: Books,
    /// Rows of one transaction.
    pub(super) rows_of_a_chunk: usize,
    pub(super) areas: &'a Areas<'a>,
    pub(super) path: &'a Path,
    pub(super) folder: Folder,
    /// The good rows of `persons.csv` have been taken by this load.
    pub(super) persons_taken: bool,
    pub(super) options: Options,
    pub(super) progress: &'a Progress,
}

impl Loading<'_> {
    /// Opens a file of the folder and reads its header.
    pub(super) fn open<K: Kind>(&self) -> anyhow::Result<Checked> {
        let shown_max = self.options.findings_shown_max;
        let report = FileReport::new(K::FILE, shown_max);
        let mut checked = Checked { report, table: None, bad_lines: BTreeSet::new(), bytes: 0, digest: None };
        let path = self.path.join(K::FILE);
        if path.is_file() {
            checked.bytes = path.metadata().with_context(|| format!("读取 {}", path.display()))?.len();
            checked.report.fate = Fate::Refused;
            checked.table = Table::open(&path, K::columns(), K::FORM, &mut checked.report)?;
        }
        Ok(checked)
    }

    /// What stands for all that decides what this load writes where: loading the same again has the same digest.
    pub(super) fn digest(&self, files: &[Checked]) -> String {
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
