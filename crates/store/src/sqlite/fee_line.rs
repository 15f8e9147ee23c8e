//! Fee lines: clustered by encounter, settled by at most one standing settlement.

use super::SqliteTx;
use super::statement::count;
use super::value::{BasisPoints, Columns, Day, Fen, Moment, Number};
use crate::encounter::{FeeLine, LinesToDelete, fee_line_columns};
use crate::fault::{Fault, masked};
use rusqlite::params;
use yibao_domain::time::{Date, DateTime};

fn read_fee_line(row: &mut Columns<'_, '_>) -> rusqlite::Result<FeeLine> {
    Ok(FeeLine {
        mdtrt_id: row.take()?,
        feedetl_sn: row.take()?,
        chrg_bchno: row.take()?,
        fee_ocur_time: row.moment()?,
        med_list_codg: row.take()?,
        medins_list_codg: row.take()?,
        hilist_name: row.take()?,
        list_type: row.take()?,
        med_chrgitm_type: row.take()?,
        cnt: row.number()?,
        pric: row.number()?,
        det_item_fee_sumamt: row.fen()?,
        chrgitm_lv: row.take()?,
        pric_uplmt_amt: row.some_number()?,
        selfpay_prop: row.some_rate()?,
        special: row.take()?,
        hosp_appr_flag: row.take()?,
        fulamt_ownpay_amt: row.fen()?,
        overlmt_amt: row.fen()?,
        preselfpay_amt: row.fen()?,
        inscp_scp_amt: row.fen()?,
        init_feedetl_sn: row.take()?,
        setl_id: row.take()?,
        details: row.take()?,
    })
}

