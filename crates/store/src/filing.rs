//! Filings (备案): transfer, remote care, chronic and special disease, designated provider.

mod asked;

use crate::fault::Fault;
use crate::record::{Change, record};
use yibao_domain::time::{Date, DateTime};

/// A filing.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Filing {
    /// Serial of the declaration (待遇申报明细流水号).
    pub trt_dcla_detl_sn: String,
    pub psn_no: String,
    /// `transfer`, `remote`, `special_disease`, `designated`, or another word of the load format.
    pub kind: String,
    pub insutype: String,
    /// Division of the place of care; empty where none.
    pub care_admdvs: String,
    /// The provider it names: transferred to, designated, certifying.
    pub fixmedins_code: String,
    pub fixmedins_name: String,
    pub begndate: Date,
    pub enddate: Option<Date>,
    /// The provider that filed it; empty where loaded.
    pub filed_by: String,
    pub filed_at: DateTime,
    /// When it was cancelled, if it was.
    pub cancelled_at: Option<DateTime>,
    /// The other national fields, as one canonical JSON object text; opaque here.
    pub details: String,
}

/// Questions and records about filings.
pub trait Filings {
    /// One filing.
    fn filing(&mut self, trt_dcla_detl_sn: &str) -> Result<Option<Filing>, Fault>;
    /// A person's filings that are not cancelled, of one kind or all, oldest first.
    fn filings(&mut self, psn_no: &str, kind: Option<&str>) -> Result<Vec<Filing>, Fault>;
    /// Records a filing; its serial must be new.
    fn add_filing(&mut self, row: &Filing) -> Result<(), Fault>;
    /// Cancels a filing.
    fn cancel_filing(&mut self, trt_dcla_detl_sn: &str, at: DateTime) -> Result<(), Fault>;
    /// Stores a loaded filing, by its serial, which the loader derives from the row's key. When it was
    /// first stored and whether it was cancelled here since stay as they are.
    fn put_filing(&mut self, row: &Filing) -> Result<Change, Fault>;
}

record! {
    Filing = "filing", "备案", key [trt_dcla_detl_sn];
    fields {
        trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs, fixmedins_code, fixmedins_name, begndate, enddate,
        filed_by, filed_at, cancelled_at, details,
    }
}
