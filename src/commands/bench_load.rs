//! `yibao bench-load`: how fast a city is loaded, beside how fast the engine takes the same rows without us.

#![expect(clippy::disallowed_methods, reason = "a measurement goes by real time")]

mod bare;
mod bare_postgres;

use crate::books::Books;
use crate::city::{self, write_large_city};
use crate::load::{Options, Progress};
use crate::printed::say_line;
use crate::rules::Rules;
use anyhow::{Context as _, ensure};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

const AFTER_HELP: &str = "\
生成一座虚构的大城市（persons.csv、insurances.csv、accumulators.csv），先用 yibao load 的程序装入新账册，
再把同样的行用最简单的办法直接写进同一引擎的另一套新账册，打印两者每秒行数和比值。

例：
  yibao bench-load --persons 200000                   在临时目录里测，测完删除
  yibao bench-load --persons 10000000 --folder 目录   文件和两套账册留在目录里
  yibao bench-load --persons 200000 --engine postgres 在私有的 PostgreSQL 里测，用 COPY 比较，测完删除
  yibao bench-load --persons 10000000 --folder 目录 --write-only   只生成 CSV 文件

退出码：0 测完；2 无法运行";

/// 测量：装入一座大城市的速度，与引擎本身的速度相比
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct BenchLoadArgs {
    /// 参保人数
    #[arg(long, value_name = "N", default_value_t = 200_000)]
    persons: u64,
    /// 放文件和数据的目录，测完留下；默认用临时目录，测完删除
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// 测哪种引擎
    #[arg(long, value_enum, default_value_t = Engine::Sqlite)]
    engine: Engine,
    /// 只生成 CSV 文件
    #[arg(long)]
    write_only: bool,
}

/// The engines that can be measured.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub enum Engine {
    /// 内嵌 SQLite
    Sqlite,
    /// 私有 PostgreSQL 服务器
    Postgres,
}

/// Settings of the private server: memory for a large city's indexes, and checkpoints out of the way.
const SERVER: &[&str] = &["shared_buffers=1GB", "max_wal_size=8GB", "checkpoint_timeout=30min"];

/// What loading and writing straight took. CPU time of a server is not in it.
pub struct Measured {
    /// Checking and writing, from opening the store to the last commit and closing.
    pub loaded: Duration,
    /// CPU time of that.
    pub loaded_cpu: Duration,
    /// The same rows by the barest code.
    pub bare: Duration,
    /// CPU time of that, the making of the rows included.
    pub bare_cpu: Duration,
    /// The most memory the process had had when loading ended, in KiB; 0 where the system does not tell.
    pub peak_kib: u64,
}

/// Measures and prints.
pub fn run(args: BenchLoadArgs) -> anyhow::Result<ExitCode> {
    let temporary = tempfile::tempdir().context("making a temporary folder")?;
    let folder = args.folder.as_deref().unwrap_or(temporary.path());
    let city = folder.join("city");
    let rows = write_large_city(&city, args.persons)?;
    say_line!("{} persons, {rows} rows in persons.csv, insurances.csv, accumulators.csv", args.persons);
    if args.write_only {
        return Ok(ExitCode::SUCCESS);
    }
    let measured = measure_load(args.engine, &city, folder, args.persons)?;
    say_line!("{:<18} {:>10} {:>12} {:>12}", "", "seconds", "rows/s", "CPU seconds");
    for (name, took, cpu) in
        [("yibao load", measured.loaded, measured.loaded_cpu), ("engine, straight", measured.bare, measured.bare_cpu)]
    {
        say_line!("{name:<18} {:>10} {:>12} {:>12}", tenths(took), per_second(rows, took), tenths(cpu));
    }
    let percent = measured.bare.as_millis() * 100 / measured.loaded.as_millis().max(1);
    say_line!(
        "yibao / engine: {}.{:02}; peak memory of loading {} MiB",
        percent / 100,
        percent % 100,
        measured.peak_kib / 1024
    );
    Ok(ExitCode::SUCCESS)
}

/// Loads the city's files into new books, then writes the same rows straight into others: in `folder/data` and
/// `folder/bare`, or in two databases of a private server.
pub fn measure_load(engine: Engine, city: &Path, folder: &Path, persons: u64) -> anyhow::Result<Measured> {
    let rules = Rules::default().book()?;
    let server = match engine {
        Engine::Sqlite => None,
        Engine::Postgres => Some(yibao_cluster::Cluster::start(SERVER)?),
    };
    let place = |name: &str| match &server {
        Some(server) => server.create_database(name),
        None => {
            let place = folder.join(name);
            ensure!(!place.exists(), "{} 里已有 {name}，请换一个空目录", folder.display());
            Ok(place.to_string_lossy().into_owned())
        }
    };
    let (data, bare) = (place("data")?, place("bare")?);
    let options = Options { keep_good: false, check_only: false, findings_shown_max: 20 };
    let (started, cpu) = (Instant::now(), cpu_time());
    let store = Books::at(data.as_str()).open(&rules)?;
    let report = super::load::load_folder(store.as_ref(), &rules, city, options, &Progress::on_stderr())?;
    drop(store);
    let (loaded, loaded_cpu) = (started.elapsed(), cpu_time().saturating_sub(cpu));
    ensure!(report.is_clean(), "{}", report.text());
    let peak_kib = crate::machine::peak_kib();
    drop(Books::at(bare.as_str()).open(&rules)?);
    let cpu = cpu_time();
    let bare = match engine {
        Engine::Sqlite => bare::write(&Path::new(&bare).join("books").join(format!("{}.db", city::POOL)), persons)?,
        Engine::Postgres => bare_postgres::write(&bare, persons)?,
    };
    Ok(Measured { loaded, loaded_cpu, bare, bare_cpu: cpu_time().saturating_sub(cpu), peak_kib })
}

/// CPU time of this process so far, user and system, as Linux tells it in hundredths of a second.
fn cpu_time() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<u64>().ok());
    Duration::from_millis(ticks.sum::<u64>() * 10)
}

fn tenths(time: Duration) -> String {
    format!("{}.{}", time.as_millis() / 1_000, time.as_millis() % 1_000 / 100)
}

fn per_second(rows: u64, time: Duration) -> u128 {
    u128::from(rows) * 1_000 / time.as_millis().max(1)
}
