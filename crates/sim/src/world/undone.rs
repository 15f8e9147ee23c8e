//! What tills take back and send anew (撤销后重传): registrations, lines, admissions, discharges, cancellations. Nothing is left of
//! what was taken back.

use super::World;
use crate::life::{Event, Line};
use crate::office::Told;
use crate::till;
use jiff::ToSpan;
use serde_json::{Value, json};
use yibao_domain::time::moment_text;
use yibao_store::Fault;

/// One in so many does it.
const SOME: u64 = 12;
/// Stands for all lines that are not settled.
const ALL: &str = "0000";

impl World<'_> {
    /// Whether somebody takes this back; where time passes on the way, not while a window may close or open between.
    fn takes_back(&self, event: &Event, what: &str) -> bool {
        let may = self.office.is_undisturbed() || !self.is_outage_near(self.office.now());
        may && self.dice(event, what).one_in(SOME)
    }

    /// A visit is registered, and the registration is taken back (2202).
    pub(super) fn registered_and_taken_back(&mut self, event: &Event) -> Result<(), Told> {
        if !self.takes_back(event, "registered and taken back") {
            return Ok(());
        }
        let person = self.person(event);
        let answer = self.send(event, "2201", &till::registration(event, &person))?;
        let undo =
            json!({"data": {"psn_no": person.psn_no, "mdtrt_id": answer["data"]["mdtrt_id"], "ipt_otp_no": "MZ0"}});
        self.taken_back(event, "2202", &undo);
        Ok(())
    }

    /// A visit's lines are sent, and all of them withdrawn (2205).
    pub(super) fn uploaded_and_taken_back(&mut self, event: &Event, mdtrt_id: &str, fees: &Value) -> Result<(), Told> {
        if !self.takes_back(event, "lines taken back") {
            return Ok(());
        }
        self.send(event, "2204", fees)?;
        let psn_no = self.person(event).psn_no;
        self.taken_back(event, "2205", &json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "chrg_bchno": ALL}}));
        Ok(())
    }

    /// A stay's lines of a day are sent, and withdrawn one by one (2302).
    pub(super) fn sent_and_withdrawn(&mut self, event: &Event, mdtrt_id: &str, fees: &Value) -> Result<(), Fault> {
        if !self.takes_back(event, "lines withdrawn") || self.send(event, "2301", fees).is_err() {
            return Ok(());
        }
        let psn_no = self.person(event).psn_no;
        let rows = fees["feedetail"].as_array().into_iter().flatten();
        let named = rows.map(|row| json!({"psn_no": psn_no, "mdtrt_id": mdtrt_id, "feedetl_sn": row["feedetl_sn"]}));
        let withdrawn = json!({ "data": named.collect::<Vec<_>>() });
        self.taken_back(event, "2302", &withdrawn);
        Ok(())
    }

    /// Somebody is admitted, and the admission is taken back (2404); or admitted by a wrong minute, and put right (2403) before
    /// that is taken back.
    pub(super) fn admitted_and_taken_back(&mut self, event: &Event, input: &Value) -> Result<(), Fault> {
        if !self.takes_back(event, "admission taken back") {
            return Ok(());
        }
        let mut dice = self.dice(event, "admitted by a wrong minute");
        let mut first = input.clone();
        let is_wrong = dice.percent(50);
        if is_wrong {
            let minutes = dice.between(1, 20);
            first["mdtrtinfo"]["begntime"] = json!(moment_text(event.at.saturating_sub(minutes.minutes())));
        }
        let (turn, place) = (self.turn(event), self.place(event));
        let msgid = self.office.msgid(turn, place);
        let Ok(answer) = self.office.send(turn, place, "2401", &first) else { return Ok(()) };
        let (psn_no, mdtrt_id) = (self.person(event).psn_no, answer["result"]["mdtrt_id"].clone());
        if is_wrong {
            let mut right = input["mdtrtinfo"].clone();
            right["mdtrt_id"] = mdtrt_id.clone();
            right["ipt_otp_no"] = input["mdtrtinfo"]["ipt_no"].clone();
            self.taken_back(event, "2403", &json!({ "adminfo": right }));
        }
        let of = json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id}});
        if self.office.is_undisturbed() && dice.percent(50) {
            let reversed = json!({"data": {"psn_no": psn_no, "omsgid": msgid, "oinfno": "2401"}});
            self.taken_back(event, "2601", &reversed);
        } else {
            self.taken_back(event, "2404", &of);
        }
        Ok(())
    }

    /// Somebody is told to have left for home, or for another hospital, which is taken back (2405).
    pub(super) fn discharged_and_taken_back(&mut self, event: &Event, mdtrt_id: &str) -> Result<(), Fault> {
        if !self.takes_back(event, "discharge taken back") {
            return Ok(());
        }
        let person = self.person(event);
        let other = if crate::forms::dscg_way(event) == "2" { "1" } else { "2" };
        if self.send(event, "2402", &till::discharge(event, &person, mdtrt_id, other)).is_err() {
            return Ok(());
        }
        self.taken_back(event, "2405", &json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id}}));
        Ok(())
    }

    /// A settlement is cancelled, and the cancellation is reversed (2601): it stands again.
    pub(super) fn cancelled_and_taken_back(
        &mut self,
        event: &Event,
        infno: &'static str,
        input: &Value,
    ) -> Result<(), Fault> {
        if !self.office.is_undisturbed() || !self.dice(event, "cancellation reversed").one_in(3) {
            return Ok(());
        }
        let place = self.place(event);
        let turn = self.turn(event);
        let msgid = self.office.msgid(turn, place);
        if self.office.send(turn, place, infno, input).is_err() {
            return Ok(());
        }
        let psn_no = self.person(event).psn_no;
        self.taken_back(event, "2601", &json!({"data": {"psn_no": psn_no, "omsgid": msgid, "oinfno": infno}}));
        let now = self.office.now();
        self.case(event.id).put_back.push(now);
        Ok(())
    }

    /// A line comes after the bill, and nobody settles it: it is in nobody's sum.
    pub(super) fn leaves_a_line_open(&mut self, event: &Event, mdtrt_id: &str) {
        let charged = event.lines.iter().find(|line| line.returns.is_none() && line.count > 0);
        let Some(charged) = charged.filter(|_| self.dice(event, "a line after the bill").one_in(SOME)) else { return };
        let late = Line { serial: format!("{}N", charged.serial), ..charged.clone() };
        let input = till::fees([&late], &self.person(event), mdtrt_id, "B9", self.med_type(event));
        self.taken_back(event, "2204", &input);
    }

    fn taken_back(&mut self, event: &Event, infno: &'static str, input: &Value) {
        if let Err(why) = self.send(event, infno, input) {
            let at = self.office.now();
            self.surprises.push(format!("{infno} of {:?} at {at}: {why}", event.id));
        }
    }
}
