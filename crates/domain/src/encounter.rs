//! The encounter (就诊) in time: whether a fee lies in its care, and whether two stays of a person exclude each other.
//!
//! Fees are told by days, since many systems know no more: the first day counts from midnight, the last one to midnight.
//! Beyond that lies only what clocks and late postings differ by: [`BEFORE_HOURS`] before care begins, so that an emergency
//! at midnight keeps the line of 23:58, and [`AFTER_DAYS`] after it ends (after the present where it goes on), in which
//! the charges of the last day are posted.

use crate::time::{Date, DateTime};
use jiff::ToSpan;

/// Whether a discharge way (离院方式) takes the patient to another hospital: 2 by order, 3 to community care.
pub fn leaves_for_another(dscg_way: &str) -> bool {
    matches!(dscg_way, "2" | "3")
}

/// A fee may be noted so many hours before its care begins: clocks differ.
pub const BEFORE_HOURS: i64 = 1;

/// A fee may be noted so many days after its care has ended: the last charges are posted late, and clocks differ.
pub const AFTER_DAYS: i64 = 1;

/// The times that a fee of some care may have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FeeTimes {
    /// When the care began.
    pub begin: DateTime,
    /// When it ended; `None` while it goes on.
    pub end: Option<DateTime>,
    first: DateTime,
    last: Date,
}

/// Where a fee lies that is not one of its care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Astray {
    /// Before the care began.
    Before,
    /// After it had ended, or ahead of the present.
    After,
}

impl FeeTimes {
    /// The times of care from `begin` to `end`, or until `now` where it goes on.
    pub fn of(begin: DateTime, end: Option<DateTime>, now: DateTime) -> FeeTimes {
        let midnight = begin.date().at(0, 0, 0, 0);
        let last = end.unwrap_or(now).max(begin).date();
        FeeTimes {
            begin,
            end,
            first: midnight.min(begin.saturating_sub(BEFORE_HOURS.hours())),
            last: last.saturating_add(AFTER_DAYS.days()),
        }
    }

    /// The first moment.
    pub fn first(&self) -> DateTime {
        self.first
    }

    /// The last day, all of it.
    pub fn last(&self) -> Date {
        self.last
    }

    /// Where a fee of this moment lies astray; `None` where it is one of this care.
    pub fn astray(&self, fee: DateTime) -> Option<Astray> {
        match () {
            () if fee < self.first => Some(Astray::Before),
            () if fee.date() > self.last => Some(Astray::After),
            () => None,
        }
    }
}

/// A stay in hospital (住院起止).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StaySpan {
    /// Admission.
    pub begin: DateTime,
    /// Discharge; `None` where none is known.
    pub end: Option<DateTime>,
}

/// How a stay excludes another one of the same person, which stands at this place among the others.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Clash {
    /// Whoever is admitted has not left that hospital.
    NotLeft(usize),
    /// The days overlap.
    Overlaps(usize),
}

/// Whether a stay can be beside the person's `others`. Of two stays the one that began first has ended by the day on which
/// the other one begins: on the day of a transfer a person is in both hospitals.
///
/// A stay without a discharge goes on until the next one begins: so a stay that is entered late finds its place before one
/// that goes on now, and its discharge is held against that one when it is stated.
pub fn clash(stay: StaySpan, others: &[StaySpan]) -> Option<Clash> {
    others.iter().enumerate().find_map(|(at, other)| {
        if is_first(other, &stay) {
            match other.end {
                Some(end) => reaches_into(end, &stay).then_some(Clash::Overlaps(at)),
                None => (!is_followed(other, &stay, others)).then_some(Clash::NotLeft(at)),
            }
        } else {
            stay.end.filter(|end| reaches_into(*end, other)).map(|_| Clash::Overlaps(at))
        }
    })
}

/// Of two stays that begin at one moment the shorter one is first.
fn is_first(other: &StaySpan, stay: &StaySpan) -> bool {
    let order = |span: &StaySpan| (span.begin, span.end.unwrap_or(DateTime::MAX));
    order(other) <= order(stay)
}

fn reaches_into(end: DateTime, next: &StaySpan) -> bool {
    end.date() > next.begin.date()
}

