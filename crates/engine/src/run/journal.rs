//! Once and only once (报文幂等): the journal of messages that had an effect.
//!
//! Key: party, msgid and transaction, in the book of the pool. Same key and canonical input: the stored answer. Same key, other
//! content: refused. A refusal leaves no entry.

use crate::call::{Answer, Call, Done, Stop};
use yibao_domain::refusal::{Code, Refusal};
use yibao_store::message::{Message, MessageKey};
use yibao_store::{Fault, Tx};

/// The answer this message got before, if it had an effect; refuses a message that was reversed or
/// whose key came with other content.
pub(crate) fn answered_before(tx: &mut dyn Tx, call: &Call) -> Result<Option<Answer>, Stop> {
    let key = call.key();
    if tx.message_reversal(&key)?.is_some() {
        return Err(Refusal::new(
            Code::MessageReversed,
            format!("报文 {} 已被冲正(2601)，不再产生效力；如需重新办理，请换用新的 msgid 发送", call.msgid),
        )
        .into());
    }
    let Some(message) = tx.message(&key)? else { return Ok(None) };
    if message.digest != call.input.digest() {
        return Err(Refusal::new(
            Code::MessageDiffers,
            format!(
                "报文ID {} 已于 {} 用于交易 {}，本次内容与其不同；请换用新的 msgid 发送",
                call.msgid,
                yibao_domain::time::moment_text(message.recorded_at),
                message.infno
            ),
        )
        .into());
    }
    let remarks = message.warn_msg.lines().map(str::to_owned).collect();
    Ok(Some(Answer { output: message.output, remarks, file: None }))
}

/// Records the message with the answer it gets.
pub(crate) fn record(tx: &mut dyn Tx, call: &Call, done: &Done, answer: &Answer) -> Result<(), Fault> {
    let MessageKey { party, msgid, infno } = call.key();
    tx.record_message(&Message {
        party,
        msgid,
        infno,
        digest: call.input.digest().to_owned(),
        output: answer.output.clone(),
        warn_msg: answer.remarks.join("\n"),
        effect: done.effect.clone(),
        recorded_at: call.now,
    })
}
