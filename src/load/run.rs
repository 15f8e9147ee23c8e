//! The course of a load: check every file, then take the good ones.

use crate::load::accumulators::Accumulators;
use crate::load::catalogue::Catalogue;
use crate::load::chunk::{ROWS, ROWS_IN_SERVICE};
use crate::load::entitlements::{Attributes, Filings, SpecialDiseases};
use crate::load::folder::Folder;
use crate::load::home::{Areas, Books};
use crate::load::insurances::Insurances;
use crate::load::kind::Kind;
use crate::load::loading::{Checked, Loading, Options};
use crate::load::national_lists::{EthnicDrugs, List};
use crate::load::persons::Persons;
use crate::load::practitioners::Practitioners;
use crate::load::progress::Progress;
use crate::load::providers::Providers;
use crate::load::report::{Fate, FileReport, Report};
use crate::load::table::{Column, Form};
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
    let mut files = COURSES.iter().map(|course| (course.open)(&loading)).collect::<anyhow::Result<Vec<Checked>>>()?;

    // persons.csv needs the pools of insurances.csv, which comes later in the order of taking.
    let insurances = files.iter().find(|file| file.report.file == Insurances::FILE);
    if let Some(table) = insurances.and_then(|file| file.table.as_ref()) {
        loading.folder.scan_insurances(table, areas)?;
    }
    let mut fates = HashMap::new();
    for (course, file) in COURSES.iter().zip(&mut files) {
        (course.check)(&mut loading, file, &mut fates)?;
    }
    if fates.values().all(|fate| *fate == Fate::Absent) {
        bail!("{} 里没有可装入的文件（providers.csv、persons.csv 等，见 docs/load.md）", path.display());
    }

    let digest = loading.digest(&files);
    let takes = files.iter().any(|file| file.report.fate == Fate::Taken);
    let begun = if takes { loading.begin(digest)? } else { Begun::default() };
    for (course, file) in COURSES.iter().zip(files) {
        report.files.push((course.take)(&mut loading, file, &begun)?);
    }
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

type Open = fn(&Loading<'_>) -> anyhow::Result<Checked>;
type Check = fn(&mut Loading<'_>, &mut Checked, &mut HashMap<&'static str, Fate>) -> anyhow::Result<()>;
type Take = fn(&mut Loading<'_>, Checked, &Begun) -> anyhow::Result<FileReport>;

/// What is done with a kind of file.
struct Course {
    file: &'static str,
    form: Form,
    columns: fn() -> Vec<Column>,
    open: Open,
    check: Check,
    take: Take,
}

impl Course {
    const fn of<K: Kind>() -> Course {
        Course {
            file: K::FILE,
            form: K::FORM,
            columns: K::columns,
            open: |loading| loading.open::<K>(),
            check: |loading, checked, fates| loading.check::<K>(checked, fates),
            take: |loading, checked, begun| loading.take::<K>(checked, begun),
        }
    }
}

/// The kinds of files, in the order of taking.
const COURSES: [Course; 23] = [
    Course::of::<Providers>(),
    Course::of::<Practitioners>(),
    Course::of::<Catalogue>(),
    Course::of::<List<1301>>(),
    Course::of::<List<1302>>(),
    Course::of::<List<1303>>(),
    Course::of::<EthnicDrugs>(),
    Course::of::<List<1305>>(),
    Course::of::<List<1306>>(),
    Course::of::<List<1307>>(),
    Course::of::<List<1308>>(),
    Course::of::<List<1309>>(),
    Course::of::<List<1310>>(),
    Course::of::<List<1311>>(),
    Course::of::<List<1313>>(),
    Course::of::<List<1314>>(),
    Course::of::<List<1315>>(),
    Course::of::<Persons>(),
    Course::of::<Insurances>(),
    Course::of::<Attributes>(),
    Course::of::<SpecialDiseases>(),
    Course::of::<Filings>(),
    Course::of::<Accumulators>(),
];

/// The files that can be loaded, in the order of taking, with their columns where a head names them.
pub fn known_files() -> Vec<(&'static str, Vec<Column>)> {
    let columns = |course: &Course| if course.form == Form::Csv { (course.columns)() } else { Vec::new() };
    COURSES.iter().map(|course| (course.file, columns(course))).collect()
}

/// CSV and text files of the folder whose name is none of ours.
fn unknown_files(path: &Path) -> anyhow::Result<Vec<String>> {
    let known = known_files();
    let mut unknown = Vec::new();
    for entry in std::fs::read_dir(path).with_context(|| format!("打开文件夹 {}", path.display()))? {
        let name = entry.with_context(|| format!("读取文件夹 {}", path.display()))?.file_name();
        let name = name.to_string_lossy().into_owned();
        let lower = name.to_ascii_lowercase();
        if (lower.ends_with(".csv") || lower.ends_with(".txt")) && !known.iter().any(|(file, _)| *file == name) {
            unknown.push(name);
        }
    }
    unknown.sort();
    Ok(unknown)
}
