//! Filings.

use super::line::Value;
use super::transaction::{PostgresTx, exactly};
use super::value::{Columns, Kept, Unreadable, kept};
use crate::fault::{Fault, masked};
use crate::filing::{Filing, Filings};
use crate::seam::Change;
use yibao_domain::time::DateTime;

pub(super) fn read_filing(row: &mut Columns<'_>) -> Result<Filing, Unreadable> {
    Ok(Filing {
        trt_dcla_detl_sn: row.take()?,
        psn_no: row.take()?,
        kind: row.take()?,
        insutype: row.take()?,
        care_admdvs: row.take()?,
        fixmedins_code: row.take()?,
        fixmedins_name: row.take()?,
        begndate: row.take()?,
        enddate: row.take()?,
        filed_by: row.take()?,
        filed_at: row.take()?,
        cancelled_at: row.take()?,
        details: row.take()?,
    })
}

/// The columns of a filing; the last two are not loaded again.
macro_rules! loaded_columns {
    () => {
        "trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name, begndate, enddate, \
         filed_by, details"
    };
}

const INSERT: &str = concat!(
    "INSERT INTO filing (",
    loaded_columns!(),
    ", filed_at, cancelled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
);

const INSERT_NEW: &str = concat!(
    "INSERT INTO filing (",
    loaded_columns!(),
    ", filed_at, cancelled_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
     ON CONFLICT (trt_dcla_detl_sn) DO NOTHING"
);

/// `filed_at` stays that of the first load, and a filing that was cancelled here stays cancelled.
const UPDATE: &str = "UPDATE filing
                      SET (psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name, begndate, enddate,
                           filed_by, details) = ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                      WHERE trt_dcla_detl_sn = $1
                        AND (psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name, begndate, enddate,
                             filed_by, details) IS DISTINCT FROM ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
/// Values that [`UPDATE`] takes.
const LOADED: usize = 11;

impl Filings for PostgresTx<'_> {
    fn filing(&mut self, trt_dcla_detl_sn: &str) -> Result<Option<Filing>, Fault> {
        let sql = "SELECT trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name,
                          begndate, enddate, filed_by, filed_at, cancelled_at, details
                   FROM filing WHERE trt_dcla_detl_sn = $1";
        self.first("reading filing", trt_dcla_detl_sn, sql, &[&trt_dcla_detl_sn], read_filing)
    }

    fn filings(&mut self, psn_no: &str, kind: Option<&str>) -> Result<Vec<Filing>, Fault> {
        if let Some(known) = self.ahead.filings(psn_no, kind) {
            return Ok(known);
        }
        let sql = "SELECT trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name,
                          begndate, enddate, filed_by, filed_at, cancelled_at, details
                   FROM filing
                   WHERE psn_no = $1 AND cancelled_at IS NULL AND ($2::text IS NULL OR kind = $2)
                   ORDER BY begndate, filed_at, trt_dcla_detl_sn";
        let values: &[Value<'_>] = &[&psn_no, &kind];
        self.all("reading the filings of person", &masked(psn_no), sql, values, read_filing)
    }

    fn add_filing(&mut self, row: &Filing) -> Result<(), Fault> {
        self.record("recording filing", &row.trt_dcla_detl_sn, INSERT, kept_filing(row))
    }

    fn cancel_filing(&mut self, trt_dcla_detl_sn: &str, at: DateTime) -> Result<(), Fault> {
        let sql =
            exactly!("1", "UPDATE filing SET cancelled_at = $2 WHERE trt_dcla_detl_sn = $1 AND cancelled_at IS NULL");
        let values = kept![*trt_dcla_detl_sn, at];
        self.record("cancelling filing", trt_dcla_detl_sn, sql, values)
    }

    fn put_filing(&mut self, row: &Filing) -> Result<Change, Fault> {
        let values = kept_filing(row);
        let statements = [(INSERT_NEW, &values[..]), (UPDATE, &values[..LOADED])];
        self.put("recording filing", &row.trt_dcla_detl_sn, statements)
    }
}

fn kept_filing(row: &Filing) -> Vec<Kept> {
    kept![
        row.trt_dcla_detl_sn,
        row.psn_no,
        row.kind,
        row.insutype,
        row.care_admdvs,
        row.fixmedins_code,
        row.fixmedins_name,
        row.begndate,
        row.enddate,
        row.filed_by,
        row.details,
        row.filed_at,
        row.cancelled_at
    ]
}
