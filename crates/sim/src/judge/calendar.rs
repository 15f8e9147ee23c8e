//! The working days (工作日), by the judge's own reading of the national calendar, and the moments that deadlines come to by it.

use crate::judge::ways::of_plan;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime, Weekday};
use std::collections::BTreeMap;
use yibao_domain::outage::{Deadline, Due, Plan, Question, Start, Unit, Which};

/// Days that differ from their weekday: whether they are worked.
pub(super) struct Calendar(BTreeMap<Date, bool>);

impl Calendar {
    /// The national calendar; of a day that was declared twice the last word.
    pub fn national() -> Calendar {
        let text = include_str!("../../../../rules/nation/calendar.tsv");
        let rows = text.lines().filter_map(|line| {
            let (day, rest) = line.split_once('\t')?;
            Some((day.parse().ok()?, rest.starts_with("makeup_workday")))
        });
        Calendar(rows.collect())
    }

    fn is_worked(&self, day: Date) -> bool {
        let by_weekday = !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        self.0.get(&day).copied().unwrap_or(by_weekday)
    }

    /// The end of so many working days of which the first begins at the start or after it; nothing where they lead into a year that
    /// nothing has been declared of yet.
    fn working_days(&self, start: DateTime, count: u32) -> Option<DateTime> {
        let last_year = self.0.keys().next_back()?.year();
        let mut midnight = first_midnight(start);
        let mut left = count;
        while left > 0 {
            if midnight.year() > last_year {
                return None;
            }
            left -= u32::from(self.is_worked(midnight.date()));
            midnight = midnight.saturating_add(1.day());
        }
        Some(midnight)
    }

    /// When a deadline of the notice ends for an event; nothing where its start is unknown.
    pub fn ends(&self, plan: &Plan, deadline: &Deadline, question: &Question, care: Care) -> Option<DateTime> {
        let (count, unit, from) = match &deadline.due {
            Due::By(moment) => return Some(moment.at),
            Due::Counted { count, unit, from } => (*count, *unit, from),
            Due::EndOfMonth { from } => {
                let start = starts(plan, from, question, care)?;
                return Some(start.date().last_of_month().at(0, 0, 0, 0).saturating_add(1.day()));
            }
        };
        let start = starts(plan, from, question, care)?;
        Some(match unit {
            Unit::WorkingDays => return self.working_days(start, count),
            Unit::Hours => start.saturating_add(i64::from(count).hours()),
            Unit::CalendarDays => first_midnight(start).saturating_add(i64::from(count).days()),
            Unit::Months => {
                let day = first_midnight(start).saturating_sub(1.day()).saturating_add(i64::from(count).months());
                day.saturating_add(1.day())
            }
        })
    }
}

/// When care was.
#[derive(Clone, Copy)]
pub(super) struct Care {
    /// Visit, purchase, admission.
    pub begins: DateTime,
    /// The discharge of a stay.
    pub discharge: Option<DateTime>,
}

fn first_midnight(start: DateTime) -> DateTime {
    let midnight = start.date().at(0, 0, 0, 0);
    if midnight == start { start } else { midnight.saturating_add(1.day()) }
}

fn starts(plan: &Plan, from: &Start, question: &Question, care: Care) -> Option<DateTime> {
    let windows = |of: &yibao_domain::outage::Business| {
        let about = Question { business: of.clone(), ..question.clone() };
        of_plan(plan, &about)
    };
    match from {
        Start::Reopening { of, which } => {
            let happened = care.discharge.unwrap_or(care.begins);
            let begun = windows(of).into_iter().filter(|shut| shut.closes <= happened);
            // What nobody knows yet comes after whatever is known.
            let last = begun.max_by_key(|shut| (shut.reopens().is_none(), shut.reopens()))?;
            match which {
                Which::Actual => last.reopens(),
                Which::Planned => last.planned,
            }
        }
        Start::Closing { of } => windows(of).into_iter().map(|shut| shut.closes).min(),
        Start::Care => Some(care.begins),
        Start::Discharge => care.discharge,
        Start::Intake | Start::Declared => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn ten_working_days_after_the_reopening_of_2020_end_after_the_holidays() {
        let calendar = Calendar::national();
        let reopened = date(2020, 9, 21).at(0, 0, 0, 0);
        // 21 to 25 and 27 (worked for the holidays) to 30 September are nine, 9 October is the tenth.
        assert_eq!(calendar.working_days(reopened, 10), Some(date(2020, 10, 10).at(0, 0, 0, 0)));
        let second = reopened.saturating_add(1.second());
        assert_eq!(calendar.working_days(second, 1), Some(date(2020, 9, 23).at(0, 0, 0, 0)));
        let last_year = calendar.0.keys().next_back().unwrap().year();
        assert_eq!(calendar.working_days(date(last_year, 12, 30).at(0, 0, 0, 0), 10), None);
    }
}
