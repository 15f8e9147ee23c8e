//! The message journal (报文日志): once and only once.

mod asked;

use crate::fault::Fault;
use crate::record::record;
use yibao_domain::party::Party;
use yibao_domain::time::DateTime;

/// What tells a message from every other: whose it is, its id, and the transaction. Real clients send two transactions under
/// one id, and 2601 names the transaction that it undoes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct MessageKey {
    /// Sender.
    pub party: Party,
    /// Sender's id.
    pub msgid: String,
    /// Transaction, without the letter of a variant: 2203A is 2203 to the journal. Of a deed at a desk its word.
    pub infno: String,
}

impl MessageKey {
    /// The key of a message of this transaction or of its variant.
    pub fn new(party: Party, msgid: &str, infno: &str) -> MessageKey {
        let is_transaction = infno.starts_with(|first: char| first.is_ascii_digit());
        let infno = if is_transaction { infno.trim_end_matches(char::is_alphabetic) } else { infno };
        MessageKey { party, msgid: msgid.to_owned(), infno: infno.to_owned() }
    }
}

/// A message that had an effect, with the answer it got.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// Sender.
    pub party: Party,
    /// Sender's id.
    pub msgid: String,
    /// Transaction, as [`MessageKey`] has it.
    pub infno: String,
    /// Digest of the canonical input.
    pub digest: String,
    /// The answer's output as JSON text, `null` where there is none; opaque here.
    pub output: String,
    /// Remarks of the answer.
    pub warn_msg: String,
    /// The record it made, for 2601: a setl_id, or a mdtrt_id for 2401. It must exist (`verify` looks):
    /// a settlement, cancellation, encounter, filing, sign-in or register entry by its id, or empty.
    pub effect: String,
    /// When it was recorded.
    pub recorded_at: DateTime,
}

/// A reversal of a message (2601). Without the message itself it is a tombstone: a late original
/// is refused.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MessageReversal {
    /// Sender.
    pub party: Party,
    /// The message that is undone.
    pub omsgid: String,
    /// Its transaction, as [`MessageKey`] has it.
    pub oinfno: String,
    /// The person named.
    pub psn_no: String,
    /// The reversing message.
    pub msgid: String,
    /// When it was recorded.
    pub recorded_at: DateTime,
}

impl Message {
    /// What tells it from every other.
    pub fn key(&self) -> MessageKey {
        MessageKey::new(self.party.clone(), &self.msgid, &self.infno)
    }
}

impl MessageReversal {
    /// The key of the message that it undoes.
    pub fn undone(&self) -> MessageKey {
        MessageKey::new(self.party.clone(), &self.omsgid, &self.oinfno)
    }
}

/// Questions and records about messages.
pub trait Messages {
    /// The message with this key, if it had an effect.
    fn message(&mut self, key: &MessageKey) -> Result<Option<Message>, Fault>;
    /// The transactions of a sender's messages with this id that had an effect.
    fn transactions_of(&mut self, party: &Party, msgid: &str) -> Result<Vec<String>, Fault>;
    /// Records a message and its answer; the key must be new.
    fn record_message(&mut self, row: &Message) -> Result<(), Fault>;
    /// The reversal of a message, if any.
    fn message_reversal(&mut self, undone: &MessageKey) -> Result<Option<MessageReversal>, Fault>;
    /// Records a reversal or tombstone; the key must be new.
    fn record_message_reversal(&mut self, row: &MessageReversal) -> Result<(), Fault>;
}

record! {
    Message = "message", "报文", key [party, msgid, infno];
    fields { party, msgid, infno, digest, output, warn_msg, effect, recorded_at }
}

record! {
    MessageReversal = "message_reversal", "报文冲正", key [party, omsgid, oinfno];
    fields { party, omsgid, oinfno, psn_no, msgid, recorded_at }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_is_its_transaction_and_a_deed_is_its_whole_word() {
        let infno = |infno: &str| MessageKey::new(Party::clerk("h1"), "1", infno).infno;
        assert_eq!((infno("2203A").as_str(), infno("2203").as_str()), ("2203", "2203"));
        assert_eq!((infno("tell").as_str(), infno("pass_up").as_str()), ("tell", "pass_up"));
    }
}
