//! One seed: how it is played, compared and shrunk. What goes wrong with the platform in it is an outcome, not an end of the command.

use super::asked::SimulateArgs;
use super::stores::Stores;
use super::told;
use crate::printed::{say, say_line};
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use yibao_domain::outage::Plan;
use yibao_domain::register::WorkTable;
use yibao_policy::rules::RuleBook;
use yibao_sim::attribution::Attribution;
use yibao_sim::run::{Outcome, Wish, attributed, city, history, run as simulated};
use yibao_sim::shrink::shrunk;
use yibao_store::Fault;

/// What all seeds are played with.
pub(super) struct Seeds<'a> {
    pub args: &'a SimulateArgs,
    /// With its text.
    pub plan: (Plan, String),
    pub rules: &'a Arc<RuleBook>,
    pub work: &'a Arc<WorkTable>,
    pub stores: &'a Stores,
}

impl Seeds<'_> {
    /// What is wished for with a seed.
    pub fn wish(&self, seed: u64) -> Wish {
        self.args.wish(self.plan.clone(), seed)
    }

    /// Plays both courses of a wish. A course that cannot go on and one that panics are outcomes that fail; an error is one of
    /// the command's own, such as a store that is not there.
    pub fn outcome(&self, wish: &Wish) -> anyhow::Result<Outcome> {
        let pair = self.stores.pair()?;
        let played = caught(|| simulated(wish, self.rules, self.work, pair.grounds.clone()));
        Ok(played.unwrap_or_else(Outcome::stuck))
    }

    /// A wish's course with the outage beside one in which nothing is left out, or why one could not go on.
    fn attributed(&self, wish: &Wish) -> anyhow::Result<Result<Attribution, String>> {
        let pair = self.stores.pair()?;
        Ok(caught(|| attributed(wish, self.rules, self.work, pair.grounds.clone())))
    }

    /// Tells of the comparison with a course in which nothing is left out; whether each difference is allowed. An outcome that
    /// fails already is not hidden by a comparison that cannot be made.
    pub fn compare(&self, wish: &Wish, outcome: &Outcome) -> anyhow::Result<bool> {
        let all = match self.attributed(wish) {
            Ok(Ok(all)) => all,
            Ok(Err(why)) => {
                say_line!("与什么也不少的不停机一遍对照，走不下去：{why}");
                return Ok(false);
            }
            Err(error) if !outcome.holds() => {
                say_line!("没有与什么也不少的不停机一遍对照：{error:#}");
                return Ok(false);
            }
            Err(error) => return Err(error),
        };
        say!("{}", told::attribution(&all));
        if let Some(city) = city(wish, self.rules).filter(|_| !self.args.person.is_empty()) {
            say!("{}", told::persons(&city, &history(wish, &city), &all, &self.args.person));
        }
        Ok(all.wrong.is_empty())
    }

    /// Whether the command fails with a wish.
    fn fails(&self, wish: &Wish) -> anyhow::Result<bool> {
        let outcome = self.outcome(wish)?;
        if !outcome.holds() || self.args.seeds > 1 {
            return Ok(!outcome.holds());
        }
        Ok(!self.attributed(wish)?.is_ok_and(|all| all.wrong.is_empty()))
    }

    /// Finds the smallest history with which the command still fails, and says how it is played again.
    pub fn shrink(&self, wish: &Wish) -> anyhow::Result<()> {
        let Some(city) = city(wish, self.rules) else { return Ok(()) };
        let all = history(wish, &city);
        let bar = ProgressBar::new_spinner();
        bar.set_style(ProgressStyle::with_template("缩小：试了 {pos} 次，{msg}").context("进度条")?);
        let left = shrunk(
            wish,
            &all,
            |wish| self.fails(wish),
            |left| {
                bar.set_message(format!("正在试 {left} 次就诊"));
                bar.inc(1);
            },
        )?;
        bar.finish_and_clear();
        match left {
            Some(left) => say_line!("最少 {} 次就诊仍不符。{}", left.only.len(), self.args.replay(&left)),
            None => say_line!("再走一遍没有不符，不能缩小；请照上面的命令重放"),
        }
        Ok(())
    }
}

/// What came of it, or why it could not go on.
pub(super) fn caught<T>(play: impl FnOnce() -> Result<T, Fault>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(play)) {
        Ok(played) => played.map_err(|fault| fault.chain()),
        Err(panic) => Err(format!("程序中断（panic）：{}", said(panic.as_ref()))),
    }
}

/// What a panic says.
fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("没有说明")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_and_a_panic_are_told_and_end_nothing() {
        assert_eq!(caught(|| Ok(1)), Ok(1));
        let fault: Result<(), String> = caught(|| Err(Fault::new("playing", "a city", "nobody answers")));
        assert!(fault.is_err_and(|why| why.contains("nobody answers")));
        let number = 7;
        assert_eq!(caught::<()>(|| panic!("number {number}")), Err("程序中断（panic）：number 7".to_owned()));
    }
}
