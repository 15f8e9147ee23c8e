//! Once and only once at a desk (办理幂等): a deed that was submitted is journalled as a message is.
//!
//! Key: the clerk as party, the submission with what it is about, and the act. Same key and content: the answer of before, as it was
//! given. Same key, other content: refused. What was refused, or changed nothing, leaves nothing and may be tried again.

use crate::call::Stop;
use crate::outage::order::{Amounts, Correction};
use crate::register::{Kept, NewEntry};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use yibao_domain::money::Money;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Entry, EntryLine, Stated};
use yibao_domain::time::{DateTime, moment_name, moment_text};
use yibao_domain::written::hexadecimal;
use yibao_store::message::{Message, MessageKey};
use yibao_store::outage::{BackfillRun, EnteredEvent, ProposedPlan, PublishedPlan};
use yibao_store::{AsText, Fault, Tx};

/// The act of replacing an entry's fee lines.
pub(super) const LINES: &str = "lines";
/// The act of publishing a plan.
pub(super) const PUBLISH: &str = "publish_plan";
/// The act of proposing a version of a plan.
pub(super) const PROPOSE: &str = "propose_plan";
/// The act of deciding on a proposed version.
pub(super) const DECIDE: &str = "decide_plan";
/// The act of entering that an event has happened.
pub(super) const ENTER: &str = "enter_event";
/// The act of correcting when it happened.
pub(super) const CORRECT_EVENT: &str = "correct_event";
/// The act of starting a run of the backfill.
pub(super) const START: &str = "start_backfill";
/// The act of backfilling one entry.
pub(super) const BACKFILL: &str = "backfill";
/// The act of putting a person's settlements in order.
pub(super) const CORRECT_ORDER: &str = "correct_order";
/// The act of changing one's password.
pub(super) const PASSWORD: &str = "change_password";

/// What tells a deed from every other, and what it says.
#[derive(Clone)]
pub(super) struct Once {
    key: MessageKey,
    digest: String,
}

/// What a deed is answered with, and how the journal keeps it.
pub(super) trait Answer: Sized {
    /// Whether it has changed anything.
    fn is_done(&self) -> bool {
        true
    }

    /// The register entry that it is about, if any.
    fn effect(&self) -> &str {
        ""
    }

    /// What is to be looked at, for people.
    fn remarks(&self) -> &[String] {
        &[]
    }

    /// The rest of the answer as JSON.
    fn output(&self) -> String;

    /// The answer that the journal has kept.
    fn of(message: Message) -> Result<Self, Fault>;
}

impl Once {
    /// The deed of a submission about something (an entry, a row of a sheet; empty: the one thing that it is about).
    pub fn new(party: Party, submission: &str, about: &str, act: &str, said: &Value) -> Once {
        let msgid = if about.is_empty() { submission.to_owned() } else { format!("{submission}/{about}") };
        Once { key: MessageKey::new(party, &msgid, act), digest: digest(said) }
    }

    /// What the journal has of it; refuses what it has with other content.
    fn before(&self, tx: &mut dyn Tx) -> Result<Option<Message>, Stop> {
        match self.journalled(tx)? {
            Some(message) if message.digest != self.digest => Err(differs(&message).into()),
            found => Ok(found),
        }
    }

    /// What the journal has under its key, whatever it said.
    pub fn journalled(&self, tx: &mut dyn Tx) -> Result<Option<Message>, Fault> {
        tx.message(&self.key)
    }

    /// Records it with its answer.
    pub fn record(&self, tx: &mut dyn Tx, answer: &impl Answer, now: DateTime) -> Result<(), Fault> {
        let MessageKey { party, msgid, infno } = self.key.clone();
        tx.record_message(&Message {
            party,
            msgid,
            infno,
            digest: self.digest.clone(),
            output: answer.output(),
            warn_msg: answer.remarks().join("\n"),
            effect: answer.effect().to_owned(),
            recorded_at: now,
        })
    }
}

/// What is said, in short.
pub(super) fn digest(said: &Value) -> String {
    hexadecimal(&Sha256::digest(said.to_string()))
}

/// What a deed was answered with, where it has been done.
pub(super) fn answered<A: Answer>(tx: &mut dyn Tx, once: &Once) -> Result<Option<A>, Stop> {
    Ok(once.before(tx)?.map(A::of).transpose()?)
}

/// Does a deed, unless it has been done.
pub(super) fn once<A: Answer, E: From<Stop>>(
    tx: &mut dyn Tx,
    once: Option<&Once>,
    now: DateTime,
    deed: impl FnOnce(&mut dyn Tx) -> Result<A, E>,
) -> Result<A, E> {
    let Some(once) = once else { return deed(tx) };
    if let Some(answered) = answered(tx, once)? {
        return Ok(answered);
    }
    let answer = deed(tx)?;
    if answer.is_done() {
        once.record(tx, &answer, now).map_err(Stop::from)?;
    }
    Ok(answer)
}

