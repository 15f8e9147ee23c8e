//! What the judges and the comparison found at the end of a play, as the page shows it.

use yibao_domain::money::Money;
use yibao_sim::attribution::{Attribution, Heading, Line};
use yibao_sim::judge::Wrong;
use yibao_sim::twins::Difference;
use yibao_web::played::{Changed, Judgement};

/// What was found, by the statement that it is against, and what the outage changed.
pub fn judgement(wrong: &[Wrong], differing: &[Difference], changed: &Attribution) -> Judgement {
    let mut judgement = Judgement { changed: lines(changed), ..Judgement::default() };
    for one in wrong.iter().chain(&changed.wrong) {
        let list = match one.statement {
            1 => &mut judgement.lost,
            2 => &mut judgement.doubled,
            3 => &mut judgement.differing,
            _ => &mut judgement.unsound,
        };
        let who = one.person.map_or_else(|| "全部".to_owned(), |person| format!("第{person}人"));
        list.push(format!("{who}：{}", one.what));
    }
    for one in differing {
        judgement.differing.push(format!("第{}人：停机 {}；不停机 {}", one.person, one.with, one.without));
    }
    judgement
}

/// What the outage changed, in few lines.
fn lines(changed: &Attribution) -> Vec<Changed> {
    let line = |(heading, line): (Heading, Line)| Changed {
        what: heading.name(),
        by: heading.by,
        events: line.events,
        persons: line.persons.len(),
        with: Money::fen(line.with),
        without: Money::fen(line.without),
    };
    changed.by_clause().in_short().into_iter().map(line).collect()
}
