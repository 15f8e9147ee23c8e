//! Single values as clients write them: absent texts, dates, moments, numbers, what a message may show.

use jiff::ToSpan as _;
use rust_decimal::Decimal;
use yibao_domain::money;
use yibao_domain::time::{Date, DateTime};
use yibao_domain::written::when::without_zone;

/// "", "null" and "NULL" all mean that nothing is given.
pub(crate) fn is_absent(text: &str) -> bool {
    matches!(text.trim(), "" | "null" | "NULL")
}

/// A value as a message may show it: at most 40 characters, nothing that breaks a line.
pub(crate) fn shown(text: &str) -> String {
    let mut short: String = text.chars().take(40).map(|char| if char.is_control() { ' ' } else { char }).collect();
    if text.chars().count() > 40 {
        short.push('…');
    }
    short
}

/// Whether a text is the zero that programs write into a blank: `0`, `00`, of dates also `0000-00-00 00:00:00`.
pub(crate) fn is_zero(text: &str) -> bool {
    text.contains('0') && text.chars().all(|char| matches!(char, '0' | '-' | '/' | ':' | ' ' | '.' | 'T'))
}

/// What is said of a zero that stands in a blank.
pub(crate) fn zero_for_nothing(field: &str, chinese: &str, text: &str) -> String {
    format!("{field}({chinese})的值\"{}\"按未填写受理", shown(text))
}

/// Reads a date or a moment: `yyyy-MM-dd`, `yyyy-MM-dd HH:mm:ss`, `yyyyMMdd`, `yyyyMMddHHmmss`
/// (also with milliseconds), with `/` or `T`, fractional seconds or a zone. A date is midnight.
///
/// The format is fixed by its separators, so nothing is guessed; a time of another zone (`…Z`) becomes one of China, as the
/// desks read it.
pub fn moment(text: &str) -> Option<DateTime> {
    let text = text.trim().to_ascii_uppercase();
    if !text.is_ascii() {
        return None;
    }
    let at = text.find(['T', ' ']);
    let (day, time) = at.map_or((text.as_str(), ""), |at| (&text[..at], text[at + 1..].trim()));
    let is_full = at.is_some_and(|at| text[at..].starts_with('T'));
    let (moment, behind) = if day.contains(['-', '/']) {
        let mut parts = day.split(['-', '/']);
        let (year, month, date) = (parts.next()?, parts.next()?, parts.next()?);
        if parts.next().is_some() || year.len() != 4 {
            return None;
        }
        let (time, behind) = without_zone(time, is_full);
        let (hour, minute, second) = clock(time)?;
        // A day alone has no zone.
        (civil(year, month, date, hour, minute, second).filter(|_| behind == 0 || !time.is_empty())?, behind)
    } else {
        if !time.is_empty() && day.len() != 8 {
            return None;
        }
        let figures = format!("{day}{time}");
        let (figures, behind) = without_zone(&figures, is_full);
        (digits(figures).filter(|_| behind == 0 || figures.len() > 8)?, behind)
    };
    moment.checked_add(behind.minutes()).ok()
}

/// Reads a date; of a moment it keeps the date.
pub fn date(text: &str) -> Option<Date> {
    moment(text).map(|moment| moment.date())
}

fn digits(text: &str) -> Option<DateTime> {
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| text.get(from..to);
    let (hour, minute, second) = match text.len() {
        8 => ("0", "0", "0"),
        14 | 17 => (part(8, 10)?, part(10, 12)?, part(12, 14)?),
        _ => return None,
    };
    civil(part(0, 4)?, part(4, 6)?, part(6, 8)?, hour, minute, second)
}

fn clock(time: &str) -> Option<(&str, &str, &str)> {
    if time.is_empty() {
        return Some(("0", "0", "0"));
    }
    let time = match time.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit()) => whole,
        Some(_) => return None,
        None => time,
    };
    let mut parts = time.split(':');
    let clock = (parts.next()?, parts.next()?, parts.next().unwrap_or("0"));
    parts.next().is_none().then_some(clock)
}

fn civil(year: &str, month: &str, day: &str, hour: &str, minute: &str, second: &str) -> Option<DateTime> {
    fn number<T: std::str::FromStr>(text: &str, width: usize) -> Option<T> {
        let fits = !text.is_empty() && text.len() <= width && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { text.parse().ok() } else { None }
    }
    DateTime::new(
        number(year, 4)?,
        number(month, 2)?,
        number(day, 2)?,
        number(hour, 2)?,
        number(minute, 2)?,
        number(second, 2)?,
        0,
    )
    .ok()
}