/// The refusal of a form that was sent before with other content.
pub(super) fn differs(message: &Message) -> Refusal {
    let at = moment_name(message.recorded_at);
    let about = if message.effect.is_empty() { String::new() } else { format!("，台账 {}", message.effect) };
    let text = format!("这张表单已于 {at} 提交过{about}；这次的内容与那次不同，没有办理；请刷新页面后重新填写");
    Refusal::new(Code::MessageDiffers, text)
}

fn remarks_of(message: &Message) -> Vec<String> {
    message.warn_msg.lines().map(str::to_owned).collect()
}

impl Answer for Kept {
    fn is_done(&self) -> bool {
        self.is_new
    }

    fn effect(&self) -> &str {
        &self.entry.number
    }

    fn remarks(&self) -> &[String] {
        &self.remarks
    }

    fn output(&self) -> String {
        self.entry.as_text()
    }

    fn of(message: Message) -> Result<Kept, Fault> {
        Ok(Kept { entry: Entry::of_text(&message.output)?, remarks: remarks_of(&message), is_new: true })
    }
}

/// Answers that are records.
macro_rules! answers {
    ($($record:ident),+) => {$(
        impl Answer for $record {
            fn output(&self) -> String {
                self.as_text()
            }

            fn of(message: Message) -> Result<$record, Fault> {
                $record::of_text(&message.output)
            }
        }
    )+};
}

answers!(PublishedPlan, ProposedPlan, EnteredEvent, BackfillRun);

/// An attempt to backfill one entry: the entry as it was settled, or why it was refused, which its history has too.
pub(super) type Attempted = Result<Entry, (String, Refusal)>;

impl Answer for Attempted {
    fn effect(&self) -> &str {
        match self {
            Ok(entry) => &entry.number,
            Err((number, _)) => number,
        }
    }

    fn output(&self) -> String {
        match self {
            Ok(entry) => entry.as_text(),
            Err((_, refusal)) => json!({
                "refused": refusal.code.as_str(), "text": refusal.text, "advice": refusal.advice,
            })
            .to_string(),
        }
    }

    fn of(message: Message) -> Result<Attempted, Fault> {
        let kept: Value = read(&message)?;
        let Some(code) = kept["refused"].as_str() else { return Ok(Ok(Entry::of_text(&message.output)?)) };
        let code = Code::ALL.iter().copied().find(|known| known.as_str() == code).ok_or_else(|| broken(&message))?;
        let text = kept["text"].as_str().unwrap_or_default();
        let advice = kept["advice"].as_str().map(str::to_owned);
        Ok(Err((message.effect, Refusal { advice, ..Refusal::new(code, text) })))
    }
}

impl Answer for Vec<Correction> {
    fn output(&self) -> String {
        let amounts = |of: &Amounts| json!([of.funds.to_string(), of.account.to_string(), of.cash.to_string()]);
        let rows = self.iter().map(|row| {
            let care = row.care.to_string();
            json!([row.psn_no, row.fixmedins_code, row.setl_id, care, amounts(&row.before), amounts(&row.after)])
        });
        rows.collect::<Value>().to_string()
    }

    fn of(message: Message) -> Result<Vec<Correction>, Fault> {
        let kept: Value = read(&message)?;
        let amount = |of: &Value| of.as_str()?.parse::<Money>().ok();
        let amounts =
            |of: &Value| Some(Amounts { funds: amount(&of[0])?, account: amount(&of[1])?, cash: amount(&of[2])? });
        let text = |of: &Value| of.as_str().map(str::to_owned);
        let row = |row: &Value| {
            Some(Correction {
                psn_no: text(&row[0])?,
                fixmedins_code: text(&row[1])?,
                setl_id: text(&row[2])?,
                care: row[3].as_str()?.parse().ok()?,
                before: amounts(&row[4])?,
                after: amounts(&row[5])?,
            })
        };
        let rows = kept.as_array().and_then(|rows| rows.iter().map(row).collect());
        rows.ok_or_else(|| broken(&message))
    }
}

/// A deed whose answer is that it was done.
pub(super) struct Done;

impl Answer for Done {
    fn output(&self) -> String {
        "null".to_owned()
    }

    fn of(_: Message) -> Result<Done, Fault> {
        Ok(Done)
    }
}

fn read(message: &Message) -> Result<Value, Fault> {
    serde_json::from_str(&message.output).map_err(|_| broken(message))
}

fn broken(message: &Message) -> Fault {
    Fault::new("answering again to submission", &message.msgid, "what was answered cannot be read")
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
