//! The registers of an outage at full size (积压): cash visits and deferred discharges that a run of the backfill takes back,
//! and care of the day beside it. What is measured with it is measured outside: nothing here knows how long anything took.

use crate::city::{Citizen, City};
use crate::forms;
use crate::life::{Event, EventId, Kind, Leaves, Line, lived};
use crate::office::{Office, Told};
use crate::till::{self, BATCH};
use crate::world::clerk_of;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use serde_json::Value;
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::{Action, Source};
use yibao_engine::desks::registers::NewEntry;
use yibao_store::Fault;

/// Days of a dense life from which care is taken.
const LIVED: i64 = 60;

/// The outage: six days, after which everything that was given in them is made good.
pub fn plan() -> Plan {
    yibao_policy::plan::read(include_str!("drain/plan.toml")).expect("the plan of the program itself is readable")
}

/// A visit of a person at this moment, as the person has them.
pub fn visit(city: &City, person: &Citizen, at: DateTime) -> Event {
    let found = lived(city, person, LIVED).into_iter().find(|event| event.kind == Kind::Visit && event.birth.is_none());
    let hospitals = city.hospitals(&["2", "1", "township", "village"]);
    let chosen = hospitals[usize::try_from(person.number).unwrap_or(0) % hospitals.len()];
    let place = city.places.iter().position(|place| place.code == chosen.code).unwrap_or(0);
    // Who had none all that time comes for one drug.
    let item = &city.stock.drugs[0];
    let line = |at| Line {
        serial: "1".to_owned(),
        at,
        code: item.code,
        count: 1,
        price: item.price,
        approval: "0",
        returns: None,
    };
    let lines = found.as_ref().map_or_else(|| vec![line(at)], |event| event.lines.clone());
    Event {
        id: found.as_ref().map_or(EventId { person: person.number, ordinal: 0 }, |event| event.id),
        place: found.as_ref().map_or(place, |event| event.place),
        at,
        kind: Kind::Visit,
        lines: lines.into_iter().map(|line| Line { at, ..line }).collect(),
        diagnoses: Vec::new(),
        birth: None,
        uses_account: found.is_some_and(|event| event.uses_account),
        claimed: None,
        cancelled: None,
        again: None,
    }
}

/// A stay of a person that ends at this moment, with a bill of which all is written down before `closes`.
pub fn stay(city: &City, person: &Citizen, until: DateTime, closes: DateTime) -> Option<Event> {
    let is_stay = |event: &Event| matches!(event.kind, Kind::Stay { .. }) && event.birth.is_none();
    let found = lived(city, person, LIVED).into_iter().find(is_stay)?;
    let at = until.saturating_add(found.at.duration_since(found.ended())).min(closes.saturating_sub(26.hours()));
    let day = at.saturating_add(1.hour());
    let lines = found.lines.iter().map(|line| Line { at: day, ..line.clone() }).collect();
    let kind = Kind::Stay { until, part: None, leaves: Leaves::Home, settled_after: 0 };
    Some(Event { at, kind, lines, claimed: None, cancelled: None, again: None, ..found })
}

/// Somebody at a till or a desk of the city.
pub struct Desk<'a> {
    /// The city.
    pub city: &'a City,
    /// The platform.
    pub office: Office,
}

impl Desk<'_> {
    /// Admits a patient and uploads the bill; 就诊ID.
    pub fn admit(&self, person: &Citizen, event: &Event) -> Result<String, Fault> {
        let answer = self.send(event, "2401", &till::admission(event, person, "21"))?;
        let mdtrt_id = answer["result"]["mdtrt_id"].as_str().unwrap_or_default().to_owned();
        self.send(event, "2301", &till::fees(&event.lines, person, &mdtrt_id, "", "21"))?;
        Ok(mdtrt_id)
    }

    /// Writes down a cash visit, or the discharge of a stay that the platform knows under this 就诊ID.
    pub fn write_down(&self, person: &Citizen, event: &Event, mdtrt_id: &str) -> Result<(), Fault> {
        let (kind, med_type) = match event.kind {
            Kind::Stay { .. } => (RegisterKind::DeferredDischarge, "21"),
            _ => (RegisterKind::CashVisit, "11"),
        };
        let total = event.total();
        let now = self.office.now();
        let about = forms::About { event, person, med_type, mdtrt_id, from_provider: "", is_over: true, total, now };
        let fields = forms::filled(&self.office.work, kind, Action::Register, &about);
        // What has a stay at the platform is uploaded there.
        let lines = if mdtrt_id.is_empty() { forms::lines(&event.lines) } else { Vec::new() };
        let new = NewEntry { kind, fixmedins_code: String::new(), fields, lines, source: Source::Page };
        let clerk = clerk_of(&self.city.places[event.place]);
        let kept = self.office.register(self.office.turn(event.id.person), &clerk, &new);
        kept.map(drop).map_err(|why| fault("writing down", event, why))
    }

    /// A visit of today, whole; `answered` is called after each message.
    pub fn visit(&self, person: &Citizen, event: &Event, answered: &mut dyn FnMut()) -> Result<(), Fault> {
        let answer = self.send(event, "2201", &till::registration(event, person))?;
        answered();
        let mdtrt_id = answer["data"]["mdtrt_id"].as_str().unwrap_or_default().to_owned();
        self.send(event, "2203A", &till::description(event, person, &mdtrt_id, "11"))?;
        answered();
        self.send(event, "2204", &till::fees(&event.lines, person, &mdtrt_id, BATCH, "11"))?;
        answered();
        self.send(event, "2207", &till::settlement(event, person, &mdtrt_id, event.total(), "11"))?;
        answered();
        Ok(())
    }

    fn send(&self, event: &Event, infno: &str, input: &Value) -> Result<Value, Fault> {
        let turn = self.office.turn(event.id.person);
        let place = &self.city.places[event.place];
        self.office.send(turn, place, infno, input).map_err(|told| fault("sending", event, told))
    }
}

fn fault(doing: &'static str, event: &Event, told: Told) -> Fault {
    Fault::new(doing, format!("{:?}", event.id), told.to_string())
}

/// The day on which the city's time begins: what is there was there before the outage.
pub fn begins(plan: &Plan) -> Date {
    plan.first_closing().date().saturating_sub(40.days())
}
