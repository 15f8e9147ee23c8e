//! What happens to people (就医经历): purchases, visits, long diseases with their supply, special drugs, stays with their days
//! and parts, transfers; late claims, cancellations and new settlements.
//!
//! A life is drawn from the seed alone and knows of no outage: what an outage makes of it is what is compared. Each person
//! has a stream of chance of his own, and each event its own id (`person`, `ordinal`), so that a history with events left out is
//! still the same history.

use crate::city::{Citizen, City, Item};
use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::DateTime;

/// An event by its person and its place in the person's life.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct EventId {
    /// The person's number.
    pub person: u64,
    /// Counted from 0.
    pub ordinal: u32,
}

/// A line of a bill.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its serial within the care.
    pub serial: String,
    /// When.
    pub at: DateTime,
    /// 医保目录编码.
    pub code: &'static str,
    /// Pieces.
    pub count: i64,
    /// Price of one, in fen.
    pub price: i64,
}

impl Line {
    /// What it comes to, in fen.
    pub fn sum(&self) -> i64 {
        self.count * self.price
    }
}

/// The kinds of care.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Kind {
    /// A purchase at a pharmacy (药店购药).
    Purchase,
    /// An ordinary outpatient visit (普通门诊).
    Visit,
    /// A visit for a long disease (门诊慢特病); its supply lasts so many days.
    SpecialDisease {
        /// 病种代码.
        code: &'static str,
        /// Days.
        supply_days: i64,
    },
    /// A special drug at a supplier (特殊药品).
    SpecialDrug,
    /// A stay (住院).
    Stay {
        /// Discharge.
        until: DateTime,
        /// A settlement in mid-stay (中途结算), of the lines before it.
        part: Option<DateTime>,
        /// The next event is the leg after a transfer (转院).
        transferred: bool,
        /// How long after the discharge it is settled.
        settled_after: i64,
    },
}

/// Care that somebody has.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Which.
    pub id: EventId,
    /// The place's position in [`City::places`].
    pub place: usize,
    /// Visit, purchase, admission.
    pub at: DateTime,
    /// What.
    pub kind: Kind,
    /// The bill.
    pub lines: Vec<Line>,
    /// Whether the person's account may pay.
    pub uses_account: bool,
    /// Claimed at the provider only then, though nothing stood in the way (补记账).
    pub claimed: Option<DateTime>,
    /// Cancelled then (撤销).
    pub cancelled: Option<DateTime>,
    /// Settled anew then, after the cancellation.
    pub again: Option<DateTime>,
}

impl Event {
    /// When it was over.
    pub fn ended(&self) -> DateTime {
        match self.kind {
            Kind::Stay { until, .. } => until,
            _ => self.at,
        }
    }

    /// What is charged in all, in fen.
    pub fn total(&self) -> i64 {
        self.lines.iter().map(Line::sum).sum()
    }
}

/// The life of one person from the first day of the city's time on, for so many days.
pub fn lived(city: &City, person: &Citizen, days: i64) -> Vec<Event> {
    let begins = city.begins.at(0, 0, 0, 0);
    let mut life = Life {
        city,
        person,
        dice: city.dice("life", person.number),
        events: Vec::new(),
        ends: begins.saturating_add(days.days()),
    };
    let mut at = begins.saturating_add(life.first(days).hours());
    // The next prescription for a long disease.
    let mut supply =
        person.chronic.map(|chronic| begins.saturating_add(life.dice.between(0, chronic.supply_days * 24).hours()));
    while at < life.ends {
        at = match supply.filter(|due| *due <= at) {
            Some(due) => {
                let due = due.max(begins);
                let seen = life.minute_of_day(due.max(life.free_from()));
                life.special_disease(seen);
                supply = person.chronic.map(|chronic| seen.saturating_add(chronic.supply_days.days()));
                at
            }
            None => {
                let seen = life.minute_of_day(at.max(life.free_from()));
                if seen >= life.ends {
                    break;
                }
                life.something(seen);
                life.free_from().saturating_add(life.pause().hours())
            }
        };
    }
    life.events
}

