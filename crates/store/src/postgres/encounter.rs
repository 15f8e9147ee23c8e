//! Encounters, their diagnoses, and stays. Fee lines have a file of their own.

use super::line::{Step, Value};
use super::selection::{Selection, count, numbered};
use super::transaction::{PostgresTx, exactly, read_all};
use super::value::{Columns, Kept, Unreadable, kept};
use crate::encounter::{
    Diagnosis, Encounter, EncounterFilter, EncounterState, Encounters, FeeLine, LinesToDelete, Setting, StayRow,
    StaySettlement, encounter_columns,
};
use crate::fault::{Fault, masked};
use crate::settlement::Round;
use std::collections::{HashMap, HashSet};
use yibao_domain::time::{Date, DateTime};

pub(super) fn read_encounter(row: &mut Columns<'_>) -> Result<Encounter, Unreadable> {
    Ok(Encounter {
        mdtrt_id: row.take()?,
        psn_no: row.take()?,
        fixmedins_code: row.take()?,
        setting: Setting::of_word(&row.take::<String>()?).ok_or("no such setting")?,
        state: EncounterState::of_word(&row.take::<String>()?).ok_or("no such state")?,
        insutype: row.take()?,
        med_type: row.take()?,
        begntime: row.take()?,
        endtime: row.take()?,
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
        birctrl_matn_date: row.take()?,
        recorded_at: row.take()?,
        details: row.take()?,
    })
}

