//! `yibao bench-backfill`: how long a run of the backfill takes to clear registers at full size, and what care of the day
//! notices of it.

#![expect(clippy::disallowed_methods, reason = "a measurement goes by real time")]

use super::serve;
use crate::machine::start_thread;
use crate::printed::say;
use crate::rules::Rules;
use anyhow::{Context as _, anyhow, ensure};
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};
use yibao_engine::desks::Next;
use yibao_sim::city::{City, Stock};
use yibao_sim::drain::{self, Desk};
use yibao_sim::faults::Level;
use yibao_sim::office::{Furnishing, Office, Turn};
use yibao_sim::world::World;
use yibao_store::outage::BackfillRun;
use yibao_store::{Fault, SqliteStore, Store};

const AFTER_HELP: &str = "\
先造一座城市，停机六天里的门诊都付了现金、出院都暂缓结算，全部登记在台账；然后恢复，开始批量补录，同时照常有人看门诊（每次四笔报文，
登记、就诊信息、费用、结算，答复都在落盘之后）。分别量没有补录时和补录期间的答复时间。存储是 SQLite 目录，每次提交都真正落盘。
默认是毕节全市的六天：860 万人，一年门诊、购药 1850 万次、住院 119 万次。公告其实没有给门诊补录的途径；这里全部登记，是台账最多的情形。

例：
  yibao bench-backfill                                         毕节全市
  yibao bench-backfill --persons 100000 --visits 3500 --stays 230   百分之一

退出码：0 全部补录，没有一笔被拒；1 有没办结的；2 无法运行";

/// 测量：全市停机六天的台账，恢复后多久补录完，当日业务受多大影响
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct BenchBackfillArgs {
    /// 参保人数
    #[arg(long, value_name = "N", default_value_t = 8_600_000)]
    persons: u64,
    /// 台账里的现金就诊
    #[arg(long, value_name = "N", default_value_t = 304_000)]
    visits: u64,
    /// 台账里的暂缓结算出院
    #[arg(long, value_name = "N", default_value_t = 19_600)]
    stays: u64,
    /// 当日业务：每秒开始多少次门诊
    #[arg(long, value_name = "N", default_value_t = 2)]
    rate: u64,
    /// 没有补录时先量多少秒
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    before: u64,
    /// 随机种子
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// 放账册的目录（须为空），测完留下；默认用临时目录，测完删除
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Who writes down at the same time.
const CLERKS: u64 = 64;
/// Who may be at a till at the same time; more are late, and their lateness counts.
const TILLS: u64 = 64;
/// How often the run is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Measures and prints.
pub fn run(args: BenchBackfillArgs) -> anyhow::Result<ExitCode> {
    ensure!(args.visits + args.stays > 0 && args.rate > 0, "--visits 加 --stays、--rate 须大于0");
    ensure!(
        args.persons >= 4 * (args.visits + args.stays),
        "--persons 至少是登记件数的四倍：每人只登记一件，当日业务是另外的人"
    );
    let temporary = tempfile::tempdir().context("建立临时目录")?;
    let folder = args.folder.as_deref().unwrap_or(temporary.path());
    crate::machine::remove_when_interrupted(temporary.path())?;
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder, &[]).map_err(told)?);
    let rules = Arc::new(Rules::default().book()?);
    let plan = drain::plan();
    let areas = &rules.pool(&plan.pool).context("统筹区没有待遇规则")?.areas;
    let divisions: Vec<String> = areas.iter().map(|area| area.code.clone()).collect();
    let city =
        City::drawn(args.seed, plan.pool.clone(), &divisions, args.persons, drain::begins(&plan), Stock::usual());
    let bar = bar()?;
    let moved = phase(&bar, "装入参保人", args.persons);
    let work = serve::work_table(None)?;
    let furnishing = Furnishing { ground: store.into(), rules, work, plans: vec![plan.clone()], faults: Level::None };
    let office = Office::open_watched(&city, city.persons, furnishing, &mut |done| moved.at(done)).map_err(told)?;
    let mut threads = Vec::new();
    for worker in office.workers() {
        threads.push(start_thread(worker.name().to_owned(), move || worker.run())?);
    }
    let bench =
        Bench { args: &args, city: &city, office: Mutex::new(office), closes: plan.first_closing(), plan: &plan.id };
    let measured = bench.fill(&bar).and_then(|stays| bench.measure(&bar, stays));
    bench.beside().stop();
    for thread in threads {
        thread.join().map_err(|_| anyhow!("平台的线程中断"))?;
    }
    bar.finish_and_clear();
    let measured = measured?;
    say!("{}", text(&args, &measured));
    let is_clear = measured.run.failed == 0 && u64::try_from(measured.run.settled) == Ok(args.visits + args.stays);
    Ok(ExitCode::from(u8::from(!is_clear)))
}

