//! The story of a person in plain sentences (就医经历): what happened, when, by which clause, who paid what.
//!
//! Invariant: every sentence tells something that the books hold.

use super::{Chrome, Trouble, Visitor, blocking};
use crate::app::App;
use crate::frame::{Frame, shown};
use crate::pages::division_name;
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use jiff::civil::DateTime;
use yibao_domain::money::Money;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Bucket, HandBack};
use yibao_engine::desks::registers::{Care, Governing, Moment, Paid, Step, Story, What};
use yibao_interface::Catalogue;

/// The page.
#[derive(Template)]
#[template(path = "office/story.html")]
struct StoryPage {
    frame: Frame,
    chrome: Chrome,
    name: String,
    who: String,
    sums: String,
    days: Vec<Day>,
}

/// What happened on one day.
struct Day {
    day: String,
    tellings: Vec<Telling>,
}

/// One thing that happened.
struct Telling {
    time: String,
    word: &'static str,
    class: &'static str,
    text: String,
    /// What the notice says of it; empty where nothing had closed.
    notice: String,
    /// The entry's page, where there is one.
    entry: String,
    /// Belongs to the care that was asked about.
    is_asked: bool,
    /// The first of those, to which an address leads.
    is_first_asked: bool,
}

pub(super) async fn show(State(app): State<App>, visitor: Visitor, Path(about): Path<String>) -> Response {
    let asked = about.clone();
    let found = blocking(&app, {
        let visitor = visitor.clone();
        move |app| {
            let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
            Ok(registers.story(&visitor.actor(), &about)?)
        }
    });
    match found.await {
        Ok(story) => shown(&StoryPage {
            frame: app.frame(),
            chrome: visitor.chrome(),
            name: story.name.clone(),
            who: who(&story),
            sums: sums(&story),
            days: days(&story, &asked),
        }),
        Err(trouble) => trouble.answer(&app),
    }
}

/// 女，1957年生，城乡居民基本医疗保险（参保地毕节市）.
fn who(story: &Story) -> String {
    let gend = meaning("gend", &story.gend);
    let born = story.born.map(|born| format!("{}年生", born.year()));
    let insured = story
        .insurances
        .iter()
        .map(|(insutype, division)| format!("{}（参保地{}）", meaning("insutype", insutype), division_name(division)));
    [gend].into_iter().chain(born).chain(insured).collect::<Vec<_>>().join("，")
}

/// What all of it came to.
fn sums(story: &Story) -> String {
    let undone = |setl_id: &str| {
        story.moments.iter().any(|moment| matches!(&moment.what, What::Unsettled(paid) if paid.setl_id == setl_id))
    };
    let standing: Vec<&Paid> = story
        .moments
        .iter()
        .filter_map(|moment| match &moment.what {
            What::Settled(paid) if !undone(&paid.setl_id) => Some(paid),
            _ => None,
        })
        .collect();
    if standing.is_empty() {
        return "现在还没有有效的结算。".to_owned();
    }
    let total = |of: fn(&Paid) -> Money| standing.iter().fold(Money::ZERO, |sum, paid| sum.plus(of(paid)));
    format!(
        "有效结算{}笔：费用{}元，其中基金支付{}元、个人账户{}元、本人现金{}元。",
        standing.len(),
        total(|paid| paid.total),
        total(|paid| paid.funds),
        total(|paid| paid.account),
        total(|paid| paid.cash),
    )
}

fn days(story: &Story, asked: &str) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    let mut is_first = true;
    for moment in &story.moments {
        let day = chinese_day(moment.at);
        let mut telling = Telling::of(moment, began_at(story, &moment.mdtrt_id), asked);
        telling.is_first_asked = telling.is_asked && is_first;
        is_first &= !telling.is_asked;
        match days.last_mut().filter(|last| last.day == day) {
            Some(last) => last.tellings.push(telling),
            None => days.push(Day { day, tellings: vec![telling] }),
        }
    }
    days
}

/// When a care began; nothing where the books do not say.
fn began_at(story: &Story, mdtrt_id: &str) -> Option<DateTime> {
    let of = |moment: &&Moment| moment.mdtrt_id == mdtrt_id && matches!(moment.what, What::Began { .. });
    story.moments.iter().find(of).map(|moment| moment.at)
}

/// 2021年7月12日.
pub(crate) fn chinese_day(at: DateTime) -> String {
    format!("{}年{}月{}日", at.year(), at.month(), at.day())
}

impl Telling {
    /// `began_at` is when the care began that it belongs to.
    fn of(moment: &Moment, began_at: Option<DateTime>, asked: &str) -> Telling {
        let place = moment.place.as_str();
        let (word, class, text, notice, entry) = match &moment.what {
            What::Began { care, med_type, disease } => {
                ("就诊", "later", began(*care, place, med_type, disease), String::new(), String::new())
            }
            What::Left => ("出院", "later", format!("从{place}出院。"), String::new(), String::new()),
            What::Void => ("取消", "later", format!("{place}后来取消了这次就诊登记。"), String::new(), String::new()),
            What::Settled(paid) if paid.entry.is_empty() => {
                ("结算", "open", format!("{place}结算：{}。", split(paid)), String::new(), String::new())
            }
            What::Settled(paid) => ("补录", "open", entered_later(paid, began_at), String::new(), paid.entry.clone()),
            What::Unsettled(paid) => {
                let text = format!("撤销了费用{}元的一笔结算，基金支付{}元退回。", paid.total, paid.funds);
                ("撤销", "later", text, String::new(), String::new())
            }
            What::Entered(step, grounds) => {
                let notice = grounds.as_deref().map(told).unwrap_or_default();
                ("台账", "soon", registered(step, place), notice, step.number.clone())
            }
            What::Stepped(step) => ("台账", class_of(step), stepped(step), String::new(), step.number.clone()),
        };
        let is_asked = !asked.is_empty() && (moment.mdtrt_id == asked || entry == asked);
        Telling {
            time: moment.at.strftime("%H:%M").to_string(),
            word,
            class,
            text,
            notice,
            entry,
            is_asked,
            is_first_asked: false,
        }
    }
}

