//! Practitioners (医执人员) of providers: physicians, nurses, pharmacists, technicians.

use crate::engine::{Engine, Selection};
use crate::fault::Fault;
use crate::record::{Change, Record, record};
use yibao_domain::time::Date;

/// A practitioner at a provider; who works at two has two rows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct Practitioner {
    pub fixmedins_code: String,
    pub prac_psn_code: String,
    pub prac_psn_no: String,
    pub prac_psn_name: String,
    pub prac_psn_type: String,
    pub psn_cert_type: String,
    pub certno: String,
    pub prac_psn_cert: String,
    pub prac_cert_no: String,
    pub hi_dr_flag: String,
    pub begndate: Date,
    pub enddate: Option<Date>,
    pub chg_rea: String,
}

/// A selection of a provider's practitioners; absent parts select all.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct PractitionerFilter {
    pub fixmedins_code: String,
    pub prac_psn_type: Option<String>,
    pub prac_psn_code: Option<String>,
    pub prac_psn_name: Option<String>,
    pub certno: Option<String>,
}

/// Questions and records about practitioners.
pub trait Practitioners {
    /// Practitioners of a selection, by code: `(page, total)`.
    fn practitioners(&mut self, filter: &PractitionerFilter, limit: usize) -> Result<(Vec<Practitioner>, u64), Fault>;
    /// Stores a practitioner, by provider and code.
    fn put_practitioner(&mut self, row: &Practitioner) -> Result<Change, Fault>;
}

record! {
    Practitioner = "reference.practitioner", "医执人员", key [fixmedins_code, prac_psn_code];
    fields {
        fixmedins_code, prac_psn_code, prac_psn_no, prac_psn_name, prac_psn_type, psn_cert_type, certno, prac_psn_cert,
        prac_cert_no, hi_dr_flag, begndate, enddate, chg_rea,
    }
}

impl<E: Engine> Practitioners for E {
    fn practitioners(&mut self, filter: &PractitionerFilter, limit: usize) -> Result<(Vec<Practitioner>, u64), Fault> {
        let of = Some(filter.fixmedins_code.clone());
        let mut selection = Selection::default();
        selection.add_some("fixmedins_code = ?", &of);
        selection.add_some("prac_psn_type = ?", &filter.prac_psn_type);
        selection.add_some("prac_psn_code = ?", &filter.prac_psn_code);
        selection.add_some("prac_psn_name = ?", &filter.prac_psn_name);
        selection.add_some("certno = ?", &filter.certno);
        self.page(("reading the practitioners of", &filter.fixmedins_code), selection, "prac_psn_code", (0, limit))
    }

    fn put_practitioner(&mut self, row: &Practitioner) -> Result<Change, Fault> {
        self.put(("storing practitioner", &row.prac_psn_code), &Practitioner::table().put, &row.values())
    }
}
