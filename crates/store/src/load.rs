//! Loading (装入): many rows about persons at once, and how far a load has come.
//!
//! The answers are those of the questions of [`Persons`] asked one by one, which the default methods do;
//! an engine answers faster where it can. Of two rows with the same key the later one holds.

use crate::fault::Fault;
use crate::person::{Insurance, Person, Persons, RunningTotalRow};
use crate::seam::Change;
use yibao_domain::money::Money;

/// How far a file of a folder has been taken: up to and including `line`, in all books.
///
/// It is recorded by the transaction that takes the line, so that it never says more than is true.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LoadMark {
    /// File name, such as `persons.csv`.
    pub file: String,
    /// Digest of the folder that was being loaded.
    pub digest: String,
    /// Line in the file, from 1.
    pub line: i64,
}

/// What a book has of a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Standing {
    /// Nothing.
    Unknown,
    /// Master data.
    Known,
    /// Master data and at least one insurance period.
    Insured,
}

/// What loading asks and records. The answers to many rows come in the order of the rows.
pub trait Loads: Persons {
    /// Whether the book has any person.
    fn has_persons(&mut self) -> Result<bool, Fault>;
    /// Whether anybody has sent the book a message that it took: then tills may be waiting for its write turn.
    fn is_in_service(&mut self) -> Result<bool, Fault>;
    /// How far the files of a folder have been taken, if loading it was broken off; by file name.
    fn load_marks(&mut self) -> Result<Vec<LoadMark>, Fault>;
    /// Records how far a file has been taken, by `file`.
    fn put_load_mark(&mut self, mark: &LoadMark) -> Result<(), Fault>;
    /// Forgets all marks: the folder has been taken to its end, or another one takes its place.
    fn remove_load_marks(&mut self) -> Result<(), Fault>;

    /// What the book has of these persons.
    fn standings(&mut self, persons: &[&str]) -> Result<Vec<Standing>, Fault> {
        let one = |psn_no: &&str| {
            Ok(match self.person_facts(psn_no, &[])? {
                None => Standing::Unknown,
                Some(facts) if facts.insurances.is_empty() => Standing::Known,
                Some(_) => Standing::Insured,
            })
        };
        persons.iter().map(one).collect()
    }

    /// [`Persons::put_person`] for each row.
    fn put_persons(&mut self, rows: &[&Person]) -> Result<Vec<Change>, Fault> {
        rows.iter().map(|row| self.put_person(row)).collect()
    }

    /// [`Persons::put_insurance`] for each row.
    fn put_insurances(&mut self, rows: &[&Insurance]) -> Result<Vec<Change>, Fault> {
        rows.iter().map(|row| self.put_insurance(row)).collect()
    }

    /// [`Persons::put_opening_balance`] for each person.
    fn put_opening_balances(&mut self, rows: &[(&str, Money)]) -> Result<Vec<Option<Change>>, Fault> {
        rows.iter().map(|(psn_no, opening)| self.put_opening_balance(psn_no, *opening)).collect()
    }

    /// [`Persons::put_opening_total`] for each person and total.
    fn put_opening_totals(&mut self, rows: &[(&str, &RunningTotalRow)]) -> Result<Vec<Change>, Fault> {
        rows.iter().map(|(psn_no, row)| self.put_opening_total(psn_no, row)).collect()
    }
}
