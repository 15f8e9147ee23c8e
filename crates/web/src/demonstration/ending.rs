//! The end (结局): what became of all that met the outage, and what it changed.

use crate::played::{Outcome, Standing};

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
