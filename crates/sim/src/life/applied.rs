//! What people apply for beside their care (备案): that a long disease is recognised, or that a hospital is theirs.

use crate::city::{Citizen, City, Pace};
use jiff::ToSpan;
use jiff::civil::DateTime;

/// Days of the city's time in which somebody applies.
const DAYS: i64 = 34;

/// An application that a hospital sends for somebody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Application {
    /// The hospital's position in [`City::places`].
    pub place: usize,
    /// When.
    pub at: DateTime,
    /// For what.
    pub what: Applied,
}

/// What is applied for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Applied {
    /// A long disease is recognised (慢特病备案); of who has no other, so that no care depends on it.
    Disease,
    /// A designated provider (定点备案).
    Designated,
}

/// What a person applies for, at most once.
pub fn applied(city: &City, person: &Citizen) -> Option<Application> {
    let mut dice = city.dice("applies", person.number);
    if city.pace == Pace::Usual || !person.cover.is_known(DateTime::MIN) || !dice.percent(25) {
        return None;
    }
    let day = city.begins.saturating_add(dice.between(1, DAYS).days());
    let at = day.at(9, 0, 0, 0).saturating_add(dice.between(0, 8 * 3_600).seconds());
    let hospitals = city.hospitals(&["3", "2"]);
    let code = dice.pick(&hospitals).code.clone();
    let place = city.places.iter().position(|place| place.code == code)?;
    let what = if person.chronic.is_none() { Applied::Disease } else { Applied::Designated };
    Some(Application { place, at, what })
}