/// Whether a third stay begins between the two: the one without a discharge has ended by then.
fn is_followed(open: &StaySpan, stay: &StaySpan, others: &[StaySpan]) -> bool {
    others.iter().any(|next| open.begin < next.begin && next.begin <= stay.begin)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn at(day: i8, hour: i8) -> DateTime {
        date(2021, 7, day).at(hour, 0, 0, 0)
    }

    fn span(begin: DateTime, end: Option<DateTime>) -> StaySpan {
        StaySpan { begin, end }
    }

    #[test]
    fn a_fee_counts_from_the_midnight_before_its_care_to_the_midnight_a_day_after() {
        let times = FeeTimes::of(at(5, 10), Some(at(9, 10)), at(20, 0));
        assert_eq!(times.astray(at(5, 0)), None);
        assert_eq!(times.astray(at(4, 23)), Some(Astray::Before));
        assert_eq!(times.astray(date(2021, 7, 10).at(23, 59, 59, 0)), None);
        assert_eq!(times.astray(at(11, 0)), Some(Astray::After));
    }

    #[test]
    fn care_that_begins_at_midnight_keeps_what_the_clock_before_noted() {
        let times = FeeTimes::of(at(5, 0), None, at(6, 8));
        assert_eq!(times.astray(at(4, 23)), None);
        assert_eq!(times.astray(at(4, 22)), Some(Astray::Before));
    }

    #[test]
    fn care_that_goes_on_takes_fees_up_to_the_present() {
        let times = FeeTimes::of(at(5, 10), None, at(6, 8));
        assert_eq!(times.astray(at(7, 23)), None);
        assert_eq!(times.astray(at(8, 0)), Some(Astray::After));
    }

    #[test]
    fn a_person_is_in_two_hospitals_on_the_day_of_a_transfer_only() {
        let first = span(at(1, 8), Some(at(5, 10)));
        assert_eq!(clash(span(at(5, 7), None), &[first]), None);
        assert_eq!(clash(span(at(4, 20), None), &[first]), Some(Clash::Overlaps(0)));
        assert_eq!(clash(span(at(3, 8), Some(at(3, 20))), &[first]), Some(Clash::Overlaps(0)));
    }

    #[test]
    fn who_has_not_left_is_not_admitted_elsewhere() {
        let first = span(at(1, 8), None);
        assert_eq!(clash(span(at(5, 7), None), &[first]), Some(Clash::NotLeft(0)));
        assert_eq!(clash(span(at(1, 8), None), &[first]), Some(Clash::NotLeft(0)));
    }

    #[test]
    fn a_stay_that_is_entered_late_finds_its_place_before_the_one_that_goes_on() {
        let now = span(at(10, 8), None);
        let late = span(at(3, 8), None);
        assert_eq!(clash(late, &[now]), None);
        assert_eq!(clash(StaySpan { end: Some(at(10, 7)), ..late }, &[now]), None);
        assert_eq!(clash(StaySpan { end: Some(at(11, 7)), ..late }, &[now]), Some(Clash::Overlaps(0)));
        // A third one comes after the stay of now, whatever the late one still lacks.
        let left = StaySpan { end: Some(at(12, 8)), ..now };
        assert_eq!(clash(span(at(12, 9), None), &[late, left]), None);
        assert_eq!(clash(span(at(12, 9), None), &[late, now]), Some(Clash::NotLeft(1)));
    }

    fn moments() -> impl Strategy<Value = DateTime> {
        (1_i8..=28, 0_i8..24).prop_map(|(day, hour)| at(day, hour))
    }

    fn stays() -> impl Strategy<Value = StaySpan> {
        (moments(), moments()).prop_map(|(one, other)| span(one.min(other), Some(one.max(other))))
    }

    proptest! {
        #[test]
        fn fee_times_grow_with_their_care_and_hold_all_of_it(stay in stays(), fee in moments(), more in 0_i64..9) {
            let end = stay.end.expect("a closed stay");
            let times = FeeTimes::of(stay.begin, stay.end, at(28, 0));
            if stay.begin <= fee && fee <= end {
                prop_assert_eq!(times.astray(fee), None);
            }
            let longer = end.saturating_add(more.days());
            if times.astray(fee).is_none() {
                prop_assert_eq!(FeeTimes::of(stay.begin, Some(longer), at(28, 0)).astray(fee), None);
            }
        }

        #[test]
        fn two_stays_exclude_each_other_whichever_is_asked_first(one in stays(), other in stays()) {
            prop_assert_eq!(clash(one, &[other]).is_some(), clash(other, &[one]).is_some());
        }

        #[test]
        fn stays_that_share_two_days_never_stand_beside_each_other(one in stays(), other in stays()) {
            let from = one.begin.max(other.begin).date();
            let to = one.end.min(other.end).expect("closed stays").date();
            if from < to {
                prop_assert!(clash(one, &[other]).is_some());
            } else if from > to {
                prop_assert_eq!(clash(one, &[other]), None);
            }
        }
    }
}
