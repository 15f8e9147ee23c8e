//! Loading: one prepared statement for all rows of a question, and the mark of how far it has come.

use super::SqliteTx;
use super::person::{INSURANCE, OPENING_TOTAL, PERSON, bind_insurance, bind_opening_total, bind_person};
use super::statement::OrFault;
use crate::fault::{Fault, masked};
use crate::load::{LoadMark, Loads, Standing};
use crate::person::{Insurance, Person, RunningTotalRow};
use crate::seam::Change;
use rusqlite::params;

impl Loads for SqliteTx<'_> {
    fn has_persons(&mut self) -> Result<bool, Fault> {
        self.the("looking for persons", "", "SELECT EXISTS (SELECT 1 FROM person)", &[], |row| row.take())
    }

    fn is_in_service(&mut self) -> Result<bool, Fault> {
        self.the("looking for messages", "", "SELECT EXISTS (SELECT 1 FROM message)", &[], |row| row.take())
    }

    fn load_marks(&mut self) -> Result<Vec<LoadMark>, Fault> {
        let sql = "SELECT file, digest, line FROM load_mark ORDER BY file";
        self.all("reading the marks of loading", "", sql, &[], |row| {
            Ok(LoadMark { file: row.take()?, digest: row.take()?, line: row.take()? })
        })
    }

    fn put_load_mark(&mut self, mark: &LoadMark) -> Result<(), Fault> {
        let sql = "INSERT INTO load_mark (file, digest, line) VALUES (?1, ?2, ?3)
                   ON CONFLICT (file) DO UPDATE SET (digest, line) = (?2, ?3)";
        let values = params![mark.file, mark.digest, mark.line];
        self.run_on_one("storing the mark of loading", &mark.file, sql, values)
    }

    fn remove_load_marks(&mut self) -> Result<(), Fault> {
        self.run("removing the marks of loading", "", "DELETE FROM load_mark", &[]).map(drop)
    }

    fn standings(&mut self, persons: &[&str]) -> Result<Vec<Standing>, Fault> {
        const DOING: &str = "looking for persons";
        let sql = "SELECT EXISTS (SELECT 1 FROM insurance WHERE psn_no = ?1) FROM person WHERE psn_no = ?1";
        let mut statement = self.prepare(DOING, "", sql)?;
        let mut one = |psn_no: &&str| {
            let mut rows = statement.query(params![psn_no]).or_fault(DOING, "")?;
            Ok(match rows.next().or_fault(DOING, "")? {
                None => Standing::Unknown,
                Some(row) if row.get(0).or_fault(DOING, "")? => Standing::Insured,
                Some(_) => Standing::Known,
            })
        };
        persons.iter().map(&mut one).collect()
    }

    fn put_persons(&mut self, rows: &[&Person]) -> Result<Vec<Change>, Fault> {
        self.put_all("storing person", |row| masked(&row.psn_no), PERSON, rows, |to, row| bind_person(to, row))
    }

    fn put_insurances(&mut self, rows: &[&Insurance]) -> Result<Vec<Change>, Fault> {
        let key = |row: &&Insurance| masked(&row.psn_no);
        self.put_all("storing insurance of person", key, INSURANCE, rows, |to, row| bind_insurance(to, row))
    }

    fn put_opening_totals(&mut self, rows: &[(&str, &RunningTotalRow)]) -> Result<Vec<Change>, Fault> {
        let key = |row: &(&str, &RunningTotalRow)| masked(row.0);
        self.put_all("storing the opening total of person", key, OPENING_TOTAL, rows, |to, (psn_no, row)| {
            bind_opening_total(to, psn_no, row)
        })
    }
}
