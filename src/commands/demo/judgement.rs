//! What the judges and the comparison found at the end of a play, as the page shows it.

use crate::commands::changed::rows;
use yibao_sim::attribution::Attribution;
use yibao_sim::judge::Wrong;
use yibao_sim::statement::{DIFFERING, STATEMENTS, Statement};
use yibao_sim::twins::Difference;
use yibao_web::played::{Judgement, Verdict};

/// What was found, by the statement that it is against, and what the outage changed.
pub fn judgement(wrong: &[Wrong], differing: &[Difference], changed: &Attribution) -> Judgement {
    let of_statement = |statement: &Statement| {
        let wrong = wrong.iter().chain(&changed.wrong).filter(|one| statement.is_against(one.statement)).map(|one| {
            let who = one.person.map_or_else(|| "全部".to_owned(), |person| format!("第{person}人"));
            format!("{who}：{}", one.what)
        });
        let differing = differing.iter().filter(|_| statement.is_against(DIFFERING));
        let differing = differing.map(|one| format!("第{}人：停机 {}；不停机 {}", one.person, one.with, one.without));
        Verdict { name: statement.name, says: statement.says, found: wrong.chain(differing).collect() }
    };
    Judgement { verdicts: STATEMENTS.iter().map(of_statement).collect(), changed: rows(&changed.by_clause()) }
}