struct Life<'a> {
    city: &'a City,
    person: &'a Citizen,
    dice: Dice,
    events: Vec<Event>,
    ends: DateTime,
}

impl Life<'_> {
    /// From when on the person has nothing else.
    fn free_from(&self) -> DateTime {
        let over = self.events.last().map(|event| event.ended().saturating_add(2.hours()));
        over.unwrap_or(DateTime::MIN)
    }

    /// Hours until the first thing. At the usual pace somebody is found anywhere between two things, so that as much happens
    /// on the first day as later.
    fn first(&mut self, days: i64) -> i64 {
        match self.city.pace.hours(self.person.scheme) {
            None => self.dice.between(0, days * 24 / 3),
            Some(mean) => self.dice.between(0, 2 * mean).min(self.dice.between(0, 2 * mean)),
        }
    }

    /// Hours until the next thing; where lives are dense, the old come more often.
    fn pause(&mut self) -> i64 {
        let old = self.person.age(self.city.begins) >= 60;
        match self.city.pace.hours(self.person.scheme) {
            None => self.dice.between(20, if old { 400 } else { 900 }),
            Some(mean) => self.dice.between(0, 2 * mean),
        }
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
        let [visit, purchase, special_drug, stay] = self.city.pace.weights(self.person.scheme);
        let chances = [
            ("visit", visit),
            ("purchase", purchase),
            ("special_drug", if self.person.special_drug { special_drug } else { 0 }),
            ("stay", stay),
        ];
        match self.dice.weighed(&chances) {
            "purchase" => self.purchase(at),
            "special_drug" => self.special_drug(at),
            "stay" => self.stay(at, None),
            _ => self.visit(at),
        }
    }

    fn event(&mut self, place: usize, at: DateTime, kind: Kind, lines: Vec<Line>) -> Event {
        let ordinal = u32::try_from(self.events.len()).unwrap_or(u32::MAX);
        let id = EventId { person: self.person.number, ordinal };
        let uses_account = self.person.balance.is_some() && self.dice.percent(80);
        Event { id, place, at, kind, lines, uses_account, claimed: None, cancelled: None, again: None }
    }

    fn place(&mut self, levels: &[&str]) -> usize {
        let hospitals = self.city.hospitals(levels);
        let chosen = self.dice.pick(&hospitals);
        self.city.places.iter().position(|place| place.code == chosen.code).unwrap_or(0)
    }

    fn some(&mut self, items: &[Item], at: DateTime, least: i64, most: i64, lines: &mut Vec<Line>) {
        for _ in 0..self.dice.between(least, most) {
            let item = &items[usize::try_from(self.dice.below(items.len() as u64)).unwrap_or(0)];
            let count = if item.list_type == "101" && item.special.is_empty() { self.dice.between(1, 4) } else { 1 };
            lines.push(Line { serial: (lines.len() + 1).to_string(), at, code: item.code, count, price: item.price });
        }
    }

    fn visit(&mut self, at: DateTime) {
        let city = self.city;
        let place = self.place(&["3", "2", "1", "township", "village"]);
        let mut lines = Vec::new();
        self.some(&city.stock.drugs, at, 1, 3, &mut lines);
        self.some(&city.stock.services[3..5], at, 0, 2, &mut lines);
        let event = self.event(place, at, Kind::Visit, lines);
        self.ordinary(event);
    }

    fn special_disease(&mut self, at: DateTime) {
        let city = self.city;
        let Some(chronic) = self.person.chronic.filter(|_| at < self.ends) else { return };
        let place = self.place(&["3", "2"]);
        let mut lines = Vec::new();
        self.some(&city.stock.long_term, at, 1, 3, &mut lines);
        let kind = Kind::SpecialDisease { code: chronic.code, supply_days: chronic.supply_days };
        let event = self.event(place, at, kind, lines);
        self.ordinary(event);
    }

    fn purchase(&mut self, at: DateTime) {
        let city = self.city;
        let pharmacies = self.city.pharmacies();
        let chosen = self.dice.pick(&pharmacies);
        let place = self.city.places.iter().position(|place| place.code == chosen.code).unwrap_or(0);
        let mut lines = Vec::new();
        self.some(&city.stock.drugs, at, 1, 3, &mut lines);
        let event = self.event(place, at, Kind::Purchase, lines);
        self.ordinary(event);
    }

    fn special_drug(&mut self, at: DateTime) {
        let city = self.city;
        let supplier = self.city.supplier().code.clone();
        let place = self.city.places.iter().position(|place| place.code == supplier).unwrap_or(0);
        let mut lines = Vec::new();
        self.some(&city.stock.special, at, 1, 1, &mut lines);
        let event = self.event(place, at, Kind::SpecialDrug, lines);
        self.ordinary(event);
    }

    /// Care that is settled on the spot: some is claimed late, some is cancelled, and settled anew.
    fn ordinary(&mut self, mut event: Event) {
        if self.dice.one_in(15) {
            event.claimed = Some(event.at.saturating_add(self.dice.between(20, 200).hours()));
        }
        if self.dice.one_in(12) {
            let settled = event.claimed.unwrap_or(event.at);
            let cancelled = settled.saturating_add(self.dice.between(1, 150).hours()).saturating_add(11.seconds());
            event.cancelled = Some(cancelled);
            let anew = self.dice.percent(50) && !matches!(event.kind, Kind::Purchase | Kind::SpecialDrug);
            event.again = anew.then(|| cancelled.saturating_add(self.dice.between(1, 20).hours()));
        }
        self.events.push(event);
    }

    /// A stay, and the legs after its transfers.
    fn stay(&mut self, at: DateTime, before: Option<usize>) {
        let city = self.city;
        let place = match before {
            None => self.place(&["3", "2", "1", "township"]),
            Some(before) => {
                let other = self.place(&["3", "2"]);
                if other == before { return } else { other }
            }
        };
        let days = self.dice.weighed(&[(1, 2), (4, 6), (8, 8), (13, 3), (25, 1)]);
        let until =
            at.saturating_add((days * 24 + self.dice.between(-5, 5)).max(3).hours()).saturating_add(13.seconds());
        let mut lines = Vec::new();
        let mut day = at;
        while day < until {
            // What is done on a day is written down in its course.
            let moment = self.dice.moment(day, until.min(day.saturating_add(24.hours())));
            self.some(&city.stock.services, moment, 2, 5, &mut lines);
            self.some(&city.stock.drugs, moment, 1, 3, &mut lines);
            day = day.saturating_add(24.hours());
        }
        if self.dice.percent(35) {
            let moment = self.dice.moment(at, until);
            self.some(&city.stock.operations[..3], moment, 1, 2, &mut lines);
        }
        let halfway = self.dice.moment(at, until);
        let part = (days > 7 && self.dice.one_in(4)).then_some(halfway);
        let transferred = before.is_none() && self.dice.one_in(6);
        let settled_after =
            if self.dice.one_in(8) { self.dice.between(20, 120) * 3_600 } else { self.dice.between(60, 7_000) };
        let kind = Kind::Stay { until, part, transferred, settled_after };
        let mut event = self.event(place, at, kind, lines);
        if !transferred && before.is_none() && part.is_none() && self.dice.one_in(15) {
            event.cancelled = Some(until.saturating_add((settled_after + self.dice.between(3_600, 400_000)).seconds()));
            event.again = event.cancelled.map(|cancelled| cancelled.saturating_add(self.dice.between(1, 30).hours()));
        }
        let (ordinal, place) = (self.events.len(), event.place);
        self.events.push(event);
        if transferred {
            let arrives = until.saturating_add(self.dice.between(600, 5_000).seconds());
            self.stay(arrives, Some(place));
            if self.events.len() == ordinal + 1 {
                // No other hospital took the patient.
                if let Kind::Stay { transferred, .. } = &mut self.events[ordinal].kind {
                    *transferred = false;
                }
            }
        }
    }
}
