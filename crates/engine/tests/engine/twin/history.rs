//! What happens in a town in the weeks around an outage, drawn from a seed. The outage is that of 2021-07-10 to 07-15.

use jiff::civil::{DateTime, date};
use jiff::{ToSpan, Unit};
use std::fmt::Write as _;

/// People of the town; every second one is an employee with an account.
pub const PEOPLE: usize = 12;

/// A small generator (xorshift), the same everywhere.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % end
    }

    pub fn one_in(&mut self, parts: u64) -> bool {
        self.below(parts) == 0
    }

    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }
}

/// The kinds of care.
#[derive(Clone, Debug)]
pub enum Kind {
    Visit,
    SpecialDisease,
    Purchase,
    SpecialDrug,
    Stay {
        until: DateTime,
        /// A settlement in mid-stay.
        part: Option<DateTime>,
        /// Left for another hospital, where the next event arrives the same day.
        transferred: bool,
    },
}

/// Care that somebody has.
#[derive(Clone, Debug)]
pub struct Event {
    pub id: usize,
    pub person: usize,
    /// Which hospital, or pharmacy.
    pub place: usize,
    pub at: DateTime,
    pub kind: Kind,
    pub price: &'static str,
    /// Settled only then, though nothing stood in the way: a late claim.
    pub claimed: Option<DateTime>,
    /// A stay that was over before the closing and, with an outage, settled only then.
    pub kept_waiting: Option<DateTime>,
    pub cancelled: Option<DateTime>,
    /// Settled anew after the cancellation.
    pub again: Option<DateTime>,
}

pub struct History {
    pub events: Vec<Event>,
}

/// Whether the outage holds this moment.
pub fn is_closed(at: DateTime) -> bool {
    (10..=15).contains(&at.date().day()) && at.date().month() == 7
}

fn day(day: i8) -> DateTime {
    date(2021, 7, day).at(0, 0, 0, 0)
}

impl History {
    pub fn drawn(seed: u64) -> History {
        let mut dice = Dice::new(seed);
        let mut events = Vec::new();
        for person in 0..PEOPLE {
            draw_person(&mut dice, person, &mut events);
        }
        History { events }
    }

    pub fn told(&self, person: usize) -> String {
        let mut text = String::new();
        for event in self.events.iter().filter(|event| event.person == person) {
            writeln!(text, "{event:?}").unwrap();
        }
        text
    }
}

fn draw_person(dice: &mut Dice, person: usize, events: &mut Vec<Event>) {
    let mut at = day(2).saturating_add(i64::try_from(dice.below(60)).unwrap().hours());
    let employed = person.is_multiple_of(2);
    // What is cancelled counts as it stood, so only what stood as it would have without the outage is the same in both towns:
    // who cancels has nothing that waited at the closing.
    let cancels = dice.one_in(2);
    while at < day(25) {
        // No two moments of a person are the same.
        let minutes = i64::try_from(dice.below(59)).unwrap() + 1;
        at =
            at.round(jiff::civil::DateTimeRound::new().smallest(Unit::Hour)).unwrap().saturating_add(minutes.minutes());
        let mut event = Event {
            id: events.len(),
            person,
            place: usize::try_from(dice.below(3)).unwrap(),
            at,
            kind: Kind::Visit,
            price: dice.pick(&["60.00", "180.00", "900.00"]),
            claimed: None,
            kept_waiting: None,
            cancelled: None,
            again: None,
        };
        match dice.below(10) {
            0 | 1 => {}
            2 | 3 => {
                event.kind = Kind::SpecialDisease;
                event.price = dice.pick(&["150.00", "700.00", "3000.00"]);
            }
            4 if employed => event.kind = Kind::Purchase,
            5 if employed => {
                event.kind = Kind::SpecialDrug;
                event.price = dice.pick(&["900.00", "9600.00"]);
            }
            _ => {
                at = draw_stay(dice, event, cancels, events);
                continue;
            }
        }
        if !is_closed(at) {
            // A late claim, or a cancellation, of ordinary business.
            if dice.one_in(6) {
                event.claimed = Some(day(17).saturating_add(hours(dice, 150)));
                event.claimed = event.claimed.map(|claimed| claimed.max(at)).map(|at| at.saturating_add(7.seconds()));
            }
            if cancels && event.claimed.unwrap_or(at) < day(10) && dice.one_in(2) {
                let since = day(16);
                let cancelled = since.saturating_add(hours(dice, 120)).saturating_add(11.seconds());
                event.cancelled = Some(cancelled);
                let anew = dice.one_in(2) && !matches!(event.kind, Kind::Purchase | Kind::SpecialDrug);
                event.again = anew.then(|| cancelled.saturating_add(hours(dice, 30)));
            }
        }
        events.push(event);
        at = at.saturating_add(hours(dice, 90));
    }
}

/// Between one hour and so many.
fn hours(dice: &mut Dice, most: u64) -> jiff::Span {
    (i64::try_from(dice.below(most)).unwrap() + 1).hours()
}

/// A stay, with the leg after a transfer; when the person is home again.
fn draw_stay(dice: &mut Dice, mut event: Event, cancels: bool, events: &mut Vec<Event>) -> DateTime {
    event.price = dice.pick(&["900.00", "4000.00", "31000.00", "120000.00"]);
    let until = event.at.saturating_add(hours(dice, 130)).saturating_add(13.seconds());
    let halfway = event.at.saturating_add((until.duration_since(event.at).as_secs() / 2).seconds());
    let part = (dice.one_in(3) && !is_closed(halfway) && halfway > event.at && halfway < until).then_some(halfway);
    let transferred = dice.one_in(4);
    event.kind = Kind::Stay { until, part, transferred };
    let kept_waiting = !cancels && until < day(10) && until > day(7) && dice.one_in(2);
    event.kept_waiting = kept_waiting.then(|| day(16).saturating_add(hours(dice, 60)));
    // What has an entry would wait in its register again once it is cancelled.
    if cancels && until < day(10) && !transferred && part.is_none() && dice.one_in(2) {
        event.cancelled = Some(day(16).saturating_add(hours(dice, 150)));
    }
    let (person, place) = (event.person, event.place);
    events.push(event);
    if !transferred {
        return until.saturating_add(24.hours()).saturating_add(hours(dice, 50));
    }
    let arrived = until.saturating_add(10.minutes());
    let left = arrived.saturating_add(hours(dice, 100)).saturating_add(17.seconds());
    events.push(Event {
        id: events.len(),
        person,
        place: (place + 1) % 3,
        at: arrived,
        kind: Kind::Stay { until: left, part: None, transferred: false },
        price: dice.pick(&["900.00", "4000.00", "31000.00"]),
        claimed: None,
        kept_waiting: None,
        cancelled: None,
        again: None,
    });
    left.saturating_add(24.hours()).saturating_add(hours(dice, 50))
}
