//! How people are insured (参保) while their city is played: nearly all throughout. Some are not any more and say that they are, some
//! are paused, most of them afterwards from a day that is past, newborns are enrolled some days after their birth. Drawn apart from all else.

use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};

/// The insurance of a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Cover {
    /// Before the city's time and after it.
    Throughout,
    /// Ended on that day, before the city's time; the person goes on to state it (虚报待遇).
    Ended(Date),
    /// Paused from a day on, which the agency loads then, mostly afterwards (补录停保).
    Paused {
        /// The first day of the pause.
        from: Date,
        /// When the platform is told.
        loaded: DateTime,
    },
    /// A newborn's: from the birth, and loaded at the enrolment.
    Newborn {
        /// The day of birth.
        born: Date,
        /// When the platform is told.
        loaded: DateTime,
    },
}

impl Cover {
    /// The insurance of a person of this city.
    pub(crate) fn drawn(seed: u64, number: u64, begins: Date) -> Cover {
        let mut dice = Dice::of(seed, "cover", number);
        match dice.below(100) {
            0..6 => Cover::Ended(begins.saturating_sub(dice.between(20, 300).days())),
            6..16 => {
                let loaded = begins.saturating_add(dice.between(5, 45).days());
                // Most are told afterwards, some on the day or before it.
                let days = dice.between(1, 18);
                let from = match dice.one_in(4) {
                    true => loaded.saturating_add((days % 4).days()),
                    false => loaded.saturating_sub(days.days()),
                };
                Cover::Paused { from, loaded: loaded.at(5, 0, 0, 0) }
            }
            _ => Cover::Throughout,
        }
    }

    /// When the platform is told something new.
    pub fn loaded(self) -> Option<DateTime> {
        match self {
            Cover::Throughout | Cover::Ended(_) => None,
            Cover::Paused { loaded, .. } | Cover::Newborn { loaded, .. } => Some(loaded),
        }
    }

    /// A moment of the first day of a pause that is known by then.
    pub fn first_day_of_pause(self) -> Option<DateTime> {
        let Cover::Paused { from, loaded } = self else { return None };
        Some(from.at(10, 0, 0, 0)).filter(|at| loaded < *at)
    }

    /// Whether the platform knows the person at a moment.
    pub fn is_known(self, at: DateTime) -> bool {
        !matches!(self, Cover::Newborn { loaded, .. } if at < loaded)
    }

    /// Whether care that began on a day is insured, by all that the platform was told until a moment.
    pub fn entitles(self, day: Date, told: DateTime) -> bool {
        match self {
            Cover::Throughout => true,
            Cover::Ended(_) => false,
            Cover::Paused { from, loaded } => day < from || told < loaded,
            Cover::Newborn { born, loaded } => born <= day && loaded <= told,
        }
    }
}
