//! How often people need care (就医频度).

use yibao_domain::code::Scheme;

/// Hours of a year.
const YEAR: i64 = 365 * 24;
/// Purchases and visits of ten years, those for long diseases left out: with them a resident has 2 a year, an employee 10.
const RESIDENT: i64 = 19;
const EMPLOYEE: i64 = 96;
/// Stays of a thousand years, legs after transfers, returns and births left out: with them 15 to 16 in a hundred have one a year.
const STAYS: i64 = 112;

/// Births a year of ten thousand who can give birth.
const BIRTHS: u64 = 600;

/// How often the people of a city need care.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Pace {
    /// Something every few weeks, and a stay in every fifth case: a small city meets every case within weeks.
    #[default]
    Dense,
    /// As people do: residents go twice a year, employees ten times, and 15 to 16 in a hundred have a stay a year.
    Usual,
}

impl Pace {
    /// Hours from one matter to the next, on average; nothing where the age alone decides.
    pub(crate) fn hours(self, scheme: Scheme) -> Option<i64> {
        match self {
            Pace::Dense => None,
            Pace::Usual => Some(YEAR * 1_000 / (visits(scheme) * 100 + STAYS)),
        }
    }

    /// Weights of a visit, a purchase, a special drug (where one is qualified), a stay, and family planning (for who can give
    /// birth).
    pub(crate) fn weights(self, scheme: Scheme) -> [u64; 5] {
        let employee = scheme == Scheme::Employee;
        match self {
            Pace::Dense => [30, if employee { 20 } else { 0 }, 25, 24, 6],
            Pace::Usual => {
                let (visits, stays) = (visits(scheme).unsigned_abs() * 100, STAYS.unsigned_abs());
                let purchases = if employee { visits / 2 } else { 0 };
                [visits - purchases, purchases, visits, stays, visits / 100]
            }
        }
    }

    /// How many in ten thousand of those who can give birth do so within so many days.
    pub(crate) fn births(self, days: i64) -> u64 {
        match self {
            Pace::Dense => 4_000,
            Pace::Usual => BIRTHS * days.unsigned_abs() / 365,
        }
    }

    /// How many in a hundred have a long disease: of the old, and of the others.
    pub(crate) fn long_diseases(self) -> (u64, u64) {
        match self {
            Pace::Dense => (60, 25),
            Pace::Usual => (10, 1),
        }
    }
}

fn visits(scheme: Scheme) -> i64 {
    match scheme {
        Scheme::Employee => EMPLOYEE,
        Scheme::Resident => RESIDENT,
    }
}
