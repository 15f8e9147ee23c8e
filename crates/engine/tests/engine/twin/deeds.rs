//! What the people at the tills and desks of a town do about its history, with an outage and without.

use super::history::{Dice, Event, History, Kind, is_closed};
use super::town::{DISEASE, Town, insutype, psn_no};
use crate::backfill_runs::number;
use crate::city::clerk;
use jiff::ToSpan;
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Entry, State};
use yibao_domain::time::moment_text;
use yibao_engine::Stop;
use yibao_store::encounter::EncounterFilter;
use yibao_store::settlement::Settlement;

/// One thing that is done at its time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Deed {
    Care,
    Admit,
    Part,
    Discharge,
    Settle,
    Cancel,
    Again,
}

/// A town with what was done in it.
pub struct World<'a> {
    pub town: Town,
    history: &'a History,
    has_outage: bool,
    dice: RefCell<Dice>,
    /// Encounters by event.
    encounters: RefCell<HashMap<usize, String>>,
    settled: RefCell<HashMap<usize, String>>,
    /// Events that wait in a register.
    waiting: RefCell<Vec<usize>>,
}

/// What stands of an event, as far as two towns can be compared.
pub type Standing = (Vec<(usize, Vec<String>)>, String);

impl<'a> World<'a> {
    pub fn played(town: Town, history: &'a History, seed: u64) -> World<'a> {
        let has_outage = town.has_plan();
        let world = World {
            town,
            history,
            has_outage,
            dice: RefCell::new(Dice::new(seed ^ 0x55)),
            encounters: RefCell::default(),
            settled: RefCell::default(),
            waiting: RefCell::default(),
        };
        for (at, id, deed) in world.deeds() {
            world.town.clock.set(at);
            if world.has_outage && at >= reopened() {
                world.enter_some();
            }
            world.act(&history.events[id], deed);
        }
        world
    }

    /// All deeds by their time; with the outage, what it stops comes when it is over or waits in a register.
    fn deeds(&self) -> Vec<(DateTime, usize, Deed)> {
        let mut deeds = Vec::new();
        for event in &self.history.events {
            let mut add = |at: DateTime, deed| deeds.push((at, event.id, deed));
            match &event.kind {
                Kind::Stay { until, part, .. } => {
                    let (admitted_late, over) =
                        (self.has_outage && is_closed(event.at), self.has_outage && is_closed(*until));
                    if admitted_late && !over {
                        // Registered as soon as it is possible.
                        add(reopened().saturating_add(i64::try_from(event.id).unwrap().seconds()), Deed::Admit);
                    } else {
                        add(event.at, Deed::Admit);
                    }
                    if let Some(part) = part {
                        let at = if admitted_late { (*part).max(reopened().saturating_add(1.hours())) } else { *part };
                        add(at, Deed::Part);
                    }
                    add(*until, Deed::Discharge);
                    match event.kept_waiting.filter(|_| self.has_outage) {
                        Some(waited) => add(waited, Deed::Settle),
                        None => add(until.saturating_add(0.seconds()), Deed::Settle),
                    }
                }
                _ => add(event.claimed.unwrap_or(event.at), Deed::Care),
            }
            if let Some(at) = event.cancelled {
                add(at, Deed::Cancel);
            }
            if let Some(at) = event.again {
                add(at, Deed::Again);
            }
        }
        deeds.sort_by_key(|(at, id, deed)| (*at, *id, *deed as u8));
        deeds
    }

    fn act(&self, event: &Event, deed: Deed) {
        let now = self.town.clock.get();
        let closed = self.has_outage && is_closed(now);
        match (&event.kind, deed) {
            (_, Deed::Cancel) => self.cancel(event),
            (_, Deed::Again) => self.settle_visit(event),
            (Kind::Stay { until, transferred, .. }, deed) => {
                let over = self.has_outage && is_closed(*until);
                if closed && deed == Deed::Admit {
                    // Over before the reopening: written down whole.
                    if over {
                        self.register(event, RegisterKind::Admission);
                    }
                    return;
                }
                if closed {
                    if deed == Deed::Discharge && self.is_at_the_platform(event) {
                        self.register(event, RegisterKind::DeferredDischarge);
                    }
                    return;
                }
                if over && deed == Deed::Settle {
                    return;
                }
                self.stay(event, deed, *until, *transferred);
            }
            _ if closed && event.claimed.is_none_or(|at| at != now) => self.register(event, RegisterKind::CashVisit),
            _ => self.care(event),
        }
    }

    fn is_at_the_platform(&self, event: &Event) -> bool {
        self.encounters.borrow().contains_key(&event.id)
    }

    /// A visit or purchase, whole.
    fn care(&self, event: &Event) {
        let (town, begun) = (&self.town, moment_text(event.at));
        match event.kind {
            Kind::Purchase | Kind::SpecialDrug => {
                let med_type = self.med_type(event);
                let place = self.provider(event);
                let answer = town.done(&place, "2102", &town.purchase(event.person, med_type, &begun, event.price));
                let mdtrt_id = answer["setlinfo"]["mdtrt_id"].as_str().unwrap().to_owned();
                self.encounters.borrow_mut().insert(event.id, mdtrt_id);
                self.note(event, &answer);
            }
            _ => {
                let place = self.provider(event);
                let registered = town.done(&place, "2201", &town.registration(event.person, &begun));
                let mdtrt_id = registered["data"]["mdtrt_id"].as_str().unwrap().to_owned();
                let description = town.description(event.person, &mdtrt_id, self.med_type(event), &begun);
                town.done(&place, "2203A", &description);
                town.done(&place, "2204", &town.fees(event.person, &mdtrt_id, "B1", "1", &begun, event.price));
                self.encounters.borrow_mut().insert(event.id, mdtrt_id);
                self.settle_visit(event);
            }
        }
    }

    fn settle_visit(&self, event: &Event) {
        let mdtrt_id = self.encounters.borrow()[&event.id].clone();
        let mut input = self.town.settlement(event.person, &mdtrt_id, event.price);
        input["data"]["chrg_bchno"] = json!("B1");
        input["data"]["med_type"] = json!(self.med_type(event));
        let answer = self.town.done(&self.provider(event), "2207", &input);
        self.note(event, &answer);
    }

    fn stay(&self, event: &Event, deed: Deed, until: DateTime, transferred: bool) {
        let (town, person, place) = (&self.town, event.person, self.provider(event));
        if deed == Deed::Admit {
            self.enter_stays(person, false);
            let admitted = town.done(&place, "2401", &town.admission(person, &moment_text(event.at)));
            let mdtrt_id = admitted["result"]["mdtrt_id"].as_str().unwrap().to_owned();
            self.encounters.borrow_mut().insert(event.id, mdtrt_id);
            return;
        }
        let mdtrt_id = self.encounters.borrow()[&event.id].clone();
        let time = moment_text(event.at);
        match deed {
            Deed::Part => {
                town.done(&place, "2301", &town.fees(person, &mdtrt_id, "", "part", &time, "2000.00"));
                let mut input = town.settlement(person, &mdtrt_id, "2000.00");
                input["data"]["mid_setl_flag"] = json!("1");
                town.done(&place, "2304", &input);
            }
            Deed::Discharge => {
                town.done(&place, "2301", &town.fees(person, &mdtrt_id, "", "1", &time, event.price));
                let way = if transferred { "2" } else { "1" };
                town.done(&place, "2402", &town.discharge(person, &mdtrt_id, &moment_text(until), way));
            }
            _ => {
                // Whom the platform may take for transferred settles the stay before first.
                self.enter_stays(person, true);
                self.settle_stay(event);
            }
        }
    }

    /// Settles a stay that was left, after the leg that it came from.
    fn settle_stay(&self, event: &Event) {
        self.settle_leg_before(event);
        if self.settled.borrow().contains_key(&event.id) {
            return;
        }
        let mdtrt_id = self.encounters.borrow()[&event.id].clone();
        let mut input = self.town.settlement(event.person, &mdtrt_id, event.price);
        input["data"]["mid_setl_flag"] = json!("0");
        let answer = self.town.done(&self.provider(event), "2304", &input);
        self.note(event, &answer);
    }

    /// The leg that somebody was transferred from is settled first.
    fn settle_leg_before(&self, event: &Event) {
        let Some(before) = event.id.checked_sub(1).map(|id| &self.history.events[id]) else { return };
        let is_leg = before.person == event.person && matches!(before.kind, Kind::Stay { transferred: true, .. });
        if !is_leg || self.settled.borrow().contains_key(&before.id) {
            return;
        }
        if self.waiting.borrow().contains(&before.id) {
            self.settle_leg_before(before);
            self.enter(before.id);
        } else {
            self.settle_stay(before);
        }
    }

    fn cancel(&self, event: &Event) {
        let Some(setl_id) = self.settled.borrow().get(&event.id).cloned() else { return };
        let mdtrt_id = self.encounters.borrow()[&event.id].clone();
        let infno = match event.kind {
            Kind::Purchase | Kind::SpecialDrug => "2103",
            Kind::Stay { .. } => "2305",
            _ => "2208",
        };
        let data = json!({"psn_no": psn_no(event.person), "mdtrt_id": mdtrt_id, "setl_id": setl_id});
        self.town.done(&self.provider(event), infno, &json!({ "data": data }));
    }

    fn note(&self, event: &Event, answer: &Value) {
        let setl_id = answer["setlinfo"]["setl_id"].as_str().unwrap().to_owned();
        self.settled.borrow_mut().insert(event.id, setl_id);
    }

    fn provider(&self, event: &Event) -> String {
        match event.kind {
            Kind::Purchase | Kind::SpecialDrug => self.town.pharmacy(),
            _ => self.town.hospital(event.place),
        }
    }

    fn med_type(&self, event: &Event) -> &'static str {
        match event.kind {
            Kind::Visit => "11",
            Kind::SpecialDisease => "14",
            // Bijie has no special drugs in 2021 (`decisions` 45).
            Kind::SpecialDrug if self.town.has_special_drugs() => "18",
            Kind::Purchase | Kind::SpecialDrug => "41",
            Kind::Stay { .. } => "21",
        }
    }

