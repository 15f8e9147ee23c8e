//! A kind of file: its columns, how a row is read, where it belongs and how it is stored.

use crate::load::fields::Fields;
use crate::load::folder::Accounts;
use crate::load::home::{Areas, Books, Home};
use crate::load::table::{Column, Form};
use std::hash::Hash;
use yibao_store::{Change, Fault, Tx};

/// What loading a kind of file takes. One implementation a file name.
pub trait Kind {
    /// A row that can be stored.
    type Row: Send;
    /// The file name.
    const FILE: &'static str;
    /// Files whose rows must be there first.
    const BUILDS_ON: &'static [&'static str];

    /// Whether its rows live in the books of persons, rather than among the reference data of all.
    const IN_BOOKS: bool = true;
    /// How it is written.
    const FORM: Form = Form::Csv;

    /// Its columns, in the order of the documentation.
    fn columns() -> Vec<Column>;

    /// Reads a row. Problems are noted in `fields`, and then what is returned is not used.
    fn read(fields: &mut Fields<'_>, areas: &Areas<'_>, accounts: &Accounts) -> Self::Row;

    /// What makes the row one of its own: no other row of the file may have the same.
    fn key(row: &Self::Row) -> impl Hash;

    /// The person that the row is about.
    fn person(row: &Self::Row) -> Option<&str>;

    /// What names the person that other rows should not have as well: a document.
    fn document(_row: &Self::Row) -> Option<&str> {
        None
    }

    /// The books that the row goes to, or why it cannot go to any.
    fn books(row: &Self::Row, areas: &Areas<'_>, home: Home) -> Result<Books, Astray>;

    /// Whether the store may refuse the row for what it holds, so that it is tried out beforehand.
    fn may_clash(_row: &Self::Row) -> bool {
        false
    }

    /// Stores some rows in one book. `None` for a row that the store refuses for what it holds: nothing of
    /// that row is kept.
    fn put(tx: &mut dyn Tx, rows: &[&Self::Row]) -> Result<Vec<Option<Change>>, Fault>;

    /// What to tell the operator where the store refuses the row.
    fn clash(_row: &Self::Row) -> Astray {
        let remedy = "请核对后重新装入".to_owned();
        Astray { field: "", value: String::new(), problem: "与已存内容冲突".to_owned(), remedy }
    }
}

/// Why a row that reads well cannot be taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Astray {
    /// The column to correct.
    pub field: &'static str,
    /// What stands there.
    pub value: String,
    /// What is wrong.
    pub problem: String,
    /// What to do.
    pub remedy: String,
}

impl Astray {
    /// The person is in no book and not in the folder.
    pub fn unknown_person(psn_no: &str) -> Self {
        Astray {
            field: "psn_no",
            value: psn_no.to_owned(),
            problem: "没有这个人：persons.csv 和已有账册里都没有此人员编号".to_owned(),
            remedy: "请在 persons.csv 里加上此人，或改正人员编号".to_owned(),
        }
    }
}

/// The books of a row about what a person has: where they are insured, else where they are known.
pub fn books_of_person(psn_no: &str, home: Home, areas: &Areas<'_>) -> Result<Books, Astray> {
    if !home.is_known() {
        return Err(Astray::unknown_person(psn_no));
    }
    Ok(home.insuring().or(home.knows).or(areas.all()))
}

/// Stores rows one by one, for kinds that have thousands of rows rather than millions.
pub fn one_by_one<R>(
    rows: &[&R],
    mut put: impl FnMut(&R) -> Result<Change, Fault>,
) -> Result<Vec<Option<Change>>, Fault> {
    rows.iter().map(|row| put(row).map(Some)).collect()
}

/// The most telling of two changes to copies of one row.
pub fn stronger(one: Change, other: Change) -> Change {
    match (one, other) {
        (Change::Added, _) | (_, Change::Added) => Change::Added,
        (Change::Updated, _) | (_, Change::Updated) => Change::Updated,
        _ => Change::Unchanged,
    }
}
