//! Loading (装入): many rows about persons at once, and how far a load has come.
//!
//! The answers are those of the questions of [`Persons`] asked one by one, which the default methods do;
//! an engine answers faster where it can. Of two rows with the same key the later one holds.

use crate::engine::{Engine, once, select, sql};
use crate::fault::Fault;
use crate::ledger::asked::opening_movement;
use crate::person::{Insurance, Person, Persons, RunningTotalRow};
use crate::record::{Batch, Change, Put, Record, record};
use crate::value::values;
use std::collections::{HashMap, HashSet};
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
    fn standings(&mut self, persons: &[&str]) -> Result<Vec<Standing>, Fault>;

    /// [`Persons::put_person`] for each row.
    fn put_persons(&mut self, rows: &[&Person]) -> Result<Vec<Change>, Fault>;

    /// [`Persons::put_insurance`] for each row.
    fn put_insurances(&mut self, rows: &[&Insurance]) -> Result<Vec<Change>, Fault>;

    /// [`Persons::put_opening_balance`] for each person.
    fn put_opening_balances(&mut self, rows: &[(&str, Money)]) -> Result<Vec<Option<Change>>, Fault>;

    /// [`Persons::put_opening_total`] for each person and total.
    fn put_opening_totals(&mut self, rows: &[(&str, &RunningTotalRow)]) -> Result<Vec<Change>, Fault>;
}

record! {
    LoadMark = "load_mark", "装入进度", key [file];
    fields { file, digest, line }
}

impl<E: Engine> Loads for E {
    fn has_persons(&mut self) -> Result<bool, Fault> {
        self.the(("looking for persons", ""), "SELECT EXISTS (SELECT 1 FROM person)", &[], |row| row.take())
    }

    fn is_in_service(&mut self) -> Result<bool, Fault> {
        self.the(("looking for messages", ""), "SELECT EXISTS (SELECT 1 FROM message)", &[], |row| row.take())
    }

    fn load_marks(&mut self) -> Result<Vec<LoadMark>, Fault> {
        self.all(("reading the marks of loading", ""), select!(LoadMark, "ORDER BY file"), &[], LoadMark::read)
    }

    fn put_load_mark(&mut self, mark: &LoadMark) -> Result<(), Fault> {
        let sql = sql!("{} {}", LoadMark::table().insert.one, LoadMark::table().or_replace(&[]));
        self.run(("storing the mark of loading", &mark.file), sql, &mark.values()).map(drop)
    }

    fn remove_load_marks(&mut self) -> Result<(), Fault> {
        self.run(("removing the marks of loading", ""), "DELETE FROM load_mark", &[]).map(drop)
    }

    fn standings(&mut self, persons: &[&str]) -> Result<Vec<Standing>, Fault> {
        let sql = "SELECT psn_no, EXISTS (SELECT 1 FROM insurance WHERE insurance.psn_no = person.psn_no)
                   FROM person WHERE psn_no IN (SELECT value FROM json_each(?1))";
        let known = self.all(("looking for persons", ""), sql, &values![persons], |row| {
            Ok((row.take::<String>()?, if row.take()? { Standing::Insured } else { Standing::Known }))
        })?;
        let known: HashMap<String, Standing> = known.into_iter().collect();
        Ok(persons.iter().map(|psn_no| known.get(*psn_no).copied().unwrap_or(Standing::Unknown)).collect())
    }

    fn put_persons(&mut self, rows: &[&Person]) -> Result<Vec<Change>, Fault> {
        let rows = rows.iter().map(|row| row.values());
        self.put_all("storing persons", &Person::table().put, 1, rows)
    }

    fn put_insurances(&mut self, rows: &[&Insurance]) -> Result<Vec<Change>, Fault> {
        let rows = rows.iter().map(|row| row.values());
        self.put_all("storing insurances", &Insurance::table().put, 3, rows)
    }