    /// Writes an event down.
    fn register(&self, event: &Event, kind: RegisterKind) {
        let mut details: BTreeMap<String, String> = BTreeMap::new();
        let mut state = |name: &str, value: &str| details.insert(name.to_owned(), value.to_owned());
        state("insutype", insutype(event.person));
        state("med_type", self.med_type(event));
        state("acct_used_flag", "是");
        let mut entry = crate::backfill::entry(
            &number(u32::try_from(event.id).unwrap()).replace("520500", self.town.pool.as_str()),
            kind,
            &psn_no(event.person),
            event.at,
        );
        match &event.kind {
            Kind::Stay { until, transferred, .. } => {
                for (name, value) in [("ipt_otp_no", "ZY1"), ("diag_code", "J18.900"), ("diag_name", "肺炎")] {
                    state(name, value);
                }
                state("dscg_way", if *transferred { "2" } else { "1" });
                entry.care_until = Some(*until);
                entry.rule = "stays".to_owned();
                entry.business = Business::named("settlement.inpatient");
                if let Some(mdtrt_id) = self.encounters.borrow().get(&event.id) {
                    entry.mdtrt_id.clone_from(mdtrt_id);
                }
            }
            Kind::SpecialDisease => {
                state("opsp_dise_code", DISEASE);
                entry.business = Business::named("settlement.outpatient.special");
            }
            Kind::SpecialDrug if self.town.has_special_drugs() => {
                entry.business = Business::named("settlement.outpatient.special_drug");
            }
            Kind::Purchase | Kind::SpecialDrug => entry.business = Business::named("settlement.pharmacy"),
            Kind::Visit => {}
        }
        entry.fixmedins_code = self.provider(event);
        entry.admdvs = self.town.area().to_owned();
        entry.charged = event.price.parse().unwrap();
        // Told apart by their papers.
        entry.invono = format!("FP{:06}", event.id);
        entry.details = details;
        self.town.take_in(&entry, event.price);
        self.waiting.borrow_mut().push(event.id);
    }

