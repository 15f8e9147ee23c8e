//! What may not be (不得办理), and somebody tries: a bill twice, a sum that its lines do not come to, another hospital's patient,
//! more given back than was charged, two hospitals at once, care at the till that the notice leaves to another way.

use super::{Deed, World};
use crate::city::{Place, PlaceKind};
use crate::life::{Event, Kind, Line};
use crate::office::Told;
use crate::till::{self, BATCH, yuan};
use jiff::ToSpan;
use serde_json::{Value, json};
use yibao_domain::outage::Way;

/// One in so many tries it.
const SOME: u64 = 16;

impl World<'_> {
    /// Sends what has to be refused.
    pub(super) fn may_not_be(&mut self, event: &Event, what: &str, infno: &'static str, input: &Value) {
        if self.dice(event, what).one_in(SOME) {
            let answer = self.send(event, infno, input);
            self.must_be_refused(event, what, &answer);
        }
    }

    pub(super) fn must_be_refused(&mut self, event: &Event, what: &str, answer: &Result<Value, Told>) {
        let is_refused = match answer {
            Err(Told::Refused(_)) => true,
            Err(Told::Nothing(_)) => !self.office.is_undisturbed(),
            Ok(_) => false,
        };
        if !is_refused {
            let at = self.office.now();
            self.surprises.push(format!("{:?} is {what} at {at}: {answer:?}", event.id));
        }
    }

    /// A sum that is not that of its lines.
    pub(super) fn with_a_wrong_sum(&mut self, event: &Event, infno: &'static str, input: &Value) {
        let node = if infno == "2102" { "druginfo" } else { "data" };
        let mut wrong = input.clone();
        let stated = wrong[node]["medfee_sumamt"].as_str().and_then(|sum| sum.parse().ok());
        let stated: yibao_domain::money::Money = stated.unwrap_or_default();
        wrong[node]["medfee_sumamt"] = json!(yuan(stated.as_fen() + 1));
        self.may_not_be(event, "settled with a fen too much", infno, &wrong);
    }

    /// The same bill under another number.
    pub(super) fn settled_twice(&mut self, event: &Event, infno: &'static str, input: &Value) {
        self.may_not_be(event, "settled twice", infno, input);
    }

    /// Another hospital settles somebody who is not its patient.
    pub(super) fn of_another_hospital(&mut self, event: &Event, infno: &'static str, input: &Value) {
        const WHAT: &str = "settled by another hospital";
        if let Some(other) = self.another_hospital(event)
            && self.dice(event, WHAT).one_in(SOME)
        {
            let answer = self.office.send(self.turn(event), other, infno, input);
            self.must_be_refused(event, WHAT, &answer);
        }
    }

    /// Another hospital admits somebody who lies here.
    pub(super) fn admitted_elsewhere_too(&mut self, event: &Event, input: &Value) {
        const WHAT: &str = "admitted by two hospitals";
        if let Some(other) = self.another_hospital(event)
            && self.dice(event, WHAT).one_in(SOME)
        {
            let answer = self.office.send(self.turn(event), other, "2401", input);
            self.must_be_refused(event, WHAT, &answer);
        }
    }

    fn another_hospital(&self, event: &Event) -> Option<&'_ Place> {
        let here = &self.place(event).code;
        self.city.places.iter().find(|place| place.kind == PlaceKind::Hospital && place.code != *here)
    }

    /// More is given back than was charged.
    pub(super) fn returns_too_much(&mut self, event: &Event, mdtrt_id: &str) {
        let charged = event.lines.iter().find(|line| line.returns.is_none() && line.count > 0);
        let Some(charged) = charged.filter(|line| line.at <= self.office.now()) else { return };
        let back = Line {
            serial: format!("{}R", charged.serial),
            count: -charged.count - 1,
            returns: Some(charged.serial.clone()),
            ..charged.clone()
        };
        let input = till::fees([&back], &self.person(event), mdtrt_id, "", self.med_type(event));
        self.may_not_be(event, "given back more than it was charged", "2301", &input);
    }

    /// Some come to the till again with what they have paid for good.
    pub(super) fn comes_to_the_till_again(&mut self, event: &Event, way: &Way<'_>) {
        let mut dice = self.dice(event, "comes to the till again");
        if self.office.is_undisturbed() && dice.one_in(3) {
            let opens = self.reopening(way).max(self.office.now());
            self.plan(opens.saturating_add(dice.between(1, 96).hours()), event.id, Deed::TryAgain);
        }
    }

    /// What the notice leaves to another way is not settled at the till, whoever sends it.
    pub(super) fn tries_at_the_till(&mut self, event: &Event) {
        let answer = self.at_the_till(event);
        self.must_be_refused(event, "settled at the till after all", &answer);
    }

    /// Sends the whole care, as if nothing had been.
    fn at_the_till(&mut self, event: &Event) -> Result<Value, Told> {
        match event.kind {
            Kind::Purchase | Kind::LongDiseaseDrugs { .. } | Kind::SpecialDrug => {
                let input = till::purchase(event, &self.person(event), self.med_type(event));
                self.send(event, "2102", &input)
            }
            Kind::Stay { .. } => self.stay_at_the_till(event),
            _ => self.visit_at_the_till(event),
        }
    }

    /// Admitted and discharged, as the patient was; it is the settlement that is refused, and then all of it is taken back.
    fn stay_at_the_till(&mut self, event: &Event) -> Result<Value, Told> {
        let person = self.person(event);
        let admitted = self.send(event, "2401", &till::admission(event, &person, self.med_type(event)))?;
        let mdtrt_id = admitted["result"]["mdtrt_id"].as_str().unwrap_or_default().to_owned();
        self.send(event, "2402", &till::discharge(event, &person, &mdtrt_id, "1"))?;
        let settled =
            self.send(event, "2304", &till::settlement(event, &person, &mdtrt_id, event.total(), self.med_type(event)));
        if settled.is_err() {
            let stay = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id}});
            self.send(event, "2405", &stay)?;
            self.send(event, "2404", &stay)?;
        }
        settled
    }

    /// A visit that a desk has entered is sent by the till as well: of the same minute and sum, without a receipt.
    pub(super) fn sent_once_more(&mut self, event: &Event) {
        const WHAT: &str = "settled by the desk and the till";
        if matches!(event.kind, Kind::Stay { .. }) || !self.office.is_undisturbed() {
            return;
        }
        if self.dice(event, WHAT).one_in(SOME / 2) {
            let answer = self.at_the_till(event);
            self.must_be_refused(event, WHAT, &answer);
        }
    }

    fn visit_at_the_till(&mut self, event: &Event) -> Result<Value, Told> {
        let (person, med_type) = (self.person(event), self.med_type(event));
        let registered = self.send(event, "2201", &till::registration(event, &person))?;
        let mdtrt_id = registered["data"]["mdtrt_id"].as_str().unwrap_or_default().to_owned();
        self.send(event, "2203A", &till::description(event, &person, &mdtrt_id, med_type))?;
        self.send(event, "2204", &till::fees(&event.lines, &person, &mdtrt_id, BATCH, med_type))?;
        self.send(event, "2207", &till::settlement(event, &person, &mdtrt_id, event.total(), med_type))
    }
}