    fn put_opening_balances(&mut self, rows: &[(&str, Money)]) -> Result<Vec<Option<Change>>, Fault> {
        const DOING: &str = "storing opening balances";
        let persons: HashSet<&str> = rows.iter().map(|row| row.0).collect();
        if persons.len() < rows.len() {
            let one_by_one: Result<Vec<_>, Fault> = rows.iter().map(|row| self.put_opening_balances(&[*row])).collect();
            return Ok(one_by_one?.into_iter().flatten().collect());
        }
        let values = rows.iter().map(|(psn_no, opening)| values![*psn_no, *opening].into());
        let changes = self.put_all(DOING, opening_balance(), 1, values)?;
        let changed = rows.iter().zip(&changes).filter(|(_, change)| **change != Change::Unchanged);
        let opened = changed.map(|((psn_no, opening), _)| values![*psn_no, *opening].into());
        self.record_all((DOING, ""), opening_movement(), opened)?;
        let unchanged = rows.iter().zip(&changes).filter(|(_, change)| **change == Change::Unchanged);
        let unchanged: Vec<&str> = unchanged.map(|(row, _)| row.0).collect();
        if unchanged.is_empty() {
            return Ok(changes.into_iter().map(Some).collect());
        }
        // What still differs would have made the balance negative.
        let sql = "SELECT psn_no, opening_fen FROM account WHERE psn_no IN (SELECT value FROM json_each(?1))";
        let openings =
            self.all((DOING, ""), sql, &values![&unchanged], |row| Ok((row.take::<String>()?, row.take::<Money>()?)))?;
        let openings: HashMap<String, Money> = openings.into_iter().collect();
        let outcome = |(change, (psn_no, opening)): (Change, &(&str, Money))| {
            let is_refused = change == Change::Unchanged && openings.get(*psn_no) != Some(opening);
            (!is_refused).then_some(change)
        };
        Ok(changes.into_iter().zip(rows).map(outcome).collect())
    }

    fn put_opening_totals(&mut self, rows: &[(&str, &RunningTotalRow)]) -> Result<Vec<Change>, Fault> {
        let values =
            rows.iter().map(|(psn_no, row)| values![*psn_no, &row.period, &row.insutype, &row.name, row.value].into());
        self.put_all("storing opening totals", opening_total(), 4, values)
    }
}

/// Stores the migrated part of a running total; what was settled here comes on top.
pub(crate) fn opening_total() -> &'static Put {
    const NEW: &str = "unnest(?1::text[], ?2::text[], ?3::text[], ?4::text[], ?5::bigint[])
                       AS new (psn_no, period, insutype, name, opening)";
    const INSERT: &str = "INSERT INTO running_total (psn_no, period, insutype, name, opening, value)";
    const KEY: &str = "psn_no, period, insutype, name";
    once!(
        Put,
        Put {
            insert: Batch {
                one: format!("{INSERT} VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT ({KEY}) DO NOTHING"),
                many: format!(
                    "{INSERT} SELECT {KEY}, opening, opening FROM {NEW} ORDER BY {KEY}
                 ON CONFLICT ({KEY}) DO NOTHING RETURNING {KEY}"
                ),
            },
            update: Batch {
                one: "UPDATE running_total SET opening = ?5, value = value - opening + ?5
                  WHERE psn_no = ?1 AND period = ?2 AND insutype = ?3 AND name = ?4 AND opening <> ?5"
                    .to_owned(),
                many: format!(
                    "UPDATE running_total AS old SET opening = new.opening, value = value - old.opening + new.opening
                 FROM {NEW}
                 WHERE (old.psn_no, old.period, old.insutype, old.name)
                       = (new.psn_no, new.period, new.insutype, new.name) AND old.opening <> new.opening
                 RETURNING old.psn_no, old.period, old.insutype, old.name"
                ),
            },
            updated: (0..5).collect(),
        }
    )
}

/// Stores the balance that an account was opened with, unless what was paid since would make it negative.
pub(crate) fn opening_balance() -> &'static Put {
    const NEW: &str = "unnest(?1::text[], ?2::bigint[]) AS new (psn_no, opening)";
    const INSERT: &str = "INSERT INTO account (psn_no, opening_fen, balance_fen)";
    once!(
        Put,
        Put {
            insert: Batch {
                one: format!("{INSERT} VALUES (?1, ?2, ?2) ON CONFLICT (psn_no) DO NOTHING"),
                many: format!(
                    "{INSERT} SELECT psn_no, opening, opening FROM {NEW} ORDER BY psn_no
                 ON CONFLICT (psn_no) DO NOTHING RETURNING psn_no"
                ),
            },
            update: Batch {
                one: "UPDATE account SET opening_fen = ?2, balance_fen = balance_fen - opening_fen + ?2
                  WHERE psn_no = ?1 AND opening_fen <> ?2 AND balance_fen - opening_fen + ?2 >= 0"
                    .to_owned(),
                many: format!(
                "UPDATE account SET opening_fen = new.opening, balance_fen = balance_fen - opening_fen + new.opening
                 FROM {NEW}
                 WHERE account.psn_no = new.psn_no AND opening_fen <> new.opening
                   AND balance_fen - opening_fen + new.opening >= 0
                 RETURNING account.psn_no"
            ),
            },
            updated: vec![0, 1],
        }
    )
}
