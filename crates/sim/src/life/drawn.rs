//! How a life is drawn.

use super::{Diagnosis, Event, EventId, Kind, Leaves, Line};
use crate::city::{Citizen, City, Item, Place};
use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::HashSet;

/// Days after the last day of the city's life up to which one stay leads to the next.
const FOLLOWS: i64 = 15;

/// The life of one person from the first day of the city's time on, for so many days.
pub fn lived(city: &City, person: &Citizen, days: i64) -> Vec<Event> {
    let begins = city.begins.at(0, 0, 0, 0);
    let mut dice = city.dice("life", person.number);
    let newborn = city.newborns.get(&person.number).copied();
    let is_ill = dice.percent(50) || newborn.is_some();
    let ends = begins.saturating_add(days.days());
    let mut at = match newborn {
        Some(newborn) => newborn.born.saturating_add(dice.between(4, 60).hours()),
        None => begins.saturating_add(first(city, person, &mut dice, days).hours()),
    };
    let mut dues = Vec::new();
    if let Some(chronic) = person.chronic {
        dues.push((begins.saturating_add(dice.between(0, chronic.supply_days * 24).hours()), Due::Supply));
    }
    if person.can_give_birth(city.begins) && dice.below(10_000) < city.pace.births(days) {
        dues.push((begins.saturating_add(dice.between(24, 200).hours()), Due::Prenatal));
        dues.push((begins.saturating_add(dice.between(120, (days * 24).max(120)).hours()), Due::Delivery));
    }
    let mut life = Life { city, person, dice, is_ill, events: Vec::new(), dues, ends };
    while at < life.ends {
        if let Some(due) = life.next_due(at) {
            life.keep(due);
            continue;
        }
        let mut seen = life.minute_of_day(at.max(life.free_from()));
        // What came before is claimed first.
        if newborn.is_some_and(|newborn| (0..2).contains(&seen.duration_since(newborn.enrolled).as_hours())) {
            seen = seen.saturating_add(2.hours());
        }
        if seen >= life.ends {
            break;
        }
        match newborn.filter(|newborn| seen < newborn.enrolled) {
            Some(newborn) => life.before_enrolment(seen, newborn.enrolled),
            None => life.something(seen),
        }
        at = life.free_from().saturating_add(life.pause().hours());
    }
    life.events
}

/// Hours until the first thing. At the usual pace somebody is found anywhere between two things, so that as much happens on
/// the first day as later.
fn first(city: &City, person: &Citizen, dice: &mut Dice, days: i64) -> i64 {
    match city.pace.hours(person.scheme) {
        None => dice.between(0, days * 24 / 3),
        Some(mean) => dice.between(0, 2 * mean).min(dice.between(0, 2 * mean)),
    }
}

/// What comes at a time that is known ahead.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Due {
    /// The next prescription for a long disease.
    Supply,
    Prenatal,
    Delivery,
}

pub(super) struct Life<'a> {
    pub city: &'a City,
    pub person: &'a Citizen,
    pub dice: Dice,
    /// Comes again and again.
    is_ill: bool,
    pub events: Vec<Event>,
    pub dues: Vec<(DateTime, Due)>,
    pub ends: DateTime,
}