impl SqliteTx<'_> {
    /// Lines in the order of upload.
    pub(super) fn lines_of_encounter(&self, mdtrt_id: &str) -> Result<Vec<FeeLine>, Fault> {
        let sql = concat!("SELECT ", fee_line_columns!(), " FROM fee_line WHERE mdtrt_id = ?1 ORDER BY seq");
        self.all("reading the fee lines of encounter", mdtrt_id, sql, params![mdtrt_id], read_fee_line)
    }

    /// Lines by the time of the fee, found by way of the person's encounters.
    pub(super) fn lines_of_person(
        &self,
        psn_no: &str,
        from: DateTime,
        to: DateTime,
        limit: usize,
    ) -> Result<Vec<FeeLine>, Fault> {
        let sql = concat!(
            "SELECT ",
            fee_line_columns!(),
            " FROM fee_line
              WHERE mdtrt_id IN (SELECT mdtrt_id FROM encounter WHERE psn_no = ?1)
                AND fee_ocur_time BETWEEN ?2 AND ?3
              ORDER BY fee_ocur_time, mdtrt_id, seq LIMIT ?4"
        );
        let values = params![psn_no, Moment(from), Moment(to), count(limit)];
        self.all("reading the fee lines of person", &masked(psn_no), sql, values, read_fee_line)
    }

    /// A line before a moment or after a day, the first of them.
    pub(super) fn line_outside(
        &self,
        mdtrt_id: &str,
        first: DateTime,
        last: Date,
    ) -> Result<Option<(String, DateTime)>, Fault> {
        let sql = "SELECT feedetl_sn, fee_ocur_time FROM fee_line
                   WHERE mdtrt_id = ?1 AND (fee_ocur_time < ?2 OR fee_ocur_time >= date(?3, '+1 day'))
                   ORDER BY seq LIMIT 1";
        let values = params![mdtrt_id, Moment(first), Day(last)];
        self.first("looking for fee lines out of the time of encounter", mdtrt_id, sql, values, |row| {
            Ok((row.take()?, row.moment()?))
        })
    }

    /// Which of these serials the encounter has.
    pub(super) fn taken_serials(&self, mdtrt_id: &str, serials: &[&str]) -> Result<Vec<String>, Fault> {
        let sql = "SELECT feedetl_sn FROM fee_line WHERE mdtrt_id = ?1 AND feedetl_sn = ?2";
        let mut taken = Vec::new();
        for serial in serials {
            taken.extend(self.first(
                "reading fee lines of encounter",
                mdtrt_id,
                sql,
                params![mdtrt_id, serial],
                |row| row.take(),
            )?);
        }
        Ok(taken)
    }

    /// Lines of one encounter, after those it has.
    pub(super) fn add_lines(&self, rows: &[FeeLine]) -> Result<(), Fault> {
        const DOING: &str = "recording fee lines of encounter";
        let Some(first) = rows.first() else { return Ok(()) };
        let mdtrt_id = &first.mdtrt_id;
        if rows.iter().any(|row| row.mdtrt_id != *mdtrt_id) {
            return Err(Fault::new(DOING, mdtrt_id, "the lines belong to several encounters"));
        }
        let encounter = "SELECT psn_no, (SELECT coalesce(max(seq), 0) FROM fee_line WHERE mdtrt_id = ?1)
                         FROM encounter WHERE mdtrt_id = ?1";
        let (psn_no, last): (String, i64) =
            self.the(DOING, mdtrt_id, encounter, params![mdtrt_id], |row| Ok((row.take()?, row.take()?)))?;
        for (row, seq) in rows.iter().zip(last + 1..) {
            self.add_line(row, &psn_no, seq)?;
        }
        Ok(())
    }

    fn add_line(&self, row: &FeeLine, psn_no: &str, seq: i64) -> Result<(), Fault> {
        let sql = "INSERT INTO fee_line (mdtrt_id, feedetl_sn, seq, psn_no, setl_id, chrg_bchno, fee_ocur_time,
                       med_list_codg, medins_list_codg, hilist_name, list_type, med_chrgitm_type, cnt, pric,
                       det_item_fee_sumamt_fen, chrgitm_lv, pric_uplmt_amt, selfpay_prop_bp, special, hosp_appr_flag,
                       fulamt_ownpay_amt_fen, overlmt_amt_fen, preselfpay_amt_fen, inscp_scp_amt_fen, init_feedetl_sn,
                       details)
                   VALUES (?1, ?2, ?3, ?4, nullif(?5, ''), ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
                           ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)";
        let values = params![
            row.mdtrt_id,
            row.feedetl_sn,
            seq,
            psn_no,
            row.setl_id,
            row.chrg_bchno,
            Moment(row.fee_ocur_time),
            row.med_list_codg,
            row.medins_list_codg,
            row.hilist_name,
            row.list_type,
            row.med_chrgitm_type,
            Number(row.cnt),
            Number(row.pric),
            Fen(row.det_item_fee_sumamt),
            row.chrgitm_lv,
            row.pric_uplmt_amt.map(Number),
            row.selfpay_prop.map(BasisPoints),
            row.special,
            row.hosp_appr_flag,
            Fen(row.fulamt_ownpay_amt),
            Fen(row.overlmt_amt),
            Fen(row.preselfpay_amt),
            Fen(row.inscp_scp_amt),
            row.init_feedetl_sn,
            row.details
        ];
        self.run_on_one("recording fee lines of encounter", &row.mdtrt_id, sql, values)
    }

    /// What prices a line and how it splits; the bill itself stays.
    pub(super) fn reprice_lines(&self, rows: &[FeeLine]) -> Result<(), Fault> {
        let sql = "UPDATE fee_line
                   SET (chrgitm_lv, pric_uplmt_amt, selfpay_prop_bp, special, fulamt_ownpay_amt_fen, overlmt_amt_fen,
                        preselfpay_amt_fen, inscp_scp_amt_fen) = (?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
                   WHERE mdtrt_id = ?1 AND feedetl_sn = ?2 AND setl_id IS NULL";
        for row in rows {
            let values = params![
                row.mdtrt_id,
                row.feedetl_sn,
                row.chrgitm_lv,
                row.pric_uplmt_amt.map(Number),
                row.selfpay_prop.map(BasisPoints),
                row.special,
                Fen(row.fulamt_ownpay_amt),
                Fen(row.overlmt_amt),
                Fen(row.preselfpay_amt),
                Fen(row.inscp_scp_amt)
            ];
            self.run_on_one("repricing fee lines of encounter", &row.mdtrt_id, sql, values)?;
        }
        Ok(())
    }

    /// Unsettled lines only.
    pub(super) fn delete_lines(&self, mdtrt_id: &str, which: &LinesToDelete) -> Result<u64, Fault> {
        const DOING: &str = "deleting fee lines of encounter";
        let deleted = match which {
            LinesToDelete::All => {
                let sql = "DELETE FROM fee_line WHERE mdtrt_id = ?1 AND setl_id IS NULL";
                self.run(DOING, mdtrt_id, sql, params![mdtrt_id])?
            }
            LinesToDelete::Batch(chrg_bchno) => {
                let sql = "DELETE FROM fee_line WHERE mdtrt_id = ?1 AND chrg_bchno = ?2 AND setl_id IS NULL";
                self.run(DOING, mdtrt_id, sql, params![mdtrt_id, chrg_bchno])?
            }
            LinesToDelete::Line(feedetl_sn) => {
                let sql = "DELETE FROM fee_line WHERE mdtrt_id = ?1 AND feedetl_sn = ?2 AND setl_id IS NULL";
                self.run(DOING, mdtrt_id, sql, params![mdtrt_id, feedetl_sn])?
            }
        };
        Ok(count(deleted).unsigned_abs())
    }

    /// Marks unsettled lines as taken by a settlement.
    pub(super) fn settle_lines(&self, mdtrt_id: &str, serials: &[String], setl_id: &str) -> Result<(), Fault> {
        let sql = "UPDATE fee_line SET setl_id = ?3 WHERE mdtrt_id = ?1 AND feedetl_sn = ?2 AND setl_id IS NULL";
        for feedetl_sn in serials {
            let values = params![mdtrt_id, feedetl_sn, setl_id];
            self.run_on_one("marking fee lines as settled by", setl_id, sql, values)?;
        }
        Ok(())
    }

    /// Frees the lines that a cancelled settlement had taken.
    pub(super) fn free_lines(&self, mdtrt_id: &str, setl_id: &str) -> Result<(), Fault> {
        let sql = "UPDATE fee_line SET setl_id = NULL WHERE mdtrt_id = ?1 AND setl_id = ?2";
        self.run("freeing the fee lines of", setl_id, sql, params![mdtrt_id, setl_id]).map(drop)
    }
}
