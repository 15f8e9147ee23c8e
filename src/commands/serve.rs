//! `yibao serve`: the platform over HTTP.

mod conducted;

use crate::books::Books;
use crate::clock::{PlatformClock, parse_instant, real_milliseconds};
use crate::log;
use crate::machine::{randomness, start_thread};
use crate::rules::Rules;
use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::DateTime;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::mpsc::RecvTimeoutError;
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use yibao_domain::calendar::Calendar;
use yibao_domain::code::Pool;
use yibao_domain::outage::Plan;
use yibao_domain::register::WorkTable;
use yibao_engine::desks::users::Users;
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Fault, Parts, Places, Platform, Worker};
use yibao_policy::registers;
use yibao_policy::rules::RuleBook;
use yibao_web::{App, Clock, Metrics, VoucherIssuer};

const AFTER_HELP: &str = "\
例：
  yibao serve --data 数据目录 --listen 0.0.0.0:8080
  yibao serve --data 数据目录 --listen 0.0.0.0:8080 --plan plans/bijie-2021.toml
  yibao serve --data 数据目录 --listen 0.0.0.0:8080 --registers 事项目录      另加的台账，见 docs/registers.md
  yibao serve --data postgres://yibao@db1,db2/city?target_session_attrs=read-write --pool 520500 --listen 0.0.0.0:8080
  yibao serve --data 演练目录 --listen 127.0.0.1:8080 --plan plans/bijie-2021.toml \\
      --clock 2021-07-09T19:55:00+08:00            演练切换当晚

启动后的地址：
  POST …/fsi/api/rsfComIfsService/callService      国家接口（也接受末尾带交易编号、按服务分开的地址）
  GET  /          公告板            GET /docs      接口、错误代码、待遇标准
  GET  /healthz   就绪时 200        GET /metrics   Prometheus 指标

收到 SIGTERM 或 Ctrl-C 后，先答复已收到的报文再停止。日志写到标准错误，级别由 YIBAO_LOG 决定。

退出码：0 按要求停止；2 无法运行（参数、规则、方案、账册、端口），原因写在标准错误";

/// 启动平台：国家接口、公告板、接口文档
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct ServeArgs {
    #[command(flatten)]
    pub books: Books,
    /// 监听地址和端口
    #[arg(long, value_name = "ADDR")]
    pub listen: SocketAddr,
    /// 平台时间从这一刻起走（演练）
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    pub clock: Option<DateTime>,
    /// 生效的停机方案，可给多个
    #[arg(long = "plan", value_name = "FILE")]
    pub plans: Vec<PathBuf>,
    #[command(flatten)]
    pub rules: Rules,
    /// 另加的经办事项（台账）目录，与程序自带的一起用，见 docs/registers.md
    #[arg(long, value_name = "DIR")]
    pub registers: Option<PathBuf>,
    /// 只供 yibao simulate --http 启动：平台时间停在 --clock，时间和平台自己的工作都由标准输入逐行推动，标准输入关闭即退出
    #[arg(long, requires = "clock")]
    pub conducted: bool,
}

/// Runs until it is told to stop.
pub fn run(args: ServeArgs) -> anyhow::Result<ExitCode> {
    log::start()?;
    let clock = match args.clock.filter(|_| args.conducted) {
        Some(start) => PlatformClock::standing(start),
        None => PlatformClock::starting(args.clock)?,
    };
    if args.clock.is_some() {
        tracing::warn!(platform_time = %clock.now(), "rehearsal: the platform's time is not the real one");
    }
    let (rules, calendar) = (args.rules.book()?, args.rules.calendar()?);
    // Before the plans: they may name a register of the folder.
    let work = work_table(args.registers.as_deref())?;
    let mut plans = Vec::new();
    for file in &args.plans {
        plans.push(read_plan(file, &calendar, &work)?);
    }
    let runtime = tokio::runtime::Runtime::new().context("启动运行环境")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(args.listen)
            .await
            .with_context(|| format!("不能监听 {}；端口是否被占用？", args.listen))?;
        let beside = Beside { is_conducted: args.conducted, issuer: None };
        serve(&args.books, listener, Policies { rules, calendar, work, plans }, clock, beside).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// What the platform decides by.
pub struct Policies {
    /// Benefit rules.
    pub rules: RuleBook,
    /// Working days.
    pub calendar: Calendar,
    /// Kinds of work.
    pub work: Arc<WorkTable>,
    /// Outage plans that are in force from the start.
    pub plans: Vec<Plan>,
}

/// What stands beside the platform.
#[derive(Default)]
pub struct Beside {
    /// Time and the platform's own work are driven by whoever has started it.
    pub is_conducted: bool,
    /// Who decodes electronic vouchers.
    pub issuer: Option<Arc<dyn VoucherIssuer>>,
}

/// Opens the books, serves until a stop signal, and closes them.
pub async fn serve(
    books: &Books,
    listener: TcpListener,
    policies: Policies,
    clock: PlatformClock,
    beside: Beside,
) -> anyhow::Result<()> {
    let metrics = Arc::new(Metrics::new());
    let Policies { rules, calendar, work, plans } = policies;
    // A store behind a network waits with a runtime of its own, which cannot start inside this one's turn.
    let (platform, users) = tokio::task::block_in_place(|| {
        let told = |fault: Fault| anyhow::anyhow!(fault.chain());
        let (store, pools) = (books.open(&rules)?, books.pools(&rules)?);
        for plan in plans.iter().filter(|plan| !pools.contains(&plan.pool)) {
            let (id, pool, served) = (&plan.id, plan.pool.as_str(), names_of(&pools));
            tracing::warn!(plan = id, pool, served, "a plan of a pool that has no book here: nothing goes by it");
        }
        let users = Users::open(store.as_ref(), &pools, randomness()).map_err(told)?;
        let parts = Parts {
            store,
            pools,
            rules: Arc::new(rules),
            calendar: Arc::new(calendar),
            plans: Arc::new(plans),
            work,
            observer: metrics.clone(),
            reply_serial: real_milliseconds(),
            places: Places::default(),
        };
        anyhow::Ok((Platform::open(parts).map_err(told)?, users))
    })?;
    let platform = Arc::new(platform);
    let clock = Arc::new(clock);
    let mut threads = start_workers(&platform)?;
    if beside.is_conducted {
        conducted::follow(&platform, &clock, &listener)?;
    } else {
        threads.extend(start_rounds(&platform, &clock)?);
    }
    tracing::info!(address = %listener.local_addr()?, data = books.text(), plans = platform.plans().len(), "serving");
    let app = App::new(platform.clone(), Arc::new(users), clock, metrics);
    let app = match beside.issuer {
        Some(issuer) => app.with_issuer(issuer),
        None => app,
    };
    let served = answer(listener, app).await;
    #[expect(clippy::disallowed_methods, reason = "threads are waited for aside from those that serve")]
    tokio::task::spawn_blocking(move || end(&platform, threads)).await?;
    served?;
    tracing::info!("stopped");
    Ok(())
}

/// Serves until a stop signal.
pub async fn answer(listener: TcpListener, app: App) -> anyhow::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: answering the calls under way");
    };
    yibao_web::serve(listener, app, stop).await.context("提供服务")
}

