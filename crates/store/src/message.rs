//! The message journal (报文日志): once and only once.

use crate::engine::{Engine, select};
use crate::fault::Fault;
use crate::record::{Record, record};
use crate::value::values;
use yibao_domain::time::DateTime;

/// A message that had an effect, with the answer it got.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Sender.
    pub fixmedins_code: String,
    /// Sender's id.
    pub msgid: String,
    /// Transaction.
    pub infno: String,
    /// Digest of the canonical input.
    pub digest: String,
    /// The answer's output as JSON text, `null` where there is none; opaque here.
    pub output: String,
    /// Remarks of the answer.
    pub warn_msg: String,
    /// The record it made, for 2601: a setl_id, or a mdtrt_id for 2401. It must exist (`verify` looks):
    /// a settlement, cancellation, encounter, filing or sign-in by its id, or empty.
    pub effect: String,
    /// When it was recorded.
    pub recorded_at: DateTime,
}

/// A reversal of a message (2601). Without the message itself it is a tombstone: a late original
/// is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageReversal {
    /// Sender.
    pub fixmedins_code: String,
    /// The message that is undone.
    pub omsgid: String,
    /// Its transaction.
    pub oinfno: String,
    /// The person named.
    pub psn_no: String,
    /// The reversing message.
    pub msgid: String,
    /// When it was recorded.
    pub recorded_at: DateTime,
}

/// Questions and records about messages.
pub trait Messages {
    /// The message with this key, if it had an effect.
    fn message(&mut self, fixmedins_code: &str, msgid: &str) -> Result<Option<Message>, Fault>;
    /// Records a message and its answer; the key must be new.
    fn record_message(&mut self, row: &Message) -> Result<(), Fault>;
    /// The reversal of a message, if any.
    fn message_reversal(&mut self, fixmedins_code: &str, omsgid: &str) -> Result<Option<MessageReversal>, Fault>;
    /// Records a reversal or tombstone; the key must be new.
    fn record_message_reversal(&mut self, row: &MessageReversal) -> Result<(), Fault>;
}

record! {
    Message = "message", "报文", key [fixmedins_code, msgid];
    fields { fixmedins_code, msgid, infno, digest, output, warn_msg, effect, recorded_at }
}

record! {
    MessageReversal = "message_reversal", "报文冲正", key [fixmedins_code, omsgid];
    fields { fixmedins_code, omsgid, oinfno, psn_no, msgid, recorded_at }
}

impl<E: Engine> Messages for E {
    fn message(&mut self, fixmedins_code: &str, msgid: &str) -> Result<Option<Message>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.message(fixmedins_code, msgid)) {
            return Ok(known);
        }
        let sql = select!(Message, "WHERE fixmedins_code = ?1 AND msgid = ?2");
        self.first(("reading message", msgid), sql, &values![fixmedins_code, msgid], Message::read)
    }

    fn record_message(&mut self, row: &Message) -> Result<(), Fault> {
        if let Some(ahead) = self.ahead() {
            ahead.forget_message(&row.fixmedins_code, &row.msgid);
        }
        self.add(("recording message", &row.msgid), row)
    }

    fn message_reversal(&mut self, fixmedins_code: &str, omsgid: &str) -> Result<Option<MessageReversal>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.message_reversal(fixmedins_code, omsgid)) {
            return Ok(known);
        }
        let sql = select!(MessageReversal, "WHERE fixmedins_code = ?1 AND omsgid = ?2");
        let values = values![fixmedins_code, omsgid];
        self.first(("reading the reversal of message", omsgid), sql, &values, MessageReversal::read)
    }

    fn record_message_reversal(&mut self, row: &MessageReversal) -> Result<(), Fault> {
        if let Some(ahead) = self.ahead() {
            ahead.forget_message(&row.fixmedins_code, &row.omsgid);
        }
        let insert = &MessageReversal::table().insert.one;
        self.record(("recording the reversal of message", &row.omsgid), insert, row.values())
    }
}
