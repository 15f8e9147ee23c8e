//! The message journal (报文日志): once and only once.

use crate::fault::Fault;
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