/// Reads a number and takes its trailing zeros away: `100`, `100.00` and `1e2` are the same.
pub(crate) fn number(text: &str) -> Option<Decimal> {
    money::decimal(text).map(|number| number.normalize())
}

/// Takes away what a binary floating-point sum adds: 0.30000000000000004 is 0.3. A number that differs
/// from its rounding by a billionth or more is left, and has too many decimals.
pub(crate) fn without_binary_noise(number: Decimal, decimals: u32) -> Decimal {
    let rounded = number.round_dp(decimals);
    if (number - rounded).abs() < Decimal::new(1, 9) { rounded.normalize() } else { number }
}

/// Digits before the point.
pub(crate) fn integer_digits(number: Decimal) -> u32 {
    let whole = number.trunc().abs();
    if whole.is_zero() { 0 } else { u32::try_from(whole.normalize().to_string().len()).expect("29 digits at most") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date as day;

    #[test]
    fn a_moment_is_read_as_clients_write_it() {
        let expected = day(2021, 9, 7).at(8, 5, 3, 0);
        for text in [
            "2021-09-07 08:05:03",
            "2021/9/7 8:05:03",
            "20210907080503",
            "20210907080503123",
            "2021-09-07T08:05:03.1234567+08:00",
            " 2021-09-07 08:05:03.0 ",
            "20210907T080503",
            "2021-09-07T00:05:03Z",
            "2021-09-07t00:05:03.123z",
            "2021-09-07 00:05:03Z",
            "20210907000503Z",
            "20210907T000503Z",
            "2021-09-06T20:05:03-04:00",
            "2021-09-07 09:05:03+09:00",
        ] {
            assert_eq!(moment(text), Some(expected), "{text}");
        }
        // The midnight of a day in China, as JavaScript writes it.
        assert_eq!(date("1970-02-01T16:00:00.000Z"), Some(day(1970, 2, 2)));
        assert_eq!(moment("2021-09-07"), Some(day(2021, 9, 7).at(0, 0, 0, 0)));
        assert_eq!(date("20210907"), Some(day(2021, 9, 7)));
        assert_eq!(date("2021-09-07 23:59:59"), Some(day(2021, 9, 7)));
    }

    #[test]
    fn an_impossible_or_unclear_moment_is_none() {
        for text in [
            "2021-02-29",
            "2021-13-01",
            "2021-04-31 10:00:00",
            "2021-09-07 24:00:00",
            "2021-09-07 10:60:00",
            "21-09-07",
            "2021-09",
            "202109",
            "20210907Z",
            "2021-09-07Z",
            "2021-09-07 Z",
            "2021-09-07T08:05:03ZZ",
            "tomorrow",
            "２０２１-09-07",
            "2021-09-07-01",
            "-2021-09-07",
            "2021-09-07 8:5:3:1",
            "20210230",
        ] {
            assert_eq!(moment(text), None, "{text}");
        }
    }

    #[test]
    fn binary_noise_is_no_decimal_and_a_thousandth_is_one() {
        let read = |text: &str| without_binary_noise(number(text).unwrap(), 2).to_string();
        assert_eq!(read("0.30000000000000004"), "0.3");
        assert_eq!(read("4.999999999999999"), "5");
        assert_eq!(read("-12.500000000000002"), "-12.5");
        assert_eq!(read("100.001"), "100.001");
        assert_eq!(read("0.005"), "0.005");
        assert_eq!(read("79228162514264337593543950335"), "79228162514264337593543950335");
    }

    #[test]
    fn a_zero_stands_in_a_blank() {
        for (text, zero) in
            [("0", true), ("00", true), ("0000-00-00 00:00:00", true), ("", false), ("-", false), ("10", false)]
        {
            assert_eq!(is_zero(text), zero, "{text}");
        }
    }

    #[test]
    fn what_is_shown_is_short_and_of_one_line() {
        assert_eq!(shown("a\nb"), "a b");
        assert_eq!(shown(&"医".repeat(50)).chars().count(), 41);
    }

    #[test]
    fn equal_numbers_are_equal_texts() {
        for text in ["100", "100.00", "1e2", " 100.0 "] {
            assert_eq!(number(text).unwrap().to_string(), "100", "{text}");
        }
        assert_eq!(integer_digits(number("-1234.5").unwrap()), 4);
        assert_eq!(integer_digits(number("0.5").unwrap()), 0);
        assert_eq!(integer_digits(number("1000").unwrap()), 4);
    }
}
