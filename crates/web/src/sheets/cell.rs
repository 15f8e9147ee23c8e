//! A cell, and the one form in which a register takes what it holds.

use calamine::ExcelDateTime;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Time};
use yibao_domain::money::Decimal;
use yibao_domain::register::spelling::kept;
use yibao_domain::register::{FieldKind, field};
use yibao_domain::time::minute_text;
use yibao_domain::written::text::unguarded;
use yibao_domain::written::when::{NotTime, time_of_day};
use yibao_domain::written::{half_width, visible};

/// Texts that are somebody's own numbers, where a day is none.
const NUMBERS: [&str; 6] = [
    field::IPT_OTP_NO.name(),
    field::INVONO.name(),
    field::BILL_CODE.name(),
    field::OWN_REF.name(),
    field::CERTNO.name(),
    field::PSN_NO.name(),
];
/// Digits that a spreadsheet number keeps; further ones are lost (zeros).
const DIGITS_KEPT: usize = 15;

/// What a cell holds, as its file told. Text is trimmed and not empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Cell {
    Text(String),
    /// A number, in plain decimals.
    Number(String),
    Moment(DateTime),
    /// A time of day, or hours and minutes: `10:30`, `24:00`, `25:30`.
    Clock(String),
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

    /// A number as people have typed it: spreadsheet programs keep fifteen figures, and what binary fractions add behind them is cut.
    /// Nothing is rounded that a text would have kept.
    pub(crate) fn of_float(number: f64) -> Cell {
        let typed = Decimal::from_scientific(&format!("{number:.14e}"));
        Cell::Number(typed.map_or_else(|_| number.to_string(), |typed| typed.normalize().to_string()))
    }

    /// A date, a date with time, or a time alone.
    pub(crate) fn of_serial(serial: &ExcelDateTime) -> Cell {
        if serial.is_duration() || serial.as_f64() < 1.0 {
            return Cell::of_hours(serial.as_f64());
        }
        let (year, month, day, hour, minute, second, milli) = serial.to_ymd_hms_milli();
        let time = Time::new(small(hour), small(minute), small(second), 0);
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

    /// Hours, minutes and seconds, from parts of a day: 24:00 is the end of one, and what is longer is no time of any.
    fn of_hours(days: f64) -> Cell {
        let seconds = Decimal::from_scientific(&format!("{days:.14e}")).ok();
        let seconds = seconds.and_then(|days| days.checked_mul(Decimal::from(86_400)));
        let Some(seconds) = seconds.and_then(|seconds| i64::try_from(seconds.round()).ok()).filter(|sum| *sum >= 0)
        else {
            return Cell::Broken("时间".to_owned());
        };
        let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
        let behind = if second == 0 { String::new() } else { format!(":{second:02}") };
        Cell::Clock(format!("{hour:02}:{minute:02}{behind}"))
    }

    /// Whether a spreadsheet program may have been given a day without a time: both look alike in its file.
    pub(crate) fn may_be_a_day(&self) -> bool {
        matches!(self, Cell::Moment(moment) if moment.time() == Time::midnight())
    }

    /// Whether it holds a time of day alone, be it one that is not clear.
    pub(crate) fn is_clock(&self) -> bool {
        let is_one = matches!(time_of_day(&self.said()), Ok(_) | Err(NotTime::Half | NotTime::NoSuchTime));
        !matches!(self, Cell::Moment(_)) && is_one
    }

    /// What it says where a day or a time of day is looked for: a number below one is the part of a day.
    pub(crate) fn said(&self) -> String {
        let part = match self {
            Cell::Number(number) if number.starts_with("0.") => number.parse().ok(),
            _ => None,
        };
        let kind = calamine::ExcelDateTimeType::DateTime;
        part.map_or_else(|| self.text(), |part| Cell::of_serial(&ExcelDateTime::new(part, kind, false)).text())
    }

    /// What the cell says, for heads, notes and messages.
    pub(crate) fn text(&self) -> String {
        match self {
            Cell::Text(text) | Cell::Number(text) | Cell::Clock(text) | Cell::Broken(text) => text.clone(),
            Cell::Moment(moment) => moment_text(*moment),
            Cell::Flag(flag) => if *flag { "是" } else { "否" }.to_owned(),
        }
    }

    /// What a field of this name and kind keeps of it, or what is wrong with it. What cannot be read is given on as it was typed: the
    /// register, which reads what pages send in the same way, says what it wants.
    pub(crate) fn value(&self, name: &str, holds: &FieldKind) -> Result<String, String> {
        let written = match (self, holds) {
            (Cell::Broken(error), _) => return Err(format!("单元格是错误值“{error}”，请填写实际内容")),
            (Cell::Number(number), FieldKind::Text | FieldKind::Telephone) if digits(number) > DIGITS_KEPT => {
                return Err(format!("“{number}”在表格里存成了数字，末几位已丢失；请把该列改为文本格式后重填"));
            }
            // `3-1` and `3:1` become these where nobody has asked for a day or a time.
            (Cell::Moment(_) | Cell::Clock(_), holds) if !matches!(holds, FieldKind::Moment | FieldKind::Day) => {
                let what = if matches!(self, Cell::Clock(_)) { "时间" } else { "日期" };
                return Err(format!(
                    "“{}”在表格里存成了{what}，原来填的已经改变；请把该列改为文本格式后重填",
                    self.text()
                ));
            }
            (Cell::Text(text), FieldKind::Text) if NUMBERS.contains(&name) && is_made_a_day(text) => {
                return Err(format!("“{text}”是表格软件改成的日期，原来填的已经改变；请把该列改为文本格式后重填"));
            }
            // To a spreadsheet program a day alone is its midnight.
            (Cell::Moment(moment), FieldKind::Moment) => minute_text(*moment),
            _ => self.text(),
        };
        Ok(match (kept(name, holds, &written), holds) {
            (Ok(kept), FieldKind::Moment) => kept.parse().map_or(kept, minute_text),
            (Ok(kept), _) => kept,
            // A text is refused for what a program has lost of it alone, and nobody else will see that it was lost.
            (Err(problem), FieldKind::Text) => return Err(problem),
            (Err(_), _) => written,
        })
    }
}

