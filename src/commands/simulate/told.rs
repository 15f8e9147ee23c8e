//! What a simulation came to, in words.

use yibao_domain::money::Money;
use yibao_domain::settlement::Fund;
use yibao_sim::attribution::{Attribution, CASH, Shares};
use yibao_sim::city::City;
use yibao_sim::judge::Wrong;
use yibao_sim::life::{Event, Kind, Leaves};
use yibao_sim::run::Outcome;
use yibao_sim::statement::{DIFFERING, Statement};

/// Stands above what judges have found: they tell it in the words of the program.
const RECORDS: &str = "  核对记录（英文，供查程序；“人/次”是就诊的编号）：\n";

/// The ways that care went, and everything that is not as it must be.
pub fn outcome(seed: u64, outcome: &Outcome) -> String {
    if let Some(why) = &outcome.stuck {
        return format!("种子 {seed} 走不下去：{why}");
    }
    let mut text = format!("种子 {seed}：{} 次就诊\n", outcome.events);
    for ((way, clauses), of) in &outcome.ways {
        let (charged, funds) = (Money::fen(of.charged), Money::fen(of.funds));
        let clauses = if clauses.is_empty() { "按平台的在院清单转换" } else { clauses };
        text += &format!("  {way}（{clauses}）：{} 次，费用 {charged} 元，基金支付 {funds} 元\n", of.events);
    }
    if !(outcome.wrong.is_empty() && outcome.differences.is_empty()) {
        text += RECORDS;
    }
    text += &all_wrong(&outcome.wrong);
    for one in &outcome.differences {
        let event = one.event.map_or_else(String::new, |id| format!("就诊 {}/{}", id.person, id.ordinal));
        let name = Statement::of(DIFFERING).name;
        text += &format!(
            "  不符（{name}）第 {} 人{event}：\n    停机   {}\n    不停机 {}\n",
            one.person, one.with, one.without
        );
    }
    if let Some(step) = &outcome.first {
        let by = if step.by.is_empty() { String::new() } else { format!("，{}", step.by) };
        text += &format!("  最早的一处：{}，{}/{}{by}\n", step.at, step.event.person, step.event.ordinal);
    }
    if outcome.holds() {
        text += "  停机与不停机相符";
    }
    text.trim_end().to_owned()
}

fn all_wrong(wrong: &[Wrong]) -> String {
    let told = wrong.iter().map(|one| {
        let who = one.person.map_or_else(|| "全部".to_owned(), |person| format!("第 {person} 人"));
        format!("  不符（{}）{who}：{}\n", Statement::of(one.statement).name, one.what)
    });
    told.collect()
}

/// The differences to the course in which nothing is left out, by what allows them.
pub fn attribution(all: &Attribution) -> String {
    let mut text = "与什么也不少的不停机一遍对照：\n".to_owned();
    for (by, line) in all.lines() {
        let (with, without) = (Money::fen(line.with), Money::fen(line.without));
        let (events, persons) = (line.events, line.persons.len());
        text += &format!("  {by}：{events} 次，{persons} 人，基金和账户支付 停机 {with} 元，不停机 {without} 元\n");
    }
    if !all.wrong.is_empty() {
        text += RECORDS;
    }
    text + &all_wrong(&all.wrong)
}

/// Some persons' events, both courses side by side.
pub fn persons(city: &City, history: &[Event], all: &Attribution, persons: &[u64]) -> String {
    let mut text = String::new();
    for number in persons {
        let person = city.person(*number);
        let attribute = person.attribute.unwrap_or("无");
        let (scheme, born, before) = (person.scheme.name(), person.born, person.paid_before);
        text += &format!(
            "第 {number} 人 {}，{scheme}，人员类别 {}，{born} 出生，参保地 {}，身份 {attribute}，此前统筹支付 {before} 元",
            person.psn_no, person.psn_type, person.division
        );
        text += &person.balance.map_or_else(String::new, |balance| format!("，个人账户 {balance} 元"));
        text.push('\n');
        let own = history.iter().zip(&all.sides).filter(|(event, _)| event.id.person == *number);
        for (event, side) in own {
            let place = &city.places[event.place];
            let (ordinal, charged) = (event.id.ordinal, Money::fen(event.total()));
            text +=
                &format!("  {number}/{ordinal}  {} {}，{}，{charged} 元\n", event.at, kind(&event.kind), place.name);
            text += &format!("     停机   {}\n     不停机 {}\n", shares(&side.with), shares(&side.without));
            if side.differs() {
                text += &format!("     依据   {}\n", all.by(side));
            }
        }
    }
    text
}

fn kind(kind: &Kind) -> String {
    match kind {
        Kind::SpecialDisease { code, .. } | Kind::LongDiseaseDrugs { code } => format!("{} {code}", kind.name()),
        Kind::Stay { until, leaves, .. } => {
            let way = match leaves {
                Leaves::Home => "出院",
                Leaves::ForAnother => "转院",
                Leaves::Filed => "备案转院",
            };
            format!("{}，{until} {way}", kind.name())
        }
        _ => kind.name().to_owned(),
    }
}

fn shares(of: &Shares) -> String {
    if of.is_empty() {
        return "未结算".to_owned();
    }
    let told = of.iter().map(|(who, fen)| {
        let fund = Fund::of_code(who).map_or_else(|| who.clone(), |fund| fund.name().to_owned());
        let name = if who == CASH { "现金".to_owned() } else { fund };
        format!("{name} {}", Money::fen(*fen))
    });
    Vec::from_iter(told).join("，")
}
