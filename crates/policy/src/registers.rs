//! Kinds of work (经办事项) as data: what there is, who may do what from where, what is asked for, what offices call it.
//!
//! The tables under `registers/` come with the program; a folder beside them adds kinds, words, steps and fields. A field of
//! the folder replaces that of the same kind, step and name; a word is never given another meaning. Invariant: a table that
//! leaves here is whole: every word is known, whatever waits can be finished by somebody, every step of a person asks for
//! something; whatever is not so is told with file and line.

mod check;
mod lines;
mod read;
mod source;

pub use lines::{LineField, line_fields};
pub use source::WrongRow;

use read::Reader;
use source::Sheet;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use yibao_domain::register::WorkTable;

/// The tables, in the order in which they are read: each speaks of words of those before.
const FILES: [&str; 9] = [
    "roles.tsv",
    "states.tsv",
    "actions.tsv",
    "kinds.tsv",
    "steps.tsv",
    "fields.tsv",
    "labels.tsv",
    "wordings.tsv",
    "spoken.tsv",
];
/// Those that come with the program.
const SHIPPED: [&str; 9] = [
    include_str!("../../../registers/roles.tsv"),
    include_str!("../../../registers/states.tsv"),
    include_str!("../../../registers/actions.tsv"),
    include_str!("../../../registers/kinds.tsv"),
    include_str!("../../../registers/steps.tsv"),
    include_str!("../../../registers/fields.tsv"),
    include_str!("../../../registers/labels.tsv"),
    include_str!("../../../registers/wordings.tsv"),
    include_str!("../../../registers/spoken.tsv"),
];

/// The work that comes with the program.
pub fn built_in() -> Arc<WorkTable> {
    static BUILT_IN: LazyLock<Arc<WorkTable>> =
        LazyLock::new(|| Arc::new(table(&shipped()).expect("the work that comes with the program is tested")));
    BUILT_IN.clone()
}

/// The work that comes with the program and what a folder adds to it; every wrong row is told.
pub fn with_folder(folder: &Path) -> Result<Arc<WorkTable>, Vec<WrongRow>> {
    let mut sheets = shipped();
    sheets.extend(of_folder(folder).map_err(|wrong| vec![wrong])?);
    table(&sheets).map(Arc::new)
}

fn shipped() -> Vec<Sheet> {
    let sheet =
        |(name, text): (&str, &'static str)| Sheet { kind: name.to_owned(), file: format!("registers/{name}"), text };
    FILES.into_iter().zip(SHIPPED).map(sheet).collect()
}

/// The tables of a folder. A file that is no table of ours would be passed over in silence, so it is refused.
fn of_folder(folder: &Path) -> Result<Vec<Sheet>, WrongRow> {
    let wrong = |file: &Path, text: String| WrongRow { file: file.display().to_string(), line: 0, text };
    let listed = std::fs::read_dir(folder).map_err(|error| wrong(folder, format!("不能读取：{error}")))?;
    let mut names = Vec::new();
    for found in listed {
        let name = found.map_err(|error| wrong(folder, format!("不能读取：{error}")))?.file_name();
        let name = name.to_string_lossy().into_owned();
        if name.ends_with(".tsv") && !FILES.contains(&name.as_str()) {
            let text = format!("不认得的表；可以有 {}", FILES.join("、"));
            return Err(wrong(&folder.join(name), text));
        }
        names.push(name);
    }
    let mut sheets = Vec::new();
    for name in FILES.into_iter().filter(|name| names.iter().any(|found| found == name)) {
        let file = folder.join(name);
        let text = std::fs::read_to_string(&file).map_err(|error| wrong(&file, format!("不能读取：{error}")))?;
        // Words are kept for the life of the process, and so are the rows that they stand in.
        sheets.push(Sheet { kind: name.to_owned(), file: file.display().to_string(), text: text.leak() });
    }
    if sheets.is_empty() {
        return Err(wrong(folder, format!("没有一个表；应有 {} 中的几个", FILES.join("、"))));
    }
    Ok(sheets)
}

/// The table that sheets make, in the order of [`FILES`] and, within one, of the sheets.
fn table(sheets: &[Sheet]) -> Result<WorkTable, Vec<WrongRow>> {
    let mut reader = Reader::default();
    for name in FILES {
        for sheet in sheets.iter().filter(|sheet| sheet.kind == name) {
            reader.read(sheet);
        }
    }
    let (table, mut wrong, places) = reader.into_parts();
    // What follows from a wrong row is no finding of its own.
    if wrong.is_empty() {
        wrong = check::check(&table, &places);
    }
    if wrong.is_empty() { Ok(table) } else { Err(wrong) }
}

#[cfg(test)]
mod tests;
