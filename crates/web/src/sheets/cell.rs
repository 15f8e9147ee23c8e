//! A cell, and the one form in which a register takes what it holds.

use calamine::ExcelDateTime;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use yibao_domain::register::{FieldKind, bare_amount, half_width};
use yibao_domain::written::{is_scientific, unguarded, visible};

/// Digits that a spreadsheet number keeps; further ones are lost (zeros).
const DIGITS_KEPT: usize = 15;
/// Serial days of 2000-01-01 and 2100-01-01: a bare number in a column of dates is one of these.
const SERIALS: std::ops::Range<i32> = 36_526..73_051;

/// What a cell holds, as its file told. Text is trimmed and not empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Cell {
    Text(String),
    /// A number, in plain decimals.
    Number(String),
    Moment(DateTime),
    Flag(bool),
    /// A formula's error, such as `#N/A`.
    Broken(String),
}

impl Cell {
    /// A text; `None` where it is blank. Guards against spreadsheet programs are taken off, and what nobody sees.
    pub(crate) fn of_text(text: &str) -> Option<Cell> {
        let text = visible(text);
        let text = unguarded(text.trim()).trim();
        (!text.is_empty()).then(|| Cell::Text(text.to_owned()))
    }

    /// A number as people see it: what binary fractions add in the far decimals is cut.
    pub(crate) fn of_float(number: f64) -> Cell {
        let text = format!("{number:.6}");
        Cell::Number(text.trim_end_matches('0').trim_end_matches('.').to_owned())
    }

    /// A date, a date with time, or a time alone.
    pub(crate) fn of_serial(serial: &ExcelDateTime) -> Cell {
        let (year, month, day, hour, minute, second, milli) = serial.to_ymd_hms_milli();
        let time = Time::new(small(hour), small(minute), small(second), 0);
        if serial.is_duration() || serial.as_f64() < 1.0 {
            return time.map_or_else(|_| Cell::Broken("时间".to_owned()), |time| Cell::Text(time_text(time)));
        }
        let date = i16::try_from(year).ok().and_then(|year| Date::new(year, small(month), small(day)).ok());
        match (date, time) {
            // A binary fraction of a day may lie a hair before the second that was typed.
            (Some(date), Ok(time)) => {
                let moment = date.to_datetime(time);
                let next = if milli >= 500 { moment.checked_add(1.second()).ok() } else { Some(moment) };
                Cell::Moment(next.unwrap_or(moment))
            }
            _ => Cell::Broken("日期".to_owned()),
        }
    }

    /// Whether a spreadsheet program may have been given a day without a time: both look alike in its file.
    pub(crate) fn may_be_a_day(&self) -> bool {
        matches!(self, Cell::Moment(moment) if moment.time() == Time::midnight())
    }

    /// What the cell says, for heads, notes and messages.
    pub(crate) fn text(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Number(text) | Cell::Broken(text) => text.clone(),
            Cell::Moment(moment) => moment_text(*moment),
            Cell::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
        }
    }

    /// The form that a field takes, or what is wrong with it. What cannot be read is given on as it is where the
    /// register itself will say what it wants.
    pub(crate) fn value(&self, holds: &FieldKind) -> Result<String, String> {
        match (self, holds) {
            (Cell::Broken(error), _) => Err(format!("单元格是错误值“{error}”，请填写实际内容")),
            (Cell::Number(number), FieldKind::Moment | FieldKind::Day) => of_number(number, holds),
            (Cell::Moment(moment), FieldKind::Moment) => Ok(at_minute(*moment)),
            (Cell::Moment(moment), FieldKind::Day) => Ok(moment.date().to_string()),
            (Cell::Number(number), FieldKind::YesNo) => Ok(yes_no(number)),
            (Cell::Number(number), FieldKind::Money) => Ok(number.clone()),
            (Cell::Number(number), _) if number.chars().filter(char::is_ascii_digit).count() > DIGITS_KEPT => {
                Err(format!("“{number}”在表格里存成了数字，末几位已丢失；请把该列改为文本格式后重填"))
            }
            (Cell::Text(text), FieldKind::Text | FieldKind::Telephone) if is_scientific(text) => {
                Err(format!("“{text}”是科学计数法，末几位已丢失；请把该列改为文本格式后重填"))
            }
            (Cell::Text(text), FieldKind::Moment | FieldKind::Day) => of_date_text(text, holds),
            (Cell::Text(text), FieldKind::Money) => Ok(money(text)),
            (Cell::Text(text), FieldKind::YesNo) => Ok(yes_no(text)),
            (Cell::Text(text), _) => Ok(half_width(text)),
            _ => Ok(self.text()),
        }
    }
}

