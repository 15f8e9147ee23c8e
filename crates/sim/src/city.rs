//! Who lives in a city and who gives care there: families, employers, hospitals of each level, pharmacies, a supplier of special
//! drugs. All of it is drawn from the seed by number, so that nobody has to be kept: a city of a million costs no memory.
//!
//! Everything is invented. Identity numbers have valid check digits and are checked as real ones are.

mod cover;
mod more;
mod name;
mod pace;
mod person;
mod place;
mod stock;

pub use cover::Cover;
pub use pace::Pace;
pub use person::{Chronic, Citizen, number_of, psn_no};
pub use place::{Place, PlaceKind};
pub(crate) use stock::GONE;
pub use stock::{Item, Stock};

use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use person::Among;
use std::collections::BTreeMap;
use yibao_domain::code::Pool;

/// A city.
#[derive(Clone, Debug)]
pub struct City {
    /// The seed of everything.
    pub seed: u64,
    /// The pool that insures its people.
    pub pool: Pool,
    /// How many people.
    pub persons: u64,
    /// The first day of the time that is played.
    pub begins: Date,
    /// The counties, by their six-digit codes.
    pub divisions: Vec<String>,
    /// Who gives care, hospitals first.
    pub places: Vec<Place>,
    /// What is sold and done.
    pub stock: Stock,
    /// How often its people need care.
    pub pace: Pace,
    /// Whether residents have benefits for the two diseases in its time: who has none is no such patient.
    pub two_diseases: bool,
    /// Who is born in its time, by the number after those of everybody else.
    pub newborns: BTreeMap<u64, Newborn>,
}

/// A child that is born in a city's time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Newborn {
    /// The mother's number.
    pub mother: u64,
    /// The birth.
    pub born: DateTime,
    /// When it is enrolled.
    pub enrolled: DateTime,
}

impl City {
    /// The city of a seed, with dense lives. `divisions` are the counties of the pool, by their six-digit codes; at least one.
    pub fn drawn(seed: u64, pool: Pool, divisions: &[String], persons: u64, begins: Date, stock: Stock) -> City {
        let places = place::drawn(seed, divisions, persons);
        City {
            seed,
            pool,
            persons,
            begins,
            divisions: divisions.to_vec(),
            places,
            stock,
            pace: Pace::default(),
            two_diseases: true,
            newborns: BTreeMap::new(),
        }
    }

    /// The numbers of all its people.
    pub fn numbers(&self) -> impl Iterator<Item = u64> {
        (0..self.persons).chain(self.newborns.keys().copied())
    }

    /// A woman has given birth; the child is enrolled some days later, early in the morning.
    pub(crate) fn gives_birth(&mut self, mother: u64, born: DateTime) {
        let days = self.dice("enrolment", mother).between(1, 7);
        let enrolled = born.date().saturating_add(days.days()).at(5, 0, 0, 0);
        self.newborns.insert(self.persons + mother, Newborn { mother, born, enrolled });
    }

    /// The person of this number, counted from 0.
    pub fn person(&self, number: u64) -> Citizen {
        if let Some(Newborn { mother, born, enrolled }) = self.newborns.get(&number) {
            let mother = self.person(*mother);
            return person::newborn(self.seed, self.pool.as_str(), number, &mother, born.date(), *enrolled);
        }
        let among = Among {
            seed: self.seed,
            pool: self.pool.as_str(),
            persons: self.persons,
            begins: self.begins,
            divisions: &self.divisions,
            long_diseases: self.pace.long_diseases(),
            insured_throughout: self.pace == Pace::Usual,
            two_diseases: self.two_diseases,
        };
        person::drawn(&among, number)
    }

    /// The hospitals of these levels, or all where there is none of them.
    pub fn hospitals(&self, levels: &[&str]) -> Vec<&Place> {
        let hospitals = || self.places.iter().filter(|place| place.kind == PlaceKind::Hospital);
        let chosen: Vec<&Place> = hospitals().filter(|place| levels.contains(&place.level)).collect();
        if chosen.is_empty() { hospitals().collect() } else { chosen }
    }

    /// The pharmacies that are open to everybody.
    pub fn pharmacies(&self) -> Vec<&Place> {
        self.places.iter().filter(|place| place.kind == PlaceKind::Pharmacy).collect()
    }

    /// Who supplies special drugs.
    pub fn supplier(&self) -> &Place {
        self.places.iter().find(|place| place.kind == PlaceKind::Supplier).expect("every city has a supplier")
    }

    /// The stream of a matter of this city.
    pub(crate) fn dice(&self, matter: &str, number: u64) -> Dice {
        Dice::of(self.seed, matter, number)
    }
}
