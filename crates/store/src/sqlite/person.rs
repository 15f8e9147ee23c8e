//! Persons: master data, insurances, attributes, qualifications, account, running totals.

use super::SqliteTx;
use super::statement::Put;
use super::value::{Columns, Day, Fen};
use crate::fault::{Fault, masked};
use crate::person::{Attribute, Insurance, Person, PersonFacts, Persons, RunningTotalRow, SpecialDisease};
use crate::seam::Change;
use rusqlite::{Statement, params};
use yibao_domain::money::Money;

fn read_person(row: &mut Columns<'_, '_>) -> rusqlite::Result<Person> {
    Ok(Person {
        psn_no: row.take()?,
        psn_cert_type: row.take()?,
        certno: row.take()?,
        psn_name: row.take()?,
        gend: row.take()?,
        brdy: row.some_day()?,
        naty: row.take()?,
        card_no: row.take()?,
    })
}

fn read_insurance(row: &mut Columns<'_, '_>) -> rusqlite::Result<Insurance> {
    Ok(Insurance {
        psn_no: row.take()?,
        insutype: row.take()?,
        psn_type: row.take()?,
        insuplc_admdvs: row.take()?,
        begndate: row.day()?,
        enddate: row.some_day()?,
        paused_from: row.some_day()?,
        emp_name: row.take()?,
        continuous_years: row.take()?,
        cvlserv_flag: row.take()?,
    })
}

fn read_attribute(row: &mut Columns<'_, '_>) -> rusqlite::Result<Attribute> {
    Ok(Attribute { psn_no: row.take()?, psn_idet_type: row.take()?, begndate: row.day()?, enddate: row.some_day()? })
}

fn read_special_disease(row: &mut Columns<'_, '_>) -> rusqlite::Result<SpecialDisease> {
    Ok(SpecialDisease {
        psn_no: row.take()?,
        opsp_dise_code: row.take()?,
        opsp_dise_name: row.take()?,
        begndate: row.day()?,
        enddate: row.some_day()?,
        trt_dcla_detl_sn: row.take()?,
    })
}

fn read_running_total(row: &mut Columns<'_, '_>) -> rusqlite::Result<RunningTotalRow> {
    Ok(RunningTotalRow { insutype: row.take()?, period: row.take()?, name: row.take()?, value: row.take()? })
}

/// Storing a person: [`Put`].
pub(super) const PERSON: Put = [
    "INSERT INTO person (psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (psn_no) DO NOTHING",
    "UPDATE person SET (psn_cert_type, certno, psn_name, gend, brdy, naty, card_no) = (?2, ?3, ?4, ?5, ?6, ?7, ?8)
     WHERE psn_no = ?1
       AND (psn_cert_type, certno, psn_name, gend, brdy, naty, card_no) IS DISTINCT FROM (?2, ?3, ?4, ?5, ?6, ?7, ?8)",
];

/// Runs a statement of [`PERSON`].
pub(super) fn bind_person(to: &mut Statement<'_>, row: &Person) -> rusqlite::Result<usize> {
    to.execute(params![
        row.psn_no,
        row.psn_cert_type,
        row.certno,
        row.psn_name,
        row.gend,
        row.brdy.map(Day),
        row.naty,
        row.card_no
    ])
}

/// Storing an insurance period: [`Put`].
pub(super) const INSURANCE: Put = [
    "INSERT INTO insurance (psn_no, insutype, begndate, enddate, paused_from, psn_type, insuplc_admdvs, emp_name,
                            continuous_years, cvlserv_flag)
     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (psn_no, insutype, begndate) DO NOTHING",
    "UPDATE insurance
     SET (enddate, paused_from, psn_type, insuplc_admdvs, emp_name, continuous_years, cvlserv_flag)
         = (?4, ?5, ?6, ?7, ?8, ?9, ?10)
     WHERE psn_no = ?1 AND insutype = ?2 AND begndate = ?3
       AND (enddate, paused_from, psn_type, insuplc_admdvs, emp_name, continuous_years, cvlserv_flag)
           IS DISTINCT FROM (?4, ?5, ?6, ?7, ?8, ?9, ?10)",
];