/// Drives every worker in a thread of its own.
fn start_workers(platform: &Platform) -> anyhow::Result<Vec<JoinHandle<()>>> {
    let start = |worker: Worker| start_thread(worker.name().to_owned(), move || Worker::run(worker));
    platform.workers().into_iter().map(start).collect()
}

/// Drives everything that works by itself, each in a thread of its own.
fn start_rounds(platform: &Arc<Platform>, clock: &Arc<PlatformClock>) -> anyhow::Result<Vec<JoinHandle<()>>> {
    let mut threads = Vec::new();
    for reconciler in platform.reconcilers() {
        let (platform, clock) = (platform.clone(), clock.clone());
        let name = format!("{}-{}", reconciler.name(), reconciler.pool());
        threads.push(start_thread(name, move || make_rounds(reconciler, &platform, &clock))?);
    }
    Ok(threads)
}

/// Makes rounds when they are due and whenever the bell rings, until the platform stops.
#[expect(clippy::disallowed_methods, reason = "here the platform waits for real time")]
fn make_rounds(mut reconciler: Reconciler, platform: &Platform, clock: &PlatformClock) {
    loop {
        match reconciler.round(platform, clock.now()) {
            Next::AtOnce => {}
            Next::After(seconds) => {
                let rung = reconciler.bell().recv_timeout(Duration::from_secs(seconds));
                if rung == Err(RecvTimeoutError::Disconnected) {
                    return;
                }
            }
            Next::Never => return,
        }
    }
}

/// Answers the calls that wait, and waits until everything has ended.
pub fn end(platform: &Platform, threads: Vec<JoinHandle<()>>) {
    platform.stop();
    for thread in threads {
        if thread.join().is_err() {
            tracing::error!("a thread ended in a panic");
        }
    }
}

/// The kinds of work that come with the program, and what a folder adds; a folder with a wrong row is not served.
pub fn work_table(folder: Option<&Path>) -> anyhow::Result<Arc<WorkTable>> {
    let Some(folder) = folder else { return Ok(registers::built_in()) };
    registers::with_folder(folder).map_err(|wrong| {
        let lines = wrong.iter().map(|row| format!("\n  {row}"));
        anyhow::anyhow!("经办事项目录 {} 有问题：{}", folder.display(), lines.collect::<String>())
    })
}

fn names_of(pools: &[Pool]) -> String {
    pools.iter().map(Pool::as_str).collect::<Vec<_>>().join(",")
}

/// Reads a plan; a plan with problems is not served.
pub fn read_plan(file: &Path, calendar: &Calendar, work: &WorkTable) -> anyhow::Result<Plan> {
    Ok(read_plan_and_text(file, calendar, work)?.0)
}

/// Reads a plan with its text; a plan with problems is neither served nor simulated.
pub fn read_plan_and_text(file: &Path, calendar: &Calendar, work: &WorkTable) -> anyhow::Result<(Plan, String)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("读取停机方案 {}", file.display()))?;
    let problems = match yibao_policy::plan::read(&text) {
        Ok(plan) => match yibao_policy::plan::check(&plan, calendar, &work.fields) {
            problems if problems.is_empty() => return Ok((plan, text)),
            problems => problems,
        },
        Err(problems) => problems,
    };
    let lines = problems.iter().map(|problem| format!("\n  {}:{}: {}", file.display(), problem.line, problem.text));
    bail!("停机方案 {} 有问题，见 yibao plan check：{}", file.display(), lines.collect::<String>())
}
