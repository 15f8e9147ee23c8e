//! Persons: master data, insurances, attributes, qualifications, account, running totals.

use super::line::{Step, Value};
use super::transaction::{PostgresTx, read_all};
use super::value::{Columns, Unreadable, kept};
use crate::fault::{Fault, masked};
use crate::person::{Attribute, Insurance, Person, PersonFacts, Persons, RunningTotalRow, SpecialDisease};
use crate::seam::Change;
use yibao_domain::money::Money;

pub(super) fn read_person(row: &mut Columns<'_>) -> Result<Person, Unreadable> {
    Ok(Person {
        psn_no: row.take()?,
        psn_cert_type: row.take()?,
        certno: row.take()?,
        psn_name: row.take()?,
        gend: row.take()?,
        brdy: row.take()?,
        naty: row.take()?,
        card_no: row.take()?,
    })
}

pub(super) fn read_insurance(row: &mut Columns<'_>) -> Result<Insurance, Unreadable> {
    Ok(Insurance {
        psn_no: row.take()?,
        insutype: row.take()?,
        psn_type: row.take()?,
        insuplc_admdvs: row.take()?,
        begndate: row.take()?,
        enddate: row.take()?,
        paused_from: row.take()?,
        emp_name: row.take()?,
        continuous_years: row.take()?,
        cvlserv_flag: row.take()?,
    })
}

pub(super) fn read_attribute(row: &mut Columns<'_>) -> Result<Attribute, Unreadable> {
    Ok(Attribute { psn_no: row.take()?, psn_idet_type: row.take()?, begndate: row.take()?, enddate: row.take()? })
}

pub(super) fn read_special_disease(row: &mut Columns<'_>) -> Result<SpecialDisease, Unreadable> {
    Ok(SpecialDisease {
        psn_no: row.take()?,
        opsp_dise_code: row.take()?,
        opsp_dise_name: row.take()?,
        begndate: row.take()?,
        enddate: row.take()?,
        trt_dcla_detl_sn: row.take()?,
    })
}

pub(super) fn read_running_total(row: &mut Columns<'_>) -> Result<RunningTotalRow, Unreadable> {
    Ok(RunningTotalRow { insutype: row.take()?, period: row.take()?, name: row.take()?, value: row.take()? })
}

