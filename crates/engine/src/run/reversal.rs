//! 2601 (冲正): undoes a message whose outcome its sender does not know.
//!
//! An unseen original leaves a tombstone and is answered with success and a remark, since it can have
//! no effect any more; a repeated reversal answers the same. Undoing a cancellation settles the same
//! amounts again as a new round, since recorded rows are never changed.

use crate::call::{Call, Done, Stop};
use crate::calls::{cancel, stay};
use crate::encounter;
use crate::policies::Policies;
use yibao_domain::refusal::{Code, Refusal};
use yibao_interface::is_receiver_msgid;
use yibao_store::Tx;
use yibao_store::encounter::EncounterState;
use yibao_store::message::{Message, MessageKey, MessageReversal};

/// Transactions that can be reversed, with their A variants.
const REVERSIBLE: &[&str] = &["2102", "2103", "2207", "2208", "2304", "2305", "2401"];

/// 2601.
pub(crate) fn reverse(tx: &mut dyn Tx, call: &Call, policies: &Policies) -> Result<Done, Stop> {
    let fields = call.input.node("data")?;
    let (omsgid, oinfno) = (fields.demand("omsgid")?, fields.demand("oinfno")?);
    let base = oinfno.trim_end_matches('A');
    if !REVERSIBLE.contains(&base) {
        return Err(Refusal::new(
            Code::NotReversible,
            format!("交易 oinfno {oinfno} 不可冲正；可冲正的交易为 {}", REVERSIBLE.join("、")),
        )
        .into());
    }
    let undone = MessageKey::new(call.party.clone(), omsgid, oinfno);
    let original = tx.message(&undone)?;
    if original.is_none() {
        must_be_of_the_sender(call, policies, omsgid)?;
    }
    if tx.message_reversal(&undone)?.is_some() {
        return Ok(Done::silently().remark(format!("报文 {omsgid} 此前已冲正")));
    }
    let mut done = Done::silently();
    match &original {
        Some(message) => done.remarks.extend(undo(tx, call, policies, message, fields.text("psn_no"))?),
        None => {
            must_not_be_another(tx, &undone, oinfno)?;
            done.remarks.push(format!("未收到过报文 {omsgid}；该报文今后到达也不再产生效力"));
        }
    }
    tx.record_message_reversal(&MessageReversal {
        party: undone.party,
        omsgid: undone.msgid,
        oinfno: undone.infno,
        psn_no: fields.text("psn_no").to_owned(),
        msgid: call.msgid.clone(),
        recorded_at: call.now,
    })?;
    Ok(done)
}

/// Refuses the id of a reply: the platform made it, no message has it, and a tombstone would let the sender believe that something
/// is undone. Who makes ids of that form himself is believed.
fn must_be_of_the_sender(call: &Call, policies: &Policies, omsgid: &str) -> Result<(), Stop> {
    let is_ours = |id: &str| is_receiver_msgid(id, policies.rules.pools().iter().map(|pool| pool.pool.as_str()));
    if !is_ours(omsgid) || is_ours(&call.msgid) {
        return Ok(());
    }
    let text = format!(
        "原发送方报文ID omsgid {omsgid} 填的是平台返回的 inf_refmsgid，未冲正任何交易；请填贵方发送原交易时的 msgid 后重新冲正"
    );
    Err(Refusal::new(Code::NotFound, text).into())
}

/// Refuses where the sender's message of this id did something else that can be reversed: then the wrong transaction is named,
/// and a tombstone would let the sender believe that it is undone. Two transactions under one id are usual otherwise.
fn must_not_be_another(tx: &mut dyn Tx, undone: &MessageKey, oinfno: &str) -> Result<(), Stop> {
    let others = tx.transactions_of(&undone.party, &undone.msgid)?;
    match others.iter().find(|infno| REVERSIBLE.contains(&infno.as_str())) {
        Some(infno) => Err(Refusal::new(
            Code::MessageDiffers,
            format!("报文 {} 是交易 {infno}，不是 oinfno {oinfno}；请核对原交易编号", undone.msgid),
        )
        .into()),
        None => Ok(()),
    }
}

/// Undoes what a message did, with a remark where there is more to know.
fn undo(
    tx: &mut dyn Tx,
    call: &Call,
    policies: &Policies,
    message: &Message,
    psn_no: &str,
) -> Result<Option<String>, Stop> {
    match message.infno.as_str() {
        "2401" => {
            let admitted = encounter::of_message(tx, call, &message.effect, psn_no)?;
            if admitted.state != EncounterState::Cancelled {
                stay::undo_admission(tx, admitted, call.now)?;
            }
            Ok(None)
        }
        "2102" | "2207" | "2304" => cancel::undo_settlement(tx, call, policies, &message.effect, psn_no),
        _ => cancel::undo_cancellation(tx, call, policies, &message.effect, psn_no),
    }
}
