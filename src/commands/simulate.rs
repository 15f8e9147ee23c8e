//! `yibao simulate`: a simulated city with an outage and without, judged and compared.

mod served;
mod side_by_side;
mod stores;
mod told;

use self::side_by_side::side_by_side;
use self::stores::Stores;
use super::serve;
use crate::books::without_password;
use anyhow::Context;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::thread;
use yibao_domain::outage::Plan;
use yibao_domain::register::WorkTable;
use yibao_policy::plan;
use yibao_policy::rules::RuleBook;
use yibao_sim::faults::Level;
use yibao_sim::life::EventId;
use yibao_sim::run::{Outcome, Wish, attributed, city, history, run as simulated};
use yibao_sim::shrink::shrunk;

const AFTER_HELP: &str = "\
一个种子造一座城市（家庭、单位、各级医院、药店）和几周的业务（购药、门诊、慢特病、特药、住院、中途结算、转院、
补记账、撤销后重结），在虚拟时间里经平台真实的结算、台账、补录走两遍：一遍按方案停机，一遍不停机。
停机时照方案办：收银台遇停改记台账，有的当面补录，有的由经办补录，有的一直不来、由补录任务补上；
方案没有补报途径的，两遍都不算。然后核对：
  一  没有丢失：停机期间的每次就诊，或已结算，或待报销，或方案没有补报途径，或有理由
  二  没有重复：账册里每次就诊只结算一次，金额与账单相同，没有无主的结算
  三  待遇不变：每次结算按就医经历和规则重算，与账册、分录、个人账户、回执、台账一分不差；两遍的每次结算、每项累计一分不差
  四  期限：逾期补录的都有标注，未逾期的没有；因停机拒绝的都有依据
  另有 yibao verify 的全部检查和台账的关账核对
只走一个种子时，再与什么也不少的不停机一遍对照，按公告条款和决定列出每处差异的次数、人数、金额。
什么也不留下：账册在内存里，或在临时目录（--store folder），或在 PostgreSQL 上临时建的库里（--store postgres://…，
用户须能建库），完成后删除。多个种子同时走（--jobs），结果与逐个走相同：有不符时打印其中最小的种子。

例：
  yibao simulate --plan plans/bijie-2021.toml --persons 200 --seed 7
  yibao simulate --plan plans/panzhihua-2020.toml --persons 8 --seed 1 --seeds 1000
  yibao simulate --plan plans/panzhihua-2020.toml --persons 8 --seed 1 --seeds 20 --store postgres://yibao@127.0.0.1/postgres
  yibao simulate --plan plans/bijie-2021.toml --persons 4 --days 25 --seed 1 --faults store --store folder --http
  yibao simulate --plan plans/bijie-2021.toml --persons 16 --seed 11 --only 10/0,10/1    只留这几次就诊，缩小问题
  yibao simulate --plan plans/bijie-2021.toml --persons 16 --seed 11 --shrink             不符时找出仍不符的最少就诊
  yibao simulate --plan plans/panzhihua-2020.toml --persons 16 --seed 1 --person 3        逐次列出第3人停机与不停机的支付

退出码：
  0  全部相符
  1  有不符：打印种子、不符之处和重放的命令
  2  无法模拟";

