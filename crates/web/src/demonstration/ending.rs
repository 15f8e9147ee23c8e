//! The end (结局): what was found, statement by statement, what became of all that met the outage, and what it changed.

use crate::played::{Changed, Judgement, Outcome, Standing};
use yibao_domain::money::Money;

/// A statement of the end.
pub(super) struct Verdict {
    pub holds: bool,
    pub name: &'static str,
    pub text: String,
    pub found: Vec<String>,
}

/// What the outage changed: one line, in words.
pub(super) struct Row {
    pub what: &'static str,
    /// The clauses and decisions.
    pub by: Vec<String>,
    pub events: String,
    pub persons: String,
    pub with: String,
    pub without: String,
    pub difference: String,
}

/// How the books close.
pub(super) fn closed_with(standing: &Standing) -> String {
    // Who was found not to be insured on any other day has not met it.
    let all_met = || standing.cares.iter().filter(|care| care.met_at.is_some());
    let count = |outcome: Outcome| all_met().filter(|care| care.outcome == outcome).count();
    let met = all_met().count();
    let ways = [
        (count(Outcome::EnteredLater), "次已经补录，按看病那天的待遇，一分不差"),
        (count(Outcome::ToClaim), "次按公告由病人到经办机构报销，台账里留作待办"),
        (count(Outcome::NoRoute), "次公告没有规定补报，由病人自己付了"),
        (count(Outcome::TooLate), "次该补而期限内没有人来，由病人自己付了"),
        (count(Outcome::SelfPays), "次核实不在待遇期，由病人自费"),
    ];
    let told: Vec<String> =
        ways.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count}{what}")).collect();
    if told.is_empty() {
        return "没有人遇上停机。".to_owned();
    }
    format!("遇上停机的{met}次就诊都有了下落：{}。", told.join("；"))
}

/// The four statements.
pub(super) fn verdicts(judgement: &Judgement) -> Vec<Verdict> {
    let verdict = |name, text: &str, found: &Vec<String>| Verdict {
        holds: found.is_empty(),
        name,
        text: text.to_owned(),
        found: found.clone(),
    };
    vec![
        verdict("没有丢失", "停机期间的每次就诊，或已结算，或待报销，或公告没有规定补报，各有下落", &judgement.lost),
        verdict("没有重复", "每次就诊只结算一次，金额与账单相同，没有无主的结算", &judgement.doubled),
        verdict(
            "待遇不变",
            "另起一套账，让同样的人、同样的就诊不停机再走一遍：能补的按看病的先后计入，每笔结算、每项累计、每个账户一分不差；\
             报销的和没有规定补报的，两遍都不算，差多少列在“停机改变了什么”",
            &judgement.differing,
        ),
        verdict("账册完好", "借贷相等，台账逐笔对得上，收进等于办结加待办，逾期的都有标注", &judgement.unsound),
    ]
}

/// What the outage changed, and the sum of it.
pub(super) fn changed(judgement: &Judgement) -> Vec<Row> {
    let lines = &judgement.changed;
    let row = |what, by: &str, events: u64, persons: usize, with: Money, without: Money| Row {
        what,
        by: by.split('、').filter(|clause| !clause.is_empty()).map(str::to_owned).collect(),
        events: events.to_string(),
        persons: if persons == 0 { String::new() } else { persons.to_string() },
        with: with.to_string(),
        without: without.to_string(),
        difference: with.minus(without).to_string(),
    };
    let mut rows: Vec<Row> =
        lines.iter().map(|line| row(line.what, &line.by, line.events, line.persons, line.with, line.without)).collect();
    if !rows.is_empty() {
        let sum = |of: fn(&Changed) -> Money| lines.iter().fold(Money::ZERO, |sum, line| sum.plus(of(line)));
        let events = lines.iter().map(|line| line.events).sum();
        // Somebody may be in several lines.
        rows.push(row("合计", "", events, 0, sum(|line| line.with), sum(|line| line.without)));
    }
    rows
}
