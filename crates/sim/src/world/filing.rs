//! Filings (备案): sent by a hospital; while they are closed the papers go to the agency's desk, which keeps a register, does what it
//! holds in the order of receipt once it may, and lets the hospital send it as of the day that the notice says (B-16, P-17, P-18).

use super::{Deed, Filed, World};
use crate::city::{Citizen, Place};
use crate::life::{Applied, EventId};
use crate::office::{Told, Turn};
use crate::{notice, till};
use jiff::ToSpan;
use jiff::civil::DateTime;
use serde_json::{Value, json};
use yibao_domain::outage::{Plan, Question, RegisterKind};
use yibao_domain::refusal::Code;
use yibao_domain::register::{Action, Source, Stated, field};
use yibao_domain::time::moment_text;
use yibao_engine::desks::registers::NewEntry;
use yibao_store::Fault;

/// Added to the number of a person, it is whose turns filings are: those about care stay what they are.
const TURNS: u64 = 5_000_000;

/// Diseases that are filed beside another, and taken back.
const DISEASES: [(&str, &str); 3] = [("M03900", "高血压"), ("M01600", "糖尿病"), ("M00500", "恶性肿瘤门诊治疗")];

/// What is asked of a notice about an application at its hospital.
pub(crate) fn question(world: &World<'_>, person: &Citizen, filed: &Filed) -> Question {
    notice::question(
        world.city,
        person,
        &world.city.places[filed.application.place],
        filed.business(),
        filed.application.at.date(),
    )
}

