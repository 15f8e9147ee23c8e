//! `yibao bench`: measures the platform, and the engine under it.

use anyhow::Context;
use clap::{Args, ValueEnum};
use std::process::ExitCode;
use std::time::Duration;
use yibao_bench::{Engine, Scenario, Settings};

const AFTER_HELP: &str = "\
例：
  yibao bench --scenario pharmacy --callers 1,8,64 --seconds 10

退出码：0 测完；2 无法运行，或有结算未成功";

/// 测量：每秒结算笔数、时延、开销，以及与底层引擎之比
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct BenchArgs {
    /// 测什么，可给多个
    #[arg(long = "scenario", value_name = "NAME,…", value_delimiter = ',', default_value = "pharmacy")]
    scenarios: Vec<ScenarioName>,
    /// 闭环：同时有多少个收银台，每个数测一次
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,8,64")]
    callers: Vec<usize>,
    /// 开环：每秒到达多少次就诊，时延从应到的时刻算起
    #[arg(long, value_name = "N")]
    rate: Option<u64>,
    /// 每轮计数多少秒
    #[arg(long, value_name = "N", default_value_t = 10)]
    seconds: u64,
    /// 每轮计数前预热多少秒
    #[arg(long, value_name = "N", default_value_t = 2)]
    warm_up: u64,
    /// 平台和参照交替测多少轮，报告中位数
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// 参保人数
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    persons: u64,
    /// 随机种子；同一种子的业务相同
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// 每次落盘加多少微秒
    #[arg(long, value_name = "MICROSECONDS", default_value_t = 0)]
    flush_delay: u64,
    /// 参照的检查点由写线程自己做
    #[arg(long)]
    own_checkpoints: bool,
    /// 测完检查平台和参照的账册
    #[arg(long)]
    verify: bool,
    /// 参照进程，由本程序自己启动
    #[arg(long, hide = true)]
    reference: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum ScenarioName {
    Pharmacy,
    Outpatient,
    Inpatient,
    Mixed,
}

impl ScenarioName {
    fn scenario(self) -> Scenario {
        match self {
            ScenarioName::Pharmacy => Scenario::Pharmacy,
            ScenarioName::Outpatient => Scenario::Outpatient,
            ScenarioName::Inpatient => Scenario::Inpatient,
            ScenarioName::Mixed => Scenario::Mixed,
        }
    }
}

/// Measures and prints.
pub fn run(args: BenchArgs) -> anyhow::Result<ExitCode> {
    if args.reference {
        yibao_bench::serve_reference()?;
        return Ok(ExitCode::SUCCESS);
    }
    let settings = Settings {
        program: std::env::current_exe().context("本程序的路径")?,
        scenarios: args.scenarios.into_iter().map(ScenarioName::scenario).collect(),
        engines: vec![Engine::Sqlite],
        callers: args.callers,
        rate: args.rate,
        counted: Duration::from_secs(args.seconds),
        warm_up: Duration::from_secs(args.warm_up),
        rounds: args.rounds,
        persons: args.persons,
        seed: args.seed,
        flush_delay_us: args.flush_delay,
        own_checkpoints: args.own_checkpoints,
        verify: args.verify,
        report: None,
    };
    let accepted = yibao_bench::run(&settings)?;
    Ok(if accepted { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
