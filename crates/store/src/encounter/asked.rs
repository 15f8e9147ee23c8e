//! What is asked and recorded of encounters, diagnoses, fee lines and stays.

use super::{
    Charges, Diagnosis, Encounter, EncounterFilter, Encounters, FeeLine, InFlight, ItemCharges, StayRow,
    StaySettlement, WhichLines,
};
use crate::engine::{Engine, Question, Selection, count, exactly, once, select, sql};
use crate::fault::{Fault, masked};
use crate::record::{Batch, Columns, Exactly, Record, each};
use crate::value::{Unreadable, Value, day_after, values};
use std::collections::{HashMap, HashSet};
use yibao_domain::time::{Date, DateTime};

impl<E: Engine> Encounters for E {
    fn encounter(&mut self, mdtrt_id: &str) -> Result<Option<Encounter>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.encounter(mdtrt_id)) {
            return Ok(known);
        }
        let sql = select!(Encounter, "WHERE mdtrt_id = ?1");
        self.first(("reading encounter", mdtrt_id), sql, &values![mdtrt_id], Encounter::read)
    }

    fn add_encounter(&mut self, row: &Encounter) -> Result<(), Fault> {
        self.add(("recording encounter", &row.mdtrt_id), row)
    }

    fn update_encounter(&mut self, row: &Encounter) -> Result<(), Fault> {
        let change = once!(Exactly, Exactly::new("1", Encounter::table().update()));
        self.change(("updating encounter", &row.mdtrt_id), 1, change, row.values())
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
        let sql = selection.select::<Encounter>("begntime, mdtrt_id", limit);
        self.all(("finding encounters", ""), &sql, &selection.values, Encounter::read)
    }

    fn stays(&mut self, psn_no: &str, year: i16, from: Date, to: Date) -> Result<Vec<StayRow>, Fault> {
        let stays = sql!(
            "SELECT {} FROM encounter AS stay
             WHERE psn_no = ?1 AND setting = 'inpatient' AND state <> 'cancelled'
               AND (begntime < ?4 AND coalesce(endtime, '9999-12-31') >= ?3
                    OR EXISTS (SELECT 1 FROM settlement
                               WHERE settlement.mdtrt_id = stay.mdtrt_id AND settlement.year = ?2
                                 AND NOT EXISTS (SELECT 1 FROM cancellation
                                                 WHERE cancellation.setl_id = settlement.setl_id)))
             ORDER BY begntime, mdtrt_id",
            Encounter::list()
        );
        let (first_moment, next_day) = (from.at(0, 0, 0, 0), day_after(to));
        let (of_days, of_person) = (values![psn_no, year, first_moment, next_day], values![psn_no]);
        let key = masked(psn_no);
        let work = ("reading the stays of person", key.as_str());
        let (mut found, mut settled) = (Vec::new(), Vec::new());
        if self.ahead().is_some() {
            let settlements = sql!(
                "{SETTLED} mdtrt_id IN (SELECT mdtrt_id FROM encounter
                                        WHERE psn_no = ?1 AND setting = 'inpatient' AND state <> 'cancelled')
                 ORDER BY round"
            );
            let of_days = Question::new(&mut found, stays, &of_days, Encounter::read);
            let of_person = Question::new(&mut settled, settlements, &of_person, read_stay_settlement);
            self.ask(work, &mut [of_days, of_person])?;
        } else {
            // Where nothing is far away, only what was found is asked about.
            found = self.all(work, stays, &of_days, Encounter::read)?;
            let settlements = sql!("{SETTLED} mdtrt_id = ?1 ORDER BY round");
            for Encounter { mdtrt_id, .. } in &found {
                settled.extend(self.all(work, settlements, &values![mdtrt_id], read_stay_settlement)?);
            }
        }
        let mut of_stay: HashMap<String, Vec<StaySettlement>> = HashMap::new();
        for (mdtrt_id, settlement) in settled {
            of_stay.entry(mdtrt_id).or_default().push(settlement);
        }
        let with_settlements = |encounter: Encounter| {
            let settlements = of_stay.remove(&encounter.mdtrt_id).unwrap_or_default();
            StayRow { encounter, settlements }
        };
        Ok(found.into_iter().map(with_settlements).collect())
    }

    fn stays_not_over(&mut self, psn_no: &str, day: Date) -> Result<Vec<Encounter>, Fault> {
        let sql = select!(
            Encounter,
            "WHERE psn_no = ?1 AND setting = 'inpatient' AND state <> 'cancelled'
               AND coalesce(endtime, '9999-12-31') >= ?2
             ORDER BY begntime, mdtrt_id"
        );
        let values = values![psn_no, day.at(0, 0, 0, 0)];
        self.all(("reading the stays of person", &masked(psn_no)), sql, &values, Encounter::read)
    }

    fn in_flight(&mut self, at: DateTime) -> Result<Vec<InFlight>, Fault> {
        let sql =
            "SELECT fixmedins_code, setting, CAST(gone AS bigint), CAST(count(*) AS bigint), CAST(sum(still) AS bigint)
                   FROM (SELECT care.fixmedins_code, care.setting,
                                CASE WHEN care.endtime < ?1 THEN 1 ELSE 0 END AS gone,
                                CASE WHEN care.state <> 'cancelled' AND NOT EXISTS
                                          (SELECT 1 FROM settlement
                                           WHERE settlement.mdtrt_id = care.mdtrt_id AND NOT settlement.mid_stay
                                             AND NOT EXISTS (SELECT 1 FROM cancellation
                                                             WHERE cancellation.setl_id = settlement.setl_id))
                                     THEN 1 ELSE 0 END AS still
                         FROM encounter AS care
                         WHERE care.recorded_at < ?1 AND care.setting <> 'pharmacy'
                           AND (care.cancelled_at IS NULL OR care.cancelled_at >= ?1)
                           AND NOT EXISTS
                               (SELECT 1 FROM settlement
                                WHERE settlement.mdtrt_id = care.mdtrt_id AND NOT settlement.mid_stay
                                  AND settlement.setl_time < ?1
                                  AND NOT EXISTS (SELECT 1 FROM cancellation
                                                  WHERE cancellation.setl_id = settlement.setl_id
                                                    AND cancellation.recorded_at < ?1))) AS flying
                   GROUP BY fixmedins_code, setting, gone
                   ORDER BY fixmedins_code, setting, gone";
        self.all(("counting what is in flight", ""), sql, &values![at], |row| {
            let (fixmedins_code, setting) = (row.take()?, row.take()?);
            let (left, count, still): (i64, i64, i64) = (row.take()?, row.take()?, row.take()?);
            let size = |count: i64| u64::try_from(count).unwrap_or(0);
            Ok(InFlight { fixmedins_code, setting, left: left == 1, count: size(count), still: size(still) })
        })
    }

    fn diagnoses(&mut self, mdtrt_id: &str) -> Result<Vec<Diagnosis>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.diagnoses(mdtrt_id)) {
            return Ok(known);
        }
        let sql = select!(Diagnosis, "WHERE mdtrt_id = ?1 ORDER BY inout_diag_type, diag_srt_no");
        self.all(("reading the diagnoses of encounter", mdtrt_id), sql, &values![mdtrt_id], Diagnosis::read)
    }

    fn put_diagnosis(&mut self, row: &Diagnosis) -> Result<(), Fault> {
        // The person comes from the encounter; without one there is none, which the column refuses.
        let sql = sql!(
            "INSERT INTO diagnosis ({}, psn_no) VALUES ({}, (SELECT psn_no FROM encounter WHERE mdtrt_id = ?1)) {}",
            Diagnosis::list(),
            each(Diagnosis::columns(), "@", ", "),
            Diagnosis::table().or_replace(&["psn_no"])
        );
        self.record(("recording a diagnosis of encounter", &row.mdtrt_id), sql, row.values())
    }

    fn fee_lines(&mut self, mdtrt_id: &str) -> Result<Vec<FeeLine>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.fee_lines(mdtrt_id)) {
            return Ok(known);
        }
        let sql = select!(FeeLine, "WHERE mdtrt_id = ?1 ORDER BY seq");
        self.all(("reading the fee lines of encounter", mdtrt_id), sql, &values![mdtrt_id], FeeLine::read)
    }

    fn fee_outside(
        &mut self,
        mdtrt_id: &str,
        first: DateTime,
        last: Date,
    ) -> Result<Option<(String, DateTime)>, Fault> {
        let sql = "SELECT feedetl_sn, fee_ocur_time FROM fee_line
                   WHERE mdtrt_id = ?1 AND (fee_ocur_time < ?2 OR fee_ocur_time >= ?3)
                   ORDER BY seq LIMIT 1";
        let values = values![mdtrt_id, first, day_after(last)];
        self.first(("looking for fee lines out of the time of encounter", mdtrt_id), sql, &values, |row| {
            Ok((row.take()?, row.take()?))
        })
    }

    fn count_fee_lines(&mut self, mdtrt_id: &str, which: &WhichLines) -> Result<u64, Fault> {
        let sql = match which {
            WhichLines::All => sql!("SELECT count(*) FROM fee_line WHERE {ALL}"),
            WhichLines::Batch(_) => sql!("SELECT count(*) FROM fee_line WHERE {OF_BATCH}"),
            WhichLines::Line(_) => sql!("SELECT count(*) FROM fee_line WHERE {OF_SERIAL}"),
        };
        let work = ("counting fee lines of encounter", mdtrt_id);
        self.the::<i64>(work, sql, &which.values(mdtrt_id), |row| row.take()).map(i64::unsigned_abs)
    }

    fn charges(&mut self, mdtrt_id: &str, serials: &[&str], items: &[&str]) -> Result<Charges, Fault> {
        let named = select!(
            FeeLine,
            "WHERE mdtrt_id = ?1 AND (feedetl_sn IN (SELECT value FROM json_each(?2))
                                      OR init_feedetl_sn IN (SELECT value FROM json_each(?2)))
             ORDER BY seq"
        );
        let summed = "SELECT med_list_codg, cnt, count(*), CAST(sum(det_item_fee_sumamt_fen) AS bigint) FROM fee_line
                      WHERE mdtrt_id = ?1 AND med_list_codg IN (SELECT value FROM json_each(?2))
                      GROUP BY med_list_codg, cnt ORDER BY med_list_codg, cnt";
        let (mut lines, mut of_items) = (Vec::new(), Vec::new());
        let (by_serial, by_item) = (values![mdtrt_id, serials], values![mdtrt_id, items]);
        let mut questions = vec![Question::new(&mut of_items, summed, &by_item, |row| {
            Ok(ItemCharges {
                med_list_codg: row.take()?,
                cnt: row.take()?,
                lines: row.take::<i64>()?.unsigned_abs(),
                det_item_fee_sumamt: row.take()?,
            })
        })];
        // Where no line is named, there is none to look for.
        if !serials.is_empty() {
            questions.push(Question::new(&mut lines, named, &by_serial, FeeLine::read));
        }
        self.ask(("reading what was charged in encounter", mdtrt_id), &mut questions)?;
        drop(questions);
        Ok(Charges { lines, items: of_items })
    }

    fn taken_line_serials(&mut self, mdtrt_id: &str, serials: &[&str]) -> Result<Vec<String>, Fault> {
        let sql = "SELECT feedetl_sn FROM fee_line
                   WHERE mdtrt_id = ?1 AND feedetl_sn IN (SELECT value FROM json_each(?2))";
        self.all(("reading fee lines of encounter", mdtrt_id), sql, &values![mdtrt_id, serials], |row| row.take())
    }

    fn add_fee_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault> {
        const DOING: &str = "recording fee lines of encounter";
        let Some(FeeLine { mdtrt_id, .. }) = rows.first() else { return Ok(()) };
        if rows.iter().any(|row| row.mdtrt_id != *mdtrt_id) {
            return Err(Fault::new(DOING, mdtrt_id, "the lines belong to several encounters"));
        }
        self.add_lines((DOING, mdtrt_id), rows)
    }

    fn reprice_fee_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault> {
        let Some(FeeLine { mdtrt_id, .. }) = rows.first() else { return Ok(()) };
        // What prices a line and how it splits; the bill itself stays.
        let batch = once!(Batch, FeeLine::table().update_all(&PRICED, "setl_id IS NULL"));
        let rows = rows.iter().map(|row| FeeLine::table().values_of(&PRICED, row));
        self.record_all(("repricing fee lines of encounter", mdtrt_id), batch, rows)
    }

    fn delete_fee_lines(&mut self, mdtrt_id: &str, which: &WhichLines) -> Result<Vec<(String, String)>, Fault> {
        const DOING: &str = "deleting fee lines of encounter";
        let mut deleted = Vec::new();
        let read = |row: &mut Columns<'_>| Ok((row.take()?, row.take()?));
        let sql = match which {
            WhichLines::All => sql!("DELETE FROM fee_line WHERE {ALL} AND setl_id IS NULL {TOLD}"),
            WhichLines::Batch(_) => sql!("DELETE FROM fee_line WHERE {OF_BATCH} AND setl_id IS NULL {TOLD}"),
            WhichLines::Line(_) => sql!("DELETE FROM fee_line WHERE {OF_SERIAL} AND setl_id IS NULL {TOLD}"),
        };
        let values = which.values(mdtrt_id);
        self.run_returning((DOING, mdtrt_id), Question::new(&mut deleted, sql, &values, read))?;
        Ok(deleted)
    }

    fn fee_lines_of_person(
        &mut self,
        psn_no: &str,
        from: DateTime,
        to: DateTime,
        limit: usize,
    ) -> Result<Vec<(Encounter, FeeLine)>, Fault> {
        const DOING: &str = "reading the fee lines of person";
        let key = masked(psn_no);
        let sql = select!(
            FeeLine,
            "WHERE mdtrt_id IN (SELECT mdtrt_id FROM encounter WHERE psn_no = ?1)
               AND fee_ocur_time BETWEEN ?2 AND ?3
             ORDER BY fee_ocur_time, mdtrt_id, seq LIMIT ?4"
        );
        let lines = self.all((DOING, &key), sql, &values![psn_no, from, to, count(limit)], FeeLine::read)?;
        let ids: HashSet<&str> = lines.iter().map(|line| line.mdtrt_id.as_str()).collect();
        let ids: Vec<&str> = ids.into_iter().collect();
        let sql = select!(Encounter, "WHERE mdtrt_id IN (SELECT value FROM json_each(?1))");
        let found = self.all((DOING, &key), sql, &values![&ids], Encounter::read)?;
        let encounters: HashMap<&str, &Encounter> =
            found.iter().map(|encounter| (encounter.mdtrt_id.as_str(), encounter)).collect();
        let pair = |line: FeeLine| match encounters.get(line.mdtrt_id.as_str()) {
            Some(encounter) => Ok(((*encounter).clone(), line)),
            None => Err(Fault::new(DOING, &line.mdtrt_id, "no such record")),
        };
        lines.into_iter().map(pair).collect()
    }
}

