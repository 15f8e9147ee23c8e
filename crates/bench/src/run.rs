//! A measurement from beginning to end (测量过程): city, platform, rounds in turn, tables, report.

use crate::bench::Bench;
use crate::deposits::{self, Night};
use crate::driver::Load;
use crate::flush::Shim;
use crate::ground::{Ground, SqliteGround};
use crate::ground_postgres::PostgresGround;
use crate::measured::Round;
use crate::reference::order::{Order, Report, Target};
use crate::reference::script::Script;
use crate::reopening::{self, Morning};
use crate::results::{Compared, Deposited, Measured, Reopened};
use crate::settings::{Engine, Scenario, Settings};
use crate::traffic::Traffic;
use crate::{city, growth, report, sampling, server, table};
use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use std::time::Duration;

/// How long the reference tries a number of connections.
const TRIAL: Duration = Duration::from_secs(2);

/// Measures, prints, and says whether every settlement was accepted.
pub fn run(settings: &Settings) -> anyhow::Result<bool> {
    allow_many_connections();
    let folder = tempfile::Builder::new().prefix("yibao-bench-").tempdir().context("建立临时目录")?;
    // The database, which runs as a user of its own, reads the preloaded library here.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).context("临时目录")?;
    let shim = Shim::compile(folder.path(), settings.flush_delay_us)?;
    let bench = Bench { settings, shim, folder: folder.path(), bar: progress_bar()? };
    let mut all = Vec::new();
    for engine in &settings.engines {
        let ground = bench.ground(*engine)?;
        for scenario in &settings.scenarios {
            for measured in bench.measure(ground.as_ref(), *scenario)? {
                bench.bar.suspend(|| print!("{}", table::text(&measured)));
                all.push(measured);
            }
        }
    }
    bench.bar.finish_and_clear();
    if let Some(file) = &settings.report {
        report::write(file, settings, &all)?;
        println!("\n报告：{}", file.display());
    }
    Ok(all.iter().all(Measured::is_accepted))
}