fn small(part: u8) -> i8 {
    i8::try_from(part).unwrap_or(0)
}

/// An amount without what people write around it: `¥1,234.50元` is `1234.50`. What stands in the wrong place (`12,50`) stays
/// as it was typed, for the register to refuse.
fn money(text: &str) -> String {
    let plain = half_width(text);
    bare_amount(&plain).unwrap_or(plain)
}

fn yes_no(text: &str) -> String {
    match half_width(text).to_lowercase().as_str() {
        "是" | "√" | "✓" | "✔" | "y" | "yes" | "1" | "true" | "有" | "已" => "是".to_owned(),
        "否" | "×" | "✗" | "✘" | "n" | "no" | "0" | "false" | "无" | "未" => "否".to_owned(),
        other => other.to_owned(),
    }
}

fn time_text(time: Time) -> String {
    time.strftime(if time.second() == 0 { "%H:%M" } else { "%H:%M:%S" }).to_string()
}

/// `2020-09-12 10:30`; with seconds where there are any, the day alone at midnight.
fn moment_text(moment: DateTime) -> String {
    if moment.time() == Time::midnight() {
        return moment.date().to_string();
    }
    format!("{} {}", moment.date(), time_text(moment.time()))
}

/// To the minute, whatever the hour; with seconds where there are any.
fn at_minute(moment: DateTime) -> String {
    format!("{} {}", moment.date(), time_text(moment.time()))
}

/// A bare number in a column of dates: a serial day with its fraction, or digits such as `20200912`.
fn of_number(number: &str, holds: &FieldKind) -> Result<String, String> {
    let whole = number.split('.').next().unwrap_or_default();
    if whole.parse().is_ok_and(|days: i32| SERIALS.contains(&days)) {
        let serial: Result<f64, _> = number.parse();
        let kind = calamine::ExcelDateTimeType::DateTime;
        if let Some(Cell::Moment(moment)) =
            serial.ok().map(|days| Cell::of_serial(&ExcelDateTime::new(days, kind, false)))
        {
            return Ok(if *holds == FieldKind::Day { moment.date().to_string() } else { moment_text(moment) });
        }
    }
    of_date_text(number, holds)
}

/// The words that tell the half of a day, the longer ones first where one holds another.
const HALVES: [(&str, Half); 13] = [
    ("上午", Half::Morning),
    ("凌晨", Half::Morning),
    ("清晨", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("晚上", Half::Evening),
    ("夜里", Half::Evening),
    ("夜间", Half::Evening),
    ("AM", Half::Morning),
    ("PM", Half::Afternoon),
];

/// Which half of the day a time of twelve hours is in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    /// Six to eleven; twelve and later may be the next day.
    Evening,
}

impl Half {
    /// The hour of 24; `None` where it is not clear which.
    fn of_day(self, hour: i16) -> Option<i16> {
        match (self, hour) {
            (Half::Morning, 12) => Some(0),
            (Half::Morning, 0..12) | (Half::Noon, 11 | 12) => Some(hour),
            (Half::Noon, 1 | 2) | (Half::Afternoon, 1..12) | (Half::Evening, 6..12) => Some(hour + 12),
            (Half::Noon, 13 | 14) | (Half::Afternoon, 12..24) | (Half::Evening, 18..24) => Some(hour),
            _ => None,
        }
    }
}

/// A date or moment as people write it: `2020/9/12 10:30`, `2020年9月12日10时30分`, `20200912`. Else the text itself.
fn of_date_text(text: &str, holds: &FieldKind) -> Result<String, String> {
    let plain = half_width(text).replace(['：', '﹕'], ":");
    let upper = plain.to_uppercase();
    let half = HALVES.iter().find(|(word, _)| upper.contains(word));
    let bare = half.map_or_else(|| upper.clone(), |(word, _)| upper.replace(word, " "));
    let numbers: Vec<&str> = bare.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let known = bare.chars().all(|c| c.is_ascii_digit() || "年月日时分秒点-/.: T".contains(c));
    let Some((parts, written)) = known.then(|| split_digits(&numbers)).flatten() else { return Ok(plain) };
    let [year, month, day, hour, minute, second] = parts;
    let hour = match half {
        Some((_, half)) => half
            .of_day(hour)
            .ok_or_else(|| format!("“{plain}”看不出是几点；请按24小时制写到分钟，如 2021-07-12 10:30"))?,
        None => hour,
    };
    // The end of a day may be written 24:00.
    let (hour, end_of_day) = if hour == 24 && minute == 0 && second == 0 { (0, true) } else { (hour, false) };
    let small = |part: i16| i8::try_from(part).unwrap_or(-1);
    let date = Date::new(year, small(month), small(day));
    let time = Time::new(small(hour), small(minute), small(second), 0);
    let (Ok(date), Ok(time)) = (date, time) else { return Ok(plain) };
    let date = if end_of_day { date.tomorrow().unwrap_or(date) } else { date };
    let has_time = written > 3;
    Ok(if *holds == FieldKind::Day || !has_time { date.to_string() } else { at_minute(date.to_datetime(time)) })
}