    /// Now and then somebody enters what waits, at a desk or at a till.
    fn enter_some(&self) {
        while self.dice.borrow_mut().one_in(3) {
            let waiting = self.waiting.borrow().clone();
            let stays_apart =
                |id: &&usize| !matches!(self.history.events[**id].kind, Kind::Stay { .. }) || self.may_enter_stay(**id);
            let candidates: Vec<usize> = waiting.iter().filter(stays_apart).copied().collect();
            if candidates.is_empty() {
                return;
            }
            let id = self.dice.borrow_mut().pick(&candidates);
            self.enter(id);
        }
    }

    /// A stay is entered while its person is in no other one, after the leg that it came from.
    fn may_enter_stay(&self, id: usize) -> bool {
        let event = &self.history.events[id];
        let before = id.checked_sub(1).map(|id| &self.history.events[id]);
        let leg_before = before.filter(|before| {
            before.person == event.person && matches!(before.kind, Kind::Stay { transferred: true, .. })
        });
        !self.is_elsewhere(id) && leg_before.is_none_or(|leg| self.settled.borrow().contains_key(&leg.id))
    }

    /// Whether the person of a stay is in another one at present.
    fn is_elsewhere(&self, id: usize) -> bool {
        let filter = EncounterFilter {
            psn_no: Some(psn_no(self.history.events[id].person)),
            in_hospital_only: true,
            ..EncounterFilter::default()
        };
        let own = self.encounters.borrow().get(&id).cloned();
        let inside = self.town.look(|tx| tx.encounters(&filter, 10));
        inside.iter().any(|of| Some(&of.mdtrt_id) != own.as_ref())
    }

