//! The time of day (时刻): 24 hours, or 12 with the word that says which half.

use super::part::{NotTime, after, digits};
use crate::time::{Date, DateTime};
use crate::written::text::narrow;
use jiff::ToSpan as _;
use jiff::civil::Time;

/// A time of day as it is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Clock {
    time: Time,
    /// 24:00 is the midnight at the end of the day.
    ends_day: bool,
    /// Minutes that the zone it is written in lies behind China's.
    behind: i64,
}

/// Reads a time of day that stands alone.
pub fn time_of_day(text: &str) -> Result<Clock, NotTime> {
    let plain = narrow(text).to_uppercase();
    // Four figures alone may be a year, and less a number of anything.
    if plain.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NotTime::Other);
    }
    Clock::read(&plain)
}

impl Clock {
    /// A time of China's.
    pub(super) fn at(time: Time) -> Clock {
        Clock { time, ends_day: false, behind: 0 }
    }

    /// Whether it is written as the end of its day: 24:00.
    pub(super) fn ends_day(self) -> bool {
        self.ends_day
    }

    /// The time on a day.
    pub fn on(self, day: Date) -> Result<DateTime, NotTime> {
        let at = day.to_datetime(self.time);
        let days = if self.ends_day { 1.day() } else { 0.days() };
        at.checked_add(days).and_then(|at| at.checked_add(self.behind.minutes())).map_err(|_| NotTime::NoSuchDay)
    }

    /// Reads what follows a day, in capitals and ordinary width.
    pub(super) fn read(text: &str) -> Result<Clock, NotTime> {
        let in_full = text.strip_prefix('T');
        let (text, behind) = without_zone(in_full.unwrap_or(text).trim(), in_full.is_some());
        let (half, text) = without_half(text);
        let ([hour, minute, second], rest) = parts(text)?;
        if !rest.trim().is_empty() {
            return Err(NotTime::Other);
        }
        if minute > 59 || second > 59 || hour > 24 {
            return Err(NotTime::NoSuchTime);
        }
        let hour = match half {
            Some(half) => half.hour_of_day(hour).ok_or(NotTime::Half)?,
            None => hour,
        };
        let ends_day = hour == 24;
        if ends_day && (minute, second) != (0, 0) {
            return Err(NotTime::NoSuchTime);
        }
        let time = Time::new(if ends_day { 0 } else { hour }, minute, second, 0).map_err(|_| NotTime::NoSuchTime)?;
        Ok(Clock { time, ends_day, behind })
    }
}

/// Hour, minute and second, and what follows them. The hour alone is one only with its word: `0时`, `10点整`.
fn parts(text: &str) -> Result<([i8; 3], &str), NotTime> {
    let (first, rest) = digits(text);
    let pair = |from: usize| first[from..from + 2].parse::<i8>().map_err(|_| NotTime::Other);
    match first.len() {
        4 => return Ok(([pair(0)?, pair(2)?, 0], rest)),
        6 => return Ok(([pair(0)?, pair(2)?, pair(4)?], without_fraction(rest))),
        1 | 2 => {}
        _ => return Err(NotTime::Other),
    }
    let hour = first.parse().map_err(|_| NotTime::Other)?;
    let of_sixty = |text: &str| match text.len() {
        1 | 2 => text.parse::<i8>().map_err(|_| NotTime::Other),
        _ => Err(NotTime::Other),
    };
    if let Some(rest) = after(rest, &['时', '点']) {
        let rest = rest.strip_prefix('钟').unwrap_or(rest).trim_start();
        let word = |word| rest.strip_prefix(word);
        if let Some(rest) = word('整').or_else(|| word('正')) {
            return Ok(([hour, 0, 0], rest));
        }
        if let Some(rest) = word('半') {
            return Ok(([hour, 30, 0], rest));
        }
        let (minute, rest) = digits(rest);
        if minute.is_empty() {
            return Ok(([hour, 0, 0], rest));
        }
        let minute = of_sixty(minute)?;
        let rest = after(rest, &['分']).unwrap_or(rest);
        let (second, behind) = digits(rest);
        return match after(without_fraction(behind), &['秒']) {
            Some(behind) if !second.is_empty() => Ok(([hour, minute, of_sixty(second)?], behind)),
            _ => Ok(([hour, minute, 0], rest)),
        };
    }
    let rest = after(rest, &[':']).ok_or(NotTime::Other)?;
    let (minute, rest) = digits(rest);
    let minute = of_sixty(minute)?;
    let Some(rest) = after(rest, &[':']) else { return Ok(([hour, minute, 0], rest)) };
    let (second, rest) = digits(rest);
    Ok(([hour, minute, of_sixty(second)?], without_fraction(rest)))
}

