//! What an outage changed, by clause (停机改变了什么), as a table.

use super::words::{grouped, money};
use yibao_sim::attribution::Line;
use yibao_sim::big::Changed;
use yibao_sim::city::City;

/// A row of the table.
pub(super) struct Row {
    pub what: &'static str,
    /// The clauses and decisions.
    pub by: Vec<String>,
    pub events: String,
    pub persons: String,
    pub with: String,
    pub without: String,
    pub difference: String,
    pub is_sum: bool,
}

/// The rows and their sum.
pub(super) fn rows(changed: &Changed) -> Vec<Row> {
    let lines = changed.by_clause.in_short();
    let row = |what, by: &str, line: &Line, is_sum| Row {
        what,
        by: by.split('、').filter(|clause| !clause.is_empty()).map(str::to_owned).collect(),
        events: grouped(line.events),
        persons: grouped(line.persons.len() as u64),
        with: money(line.with),
        without: money(line.without),
        difference: money(line.with - line.without),
        is_sum,
    };
    let mut rows: Vec<Row> =
        lines.iter().map(|(heading, line)| row(heading.name(), &heading.by, line, false)).collect();
    let mut all = Line::default();
    lines.iter().for_each(|(_, line)| all.join(line.clone()));
    rows.push(row("合计", "", &all, true));
    rows
}

/// Whom the table is of.
pub(super) fn of_whom(changed: &Changed, city: &City) -> String {
    match changed.persons {
        persons if persons >= city.persons => "全城的人".to_owned(),
        persons => format!(
            "其中 {} 人（编号最前的，占全城百分之{}；城里的人按编号随机造出，没有挑选）",
            grouped(persons),
            persons * 100 / city.persons
        ),
    }
}
