//! `yibao serve`: the platform over HTTP.

use crate::clock::{PlatformClock, parse_instant, real_milliseconds};
use crate::log;
use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::DateTime;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use yibao_domain::outage::Plan;
use yibao_engine::{Parts, Platform};
use yibao_policy::rules::RuleBook;
use yibao_store::SqliteStore;
use yibao_web::{App, Clock, Metrics};

/// Serve hospitals, pharmacies and the public over HTTP
#[derive(Args)]
#[command(after_help = "\
Examples:
  yibao serve --data ./city --listen 0.0.0.0:8080
  yibao serve --data ./city --listen 127.0.0.1:8080 --plan plans/bijie-2021.toml
  yibao serve --data ./rehearsal --listen 127.0.0.1:8080 --plan plans/bijie-2021.toml \\
      --clock 2021-07-09T19:55:00+08:00     (rehearse the evening of the switch-over)

Addresses once it runs:
  POST …/fsi/api/rsfComIfsService/callService   the national provider interface
  GET  /            public board      GET /docs      interface documentation
  GET  /healthz     200 when ready    GET /metrics   for Prometheus

Stops cleanly on SIGTERM and Ctrl-C: calls under way are answered first.

Exit status: 0 stopped as asked; 1 could not start, or a fault; 2 wrong arguments")]
pub struct ServeArgs {
    /// Folder with the books, one a pool; made if it does not exist
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address and port to listen on
    #[arg(long, value_name = "ADDR")]
    pub listen: SocketAddr,
    /// Start the platform's time here instead of now (rehearsal)
    #[arg(long, value_name = "INSTANT", value_parser = parse_instant)]
    pub clock: Option<DateTime>,
    /// Outage plan in force; may be given more than once
    #[arg(long = "plan", value_name = "FILE")]
    pub plans: Vec<PathBuf>,
    /// Folder of benefit rules instead of those built in
    #[arg(long, value_name = "DIR")]
    pub rules: Option<PathBuf>,
}

/// Runs until it is told to stop.
pub fn run(args: ServeArgs) -> anyhow::Result<ExitCode> {
    log::start();
    let clock = PlatformClock::starting(args.clock)?;
    if args.clock.is_some() {
        tracing::warn!(platform_time = %clock.now(), "rehearsal: the platform's time is not the real one");
    }
    let rules = rule_book(args.rules.as_deref())?;
    let mut plans = Vec::new();
    for file in &args.plans {
        plans.push(read_plan(file)?);
    }
    let runtime = tokio::runtime::Runtime::new().context("starting the runtime")?;
    runtime.block_on(async {
        let listener = TcpListener::bind(args.listen)
            .await
            .with_context(|| format!("cannot listen on {}; is the port taken?", args.listen))?;
        serve(&args.data, listener, rules, plans, clock).await
    })?;
    Ok(ExitCode::SUCCESS)
}

/// Opens the books, serves until a stop signal, and closes them.
pub async fn serve(
    data: &Path,
    listener: TcpListener,
    rules: RuleBook,
    plans: Vec<Plan>,
    clock: PlatformClock,
) -> anyhow::Result<()> {
    let store = open_store(data, &rules)?;
    let metrics = Arc::new(Metrics::new());
    let platform = Platform::start(Parts {
        store: Arc::new(store),
        rules: Arc::new(rules),
        plans: Arc::new(plans),
        observer: metrics.clone(),
        reply_serial: real_milliseconds(),
    })
    .map_err(|fault| anyhow::anyhow!(fault.chain()))?;
    let platform = Arc::new(platform);
    let address = listener.local_addr()?;
    tracing::info!(%address, data = %data.display(), plans = platform.plans().len(), "serving");
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping: answering the calls under way");
    };
    let app = App::new(platform.clone(), Arc::new(clock), metrics);
    yibao_web::serve(listener, app, stop).await.context("serving")?;
    tokio::task::spawn_blocking(move || platform.stop()).await?;
    tracing::info!("stopped");
    Ok(())
}

/// The rules of a folder, or those built in.
pub fn rule_book(folder: Option<&Path>) -> anyhow::Result<RuleBook> {
    match folder {
        Some(folder) => RuleBook::read_dir(folder).context("reading the benefit rules"),
        None => RuleBook::embedded().context("reading the benefit rules built in"),
    }
}

/// Opens the books of all pools that have rules.
pub fn open_store(data: &Path, rules: &RuleBook) -> anyhow::Result<SqliteStore> {
    if data.to_string_lossy().starts_with("postgres:") {
        bail!("PostgreSQL is not served yet; give --data a folder for the embedded store");
    }
    let pools: Vec<_> = rules.pools().iter().map(|info| info.pool.clone()).collect();
    SqliteStore::open(data, &pools).map_err(|fault| anyhow::anyhow!(fault.chain()))
}

/// Reads a plan; a plan with problems is not served.
pub fn read_plan(file: &Path) -> anyhow::Result<Plan> {
    let text = std::fs::read_to_string(file).with_context(|| format!("reading plan {}", file.display()))?;
    let calendar = yibao_policy::plan::national_calendar();
    let problems = match yibao_policy::plan::read(&text) {
        Ok(plan) => match yibao_policy::plan::check(&plan, &calendar) {
            problems if problems.is_empty() => return Ok(plan),
            problems => problems,
        },
        Err(problems) => problems,
    };
    let lines = problems.iter().map(|problem| format!("\n  {}:{}: {}", file.display(), problem.line, problem.text));
    bail!("plan {} is not in order, see `yibao plan check`:{}", file.display(), lines.collect::<String>())
}
