//! Encounters, their diagnoses, and stays. Fee lines have a file of their own.

use super::SqliteTx;
use super::statement::{OrFault, Selection, count};
use super::value::{Columns, Day, Moment};
use crate::encounter::{
    Diagnosis, Encounter, EncounterFilter, EncounterState, Encounters, FeeLine, LinesToDelete, Setting, StayRow,
    StaySettlement, encounter_columns,
};
use crate::fault::{Fault, masked};
use rusqlite::named_params;
use rusqlite::params;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use std::collections::HashMap;
use yibao_domain::time::{Date, DateTime};

/// A word of the columns `setting` and `state`.
struct Word<T>(T);

impl FromSql for Word<Setting> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Setting::of_word(value.as_str()?).map(Word).ok_or(FromSqlError::InvalidType)
    }
}

impl FromSql for Word<EncounterState> {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        EncounterState::of_word(value.as_str()?).map(Word).ok_or(FromSqlError::InvalidType)
    }
}

fn read_encounter(row: &mut Columns<'_, '_>) -> rusqlite::Result<Encounter> {
    Ok(Encounter {
        mdtrt_id: row.take()?,
        psn_no: row.take()?,
        fixmedins_code: row.take()?,
        setting: row.take::<Word<Setting>>()?.0,
        state: row.take::<Word<EncounterState>>()?.0,
        insutype: row.take()?,
        med_type: row.take()?,
        begntime: row.moment()?,
        endtime: row.some_moment()?,
        ipt_otp_no: row.take()?,
        mdtrt_cert_type: row.take()?,
        dise_codg: row.take()?,
        dise_name: row.take()?,
        dscg_maindiag_code: row.take()?,
        dscg_maindiag_name: row.take()?,
        dscg_way: row.take()?,
        matn_type: row.take()?,
        birctrl_type: row.take()?,
        geso_val: row.take()?,
        fetus_cnt: row.take()?,
        birctrl_matn_date: row.some_day()?,
        recorded_at: row.moment()?,
        details: row.take()?,
    })
}

fn read_diagnosis(row: &mut Columns<'_, '_>) -> rusqlite::Result<Diagnosis> {
    Ok(Diagnosis {
        mdtrt_id: row.take()?,
        inout_diag_type: row.take()?,
        diag_srt_no: row.take()?,
        diag_type: row.take()?,
        maindiag_flag: row.take()?,
        diag_code: row.take()?,
        diag_name: row.take()?,
        valid: row.take()?,
        details: row.take()?,
    })
}

fn read_stay_settlement(row: &mut Columns<'_, '_>) -> rusqlite::Result<StaySettlement> {
    Ok(StaySettlement {
        setl_id: row.take()?,
        insutype: row.take()?,
        dedc_std: row.fen()?,
        crt_dedc: row.fen()?,
        act_pay_dedc: row.fen()?,
        year: row.take()?,
        mid_stay: row.take()?,
        stay_number: row.take()?,
        counted: row.take()?,
    })
}