/// Lines of an encounter, chosen by its id and what [`WhichLines::values`] has beside it.
const ALL: &str = "mdtrt_id = ?1";
const OF_BATCH: &str = "mdtrt_id = ?1 AND chrg_bchno = ?2";
const OF_SERIAL: &str = "mdtrt_id = ?1 AND feedetl_sn = ?2";
/// What is told of lines that are deleted.
const TOLD: &str = "RETURNING feedetl_sn, med_list_codg";

impl WhichLines {
    fn values<'a>(&'a self, mdtrt_id: &'a str) -> Vec<Value<'a>> {
        match self {
            WhichLines::All => values![mdtrt_id].into(),
            WhichLines::Batch(named) | WhichLines::Line(named) => values![mdtrt_id, named].into(),
        }
    }
}

/// What standing settlements of stays did to the deductible; which, is to be added.
const SETTLED: &str = "SELECT mdtrt_id, setl_id, insutype, dedc_std_fen, crt_dedc_fen, act_pay_dedc_fen, year, mid_stay, stay_number,
                              EXISTS (SELECT 1 FROM accumulation
                                      WHERE accumulation.setl_id = settlement.setl_id
                                        AND accumulation.name = 'inpatient_stays' AND accumulation.delta > 0)
                       FROM settlement
                       WHERE NOT EXISTS (SELECT 1 FROM cancellation WHERE cancellation.setl_id = settlement.setl_id) AND";

