//! Sign-ins.

use super::SqliteTx;
use super::value::Moment;
use crate::fault::Fault;
use crate::session::{Sessions, SignIn};
use rusqlite::params;
use yibao_domain::time::DateTime;

impl Sessions for SqliteTx<'_> {
    fn sign_in(&mut self, sign_no: &str) -> Result<Option<SignIn>, Fault> {
        let sql = "SELECT sign_no, fixmedins_code, opter_no, signed_in_at, signed_out_at
                   FROM sign_in WHERE sign_no = ?1";
        self.first("reading sign-in", sign_no, sql, params![sign_no], |row| {
            Ok(SignIn {
                sign_no: row.take()?,
                fixmedins_code: row.take()?,
                opter_no: row.take()?,
                signed_in_at: row.moment()?,
                signed_out_at: row.some_moment()?,
            })
        })
    }

    fn add_sign_in(&mut self, row: &SignIn) -> Result<(), Fault> {
        let sql = "INSERT INTO sign_in (sign_no, fixmedins_code, opter_no, signed_in_at, signed_out_at)
                   VALUES (?1, ?2, ?3, ?4, ?5)";
        let values = params![
            row.sign_no,
            row.fixmedins_code,
            row.opter_no,
            Moment(row.signed_in_at),
            row.signed_out_at.map(Moment)
        ];
        self.run_on_one("recording sign-in", &row.sign_no, sql, values)
    }

    fn sign_out(&mut self, sign_no: &str, at: DateTime) -> Result<(), Fault> {
        let sql = "UPDATE sign_in SET signed_out_at = ?2 WHERE sign_no = ?1";
        self.run_on_one("recording sign-out", sign_no, sql, params![sign_no, Moment(at)])
    }
}
