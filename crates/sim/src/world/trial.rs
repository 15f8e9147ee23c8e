//! What tills ask beside settling (预结算、查询): what it would come to, how lines are split, how it was settled.

use super::{Heard, World};
use crate::life::{Diagnosis, Event, Kind};
use crate::office::Told;
use jiff::ToSpan;
use serde_json::{Value, json};
use yibao_domain::outage::Plan;
use yibao_domain::refusal::Code;

/// What many are admitted with (腹痛).
pub(crate) const FIRST: Diagnosis = ("R10.400", "腹痛");

/// What was struck out, and would earn points where it counted.
const STRUCK_OUT: Diagnosis = ("C34.900", "肺恶性肿瘤");

/// What a trial has not, or not yet.
const NOT_OF_A_TRIAL: [&str; 5] = ["mdtrt_id", "setl_id", "setl_time", "medins_setl_id", "invono"];
/// What a settlement is asked for again by.
const LOOKED_UP: [&str; 8] = [
    "medfee_sumamt",
    "inscp_scp_amt",
    "act_pay_dedc",
    "hifp_pay",
    "fund_pay_sumamt",
    "acct_pay",
    "psn_cash_pay",
    "clr_type",
];

/// An answer without the fields that say nothing: the tables of a trial and of its settlement do not print the same ones.
fn without_blanks(answer: Value) -> Value {
    match answer {
        Value::Object(members) => {
            let told = members.into_iter().filter(|(_, value)| !value.is_null() && value != "");
            Value::Object(told.map(|(name, value)| (name, without_blanks(value))).collect())
        }
        Value::Array(rows) => Value::Array(rows.into_iter().map(without_blanks).collect()),
        plain => plain,
    }
}

impl World<'_> {
    /// Asks what a settlement would come to.
    pub(super) fn tried_out(&mut self, event: &Event, infno: &'static str, input: &Value) -> Option<Value> {
        if !self.dice(event, "trial").one_in(8) {
            return None;
        }
        self.send(event, infno, input).ok()
    }

    /// A trial says what is settled in the same minute: every amount, the lines of a purchase, what is remarked.
    pub(super) fn as_tried(&mut self, event: &Event, trial: Option<Value>, settled: &Value) {
        let Some(trial) = trial.filter(|_| self.office.is_undisturbed()) else { return };
        let without = |answer: &Value| {
            let mut whole = answer.clone();
            for name in NOT_OF_A_TRIAL {
                whole["setlinfo"][name] = Value::Null;
            }
            without_blanks(whole)
        };
        let (tried, done) = (without(&trial), without(settled));
        if tried != done {
            self.surprises.push(format!("{:?} was tried as {tried:?} and settled as {done:?}", event.id));
        }
    }

    /// Asks how it was settled (5203).
    pub(super) fn looked_up(&mut self, event: &Event) {
        if !self.office.is_undisturbed() || !self.dice(event, "looked up").one_in(12) {
            return;
        }
        let case = &self.cases[&event.id];
        let Some(told) = case.settled.last().cloned() else { return };
        let asked = json!({"data": {
            "psn_no": self.person(event).psn_no, "setl_id": told.setl_id, "mdtrt_id": case.mdtrt_id
        }});
        let answer = match self.send(event, "5203", &asked) {
            Ok(answer) => answer,
            // Some notices close the questions as well.
            Err(Told::Refused(refusal)) if refusal.code == Code::Closed => return,
            Err(why) => {
                self.surprises.push(format!("{} of {:?} cannot be looked up: {why}", told.setl_id, event.id));
                return;
            }
        };
        let shown = |answer: &Value| LOOKED_UP.map(|name| answer["setlinfo"][name].to_string());
        let told_then = told.reply.whole();
        let (is, must) = (shown(&answer), shown(&told_then));
        if is != must || answer["setldetail"] != told_then["setldetail"] {
            self.surprises.push(format!("{} of {:?} is shown as {is:?} and was {must:?}", told.setl_id, event.id));
        }
    }

    /// Tells the receipt, where nothing that is registered may be taken for it.
    pub(super) fn with_its_receipt(&self, event: &Event, node: &str, input: &mut Value) {
        if self.office.is_undisturbed() && !self.is_outage_near(self.office.now()) {
            input[node]["invono"] = json!(crate::forms::receipt(event));
        }
    }

    /// What somebody is admitted with is not yet what he is found to have: the diagnoses of the discharge count. Where a part is settled
    /// before that, or a register may tell the discharge without any, it is the same.
    pub(super) fn with_a_first_diagnosis(&self, event: &Event, input: &mut Value) {
        let Kind::Stay { until, part: None, .. } = event.kind else { return };
        let (begins, ends) = (event.at, until.saturating_add(20.days()));
        let meets = |plan: &Plan| {
            let reopened = plan.window.reopens.expected().unwrap_or(plan.ends.at).saturating_add(20.days());
            plan.first_closing().saturating_sub(4.days()) <= ends && begins <= reopened
        };
        let is_ordinary = self.office.is_undisturbed() && event.birth.is_none() && !self.plans().iter().any(meets);
        if is_ordinary && self.dice(event, "first diagnosis").percent(50) {
            input["mdtrtinfo"]["dscg_maindiag_code"] = json!(FIRST.0);
            input["mdtrtinfo"]["dscg_maindiag_name"] = json!(FIRST.1);
            let row = &mut input["diseinfo"][0];
            row["diag_code"] = json!(FIRST.0);
            row["diag_name"] = json!(FIRST.1);
        }
    }

    /// Some systems send with a visit what was struck out as well, marked as void: it counts for nothing.
    pub(super) fn with_a_void_diagnosis(&self, event: &Event, input: &mut Value) {
        if self.dice(event, "void diagnosis").one_in(3) {
            with_one_more(input, &[("vali_flag", "0")]);
        }
    }

    /// The receipt is told as it was sent.
    pub(super) fn has_its_receipt(&mut self, event: &Event, node: &str, input: &Value, answer: &Value) {
        let (is, must) = (&answer["setlinfo"]["invono"], &input[node]["invono"]);
        if is.as_str().unwrap_or_default() != must.as_str().unwrap_or_default() {
            let at = self.office.now();
            self.surprises.push(format!("{:?} at {at} is told the receipt {is} and sent {must}", event.id));
        }
    }

    /// Keeps how the lines that were sent are split.
    pub(super) fn split(&mut self, event: &Event, answer: &Value) {
        let rows = answer["result"].as_array().cloned().unwrap_or_default();
        let serial = |row: &Value| row["feedetl_sn"].as_str().unwrap_or_default().to_owned();
        self.case(event.id).split.extend(rows.iter().map(|row| (serial(row), Heard::from(row))));
    }
}

/// One diagnosis more than there is, the last of them.
pub(super) fn with_one_more(input: &mut Value, and: &[(&str, &str)]) {
    let Some(rows) = input["diseinfo"].as_array_mut() else { return };
    let Some(mut more) = rows.last().cloned() else { return };
    if rows.iter().any(|row| row["diag_code"] == STRUCK_OUT.0) {
        return;
    }
    more["diag_srt_no"] = json!(rows.len() + 1);
    let named = [("diag_code", STRUCK_OUT.0), ("diag_name", STRUCK_OUT.1), ("maindiag_flag", "0")];
    for (name, value) in named.iter().chain(and) {
        more[*name] = json!(value);
    }
    rows.push(more);
}
