//! Fee lines: clustered by encounter, settled by at most one standing settlement.

use super::line::Value;
use super::selection::count;
use super::transaction::{PostgresTx, exactly};
use super::value::{Columns, Kept, Unreadable, column, kept};
use crate::encounter::{FeeLine, LinesToDelete, fee_line_columns};
use crate::fault::{Fault, masked};
use yibao_domain::time::{Date, DateTime};

pub(super) fn read_fee_line(row: &mut Columns<'_>) -> Result<FeeLine, Unreadable> {
    Ok(FeeLine {
        mdtrt_id: row.take()?,
        feedetl_sn: row.take()?,
        chrg_bchno: row.take()?,
        fee_ocur_time: row.take()?,
        med_list_codg: row.take()?,
        medins_list_codg: row.take()?,
        hilist_name: row.take()?,
        list_type: row.take()?,
        med_chrgitm_type: row.take()?,
        cnt: row.take()?,
        pric: row.take()?,
        det_item_fee_sumamt: row.fen()?,
        chrgitm_lv: row.take()?,
        pric_uplmt_amt: row.take()?,
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

impl PostgresTx<'_> {
    /// Lines in the order of upload.
    pub(super) fn lines_of_encounter(&mut self, mdtrt_id: &str) -> Result<Vec<FeeLine>, Fault> {
        let sql = concat!("SELECT ", fee_line_columns!(), " FROM fee_line WHERE mdtrt_id = $1 ORDER BY seq");
        self.all("reading the fee lines of encounter", mdtrt_id, sql, &[&mdtrt_id], read_fee_line)
    }

    /// Lines by the time of the fee, found by way of the person's encounters.
    pub(super) fn lines_of_person(
        &mut self,
        psn_no: &str,
        from: DateTime,
        to: DateTime,
        limit: usize,
    ) -> Result<Vec<FeeLine>, Fault> {
        let sql = concat!(
            "SELECT ",
            fee_line_columns!(),
            " FROM fee_line
              WHERE mdtrt_id = ANY(ARRAY(SELECT mdtrt_id FROM encounter WHERE psn_no = $1))
                AND fee_ocur_time BETWEEN $2 AND $3
              ORDER BY fee_ocur_time, mdtrt_id, seq LIMIT $4"
        );
        let limit = count(limit);
        let values: &[Value<'_>] = &[&psn_no, &from, &to, &limit];
        self.all("reading the fee lines of person", &masked(psn_no), sql, values, read_fee_line)
    }

    /// A line before a moment or after a day, the first of them.
    pub(super) fn line_outside(
        &mut self,
        mdtrt_id: &str,
        first: DateTime,
        last: Date,
    ) -> Result<Option<(String, DateTime)>, Fault> {
        let sql = "SELECT feedetl_sn, fee_ocur_time FROM fee_line
                   WHERE mdtrt_id = $1 AND (fee_ocur_time < $2 OR fee_ocur_time >= $3::date + 1)
                   ORDER BY seq LIMIT 1";
        let values: &[Value<'_>] = &[&mdtrt_id, &first, &last];
        self.first("looking for fee lines out of the time of encounter", mdtrt_id, sql, values, |row| {
            Ok((row.take()?, row.take()?))
        })
    }

    /// Which of these serials the encounter has.
    pub(super) fn taken_serials(&mut self, mdtrt_id: &str, serials: &[&str]) -> Result<Vec<String>, Fault> {
        let sql = "SELECT feedetl_sn FROM fee_line WHERE mdtrt_id = $1 AND feedetl_sn = ANY($2)";
        let values: &[Value<'_>] = &[&mdtrt_id, &serials];
        self.all("reading fee lines of encounter", mdtrt_id, sql, values, |row| row.take())
    }

    /// Lines of one encounter, after those it has.
    pub(super) fn add_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault> {
        const DOING: &str = "recording fee lines of encounter";
        let Some(first) = rows.first() else { return Ok(()) };
        let mdtrt_id = &first.mdtrt_id;
        if rows.iter().any(|row| row.mdtrt_id != *mdtrt_id) {
            return Err(Fault::new(DOING, mdtrt_id, "the lines belong to several encounters"));
        }
        // The person comes from the encounter; without one there is none, which the column refuses.
        let sql = "INSERT INTO fee_line (mdtrt_id, psn_no, feedetl_sn, setl_id, chrg_bchno, fee_ocur_time,
                       med_list_codg, medins_list_codg, hilist_name, list_type, med_chrgitm_type, cnt, pric,
                       det_item_fee_sumamt_fen, chrgitm_lv, pric_uplmt_amt, selfpay_prop_bp, special, hosp_appr_flag,
                       fulamt_ownpay_amt_fen, overlmt_amt_fen, preselfpay_amt_fen, inscp_scp_amt_fen, init_feedetl_sn,
                       details)
                   SELECT $1, (SELECT psn_no FROM encounter WHERE mdtrt_id = $1), feedetl_sn, nullif(setl_id, ''),
                       chrg_bchno, fee_ocur_time, med_list_codg, medins_list_codg, hilist_name, list_type,
                       med_chrgitm_type, cnt, pric, det_item_fee_sumamt_fen, chrgitm_lv, pric_uplmt_amt,
                       selfpay_prop_bp, special, hosp_appr_flag, fulamt_ownpay_amt_fen, overlmt_amt_fen,
                       preselfpay_amt_fen, inscp_scp_amt_fen, init_feedetl_sn, details
                   FROM unnest($2::text[], $3::text[], $4::text[], $5::timestamp[], $6::text[], $7::text[], $8::text[],
                               $9::text[], $10::text[], $11::numeric[], $12::numeric[], $13::bigint[], $14::text[],
                               $15::numeric[], $16::bigint[], $17::text[], $18::text[], $19::bigint[], $20::bigint[],
                               $21::bigint[], $22::bigint[], $23::text[], $24::text[])
                        AS line (feedetl_sn, setl_id, chrg_bchno, fee_ocur_time, med_list_codg, medins_list_codg,
                                 hilist_name, list_type, med_chrgitm_type, cnt, pric, det_item_fee_sumamt_fen,
                                 chrgitm_lv, pric_uplmt_amt, selfpay_prop_bp, special, hosp_appr_flag,
                                 fulamt_ownpay_amt_fen, overlmt_amt_fen, preselfpay_amt_fen, inscp_scp_amt_fen,
                                 init_feedetl_sn, details)";
        let values = vec![
            Box::new(mdtrt_id.clone()) as Kept,
            column(rows, |row| &row.feedetl_sn),
            column(rows, |row| &row.setl_id),
            column(rows, |row| &row.chrg_bchno),
            column(rows, |row| &row.fee_ocur_time),
            column(rows, |row| &row.med_list_codg),
            column(rows, |row| &row.medins_list_codg),
            column(rows, |row| &row.hilist_name),
            column(rows, |row| &row.list_type),
            column(rows, |row| &row.med_chrgitm_type),
            column(rows, |row| &row.cnt),
            column(rows, |row| &row.pric),
            column(rows, |row| &row.det_item_fee_sumamt),
            column(rows, |row| &row.chrgitm_lv),
            column(rows, |row| &row.pric_uplmt_amt),
            column(rows, |row| &row.selfpay_prop),
            column(rows, |row| &row.special),
            column(rows, |row| &row.hosp_appr_flag),
            column(rows, |row| &row.fulamt_ownpay_amt),
            column(rows, |row| &row.overlmt_amt),
            column(rows, |row| &row.preselfpay_amt),
            column(rows, |row| &row.inscp_scp_amt),
            column(rows, |row| &row.init_feedetl_sn),
            column(rows, |row| &row.details),
        ];
        self.record(DOING, mdtrt_id, sql, values)
    }

    /// What prices a line and how it splits; the bill itself stays.
    pub(super) fn reprice_lines(&mut self, rows: &[FeeLine]) -> Result<(), Fault> {
        let Some(first) = rows.first() else { return Ok(()) };
        let sql = exactly!(
            "cardinality($1)",
            "UPDATE fee_line
                   SET (chrgitm_lv, pric_uplmt_amt, selfpay_prop_bp, special, fulamt_ownpay_amt_fen, overlmt_amt_fen,
                        preselfpay_amt_fen, inscp_scp_amt_fen)
                       = ROW (line.chrgitm_lv, line.pric_uplmt_amt, line.selfpay_prop_bp, line.special,
                              line.fulamt_ownpay_amt_fen, line.overlmt_amt_fen, line.preselfpay_amt_fen,
                              line.inscp_scp_amt_fen)
                   FROM unnest($1::text[], $2::text[], $3::text[], $4::numeric[], $5::bigint[], $6::text[],
                               $7::bigint[], $8::bigint[], $9::bigint[], $10::bigint[])
                        AS line (mdtrt_id, feedetl_sn, chrgitm_lv, pric_uplmt_amt, selfpay_prop_bp, special,
                                 fulamt_ownpay_amt_fen, overlmt_amt_fen, preselfpay_amt_fen, inscp_scp_amt_fen)
                   WHERE fee_line.mdtrt_id = line.mdtrt_id AND fee_line.feedetl_sn = line.feedetl_sn
                     AND fee_line.setl_id IS NULL"
        );
        let values = vec![
            column(rows, |row| &row.mdtrt_id),
            column(rows, |row| &row.feedetl_sn),
            column(rows, |row| &row.chrgitm_lv),
            column(rows, |row| &row.pric_uplmt_amt),
            column(rows, |row| &row.selfpay_prop),
            column(rows, |row| &row.special),
            column(rows, |row| &row.fulamt_ownpay_amt),
            column(rows, |row| &row.overlmt_amt),
            column(rows, |row| &row.preselfpay_amt),
            column(rows, |row| &row.inscp_scp_amt),
        ];
        self.record("repricing fee lines of encounter", &first.mdtrt_id, sql, values)
    }

    /// Unsettled lines only.
    pub(super) fn delete_lines(&mut self, mdtrt_id: &str, which: &LinesToDelete) -> Result<u64, Fault> {
        const DOING: &str = "deleting fee lines of encounter";
        match which {
            LinesToDelete::All => {
                let sql = "DELETE FROM fee_line WHERE mdtrt_id = $1 AND setl_id IS NULL";
                self.run(DOING, mdtrt_id, sql, &[&mdtrt_id])
            }
            LinesToDelete::Batch(chrg_bchno) => {
                let sql = "DELETE FROM fee_line WHERE mdtrt_id = $1 AND chrg_bchno = $2 AND setl_id IS NULL";
                self.run(DOING, mdtrt_id, sql, &[&mdtrt_id, chrg_bchno])
            }
            LinesToDelete::Line(feedetl_sn) => {
                let sql = "DELETE FROM fee_line WHERE mdtrt_id = $1 AND feedetl_sn = $2 AND setl_id IS NULL";
                self.run(DOING, mdtrt_id, sql, &[&mdtrt_id, feedetl_sn])
            }
        }
    }

    /// Marks unsettled lines as taken by a settlement.
    pub(super) fn settle_lines(&mut self, mdtrt_id: &str, serials: &[String], setl_id: &str) -> Result<(), Fault> {
        if serials.is_empty() {
            return Ok(());
        }
        let sql = exactly!(
            "cardinality($2)",
            "UPDATE fee_line SET setl_id = $3
                   WHERE mdtrt_id = $1 AND feedetl_sn = ANY($2) AND setl_id IS NULL"
        );
        let values =
            vec![Box::new(mdtrt_id.to_owned()) as Kept, column(serials, |serial| serial), Box::new(setl_id.to_owned())];
        self.record("marking fee lines as settled by", setl_id, sql, values)
    }

    /// Frees the lines that a cancelled settlement had taken.
    pub(super) fn free_lines(&mut self, mdtrt_id: &str, setl_id: &str) -> Result<(), Fault> {
        let sql = "UPDATE fee_line SET setl_id = NULL WHERE mdtrt_id = $1 AND setl_id = $2";
        self.record("freeing the fee lines of", setl_id, sql, kept![*mdtrt_id, *setl_id])
    }
}
