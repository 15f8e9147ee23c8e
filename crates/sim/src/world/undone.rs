//! What tills take back and send anew (撤销后重传): registrations, lines, admissions, discharges, cancellations. Nothing is left of
//! what was taken back.

use super::World;
use crate::life::{Event, Kind, Line};
use crate::office::Told;
use crate::till::{self, BATCH};
use jiff::ToSpan;
use serde_json::{Value, json};
use yibao_domain::time::moment_text;
use yibao_store::Fault;

/// One in so many does it.
const SOME: u64 = 12;
/// Stands for all lines that are not settled.
const ALL: &str = "0000";
/// A batch that a visit has by mistake.
const OTHER_BATCH: &str = "B7";

impl World<'_> {
    /// Whether somebody takes this back; where time passes on the way, not while a window may close or open between.
    fn takes_back(&self, event: &Event, what: &str) -> bool {
        let may = self.office.is_undisturbed() || !self.is_outage_near(self.office.now());
        may && self.dice(event, what).one_in(SOME)
    }

    /// A visit is registered, some are charged, and the registration is taken back (2202): its lines go with it.
    pub(super) fn registered_and_taken_back(&mut self, event: &Event) -> Result<(), Told> {
        if !self.takes_back(event, "registered and taken back") {
            return Ok(());
        }
        let person = self.person(event);
        let answer = self.send(event, "2201", &till::registration(event, &person))?;
        let mdtrt_id = answer["data"]["mdtrt_id"].as_str().unwrap_or_default().to_owned();
        let is_charged = self.office.is_undisturbed() && self.is_charged_all_the_same(event, &mdtrt_id);
        let undo = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id, "ipt_otp_no": "MZ0"}});
        match self.send(event, "2202", &undo) {
            Ok(answer) => {
                let is_told = answer["warn_msg"].as_str().is_some_and(|remarks| remarks.contains("一并撤销"));
                if is_charged && !is_told {
                    self.surprises
                        .push(format!("2202 of {mdtrt_id} of {:?} withdraws lines and remarks {answer}", event.id));
                }
            }
            Err(why) => self.surprises.push(format!("2202 of {:?}: {why}", event.id)),
        }
        self.is_shown(event, &mdtrt_id, None);
        let of = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id, "setl_id": ""}});
        let left = self.asked(event, "5204", &of).filter(|_| is_charged);
        if left.as_ref().is_some_and(|rows| rows.as_array().is_none_or(|rows| !rows.is_empty())) {
            self.surprises.push(format!("5204 of {mdtrt_id} of {:?} tells {left:?}, taken back", event.id));
        }
        Ok(())
    }

    /// A line of the visit is charged to a registration that will be taken back; whether it is there.
    fn is_charged_all_the_same(&mut self, event: &Event, mdtrt_id: &str) -> bool {
        let charged = event.lines.iter().find(|line| line.returns.is_none() && line.count > 0);
        let comes = self.dice(event, "charged, and the registration taken back").percent(50);
        let Some(charged) = charged.filter(|_| comes) else { return false };
        let line = Line { serial: format!("{}R", charged.serial), ..charged.clone() };
        let fees = till::fees([&line], &self.person(event), mdtrt_id, BATCH, self.med_type(event));
        self.send(event, "2204", &fees).is_ok()
    }

    /// A visit is described, and then otherwise: what is said last counts.
    pub(super) fn described_otherwise_first(&mut self, event: &Event, description: &Value) -> Result<(), Told> {
        if self.takes_back(event, "described otherwise first") {
            let mut first = description.clone();
            first["mdtrtinfo"]["main_cond_dscr"] = json!("待查");
            self.send(event, "2203A", &first)?;
        }
        Ok(())
    }

    /// What 5201 shows of an encounter: nothing once it is taken back, and else whether the patient lies there.
    fn is_shown(&mut self, event: &Event, mdtrt_id: &str, lies_there: Option<bool>) {
        let (psn_no, day) = (self.person(event).psn_no, event.at.date().to_string());
        let data = json!({"psn_no": psn_no, "mdtrt_id": mdtrt_id, "begntime": day, "endtime": day});
        let Some(answer) = self.asked(event, "5201", &json!({ "data": data })) else { return };
        let rows = answer["mdtrtinfo"].as_array().cloned().unwrap_or_default();
        let has_left = |row: &Value| row["endtime"].as_str().is_some_and(|left| !left.is_empty());
        let shown: Vec<bool> = rows.iter().map(|row| row["inhosp_stas"] == "1" && !has_left(row)).collect();
        if shown != Vec::from_iter(lies_there) {
            self.surprises.push(format!("5201 of {mdtrt_id} of {:?} tells {rows:?}, taken back", event.id));
        }
    }

    /// A question on the way; nothing where the notice has closed it, or something goes wrong.
    fn asked(&self, event: &Event, infno: &str, input: &Value) -> Option<Value> {
        let is_certain = self.office.is_undisturbed();
        is_certain.then(|| self.office.send(self.turn(event), self.place(event), infno, input)).and_then(Result::ok)
    }

    /// A visit's lines are sent, and all of them withdrawn (2205).
    pub(super) fn uploaded_and_taken_back(&mut self, event: &Event, mdtrt_id: &str, fees: &Value) -> Result<(), Told> {
        if !self.takes_back(event, "lines taken back") {
            return Ok(());
        }
        self.send(event, "2204", fees)?;
        let answer = self.all_lines_taken_back(event, mdtrt_id)?;
        let is_told = answer["warn_msg"].as_str().is_some_and(|remarks| remarks.contains("已结算"));
        // What a first bill has settled is not withdrawn, and whoever meant it is told so.
        if is_told != (self.cases[&event.id].parted > 0) && self.office.is_undisturbed() {
            self.surprises.push(format!("2205 of {mdtrt_id} of {:?} remarks {answer}", event.id));
        }
        Ok(())
    }

    /// All lines of a visit that are not settled are withdrawn (2205).
    pub(super) fn all_lines_taken_back(&mut self, event: &Event, mdtrt_id: &str) -> Result<Value, Told> {
        let psn_no = self.person(event).psn_no;
        let all = json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "chrg_bchno": ALL}});
        self.send(event, "2205", &all)
    }

    /// Lines of another batch come by mistake, before the bill; whether they are there.
    pub(super) fn another_batch(&mut self, event: &Event, mdtrt_id: &str) -> Result<bool, Told> {
        let comes = !self.is_outage_near(self.office.now()) && self.takes_back(event, "another batch");
        let charged = event.lines.iter().find(|line| line.returns.is_none() && line.count > 0);
        let Some(charged) = charged.filter(|_| comes) else { return Ok(false) };
        let wrong = Line { serial: format!("{}Q", charged.serial), ..charged.clone() };
        let fees = till::fees([&wrong], &self.person(event), mdtrt_id, OTHER_BATCH, self.med_type(event));
        self.send(event, "2204", &fees)?;
        Ok(true)
    }

    /// That batch is withdrawn (2205), and that one alone: before the bill is settled or after it.
    pub(super) fn without_the_other_batch(&mut self, event: &Event, mdtrt_id: &str) {
        let psn_no = self.person(event).psn_no;
        let of = json!({"data": {"psn_no": psn_no, "mdtrt_id": mdtrt_id, "chrg_bchno": OTHER_BATCH}});
        self.taken_back(event, "2205", &of);
    }

    /// A stay whose settlement is cancelled takes lines again: one comes, and is withdrawn.
    pub(super) fn takes_lines_again(&mut self, event: &Event, mdtrt_id: &str) {
        let is_stay = matches!(event.kind, Kind::Stay { .. });
        let near = self.is_outage_near(self.office.now());
        let charged = event.lines.iter().find(|line| line.returns.is_none() && line.count > 0);
        let Some(charged) = charged.filter(|_| is_stay && !near && self.office.is_undisturbed()) else { return };
        let late = Line { serial: format!("{}L", charged.serial), ..charged.clone() };
        let (person, med_type) = (self.person(event), self.med_type(event));
        if let Err(why) = self.send(event, "2301", &till::fees([&late], &person, mdtrt_id, "", med_type)) {
            self.surprises.push(format!("{:?} is cancelled and takes no line: {why}", event.id));
            return;
        }
        let row = json!({"psn_no": person.psn_no, "mdtrt_id": mdtrt_id, "feedetl_sn": late.serial});
        self.taken_back(event, "2302", &json!({ "data": [row] }));
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
        let mut wrong = till::discharge(event, &person, mdtrt_id, other);
        super::trial::with_one_more(&mut wrong, &[]);
        if self.send(event, "2402", &wrong).is_err() {
            return Ok(());
        }
        self.taken_back(event, "2405", &json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id}}));
        self.is_shown(event, mdtrt_id, Some(true));
        let of = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id}});
        let found = self.asked(event, "5202", &of).unwrap_or_default();
        let of_discharge = |row: &&Value| row["inout_diag_type"] == "2";
        if let Some(left) = found["diseinfo"].as_array().into_iter().flatten().find(of_discharge) {
            self.surprises.push(format!("{:?} lies there and has {left} of a discharge that was taken back", event.id));
        }
        Ok(())
    }

    /// A transfer is filed, taken back (2502) and filed anew.
    pub(super) fn transfer_taken_back(&mut self, event: &Event, filed: &Value, input: &Value) {
        if !self.office.is_undisturbed() || !self.takes_back(event, "transfer taken back") {
            return;
        }
        let (psn_no, serial) = (self.person(event).psn_no, &filed["result"]["trt_dcla_detl_sn"]);
        self.taken_back(event, "2502", &json!({"data": {"psn_no": psn_no, "trt_dcla_detl_sn": serial}}));
        self.taken_back(event, "2501A", input);
    }

    /// A settlement is cancelled, and the cancellation is reversed (2601): it stands again. Some do so twice.
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
        let times = 1 + u64::from(self.dice(event, "reversed twice").percent(50));
        for time in 0..times {
            let turn = self.turn(event);
            let msgid = self.office.msgid(turn, place);
            if self.office.send(turn, place, infno, input).is_err() {
                return Ok(());
            }
            let psn_no = self.person(event).psn_no;
            let undo = json!({"data": {"psn_no": psn_no, "omsgid": msgid, "oinfno": infno}});
            if time == 0 {
                self.reversed_with_other_lines(event, &undo);
            }
            self.taken_back(event, "2601", &undo);
            let now = self.office.now();
            self.case(event.id).put_back.push(now);
        }
        Ok(())
    }

    /// With another line than it was made of, a settlement does not stand again.
    fn reversed_with_other_lines(&mut self, event: &Event, undo: &Value) {
        const WHAT: &str = "settled again with another line";
        let (person, med_type) = (self.person(event), self.med_type(event));
        let mdtrt_id = self.cases[&event.id].mdtrt_id.clone();
        let charged = event.lines.iter().find(|line| line.returns.is_none() && line.count > 0);
        let Some(charged) = charged.filter(|_| self.dice(event, WHAT).one_in(2)) else { return };
        let other = Line { serial: format!("{}W", charged.serial), ..charged.clone() };
        let (upload, batch) = match event.kind {
            Kind::Purchase | Kind::LongDiseaseDrugs { .. } | Kind::SpecialDrug => return,
            Kind::Stay { .. } => ("2301", ""),
            _ => ("2204", BATCH),
        };
        if self.send(event, upload, &till::fees([&other], &person, &mdtrt_id, batch, med_type)).is_err() {
            return;
        }
        let (turn, place) = (self.turn(event), self.place(event));
        let answer = self.office.send(turn, place, "2601", undo);
        self.must_be_refused(event, WHAT, &answer);
        let of = |name: &str, which: &str| json!({"psn_no": person.psn_no, "mdtrt_id": mdtrt_id, name: which});
        if upload == "2301" {
            self.taken_back(event, "2302", &json!({"data": [of("feedetl_sn", &other.serial)]}));
        } else {
            self.taken_back(event, "2205", &json!({"data": of("chrg_bchno", BATCH)}));
            self.taken_back(event, upload, &till::fees(self.of_last_bill(event), &person, &mdtrt_id, BATCH, med_type));
        }
    }

    /// Whoever has cancelled for good takes back the settling message, and then the cancelling one: nothing stands again.
    pub(super) fn both_taken_back(&mut self, event: &Event, settled_by: (&str, &str), cancelled_by: (&str, &str)) {
        if !self.office.is_undisturbed() || event.again.is_some() || !self.dice(event, "both taken back").one_in(3) {
            return;
        }
        let psn_no = self.person(event).psn_no;
        for (oinfno, omsgid) in [settled_by, cancelled_by] {
            let undo = json!({"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": oinfno}});
            self.taken_back(event, "2601", &undo);
        }
    }

    /// A line comes after the bill, and nobody settles it: it is in nobody's sum.
    pub(super) fn leaves_a_line_open(&mut self, event: &Event, mdtrt_id: &str) {
        let charged = event.lines.iter().find(|line| line.returns.is_none() && line.count > 0);
        let Some(charged) = charged.filter(|_| self.takes_back(event, "a line after the bill")) else { return };
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
