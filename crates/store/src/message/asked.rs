//! What is asked and recorded of messages and their reversals.

use super::{Message, MessageKey, MessageReversal, Messages};
use crate::engine::{Engine, select};
use crate::fault::Fault;
use crate::record::Record;
use crate::value::values;
use yibao_domain::party::Party;

impl<E: Engine> Messages for E {
    fn message(&mut self, key: &MessageKey) -> Result<Option<Message>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.message(key)) {
            return Ok(known);
        }
        let MessageKey { party, msgid, infno } = key;
        let sql = select!(Message, "WHERE party = ?1 AND msgid = ?2 AND infno = ?3");
        self.first(("reading message", msgid), sql, &values![party, msgid, infno], Message::read)
    }

    fn transactions_of(&mut self, party: &Party, msgid: &str) -> Result<Vec<String>, Fault> {
        let sql = "SELECT infno FROM message WHERE party = ?1 AND msgid = ?2 ORDER BY infno";
        self.all(("finding the transactions of message", msgid), sql, &values![party, msgid], |row| row.take())
    }

    fn record_message(&mut self, row: &Message) -> Result<(), Fault> {
        if let Some(ahead) = self.ahead() {
            ahead.forget_message(&row.key());
        }
        self.add(("recording message", &row.msgid), row)
    }

    fn message_reversal(&mut self, undone: &MessageKey) -> Result<Option<MessageReversal>, Fault> {
        if let Some(known) = self.ahead().and_then(|ahead| ahead.message_reversal(undone)) {
            return Ok(known);
        }
        let MessageKey { party, msgid, infno } = undone;
        let sql = select!(MessageReversal, "WHERE party = ?1 AND omsgid = ?2 AND oinfno = ?3");
        self.first(
            ("reading the reversal of message", msgid),
            sql,
            &values![party, msgid, infno],
            MessageReversal::read,
        )
    }

    fn record_message_reversal(&mut self, row: &MessageReversal) -> Result<(), Fault> {
        if let Some(ahead) = self.ahead() {
            ahead.forget_message(&row.undone());
        }
        self.add(("recording the reversal of message", &row.omsgid), row)
    }
}
