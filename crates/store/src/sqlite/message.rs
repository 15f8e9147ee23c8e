//! The message journal.

use super::SqliteTx;
use super::value::Moment;
use crate::fault::Fault;
use crate::message::{Message, MessageReversal, Messages};
use rusqlite::params;

impl Messages for SqliteTx<'_> {
    fn message(&mut self, fixmedins_code: &str, msgid: &str) -> Result<Option<Message>, Fault> {
        let sql = "SELECT fixmedins_code, msgid, infno, digest, output, warn_msg, effect, recorded_at
                   FROM message WHERE fixmedins_code = ?1 AND msgid = ?2";
        self.first("reading message", msgid, sql, params![fixmedins_code, msgid], |row| {
            Ok(Message {
                fixmedins_code: row.take()?,
                msgid: row.take()?,
                infno: row.take()?,
                digest: row.take()?,
                output: row.take()?,
                warn_msg: row.take()?,
                effect: row.take()?,
                recorded_at: row.moment()?,
            })
        })
    }

    fn record_message(&mut self, row: &Message) -> Result<(), Fault> {
        let sql = "INSERT INTO message (fixmedins_code, msgid, infno, digest, output, warn_msg, effect, recorded_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        let values = params![
            row.fixmedins_code,
            row.msgid,
            row.infno,
            row.digest,
            row.output,
            row.warn_msg,
            row.effect,
            Moment(row.recorded_at)
        ];
        self.run_on_one("recording message", &row.msgid, sql, values)
    }

    fn message_reversal(&mut self, fixmedins_code: &str, omsgid: &str) -> Result<Option<MessageReversal>, Fault> {
        let sql = "SELECT fixmedins_code, omsgid, oinfno, psn_no, msgid, recorded_at
                   FROM message_reversal WHERE fixmedins_code = ?1 AND omsgid = ?2";
        self.first("reading the reversal of message", omsgid, sql, params![fixmedins_code, omsgid], |row| {
            Ok(MessageReversal {
                fixmedins_code: row.take()?,
                omsgid: row.take()?,
                oinfno: row.take()?,
                psn_no: row.take()?,
                msgid: row.take()?,
                recorded_at: row.moment()?,
            })
        })
    }

    fn record_message_reversal(&mut self, row: &MessageReversal) -> Result<(), Fault> {
        let sql = "INSERT INTO message_reversal (fixmedins_code, omsgid, oinfno, psn_no, msgid, recorded_at)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        let values =
            params![row.fixmedins_code, row.omsgid, row.oinfno, row.psn_no, row.msgid, Moment(row.recorded_at)];
        self.run_on_one("recording the reversal of message", &row.omsgid, sql, values)
    }
}
