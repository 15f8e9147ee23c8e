//! `yibao simulate`: a simulated city with an outage and without, judged and compared.

mod asked;
mod big;
mod report;
mod served;
mod side_by_side;
mod stores;
mod told;

pub use asked::SimulateArgs;

use self::asked::read_plan;
use self::side_by_side::side_by_side;
use self::stores::Stores;
use super::serve;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use yibao_domain::register::WorkTable;
use yibao_policy::rules::RuleBook;
use yibao_sim::run::{Outcome, Wish, attributed, city, history, run as simulated};
use yibao_sim::shrink::shrunk;

/// Simulates seed after seed until one fails.
pub fn run(args: SimulateArgs) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(args.persons() > 0 && args.days() > 0, "--persons 和 --days 须大于0");
    anyhow::ensure!(args.jobs != Some(0), "--jobs 须大于0");
    let rules = Arc::new(serve::rule_book(None)?);
    if args.big {
        return big::run(&args, &rules);
    }
    let work = serve::work_table(None)?;
    let (plan, text) = read_plan(&args.plan)?;
    anyhow::ensure!(rules.pool(&plan.pool).is_some(), "统筹区 {} 没有待遇规则；请核对方案的 pool", plan.pool);
    let bar = ProgressBar::new(args.seeds);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} 个种子，还要 {eta}").context("进度条")?);
    anyhow::ensure!(
        !args.http || args.store != "memory",
        "--http 的账册须能由另一进程打开；请加 --store folder 或 --store postgres://…"
    );
    let stores = Stores::of(&args.store, &plan.pool, args.http.then(|| args.plan.clone()))?;
    let jobs = args.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let wish = |seed: u64| args.wish((plan.clone(), text.clone()), seed);
    let play = |seed: u64| -> anyhow::Result<Outcome> {
        let wish = wish(seed);
        must_be_there(&wish, &rules)?;
        let pair = stores.pair()?;
        let outcome = simulated(&wish, &rules, &work, pair.grounds.clone())
            .map_err(|fault| anyhow::anyhow!("种子 {seed} 走不下去：{}\n重放：{}", fault.chain(), args.again(&wish)))?;
        bar.inc(1);
        Ok(outcome)
    };
    let is_told = |outcome: &anyhow::Result<Outcome>| args.seeds == 1 || !outcome.as_ref().is_ok_and(Outcome::holds);
    let seeds = args.seed..args.seed.saturating_add(args.seeds);
    let ended = side_by_side(jobs, seeds, play, is_told);
    bar.finish_and_clear();
    stores.traffic().iter().for_each(|sent| println!("{sent}"));
    let Some((seed, outcome)) = ended else {
        println!("{} 个种子，停机与不停机全部相符", args.seeds);
        return Ok(ExitCode::SUCCESS);
    };
    let outcome = outcome?;
    println!("{}", told::outcome(seed, &outcome));
    let asked = Asked { args: &args, wish: wish(seed), rules: &rules, work: &work, stores: &stores };
    let all_allowed = args.seeds > 1 || asked.compare()?;
    if outcome.holds() && all_allowed {
        return Ok(ExitCode::SUCCESS);
    }
    println!("重放：{}", args.again(&asked.wish));
    if args.shrink && !outcome.holds() {
        asked.shrink()?;
    }
    Ok(ExitCode::from(1))
}

/// One seed that more is asked about.
struct Asked<'a> {
    args: &'a SimulateArgs,
    wish: Wish,
    rules: &'a Arc<RuleBook>,
    work: &'a Arc<WorkTable>,
    stores: &'a Stores,
}

impl Asked<'_> {
    /// Compares with a course in which nothing is left out; whether each difference is allowed.
    fn compare(&self) -> anyhow::Result<bool> {
        let pair = self.stores.pair()?;
        let all = attributed(&self.wish, self.rules, self.work, pair.grounds.clone())
            .map_err(|fault| anyhow::anyhow!("不停机的一遍走不下去：{}", fault.chain()))?;
        print!("{}", told::attribution(&all));
        if let Some(city) = city(&self.wish, self.rules).filter(|_| !self.args.person.is_empty()) {
            print!("{}", told::persons(&city, &history(&self.wish, &city), &all, &self.args.person));
        }
        Ok(all.wrong.is_empty())
    }

    /// Finds the smallest history that still fails, and says how it is played again.
    fn shrink(&self) -> anyhow::Result<()> {
        let Some(city) = city(&self.wish, self.rules) else { return Ok(()) };
        let all = history(&self.wish, &city);
        let bar = ProgressBar::new_spinner();
        bar.set_style(ProgressStyle::with_template("缩小：试了 {pos} 次，{msg}").context("进度条")?);
        let fails = |wish: &Wish| -> anyhow::Result<bool> {
            let pair = self.stores.pair()?;
            // A course that cannot go on is another failure.
            let outcome = simulated(wish, self.rules, self.work, pair.grounds.clone());
            Ok(outcome.is_ok_and(|outcome| !outcome.holds()))
        };
        let left = shrunk(&self.wish, &all, fails, |left| {
            bar.set_message(format!("正在试 {left} 次就诊"));
            bar.inc(1);
        })?;
        bar.finish_and_clear();
        if let Some(left) = left {
            println!("最少 {} 次就诊仍不符：{}", left.only.len(), self.args.again(&left));
        }
        Ok(())
    }
}

/// Refuses to leave in an event that nobody has.
fn must_be_there(wish: &Wish, rules: &RuleBook) -> anyhow::Result<()> {
    let Some(city) = city(wish, rules) else { return Ok(()) };
    let found = history(wish, &city);
    for id in &wish.only {
        let text = "--only 里没有这次就诊；种子、人数、天数须与当时相同";
        anyhow::ensure!(found.iter().any(|event| event.id == *id), "{text}：{}/{}", id.person, id.ordinal);
    }
    Ok(())
}
