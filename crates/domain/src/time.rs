//! Dates and moments. All of them are China Standard Time, which has had one offset since 1991,
//! so a civil date-time orders moments without a time zone table.

pub use jiff::civil::{Date, DateTime};
use std::cmp::Ordering;
use std::fmt;
use std::ops::Deref;

/// `yyyy-MM-dd HH:mm:ss`, as the national interface and our messages write a moment (日期时间型).
pub fn moment_text(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// A moment as people write it, to the minute: without seconds where there are none.
pub fn minute_text(moment: DateTime) -> String {
    moment.strftime(if moment.second() == 0 { "%Y-%m-%d %H:%M" } else { "%Y-%m-%d %H:%M:%S" }).to_string()
}

/// A moment and how its author writes it (书写的时刻): midnight is 24:00 of the day that ends, or 0:00 of the day that begins.
/// Comparing it and reckoning with it, the writing plays no part.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// The moment.
    pub at: DateTime,
    /// Written as 0:00 of the day that begins, if it is midnight.
    pub begins_day: bool,
}

impl Moment {
    /// A moment that is written as it stands: midnight is 0:00.
    pub fn beginning(at: DateTime) -> Moment {
        Moment { at, begins_day: true }
    }

    /// The day and the hour and minute of it, midnight as it is written: 24:00 of the 15th, or 0:00 of the 16th.
    pub fn day_and_time(self) -> (Date, i8, i8) {
        let midnight = self.at == self.at.date().at(0, 0, 0, 0);
        match self.at.date().yesterday() {
            Ok(day) if midnight && !self.begins_day => (day, 24, 0),
            _ => (self.at.date(), self.at.hour(), self.at.minute()),
        }
    }
}

/// What is reckoned ends days: midnight is 24:00.
impl From<DateTime> for Moment {
    fn from(at: DateTime) -> Moment {
        Moment { at, begins_day: false }
    }
}

impl From<Moment> for DateTime {
    fn from(moment: Moment) -> DateTime {
        moment.at
    }
}

impl Deref for Moment {
    type Target = DateTime;

    fn deref(&self) -> &DateTime {
        &self.at
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Moment) -> bool {
        self.at == other.at
    }
}

impl Eq for Moment {}

impl Ord for Moment {
    fn cmp(&self, other: &Moment) -> Ordering {
        self.at.cmp(&other.at)
    }
}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Moment) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq<DateTime> for Moment {
    fn eq(&self, other: &DateTime) -> bool {
        self.at == *other
    }
}

impl PartialEq<Moment> for DateTime {
    fn eq(&self, other: &Moment) -> bool {
        *self == other.at
    }
}

impl PartialOrd<DateTime> for Moment {
    fn partial_cmp(&self, other: &DateTime) -> Option<Ordering> {
        self.at.partial_cmp(other)
    }
}

impl PartialOrd<Moment> for DateTime {
    fn partial_cmp(&self, other: &Moment) -> Option<Ordering> {
        self.partial_cmp(&other.at)
    }
}

/// As its author writes it: `2021-07-15 24:00` or `2021-07-16 00:00`.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (day, hour, minute) = self.day_and_time();
        write!(f, "{day} {hour:02}:{minute:02}")
    }
}

/// A moment as notices write it: as its author does, else midnight is 24:00 of the day that ends.
pub fn moment_name(moment: impl Into<Moment>) -> String {
    moment.into().to_string()
}

/// Age in full years (周岁) on `day`. Negative spans give 0.
pub fn full_years(born: Date, day: Date) -> i16 {
    let years = day.year() - born.year();
    let birthday_passed = (day.month(), day.day()) >= (born.month(), born.day());
    (if birthday_passed { years } else { years - 1 }).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_year_of_age_is_reached_on_the_birthday_itself() {
        assert_eq!(full_years(date(1960, 7, 9), date(2020, 7, 8)), 59);
        assert_eq!(full_years(date(1960, 7, 9), date(2020, 7, 9)), 60);
        assert_eq!(full_years(date(2004, 2, 29), date(2022, 2, 28)), 17);
    }

    #[test]
    fn a_moment_is_written_as_the_interface_writes_it() {
        assert_eq!(moment_text(date(2021, 7, 9).at(19, 59, 59, 0)), "2021-07-09 19:59:59");
    }

    #[test]
    fn midnight_is_the_end_of_the_day_before() {
        assert_eq!(moment_name(date(2021, 7, 16).at(0, 0, 0, 0)), "2021-07-15 24:00");
        assert_eq!(moment_name(date(2021, 7, 9).at(20, 0, 0, 0)), "2021-07-09 20:00");
    }

    #[test]
    fn midnight_is_said_as_its_author_writes_it_and_is_the_same_moment() {
        let at = date(2021, 7, 16).at(0, 0, 0, 0);
        let (ends, begins) = (Moment::from(at), Moment::beginning(at));
        assert_eq!(
            (moment_name(ends).as_str(), moment_name(begins).as_str()),
            ("2021-07-15 24:00", "2021-07-16 00:00")
        );
        assert!(ends == begins && begins == at && at <= ends && *begins == at);
        assert_eq!(moment_name(Moment::beginning(date(2021, 7, 9).at(8, 30, 0, 0))), "2021-07-09 08:30");
    }
}