fn class_of(step: &Step) -> &'static str {
    match step.state.bucket() {
        Bucket::Settled | Bucket::Reimbursed => "open",
        Bucket::Refused => "closed",
        Bucket::Waiting | Bucket::Withdrawn | Bucket::Outside => "soon",
    }
}

fn began(care: Care, place: &str, med_type: &str, disease: &str) -> String {
    let disease = if disease.is_empty() { String::new() } else { format!("，诊断为{disease}") };
    match care {
        Care::Stay => format!("住进{place}{disease}。"),
        Care::Purchase => format!("在{place}购药。"),
        Care::Visit => match meaning("med_type", med_type) {
            kind if kind.is_empty() => format!("到{place}看病{disease}。"),
            kind => format!("到{place}看病（{kind}）{disease}。"),
        },
    }
}

/// Who paid what, without what is nothing.
fn split(paid: &Paid) -> String {
    let part = if paid.part { "中途结算，" } else { "" };
    let mut text = format!("{part}费用{}元，基金支付{}元", paid.total, paid.funds);
    if paid.account != Money::ZERO {
        text.push_str(&format!("，个人账户支付{}元", paid.account));
    }
    text + &format!("，本人付现金{}元", paid.cash)
}

fn entered_later(paid: &Paid, began_at: Option<DateTime>) -> String {
    let due = match paid.due {
        Some(HandBack::Back(due)) => format!("停机时先付了全款，应退还{due}元"),
        Some(HandBack::Collect(due)) => format!("还应补交{due}元"),
        Some(HandBack::Even) => "款项已经两清".to_owned(),
        Some(HandBack::Unknown) | None => String::new(),
    };
    let due = if due.is_empty() { due } else { format!("；{due}") };
    let care = began_at.map_or_else(|| "停机期间登记的这次就诊".to_owned(), |at| format!("{}的就诊", chinese_day(at)));
    format!("{care}补录结算：{}{due}。", split(paid))
}

/// What the notice says of it.
fn told(grounds: &Governing) -> String {
    let window = if grounds.window.is_empty() { String::new() } else { format!("（{}）", grounds.window) };
    format!("停机公告条款{}{window}：{}", grounds.clauses.join("、"), grounds.advice)
}

fn registered(step: &Step, place: &str) -> String {
    let who = if step.by.is_empty() { place } else { step.by.as_str() };
    let care = chinese_day(step.care_from);
    // What is still going on when it is written down has no sum yet.
    let is_known = step.kind == RegisterKind::CashVisit && step.charged != Money::ZERO;
    let charged = if is_known { format!("，费用{}元", step.charged) } else { String::new() };
    let kind = step.kind.name();
    let about = match step.kind {
        RegisterKind::Supply => "长期用药的供应".to_owned(),
        RegisterKind::InpatientNotice => format!("{care}起的住院"),
        kind if kind.is_settled() => format!("{care}的就诊"),
        // Papers, what is put before somebody and what is owed are no care of that day.
        _ => return format!("{who}登记了一件“{kind}”{charged}。"),
    };
    format!("{who}把{about}登入“{kind}”台账{charged}。")
}

fn stepped(step: &Step) -> String {
    let reason = if step.reason.is_empty() { String::new() } else { format!("：{}", step.reason) };
    match (step.action, step.handed_back) {
        (Action::HandBack, Some(amount)) if amount > Money::ZERO => {
            format!("{}退还现金{amount}元，本人签收。", step.by)
        }
        (Action::HandBack, _) => format!("{}与本人核对，没有要退的。", step.by),
        _ => {
            let (by, action, kind) = (&step.by, step.action.name(), step.kind.name());
            format!("{by}办理“{action}”（{kind}），现为“{}”{reason}。", step.state.name())
        }
    }
}

/// The Chinese meaning of a national code; the code where the tables lack it.
fn meaning(table: &str, code: &str) -> String {
    let meaning = Catalogue::national().codes(table).and_then(|table| table.meaning(code));
    meaning.unwrap_or(code).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use yibao_domain::register::State;

    #[track_caller]
    fn check(kind: RegisterKind, says: &str) {
        let step = Step {
            number: "X-1".to_owned(),
            kind,
            action: Action::Register,
            state: State::Waiting,
            by: "张三".to_owned(),
            care_from: date(2021, 7, 12).at(9, 0, 0, 0),
            charged: Money::ZERO,
            handed_back: None,
            reason: String::new(),
        };
        assert_eq!(registered(&step, "县医院"), says);
    }

    #[test]
    fn only_care_is_told_as_care() {
        check(RegisterKind::CashVisit, "张三把2021年7月12日的就诊登入“现金就诊”台账。");
        check(RegisterKind::InpatientNotice, "张三把2021年7月12日起的住院登入“在院告知”台账。");
        check(RegisterKind::Supply, "张三把长期用药的供应登入“提前备药”台账。");
        for (kind, name) in [
            (RegisterKind::Papers, "收件登记"),
            (RegisterKind::Escalation, "特殊情况请示"),
            (RegisterKind::NotEntitled, "无待遇追缴"),
        ] {
            check(kind, &format!("张三登记了一件“{name}”。"));
        }
    }
}
