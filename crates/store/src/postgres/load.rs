//! Loading: one statement for all rows of a question, their columns as arrays, and the mark of how far it has come.
//!
//! A statement stores a key once, so rows among which a key comes twice are stored one by one.

use super::line::Value;
use super::transaction::{PostgresTx, Read};
use crate::fault::Fault;
use crate::load::{LoadMark, Loads, Standing};
use crate::person::{Insurance, Person, Persons, RunningTotalRow};
use crate::seam::Change;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use yibao_domain::money::Money;
use yibao_domain::time::Date;

/// A column of many rows.
fn column<'row, R, T>(rows: &'row [R], value: impl Fn(&'row R) -> T) -> Vec<T> {
    rows.iter().map(value).collect()
}

/// Each key with its place; nothing where one comes twice.
fn places<K: Hash + Eq>(keys: Vec<K>) -> Option<HashMap<K, usize>> {
    let count = keys.len();
    let places: HashMap<K, usize> = keys.into_iter().zip(0..).collect();
    (places.len() == count).then_some(places)
}

impl PostgresTx<'_> {
    /// Stores rows of which no key comes twice. `insert` answers with the keys that were not there, `update` with
    /// those of the rows that differed; both take the same columns.
    fn put_at_once<K: Hash + Eq>(
        &mut self,
        doing: &'static str,
        [insert, update]: [&str; 2],
        columns: &[Value<'_>],
        places: &HashMap<K, usize>,
        read_key: Read<K>,
    ) -> Result<Vec<Change>, Fault> {
        let added = self.run_returning_all(doing, "", insert, columns, read_key)?;
        if added.len() == places.len() {
            return Ok(vec![Change::Added; places.len()]);
        }
        let updated = self.run_returning_all(doing, "", update, columns, read_key)?;
        let mut changes = vec![Change::Unchanged; places.len()];
        for (keys, change) in [(updated, Change::Updated), (added, Change::Added)] {
            for place in keys.iter().filter_map(|key| places.get(key)) {
                changes[*place] = change;
            }
        }
        Ok(changes)
    }
}

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
                   ON CONFLICT (file) DO UPDATE SET (digest, line) = ($2, $3)";
        let values: &[Value<'_>] = &[&mark.file, &mark.digest, &mark.line];
        self.run("storing the mark of loading", &mark.file, sql, values).map(drop)
    }

    fn remove_load_marks(&mut self) -> Result<(), Fault> {
        self.run("removing the marks of loading", "", "DELETE FROM load_mark", &[]).map(drop)
    }

    fn standings(&mut self, persons: &[&str]) -> Result<Vec<Standing>, Fault> {
        let sql = "SELECT person.psn_no IS NOT NULL,
                          EXISTS (SELECT FROM insurance WHERE insurance.psn_no = asked.psn_no)
                   FROM unnest($1::text[]) WITH ORDINALITY AS asked (psn_no, at)
                   LEFT JOIN person ON person.psn_no = asked.psn_no ORDER BY asked.at";
        self.all("looking for persons", "", sql, &[&persons], |row| {
            Ok(match (row.take()?, row.take()?) {
                (false, _) => Standing::Unknown,
                (true, false) => Standing::Known,
                (true, true) => Standing::Insured,
            })
        })
    }

    fn put_persons(&mut self, rows: &[&Person]) -> Result<Vec<Change>, Fault> {
        let Some(places) = places(column(rows, |row| row.psn_no.clone())) else {
            return rows.iter().map(|row| self.put_person(row)).collect();
        };
        let insert = "INSERT INTO person (psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)
                      SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[],
                                           $7::text[], $8::text[]) ORDER BY 1
                      ON CONFLICT (psn_no) DO NOTHING RETURNING psn_no";
        let update = "UPDATE person
                      SET (psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)
                          = (new.psn_cert_type, new.certno, new.psn_name, new.gend, new.brdy, new.naty, new.card_no)
                      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[],
                                  $8::text[])
                           AS new (psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)
                      WHERE person.psn_no = new.psn_no
                        AND (person.psn_cert_type, person.certno, person.psn_name, person.gend, person.brdy,
                             person.naty, person.card_no) IS DISTINCT FROM
                            (new.psn_cert_type, new.certno, new.psn_name, new.gend, new.brdy, new.naty, new.card_no)
                      RETURNING person.psn_no";
        let columns: &[Value<'_>] = &[
            &column(rows, |row| row.psn_no.as_str()),
            &column(rows, |row| row.psn_cert_type.as_str()),
            &column(rows, |row| row.certno.as_str()),
            &column(rows, |row| row.psn_name.as_str()),
            &column(rows, |row| row.gend.as_str()),
            &column(rows, |row| row.brdy),
            &column(rows, |row| row.naty.as_str()),
            &column(rows, |row| row.card_no.as_str()),
        ];
        self.put_at_once("storing persons", [insert, update], columns, &places, |row| row.take())
    }

    fn put_insurances(&mut self, rows: &[&Insurance]) -> Result<Vec<Change>, Fault> {
        let Some(places) = places(column(rows, |row| (row.psn_no.clone(), row.insutype.clone(), row.begndate))) else {
            return rows.iter().map(|row| self.put_insurance(row)).collect();
        };
        let insert = "INSERT INTO insurance (psn_no, insutype, begndate, enddate, paused_from, psn_type,
                                             insuplc_admdvs, emp_name, continuous_years, cvlserv_flag)
                      SELECT * FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::date[], $6::text[],
                                           $7::text[], $8::text[], $9::bigint[], $10::boolean[]) ORDER BY 1, 2, 3
                      ON CONFLICT (psn_no, insutype, begndate) DO NOTHING RETURNING psn_no, insutype, begndate";
        let update = "UPDATE insurance AS old
                      SET (enddate, paused_from, psn_type, insuplc_admdvs, emp_name, continuous_years, cvlserv_flag)
                          = (new.enddate, new.paused_from, new.psn_type, new.insuplc_admdvs, new.emp_name,
                             new.continuous_years, new.cvlserv_flag)
                      FROM unnest($1::text[], $2::text[], $3::date[], $4::date[], $5::date[], $6::text[], $7::text[],
                                  $8::text[], $9::bigint[], $10::boolean[])
                           AS new (psn_no, insutype, begndate, enddate, paused_from, psn_type, insuplc_admdvs,
                                   emp_name, continuous_years, cvlserv_flag)
                      WHERE (old.psn_no, old.insutype, old.begndate) = (new.psn_no, new.insutype, new.begndate)
                        AND (old.enddate, old.paused_from, old.psn_type, old.insuplc_admdvs, old.emp_name,
                             old.continuous_years, old.cvlserv_flag) IS DISTINCT FROM
                            (new.enddate, new.paused_from, new.psn_type, new.insuplc_admdvs, new.emp_name,
                             new.continuous_years, new.cvlserv_flag)
                      RETURNING old.psn_no, old.insutype, old.begndate";
        let columns: &[Value<'_>] = &[
            &column(rows, |row| row.psn_no.as_str()),
            &column(rows, |row| row.insutype.as_str()),
            &column(rows, |row| row.begndate),
            &column(rows, |row| row.enddate),
            &column(rows, |row| row.paused_from),
            &column(rows, |row| row.psn_type.as_str()),
            &column(rows, |row| row.insuplc_admdvs.as_str()),
            &column(rows, |row| row.emp_name.as_str()),
            &column(rows, |row| row.continuous_years),
            &column(rows, |row| row.cvlserv_flag),
        ];
        let read_key: Read<(String, String, Date)> = |row| Ok((row.take()?, row.take()?, row.take()?));
        self.put_at_once("storing insurances", [insert, update], columns, &places, read_key)
    }

    fn put_opening_balances(&mut self, rows: &[(&str, Money)]) -> Result<Vec<Option<Change>>, Fault> {
        const DOING: &str = "storing opening balances";
        let Some(places) = places(column(rows, |(psn_no, _)| (*psn_no).to_owned())) else {
            return rows.iter().map(|(psn_no, opening)| self.put_opening_balance(psn_no, *opening)).collect();
        };
        let insert = "INSERT INTO account (psn_no, opening_fen, balance_fen)
                      SELECT psn_no, opening, opening FROM unnest($1::text[], $2::bigint[]) AS new (psn_no, opening)
                      ORDER BY 1 ON CONFLICT (psn_no) DO NOTHING RETURNING psn_no";
        let update =
            "UPDATE account SET opening_fen = new.opening, balance_fen = balance_fen - opening_fen + new.opening
                      FROM unnest($1::text[], $2::bigint[]) AS new (psn_no, opening)
                      WHERE account.psn_no = new.psn_no AND opening_fen <> new.opening
                        AND balance_fen - opening_fen + new.opening >= 0
                      RETURNING account.psn_no";
        // What still differs would have made the balance negative.
        let refused = "SELECT account.psn_no FROM account
                       JOIN unnest($1::text[], $2::bigint[]) AS new (psn_no, opening) ON account.psn_no = new.psn_no
                       WHERE opening_fen <> new.opening";
        let (persons, openings) = (column(rows, |row| row.0), column(rows, |row| row.1.as_fen()));
        let columns: &[Value<'_>] = &[&persons, &openings];
        let changes = self.put_at_once(DOING, [insert, update], columns, &places, |row| row.take())?;
        if changes.iter().all(|change| *change == Change::Added) {
            return Ok(changes.into_iter().map(Some).collect());
        }
        let refused: Vec<String> = self.all(DOING, "", refused, columns, |row| row.take())?;
        let refused: HashSet<&str> = refused.iter().map(String::as_str).collect();
        let outcome = |(change, (psn_no, _)): (Change, &(&str, Money))| (!refused.contains(psn_no)).then_some(change);
        Ok(changes.into_iter().zip(rows).map(outcome).collect())
    }

    fn put_opening_totals(&mut self, rows: &[(&str, &RunningTotalRow)]) -> Result<Vec<Change>, Fault> {
        let key = |(psn_no, row): &(&str, &RunningTotalRow)| {
            ((*psn_no).to_owned(), row.period.clone(), row.insutype.clone(), row.name.clone())
        };
        let Some(places) = places(column(rows, key)) else {
            return rows.iter().map(|(psn_no, row)| self.put_opening_total(psn_no, row)).collect();
        };
        let insert = "INSERT INTO running_total (psn_no, period, insutype, name, opening, value)
                      SELECT psn_no, period, insutype, name, opening, opening
                      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
                           AS new (psn_no, period, insutype, name, opening) ORDER BY 1, 2, 3, 4
                      ON CONFLICT (psn_no, period, insutype, name) DO NOTHING
                      RETURNING psn_no, period, insutype, name";
        let update = "UPDATE running_total AS old SET opening = new.opening, value = value - old.opening + new.opening
                      FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
                           AS new (psn_no, period, insutype, name, opening)
                      WHERE (old.psn_no, old.period, old.insutype, old.name)
                            = (new.psn_no, new.period, new.insutype, new.name) AND old.opening <> new.opening
                      RETURNING old.psn_no, old.period, old.insutype, old.name";
        let columns: &[Value<'_>] = &[
            &column(rows, |row| row.0),
            &column(rows, |row| row.1.period.as_str()),
            &column(rows, |row| row.1.insutype.as_str()),
            &column(rows, |row| row.1.name.as_str()),
            &column(rows, |row| row.1.value),
        ];
        let read_key: Read<(String, String, String, String)> =
            |row| Ok((row.take()?, row.take()?, row.take()?, row.take()?));
        self.put_at_once("storing opening totals", [insert, update], columns, &places, read_key)
    }
}