/// With the stay it belongs to.
fn read_stay_settlement(row: &mut Columns<'_>) -> Result<(String, StaySettlement), Unreadable> {
    let mdtrt_id = row.take()?;
    let settlement = StaySettlement {
        setl_id: row.take()?,
        insutype: row.take()?,
        dedc_std: row.take()?,
        crt_dedc: row.take()?,
        act_pay_dedc: row.take()?,
        year: row.take()?,
        mid_stay: row.take()?,
        stay_number: row.take()?,
        counted: row.take()?,
    };
    Ok((mdtrt_id, settlement))
}

/// What a new price of a line changes.
const PRICED: [&str; 8] = [
    "chrgitm_lv",
    "pric_uplmt_amt",
    "selfpay_prop_bp",
    "special",
    "fulamt_ownpay_amt_fen",
    "overlmt_amt_fen",
    "preselfpay_amt_fen",
    "inscp_scp_amt_fen",
];

/// Marks unsettled lines as taken by a settlement.
pub(crate) fn settle_lines(
    tx: &mut impl Engine,
    mdtrt_id: &str,
    serials: &[String],
    setl_id: &str,
) -> Result<(), Fault> {
    if serials.is_empty() {
        return Ok(());
    }
    let change = exactly!(
        "cardinality(?2)",
        "UPDATE fee_line SET setl_id = ?3
         WHERE mdtrt_id = ?1 AND feedetl_sn IN (SELECT value FROM json_each(?2)) AND setl_id IS NULL"
    );
    let values = values![mdtrt_id, serials, setl_id].into();
    tx.change(("marking fee lines as settled by", setl_id), serials.len(), change, values)
}

/// Frees the lines that a cancelled settlement had taken.
pub(crate) fn free_lines(tx: &mut impl Engine, mdtrt_id: &str, setl_id: &str) -> Result<(), Fault> {
    let sql = "UPDATE fee_line SET setl_id = NULL WHERE mdtrt_id = ?1 AND setl_id = ?2";
    tx.record(("freeing the fee lines of", setl_id), sql, values![mdtrt_id, setl_id].into())
}