fn digits(number: &str) -> usize {
    number.chars().filter(char::is_ascii_digit).count()
}

fn small(part: u8) -> i8 {
    i8::try_from(part).unwrap_or(0)
}

/// What a CSV has of `3-1` after a spreadsheet program has made a day of it: `3月1日`, `1-Mar`, `Mar-01`.
fn is_made_a_day(text: &str) -> bool {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let is_small = |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let text = half_width(text).to_lowercase();
    if let Some((month, day)) = text.strip_suffix('日').and_then(|text| text.split_once('月')) {
        return is_small(month) && is_small(day);
    }
    text.split_once('-').is_some_and(|(one, other)| {
        (is_small(one) && MONTHS.contains(&other)) || (MONTHS.contains(&one) && is_small(other))
    })
}

/// `2020-09-12 10:30`; with seconds where there are any, the day alone at midnight.
fn moment_text(moment: DateTime) -> String {
    if moment.time() == Time::midnight() { moment.date().to_string() } else { minute_text(moment) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[track_caller]
    fn check(cell: Cell, holds: FieldKind, expected: &str) {
        assert_eq!(cell.value("f", &holds).as_deref(), Ok(expected), "{cell:?} as {holds:?}");
    }

    fn text(text: &str) -> Cell {
        Cell::of_text(text).unwrap()
    }

    #[test]
    fn a_cell_is_put_into_the_form_that_is_kept_and_stays_as_typed_where_it_cannot_be_read() {
        check(text("2020年9月12日上午10时30分"), FieldKind::Moment, "2020-09-12 10:30");
        check(text("2020-09-12 10:30:05.7"), FieldKind::Moment, "2020-09-12 10:30:05");
        check(text("￥1，234.50元"), FieldKind::Money, "1234.50");
        for written in ["12,50", "12，50", "12元50", "1,00.50", "1,2,3", "100.5,0", "1 200", "(12.50)", "1.2万"] {
            check(text(written), FieldKind::Money, written);
        }
        for written in
            ["昨天", "2020-13-01", "9月12日", "2020-02-30 10:00", "12:30", "2020/9/12 晚上12:00", "2020-09-12"]
        {
            check(text(written), FieldKind::Moment, written);
        }
        check(text("不清楚"), FieldKind::YesNo, "不清楚");
        check(Cell::Flag(true), FieldKind::YesNo, "是");
    }

    #[test]
    fn a_date_of_a_spreadsheet_program_has_a_time_also_at_midnight() {
        check(Cell::Moment(date(2020, 9, 12).at(0, 0, 0, 0)), FieldKind::Moment, "2020-09-12 00:00");
        check(Cell::Moment(date(2020, 9, 12).at(0, 0, 0, 0)), FieldKind::Day, "2020-09-12");
        check(Cell::Moment(date(2020, 9, 12).at(10, 30, 0, 0)), FieldKind::Moment, "2020-09-12 10:30");
        check(Cell::Moment(date(2020, 9, 12).at(10, 30, 0, 0)), FieldKind::Day, "2020-09-12 10:30");
        // 44086.4375: 2020-09-12 10:30, counted by hand from 43831 (2020-01-01) + 255 days.
        check(Cell::Number("44086.4375".into()), FieldKind::Moment, "2020-09-12 10:30");
        check(Cell::Number("44086".into()), FieldKind::Day, "2020-09-12");
        check(Cell::Number("20200912".into()), FieldKind::Day, "2020-09-12");
        check(Cell::Number("202009121030".into()), FieldKind::Moment, "2020-09-12 10:30");
    }

    #[test]
    fn numbers_lose_their_binary_dust() {
        assert_eq!(Cell::of_float(0.1 + 0.2), Cell::Number("0.3".into()));
        assert_eq!(Cell::of_float(1200.0), Cell::Number("1200".into()));
        check(Cell::of_float(33.1), FieldKind::Money, "33.10");
        check(Cell::of_float(1.0 / 3.0), FieldKind::Money, "0.333333333333333");
        // What a text would keep is not rounded away: whoever reads it says how many decimals there may be.
        check(Cell::of_float(0.123_456_7), FieldKind::Price, "0.1234567");
        check(Cell::of_float(-1234.5), FieldKind::Quantity, "-1234.5");
        check(Cell::of_float(1e300), FieldKind::Money, &1e300.to_string());
    }

    #[test]
    fn numbers_that_lost_digits_are_refused_instead_of_taken_wrong() {
        let long = Cell::of_float(520_502_199_001_011_234.0);
        assert!(long.value("f", &FieldKind::Text).unwrap_err().contains("文本格式"));
        check(Cell::of_float(13_800_000_001.0), FieldKind::Telephone, "13800000001");
        check(text("520502199001011234"), FieldKind::Text, "520502199001011234");
        check(text("３E号楼"), FieldKind::Text, "3E号楼");
        for lost in ["5.20502E+17", "5.20502e+17", "5E+17", "５．２Ｅ＋１７", "王\u{fffd}"] {
            assert!(text(lost).value("f", &FieldKind::Text).is_err(), "{lost}");
        }
    }

    #[test]
    fn hours_end_with_their_day_and_what_is_longer_is_no_time_of_day() {
        let of = |days: f64| Cell::of_serial(&ExcelDateTime::new(days, calamine::ExcelDateTimeType::TimeDelta, false));
        assert_eq!(of(1.0), Cell::Clock("24:00".into()));
        assert_eq!(of(0.4375), Cell::Clock("10:30".into()));
        assert_eq!(of(10.5 / 24.0 + 5.0 / 86_400.0), Cell::Clock("10:30:05".into()));
        assert_eq!(of(25.5 / 24.0), Cell::Clock("25:30".into()));
        assert!(time_of_day(&of(25.5 / 24.0).said()).is_err() && of(25.5 / 24.0).is_clock());
    }

    #[test]
    fn a_number_of_which_a_program_has_made_a_day_is_refused() {
        let day = Cell::Moment(date(2026, 3, 1).at(0, 0, 0, 0));
        for holds in [FieldKind::Text, FieldKind::Telephone, FieldKind::Diagnoses, FieldKind::Money, FieldKind::Count] {
            for cell in [day.clone(), Cell::Clock("03:01".into())] {
                let problem = cell.value("ipt_otp_no", &holds).unwrap_err();
                assert!(problem.contains("文本格式") && problem.contains(&cell.text()), "{problem}");
            }
        }
        for made in ["3月1日", "1-Mar", "Mar-01"] {
            assert!(text(made).value("invono", &FieldKind::Text).unwrap_err().contains("文本格式"), "{made}");
        }
        check(text("3月1日"), FieldKind::Text, "3月1日");
        for own in ["3-1", "2021-3-1", "12-MARS", "A月1日"] {
            assert_eq!(text(own).value("invono", &FieldKind::Text).as_deref(), Ok(own));
        }
    }

    #[test]
    fn the_mark_before_a_formula_sign_is_taken_off_and_a_formula_error_is_said() {
        assert_eq!(Cell::of_text("'=1+1"), Some(Cell::Text("=1+1".into())));
        assert_eq!(Cell::of_text("'王"), Some(Cell::Text("王".into())));
        assert_eq!(Cell::of_text("'510402197505050027"), Some(Cell::Text("510402197505050027".into())));
        assert_eq!(Cell::of_text("=\"510402197505050019\""), Some(Cell::Text("510402197505050019".into())));
        assert_eq!(Cell::of_text("5104\u{200b}02\u{feff}"), Some(Cell::Text("510402".into())));
        assert_eq!(Cell::of_text(" \u{3000} "), None);
        assert!(Cell::Broken("#N/A".into()).value("f", &FieldKind::Text).unwrap_err().contains("#N/A"));
    }
}
