//! Once and only once at a desk (办理幂等): a deed that was submitted is journalled as a message is.
//!
//! Key: the clerk as party, the submission with what it is about, and the act. Same key and content: the answer of before, with the
//! entry as it stands now. Same key, other content: refused. What was refused, or changed nothing, leaves nothing and may be
//! tried again.

use crate::register::problem::NotDone;
use crate::register::{Kept, NewEntry};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yibao_domain::party::Party;
use yibao_domain::refusal::Code;
use yibao_domain::register::{EntryLine, Stated};
use yibao_domain::time::{DateTime, moment_text};
use yibao_domain::written::hexadecimal;
use yibao_store::message::{Message, MessageKey};
use yibao_store::{Fault, Tx};

/// The act of replacing an entry's fee lines.
pub(super) const LINES: &str = "lines";

/// What tells a deed from every other, and what it says.
pub(super) struct Once {
    key: MessageKey,
    digest: String,
}

impl Once {
    /// The deed of a submission about something (an entry, a row of a sheet; empty: the one thing that it is about).
    pub fn new(party: Party, submission: &str, about: &str, act: &str, said: &Value) -> Once {
        let msgid = if about.is_empty() { submission.to_owned() } else { format!("{submission}/{about}") };
        let digest = hexadecimal(&Sha256::digest(said.to_string()));
        Once { key: MessageKey::new(party, &msgid, act), digest }
    }
}

/// Does a deed, unless it has been done.
pub(super) fn once(
    tx: &mut dyn Tx,
    once: Option<&Once>,
    now: DateTime,
    deed: impl FnOnce(&mut dyn Tx) -> Result<Kept, NotDone>,
) -> Result<Kept, NotDone> {
    let Some(once) = once else { return deed(tx) };
    if let Some(message) = tx.message(&once.key)? {
        return answered_before(tx, once, message);
    }
    let kept = deed(tx)?;
    if kept.is_new {
        let MessageKey { party, msgid, infno } = once.key.clone();
        tx.record_message(&Message {
            party,
            msgid,
            infno,
            digest: once.digest.clone(),
            output: "null".to_owned(),
            warn_msg: kept.remarks.join("\n"),
            effect: kept.entry.number.clone(),
            recorded_at: now,
        })?;
    }
    Ok(kept)
}

fn answered_before(tx: &mut dyn Tx, once: &Once, message: Message) -> Result<Kept, NotDone> {
    if message.digest != once.digest {
        let at = moment_text(message.recorded_at);
        let text = format!(
            "这张表单已于 {at} 提交过,台账 {};这次的内容与那次不同,没有办理;请刷新页面后重新填写",
            message.effect
        );
        return Err(NotDone::refused(Code::MessageDiffers, text));
    }
    let entry = tx.entry(&message.effect)?;
    let entry = entry.ok_or_else(|| Fault::new("answering again about entry", &message.effect, "it is gone"))?;
    Ok(Kept { entry, remarks: message.warn_msg.lines().map(str::to_owned).collect(), is_new: true })
}

/// What a statement says.
pub(super) fn statement(new: &NewEntry) -> Value {
    json!([new.kind.word(), new.fixmedins_code, new.fields, lines(&new.lines)])
}

/// What a step says of an entry.
pub(super) fn step(number: &str, fields: &Stated) -> Value {
    json!([number, fields])
}

/// What the lines of an entry are to be.
pub(super) fn replacement(number: &str, kept: &[EntryLine]) -> Value {
    json!([number, lines(kept)])
}

fn lines(lines: &[EntryLine]) -> Value {
    let line = |line: &EntryLine| {
        json!([
            line.feedetl_sn,
            moment_text(line.fee_ocur_time),
            line.med_list_codg,
            line.medins_list_codg,
            line.cnt.to_string(),
            line.pric.to_string(),
            line.det_item_fee_sumamt.to_string(),
            line.hosp_appr_flag,
            line.init_feedetl_sn,
            line.prd_days,
        ])
    };
    lines.iter().map(line).collect()
}
