//! `yibao bench`: measures the platform, and the engine under it.

use anyhow::Context;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use yibao_bench::{Engine, Scenario, Settings};

const AFTER_HELP: &str = "\
测的是什么
  平台  真的启动一个 yibao serve（临时数据），经本机 HTTP 发送一座模拟城市的业务，逐笔落盘后才算答复。
  引擎  参照：先看平台为每种报文在账册里留下哪些行，再由最简的代码（预编译语句、成批提交、同样落盘）把同样的行
        直接写进同一存储引擎。与平台同一次运行、逐轮交替，所以“平台/引擎”不受机器快慢影响。
  驱动、平台、数据库共用本机的处理器；驱动自己的开销在表里。少数参保人和大机构出现得多，会互相争用。

场景（--scenario）
  pharmacy    2102 药店购药，5 条明细，账户和累计都变动
  outpatient  2201、2203A、2204（5 条）、2206、2207
  inpatient   2401、2301（100 条分 4 次）、2402、2303、2304
  mixed       每 100 次就诊：药店 58、门诊 40、住院 2（假定的比例）
  reopening   停机后第一个早晨：2,000 家在同一秒恢复，每家积压 50 笔、在途 2 笔，当日业务照常（--rate，默认每秒 200）；
              再来一次，其中百分之一的机构积压 1,000 笔；最后同时发出超过排队上限的报文，应答 503 和 Retry-After
  growth      同样的药店业务，库里 --sizes 那么多人，各规模逐轮交替
  deposits    夜间上传：100 家医院共 --uploads 笔进销存、医嘱、检验、病案报文，当日购药照常（--rate，默认每秒 100）；
              上传之前、期间、之后的当日时延之比，上传的速度，资料表的字节

表里的列
  笔数、每秒  计数期内答复的报文。结算/秒：走完全程的就诊
  p50 … 最长  时延。开环（--rate）从应到的时刻算起，前面答复慢不会使后面少发
  写盘        /proc/PID/io 的 write_bytes：文件被改写的页，按 4 KiB 计
  落盘        fsync 和 fdatasync 次数，由预装的小库（LD_PRELOAD，运行时用 cc 编译）计数；没有 cc 时为“-”
  内存        进程到此为止的内存峰值（VmHWM）
  --flush-delay 使平台和参照的每次落盘都慢这么多微秒，像一块如实落盘的磁盘

存储引擎（--engine）
  sqlite      临时目录里的内嵌账册      postgres    另启动一个私有 PostgreSQL（Debian 的软件包），测完删除

例：
  yibao bench                                             药店，1、8、64 路
  yibao bench --scenario mixed --rate 300 --seconds 60    开环，每秒 300 次就诊
  yibao bench --flush-delay 2000 --report 报告.html       每次落盘加 2 毫秒
  yibao bench --scenario reopening --persons 200000
  yibao bench --scenario growth --callers 64 --sizes 10000,1000000,10000000

退出码：0 测完；2 无法运行，或有报文未成功（表后列出）";

/// 测量：每秒结算笔数、时延、开销，以及与底层引擎之比
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct BenchArgs {
    /// 场景，可给多个
    #[arg(long = "scenario", value_name = "NAME,…", value_delimiter = ',', default_value = "pharmacy")]
    scenarios: Vec<ScenarioName>,
    /// 存储引擎，可给多个
    #[arg(long = "engine", value_name = "NAME,…", value_delimiter = ',', default_value = "sqlite")]
    engines: Vec<EngineName>,
    /// 闭环：同时有多少个收银台，每个数测一次
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "1,8,64")]
    callers: Vec<usize>,
    /// 开环：每秒到达多少次就诊（没有参照）
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    rate: Option<u64>,
    /// 每轮计数多少秒
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// 每轮计数前预热多少秒
    #[arg(long, value_name = "N", default_value_t = 2)]
    warm_up: u64,
    /// 平台和参照交替测多少轮，报告中位数
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: usize,
    /// 参保人数
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(10..))]
    persons: u64,
    /// growth：各规模的参保人数
    #[arg(long, value_name = "N,…", value_delimiter = ',', default_value = "10000,1000000,10000000")]
    sizes: Vec<u64>,
    /// reopening：同一秒恢复的机构数
    #[arg(long, value_name = "N", default_value_t = 2_000, value_parser = clap::value_parser!(u64).range(1..=2_400))]
    waking: u64,
    /// reopening：最后同时发出多少笔
    #[arg(long, value_name = "N", default_value_t = 16_000)]
    overload: u64,
    /// deposits：资料报文的笔数
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u64).range(1..))]
    uploads: u64,
    /// 随机种子；同一种子的业务相同
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// 每次落盘加多少微秒
    #[arg(long, value_name = "MICROSECONDS", default_value_t = 0)]
    flush_delay: u64,
    /// 参照的检查点由写线程自己做，看它挡多久
    #[arg(long)]
    own_checkpoints: bool,
    /// 测完用 yibao verify 检查平台和参照的账册
    #[arg(long)]
    verify: bool,
    /// 另写一份 HTML 报告，带时延曲线
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,
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
    Reopening,
    Growth,
    Deposits,
}

impl From<ScenarioName> for Scenario {
    fn from(name: ScenarioName) -> Scenario {
        match name {
            ScenarioName::Pharmacy => Scenario::Pharmacy,
            ScenarioName::Outpatient => Scenario::Outpatient,
            ScenarioName::Inpatient => Scenario::Inpatient,
            ScenarioName::Mixed => Scenario::Mixed,
            ScenarioName::Reopening => Scenario::Reopening,
            ScenarioName::Growth => Scenario::Growth,
            ScenarioName::Deposits => Scenario::Deposits,
        }
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum EngineName {
    Sqlite,
    Postgres,
}

impl From<EngineName> for Engine {
    fn from(name: EngineName) -> Engine {
        match name {
            EngineName::Sqlite => Engine::Sqlite,
            EngineName::Postgres => Engine::Postgres,
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
        scenarios: args.scenarios.into_iter().map(Scenario::from).collect(),
        engines: args.engines.into_iter().map(Engine::from).collect(),
        callers: args.callers,
        rate: args.rate,
        counted: Duration::from_secs(args.seconds),
        warm_up: Duration::from_secs(args.warm_up),
        rounds: args.rounds.max(1),
        persons: args.persons,
        sizes: args.sizes,
        waking: args.waking,
        overload: args.overload,
        uploads: args.uploads,
        seed: args.seed,
        flush_delay_us: args.flush_delay,
        own_checkpoints: args.own_checkpoints,
        verify: args.verify,
        report: args.report,
    };
    let accepted = yibao_bench::run(&settings)?;
    Ok(if accepted { ExitCode::SUCCESS } else { ExitCode::from(2) })
}
