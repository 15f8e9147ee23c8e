//! Filings.

use super::SqliteTx;
use super::value::{Columns, Day, Moment};
use crate::fault::{Fault, masked};
use crate::filing::{Filing, Filings};
use crate::seam::Change;
use rusqlite::params;
use yibao_domain::time::DateTime;

fn read_filing(row: &mut Columns<'_, '_>) -> rusqlite::Result<Filing> {
    Ok(Filing {
        trt_dcla_detl_sn: row.take()?,
        psn_no: row.take()?,
        kind: row.take()?,
        insutype: row.take()?,
        care_admdvs: row.take()?,
        fixmedins_code: row.take()?,
        fixmedins_name: row.take()?,
        begndate: row.day()?,
        enddate: row.some_day()?,
        filed_by: row.take()?,
        filed_at: row.moment()?,
        cancelled_at: row.some_moment()?,
        details: row.take()?,
    })
}

const INSERT: &str = "INSERT INTO filing (trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs, fixmedins_code,
                                          fixmedins_name, begndate, enddate, filed_by, filed_at, cancelled_at, details)
                      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                      ON CONFLICT (trt_dcla_detl_sn) DO NOTHING";

/// `filed_at` stays that of the first load, and a filing that was cancelled here stays cancelled.
const UPDATE: &str = "UPDATE filing
                      SET (psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name, begndate, enddate,
                           filed_by, details) = (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?13)
                      WHERE trt_dcla_detl_sn = ?1
                        AND (psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name, begndate, enddate,
                             filed_by, details) IS DISTINCT FROM (?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?13)";

impl Filings for SqliteTx<'_> {
    fn filing(&mut self, trt_dcla_detl_sn: &str) -> Result<Option<Filing>, Fault> {
        let sql = "SELECT trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name,
                          begndate, enddate, filed_by, filed_at, cancelled_at, details
                   FROM filing WHERE trt_dcla_detl_sn = ?1";
        self.first("reading filing", trt_dcla_detl_sn, sql, params![trt_dcla_detl_sn], read_filing)
    }

    fn filings(&mut self, psn_no: &str, kind: Option<&str>) -> Result<Vec<Filing>, Fault> {
        let sql = "SELECT trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name,
                          begndate, enddate, filed_by, filed_at, cancelled_at, details
                   FROM filing
                   WHERE psn_no = ?1 AND cancelled_at IS NULL AND (?2 IS NULL OR kind = ?2)
                   ORDER BY begndate, filed_at, trt_dcla_detl_sn";
        self.all("reading the filings of person", &masked(psn_no), sql, params![psn_no, kind], read_filing)
    }

    fn add_filing(&mut self, row: &Filing) -> Result<(), Fault> {
        // The serial is new, or no row changes and that is a fault.
        self.write_filing(INSERT, row).and_then(|added| match added {
            1 => Ok(()),
            _ => Err(Fault::new("recording filing", &row.trt_dcla_detl_sn, "the serial is taken")),
        })
    }

    fn cancel_filing(&mut self, trt_dcla_detl_sn: &str, at: DateTime) -> Result<(), Fault> {
        let sql = "UPDATE filing SET cancelled_at = ?2 WHERE trt_dcla_detl_sn = ?1 AND cancelled_at IS NULL";
        self.run_on_one("cancelling filing", trt_dcla_detl_sn, sql, params![trt_dcla_detl_sn, Moment(at)])
    }

    fn put_filing(&mut self, row: &Filing) -> Result<Change, Fault> {
        if self.write_filing(INSERT, row)? == 1 {
            return Ok(Change::Added);
        }
        Ok(if self.write_filing(UPDATE, row)? == 1 { Change::Updated } else { Change::Unchanged })
    }
}

impl SqliteTx<'_> {
    fn write_filing(&self, sql: &str, row: &Filing) -> Result<usize, Fault> {
        let values = params![
            row.trt_dcla_detl_sn,
            row.psn_no,
            row.kind,
            row.insutype,
            row.care_admdvs,
            row.fixmedins_code,
            row.fixmedins_name,
            Day(row.begndate),
            row.enddate.map(Day),
            row.filed_by,
            Moment(row.filed_at),
            row.cancelled_at.map(Moment),
            row.details
        ];
        self.run("recording filing", &row.trt_dcla_detl_sn, sql, values)
    }
}
