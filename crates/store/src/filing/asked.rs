//! What is asked and recorded of filings.

use super::{Filing, Filings};
use crate::engine::{Engine, exactly, once, select};
use crate::fault::{Fault, masked};
use crate::record::{Change, Put, Record};
use crate::value::values;
use yibao_domain::time::DateTime;

impl<E: Engine> Filings for E {
    fn filing(&mut self, trt_dcla_detl_sn: &str) -> Result<Option<Filing>, Fault> {
        let sql = select!(Filing, "WHERE trt_dcla_detl_sn = ?1");
        self.first(("reading filing", trt_dcla_detl_sn), sql, &values![trt_dcla_detl_sn], Filing::read)
    }

    fn filings(&mut self, psn_no: &str, kind: Option<&str>) -> Result<Vec<Filing>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.filings(psn_no, kind)) {
            return Ok(known);
        }
        let sql = select!(
            Filing,
            "WHERE psn_no = ?1 AND cancelled_at IS NULL AND (CAST(?2 AS text) IS NULL OR kind = ?2)
             ORDER BY begndate, filed_at, trt_dcla_detl_sn"
        );
        self.all(("reading the filings of person", &masked(psn_no)), sql, &values![psn_no, kind], Filing::read)
    }

    fn add_filing(&mut self, row: &Filing) -> Result<(), Fault> {
        self.add(("recording filing", &row.trt_dcla_detl_sn), row)
    }

    fn cancel_filing(&mut self, trt_dcla_detl_sn: &str, at: DateTime) -> Result<(), Fault> {
        let change =
            exactly!("UPDATE filing SET cancelled_at = ?2 WHERE trt_dcla_detl_sn = ?1 AND cancelled_at IS NULL");
        self.change(("cancelling filing", trt_dcla_detl_sn), 1, change, values![trt_dcla_detl_sn, at].into())
    }

    fn put_filing(&mut self, row: &Filing) -> Result<Change, Fault> {
        let put = once!(Put, Filing::table().put_except(&["filed_at", "cancelled_at"]));
        self.put(("recording filing", &row.trt_dcla_detl_sn), put, &row.values())
    }
}