struct Bench<'a> {
    args: &'a BenchBackfillArgs,
    city: &'a City,
    /// Others stand beside it.
    office: Mutex<Office>,
    closes: DateTime,
    plan: &'a str,
}

/// What was measured.
struct Measured {
    run: BackfillRun,
    /// Entries that are discharges; the others are visits.
    stays: u64,
    took: Duration,
    before: Latencies,
    during: Latencies,
}

/// How long answers took, in microseconds, in the order of their coming.
#[derive(Default)]
struct Latencies(Vec<u64>);

impl Bench<'_> {
    /// Who has the entry, or comes today, of this number: each somebody else.
    fn person(&self, number: u64) -> u64 {
        number * (self.args.persons / (2 * (self.args.visits + self.args.stays)))
    }

    fn entries(&self) -> u64 {
        self.args.visits + self.args.stays
    }

    /// Fills the registers, and says with how many discharges: bills of those in hospital before the closing, the rest in the outage.
    fn fill(&self, bar: &ProgressBar) -> anyhow::Result<u64> {
        let entries = phase(bar, "登记台账", self.entries());
        let (next, done, stays) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        let written = self.last_hour();
        let fill = |desk: Desk<'_>| -> Result<(), Fault> {
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= self.entries() {
                    return Ok(());
                }
                let person = self.city.person(self.person(number));
                // Care spreads over the outage; the same second is no matter, for everybody has one entry.
                let second = (written.duration_since(self.closes).as_secs() - 7_200).max(1);
                let at = self.closes.saturating_add((number.cast_signed() * 7_919 % second + 60).seconds());
                let is_stay = number % (self.entries() / self.args.stays.max(1)).max(1) == 0;
                let stay = if is_stay { drain::stay(self.city, &person, at, self.closes) } else { None };
                match stay {
                    Some(stay) => {
                        stays.fetch_add(1, Ordering::Relaxed);
                        let before = self.desk(stay.at.saturating_add(2.hours()));
                        let mdtrt_id = before.admit(&person, &stay)?;
                        self.desk(written).write_down(&person, &stay, &mdtrt_id)?;
                    }
                    None => {
                        let visit = drain::visit(self.city, &person, at);
                        desk.write_down(&person, &visit, "")?;
                    }
                }
                entries.at(done.fetch_add(1, Ordering::Relaxed) + 1);
            }
        };
        self.side_by_side(CLERKS, written, &fill)?;
        Ok(stays.into_inner())
    }

    fn last_hour(&self) -> DateTime {
        self.closes.saturating_add(6.days()).saturating_sub(1.hour())
    }

    fn beside(&self) -> Office {
        self.office.lock().unwrap_or_else(PoisonError::into_inner).beside()
    }

    fn desk(&self, now: DateTime) -> Desk<'_> {
        let office = self.beside();
        office.at(now);
        Desk { city: self.city, office }
    }

    /// So many desks do it at the same time.
    fn side_by_side<T: Send>(
        &self,
        desks: u64,
        now: DateTime,
        work: &(impl Fn(Desk<'_>) -> Result<T, Fault> + Sync),
    ) -> anyhow::Result<Vec<T>> {
        // An office beside another goes by its own clock, which begins where the other's stands.
        let desks: Vec<Desk<'_>> = (0..desks).map(|_| self.desk(now)).collect();
        thread::scope(|scope| {
            let threads: Vec<_> = desks.into_iter().map(|desk| scope.spawn(move || work(desk))).collect();
            let answers =
                threads.into_iter().map(|thread| thread.join().map_err(|_| anyhow!("驱动中断"))?.map_err(told));
            answers.collect()
        })
    }

    /// Lets the morning come: care of the day alone, then with the run.
    fn measure(&self, bar: &ProgressBar, stays: u64) -> anyhow::Result<Measured> {
        let clock =
            Clock { begun: Instant::now(), morning: self.closes.saturating_add(6.days()).saturating_add(9.hours()) };
        let next = AtomicU64::new(self.entries());
        let ends = Instant::now() + Duration::from_secs(self.args.before);
        phase(bar, "当日业务，没有补录", 0);
        let before = self.today(&clock, &next, &|| Instant::now() >= ends)?;
        let run = phase(bar, "批量补录", self.entries());
        let over = AtomicBool::new(false);
        let begun = Instant::now();
        thread::scope(|scope| {
            let today = scope.spawn(|| self.today(&clock, &next, &|| over.load(Ordering::Relaxed)));
            let reconcilers = self.office.lock().unwrap_or_else(PoisonError::into_inner).reconcilers();
            let rounds: Vec<_> = reconcilers
                .into_iter()
                .map(|mut reconciler| {
                    let (office, clock, over) = (self.beside(), &clock, &over);
                    scope.spawn(move || {
                        while !over.load(Ordering::Relaxed) {
                            office.at(clock.now());
                            match office.round(&mut reconciler) {
                                Next::AtOnce => {}
                                Next::After(_) => thread::sleep(Duration::from_millis(50)),
                                Next::Never => return,
                            }
                        }
                    })
                })
                .collect();
            let drained = self.drain(&clock, &run);
            let took = begun.elapsed();
            over.store(true, Ordering::Relaxed);
            let during = today.join().map_err(|_| anyhow!("驱动中断"))??;
            for round in rounds {
                round.join().map_err(|_| anyhow!("驱动中断"))?;
            }
            Ok(Measured { run: drained?, stays, took, before, during })
        })
    }

    /// Starts the run and waits for its end.
    fn drain(&self, clock: &Clock, shown: &Phase) -> anyhow::Result<BackfillRun> {
        let office = self.beside();
        office.at(clock.now());
        let agency = World::agency();
        let run = office.start_run(office.turn(Turn::AGENCY), &agency, self.plan);
        let run = run.map_err(|why| anyhow!("开始补录：{why}"))?;
        loop {
            thread::sleep(LOOK_EVERY);
            let runs = office.runs(&agency).map_err(|why| anyhow!("查看补录：{why}"))?;
            let Some(now) = runs.into_iter().find(|one| one.number == run.number) else { continue };
            shown.at(u64::try_from(now.settled + now.failed).unwrap_or(0));
            if now.finished_at.is_some() {
                return Ok(now);
            }
        }
    }

    /// Visits of today begin at the stated rate until it is over; an answer's time begins when its message was due.
    fn today(&self, clock: &Clock, next: &AtomicU64, is_over: &(dyn Fn() -> bool + Sync)) -> anyhow::Result<Latencies> {
        let begun = Instant::now();
        let arrived = AtomicU64::new(0);
        let all = Mutex::new(Latencies::default());
        let tills = |desk: Desk<'_>| -> Result<(), Fault> {
            let mut own = Vec::new();
            loop {
                let arrival = arrived.fetch_add(1, Ordering::Relaxed);
                let due = begun + Duration::from_micros(arrival * 1_000_000 / self.args.rate);
                while !is_over() && Instant::now() < due {
                    thread::sleep(due.saturating_duration_since(Instant::now()).min(LOOK_EVERY));
                }
                if is_over() {
                    all.lock().unwrap_or_else(PoisonError::into_inner).0.extend(own);
                    return Ok(());
                }
                let person = self.city.person(self.person(next.fetch_add(1, Ordering::Relaxed)));
                desk.office.at(clock.now());
                let visit = drain::visit(self.city, &person, desk.office.now());
                let mut asked = due;
                desk.visit(&person, &visit, &mut || {
                    own.push(u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX));
                    asked = Instant::now();
                })?;
            }
        };
        self.side_by_side(TILLS, clock.now(), &tills)?;
        Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The city's time of the morning, as fast as ours.
struct Clock {
    begun: Instant,
    morning: DateTime,
}

impl Clock {
    fn now(&self) -> DateTime {
        let elapsed = i64::try_from(self.begun.elapsed().as_secs()).unwrap_or(i64::MAX);
        self.morning.saturating_add(elapsed.seconds())
    }
}

impl Latencies {
    /// The time within which so many in a hundred were answered, in milliseconds with two decimals.
    fn percentile(&self, hundredth: usize) -> String {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let at = (sorted.len() * hundredth / 100).min(sorted.len().saturating_sub(1));
        let microseconds = sorted.get(at).copied().unwrap_or(0);
        format!("{}.{:02}", microseconds / 1_000, microseconds % 1_000 / 10)
    }
}

fn text(args: &BenchBackfillArgs, measured: &Measured) -> String {
    let seconds = measured.took.as_secs().max(1);
    let settled = u64::try_from(measured.run.settled).unwrap_or(0);
    let latencies = |name: &str, of: &Latencies| {
        let (median, most) = (of.percentile(50), of.percentile(99));
        format!("  {name}：{} 笔报文，p50 {median} 毫秒，p99 {most} 毫秒\n", of.0.len())
    };
    let mut text = format!(
        "{} 人；台账 {} 件（现金就诊 {}，暂缓结算出院 {}）；当日业务每秒 {} 次门诊，每次四笔报文\n",
        args.persons,
        args.visits + args.stays,
        args.visits + args.stays - measured.stays,
        measured.stays,
        args.rate
    );
    text += &format!(
        "  补录：{} 分 {} 秒，结算 {settled} 件，拒绝 {} 件，每秒 {} 件\n",
        seconds / 60,
        seconds % 60,
        measured.run.failed,
        settled / seconds
    );
    text += &latencies("没有补录时", &measured.before);
    text += &latencies("补录期间", &measured.during);
    text + &format!("  内存最多 {} MiB\n", crate::machine::peak_kib() / 1024)
}

fn told(fault: Fault) -> anyhow::Error {
    anyhow!(fault.chain())
}

fn bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{msg:<18} [{bar:30}] {pos}/{len}，每秒 {per_sec}，还要 {eta}");
    Ok(ProgressBar::new(0).with_style(style.context("进度条")?))
}

/// Something that is shown while it is done: on a terminal by the bar, else by ten lines.
struct Phase {
    bar: ProgressBar,
    name: &'static str,
    of: u64,
    told: AtomicU64,
}

fn phase(bar: &ProgressBar, name: &'static str, of: u64) -> Phase {
    bar.set_message(name);
    bar.set_length(of);
    bar.reset();
    Phase { bar: bar.clone(), name, of, told: AtomicU64::new(0) }
}

impl Phase {
    fn at(&self, done: u64) {
        self.bar.set_position(done);
        let tenth = done * 10 / self.of.max(1);
        if !std::io::stderr().is_terminal() && self.told.fetch_max(tenth, Ordering::Relaxed) < tenth {
            eprintln!("{}：{done}/{}", self.name, self.of);
        }
    }
}
