//! Sign-in (签到) and sign-out (签退).

use crate::engine::{Engine, exactly, select};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
use yibao_domain::time::DateTime;

/// A sign-in.
#[derive(Clone, PartialEq, Eq, Debug)]
#[allow(missing_docs, reason = "the names are the national field names of interface/fields.tsv")]
pub struct SignIn {
    pub sign_no: String,
    pub fixmedins_code: String,
    pub opter_no: String,
    pub signed_in_at: DateTime,
    pub signed_out_at: Option<DateTime>,
}

/// Questions and records about sign-ins.
pub trait Sessions {
    /// One sign-in.
    fn sign_in(&mut self, sign_no: &str) -> Result<Option<SignIn>, Fault>;
    /// Records a sign-in; its number must be new.
    fn add_sign_in(&mut self, row: &SignIn) -> Result<(), Fault>;
    /// Records the sign-out.
    fn sign_out(&mut self, sign_no: &str, at: DateTime) -> Result<(), Fault>;
}

record! {
    SignIn = "sign_in", "签到", key [sign_no];
    fields { sign_no, fixmedins_code, opter_no, signed_in_at, signed_out_at }
}

impl<E: Engine> Sessions for E {
    fn sign_in(&mut self, sign_no: &str) -> Result<Option<SignIn>, Fault> {
        let sql = select!(SignIn, "WHERE sign_no = ?1");
        self.first(("reading sign-in", sign_no), sql, &values![sign_no], SignIn::read)
    }

    fn add_sign_in(&mut self, row: &SignIn) -> Result<(), Fault> {
        self.add(("recording sign-in", &row.sign_no), row)
    }

    fn sign_out(&mut self, sign_no: &str, at: DateTime) -> Result<(), Fault> {
        let change = exactly!("UPDATE sign_in SET signed_out_at = ?2 WHERE sign_no = ?1");
        self.change(("recording sign-out", sign_no), 1, change, values![sign_no, at].into())
    }
}
