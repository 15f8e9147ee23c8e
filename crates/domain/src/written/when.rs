//! Times and days (时间、日期) as people and their programs write them.
//!
//! The year stands first, in four figures; day and month behind it cannot be mistaken. The clock has 24 hours, or 12 with the word
//! that says which half; where that word leaves open which one is meant (晚上12:00), it is not guessed. What has happened happened in
//! China, so that a time of another zone becomes one of China.

mod clock;
mod part;

use super::text::narrow;
use crate::money::{Decimal, decimal};
use crate::time::{Date, DateTime};
use clock::Clock;
use jiff::ToSpan as _;
use part::{after, digits};

pub use clock::{time_of_day, without_zone};
pub use part::NotTime;

/// What a text says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum When {
    /// A day.
    Day(Date),
    /// A time; midnight is one like any other.
    At(DateTime),
}

/// Earlier years are slips: nobody who is insured was born then.
const YEAR_MIN: i16 = 1880;
/// Serial days of spreadsheet programs that have five figures, 1927 to 2099; a bare number of a time is one of these.
const SERIALS: std::ops::RangeInclusive<i64> = 10_000..=73_050;
/// The day before serial day 1, as the 29 February 1900 that never was makes it for all days after.
const SERIAL_ORIGIN: Date = jiff::civil::date(1899, 12, 30);

/// What a text says, a day or a time.
pub fn when(text: &str) -> Result<When, NotTime> {
    match read(text)? {
        (day, None) => Ok(When::Day(day)),
        (day, Some(clock)) => clock.on(day).map(When::At),
    }
}

/// A time; a day alone is none.
pub fn moment(text: &str) -> Result<DateTime, NotTime> {
    match when(text)? {
        When::At(moment) => Ok(moment),
        When::Day(_) => Err(NotTime::DayAlone),
    }
}

/// A day; databases write a midnight behind it. 24:00 is none of these: the day before or behind it may be meant.
pub fn day(text: &str) -> Result<Date, NotTime> {
    match read(text)? {
        (day, None) => Ok(day),
        (day, Some(clock)) => {
            let at = clock.on(day)?;
            if at == at.date().at(0, 0, 0, 0) && !clock.ends_day() { Ok(at.date()) } else { Err(NotTime::TimeOfDay) }
        }
    }
}

/// A time whose day and time of day stand in two cells. A cell that has both has to agree with the other one.
pub fn in_two(of_day: &str, of_time: &str) -> Result<DateTime, NotTime> {
    let clock = match time_of_day(of_time) {
        Ok(clock) => clock,
        Err(NotTime::Other) if !of_time.trim().is_empty() => {
            // The second cell may hold the whole.
            let whole = moment(of_time)?;
            let agrees = day(of_day) == Ok(whole.date()) || moment(of_day) == Ok(whole);
            return if agrees { Ok(whole) } else { Err(NotTime::Other) };
        }
        Err(why) => return Err(why),
    };
    match (day(of_day), moment(of_day)) {
        (Ok(day), _) => clock.on(day),
        (Err(_), Ok(moment)) if clock.on(moment.date())? == moment => Ok(moment),
        (Err(NotTime::TimeOfDay), Ok(_)) => Err(NotTime::Other),
        (Err(why), _) => Err(why),
    }
}

/// The day of a text, and its time where it has one.
fn read(text: &str) -> Result<(Date, Option<Clock>), NotTime> {
    let plain = narrow(text).to_uppercase();
    if let Some(serial) = serial(&plain) {
        return Ok(serial);
    }
    let (day, rest) = leading_day(&plain)?;
    let rest = rest.trim_start();
    Ok((day, if rest.is_empty() { None } else { Some(Clock::read(rest)?) }))
}

/// A serial day of a spreadsheet program; with a fraction it is a time, to the second. `None` where it is none.
fn serial(text: &str) -> Option<(Date, Option<Clock>)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let days: i64 = whole.parse().ok().filter(|days| whole.len() == 5 && SERIALS.contains(days))?;
    let day = SERIAL_ORIGIN.checked_add(days.days()).ok()?;
    if whole.len() == text.len() {
        return Some((day, None));
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let seconds = (decimal(&format!("0.{fraction}"))? * Decimal::from(86_400)).round();
    let at = day.at(0, 0, 0, 0).checked_add(i64::try_from(seconds).ok()?.seconds()).ok()?;
    Some((at.date(), Some(Clock::at(at.time()))))
}

/// The day at the beginning, and what follows it.
fn leading_day(text: &str) -> Result<(Date, &str), NotTime> {
    let (first, rest) = digits(text);
    let (year, month, day, rest) = match first.len() {
        // 20200912, also with the time behind it: 202009121030.
        8 | 12 | 14 => (&first[..4], &first[4..6], &first[6..8], &text[8..]),
        4 => {
            let rest = after(rest, &['-', '/', '.', '年']).ok_or(NotTime::Other)?;
            let (month, rest) = digits(rest);
            let rest = after(rest, &['-', '/', '.', '月']).ok_or(NotTime::Other)?;
            let (day, rest) = digits(rest);
            (first, month, day, rest)
        }
        _ => return Err(of_other_order(first, rest)),
    };
    let small = |part: &str| part.parse::<i8>().ok().filter(|_| part.len() <= 2).ok_or(NotTime::Other);
    let year: i16 = year.parse().map_err(|_| NotTime::Other)?;
    let read = Date::new(year, small(month)?, small(day)?).map_err(|_| NotTime::NoSuchDay)?;
    if year < YEAR_MIN {
        return Err(NotTime::NoSuchDay);
    }
    let rest = after(rest, &['日', '号']).unwrap_or(rest);
    Ok((read, behind_weekday(read, rest)?))
}

/// Why a text that begins with these figures is no day with its year in front.
fn of_other_order(first: &str, rest: &str) -> NotTime {
    if !(1..=2).contains(&first.len()) {
        return NotTime::Other;
    }
    if time_of_day(&format!("{first}{rest}")).is_ok() {
        return NotTime::ClockAlone;
    }
    let Some(rest) = after(rest, &['-', '/', '.', '年', '月']) else { return NotTime::Other };
    let (_, rest) = digits(rest);
    let last = after(rest, &['-', '/', '.', '日', '月']).map_or("", |rest| digits(rest).0);
    match last.len() {
        4 => NotTime::YearLast,
        1 | 2 => NotTime::ShortYear,
        _ => NotTime::Other,
    }
}

/// What follows the day of the week, which has to be that of the day: `星期六`, `周六`, `(礼拜六)`.
fn behind_weekday(day: Date, text: &str) -> Result<&str, NotTime> {
    let bare = text.trim_start().trim_start_matches('(');
    let Some(rest) = ["星期", "周", "礼拜"].iter().find_map(|word| bare.strip_prefix(word)) else {
        return Ok(text);
    };
    let name = rest.chars().next().ok_or(NotTime::Other)?;
    let number = "一二三四五六日".chars().position(|known| known == name || (known == '日' && name == '天'));
    let number = number.and_then(|number| i8::try_from(number + 1).ok()).ok_or(NotTime::Other)?;
    let rest = rest[name.len_utf8()..].trim_start_matches(')');
    if day.weekday().to_monday_one_offset() == number { Ok(rest) } else { Err(NotTime::Weekday) }
}

#[cfg(test)]
mod tests;
