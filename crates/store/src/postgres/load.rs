//! Loading: the mark of how far it has come.

use super::transaction::PostgresTx;
use super::value::kept;
use crate::fault::Fault;
use crate::load::{LoadMark, Loads};

impl Loads for PostgresTx<'_> {
    fn has_persons(&mut self) -> Result<bool, Fault> {
        self.the("looking for persons", "", "SELECT EXISTS (SELECT FROM person)", &[], |row| row.take())
    }

    fn is_in_service(&mut self) -> Result<bool, Fault> {
        self.the("looking for messages", "", "SELECT EXISTS (SELECT FROM message)", &[], |row| row.take())
    }

    fn load_marks(&mut self) -> Result<Vec<LoadMark>, Fault> {
        let sql = "SELECT file, digest, line FROM load_mark ORDER BY file";
        self.all("reading the marks of loading", "", sql, &[], |row| {
            Ok(LoadMark { file: row.take()?, digest: row.take()?, line: row.take()? })
        })
    }

    fn put_load_mark(&mut self, mark: &LoadMark) -> Result<(), Fault> {
        let sql = "INSERT INTO load_mark (file, digest, line) VALUES ($1, $2, $3)
                   ON CONFLICT (file) DO UPDATE SET (digest, line) = (excluded.digest, excluded.line)";
        let values = kept![mark.file, mark.digest, mark.line];
        self.record("storing the mark of loading", &mark.file, sql, values)
    }

    fn remove_load_marks(&mut self) -> Result<(), Fault> {
        self.record("removing the marks of loading", "", "DELETE FROM load_mark", Vec::new())
    }
}
