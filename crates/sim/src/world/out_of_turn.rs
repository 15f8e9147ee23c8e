//! What comes out of turn (次序颠倒), and somebody tries: lines whose amounts are not theirs, or that are there already; a registration or
//! an admission taken back from under its lines; a discharge before its fees; whatever a settlement that stands has closed; a line
//! withdrawn from under its return; a message that was reversed before it came. All of it is refused.

use super::World;
use crate::life::{Event, Line};
use crate::office::Told;
use crate::till::{self, yuan};
use jiff::ToSpan;
use serde_json::{Value, json};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::Action;
use yibao_domain::time::moment_text;

/// One in so many tries it.
const SOME: u64 = 10;

impl World<'_> {
    /// Sends what has to be refused, where no copy of it may arrive when it is no more.
    fn out_of_turn(&mut self, event: &Event, what: &str, infno: &'static str, input: &Value) {
        if self.office.is_undisturbed() && self.dice(event, what).one_in(SOME) {
            let answer = self.send(event, infno, input);
            self.must_be_refused(event, what, &answer);
        }
    }

    /// Lines before they are sent: one of them costs more than its pieces.
    pub(super) fn lines_of_wrong_amounts(&mut self, event: &Event, infno: &'static str, fees: &Value) {
        let mut wrong = fees.clone();
        let row = &mut wrong["feedetail"][0];
        let amount = row["det_item_fee_sumamt"].as_str().and_then(|amount| amount.parse().ok());
        let amount: yibao_domain::money::Money = amount.unwrap_or_default();
        row["det_item_fee_sumamt"] = json!(yuan(amount.as_fen() + 100));
        self.out_of_turn(event, "charged a yuan too much in a line", infno, &wrong);
    }

    /// Lines once they are there: sent again under another number, and what they are of taken back from under them.
    pub(super) fn lines_are_there(&mut self, event: &Event, mdtrt_id: &str, infno: &'static str, fees: &Value) {
        self.out_of_turn(event, "charged twice", infno, fees);
        let psn_no = self.person(event).psn_no;
        let undo = json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "ipt_otp_no": "MZ0"}});
        // A registration takes its lines with it.
        if infno == "2301" {
            self.out_of_turn(event, "taken back from under its lines", "2404", &undo);
            self.withdrawn_from_under_its_return(event, mdtrt_id);
        }
    }

    fn withdrawn_from_under_its_return(&mut self, event: &Event, mdtrt_id: &str) {
        let sent = &event.lines[..self.cases[&event.id].uploaded];
        let Some(returned) = sent.iter().find_map(|line| line.returns.clone()) else { return };
        if !sent.iter().any(|line| line.serial == returned) {
            return;
        }
        let psn_no = self.person(event).psn_no;
        let input = json!({"data": [{"psn_no": psn_no, "mdtrt_id": mdtrt_id, "feedetl_sn": returned}]});
        self.out_of_turn(event, "withdrawn from under its return", "2302", &input);
    }

    /// A discharge before the admission, and before what was charged.
    pub(super) fn left_before_the_fees(&mut self, event: &Event, mdtrt_id: &str) {
        let person = self.person(event);
        let mut input = till::discharge(event, &person, mdtrt_id, "1");
        input["dscginfo"]["endtime"] = json!(moment_text(event.at.saturating_sub(1.hour())));
        self.out_of_turn(event, "left before the admission", "2402", &input);
        let far = event.at.date().saturating_add(3.days()).at(0, 0, 0, 0);
        if event.lines[..self.cases[&event.id].uploaded].iter().any(|line| line.at >= far) {
            input["dscginfo"]["endtime"] = json!(moment_text(event.at.saturating_add(1.second())));
            self.out_of_turn(event, "left before the fees", "2402", &input);
        }
    }

    /// A discharge before the day of a part that is settled.
    pub(super) fn left_before_its_part(&mut self, event: &Event, mdtrt_id: &str) {
        let day_before = self.office.now().date().yesterday().unwrap_or(event.at.date());
        let left = day_before.at(23, 0, 0, 0);
        if left <= event.at {
            return;
        }
        let mut input = till::discharge(event, &self.person(event), mdtrt_id, "1");
        input["dscginfo"]["endtime"] = json!(moment_text(left));
        self.of_a_part(event, "left before a part that is settled", "2402", &input);
    }

    /// A stay that is over has no parts any more.
    pub(super) fn settled_in_part_after_it_is_over(&mut self, event: &Event, input: &Value) {
        let mut part = input.clone();
        part["data"]["mid_setl_flag"] = json!("1");
        self.out_of_turn(event, "settled in part after its discharge", "2304", &part);
    }

    /// Parts are few, so that every other one is tried.
    fn of_a_part(&mut self, event: &Event, what: &str, infno: &'static str, input: &Value) {
        if self.office.is_undisturbed() && self.dice(event, what).one_in(2) {
            let answer = self.send(event, infno, input);
            self.must_be_refused(event, what, &answer);
        }
    }

    /// A stay whose discharge is settled takes no more lines, is not left again, nor admitted otherwise, nor taken back.
    pub(super) fn a_settled_stay_is_closed(&mut self, event: &Event, mdtrt_id: &str) {
        let (person, med_type) = (self.person(event), self.med_type(event));
        let psn_no = person.psn_no.clone();
        let part = self.cases[&event.id].settled.first().map(|part| part.setl_id.clone());
        if let Some(part) = part.filter(|_| self.cases[&event.id].parted > 0) {
            self.of_a_part(
                event,
                "cancelled in part from under its end",
                "2305",
                &till::cancellation(&person, mdtrt_id, &part),
            );
        }
        if let Some(line) = event.lines.last() {
            let late = Line { serial: format!("{}S", line.serial), count: 1, returns: None, ..line.clone() };
            let fees = till::fees([&late], &person, mdtrt_id, "", med_type);
            self.out_of_turn(event, "charged after its settlement", "2301", &fees);
        }
        self.out_of_turn(event, "left again", "2402", &till::discharge(event, &person, mdtrt_id, "1"));
        let of = json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id}});
        self.out_of_turn(event, "back in hospital after its settlement", "2405", &of);
        self.out_of_turn(event, "never admitted after its settlement", "2404", &of);
        let mut other = till::admission(event, &person, med_type)["mdtrtinfo"].clone();
        other["mdtrt_id"] = json!(mdtrt_id);
        other["ipt_otp_no"] = other["ipt_no"].clone();
        other["begntime"] = json!(moment_text(event.at.saturating_sub(1.day())));
        self.out_of_turn(event, "admitted a day before, after its settlement", "2403", &json!({ "adminfo": other }));
    }

    /// A visit that is settled is not another one, nor taken back.
    pub(super) fn a_settled_visit_is_closed(&mut self, event: &Event, mdtrt_id: &str) {
        let (person, med_type) = (self.person(event), self.med_type(event));
        let other = if med_type == "11" { "14" } else { "11" };
        let described = till::description(event, &person, mdtrt_id, other);
        self.out_of_turn(event, "another kind of visit after its settlement", "2203A", &described);
        let undo = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id, "ipt_otp_no": "MZ0"}});
        self.out_of_turn(event, "never registered after its settlement", "2202", &undo);
    }

    /// Nobody is insured again while all is closed.
    pub(super) fn converted_back_too_early(&mut self, event: &Event, number: &str) {
        // Hours go by, and each of them asks.
        let is_asked = self.office.is_undisturbed() && self.office.now().hour() == 3;
        if !is_asked || !self.dice(event, "converted back too early").one_in(4) {
            return;
        }
        let fields = self.filled(event, RegisterKind::StayConversion, Action::ConvertBack);
        let told = self.office.act(self.turn(event), &self.clerk(event), number, Action::ConvertBack, &fields);
        if !matches!(told, Err(Told::Refused(_))) {
            self.surprises.push(format!("{number} of {:?} is converted back while closed: {told:?}", event.id));
        }
    }

    /// A message is reversed before it comes, and has no effect when it does.
    pub(super) fn reversed_before_it_comes(&mut self, event: &Event, infno: &'static str, input: &Value) {
        const WHAT: &str = "settled by a message that was reversed before";
        if !self.office.is_undisturbed() || !self.dice(event, WHAT).one_in(SOME) {
            return;
        }
        let (place, turn) = (self.place(event), self.turn(event));
        let msgid = self.office.msgid(turn, place);
        let undo = json!({"data": {"psn_no": self.person(event).psn_no, "omsgid": msgid, "oinfno": infno}});
        let reversed = self.send(event, "2601", &undo);
        if reversed.is_ok() {
            let answer: Result<Value, Told> = self.office.send(turn, place, infno, input);
            self.must_be_refused(event, WHAT, &answer);
        }
    }
}