impl Life<'_> {
    /// From when on the person has nothing else.
    fn free_from(&self) -> DateTime {
        let over = self.events.last().map(|event| event.ended().saturating_add(2.hours()));
        over.unwrap_or(DateTime::MIN)
    }

    /// What is due by then; the first of it.
    fn next_due(&mut self, by: DateTime) -> Option<(DateTime, Due)> {
        let first = self.dues.iter().copied().min().filter(|(due, _)| *due <= by)?;
        self.dues.retain(|one| *one != first);
        Some(first)
    }

    fn keep(&mut self, (due, what): (DateTime, Due)) {
        let seen = self.minute_of_day(due.max(self.free_from()));
        if seen >= self.ends {
            return;
        }
        match what {
            Due::Supply => {
                self.special_disease(seen);
                if let Some(chronic) = self.person.chronic {
                    self.dues.push((seen.saturating_add(chronic.supply_days.days()), Due::Supply));
                }
            }
            Due::Prenatal => self.prenatal(seen),
            Due::Delivery => self.delivery(seen),
        }
    }

    /// Hours until the next thing; where lives are dense, some are ill all the time, and the old come more often.
    fn pause(&mut self) -> i64 {
        if let Some(mean) = self.city.pace.hours(self.person.scheme) {
            return self.dice.between(0, 2 * mean);
        }
        let most = match (self.is_ill, self.person.age(self.city.begins) >= 60) {
            (true, _) => 130,
            (false, true) => 400,
            (false, false) => 900,
        };
        self.dice.between(5, most)
    }

    /// No two moments of a person are the same, and most are in the day.
    fn minute_of_day(&mut self, at: DateTime) -> DateTime {
        let day = at.date();
        let hour = if self.dice.percent(90) { self.dice.between(8, 17) } else { self.dice.between(0, 23) };
        let drawn = day.at(i8::try_from(hour).unwrap_or(9), 0, 0, 0);
        let drawn =
            drawn.saturating_add(self.dice.between(1, 58).minutes()).saturating_add(self.dice.between(0, 59).seconds());
        if drawn < at { drawn.saturating_add(1.days()) } else { drawn }
    }

    fn something(&mut self, at: DateTime) {
        let [visit, purchase, special_drug, stay, planning] = self.city.pace.weights(self.person.scheme);
        let chances = [
            ("visit", visit),
            ("purchase", purchase),
            ("special_drug", if self.person.special_drug { special_drug } else { 0 }),
            ("stay", stay),
            ("family_planning", if self.person.can_give_birth(self.city.begins) { planning } else { 0 }),
        ];
        match self.dice.weighed(&chances) {
            "purchase" => self.purchase(at),
            "special_drug" => self.special_drug(at),
            "stay" => self.stay(at, Comes::FromHome),
            "family_planning" => self.family_planning(at),
            _ => self.visit(at),
        }
    }

    pub(super) fn event(&mut self, place: usize, at: DateTime, kind: Kind, mut lines: Vec<Line>) -> Event {
        // A hospital sends its lines in the order of their days.
        lines.sort_by_key(|line| line.at);
        let ordinal = u32::try_from(self.events.len()).unwrap_or(u32::MAX);
        let id = EventId { person: self.person.number, ordinal };
        let uses_account = self.person.balance.is_some() && self.dice.percent(80);
        Event {
            id,
            place,
            at,
            kind,
            lines,
            diagnoses: Vec::new(),
            birth: None,
            uses_account,
            claimed: None,
            cancelled: None,
            again: None,
        }
    }

    pub(super) fn place(&mut self, levels: &[&str]) -> usize {
        let chosen = self.dice.pick(&self.city.hospitals(levels));
        self.at(chosen)
    }

    pub(super) fn some(&mut self, items: &[Item], at: DateTime, least: i64, most: i64, lines: &mut Vec<Line>) {
        for _ in 0..self.dice.between(least, most) {
            let item = &items[usize::try_from(self.dice.below(items.len() as u64)).unwrap_or(0)];
            let count = if item.list_type == "101" && item.special.is_empty() { self.dice.between(1, 4) } else { 1 };
            let approval = match self.dice.one_in(20) {
                true => "2",
                false if item.restricted && self.dice.percent(60) => "1",
                false => "0",
            };
            let serial = (lines.len() + 1).to_string();
            lines.push(Line { serial, at, code: item.code, count, price: item.price, approval, returns: None });
        }
    }

    /// One piece of a line of several is given back the same day.
    fn take_back(&mut self, at: DateTime, lines: &mut Vec<Line>) {
        let returned: HashSet<String> = lines.iter().filter_map(|line| line.returns.clone()).collect();
        // What is settled already is not given back.
        let of_now = lines.iter().rev().filter(|line| line.at == at);
        let given = of_now.filter(|line| line.count > 1).find(|line| !returned.contains(&line.serial)).cloned();
        if let Some(given) = given {
            let serial = (lines.len() + 1).to_string();
            lines.push(Line { serial, at, count: -1, returns: Some(given.serial.clone()), ..given });
        }
    }

    pub(super) fn visit(&mut self, at: DateTime) {
        let city = self.city;
        let place = self.place(&["3", "2", "1", "township", "village"]);
        let mut lines = Vec::new();
        self.some(&city.stock.drugs, at, 1, 3, &mut lines);
        self.some(&city.stock.services[3..5], at, 0, 2, &mut lines);
        if self.dice.one_in(8) {
            self.take_back(at, &mut lines);
        }
        let mut event = self.event(place, at, Kind::Visit, lines);
        event.diagnoses = self.diagnoses_of_visit(event.id);
        if !self.person.two_diseases.is_empty() && self.chance("for one of the two diseases").one_in(2) {
            self.for_the_two_diseases(&mut event);
        }
        self.ordinary(event);
    }

    /// Makes a visit one for the two diseases: their drugs take the place of what was charged.
    fn for_the_two_diseases(&self, event: &mut Event) {
        event.kind = Kind::TwoDiseases;
        event.diagnoses.clear();
        for line in &mut event.lines {
            let item = &self.city.stock.long_term[usize::from(line.code.starts_with('X'))];
            (line.code, line.price) = (item.code, item.price);
        }
    }

    /// What is found at a visit, as most systems tell it; drawn apart from all else.
    fn diagnoses_of_visit(&self, id: EventId) -> Vec<Diagnosis> {
        let mut dice = self.city.dice("diagnoses of a visit", id.person * 1_000 + u64::from(id.ordinal));
        match dice.below(4) {
            0 => Vec::new(),
            1 => vec![("I10.x00", "高血压"), ("J06.900", "急性上呼吸道感染")],
            _ => vec![("J06.900", "急性上呼吸道感染")],
        }
    }

    /// Chance of the next event that moves nothing else.
    fn chance(&self, matter: &str) -> Dice {
        self.city.dice(matter, self.person.number * 1_000 + self.events.len() as u64)
    }

    /// Drugs for a long disease: most are seen at a hospital, some buy them at a pharmacy.
    fn special_disease(&mut self, at: DateTime) {
        let city = self.city;
        let Some(chronic) = self.person.chronic else { return };
        let hospital = self.place(&["3", "2"]);
        let mut lines = Vec::new();
        self.some(&city.stock.long_term, at, 1, 3, &mut lines);
        let mut chance = self.chance("at a pharmacy");
        let (place, kind) = match chance.one_in(4) {
            true => (self.at(chance.pick(&city.pharmacies())), Kind::LongDiseaseDrugs { code: chronic.code }),
            false => (hospital, Kind::SpecialDisease { code: chronic.code, supply_days: chronic.supply_days }),
        };
        let event = self.event(place, at, kind, lines);
        self.ordinary(event);
    }

    /// The position of a place.
    fn at(&self, chosen: &Place) -> usize {
        self.city.places.iter().position(|place| place.code == chosen.code).unwrap_or(0)
    }

    fn purchase(&mut self, at: DateTime) {
        let city = self.city;
        let chosen = self.dice.pick(&city.pharmacies());
        let place = self.at(chosen);
        let mut lines = Vec::new();
        self.some(&city.stock.drugs, at, 1, 3, &mut lines);
        let event = self.event(place, at, Kind::Purchase, lines);
        self.ordinary(event);
    }

    fn special_drug(&mut self, at: DateTime) {
        let city = self.city;
        let place = self.at(city.supplier());
        let mut lines = Vec::new();
        self.some(&city.stock.special, at, 1, 1, &mut lines);
        let event = self.event(place, at, Kind::SpecialDrug, lines);
        self.ordinary(event);
    }

    /// Care that is settled on the spot: some is claimed late, some is cancelled, and settled anew.
    pub(super) fn ordinary(&mut self, mut event: Event) {
        if self.dice.one_in(8) {
            event.claimed = Some(event.at.saturating_add(self.dice.between(20, 200).hours()));
        }
        if self.dice.one_in(6) {
            let settled = event.claimed.unwrap_or(event.at);
            let cancelled = settled.saturating_add(self.dice.between(1, 150).hours()).saturating_add(11.seconds());
            event.cancelled = Some(cancelled);
            let anew = self.dice.percent(50) && !event.kind.is_bought();
            event.again = anew.then(|| cancelled.saturating_add(self.dice.between(1, 20).hours()));
        }
        self.events.push(event);
    }

    /// A stay, the legs after its transfers, and a new admission where somebody went home too early.
    fn stay(&mut self, at: DateTime, comes: Comes) {
        let Some(place) = self.hospital_of(comes) else { return };
        let days = self.dice.weighed(&[(1, 4), (3, 5), (6, 6), (9, 4), (14, 2), (25, 1)]);
        let (until, lines) = self.days_of_stay(at, days);
        let halfway = self.dice.moment(at, until);
        let long = until.duration_since(at).as_hours() > 5 * 24;
        let part = (long && self.dice.one_in(3)).then_some(halfway);
        let can_go_on = match comes {
            Comes::FromHome => self.dice.one_in(4),
            Comes::Transferred { .. } => self.dice.one_in(8),
            Comes::Back { .. } => false,
        };
        // What follows of itself ends before the city's books are closed.
        let may_follow = until < self.ends.saturating_add(FOLLOWS.days());
        let can_go_on = can_go_on && may_follow;
        let filed = self.dice.percent(40);
        let settled_after =
            if self.dice.one_in(4) { self.dice.between(20, 300) * 3_600 } else { self.dice.between(60, 7_000) };
        let kind = Kind::Stay { until, part, leaves: Leaves::Home, settled_after };
        let mut event = self.event(place, at, kind, lines);
        event.diagnoses = self.diagnoses();
        let ordinary = !can_go_on && matches!(comes, Comes::FromHome) && part.is_none();
        if ordinary && self.dice.one_in(6) {
            event.cancelled = Some(until.saturating_add((settled_after + self.dice.between(3_600, 400_000)).seconds()));
            event.again = event.cancelled.map(|cancelled| cancelled.saturating_add(self.dice.between(1, 30).hours()));
        }
        let ordinal = self.events.len();
        self.events.push(event);
        if can_go_on {
            let after = self.dice.between(600, 5_000);
            // Some are taken in only on the next morning.
            let from = if after % 4 == 0 { until.date().saturating_add(1.day()).at(7, 0, 0, 0) } else { until };
            let arrives = from.saturating_add(after.seconds());
            self.stay(arrives, Comes::Transferred { from: place });
            // Unless no other hospital took the patient.
            if self.events.len() > ordinal + 1
                && let Kind::Stay { leaves, .. } = &mut self.events[ordinal].kind
            {
                *leaves = if filed { Leaves::Filed } else { Leaves::ForAnother };
            }
        } else if may_follow
            && (matches!(comes, Comes::Transferred { .. }) && self.dice.one_in(3)
                || ordinary && self.dice.one_in(if settled_after > 72_000 { 3 } else { 10 }))
        {
            let returns = until.saturating_add(self.dice.between(3_600, 80_000).seconds());
            self.stay(returns, Comes::Back { to: place });
        }
    }

    fn hospital_of(&mut self, comes: Comes) -> Option<usize> {
        match comes {
            Comes::FromHome => Some(self.place(&["3", "2", "1", "township"])),
            Comes::Transferred { from } => Some(self.place(&["3", "2"])).filter(|other| *other != from),
            Comes::Back { to } => Some(to),
        }
    }

    /// The end of a stay and what is done in it.
    pub(super) fn days_of_stay(&mut self, at: DateTime, days: i64) -> (DateTime, Vec<Line>) {
        let city = self.city;
        let until =
            at.saturating_add((days * 24 + self.dice.between(-5, 5)).max(3).hours()).saturating_add(13.seconds());
        let mut lines = Vec::new();
        let mut day = at;
        while day < until {
            // What is done on a day is written down in its course.
            let moment = self.dice.moment(day, until.min(day.saturating_add(24.hours())));
            self.some(&city.stock.services, moment, 1, 4, &mut lines);
            self.some(&city.stock.drugs, moment, 1, 3, &mut lines);
            if self.dice.one_in(6) {
                self.take_back(moment, &mut lines);
            }
            day = day.saturating_add(24.hours());
        }
        if self.dice.percent(35) {
            let moment = self.dice.moment(at, until);
            self.some(&city.stock.operations[..3], moment, 1, 2, &mut lines);
        }
        (until, lines)
    }

    fn diagnoses(&mut self) -> Vec<Diagnosis> {
        let is_child = self.person.age(self.city.begins) < 18;
        match self.dice.below(10) {
            0 => vec![("C34.900", "肺恶性肿瘤")],
            1 => vec![("Z51.100", "肿瘤化学治疗"), ("C34.900", "肺恶性肿瘤")],
            2 if is_child => vec![("Q21.000", "室间隔缺损")],
            3 => vec![("J18.900", "肺炎"), ("I10.x00", "高血压")],
            4 => vec![("Z51.100", "肿瘤化学治疗")],
            _ => vec![("J18.900", "肺炎")],
        }
    }
}

/// How somebody comes to a hospital.
#[derive(Clone, Copy)]
enum Comes {
    FromHome,
    /// From the hospital at this position.
    Transferred {
        from: usize,
    },
    /// Back to the hospital that was left.
    Back {
        to: usize,
    },
}
