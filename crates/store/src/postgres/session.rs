//! Sign-ins.

use super::transaction::{PostgresTx, exactly};
use super::value::kept;
use crate::fault::Fault;
use crate::session::{Sessions, SignIn};
use yibao_domain::time::DateTime;

impl Sessions for PostgresTx<'_> {
    fn sign_in(&mut self, sign_no: &str) -> Result<Option<SignIn>, Fault> {
        let sql = "SELECT sign_no, fixmedins_code, opter_no, signed_in_at, signed_out_at
                   FROM sign_in WHERE sign_no = $1";
        self.first("reading sign-in", sign_no, sql, &[&sign_no], |row| {
            Ok(SignIn {
                sign_no: row.take()?,
                fixmedins_code: row.take()?,
                opter_no: row.take()?,
                signed_in_at: row.take()?,
                signed_out_at: row.take()?,
            })
        })
    }

    fn add_sign_in(&mut self, row: &SignIn) -> Result<(), Fault> {
        let sql = "INSERT INTO sign_in (sign_no, fixmedins_code, opter_no, signed_in_at, signed_out_at)
                   VALUES ($1, $2, $3, $4, $5)";
        let values = kept![row.sign_no, row.fixmedins_code, row.opter_no, row.signed_in_at, row.signed_out_at];
        self.record("recording sign-in", &row.sign_no, sql, values)
    }

    fn sign_out(&mut self, sign_no: &str, at: DateTime) -> Result<(), Fault> {
        let sql = exactly!("1", "UPDATE sign_in SET signed_out_at = $2 WHERE sign_no = $1");
        self.record("recording sign-out", sign_no, sql, kept![*sign_no, at])
    }
}