/// Year, month, day, hour, minute, second, and how many of them are written; missing ones are 0.
fn split_digits(numbers: &[&str]) -> Option<([i16; 6], usize)> {
    let mut parts: Vec<i16> = Vec::new();
    for (at, number) in numbers.iter().enumerate() {
        match (at, number.len()) {
            // 20200912 and 202009121030 and 20200912103000 at the beginning.
            (0, 8 | 12 | 14) => {
                parts.push(number.get(..4)?.parse().ok()?);
                for from in (4..number.len()).step_by(2) {
                    parts.push(number.get(from..from + 2)?.parse().ok()?);
                }
            }
            (0, 4) | (1.., 1..=2) => parts.push(number.parse().ok()?),
            // Fractions of a second, as some systems export them.
            (6, 1..=9) => {}
            _ => return None,
        }
    }
    if !(3..=6).contains(&parts.len()) {
        return None;
    }
    let written = parts.len();
    parts.resize(6, 0);
    Some((parts.try_into().ok()?, written))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[track_caller]
    fn check(cell: Cell, holds: FieldKind, expected: &str) {
        assert_eq!(cell.value(&holds).as_deref(), Ok(expected), "{cell:?} as {holds:?}");
    }

    fn text(text: &str) -> Cell {
        Cell::of_text(text).unwrap()
    }

    #[test]
    fn a_moment_is_read_in_each_way_that_offices_write_it() {
        for written in [
            "2020-09-12 10:30",
            "2020/9/12 10:30",
            "2020年9月12日 10:30",
            "2020年9月12日10时30分",
            "2020.09.12 10：30",
            "２０２０-０９-１２　１０:３０",
            "202009121030",
            "2020-09-12T10:30:00.000",
            "2020/9/12 上午10:30",
        ] {
            check(text(written), FieldKind::Moment, "2020-09-12 10:30");
        }
        check(text("2020-9-12 下午2:05"), FieldKind::Moment, "2020-09-12 14:05");
        check(text("2020-09-12 24:00"), FieldKind::Moment, "2020-09-13 00:00");
        check(text("20200912"), FieldKind::Moment, "2020-09-12");
        check(text("2020年9月12日"), FieldKind::Day, "2020-09-12");
        check(text("2020-09-12 10:30:05"), FieldKind::Moment, "2020-09-12 10:30:05");
    }

    #[test]
    fn midnight_is_a_time_like_any_other_and_a_day_alone_is_none() {
        for written in
            ["2020-09-12 00:00", "2020-09-12 00:00:00", "2020-09-11 24:00", "2020年9月12日0时0分", "202009120000"]
        {
            check(text(written), FieldKind::Moment, "2020-09-12 00:00");
        }
        check(Cell::Moment(date(2020, 9, 12).at(0, 0, 0, 0)), FieldKind::Moment, "2020-09-12 00:00");
        check(text("2020-09-12"), FieldKind::Moment, "2020-09-12");
    }

    #[test]
    fn a_clock_of_twelve_hours_is_read_where_it_is_clear_and_refused_where_it_is_not() {
        for (written, expected) in [
            ("2020/9/12 上午12:30", "2020-09-12 00:30"),
            ("2020/9/12 上午9:30", "2020-09-12 09:30"),
            ("2020/9/12 凌晨0:30", "2020-09-12 00:30"),
            ("2020/9/12 中午12:10", "2020-09-12 12:10"),
            ("2020/9/12 中午1:10", "2020-09-12 13:10"),
            ("2020/9/12 下午12:30", "2020-09-12 12:30"),
            ("2020/9/12 下午14:30", "2020-09-12 14:30"),
            ("2020/9/12 晚上8:00", "2020-09-12 20:00"),
            ("2020/9/12 10:30 PM", "2020-09-12 22:30"),
            ("2020/9/12 12:05 am", "2020-09-12 00:05"),
        ] {
            check(text(written), FieldKind::Moment, expected);
        }
        for unclear in ["2020/9/12 晚上12:00", "2020/9/12 晚上1:00", "2020/9/12 上午13:00", "2020/9/12 中午8:00"]
        {
            let refused = text(unclear).value(&FieldKind::Moment).unwrap_err();
            assert!(refused.contains(unclear) && refused.contains("24小时制"), "{refused}");
        }
    }

    #[test]
    fn an_amount_whose_marks_stand_in_the_wrong_place_stays_as_it_was_typed() {
        for written in ["12,50", "12，50", "12元50", "1,00.50", "1,2,3", "100.5,0", "1 200"] {
            check(text(written), FieldKind::Money, written);
        }
    }

    #[test]
    fn what_is_no_date_stays_as_it_was_typed() {
        for written in ["昨天", "2020-13-01", "9月12日", "2020-02-30 10:00", "12:30"] {
            check(text(written), FieldKind::Moment, written);
        }
    }

    #[test]
    fn a_serial_day_is_a_date_with_or_without_its_format() {
        // 44086.4375: 2020-09-12 10:30, counted by hand from 43831 (2020-01-01) + 255 days.
        check(Cell::Number("44086.4375".into()), FieldKind::Moment, "2020-09-12 10:30");
        check(Cell::Number("44086".into()), FieldKind::Day, "2020-09-12");
        check(Cell::Number("20200912".into()), FieldKind::Day, "2020-09-12");
        check(Cell::Moment(date(2020, 9, 12).at(10, 30, 0, 0)), FieldKind::Day, "2020-09-12");
        check(Cell::Moment(date(2020, 9, 12).at(10, 30, 0, 0)), FieldKind::Moment, "2020-09-12 10:30");
    }

    #[test]
    fn amounts_lose_their_ornaments_and_binary_dust() {
        for written in ["1234.50", "¥1,234.50", "￥1，234.50元", "１２３４．５０"] {
            check(text(written), FieldKind::Money, "1234.50");
        }
        assert_eq!(Cell::of_float(0.1 + 0.2), Cell::Number("0.3".into()));
        assert_eq!(Cell::of_float(1200.0), Cell::Number("1200".into()));
    }

    #[test]
    fn numbers_that_lost_digits_are_refused_instead_of_taken_wrong() {
        let long = Cell::of_float(520_502_199_001_011_234.0);
        assert!(long.value(&FieldKind::Text).unwrap_err().contains("文本格式"));
        for lost in ["5.20502E17", "5.20502e+17", "5E+17"] {
            assert!(text(lost).value(&FieldKind::Text).is_err(), "{lost}");
        }
        assert!(text("5.20502E+17").value(&FieldKind::Text).unwrap_err().contains("科学计数法"));
        check(Cell::of_float(13_800_000_001.0), FieldKind::Telephone, "13800000001");
        check(text("520502199001011234"), FieldKind::Text, "520502199001011234");
        check(text("３E号楼"), FieldKind::Text, "3E号楼");
    }

    #[test]
    fn yes_and_no_are_read_in_each_way_that_offices_tick() {
        for written in ["是", "√", "Y", "１", "有"] {
            check(text(written), FieldKind::YesNo, "是");
        }
        for written in ["否", "×", "no", "无"] {
            check(text(written), FieldKind::YesNo, "否");
        }
        check(Cell::Flag(true), FieldKind::YesNo, "是");
        check(text("不清楚"), FieldKind::YesNo, "不清楚");
    }

    #[test]
    fn the_mark_before_a_formula_sign_is_taken_off_and_a_formula_error_is_said() {
        assert_eq!(Cell::of_text("'=1+1"), Some(Cell::Text("=1+1".into())));
        assert_eq!(Cell::of_text("'王"), Some(Cell::Text("'王".into())));
        assert_eq!(Cell::of_text("'510402197505050027"), Some(Cell::Text("510402197505050027".into())));
        assert_eq!(Cell::of_text("=\"510402197505050019\""), Some(Cell::Text("510402197505050019".into())));
        assert_eq!(Cell::of_text("5104\u{200b}02\u{feff}"), Some(Cell::Text("510402".into())));
        assert_eq!(Cell::of_text(" \u{3000} "), None);
        assert!(Cell::Broken("#N/A".into()).value(&FieldKind::Text).unwrap_err().contains("#N/A"));
    }
}
