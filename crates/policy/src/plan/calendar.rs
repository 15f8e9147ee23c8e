//! The national working-day calendar, from `rules/nation/calendar.tsv`.

use super::Problem;
use super::source::read_day;
use std::collections::BTreeSet;
use std::path::Path;
use yibao_domain::calendar::{Calendar, DayKind, Declared};

/// The calendar that comes with the program. Its last line's year is the last one covered.
pub fn national_calendar() -> Calendar {
    read_calendar(include_str!("../../../../rules/nation/calendar.tsv"))
        .expect("the calendar that comes with the program is tested")
}

/// The calendar of a rules folder (`nation/calendar.tsv` in it), which reaches as far as its writer made it; without the file,
/// or without a folder, the one that comes with the program.
///
/// # Errors
/// What is wrong with the file, by line; line 0 where it cannot be read.
pub fn calendar_in(rules: Option<&Path>) -> Result<Calendar, Vec<Problem>> {
    let Some(file) = rules.map(|folder| folder.join("nation/calendar.tsv")).filter(|file| file.exists()) else {
        return Ok(national_calendar());
    };
    let unreadable =
        |error| vec![Problem { line: 0, text: format!("工作日历 {} 无法读取：{error}", file.display()) }];
    read_calendar(&std::fs::read_to_string(&file).map_err(unreadable)?)
}

/// Reads a calendar: lines of `date`, `kind` (`holiday` or `makeup_workday`), `name`, `source` and, where a day was declared
/// after the yearly notice, the day `announced`; tab-separated, below a header; lines beginning with `#` are comments. The
/// years that have lines are the years covered.
pub fn read_calendar(text: &str) -> Result<Calendar, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut days = Vec::new();
    let lines = (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    for (line, row) in lines.skip(1) {
        let mut columns = row.split('\t');
        let (day, kind) = (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
        let kind = match kind {
            "holiday" => Some(DayKind::Holiday),
            "makeup_workday" => Some(DayKind::MakeupWorkday),
            _ => None,
        };
        let announced = columns.nth(2).filter(|text| !text.is_empty());
        match (read_day(day), kind, announced.map(read_day)) {
            (Some(day), Some(kind), announced @ (None | Some(Some(_)))) => {
                days.push(Declared { day, kind, announced: announced.flatten() });
            }
            _ => problems.push(Problem {
                line,
                text: format!(
                    "“{row}”不是日历行，应为 日期、holiday 或 makeup_workday、节日、来源（、宣布日期），以制表符分隔"
                ),
            }),
        }
    }
    let years: BTreeSet<i16> = days.iter().map(|word| word.day.year()).collect();
    if problems.is_empty() { Ok(Calendar::of_words(years, days)) } else { Err(problems) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{Date, date};

    #[track_caller]
    fn check_ten_working_days_after(midnight_before: Date, last_day: Date) {
        let ends = national_calendar().add_working_days(midnight_before.at(0, 0, 0, 0), 10);
        assert_eq!(ends, Some(last_day.tomorrow().unwrap().at(0, 0, 0, 0)));
    }

    #[test]
    fn ten_working_days_end_where_the_official_calendar_ends_them() {
        check_ten_working_days_after(date(2020, 9, 21), date(2020, 10, 9));
        check_ten_working_days_after(date(2021, 7, 16), date(2021, 7, 29));
        check_ten_working_days_after(date(2020, 9, 15), date(2020, 9, 27));
    }

    #[test]
    fn the_calendar_covers_2020_to_2026_and_no_more() {
        let calendar = national_calendar();
        assert_eq!(calendar.is_working_day(date(2020, 1, 1)), Some(false));
        assert_eq!(calendar.is_working_day(date(2026, 12, 31)), Some(true));
        assert_eq!(calendar.is_working_day(date(2019, 12, 31)), None);
        assert_eq!(calendar.is_working_day(date(2027, 1, 4)), None);
    }

    #[test]
    fn the_extended_spring_holiday_of_2020_is_the_state_of_the_calendar() {
        let calendar = national_calendar();
        for day in 24..=31 {
            assert_eq!(calendar.is_working_day(date(2020, 1, day)), Some(false));
        }
        assert_eq!(calendar.is_working_day(date(2020, 2, 1)), Some(false));
        assert_eq!(calendar.is_working_day(date(2020, 2, 3)), Some(true));
    }

    #[test]
    fn before_it_was_extended_the_spring_holiday_of_2020_ended_with_the_thirtieth() {
        let calendar = national_calendar().as_known_on(date(2020, 1, 20));
        assert_eq!(calendar.is_working_day(date(2020, 1, 30)), Some(false));
        for worked in [date(2020, 1, 31), date(2020, 2, 1)] {
            assert_eq!(calendar.is_working_day(worked), Some(true), "{worked}");
        }
        assert_eq!(calendar.is_working_day(date(2020, 2, 2)), Some(false));
    }

    #[test]
    fn a_bad_row_is_reported_with_its_line() {
        let problems = read_calendar("date\tkind\n2021-01-01\tholiday\n2021-13-01\tholiday\n").unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.line).collect::<Vec<_>>(), [3]);
    }
}