impl Bench<'_> {
    fn ground(&self, engine: Engine) -> anyhow::Result<Box<dyn Ground>> {
        match engine {
            Engine::Sqlite => Ok(Box::new(SqliteGround::new(self.folder))),
            Engine::Postgres => Ok(Box::new(PostgresGround::start(self.counter("postgres")?)?)),
        }
    }

    fn measure(&self, ground: &dyn Ground, scenario: Scenario) -> anyhow::Result<Vec<Measured>> {
        match scenario {
            Scenario::Reopening => Ok(vec![Measured::Reopening(Box::new(self.reopening(ground)?))]),
            Scenario::Deposits => Ok(vec![Measured::Deposits(Box::new(self.deposits(ground)?))]),
            Scenario::Growth => {
                let callers = self.settings.callers.iter().max().copied().unwrap_or(64);
                let load = self.settings.rate.map_or(Load::Closed(callers), Load::Open);
                let sizes = growth::measure(self, ground, &self.settings.sizes, load)?;
                Ok(vec![Measured::Growth { engine: ground.name(), load, sizes }])
            }
            _ => self.compare(ground, scenario),
        }
    }

    /// Platform and reference in turn, under each load.
    fn compare(&self, ground: &dyn Ground, scenario: Scenario) -> anyhow::Result<Vec<Measured>> {
        let settings = self.settings;
        let traffic = Traffic { mix: scenario.mix(), persons: settings.persons, seed: settings.seed };
        let place = self.load(ground, "city", settings.persons)?;
        let bare = ground.copy(&place, "reference")?;
        self.say(&format!("{}：取样", scenario.name()));
        let script = ground.script(sampling::sample(self, ground, &traffic.mix.kinds())?);
        let server = self.serve(&place, "serve")?;
        let loads: Vec<Load> = match settings.rate {
            Some(rate) => vec![Load::Open(rate)],
            None => settings.callers.iter().map(|callers| Load::Closed(*callers)).collect(),
        };
        let mut next_journeys = [0, 0];
        let mut all = Vec::new();
        for load in loads {
            let mut targets = ground.targets(&bare);
            let mut measured = Compared {
                scenario,
                engine: ground.name(),
                load,
                connections: None,
                platform: Vec::new(),
                reference: Vec::new(),
            };
            for round in 1..=settings.rounds {
                let what = format!("{} {}：第 {round}/{} 轮", scenario.name(), table::load_text(load), settings.rounds);
                self.say(&format!("{what}，平台"));
                measured.platform.push(self.platform_round(ground, &server, &traffic, load, &mut next_journeys[0])?);
                if let Load::Closed(callers) = load {
                    self.say(&format!("{what}，参照"));
                    let target = match targets.as_slice() {
                        [only] => only.clone(),
                        several => {
                            let best = self.best(ground, several, &script, &traffic, callers, &mut next_journeys[1])?;
                            targets = vec![best.clone()];
                            best
                        }
                    };
                    measured.connections = target.connections();
                    let counted = self.settings.counted;
                    let round = self.reference_round(
                        ground,
                        &target,
                        &script,
                        &traffic,
                        (callers, counted),
                        &mut next_journeys[1],
                    )?;
                    measured.reference.push(round);
                }
            }
            all.push(Measured::Traffic(measured));
        }
        server.stop()?;
        if settings.verify {
            self.say("检查账册");
            server::verify(&settings.program, &place)?;
            server::verify(&settings.program, &bare)?;
            self.bar.suspend(|| println!("yibao verify：平台和参照的账册检查全部通过"));
        }
        ground.remove(&place)?;
        ground.remove(&bare)?;
        Ok(all)
    }

    fn reopening(&self, ground: &dyn Ground) -> anyhow::Result<Reopened> {
        let settings = self.settings;
        let place = self.load(ground, "city", settings.persons)?;
        let server = self.serve(&place, "serve")?;
        let mark = server.mark();
        let morning = Morning {
            providers: settings.waking.min(city::PHARMACIES),
            messages: 50,
            laden: settings.waking / 100,
            many: 1_000,
            rate: settings.rate.unwrap_or(200),
            persons: settings.persons,
            seed: settings.seed,
            first_journey: 0,
        };
        self.say(&format!("reopening 恢复开放：{} 家，没有积压 {} 笔的", morning.providers, morning.many));
        let without = reopening::happen(server.address(), Morning { laden: 0, ..morning })?;
        self.say(&format!(
            "reopening 恢复开放：{} 家，其中 {} 家积压 {} 笔",
            morning.providers, morning.laden, morning.many
        ));
        let with_laden =
            reopening::happen(server.address(), Morning { first_journey: without.next_journey, ..morning })?;
        self.say(&format!("reopening 恢复开放：同时 {} 笔", settings.overload));
        let first = with_laden.next_journey;
        let overload =
            reopening::overload(server.address(), settings.overload, settings.persons, settings.seed, first)?;
        let memory_kib = server.since(mark).memory_kib.unwrap_or(0);
        server.stop()?;
        ground.remove(&place)?;
        Ok(Reopened { engine: ground.name(), morning, with_laden, without, overload, memory_kib })
    }

    fn deposits(&self, ground: &dyn Ground) -> anyhow::Result<Deposited> {
        let settings = self.settings;
        let place = self.load(ground, "city", settings.persons)?;
        let before = ground.book_bytes(&place)?;
        let server = self.serve(&place, "serve")?;
        let night = Night {
            hospitals: city::HOSPITALS,
            messages: settings.uploads,
            rate: settings.rate.unwrap_or(100),
            alone: settings.counted,
            persons: settings.persons,
            seed: settings.seed,
        };
        self.say(&format!("deposits 夜间上传：{} 家医院，{} 笔资料报文", night.hospitals, night.messages));
        let outcome = deposits::happen(server.address(), night)?;
        server.stop()?;
        if settings.verify {
            self.say("检查账册");
            server::verify(&settings.program, &place)?;
            self.bar.suspend(|| println!("yibao verify：账册检查全部通过"));
        }
        let (stored, after) = (ground.documents(&place)?, ground.book_bytes(&place)?);
        ground.remove(&place)?;
        Ok(Deposited { engine: ground.name(), night, outcome, stored, book_bytes: (before, after) })
    }

    /// The target with which the reference writes most in a short round.
    fn best(
        &self,
        ground: &dyn Ground,
        targets: &[Target],
        script: &Script,
        traffic: &Traffic,
        callers: usize,
        next_journey: &mut u64,
    ) -> anyhow::Result<Target> {
        let mut tried = Vec::new();
        for target in targets {
            let load = (callers, self.settings.counted.min(TRIAL));
            let round = self.reference_round(ground, target, script, traffic, load, next_journey)?;
            tried.push((round.settled_in_1000_s(), target));
        }
        let best = tried.into_iter().max_by_key(|(settled, _)| *settled).context("参照没有目标")?;
        Ok(best.1.clone())
    }

    fn reference_round(
        &self,
        ground: &dyn Ground,
        target: &Target,
        script: &Script,
        traffic: &Traffic,
        (callers, counted): (usize, Duration),
        next_journey: &mut u64,
    ) -> anyhow::Result<Round> {
        let order = Order {
            target: target.clone(),
            script: script.clone(),
            callers,
            warm_up: self.settings.warm_up,
            counted,
            mix: traffic.mix,
            persons: traffic.persons,
            seed: traffic.seed,
            first_journey: *next_journey,
            own_checkpoints: self.settings.own_checkpoints,
            database: ground.database(),
        };
        let counter = self.counter("reference")?;
        let mut child = Command::new(&self.settings.program)
            .args(["bench", "--reference"])
            .envs(counter.environment().iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .context("启动参照进程")?;
        let mut input = child.stdin.take().context("参照进程的输入")?;
        input.write_all(&serde_json::to_vec(&order)?).context("参照进程的输入")?;
        drop(input);
        let output = child.wait_with_output().context("等待参照进程")?;
        ensure!(output.status.success(), "参照进程出错（{}）", output.status);
        let report: Report = serde_json::from_slice(&output.stdout).context("参照进程的结果")?;
        *next_journey = report.next_journey;
        Ok(report.round())
    }
}

/// Every call under way has a connection, at both ends; the platform inherits the limit.
fn allow_many_connections() {
    let limit = getrlimit(Resource::Nofile);
    // Where it may not be raised, opening a connection says so.
    let _ = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, ..limit });
}

fn progress_bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}").context("进度条")?;
    let bar = ProgressBar::new_spinner().with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}
