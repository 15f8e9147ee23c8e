//! Sign-in (签到) and sign-out (签退).

use crate::fault::Fault;
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