impl World<'_> {
    fn filing_turn(&self, number: u64) -> Turn {
        self.office.turn(TURNS + number)
    }

    fn plan_filing(&mut self, at: DateTime, person: u64, deed: Deed) {
        self.plan(at, EventId { person, ordinal: 0 }, deed);
    }

    /// The hospital sends it, as of today or of the day that the desk says.
    pub(super) fn apply(&mut self, number: u64) -> Result<(), Fault> {
        let Some(filed) = self.filings.get(&number).cloned().filter(|filed| filed.filed.is_none()) else {
            return Ok(());
        };
        let (person, now) = (self.city.person(number), self.office.now());
        let place: &Place = &self.city.places[filed.application.place];
        let day = filed.effective.unwrap_or(now.date());
        self.dated_back(&filed, &person, place)?;
        let (infno, input) = till::application(filed.application.what, &person, place, day);
        match self.office.send(self.filing_turn(number), place, infno, &input) {
            Ok(answer) => {
                let mut serial = answer["result"]["trt_dcla_detl_sn"].as_str().unwrap_or_default().to_owned();
                self.filed_twice(&filed, &person, infno, &input);
                serial = self.taken_back_and_filed_anew(&filed, &person, (infno, &input), serial);
                self.of_filing(number, |filed| filed.filed = Some((serial, now)));
            }
            Err(Told::Refused(refusal)) if refusal.code == Code::Closed => {
                self.of_filing(number, |filed| filed.closed.push((now, refusal.text)));
                if filed.papers.is_empty() {
                    self.plan_filing(now.saturating_add(47.minutes()), number, Deed::HandIn);
                } else {
                    self.plan_filing(now.saturating_add(1.day()), number, Deed::Apply);
                }
            }
            Err(Told::Refused(refusal)) => {
                self.surprises.push(format!("the filing of {number} at {now}: {}", refusal.text));
            }
            Err(Told::Nothing(why)) => return Err(Fault::new("filing", &person.psn_no, why)),
        }
        Ok(())
    }

    /// Where it holds from the day on which it was processed, it is not taken as of the day of the papers.
    fn dated_back(&mut self, filed: &Filed, person: &Citizen, place: &Place) -> Result<(), Fault> {
        let (Some(effective), Some(handed_in)) = (filed.effective, filed.handed_in) else { return Ok(()) };
        let number = person.number;
        if handed_in.date() >= effective
            || effective < self.office.now().date()
            || self.city.dice("dated back", number).percent(50)
        {
            return Ok(());
        }
        let (infno, input) = till::application(filed.application.what, person, place, handed_in.date());
        if let Ok(answer) = self.office.send(self.filing_turn(number), place, infno, &input) {
            self.surprises.push(format!("the filing of {number} is dated back to {handed_in}: {answer}"));
        }
        Ok(())
    }

    /// A disease is recognised once at a time.
    fn filed_twice(&mut self, filed: &Filed, person: &Citizen, infno: &str, input: &Value) {
        let is_disease = filed.application.what == Applied::Disease;
        if !is_disease || !self.office.is_undisturbed() || !self.city.dice("filed twice", person.number).one_in(3) {
            return;
        }
        let place: &Place = &self.city.places[filed.application.place];
        if let Ok(answer) = self.office.send(self.filing_turn(person.number), place, infno, input) {
            self.surprises.push(format!("{} is recognised twice: {answer}", person.number));
        }
    }

    /// It is taken back (2504, 2506), by its hospital alone and once, and filed anew; the number that it then has.
    fn taken_back_and_filed_anew(
        &mut self,
        filed: &Filed,
        person: &Citizen,
        (infno, input): (&str, &Value),
        serial: String,
    ) -> String {
        let number = person.number;
        if !self.office.is_undisturbed() || !self.city.dice("filing taken back", number).one_in(3) {
            return serial;
        }
        let place: &Place = &self.city.places[filed.application.place];
        let undo = if infno == "2503" { "2504" } else { "2506" };
        let of = json!({"data": {"trt_dcla_detl_sn": serial, "psn_no": person.psn_no, "memo": "申报有误"}});
        let send = |world: &Self, by: &Place, infno: &str, input: &Value| {
            world.office.send(world.filing_turn(number), by, infno, input)
        };
        let also = self.another_disease(person, place, infno, input);
        let other = self.city.places.iter().find(|other| other.kind == place.kind && other.code != place.code);
        let by_another = other.is_some_and(|other| send(self, other, undo, &of).is_ok());
        let undone = send(self, place, undo, &of);
        let again = send(self, place, undo, &of);
        if by_another || undone.is_err() || again.is_ok() {
            self.surprises.push(format!(
                "the filing of {number} is taken back by another ({by_another}), by its own as {undone:?}, again as {again:?}"
            ));
        }
        if let Some(also) = also {
            self.still_has(person, place, &also);
        }
        match send(self, place, infno, input) {
            Ok(answer) => answer["result"]["trt_dcla_detl_sn"].as_str().unwrap_or_default().to_owned(),
            Err(why) => {
                self.surprises.push(format!("the filing of {number} is not made anew: {why}"));
                serial
            }
        }
    }

    /// Another disease is filed beside it: its code, and the number of that filing.
    fn another_disease(
        &mut self,
        person: &Citizen,
        place: &Place,
        infno: &str,
        input: &Value,
    ) -> Option<(&'static str, String)> {
        let held = person.recognised();
        let is_new = |code: &str| infno == "2503" && !held.iter().any(|(of, ..)| *of == code);
        let (code, name) = DISEASES.into_iter().find(|(code, _)| is_new(code))?;
        let mut other = input.clone();
        other["data"]["opsp_dise_code"] = json!(code);
        other["data"]["opsp_dise_name"] = json!(name);
        match self.office.send(self.filing_turn(person.number), place, infno, &other) {
            Ok(answer) => Some((code, answer["result"]["trt_dcla_detl_sn"].as_str().unwrap_or_default().to_owned())),
            Err(why) => {
                self.surprises.push(format!("{name} of {} is not filed beside another: {why}", person.number));
                None
            }
        }
    }

    /// Of two filings the one that was not taken back still holds; then it is taken back as well.
    fn still_has(&mut self, person: &Citizen, place: &Place, (code, serial): &(&'static str, String)) {
        let asked = json!({"data": {"psn_no": person.psn_no}});
        let told = self.office.send(self.filing_turn(person.number), place, "5301", &asked);
        let rows = told.as_ref().ok().and_then(|answer| answer["feedetail"].as_array().cloned());
        // Some notices close the questions as well.
        if rows.is_some_and(|rows| rows.iter().all(|row| row["opsp_dise_code"] != *code)) {
            self.surprises.push(format!("{code} of {} went with another filing: {told:?}", person.number));
        }
        let of = json!({"data": {"trt_dcla_detl_sn": serial, "psn_no": person.psn_no, "memo": "申报有误"}});
        if let Err(why) = self.office.send(self.filing_turn(person.number), place, "2504", &of) {
            self.surprises.push(format!("{code} of {} is not taken back: {why}", person.number));
        }
    }

    fn of_filing(&mut self, number: u64, change: impl FnOnce(&mut Filed)) {
        if let Some(filed) = self.filings.get_mut(&number) {
            change(filed);
        }
    }

    /// The agency's desk takes the papers in.
    pub(super) fn hand_in(&mut self, number: u64) {
        let Some(filed) = self.filings.get(&number).cloned() else { return };
        let (person, now) = (self.city.person(number), self.office.now());
        let stated = [
            ("psn_no", person.psn_no.clone()),
            ("psn_name", person.name.clone()),
            ("tel", format!("138{number:08}")),
            ("business", filed.business().as_str().to_owned()),
            ("begntime", moment_text(now)),
            ("papers", "申请表、诊断书".to_owned()),
        ];
        let fields: Stated = stated.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let kind = RegisterKind::Papers;
        let new = NewEntry { kind, fixmedins_code: String::new(), fields, lines: Vec::new(), source: Source::Page };
        match self.office.register(self.filing_turn(number), &World::agency(), &new) {
            Ok(entry) => {
                let plans = self.plans();
                let asked = question(self, &person, &filed);
                let at_closing = |plan: &Plan| plan.closings(&asked).into_iter().any(|one| one.window.contains(now));
                let reopens =
                    plans.iter().filter(|plan| at_closing(plan)).filter_map(|plan| plan.window.reopens.expected());
                let rules = plans.iter().flat_map(|plan| &plan.rules).filter(|rule| rule.id == entry.rule);
                let clauses: Vec<String> = rules.flat_map(|rule| rule.clauses.clone()).collect();
                let hours = self.city.dice("processed", number).between(1, 40);
                let at = reopens.max().unwrap_or(now).max(now).saturating_add(hours.hours());
                self.of_filing(number, |filed| {
                    (filed.papers, filed.handed_in, filed.clauses) = (entry.number, Some(now), clauses);
                });
                self.plan_filing(at, number, Deed::Process);
            }
            // Meanwhile it may be open again.
            Err(Told::Refused(_)) => self.plan_filing(now.saturating_add(1.day()), number, Deed::Apply),
            Err(why) => self.surprises.push(format!("papers of {number} at {now}: {why}")),
        }
    }

    /// The desk does what it holds, in the order of receipt, and the hospital sends it.
    pub(super) fn process(&mut self, number: u64) {
        let Some(filed) = self.filings.get(&number).cloned() else { return };
        let now = self.office.now();
        let result = Stated::from([("result".to_owned(), "已认定".to_owned())]);
        match self.office.act(self.filing_turn(number), &World::agency(), &filed.papers, Action::Process, &result) {
            Ok(entry) => {
                let effective = field::EFFECTIVE.of(&entry);
                self.of_filing(number, |filed| filed.effective = effective);
                self.plan_filing(now.saturating_add(25.minutes()), number, Deed::Apply);
            }
            // Somebody's papers came first, or it has not reopened.
            Err(Told::Refused(refusal)) if refusal.text.contains("更早的收件") || refusal.code == Code::Closed => {
                self.plan_filing(now.saturating_add(3.hours()), number, Deed::Process);
            }
            Err(why) => self.surprises.push(format!("processing {} at {now}: {why}", filed.papers)),
        }
    }
}