impl Encounters for SqliteTx<'_> {
    fn encounter(&mut self, mdtrt_id: &str) -> Result<Option<Encounter>, Fault> {
        let sql = concat!("SELECT ", encounter_columns!(), " FROM encounter WHERE mdtrt_id = ?1");
        self.first("reading encounter", mdtrt_id, sql, params![mdtrt_id], read_encounter)
    }

    fn add_encounter(&mut self, row: &Encounter) -> Result<(), Fault> {
        let sql = concat!(
            "INSERT INTO encounter (",
            encounter_columns!(),
            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                       ?21, ?22, ?23)"
        );
        self.write_encounter("recording encounter", sql, row)
    }

    fn update_encounter(&mut self, row: &Encounter) -> Result<(), Fault> {
        let sql = "UPDATE encounter
                   SET (psn_no, fixmedins_code, setting, state, insutype, med_type, begntime, endtime, ipt_otp_no,
                        mdtrt_cert_type, dise_codg, dise_name, dscg_maindiag_code, dscg_maindiag_name, dscg_way,
                        matn_type, birctrl_type, geso_val, fetus_cnt, birctrl_matn_date, recorded_at, details)
                       = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20,
                          ?21, ?22, ?23)
                   WHERE mdtrt_id = ?1";
        self.write_encounter("updating encounter", sql, row)
    }

    fn encounters(&mut self, filter: &EncounterFilter, limit: usize) -> Result<Vec<Encounter>, Fault> {
        let begun_from = filter.begun_from.map(Moment);
        let begun_to = filter.begun_to.map(Moment);
        let mut selection = Selection::default();
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("psn_no = ?", &filter.psn_no);
        selection.add_some("med_type = ?", &filter.med_type);
        selection.add_some("mdtrt_id = ?", &filter.mdtrt_id);
        selection.add_some("begntime >= ?", &begun_from);
        selection.add_some("begntime <= ?", &begun_to);
        if filter.in_hospital_only {
            selection.add("setting = 'inpatient' AND state = 'open'");
        }
        let sql = format!(
            "SELECT {} FROM encounter {} ORDER BY begntime, mdtrt_id LIMIT ?",
            encounter_columns!(),
            selection.clause()
        );
        self.all("finding encounters", "", &sql, &selection.values(&[&count(limit)]), read_encounter)
    }

    fn stays(&mut self, psn_no: &str, year: i16, from: Date, to: Date) -> Result<Vec<StayRow>, Fault> {
        const DOING: &str = "reading the stays of person";
        let stays = concat!(
            "SELECT ",
            encounter_columns!(),
            " FROM encounter AS stay
              WHERE psn_no = :psn_no AND setting = 'inpatient' AND state <> 'cancelled'
                AND (begntime <= :to || ' 23:59:59' AND coalesce(endtime, '9999-12-31') >= :from
                     OR EXISTS (SELECT 1 FROM settlement
                                WHERE settlement.mdtrt_id = stay.mdtrt_id AND settlement.year = :year
                                  AND NOT EXISTS (SELECT 1 FROM cancellation
                                                  WHERE cancellation.setl_id = settlement.setl_id)))
              ORDER BY begntime, mdtrt_id"
        );
        let settlements = "SELECT setl_id, insutype, dedc_std_fen, crt_dedc_fen, act_pay_dedc_fen, year, mid_stay,
                                  stay_number,
                                  EXISTS (SELECT 1 FROM accumulation
                                          WHERE accumulation.setl_id = settlement.setl_id
                                            AND accumulation.name = 'inpatient_stays' AND accumulation.delta > 0)
                           FROM settlement
                           WHERE mdtrt_id = ?1
                             AND NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                           ORDER BY round";
        let mut statement = self.prepare(DOING, psn_no, stays)?;
        let rows = statement
            .query_map(named_params! {":psn_no": psn_no, ":year": year, ":from": Day(from), ":to": Day(to)}, |row| {
                read_encounter(&mut Columns::of(row))
            })
            .and_then(Iterator::collect::<rusqlite::Result<Vec<Encounter>>>)
            .or_fault(DOING, &masked(psn_no))?;
        rows.into_iter()
            .map(|encounter| {
                let id = &encounter.mdtrt_id;
                let settlements = self.all(DOING, id, settlements, params![id], read_stay_settlement)?;
                Ok(StayRow { encounter, settlements })
            })
            .collect()
    }

    fn stays_not_over(&mut self, psn_no: &str, day: Date) -> Result<Vec<Encounter>, Fault> {
        let sql = concat!(
            "SELECT ",
            encounter_columns!(),
            " FROM encounter
              WHERE psn_no = ?1 AND setting = 'inpatient' AND state <> 'cancelled'
                AND coalesce(endtime, '9999-12-31') >= ?2
              ORDER BY begntime, mdtrt_id"
        );
        self.all("reading the stays of person", &masked(psn_no), sql, params![psn_no, Day(day)], read_encounter)
    }

    fn diagnoses(&mut self, mdtrt_id: &str) -> Result<Vec<Diagnosis>, Fault> {
        let sql =
            "SELECT mdtrt_id, inout_diag_type, diag_srt_no, diag_type, maindiag_flag, diag_code, diag_name, valid,
                          details
                   FROM diagnosis WHERE mdtrt_id = ?1 ORDER BY inout_diag_type, diag_srt_no";
        self.all("reading the diagnoses of encounter", mdtrt_id, sql, params![mdtrt_id], read_diagnosis)
    }

    fn put_diagnosis(&mut self, row: &Diagnosis) -> Result<(), Fault> {
        // The person comes from the encounter; without one nothing is inserted, and that is a fault.
        let sql = "INSERT INTO diagnosis (mdtrt_id, inout_diag_type, diag_srt_no, psn_no, diag_type, maindiag_flag,
                                          diag_code, diag_name, valid, details)
                   SELECT mdtrt_id, ?2, ?3, psn_no, ?4, ?5, ?6, ?7, ?8, ?9 FROM encounter WHERE mdtrt_id = ?1
                   ON CONFLICT (mdtrt_id, inout_diag_type, diag_srt_no) DO UPDATE
                   SET (diag_type, maindiag_flag, diag_code, diag_name, valid, details)
                       = (excluded.diag_type, excluded.maindiag_flag, excluded.diag_code, excluded.diag_name,
                          excluded.valid, excluded.details)";
        let values = params![
            row.mdtrt_id,
            row.inout_diag_type,
            row.diag_srt_no,
            row.diag_type,
            row.maindiag_flag,
            row.diag_code,
            row.diag_name,
            row.valid,
            row.details
        ];
        self.run_on_one("recording a diagnosis of encounter", &row.mdtrt_id, sql, values)
    }

    fn fee_lines(&mut self, mdtrt_id: &str) -> Result<Vec<FeeLine>, Fault> {
        self.lines_of_encounter(mdtrt_id)
    }

    fn fee_outside(
        &mut self,
        mdtrt_id: &str,
        first: DateTime,
        last: Date,
    ) -> Result<Option<(String, DateTime)>, Fault> {
        self.line_outside(mdtrt_id, first, last)
    }

    fn taken_line_serials(&mut self, mdtrt_id: &str, serials: &[&str]) -> Result<Vec<String>, Fault> {
        self.taken_serials(mdtrt_id, serials)
    }

    fn add_fee_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault> {
        self.add_lines(rows)
    }

    fn reprice_fee_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault> {
        self.reprice_lines(rows)
    }

    fn delete_fee_lines(&mut self, mdtrt_id: &str, which: &LinesToDelete) -> Result<u64, Fault> {
        self.delete_lines(mdtrt_id, which)
    }

    fn fee_lines_of_person(
        &mut self,
        psn_no: &str,
        from: DateTime,
        to: DateTime,
        limit: usize,
    ) -> Result<Vec<(Encounter, FeeLine)>, Fault> {
        let mut encounters: HashMap<String, Encounter> = HashMap::new();
        let mut pairs = Vec::new();
        for line in self.lines_of_person(psn_no, from, to, limit)? {
            let encounter = match encounters.get(&line.mdtrt_id) {
                Some(known) => known.clone(),
                None => {
                    let found = self.encounter(&line.mdtrt_id)?.ok_or_else(|| {
                        Fault::new("reading the encounter of a fee line", &line.mdtrt_id, "no such record")
                    })?;
                    encounters.insert(line.mdtrt_id.clone(), found.clone());
                    found
                }
            };
            pairs.push((encounter, line));
        }
        Ok(pairs)
    }
}

impl SqliteTx<'_> {
    fn write_encounter(&self, doing: &'static str, sql: &str, row: &Encounter) -> Result<(), Fault> {
        let values = params![
            row.mdtrt_id,
            row.psn_no,
            row.fixmedins_code,
            row.setting.word(),
            row.state.word(),
            row.insutype,
            row.med_type,
            Moment(row.begntime),
            row.endtime.map(Moment),
            row.ipt_otp_no,
            row.mdtrt_cert_type,
            row.dise_codg,
            row.dise_name,
            row.dscg_maindiag_code,
            row.dscg_maindiag_name,
            row.dscg_way,
            row.matn_type,
            row.birctrl_type,
            row.geso_val,
            row.fetus_cnt,
            row.birctrl_matn_date.map(Day),
            Moment(row.recorded_at),
            row.details
        ];
        self.run_on_one(doing, &row.mdtrt_id, sql, values)
    }
}
