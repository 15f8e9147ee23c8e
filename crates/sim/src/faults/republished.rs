//! A plan that is published anew in the middle (方案重新发布): with other words, and at times with a later reopening.

use crate::dice::Dice;
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use yibao_domain::outage::Plan;
use yibao_policy::plan::read;
use yibao_store::Fault;

/// When a plan is published anew, and its text then.
pub(crate) struct Republished {
    pub at: DateTime,
    pub text: String,
}

impl Republished {
    /// The plan that holds from then on, as a person reads it: the new words, and beside them when the version before had planned
    /// to reopen, for deadlines that count from there.
    pub(crate) fn plan_after(&self, earlier: &Plan) -> Result<Plan, Fault> {
        let unreadable = |problems| Fault::new("reading a plan anew", &earlier.id, format!("{problems:?}"));
        let mut plan = read(&self.text).map_err(unreadable)?;
        let first = |plan: &Plan| plan.planned_reopens.or(plan.window.reopens.expected());
        plan.planned_reopens = plan.planned_reopens.or(first(earlier));
        for rule in &mut plan.rules {
            let before = earlier.rules.iter().find(|before| before.id == rule.id);
            let window = before.map_or(&rule.window, |before| &before.window);
            let expected = window.as_ref().and_then(|window| window.reopens.expected());
            let planned = before.and_then(|before| before.planned_reopens);
            rule.planned_reopens = rule.planned_reopens.or(planned).or(expected);
        }
        Ok(plan)
    }
}

/// The new version of a plan. Half of them postpone the reopening of the whole by days.
pub(crate) fn republished(seed: u64, begins: DateTime, plan: &Plan, text: &str) -> Republished {
    let mut dice = Dice::of(seed, "republished", 0);
    let reopens = plan.window.reopens.expected().unwrap_or(plan.window.closes.at);
    // A reopening that has been is not postponed any more.
    let at = dice.moment(begins.saturating_add(1.day()), reopens.saturating_sub(2.hours()));
    let renamed = renewed(text, plan.version).replacen("title = \"", "title = \"（更正）", 1);
    let days = dice.between(1, 4);
    let text = if dice.percent(50) { postponed(&renamed, days).unwrap_or(renamed) } else { renamed };
    Republished { at, text }
}

/// The text as the version after this one.
fn renewed(text: &str, version: u32) -> String {
    let said = |line: &&str| line.starts_with("version = ") || line.starts_with("replaces = ");
    let head = text.find("[[").unwrap_or(text.len());
    let kept: String = text[..head].split_inclusive('\n').filter(|line| !said(line)).collect();
    let stated = format!("[plan]\nversion = {}\nreplaces = {version}\n", version + 1);
    kept.replacen("[plan]\n", &stated, 1) + &text[head..]
}

/// The text with the plan's own reopening so many days later.
fn postponed(text: &str, days: i64) -> Option<String> {
    const KEY: &str = "\nreopens = \"";
    let at = text.find(KEY)? + KEY.len();
    let day: Date = text.get(at..at + 10)?.parse().ok()?;
    let later = day.saturating_add(days.days());
    Some(format!("{}{later}{}", &text[..at], &text[at + 10..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_version_says_which_it_replaces() {
        let first = "[plan]\nid = \"a\"\n[[system]]\nversion = 1\n";
        let second = "[plan]\nversion = 2\nreplaces = 1\nid = \"a\"\n[[system]]\nversion = 1\n";
        assert_eq!(renewed(first, 1), second);
        assert_eq!(
            renewed(second, 2),
            second.replace("replaces = 1", "replaces = 2").replace("version = 2", "version = 3")
        );
    }

    #[test]
    fn only_the_day_of_the_plans_own_reopening_moves() {
        let text =
            "[plan]\ncloses = \"2021-07-09 24:00\"\nreopens = \"2021-07-30 24:00\"\n[[rule]]\nreopens = \"2021-07-30\"";
        let later =
            "[plan]\ncloses = \"2021-07-09 24:00\"\nreopens = \"2021-08-01 24:00\"\n[[rule]]\nreopens = \"2021-07-30\"";
        assert_eq!(postponed(text, 2).as_deref(), Some(later));
        assert_eq!(postponed("[plan]\nreopens = { awaits = \"event\" }", 2), None);
    }
}
