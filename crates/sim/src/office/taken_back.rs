//! Clients that take back what they have heard nothing of (冲正 2601), and such that use a number for something else. What was taken
//! back counts no more, whenever it comes, and the same care is sent under another number; a number that is used is used.

use super::process::Message;
use super::{Office, Told, Turn};
use crate::city::Place;
use crate::faults::{Mishap, PATIENCE};
use jiff::ToSpan;
use serde_json::{Value, json};
use yibao_domain::refusal::Code;

/// What a client takes back rather than to ask again: settlements.
const TAKEN_BACK: [&str; 3] = ["2102", "2207", "2304"];

impl Office {
    pub(super) fn message(&self, turn: Turn, place: &Place, infno: &str, input: &Value) -> Message {
        let now = self.now();
        Message::written(place, &self.area, infno, turn.msgid(place, now), now, input)
    }

    /// Whether the client of a message takes it back, and whether it has come.
    pub(super) fn is_taken_back(&self, turn: Turn, infno: &str) -> Option<bool> {
        match self.faults.of(turn, 0) {
            Mishap::TakenBack { arrives } if TAKEN_BACK.contains(&infno) => Some(arrives),
            _ => None,
        }
    }

    /// Whether a message of this number was taken back.
    pub fn has_taken_back(&self, msgid: &str) -> bool {
        self.taken_back.borrow().contains(msgid)
    }

    /// Sends a message, takes it back without having heard of it, and sends the same under another number.
    pub(super) fn sent_anew(
        &self,
        turn: Turn,
        place: &Place,
        message: &Message,
        input: &Value,
        arrives: bool,
    ) -> Result<Value, Told> {
        if arrives {
            let answer = self.struck(None, turn, 0, |process| process.take(message, 1)).pop();
            if let Some(Err(Told::Refused(refusal))) = answer {
                return Err(Told::Refused(refusal));
            }
        }
        self.later(turn, 0);
        let undoing = self.turn(turn.whose);
        let (oinfno, psn_no) = (&message.infno, person_of(input));
        let data = json!({"data": {"psn_no": psn_no, "omsgid": message.msgid, "oinfno": oinfno}});
        let undo = self.message(undoing, place, "2601", &data);
        self.through(undoing, "2601", |process, copies| process.take(&undo, copies))?;
        self.taken_back.borrow_mut().insert(message.msgid.clone());
        // A copy that was held up comes after all.
        let late = self.struck(None, turn, PATIENCE, |process| process.take(message, 1)).pop();
        if !matches!(&late, Some(Err(Told::Refused(refusal))) if refusal.code == Code::MessageReversed) {
            self.disagree(format!("{oinfno} {} was taken back and then answered {late:?}", message.msgid));
        }
        self.later(turn, 1);
        let again = self.turn(turn.whose);
        let anew = self.message(again, place, &message.infno, input);
        self.through(again, &message.infno, |process, copies| process.take(&anew, copies))
    }

    fn later(&self, turn: Turn, attempt: u64) {
        self.at(self.now().saturating_add(self.faults.pause(turn, attempt).seconds()));
    }

    /// Sends something else under the number of a message that was answered; it is refused.
    pub(super) fn may_use_its_number_again(
        &self,
        turn: Turn,
        place: &Place,
        message: &Message,
        input: &Value,
        answer: &Result<Value, Told>,
    ) {
        if self.faults.of(turn, 0) != Mishap::NumberUsedAgain
            || answer.is_err()
            || !TAKEN_BACK.contains(&message.infno.as_str())
        {
            return;
        }
        let mut other = input.clone();
        for node in other.as_object_mut().into_iter().flat_map(|nodes| nodes.values_mut()).filter(|of| of.is_object()) {
            node["invono"] = json!("FP-OTHER");
        }
        let other = Message::written(place, &self.area, &message.infno, message.msgid.clone(), self.now(), &other);
        let told = self.struck(None, turn, 2 * PATIENCE, |process| process.take(&other, 1)).pop();
        if !matches!(&told, Some(Err(Told::Refused(refusal))) if refusal.code == Code::MessageDiffers) {
            self.disagree(format!("{} {} was used again and answered {told:?}", message.infno, message.msgid));
        }
    }
}

/// Whose care a message is about.
fn person_of(input: &Value) -> &str {
    let nodes = input.as_object().into_iter().flat_map(|nodes| nodes.values());
    nodes.filter_map(|node| node["psn_no"].as_str()).next().unwrap_or_default()
}