pub(super) fn read_diagnosis(row: &mut Columns<'_>) -> Result<Diagnosis, Unreadable> {
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

/// With the stay it belongs to.
fn read_stay_settlement(row: &mut Columns<'_>) -> Result<(String, StaySettlement), Unreadable> {
    let mdtrt_id = row.take()?;
    let settlement = StaySettlement {
        setl_id: row.take()?,
        insutype: row.take()?,
        dedc_std: row.fen()?,
        crt_dedc: row.fen()?,
        act_pay_dedc: row.fen()?,
        year: row.take()?,
        mid_stay: row.take()?,
        stay_number: row.take()?,
        counted: row.take()?,
    };
    Ok((mdtrt_id, settlement))
}

/// With whether it stands.
pub(super) fn read_round(row: &mut Columns<'_>) -> Result<Round, Unreadable> {
    Ok(Round { round: row.take()?, setl_id: row.take()?, mid_stay: row.take()?, stands: row.take()? })
}

impl Encounters for PostgresTx<'_> {
    fn encounter(&mut self, mdtrt_id: &str) -> Result<Option<Encounter>, Fault> {
        if let Some(known) = self.ahead.encounter(mdtrt_id) {
            return Ok(known);
        }
        let sql = concat!("SELECT ", encounter_columns!(), " FROM encounter WHERE mdtrt_id = $1");
        self.first("reading encounter", mdtrt_id, sql, &[&mdtrt_id], read_encounter)
    }

    fn add_encounter(&mut self, row: &Encounter) -> Result<(), Fault> {
        let sql = concat!(
            "INSERT INTO encounter (",
            encounter_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                       $21, $22, $23)"
        );
        self.record("recording encounter", &row.mdtrt_id, sql, kept_encounter(row))
    }

    fn update_encounter(&mut self, row: &Encounter) -> Result<(), Fault> {
        let sql = exactly!(
            "1",
            "UPDATE encounter
                   SET (psn_no, fixmedins_code, setting, state, insutype, med_type, begntime, endtime, ipt_otp_no,
                        mdtrt_cert_type, dise_codg, dise_name, dscg_maindiag_code, dscg_maindiag_name, dscg_way,
                        matn_type, birctrl_type, geso_val, fetus_cnt, birctrl_matn_date, recorded_at, details)
                       = ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20,
                          $21, $22, $23)
                   WHERE mdtrt_id = $1"
        );
        self.record("updating encounter", &row.mdtrt_id, sql, kept_encounter(row))
    }

    fn encounters(&mut self, filter: &EncounterFilter, limit: usize) -> Result<Vec<Encounter>, Fault> {
        let mut selection = Selection::default();
        selection.add_some("fixmedins_code = ?", &filter.fixmedins_code);
        selection.add_some("psn_no = ?", &filter.psn_no);
        selection.add_some("med_type = ?", &filter.med_type);
        selection.add_some("mdtrt_id = ?", &filter.mdtrt_id);
        selection.add_some("begntime >= ?", &filter.begun_from);
        selection.add_some("begntime <= ?", &filter.begun_to);
        if filter.in_hospital_only {
            selection.add("setting = 'inpatient' AND state = 'open'");
        }
        let sql = numbered(&format!(
            "SELECT {} FROM encounter {} ORDER BY begntime, mdtrt_id LIMIT ?",
            encounter_columns!(),
            selection.clause()
        ));
        self.all("finding encounters", "", &sql, &selection.values(&[&count(limit)]), read_encounter)
    }

    fn stays(&mut self, psn_no: &str, year: i16, from: Date, to: Date) -> Result<Vec<StayRow>, Fault> {
        const DOING: &str = "reading the stays of person";
        let stays = concat!(
            "SELECT ",
            encounter_columns!(),
            " FROM encounter AS stay
              WHERE psn_no = $1 AND setting = 'inpatient' AND state <> 'cancelled'
                AND (begntime < $4::date + 1 AND coalesce(endtime, 'infinity') >= $3::date
                     OR EXISTS (SELECT FROM settlement
                                WHERE settlement.mdtrt_id = stay.mdtrt_id AND settlement.year = $2
                                  AND NOT EXISTS (SELECT FROM cancellation
                                                  WHERE cancellation.setl_id = settlement.setl_id)))
              ORDER BY begntime, mdtrt_id"
        );
        let settlements = "SELECT mdtrt_id, setl_id, settlement.insutype, dedc_std_fen, crt_dedc_fen, act_pay_dedc_fen,
                                  year, mid_stay, stay_number,
                                  EXISTS (SELECT FROM accumulation
                                          WHERE accumulation.setl_id = settlement.setl_id
                                            AND accumulation.name = 'inpatient_stays' AND accumulation.delta > 0)
                           FROM encounter JOIN settlement USING (mdtrt_id)
                           WHERE encounter.psn_no = $1 AND setting = 'inpatient' AND state <> 'cancelled'
                             AND NOT EXISTS (SELECT FROM cancellation WHERE cancellation.setl_id = settlement.setl_id)
                           ORDER BY round";
        let key = masked(psn_no);
        let questions =
            [Step::Ask(stays, vec![&psn_no, &year, &from, &to]), Step::Ask(settlements, vec![&psn_no as Value<'_>])];
        let mut answers = self.ask(DOING, &key, &questions)?.into_iter();
        let mut next = || answers.next().unwrap_or_default();
        let stays = read_all(DOING, &key, &next(), read_encounter)?;
        let mut settled: HashMap<String, Vec<StaySettlement>> = HashMap::new();
        for (mdtrt_id, settlement) in read_all(DOING, &key, &next(), read_stay_settlement)? {
            settled.entry(mdtrt_id).or_default().push(settlement);
        }
        let with_settlements = |encounter: Encounter| {
            let settlements = settled.remove(&encounter.mdtrt_id).unwrap_or_default();
            StayRow { encounter, settlements }
        };
        Ok(stays.into_iter().map(with_settlements).collect())
    }

    fn stays_not_over(&mut self, psn_no: &str, day: Date) -> Result<Vec<Encounter>, Fault> {
        let sql = concat!(
            "SELECT ",
            encounter_columns!(),
            " FROM encounter
              WHERE psn_no = $1 AND setting = 'inpatient' AND state <> 'cancelled'
                AND coalesce(endtime, 'infinity') >= $2::date
              ORDER BY begntime, mdtrt_id"
        );
        self.all("reading the stays of person", &masked(psn_no), sql, &[&psn_no, &day], read_encounter)
    }

    fn diagnoses(&mut self, mdtrt_id: &str) -> Result<Vec<Diagnosis>, Fault> {
        if let Some(known) = self.ahead.diagnoses(mdtrt_id) {
            return Ok(known);
        }
        let sql =
            "SELECT mdtrt_id, inout_diag_type, diag_srt_no, diag_type, maindiag_flag, diag_code, diag_name, valid,
                          details
                   FROM diagnosis WHERE mdtrt_id = $1 ORDER BY inout_diag_type, diag_srt_no";
        self.all("reading the diagnoses of encounter", mdtrt_id, sql, &[&mdtrt_id], read_diagnosis)
    }

    fn put_diagnosis(&mut self, row: &Diagnosis) -> Result<(), Fault> {
        // The person comes from the encounter; without one there is none, which the column refuses.
        let sql = "INSERT INTO diagnosis (mdtrt_id, inout_diag_type, diag_srt_no, psn_no, diag_type, maindiag_flag,
                                          diag_code, diag_name, valid, details)
                   VALUES ($1, $2, $3, (SELECT psn_no FROM encounter WHERE mdtrt_id = $1), $4, $5, $6, $7, $8, $9)
                   ON CONFLICT (mdtrt_id, inout_diag_type, diag_srt_no) DO UPDATE
                   SET (diag_type, maindiag_flag, diag_code, diag_name, valid, details)
                       = (excluded.diag_type, excluded.maindiag_flag, excluded.diag_code, excluded.diag_name,
                          excluded.valid, excluded.details)";
        let values = kept![
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
        self.record("recording a diagnosis of encounter", &row.mdtrt_id, sql, values)
    }

    fn fee_lines(&mut self, mdtrt_id: &str) -> Result<Vec<FeeLine>, Fault> {
        if let Some(known) = self.ahead.fee_lines(mdtrt_id) {
            return Ok(known);
        }
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
        const DOING: &str = "reading the encounters of fee lines";
        let lines = self.lines_of_person(psn_no, from, to, limit)?;
        let ids: HashSet<&str> = lines.iter().map(|line| line.mdtrt_id.as_str()).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        let sql = concat!("SELECT ", encounter_columns!(), " FROM encounter WHERE mdtrt_id = ANY($1)");
        let found = self.all(DOING, &masked(psn_no), sql, &[&ids], read_encounter)?;
        let encounters: HashMap<String, Encounter> =
            found.into_iter().map(|encounter| (encounter.mdtrt_id.clone(), encounter)).collect();
        let pair = |line: FeeLine| match encounters.get(&line.mdtrt_id) {
            Some(encounter) => Ok((encounter.clone(), line)),
            None => Err(Fault::new(DOING, &line.mdtrt_id, "no such record")),
        };
        lines.into_iter().map(pair).collect()
    }
}

fn kept_encounter(row: &Encounter) -> Vec<Kept> {
    kept![
        row.mdtrt_id,
        row.psn_no,
        row.fixmedins_code,
        *row.setting.word(),
        *row.state.word(),
        row.insutype,
        row.med_type,
        row.begntime,
        row.endtime,
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
        row.birctrl_matn_date,
        row.recorded_at,
        row.details
    ]
}