    /// Enters a person's stays: those that keep the person in hospital at the platform, or all.
    fn enter_stays(&self, person: usize, all: bool) {
        let waiting = self.waiting.borrow().clone();
        for id in waiting {
            let event = &self.history.events[id];
            let is_stay = matches!(event.kind, Kind::Stay { .. });
            let wanted = if all { !self.is_elsewhere(id) } else { self.is_at_the_platform(event) };
            if event.person == person && is_stay && wanted {
                self.settle_leg_before(event);
                if self.waiting.borrow().contains(&id) {
                    self.enter(id);
                }
            }
        }
    }

    fn enter(&self, id: usize) {
        self.waiting.borrow_mut().retain(|other| *other != id);
        let event = &self.history.events[id];
        let at_a_till = !matches!(event.kind, Kind::Stay { .. }) && self.dice.borrow_mut().one_in(3);
        if at_a_till {
            self.care(event);
            return;
        }
        let number = number(u32::try_from(id).unwrap()).replace("520500", self.town.pool.as_str());
        match self.town.backfill().entry(&clerk(), self.town.clock.get(), &number) {
            Ok(entry) => self.took(id, &entry),
            Err(Stop::Refused(refusal)) => panic!("{number}: {refusal} {event:?}"),
            Err(stop) => panic!("{number}: {stop:?}"),
        }
    }

    fn took(&self, id: usize, entry: &Entry) {
        assert_eq!(entry.state, State::Settled);
        self.encounters.borrow_mut().insert(id, entry.mdtrt_id.clone());
        self.settled.borrow_mut().insert(id, entry.setl_id.clone());
    }

    /// The run at the end enters what is left.
    pub fn enter_the_rest(&self) {
        self.town.clock.set(date(2021, 8, 12).at(9, 0, 0, 0));
        let backfill = self.town.backfill();
        let run = backfill.start(&clerk(), self.town.clock.get(), "town", "").unwrap().number;
        self.town.tend();
        let runs = backfill.progress(&clerk()).unwrap();
        let ended = runs.into_iter().find(|one| one.number == run && one.finished_at.is_some()).expect("it has ended");
        let waiting = std::mem::take(&mut *self.waiting.borrow_mut());
        for id in waiting {
            let number = number(u32::try_from(id).unwrap()).replace("520500", self.town.pool.as_str());
            let entry = self.town.look(|tx| tx.entry(&number)).unwrap();
            assert_eq!(entry.state, State::Settled, "{}: {run:?}", entry.reason, run = ended);
            self.took(id, &entry);
        }
    }

    /// What stands of a person's events, and the totals and the account.
    pub fn standing(&self, person: usize) -> Standing {
        let past = self.town.look(|tx| tx.settlements_of_person(&psn_no(person), 2021));
        let of = |event: &Event| {
            let mdtrt_id = self.encounters.borrow().get(&event.id).cloned().unwrap_or_default();
            let rows = past.iter().filter(|row| row.stands() && row.settlement.mdtrt_id == mdtrt_id);
            let mut told: Vec<String> = rows.map(|row| told(&row.settlement)).collect();
            told.sort();
            (event.id, told)
        };
        let events = self.history.events.iter().filter(|event| event.person == person).map(of).collect();
        let totals = self.town.look(|tx| {
            let balance = tx.person_facts(&psn_no(person), &[])?.and_then(|facts| facts.balance);
            let mut totals = tx.running_totals(&psn_no(person))?;
            totals.retain(|total| total.value != 0);
            Ok(format!("{totals:?} {balance:?}"))
        });
        (events, totals)
    }
}

fn reopened() -> DateTime {
    date(2021, 7, 16).at(0, 5, 0, 0)
}

/// What is the same in two towns: every amount, and what it adds to the totals. A stay's number and the room that was left are
/// told on the way, and nothing is reversed for their sake.
fn told(settlement: &Settlement) -> String {
    let funds: Vec<String> =
        settlement.funds.iter().map(|share| format!("{}={}", share.fund_pay_type, share.fund_payamt)).collect();
    let added: Vec<String> =
        settlement.accumulations.iter().map(|one| format!("{} {} {}", one.period, one.name, one.delta)).collect();
    format!(
        "part {} to {}: funds {} account {} cash {} deductible {} {funds:?} {added:?}",
        settlement.mid_stay,
        settlement.enddate,
        settlement.fund_pay_sumamt,
        settlement.acct_pay,
        settlement.psn_cash_pay,
        settlement.act_pay_dedc,
    )
}
