//! A time whose day stands in one column and whose time of day in another one (日期、时间两列).

use super::cell::Cell;
use std::collections::BTreeMap;
use yibao_domain::register::FieldKind;
use yibao_domain::time::minute_text;
use yibao_domain::written::half_width;
use yibao_domain::written::when::{NotTime, in_two, moment, time_of_day};

/// Heads that say nothing but that a time of day stands below them: it belongs to the day to their left.
const CLOCKS: [&str; 6] = ["时间", "时刻", "钟点", "时分", "几点", "具体时间"];

/// Which columns hold the time of day: by the column of the day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(BTreeMap<usize, usize>);

impl Pairs {
    /// Takes a column up as the second one of a time that a column before it has begun: under the head of a clock right beside it, or
    /// under another name of the same field.
    pub(crate) fn take_up(
        &mut self,
        at: usize,
        head: &str,
        before: Option<(usize, &FieldKind)>,
        is_same: bool,
    ) -> bool {
        let Some((day, FieldKind::Moment)) = before.filter(|(day, _)| !self.0.contains_key(day)) else { return false };
        let head: String = half_width(head).chars().filter(|c| !c.is_whitespace() && *c != '*').collect();
        let fits = is_same || (day + 1 == at && CLOCKS.contains(&head.as_str()));
        if fits {
            self.0.insert(day, at);
        }
        fits
    }

    /// Gives up the pairs in whose columns no cell holds a time of day; their second columns.
    pub(crate) fn keep_where<'a>(
        &mut self,
        rows: impl Iterator<Item = &'a BTreeMap<usize, Cell>> + Clone,
    ) -> Vec<usize> {
        let is_clock = |row: &BTreeMap<usize, Cell>, at: &usize| row.get(at).is_some_and(Cell::is_clock);
        let has_clock = |day: &usize, time: &usize| rows.clone().any(|row| is_clock(row, day) || is_clock(row, time));
        let (kept, given_up) = std::mem::take(&mut self.0).into_iter().partition(|(day, time)| has_clock(day, time));
        self.0 = kept;
        let given_up: BTreeMap<usize, usize> = given_up;
        given_up.into_values().collect()
    }

    /// The cell of a column; of a pair the time that both come to, or what is wrong with them.
    pub(crate) fn cell(&self, cells: &BTreeMap<usize, Cell>, at: usize) -> Result<Option<Cell>, String> {
        match self.0.get(&at) {
            None => Ok(cells.get(&at).cloned()),
            Some(time) => of_two(cells.get(&at), cells.get(time)),
        }
    }
}

impl Pairs {
    /// What is typed in a column; of a pair in both.
    pub(crate) fn typed(&self, cells: &BTreeMap<usize, Cell>, at: usize) -> String {
        let columns = [Some(&at), self.0.get(&at)].into_iter().flatten();
        columns.filter_map(|at| cells.get(at)).map(Cell::text).collect::<Vec<_>>().join(" ")
    }
}

/// The time that two cells come to. A day without its time of day stays a day, for the register to ask for the rest.
fn of_two(one: Option<&Cell>, other: Option<&Cell>) -> Result<Option<Cell>, String> {
    let (Some(one), Some(other)) = (one.map(Cell::said), other.map(Cell::said)) else {
        return Ok(one.or(other).map(|cell| Cell::Text(cell.said())));
    };
    let read = in_two(&one, &other).or_else(|why| in_two(&other, &one).map_err(|_| why));
    match read {
        Ok(at) => Ok(Some(Cell::Text(minute_text(at)))),
        // The second column is about something else.
        Err(_) if moment(&one).is_ok() && time_of_day(&other).is_err() => Ok(Some(Cell::Text(one))),
        Err(why) => {
            let why = if why == NotTime::Other { "合不成一个时间".to_owned() } else { why.to_string() };
            Err(format!("“{one}”“{other}”{why}；应按24小时制写到分钟，如 2021-07-12 和 10:30"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn text(text: &str) -> Option<Cell> {
        Cell::of_text(text)
    }

    #[track_caller]
    fn check(one: Option<Cell>, other: Option<Cell>, expected: Result<&str, &str>) {
        match (of_two(one.as_ref(), other.as_ref()), expected) {
            (Ok(cell), Ok(expected)) => assert_eq!(cell.map(|cell| cell.text()).unwrap_or_default(), expected),
            (Err(problem), Err(part)) => assert!(problem.contains(part), "{problem}"),
            (other, _) => panic!("{other:?}"),
        }
    }

    #[test]
    fn day_and_time_of_day_are_one_time_in_either_order() {
        let day = Some(Cell::Moment(date(2020, 9, 12).at(0, 0, 0, 0)));
        check(text("2020/9/12"), text("10:30"), Ok("2020-09-12 10:30"));
        check(text("下午2点05分"), text("2020年9月12日"), Ok("2020-09-12 14:05"));
        check(day.clone(), text("10:30"), Ok("2020-09-12 10:30"));
        check(day.clone(), Some(Cell::Number("0.4375".into())), Ok("2020-09-12 10:30"));
        check(day.clone(), text("24:00"), Ok("2020-09-13 00:00"));
        check(day.clone(), Some(Cell::Clock("24:00".into())), Ok("2020-09-13 00:00"));
        check(day.clone(), Some(Cell::Clock("25:30".into())), Err("“25:30”没有这个时刻"));
        check(day, None, Ok("2020-09-12"));
        check(None, None, Ok(""));
        check(text("2020/9/12 10:30"), text("10:30"), Ok("2020-09-12 10:30"));
        check(text("2020/9/12 10:30"), text("2020/9/13 8:00"), Ok("2020/9/12 10:30"));
        check(text("2020/9/12 10:30"), text("11:30"), Err("合不成一个时间"));
        check(text("2020/9/12"), text("晚上12:00"), Err("看不出是几点"));
    }
}
