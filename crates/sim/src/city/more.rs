//! What some people have beside what all have (其他情形): an attribute that ends, or a second one; one of the two diseases; a civil
//! servant's subsidy; two insurances at once. Drawn apart from all else.

use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::Date;
use yibao_domain::code::Scheme;

/// The two diseases (两病) as they are recognised: their names tell them from the long ones.
const TWO_DISEASES: [(&str, &str); 2] = [("M03900", "高血压（两病）"), ("M01600", "糖尿病（两病）")];

/// What a person has beside.
pub(super) struct More {
    pub attribute_until: Option<Date>,
    pub attribute_beside: Option<&'static str>,
    pub two_diseases: &'static [(&'static str, &'static str)],
    pub subsidy: Option<(Date, Option<Date>)>,
    pub insured_also: Option<Scheme>,
}

impl More {
    /// Of the person with this number.
    pub fn drawn(
        (seed, begins): (u64, Date),
        number: u64,
        scheme: Scheme,
        psn_type: &str,
        attribute: Option<&'static str>,
    ) -> More {
        let dice = |matter| Dice::of(seed, matter, number);
        // Who is registered as poor stays so: an outage asks for that when they are admitted.
        let ends = attribute.is_some_and(|attribute| attribute != "2302") && dice("attribute ends").percent(40);
        let until = begins.saturating_add(dice("attribute until").between(-5, 32).days());
        let beside = attribute.is_some() && dice("another attribute").percent(35);
        let beside = beside.then(|| dice("attribute beside").pick(&["2303", "2305", "2306"]));
        let two = match dice("two diseases").below(100) {
            0..8 => &TWO_DISEASES[..1],
            8..14 => &TWO_DISEASES[1..],
            14..20 => &TWO_DISEASES[..],
            _ => &[],
        };
        let is_grown_up = psn_type != "1401";
        More {
            attribute_until: ends.then_some(until),
            attribute_beside: beside.filter(|beside| attribute != Some(*beside)),
            two_diseases: if scheme == Scheme::Resident && is_grown_up { two } else { &[] },
            subsidy: subsidy(seed, begins, number).filter(|_| scheme == Scheme::Employee),
            insured_also: (is_grown_up && dice("insured also").one_in(8)).then_some(match scheme {
                Scheme::Employee => Scheme::Resident,
                Scheme::Resident => Scheme::Employee,
            }),
        }
    }
}

/// Most have it throughout, of some it begins or ends in the city's time.
fn subsidy(seed: u64, begins: Date, number: u64) -> Option<(Date, Option<Date>)> {
    let mut dice = Dice::of(seed, "subsidy", number);
    let (since, day) = (begins.saturating_sub(1_000.days()), begins.saturating_add(dice.between(0, 30).days()));
    match dice.below(100) {
        0..14 => Some((since, None)),
        14..20 => Some((since, Some(day))),
        20..26 => Some((day, None)),
        _ => None,
    }
}