/// Runs a statement of [`INSURANCE`].
pub(super) fn bind_insurance(to: &mut Statement<'_>, row: &Insurance) -> rusqlite::Result<usize> {
    to.execute(params![
        row.psn_no,
        row.insutype,
        Day(row.begndate),
        row.enddate.map(Day),
        row.paused_from.map(Day),
        row.psn_type,
        row.insuplc_admdvs,
        row.emp_name,
        row.continuous_years,
        row.cvlserv_flag
    ])
}

/// Storing the migrated part of a running total: [`Put`].
pub(super) const OPENING_TOTAL: Put = [
    "INSERT INTO running_total (psn_no, period, insutype, name, opening, value)
     VALUES (?1, ?2, ?3, ?4, ?5, ?5) ON CONFLICT (psn_no, period, insutype, name) DO NOTHING",
    "UPDATE running_total SET opening = ?5, value = value - opening + ?5
     WHERE psn_no = ?1 AND period = ?2 AND insutype = ?3 AND name = ?4 AND opening <> ?5",
];

/// Runs a statement of [`OPENING_TOTAL`].
pub(super) fn bind_opening_total(
    to: &mut Statement<'_>,
    psn_no: &str,
    row: &RunningTotalRow,
) -> rusqlite::Result<usize> {
    to.execute(params![psn_no, row.period, row.insutype, row.name, row.value])
}

