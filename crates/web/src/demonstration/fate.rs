//! What happened to one care (下落), told from what those at the till saw and what the notice says: for care that neither the
//! books nor a register hold.

use super::people::outcome;
use crate::app::App;
use crate::frame::{Frame, missing, shown};
use crate::office::story::chinese_day;
use crate::played::{Care, Outcome, Standing};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::DateTime;
use yibao_domain::outage::{Plan, moment_name, plan_named};

#[derive(Template)]
#[template(path = "demonstration/fate.html")]
struct FatePage {
    frame: Frame,
    name: String,
    day: String,
    class: &'static str,
    outcome: &'static str,
    tellings: Vec<Telling>,
    /// Where the books tell of it; empty where they do not.
    in_the_books: String,
    others: Vec<Other>,
}

/// One thing that happened.
struct Telling {
    at: String,
    class: &'static str,
    word: &'static str,
    text: String,
    /// What the notice says of it.
    notice: String,
}

/// Other care of the same person.
struct Other {
    text: String,
    outcome: &'static str,
    class: &'static str,
    told_at: String,
}

pub(super) async fn show(State(app): State<App>, Path(id): Path<String>) -> Response {
    let Some(standing) = app.demonstration.as_ref().map(|play| play.standing()) else { return missing(&app) };
    let Some(care) = standing.cares.iter().find(|care| care.id == id) else { return missing(&app) };
    let plans = app.platform.plans();
    let plan = plan_named(&plans, &standing.pool, &standing.plan);
    let (class, word) = outcome(care.outcome);
    shown(&FatePage {
        frame: app.frame(),
        name: care.name.clone(),
        day: chinese_day(care.at),
        class,
        outcome: word,
        tellings: tellings(care, plan),
        in_the_books: if care.story.is_empty() { String::new() } else { care.told_at() },
        others: others(&standing, care),
    })
}

/// Care of the same person, in the order of time.
fn others(standing: &Standing, care: &Care) -> Vec<Other> {
    let person = |care: &Care| care.id.split('-').next().map(str::to_owned);
    let others = standing.cares.iter().filter(|other| person(other) == person(care) && other.id != care.id);
    others
        .map(|other| {
            let (class, outcome) = outcome(other.outcome);
            let text = format!("{} 在{}{}", moment_name(other.at), other.place, other.kind);
            Other { text, outcome, class, told_at: other.told_at() }
        })
        .collect()
}

fn tellings(care: &Care, plan: Option<&Plan>) -> Vec<Telling> {
    let telling = |at: DateTime, class, word, text| {
        let at = at.strftime("%-m月%-d日 %H:%M").to_string();
        Telling { at, class, word, text, notice: String::new() }
    };
    let came = format!("来到{}：{}，费用{}元。", care.place, care.kind, care.charged);
    let mut told = vec![telling(care.at, "later", "就诊", came)];
    for (at, said) in &care.refused {
        let said = said.trim_end_matches('。');
        told.push(telling(*at, "closed", "停办", format!("收银台向平台申请结算，平台答复：“{said}”。")));
    }
    if let Some(met_at) = care.met_at {
        let at = care.refused.last().map_or(met_at, |(at, _)| *at);
        told.push(Telling { notice: notice(care, plan), ..telling(at, "soon", "去向", became(care)) });
    }
    if let (Outcome::Settled | Outcome::EnteredLater, Some(at)) = (care.outcome, care.settled_at) {
        told.push(telling(at, "open", "结算", format!("结算：基金支付{}元。", care.funds)));
    }
    told
}

/// What those at the till did, because the notice says so.
fn became(care: &Care) -> String {
    let charged = care.charged;
    match care.outcome {
        Outcome::ToClaim => format!("{charged}元全部由本人先付，医院开了发票；恢复以后凭发票到经办机构报销。"),
        Outcome::NoRoute => format!("{charged}元全部由本人付现金。公告没有规定这类费用事后补报，到此为止。"),
        Outcome::TooLate => format!("{charged}元先付了现金，可以补录；期限内没有人来补，逾期不再补。"),
        Outcome::SelfPays => format!("核实不在待遇期，{charged}元由本人自费。"),
        _ => "先付现金或挂账，医院记下来，等恢复以后补录。".to_owned(),
    }
}

/// What the notice says of it.
fn notice(care: &Care, plan: Option<&Plan>) -> String {
    let Some(plan) = plan.filter(|_| !care.clauses.is_empty()) else { return String::new() };
    let clauses = care.clauses.join("、");
    let advice = plan.rules.iter().find(|rule| rule.clauses == care.clauses).map_or("", |rule| rule.advice.as_str());
    if advice.is_empty() {
        format!("停机公告条款{clauses}")
    } else {
        format!("停机公告条款{clauses}：{advice}")
    }
}
