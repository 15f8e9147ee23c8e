//! What an outage changed, by clause (停机改变了什么), as a table: on the page of a demonstration and in the report of a large city.

use super::figures::{grouped, money};
use yibao_sim::attribution::{ByClause, Line};
use yibao_web::played::Changed;

/// The rows and their sum; nothing where nothing changed.
pub fn rows(changed: &ByClause) -> Vec<Changed> {
    let lines = changed.in_short();
    let row = |what, by: &str, line: &Line, is_sum| Changed {
        what,
        by: by.split('、').filter(|clause| !clause.is_empty()).map(str::to_owned).collect(),
        events: grouped(line.events),
        persons: grouped(line.persons.len() as u64),
        with: money(line.with),
        without: money(line.without),
        difference: money(line.with - line.without),
        is_sum,
    };
    let mut rows: Vec<Changed> =
        lines.iter().map(|(heading, line)| row(heading.name(), &heading.by, line, false)).collect();
    if !rows.is_empty() {
        let mut all = Line::default();
        lines.iter().for_each(|(_, line)| all.join(line.clone()));
        // Somebody who is in several lines is one person.
        rows.push(row("合计", "", &all, true));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use yibao_sim::attribution::{Change, Heading};

    #[test]
    fn somebody_in_several_lines_is_one_person_of_the_sum() {
        let heading = |change, by: &str| Heading { follows: false, change: Some(change), by: by.to_owned() };
        let line = |with, without| Line { events: 1, persons: [7].into(), with, without };
        let changed = ByClause(
            [
                (heading(Change::LeftOut, "B-13、B-14"), line(0, 123_456)),
                (heading(Change::NotCancelled, "B-2"), line(500, 0)),
            ]
            .into(),
        );
        let rows = rows(&changed);
        assert_eq!(rows.len(), 3);
        assert_eq!(
            (rows[0].by.as_slice(), rows[0].difference.as_str()),
            (&["B-13".into(), "B-14".into()][..], "-1,234.56")
        );
        let sum = &rows[2];
        assert_eq!((sum.is_sum, sum.events.as_str(), sum.persons.as_str()), (true, "2", "1"));
        assert_eq!((sum.with.as_str(), sum.without.as_str()), ("5.00", "1,234.56"));
        assert!(super::rows(&ByClause::default()).is_empty());
    }
}
