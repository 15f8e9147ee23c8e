//! `yibao simulate`: a simulated city with an outage and without, judged and compared.

mod asked;
mod big;
mod report;
mod seed;
mod served;
mod side_by_side;
mod stores;
mod told;

pub use asked::SimulateArgs;

use self::asked::{must_be_there, read_plan};
use self::seed::Seeds;
use self::served::Outage;
use self::side_by_side::side_by_side;
use self::stores::Stores;
use super::serve;
use crate::machine;
use crate::printed::say_line;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use yibao_sim::run::{Outcome, city};

/// Simulates seed after seed until one fails.
pub fn run(args: SimulateArgs) -> anyhow::Result<ExitCode> {
    args.is_asked_of_its_city()?;
    let seeds = args.seeds()?;
    let rules = Arc::new(asked::rule_book(&args.rules)?);
    if args.big {
        return big::run(&args, &rules);
    }
    let work = serve::work_table(None)?;
    let plan = read_plan(&args.plan)?;
    anyhow::ensure!(
        rules.pool(&plan.0.pool).is_some(),
        "统筹区 {} 没有待遇规则；请核对方案的 pool，另加的统筹区用 --rules 给出规则目录",
        plan.0.pool
    );
    let bar = ProgressBar::new(args.seeds);
    bar.set_style(ProgressStyle::with_template("{bar:30} {pos}/{len} 个种子，还要 {eta}").context("进度条")?);
    anyhow::ensure!(
        !args.http || args.store != "memory",
        "--http 的账册须能由另一进程打开；请加 --store folder 或 --store postgres://…"
    );
    args.persons_are_there(&plan, &rules)?;
    let stores = Stores::of(
        &args.store,
        &plan.0.pool,
        args.http.then(|| Outage { plan: args.plan.clone(), rules: args.rules.folder.clone() }),
    )?;
    let jobs = args.jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from);
    let all = Seeds { args: &args, plan, rules: &rules, work: &work, stores: &stores };
    let play = |seed: u64| -> anyhow::Result<Outcome> {
        let wish = all.wish(seed);
        must_be_there(&wish, &city(&wish, &rules).context("统筹区没有待遇规则")?)?;
        let outcome = all.outcome(&wish)?;
        bar.inc(1);
        Ok(outcome)
    };
    let is_told = |outcome: &anyhow::Result<Outcome>| args.seeds == 1 || !outcome.as_ref().is_ok_and(Outcome::holds);
    let ended = side_by_side(jobs, seeds, play, is_told);
    machine::go_on_unless_interrupted();
    bar.finish_and_clear();
    stores.traffic().iter().for_each(|sent| say_line!("{sent}"));
    let Some((seed, outcome)) = ended else {
        say_line!("{} 个种子，停机与不停机全部相符", args.seeds);
        return Ok(ExitCode::SUCCESS);
    };
    let (outcome, wish) = (outcome?, all.wish(seed));
    say_line!("{}", told::outcome(seed, &outcome));
    // One that could not go on cannot be compared.
    let is_compared = args.seeds == 1 && outcome.stuck.is_none();
    let all_allowed = if is_compared { all.compare(&wish, &outcome)? } else { true };
    if outcome.holds() && all_allowed {
        return Ok(ExitCode::SUCCESS);
    }
    say_line!("{}", args.replay(&wish));
    if args.shrink {
        all.shrink(&wish)?;
    }
    Ok(ExitCode::from(1))
}
