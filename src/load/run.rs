//! The course of a load: check every file, then take the good ones.

use crate::load::accumulators::Accumulators;
use crate::load::catalogue::Catalogue;
use crate::load::chunk::{ROWS, ROWS_IN_SERVICE};
use crate::load::entitlements::{Attributes, Filings, SpecialDiseases};
use crate::load::folder::Folder;
use crate::load::home::{Areas, Books};
use crate::load::insurances::Insurances;
use crate::load::kind::Kind;
use crate::load::loading::{Loading, Options};
use crate::load::persons::Persons;
use crate::load::progress::Progress;
use crate::load::providers::Providers;
use crate::load::report::{Fate, Report};
use crate::load::table::Column;
use crate::load::take::Begun;
use anyhow::{Context as _, bail};
use std::collections::HashMap;
use std::path::Path;
use yibao_store::{Book, Mode, Store};

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
    let mut loading = Loading {
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
    let insurances = loading.open::<Insurances>()?;
    if let Some(table) = &insurances.table {
        loading.folder.scan_insurances(table, areas)?;
    }
    let mut providers = loading.open::<Providers>()?;
    let mut catalogue = loading.open::<Catalogue>()?;
    let mut persons = loading.open::<Persons>()?;
    let mut insurances = insurances;
    let mut attributes = loading.open::<Attributes>()?;
    let mut special_diseases = loading.open::<SpecialDiseases>()?;
    let mut filings = loading.open::<Filings>()?;
    let mut accumulators = loading.open::<Accumulators>()?;

    let mut fates = HashMap::new();
    loading.check::<Providers>(&mut providers, &mut fates)?;
    loading.check::<Catalogue>(&mut catalogue, &mut fates)?;
    loading.check::<Persons>(&mut persons, &mut fates)?;
    loading.check::<Insurances>(&mut insurances, &mut fates)?;
    loading.check::<Attributes>(&mut attributes, &mut fates)?;
    loading.check::<SpecialDiseases>(&mut special_diseases, &mut fates)?;
    loading.check::<Filings>(&mut filings, &mut fates)?;
    loading.check::<Accumulators>(&mut accumulators, &mut fates)?;
    if fates.values().all(|fate| *fate == Fate::Absent) {
        bail!("{} 里没有可装入的文件（providers.csv、persons.csv 等，见 docs/load.md）", path.display());
    }

    let files =
        [&providers, &catalogue, &persons, &insurances, &attributes, &special_diseases, &filings, &accumulators];
    let digest = loading.digest(&files);
    let takes = files.iter().any(|file| file.report.fate == Fate::Taken);
    let begun = if takes { loading.begin(digest)? } else { Begun::default() };
    report.files.push(loading.take::<Providers>(providers, &begun)?);
    report.files.push(loading.take::<Catalogue>(catalogue, &begun)?);
    report.files.push(loading.take::<Persons>(persons, &begun)?);
    report.files.push(loading.take::<Insurances>(insurances, &begun)?);
    report.files.push(loading.take::<Attributes>(attributes, &begun)?);
    report.files.push(loading.take::<SpecialDiseases>(special_diseases, &begun)?);
    report.files.push(loading.take::<Filings>(filings, &begun)?);
    report.files.push(loading.take::<Accumulators>(accumulators, &begun)?);
    if takes {
        loading.forget_marks()?;
    }
    Ok(report)
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
