//! The message journal.

use super::line::Value;
use super::transaction::PostgresTx;
use super::value::{Columns, Unreadable, kept};
use crate::fault::Fault;
use crate::message::{Message, MessageReversal, Messages};

pub(super) fn read_message(row: &mut Columns<'_>) -> Result<Message, Unreadable> {
    Ok(Message {
        fixmedins_code: row.take()?,
        msgid: row.take()?,
        infno: row.take()?,
        digest: row.take()?,
        output: row.take()?,
        warn_msg: row.take()?,
        effect: row.take()?,
        recorded_at: row.take()?,
    })
}

pub(super) fn read_reversal(row: &mut Columns<'_>) -> Result<MessageReversal, Unreadable> {
    Ok(MessageReversal {
        fixmedins_code: row.take()?,
        omsgid: row.take()?,
        oinfno: row.take()?,
        psn_no: row.take()?,
        msgid: row.take()?,
        recorded_at: row.take()?,
    })
}

impl Messages for PostgresTx<'_> {
    fn message(&mut self, fixmedins_code: &str, msgid: &str) -> Result<Option<Message>, Fault> {
        if let Some(known) = self.ahead.message(fixmedins_code, msgid) {
            return Ok(known);
        }
        let sql = "SELECT fixmedins_code, msgid, infno, digest, output, warn_msg, effect, recorded_at
                   FROM message WHERE fixmedins_code = $1 AND msgid = $2";
        self.first("reading message", msgid, sql, &[&fixmedins_code, &msgid], read_message)
    }

    fn record_message(&mut self, row: &Message) -> Result<(), Fault> {
        self.ahead.forget_message(&row.fixmedins_code, &row.msgid);
        let sql = "INSERT INTO message (fixmedins_code, msgid, infno, digest, output, warn_msg, effect, recorded_at)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = kept![
            row.fixmedins_code,
            row.msgid,
            row.infno,
            row.digest,
            row.output,
            row.warn_msg,
            row.effect,
            row.recorded_at
        ];
        self.record("recording message", &row.msgid, sql, values)
    }

    fn message_reversal(&mut self, fixmedins_code: &str, omsgid: &str) -> Result<Option<MessageReversal>, Fault> {
        if let Some(known) = self.ahead.message_reversal(fixmedins_code, omsgid) {
            return Ok(known);
        }
        let sql = "SELECT fixmedins_code, omsgid, oinfno, psn_no, msgid, recorded_at
                   FROM message_reversal WHERE fixmedins_code = $1 AND omsgid = $2";
        let values: &[Value<'_>] = &[&fixmedins_code, &omsgid];
        self.first("reading the reversal of message", omsgid, sql, values, read_reversal)
    }

    fn record_message_reversal(&mut self, row: &MessageReversal) -> Result<(), Fault> {
        self.ahead.forget_message(&row.fixmedins_code, &row.omsgid);
        let sql = "INSERT INTO message_reversal (fixmedins_code, omsgid, oinfno, psn_no, msgid, recorded_at)
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values = kept![row.fixmedins_code, row.omsgid, row.oinfno, row.psn_no, row.msgid, row.recorded_at];
        self.record("recording the reversal of message", &row.omsgid, sql, values)
    }
}