/// What follows the fraction of a second, of however many figures.
fn without_fraction(text: &str) -> &str {
    match text.strip_prefix(['.', ',']).map(digits) {
        Some((fraction, rest)) if !fraction.is_empty() => rest,
        _ => text,
    }
}

/// The text without the zone behind it, and by how many minutes that lies behind China's: `Z`, `+08:00`, `GMT+8`, `+0800`. What
/// follows a minus is a zone only where programs write it (`in_full`, with a `T`): `10:30-11:30` is how people write from when to when.
pub fn without_zone(text: &str, in_full: bool) -> (&str, i64) {
    const CHINA: i64 = 8 * 60;
    let names = ["GMT", "UTC"];
    if let Some(rest) = ["Z", "GMT", "UTC"].iter().find_map(|name| text.strip_suffix(name)) {
        return (rest.trim_end(), CHINA);
    }
    if let Some(rest) = text.strip_suffix("北京时间") {
        return (rest.trim_end(), 0);
    }
    let Some(at) = text.rfind(['+', '-', '\u{2212}']) else { return (text, 0) };
    let (before, offset) = (text[..at].trim_end(), &text[at..]);
    let is_ahead = offset.starts_with('+');
    let name = names.iter().find_map(|name| before.strip_suffix(name));
    let figures: String = offset.chars().filter(|c| *c != ':').skip(1).collect();
    // No zone of the world lies further from Greenwich.
    let hours_max = if is_ahead { 14 } else { 12 };
    let minutes = match (figures.len(), figures.parse::<i64>()) {
        (1, Ok(hours)) if name.is_some() => 60 * hours,
        (2, Ok(hours)) if hours <= hours_max => 60 * hours,
        (4, Ok(both)) if both / 100 <= hours_max && both % 100 < 60 => 60 * (both / 100) + both % 100,
        _ => return (text, 0),
    };
    if !is_ahead && !in_full && name.is_none() {
        return (text, 0);
    }
    let offset = if is_ahead { minutes } else { -minutes };
    (name.unwrap_or(before).trim_end(), CHINA - offset)
}

/// Which part of the day a word means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Half {
    /// As clocks of twelve hours say it: 12:30 is half an hour past midnight.
    First,
    /// The same, past noon.
    Second,
    /// From midnight on.
    SmallHours,
    Morning,
    Noon,
    Afternoon,
    /// Six to eleven; twelve and later may be the next day.
    Evening,
}

/// The words, the longer ones first where one holds another.
const HALVES: [(&str, Half); 24] = [
    ("上午", Half::First),
    ("午前", Half::First),
    ("下午", Half::Second),
    ("午后", Half::Second),
    ("凌晨", Half::SmallHours),
    ("清晨", Half::Morning),
    ("清早", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("中午", Half::Noon),
    ("正午", Half::Noon),
    ("傍晚", Half::Afternoon),
    ("晚上", Half::Evening),
    ("晚间", Half::Evening),
    ("夜里", Half::Evening),
    ("夜间", Half::Evening),
    ("夜晚", Half::Evening),
    ("深夜", Half::Evening),
    ("半夜", Half::Evening),
    ("午夜", Half::Evening),
    ("A.M.", Half::First),
    ("P.M.", Half::Second),
    ("AM", Half::First),
    ("PM", Half::Second),
];

impl Half {
    /// The hour of 24; `None` where it is not clear which.
    fn hour_of_day(self, hour: i8) -> Option<i8> {
        match (self, hour) {
            (Half::First | Half::SmallHours, 12) => Some(0),
            (Half::First, 0..12) | (Half::SmallHours, 0..7) | (Half::Morning, 4..12) => Some(hour),
            (Half::Noon, 11 | 12) => Some(hour),
            (Half::Noon, 1 | 2) | (Half::Second, 1..12) | (Half::Afternoon, 4..9) | (Half::Evening, 6..12) => {
                Some(hour + 12)
            }
            (Half::Noon, 13 | 14) | (Half::Second, 12..24) | (Half::Afternoon, 16..21) | (Half::Evening, 18..25) => {
                Some(hour)
            }
            _ => None,
        }
    }
}

/// The word before or behind the hours, and the text without it.
fn without_half(text: &str) -> (Option<Half>, &str) {
    let found = HALVES.iter().find_map(|(word, half)| {
        let rest = text.strip_prefix(word).or_else(|| text.strip_suffix(word))?;
        Some((Some(*half), rest.trim()))
    });
    found.unwrap_or((None, text))
}
