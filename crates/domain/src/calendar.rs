//! The official working-day calendar (法定工作日历): which days count towards a deadline in working days.
//!
//! It decides working days from data (holidays 节假日 and make-up workdays 调休上班日). Reading that data is left to
//! the policy crate, and what a deadline means to the plan. Invariant: a day of a year that the data does not cover
//! has no answer; no deadline is ever guessed.
//!
//! A calendar has versions: a day may be declared anew after the yearly notice (the spring festival of 2020 was made
//! longer when it had begun). Deadlines go by the last word; [`Calendar::as_known_on`] tells what was known at a time.

use crate::time::{Date, DateTime};
use jiff::civil::Weekday;
use std::collections::{BTreeMap, BTreeSet};

/// What the State Council's yearly notice says of a day that differs from its weekday.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DayKind {
    /// 放假: no working day, whatever its weekday.
    Holiday,
    /// 调休上班: a Saturday or Sunday that is worked.
    MakeupWorkday,
}

/// One word on a day that differs from its weekday.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Declared {
    /// The day.
    pub day: Date,
    /// What it is.
    pub kind: DayKind,
    /// When that was announced, where it was after the yearly notice; later words replace earlier ones.
    pub announced: Option<Date>,
}

/// Working days of the years that the data covers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Calendar {
    days: BTreeMap<Date, DayKind>,
    years: BTreeSet<i16>,
    words: Vec<Declared>,
}

impl Calendar {
    /// A calendar of these exceptions, covering these years; every other day follows its weekday.
    pub fn new(years: impl IntoIterator<Item = i16>, days: impl IntoIterator<Item = (Date, DayKind)>) -> Self {
        Calendar::of_words(years, days.into_iter().map(|(day, kind)| Declared { day, kind, announced: None }))
    }

    /// A calendar of everything that was ever said, in whatever order.
    pub fn of_words(years: impl IntoIterator<Item = i16>, words: impl IntoIterator<Item = Declared>) -> Self {
        let mut words: Vec<Declared> = words.into_iter().collect();
        words.sort_by_key(|word| word.announced);
        let days = words.iter().map(|word| (word.day, word.kind)).collect();
        Calendar { days, years: years.into_iter().collect(), words }
    }

    /// The calendar as it was known at the end of this day: without what was announced later.
    pub fn as_known_on(&self, day: Date) -> Calendar {
        let known = |word: &&Declared| word.announced.is_none_or(|announced| announced <= day);
        Calendar::of_words(self.years.iter().copied(), self.words.iter().filter(known).copied())
    }

    /// Whether `day` is worked; `None` outside the years covered.
    pub fn is_working_day(&self, day: Date) -> Option<bool> {
        if !self.years.contains(&day.year()) {
            return None;
        }
        Some(match self.days.get(&day) {
            Some(DayKind::Holiday) => false,
            Some(DayKind::MakeupWorkday) => true,
            None => !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday),
        })
    }

    /// The end (24:00, which is 00:00 of the next day) of the `days`-th working day after `moment`.
    ///
    /// Day 1 is the first working day that begins at or after the moment: after 2020-09-20 24:00 that is the 21st,
    /// after 2020-09-18 08:00 the next working day. No days at all end at the moment itself.
    /// `None` where the count leaves the years covered.
    pub fn add_working_days(&self, moment: DateTime, days: u32) -> Option<DateTime> {
        self.add_working_days_that(moment, days, |_| true)
    }

    /// The same, where only such working days count: on others the clock stands still.
    pub fn add_working_days_that(
        &self,
        moment: DateTime,
        days: u32,
        counts: impl Fn(Date) -> bool,
    ) -> Option<DateTime> {
        if days == 0 {
            return Some(moment);
        }
        let midnight = moment.date().at(0, 0, 0, 0);
        let mut day = if moment == midnight { moment.date() } else { moment.date().tomorrow().ok()? };
        let mut left = days;
        loop {
            if self.is_working_day(day)? && counts(day) {
                left -= 1;
            }
            day = day.tomorrow().ok()?;
            if left == 0 {
                return Some(day.at(0, 0, 0, 0));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn autumn_2020() -> Calendar {
        let holidays = (1..=8).map(|day| (date(2020, 10, day), DayKind::Holiday));
        let worked = [date(2020, 9, 27), date(2020, 10, 10)].map(|day| (day, DayKind::MakeupWorkday));
        Calendar::new([2020], holidays.chain(worked))
    }

    #[track_caller]
    fn check(from: DateTime, days: u32, ends: DateTime) {
        assert_eq!(autumn_2020().add_working_days(from, days), Some(ends));
    }

    #[test]
    fn make_up_sundays_count_and_holidays_do_not() {
        check(date(2020, 9, 21).at(0, 0, 0, 0), 10, date(2020, 10, 10).at(0, 0, 0, 0));
        check(date(2020, 9, 26).at(0, 0, 0, 0), 1, date(2020, 9, 28).at(0, 0, 0, 0));
        check(date(2020, 10, 1).at(0, 0, 0, 0), 1, date(2020, 10, 10).at(0, 0, 0, 0));
    }

    #[test]
    fn day_one_is_the_first_working_day_that_begins_at_or_after_the_moment() {
        check(date(2020, 9, 21).at(0, 0, 0, 0), 1, date(2020, 9, 22).at(0, 0, 0, 0));
        check(date(2020, 9, 21).at(0, 0, 1, 0), 1, date(2020, 9, 23).at(0, 0, 0, 0));
        check(date(2020, 9, 18).at(8, 0, 0, 0), 1, date(2020, 9, 22).at(0, 0, 0, 0));
        check(date(2020, 9, 18).at(8, 0, 0, 0), 0, date(2020, 9, 18).at(8, 0, 0, 0));
    }

    #[test]
    fn what_is_announced_later_is_not_known_before() {
        let saturday = date(2020, 2, 1);
        let calendar = Calendar::of_words(
            [2020],
            [
                Declared { day: saturday, kind: DayKind::Holiday, announced: Some(date(2020, 1, 27)) },
                Declared { day: saturday, kind: DayKind::MakeupWorkday, announced: None },
            ],
        );
        assert_eq!(calendar.is_working_day(saturday), Some(false));
        assert_eq!(calendar.as_known_on(date(2020, 1, 26)).is_working_day(saturday), Some(true));
        assert_eq!(calendar.as_known_on(date(2020, 1, 27)).is_working_day(saturday), Some(false));
    }

    #[test]
    fn a_count_that_leaves_the_covered_years_has_no_answer() {
        assert_eq!(autumn_2020().is_working_day(date(2021, 1, 4)), None);
        assert_eq!(autumn_2020().add_working_days(date(2020, 12, 31).at(0, 0, 0, 0), 2), None);
    }
}
