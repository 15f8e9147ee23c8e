//! Who is behind a number: one line a care, each with its story.

use super::cards::Which;
use crate::app::App;
use crate::frame::{Frame, missing, shown};
use crate::played::{Care, Outcome};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use yibao_domain::outage::moment_name;

/// Rows of the page; the latest come first.
const ROWS_MAX: usize = 300;

#[derive(Template)]
#[template(path = "demonstration/people.html")]
struct PeoplePage {
    frame: Frame,
    title: &'static str,
    total: usize,
    rows_max: usize,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    told_at: String,
    at: String,
    care: String,
    charged: String,
    class: &'static str,
    outcome: &'static str,
    detail: String,
}

pub(super) async fn show(State(app): State<App>, Path(which): Path<String>) -> Response {
    let chosen = Which::ALL.into_iter().find(|(_, word, _)| *word == which);
    let (Some((which, _, title)), Some(play)) = (chosen, &app.demonstration) else { return missing(&app) };
    let standing = play.standing();
    let mut found: Vec<&Care> = standing.cares.iter().filter(|care| which.has(care)).collect();
    let moment = |care: &Care| care.settled_at.filter(|_| which == Which::Later).unwrap_or(care.at);
    found.sort_by_key(|care| std::cmp::Reverse(moment(care)));
    let (total, rows) = (found.len(), found.into_iter().take(ROWS_MAX).map(Row::of).collect());
    shown(&PeoplePage { frame: app.frame(), title, total, rows_max: ROWS_MAX, rows })
}

/// What became of care, in a few words.
pub(super) fn outcome(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::UnderWay => ("later", "还未结算"),
        Outcome::Settled => ("open", "已结算"),
        Outcome::Cancelled => ("later", "已撤销"),
        Outcome::Waits => ("soon", "等待补录"),
        Outcome::EnteredLater => ("open", "已补录"),
        Outcome::ToClaim => ("later", "到经办机构报销"),
        Outcome::NoRoute => ("later", "现金，公告未规定补报"),
        Outcome::TooLate => ("closed", "逾期未补录"),
        Outcome::SelfPays => ("later", "不在待遇期，自费"),
    }
}

impl Row {
    fn of(care: &Care) -> Row {
        let (class, outcome) = outcome(care.outcome);
        let clauses =
            if care.clauses.is_empty() { String::new() } else { format!("公告条款{}", care.clauses.join("、")) };
        let settled = match (care.outcome, care.settled_at) {
            (Outcome::Settled | Outcome::EnteredLater, Some(at)) => {
                format!("{}结算，基金支付{}元", moment_name(at), care.funds)
            }
            _ => String::new(),
        };
        let detail = [clauses, settled].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("；");
        Row {
            name: care.name.clone(),
            told_at: care.told_at(),
            at: moment_name(care.at),
            care: format!("{}，{}", care.kind, care.place),
            charged: care.charged.to_string(),
            class,
            outcome,
            detail,
        }
    }
}