impl Persons for PostgresTx<'_> {
    fn person(&mut self, psn_no: &str) -> Result<Option<Person>, Fault> {
        if let Some(known) = self.ahead.person_facts(psn_no, &[]) {
            return Ok(known.map(|facts| facts.person));
        }
        let sql = "SELECT psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no
                   FROM person WHERE psn_no = $1";
        self.first("reading person", &masked(psn_no), sql, &[&psn_no], read_person)
    }

    fn persons_by_certno(&mut self, certno: &str) -> Result<Vec<Person>, Fault> {
        let sql = "SELECT psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no
                   FROM person WHERE certno = $1 ORDER BY psn_no";
        // The number is personal data and stays out of the fault.
        self.all("finding persons by identity number", "", sql, &[&certno], read_person)
    }

    fn persons_by_card(&mut self, card_no: &str) -> Result<Vec<Person>, Fault> {
        let sql = "SELECT psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no
                   FROM person WHERE card_no = $1 AND card_no <> '' ORDER BY psn_no";
        self.all("finding persons by card", "", sql, &[&card_no], read_person)
    }

    fn person_facts(&mut self, psn_no: &str, periods: &[String]) -> Result<Option<PersonFacts>, Fault> {
        const DOING: &str = "reading the facts of person";
        if let Some(known) = self.ahead.person_facts(psn_no, periods) {
            return Ok(known);
        }
        let person = "SELECT psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no
                      FROM person WHERE psn_no = $1";
        let insurances = "SELECT psn_no, insutype, psn_type, insuplc_admdvs, begndate, enddate, paused_from, emp_name,
                                 continuous_years, cvlserv_flag
                          FROM insurance WHERE psn_no = $1 ORDER BY begndate, insutype";
        let attributes = "SELECT psn_no, psn_idet_type, begndate, enddate
                          FROM attribute WHERE psn_no = $1 ORDER BY begndate, psn_idet_type";
        let special_diseases = "SELECT psn_no, opsp_dise_code, opsp_dise_name, begndate, enddate, trt_dcla_detl_sn
                                FROM special_disease WHERE psn_no = $1 ORDER BY begndate, opsp_dise_code";
        let balance = "SELECT balance_fen FROM account WHERE psn_no = $1";
        let totals = "SELECT insutype, period, name, value
                      FROM running_total WHERE psn_no = $1 AND period = ANY($2)
                      ORDER BY array_position($2, period), insutype, name";
        let of_person = |sql| Step::Ask(sql, vec![&psn_no as Value<'_>]);
        let answers = self.ask(
            DOING,
            &masked(psn_no),
            &[
                of_person(person),
                of_person(insurances),
                of_person(attributes),
                of_person(special_diseases),
                of_person(balance),
                Step::Ask(totals, vec![&psn_no, &periods]),
            ],
        )?;
        let key = masked(psn_no);
        let [person, insurances, attributes, special_diseases, balance, totals] = &answers[..] else {
            return Err(Fault::new(DOING, key, "answers are missing"));
        };
        let Some(person) = read_all(DOING, &key, person, read_person)?.pop() else { return Ok(None) };
        Ok(Some(PersonFacts {
            person,
            insurances: read_all(DOING, &key, insurances, read_insurance)?,
            attributes: read_all(DOING, &key, attributes, read_attribute)?,
            special_diseases: read_all(DOING, &key, special_diseases, read_special_disease)?,
            balance: read_all(DOING, &key, balance, |row| row.fen())?.pop(),
            totals: read_all(DOING, &key, totals, read_running_total)?,
        }))
    }

    fn running_totals(&mut self, psn_no: &str) -> Result<Vec<RunningTotalRow>, Fault> {
        let sql = "SELECT insutype, period, name, value
                   FROM running_total WHERE psn_no = $1 ORDER BY period, insutype, name";
        self.all("reading running totals of person", &masked(psn_no), sql, &[&psn_no], read_running_total)
    }

    fn put_person(&mut self, row: &Person) -> Result<Change, Fault> {
        let insert = "INSERT INTO person (psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (psn_no) DO NOTHING";
        let update = "UPDATE person
                      SET (psn_cert_type, certno, psn_name, gend, brdy, naty, card_no) = ($2, $3, $4, $5, $6, $7, $8)
                      WHERE psn_no = $1
                        AND (psn_cert_type, certno, psn_name, gend, brdy, naty, card_no)
                            IS DISTINCT FROM ($2, $3, $4, $5, $6, $7, $8)";
        let values =
            kept![row.psn_no, row.psn_cert_type, row.certno, row.psn_name, row.gend, row.brdy, row.naty, row.card_no];
        self.put("storing person", &masked(&row.psn_no), [(insert, &values), (update, &values)])
    }

    fn put_insurance(&mut self, row: &Insurance) -> Result<Change, Fault> {
        let insert =
            "INSERT INTO insurance (psn_no, insutype, begndate, enddate, paused_from, psn_type, insuplc_admdvs,
                                             emp_name, continuous_years, cvlserv_flag)
                      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
                      ON CONFLICT (psn_no, insutype, begndate) DO NOTHING";
        let update = "UPDATE insurance
                      SET (enddate, paused_from, psn_type, insuplc_admdvs, emp_name, continuous_years, cvlserv_flag)
                          = ($4, $5, $6, $7, $8, $9, $10)
                      WHERE psn_no = $1 AND insutype = $2 AND begndate = $3
                        AND (enddate, paused_from, psn_type, insuplc_admdvs, emp_name, continuous_years, cvlserv_flag)
                            IS DISTINCT FROM ($4, $5, $6, $7, $8, $9, $10)";
        let values = kept![
            row.psn_no,
            row.insutype,
            row.begndate,
            row.enddate,
            row.paused_from,
            row.psn_type,
            row.insuplc_admdvs,
            row.emp_name,
            row.continuous_years,
            row.cvlserv_flag
        ];
        self.put("storing insurance of person", &masked(&row.psn_no), [(insert, &values), (update, &values)])
    }

    fn put_opening_balance(&mut self, psn_no: &str, opening: Money) -> Result<Option<Change>, Fault> {
        const DOING: &str = "storing the opening balance of person";
        let key = masked(psn_no);
        let opening = opening.as_fen();
        // The row's lock: what is paid meanwhile waits, and is paid from the new balance.
        let known = "SELECT opening_fen, balance_fen FROM account WHERE psn_no = $1 FOR NO KEY UPDATE";
        let insert = "INSERT INTO account (psn_no, opening_fen, balance_fen) VALUES ($1, $2, $2)";
        let update = "UPDATE account SET opening_fen = $2, balance_fen = balance_fen - opening_fen + $2
                      WHERE psn_no = $1";
        let read = |row: &mut Columns<'_>| Ok((row.take::<i64>()?, row.take::<i64>()?));
        let Some((opened_with, balance)) = self.run_returning(DOING, &key, known, &[&psn_no], read)? else {
            self.run(DOING, &key, insert, &[&psn_no, &opening])?;
            return Ok(Some(Change::Added));
        };
        if opening == opened_with {
            return Ok(Some(Change::Unchanged));
        }
        if balance - opened_with + opening < 0 {
            return Ok(None);
        }
        self.run(DOING, &key, update, &[&psn_no, &opening])?;
        Ok(Some(Change::Updated))
    }

    fn put_attribute(&mut self, row: &Attribute) -> Result<Change, Fault> {
        let insert = "INSERT INTO attribute (psn_no, psn_idet_type, begndate, enddate) VALUES ($1, $2, $3, $4)
                      ON CONFLICT (psn_no, psn_idet_type, begndate) DO NOTHING";
        let update = "UPDATE attribute SET enddate = $4
                      WHERE psn_no = $1 AND psn_idet_type = $2 AND begndate = $3 AND enddate IS DISTINCT FROM $4";
        let values = kept![row.psn_no, row.psn_idet_type, row.begndate, row.enddate];
        self.put("storing attribute of person", &masked(&row.psn_no), [(insert, &values), (update, &values)])
    }

    fn put_special_disease(&mut self, row: &SpecialDisease) -> Result<Change, Fault> {
        let insert = "INSERT INTO special_disease (psn_no, opsp_dise_code, begndate, enddate, opsp_dise_name,
                                                   trt_dcla_detl_sn)
                      VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (psn_no, opsp_dise_code, begndate) DO NOTHING";
        let update = "UPDATE special_disease SET (enddate, opsp_dise_name, trt_dcla_detl_sn) = ($4, $5, $6)
                      WHERE psn_no = $1 AND opsp_dise_code = $2 AND begndate = $3
                        AND (enddate, opsp_dise_name, trt_dcla_detl_sn) IS DISTINCT FROM ($4, $5, $6)";
        let values =
            kept![row.psn_no, row.opsp_dise_code, row.begndate, row.enddate, row.opsp_dise_name, row.trt_dcla_detl_sn];
        self.put("storing qualification of person", &masked(&row.psn_no), [(insert, &values), (update, &values)])
    }

    fn remove_special_disease(&mut self, psn_no: &str, trt_dcla_detl_sn: &str) -> Result<bool, Fault> {
        // Loaded rows have no filing and are never meant.
        let sql = "DELETE FROM special_disease WHERE psn_no = $1 AND trt_dcla_detl_sn = $2 AND trt_dcla_detl_sn <> ''";
        let values: &[Value<'_>] = &[&psn_no, &trt_dcla_detl_sn];
        Ok(self.run("removing the qualification of filing", trt_dcla_detl_sn, sql, values)? > 0)
    }

    fn put_opening_total(&mut self, psn_no: &str, row: &RunningTotalRow) -> Result<Change, Fault> {
        let insert = "INSERT INTO running_total (psn_no, period, insutype, name, opening, value)
                      VALUES ($1, $2, $3, $4, $5, $5) ON CONFLICT (psn_no, period, insutype, name) DO NOTHING";
        let update = "UPDATE running_total SET opening = $5, value = value - opening + $5
                      WHERE psn_no = $1 AND period = $2 AND insutype = $3 AND name = $4 AND opening <> $5";
        let values = kept![*psn_no, row.period, row.insutype, row.name, row.value];
        self.put("storing the opening total of person", psn_no, [(insert, &values), (update, &values)])
    }
}