impl Persons for SqliteTx<'_> {
    fn person(&mut self, psn_no: &str) -> Result<Option<Person>, Fault> {
        let sql = "SELECT psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no
                   FROM person WHERE psn_no = ?1";
        self.first("reading person", &masked(psn_no), sql, params![psn_no], read_person)
    }

    fn persons_by_certno(&mut self, certno: &str) -> Result<Vec<Person>, Fault> {
        let sql = "SELECT psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no
                   FROM person WHERE certno = ?1 ORDER BY psn_no";
        // The number is personal data and stays out of the fault.
        self.all("finding persons by identity number", "", sql, params![certno], read_person)
    }

    fn persons_by_card(&mut self, card_no: &str) -> Result<Vec<Person>, Fault> {
        let sql = "SELECT psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no
                   FROM person WHERE card_no = ?1 AND card_no <> '' ORDER BY psn_no";
        self.all("finding persons by card", "", sql, params![card_no], read_person)
    }

    fn person_facts(&mut self, psn_no: &str, periods: &[String]) -> Result<Option<PersonFacts>, Fault> {
        const DOING: &str = "reading the facts of person";
        let Some(person) = self.person(psn_no)? else { return Ok(None) };
        let insurances = "SELECT psn_no, insutype, psn_type, insuplc_admdvs, begndate, enddate, paused_from, emp_name,
                                 continuous_years, cvlserv_flag
                          FROM insurance WHERE psn_no = ?1 ORDER BY begndate, insutype";
        let attributes = "SELECT psn_no, psn_idet_type, begndate, enddate
                          FROM attribute WHERE psn_no = ?1 ORDER BY begndate, psn_idet_type";
        let special_diseases = "SELECT psn_no, opsp_dise_code, opsp_dise_name, begndate, enddate, trt_dcla_detl_sn
                                FROM special_disease WHERE psn_no = ?1 ORDER BY begndate, opsp_dise_code";
        let balance = "SELECT balance_fen FROM account WHERE psn_no = ?1";
        let totals_of_period = "SELECT insutype, period, name, value
                                FROM running_total WHERE psn_no = ?1 AND period = ?2 ORDER BY insutype, name";
        let mut totals = Vec::new();
        for period in periods {
            totals.extend(self.all(DOING, psn_no, totals_of_period, params![psn_no, period], read_running_total)?);
        }
        Ok(Some(PersonFacts {
            person,
            insurances: self.all(DOING, psn_no, insurances, params![psn_no], read_insurance)?,
            attributes: self.all(DOING, psn_no, attributes, params![psn_no], read_attribute)?,
            special_diseases: self.all(DOING, psn_no, special_diseases, params![psn_no], read_special_disease)?,
            balance: self.first(DOING, psn_no, balance, params![psn_no], |row| row.fen())?,
            totals,
        }))
    }

    fn running_totals(&mut self, psn_no: &str) -> Result<Vec<RunningTotalRow>, Fault> {
        let sql = "SELECT insutype, period, name, value
                   FROM running_total WHERE psn_no = ?1 ORDER BY period, insutype, name";
        self.all("reading running totals of person", &masked(psn_no), sql, params![psn_no], read_running_total)
    }

    fn put_person(&mut self, row: &Person) -> Result<Change, Fault> {
        self.put_one("storing person", &row.psn_no, PERSON, |to| bind_person(to, row))
    }

    fn put_insurance(&mut self, row: &Insurance) -> Result<Change, Fault> {
        self.put_one("storing insurance of person", &row.psn_no, INSURANCE, |to| bind_insurance(to, row))
    }

    fn put_opening_balance(&mut self, psn_no: &str, opening: Money) -> Result<Option<Change>, Fault> {
        const DOING: &str = "storing the opening balance of person";
        let known = "SELECT opening_fen, balance_fen FROM account WHERE psn_no = ?1";
        let known = self.first(DOING, psn_no, known, params![psn_no], |row| Ok((row.fen()?, row.fen()?)))?;
        let Some((opened_with, balance)) = known else {
            let insert = "INSERT INTO account (psn_no, opening_fen, balance_fen) VALUES (?1, ?2, ?2)";
            self.run_on_one(DOING, psn_no, insert, params![psn_no, Fen(opening)])?;
            return Ok(Some(Change::Added));
        };
        if opening == opened_with {
            return Ok(Some(Change::Unchanged));
        }
        let paid_since = opened_with.minus(balance);
        let balance = opening.minus(paid_since);
        if balance < Money::ZERO {
            return Ok(None);
        }
        let update = "UPDATE account SET opening_fen = ?2, balance_fen = ?3 WHERE psn_no = ?1";
        self.run_on_one(DOING, psn_no, update, params![psn_no, Fen(opening), Fen(balance)])?;
        Ok(Some(Change::Updated))
    }

    fn put_attribute(&mut self, row: &Attribute) -> Result<Change, Fault> {
        let insert = "INSERT INTO attribute (psn_no, psn_idet_type, begndate, enddate) VALUES (?1, ?2, ?3, ?4)
                      ON CONFLICT (psn_no, psn_idet_type, begndate) DO NOTHING";
        let update = "UPDATE attribute SET enddate = ?4
                      WHERE psn_no = ?1 AND psn_idet_type = ?2 AND begndate = ?3 AND enddate IS DISTINCT FROM ?4";
        let values = params![row.psn_no, row.psn_idet_type, Day(row.begndate), row.enddate.map(Day)];
        self.put("storing attribute of person", &masked(&row.psn_no), [insert, update], values)
    }

    fn put_special_disease(&mut self, row: &SpecialDisease) -> Result<Change, Fault> {
        let insert = "INSERT INTO special_disease (psn_no, opsp_dise_code, begndate, enddate, opsp_dise_name,
                                                   trt_dcla_detl_sn)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (psn_no, opsp_dise_code, begndate) DO NOTHING";
        let update = "UPDATE special_disease SET (enddate, opsp_dise_name, trt_dcla_detl_sn) = (?4, ?5, ?6)
                      WHERE psn_no = ?1 AND opsp_dise_code = ?2 AND begndate = ?3
                        AND (enddate, opsp_dise_name, trt_dcla_detl_sn) IS DISTINCT FROM (?4, ?5, ?6)";
        let values = params![
            row.psn_no,
            row.opsp_dise_code,
            Day(row.begndate),
            row.enddate.map(Day),
            row.opsp_dise_name,
            row.trt_dcla_detl_sn
        ];
        self.put("storing qualification of person", &masked(&row.psn_no), [insert, update], values)
    }

    fn remove_special_disease(&mut self, psn_no: &str, trt_dcla_detl_sn: &str) -> Result<bool, Fault> {
        // Loaded rows have no filing and are never meant.
        let sql = "DELETE FROM special_disease WHERE psn_no = ?1 AND trt_dcla_detl_sn = ?2 AND trt_dcla_detl_sn <> ''";
        let values = params![psn_no, trt_dcla_detl_sn];
        Ok(self.run("removing the qualification of filing", trt_dcla_detl_sn, sql, values)? > 0)
    }

    fn put_opening_total(&mut self, psn_no: &str, row: &RunningTotalRow) -> Result<Change, Fault> {
        self.put_one("storing the opening total of person", psn_no, OPENING_TOTAL, |to| {
            bind_opening_total(to, psn_no, row)
        })
    }
}
