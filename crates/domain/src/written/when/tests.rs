//! Each spelling of a time that sheets hold, and what it is read as.

use super::*;
use jiff::civil::date;
use proptest::prelude::*;

#[track_caller]
fn check(text: &str, expected: &str) {
    let read = moment(text).map(|at| at.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let expected = if expected.len() == 16 { format!("{expected}:00") } else { expected.to_owned() };
    assert_eq!(read.as_deref(), Ok(expected.as_str()), "{text}");
}

#[track_caller]
fn check_not(text: &str, why: NotTime) {
    assert_eq!(moment(text), Err(why), "{text}");
}

#[test]
fn a_time_is_read_in_each_way_that_offices_write_it() {
    for text in [
        "2020-09-12 10:30",
        "2020-9-12 10:30",
        "2020/9/12 10:30",
        "2020.9.12 10:30",
        "2020.09.12 10：30",
        "2020年9月12日 10:30",
        "2020年9月12日10:30",
        "2020年9月12日10时30分",
        "2020 年 9 月 12 日 10 时 30 分",
        "2020年09月12日10点30分",
        "2020年9月12日10点半",
        "2020年9月12号 10:30",
        "2020年9月12日星期六 10:30",
        "2020年9月12日(周六)10:30",
        "２０２０-０９-１２　１０:３０",
        "202009121030",
        "20200912103000",
        "20200912 1030",
        "20200912 10:30",
        "20200912T103000",
        "2020-09-12T10:30",
        "2020-09-12T10:30:00",
        "2020-09-12T10:30:00.000",
        "2020-09-12 10:30:00.0",
        "2020-09-12 10:30:00.123456789012",
        "2020-09-12T10:30:00,5",
        "2020-09-12T10:30:00+08:00",
        "2020-09-12T10:30:00.000+0800",
        "2020-09-12 10:30 GMT+8",
        "2020-09-12T02:30:00Z",
        "2020-09-12T02:30:00.000Z",
        "2020-09-12T03:30:00+01:00",
        "2020-09-11T21:30:00-05:00",
        "2020/9/12 上午10:30",
        "2020/9/12 10:30 AM",
        "2020/9/12 AM 10:30",
        "2020/9/12 10:30 a.m.",
        "2020年9月12日上午10时30分",
        "'2020-09-12 10:30",
        "=\"2020-09-12 10:30\"",
        "2020-09-12\u{a0}10:30\u{200b}",
        "44086.4375",
    ] {
        check(text, "2020-09-12 10:30");
    }
    check("2020-09-12 10:30:05", "2020-09-12 10:30:05");
    check("2020年9月12日10时30分5秒", "2020-09-12 10:30:05");
    check("2020-09-12 10:30:59.999", "2020-09-12 10:30:59");
    check("20200912103005.5", "2020-09-12 10:30:05");
    check("2020-9-12 9:5", "2020-09-12 09:05");
    check("2020年9月12日10时", "2020-09-12 10:00");
    check("2020年9月12日10点整", "2020-09-12 10:00");
}

#[test]
fn midnight_is_a_time_like_any_other() {
    for text in [
        "2020-09-12 00:00",
        "2020-09-12 0:00",
        "2020-09-12 00:00:00",
        "2020-09-12T00:00:00.000",
        "2020-09-11 24:00",
        "2020-09-11 24:00:00",
        "2020-09-11 24时",
        "2020年9月12日0时0分",
        "2020年9月12日0时",
        "2020年9月11日24时0分0秒",
        "202009120000",
        "2020/9/12 上午12:00",
        "2020/9/12 12:00 AM",
        "2020-09-12 凌晨0:00",
        "2020-09-11T16:00:00Z",
        "44086.0",
    ] {
        check(text, "2020-09-12 00:00");
    }
    check("2020-12-31 24:00", "2021-01-01 00:00");
    check_not("2020-09-12 24:01", NotTime::NoSuchTime);
    check_not("2020-09-12", NotTime::DayAlone);
    check_not("44086", NotTime::DayAlone);
}

#[test]
fn a_clock_of_twelve_hours_is_read_where_it_is_clear_and_refused_where_it_is_not() {
    for (text, expected) in [
        ("上午12:30", "00:30"),
        ("上午9:30", "09:30"),
        ("凌晨0:30", "00:30"),
        ("凌晨12:30", "00:30"),
        ("凌晨3点", "03:00"),
        ("早上8:00", "08:00"),
        ("中午12:10", "12:10"),
        ("中午1:10", "13:10"),
        ("下午12:30", "12:30"),
        ("下午2:05", "14:05"),
        ("下午14:30", "14:30"),
        ("下午3点半", "15:30"),
        ("傍晚6:20", "18:20"),
        ("晚上8:00", "20:00"),
        ("晚上11:59", "23:59"),
        ("晚上20:00", "20:00"),
        ("10:30 PM", "22:30"),
        ("10:30:00 PM", "22:30"),
        ("PM 10:30", "22:30"),
        ("12:05 am", "00:05"),
        ("12:05 pm", "12:05"),
    ] {
        check(&format!("2020/9/12 {text}"), &format!("2020-09-12 {expected}"));
    }
    for text in [
        "晚上12:00",
        "晚上12:30",
        "晚上1:00",
        "半夜12:00",
        "午夜12:00",
        "深夜2:00",
        "上午13:00",
        "中午8:00",
        "早上12:00",
        "早上1:00",
        "凌晨9:00",
        "下午0:30",
        "傍晚1:00",
    ] {
        check_not(&format!("2020/9/12 {text}"), NotTime::Half);
    }
    check("2020-09-12 晚上24:00", "2020-09-13 00:00");
}

#[test]
fn what_may_be_two_times_is_refused_with_its_reason() {
    for text in ["9/12/2020 10:30", "12-9-2020", "12.09.2020 10:30", "9月12日2020"] {
        check_not(text, NotTime::YearLast);
    }
    for text in ["20-9-12 10:30", "9/12/20 10:30", "20年9月12日"] {
        check_not(text, NotTime::ShortYear);
    }
    for text in ["2020-13-01 10:00", "2020-02-30 10:00", "2020-00-10 10:00", "1020-09-12 10:00"] {
        check_not(text, NotTime::NoSuchDay);
    }
    for text in ["2020-09-12 25:00", "2020-09-12 10:61", "2020-09-12 10:30:60"] {
        check_not(text, NotTime::NoSuchTime);
    }
    for text in ["10:30", "10时30分", "9:05 PM"] {
        check_not(text, NotTime::ClockAlone);
    }
    check_not("2020年9月12日 星期一 10:30", NotTime::Weekday);
    for text in [
        "",
        "昨天",
        "9月12日",
        "2020-09",
        "2020-09-12 10",
        "2020-09-12 930",
        "2020-09-12 10.30",
        "2020-09-1210:30",
        "2020-09-12~2020-09-15",
        "2020-09-12 10:30左右",
        "2020-09-12 10:30-11:30",
        "Sep 12 2020",
        "12-Sep-2020",
        "2020-09-12 10:30:",
        "1599877800",
        "8",
        "123456.5",
        "2020",
        "2020-09-12 上午下午10:30",
        "2020-09-12 10:300",
    ] {
        assert!(moment(text).is_err(), "{text}");
    }
}

#[test]
fn a_day_is_read_alone_or_with_the_midnight_of_a_database() {
    for text in [
        "2020-09-12",
        "2020/9/12",
        "2020.9.12",
        "20200912",
        "2020年9月12日",
        "2020年9月12号",
        "2020-09-12 00:00:00",
        "2020-09-12T00:00:00.000",
        "2020年9月12日星期六",
        "44086",
        "'2020-09-12",
        "2020-09-11T16:00:00Z",
    ] {
        assert_eq!(day(text), Ok(date(2020, 9, 12)), "{text}");
    }
    assert_eq!(day("29221"), Ok(date(1980, 1, 1)));
    assert_eq!(day("2024-02-24 00:00"), Ok(date(2024, 2, 24)));
    for text in ["2020-09-12 10:30", "2020-09-11 24:00", "2020-09-12 08:00:00"] {
        assert_eq!(day(text), Err(NotTime::TimeOfDay), "{text}");
    }
    assert_eq!(day("01/07/2021"), Err(NotTime::YearLast));
    assert_eq!(day("2021-02-29"), Err(NotTime::NoSuchDay));
}

#[test]
fn day_and_time_of_day_are_read_together_from_two_cells() {
    for (day, time) in [
        ("2020-09-12", "10:30"),
        ("2020年9月12日", "上午10时30分"),
        ("20200912", "10:30:00"),
        ("2020-09-12 00:00:00", "2020-09-12 10:30"),
        ("2020-09-12 00:00:00", "10:30"),
        ("2020-09-12 10:30", "10:30"),
        ("2020/9/12", "2020/9/12 10:30"),
    ] {
        assert_eq!(in_two(day, time), Ok(date(2020, 9, 12).at(10, 30, 0, 0)), "{day} {time}");
    }
    assert_eq!(in_two("2020-09-11", "24:00"), Ok(date(2020, 9, 12).at(0, 0, 0, 0)));
    for (day, time) in [("2020-09-12 10:30", "11:30"), ("2020-09-12", "2020-09-13 10:30"), ("2020-09-12", "3")] {
        assert!(in_two(day, time).is_err(), "{day} {time}");
    }
    assert_eq!(in_two("2020-09-12", "晚上12:00"), Err(NotTime::Half));
}

proptest! {
    /// A time is the same in whatever way it is written.
    #[test]
    fn each_spelling_is_the_same_time(days in 0i64..40_000, second in 0i64..86_400, way in 0usize..9) {
        let at = date(1990, 1, 1).checked_add(days.days()).unwrap().at(0, 0, 0, 0).checked_add(second.seconds()).unwrap();
        let way = [
            "%Y-%m-%d %H:%M:%S", "%Y/%-m/%-d %-H:%M:%S", "%Y年%-m月%-d日%-H时%-M分%-S秒", "%Y.%m.%d %H:%M:%S", "%Y%m%d%H%M%S",
            "%Y-%m-%dT%H:%M:%S.000+08:00", "%Y%m%d %H%M%S", "%Y/%-m/%-d %I:%M:%S %p", "%Y-%m-%d %H:%M:%S.987",
        ][way];
        let text = at.strftime(way).to_string();
        prop_assert_eq!(moment(&text), Ok(at), "{}", text);
    }

    #[test]
    fn nothing_that_is_typed_breaks_the_reader(text in "[0-9年月日时点分秒/:. TZ+\\-上午下晚]{0,20}") {
        let _ = when(&text);
        let _ = in_two(&text, &text);
    }
}
