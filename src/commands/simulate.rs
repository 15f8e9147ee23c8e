//! `yibao simulate`: a simulated city with an outage and without, judged and compared.

mod asked;
mod big;
mod report;
mod side_by_side;
mod stores;

pub use asked::SimulateArgs;

use self::asked::read_plan;
use self::report::told;
use self::side_by_side::side_by_side;
use self::stores::Stores;
use super::serve;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use yibao_policy::rules::RuleBook;
use yibao_sim::run::{Outcome, Wish, city, history, run as simulated};

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
    let stores = Stores::of(&args.store, &plan.pool)?;
    let jobs = args.jobs.unwrap_or_else(|| thread::available_parallelism().map_or(1, usize::from));
    let play = |seed: u64| -> anyhow::Result<Outcome> {
        let wish = Wish {
            plan: plan.clone(),
            text: text.clone(),
            persons: args.persons(),
            seed,
            days: args.days(),
            only: args.only.clone(),
            faults: args.faults,
        };
        must_be_there(&wish, &rules)?;
        let pair = stores.pair()?;
        let outcome = simulated(&wish, &rules, &work, pair.grounds.clone())
            .map_err(|fault| anyhow::anyhow!("种子 {seed} 走不下去：{}\n重放：{}", fault.chain(), args.again(seed)))?;
        bar.inc(1);
        Ok(outcome)
    };
    let is_told = |outcome: &anyhow::Result<Outcome>| args.seeds == 1 || !outcome.as_ref().is_ok_and(Outcome::holds);
    let seeds = args.seed..args.seed.saturating_add(args.seeds);
    let ended = side_by_side(jobs, seeds, play, is_told);
    bar.finish_and_clear();
    let Some((seed, outcome)) = ended else {
        println!("{} 个种子，停机与不停机全部相符", args.seeds);
        return Ok(ExitCode::SUCCESS);
    };
    let outcome = outcome?;
    println!("{}", told(seed, &outcome));
    if !outcome.holds() {
        println!("重放：{}", args.again(seed));
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
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