/// 模拟一座城市：停机与不停机各走一遍，逐笔核对
#[derive(Args, Debug)]
#[command(after_help = AFTER_HELP)]
pub struct SimulateArgs {
    /// 停机方案
    #[arg(long, value_name = "FILE")]
    plan: PathBuf,
    /// 参保人数
    #[arg(long, value_name = "N", default_value_t = 100)]
    persons: u64,
    /// 随机种子：同一种子的城市和业务相同
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// 从这个种子起，依次模拟多少个
    #[arg(long, value_name = "N", default_value_t = 1)]
    seeds: u64,
    /// 同时走多少个种子；默认与处理器的核数相同
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
    /// 账册放在哪里：memory、folder（临时目录）或 postgres:// 地址（在它旁边临时建库）
    #[arg(long, value_name = "WHERE", default_value = "memory")]
    store: String,
    /// 停机的一遍走真实的进程和 HTTP：在同一账册上启动 yibao serve，报文发国家接口，经办在办理台登录填表，
    /// 抽到崩溃时 kill -9 后重新启动；须用 --store folder 或 postgres://…
    #[arg(long)]
    http: bool,
    /// 业务有多少天
    #[arg(long, value_name = "D", default_value_t = 40)]
    days: i64,
    /// 故障级别：none 无，messages 报文和表单的丢失、重复、迟到，store 另有存储故障和平台崩溃，all 另有双进程、
    /// 另一账册一直故障、排队已满、方案重新发布、停办恢复时刻前后一秒的就诊
    #[arg(long, value_name = "LEVEL", default_value_t = Level::None)]
    faults: Level,
    /// 只留这些就诊：人/次，逗号分开
    #[arg(long, value_name = "P/N,…", value_delimiter = ',', value_parser = event)]
    only: Vec<EventId>,
    /// 不符时逐步去掉就诊，找出仍不符的最少几次
    #[arg(long)]
    shrink: bool,
    /// 只走一个种子时，逐次列出这些人停机与不停机的支付，及每处差异的依据；逗号分开
    #[arg(long, value_name = "N,…", value_delimiter = ',')]
    person: Vec<u64>,
}

fn event(text: &str) -> Result<EventId, String> {
    let read = || {
        let (person, ordinal) = text.split_once('/')?;
        Some(EventId { person: person.parse().ok()?, ordinal: ordinal.parse().ok()? })
    };
    read().ok_or_else(|| format!("“{text}”应写作 人/次，如 10/0；请看不符之处所列的编号"))
}

/// Simulates seed after seed until one fails.
pub fn run(args: SimulateArgs) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(args.persons > 0 && args.days > 0, "--persons 和 --days 须大于0");
    anyhow::ensure!(args.jobs != Some(0), "--jobs 须大于0");
    let rules = Arc::new(serve::rule_book(None)?);
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
    let wish = |seed: u64| {
        let (plan, text, only) = (plan.clone(), text.clone(), args.only.clone());
        Wish { plan, text, persons: args.persons, seed, days: args.days, only, faults: args.faults }
    };
    let play = |seed: u64| -> anyhow::Result<Outcome> {
        let wish = wish(seed);
        must_be_there(&wish, &rules)?;
        let pair = stores.pair()?;
        let outcome = simulated(&wish, &rules, &work, pair.grounds.clone()).map_err(|fault| {
            anyhow::anyhow!("种子 {seed} 走不下去：{}\n重放：{}", fault.chain(), again(&args, &wish))
        })?;
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
    println!("{}", told::outcome(seed, &outcome));
    let asked = Asked { args: &args, wish: wish(seed), rules: &rules, work: &work, stores: &stores };
    let all_allowed = args.seeds > 1 || asked.compare()?;
    if outcome.holds() && all_allowed {
        return Ok(ExitCode::SUCCESS);
    }
    println!("重放：{}", again(&args, &asked.wish));
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
            println!("最少 {} 次就诊仍不符：{}", left.only.len(), again(self.args, &left));
        }
        Ok(())
    }
}

fn read_plan(file: &Path) -> anyhow::Result<(Plan, String)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("读取方案 {}", file.display()))?;
    let plan = plan::read(&text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("方案 {} 有问题：\n{}", file.display(), lines.join("\n"))
    })?;
    Ok((plan, text))
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

/// The command that does the same again.
fn again(args: &SimulateArgs, wish: &Wish) -> String {
    let only: Vec<String> = wish.only.iter().map(|id| format!("{}/{}", id.person, id.ordinal)).collect();
    let only = if only.is_empty() { String::new() } else { format!(" --only {}", only.join(",")) };
    let (plan, persons, seed, days) = (args.plan.display(), wish.persons, wish.seed, wish.days);
    let faults = if args.faults == Level::None { String::new() } else { format!(" --faults {}", args.faults) };
    let store =
        if args.store == "memory" { String::new() } else { format!(" --store {}", without_password(&args.store)) };
    let http = if args.http { " --http" } else { "" };
    format!("yibao simulate --plan {plan} --persons {persons} --seed {seed} --days {days}{faults}{only}{store}{http}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_named_by_person_and_place_in_the_persons_life() {
        assert_eq!(event("10/2"), Ok(EventId { person: 10, ordinal: 2 }));
        assert!(event("10").unwrap_err().contains("人/次"));
    }
}
