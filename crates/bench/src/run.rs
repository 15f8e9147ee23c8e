//! A measurement from beginning to end (测量过程): city, platform, rounds in turn, table.

use crate::driver::{self, Load, Span};
use crate::flush::{Counter, Shim};
use crate::measured::Round;
use crate::reference::script::Script;
use crate::reference::worker::{Order, Report};
use crate::server::{self, Server};
use crate::settings::{Scenario, Settings};
use crate::table;
use crate::traffic::Traffic;
use crate::{city, sampling};
use anyhow::{Context, ensure};
use indicatif::{ProgressBar, ProgressStyle};
use std::cell::Cell;
use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// What was measured under one load.
#[derive(Debug)]
pub(crate) struct Measured {
    pub scenario: Scenario,
    pub engine: &'static str,
    pub load: Load,
    /// Rounds of the platform.
    pub platform: Vec<Round>,
    /// Rounds of the reference; none in an open loop.
    pub reference: Vec<Round>,
}

/// Measures, prints, and says whether every settlement was accepted.
pub fn run(settings: &Settings) -> anyhow::Result<bool> {
    let folder = tempfile::Builder::new().prefix("yibao-bench-").tempdir().context("建立临时目录")?;
    // The database, which runs as a user of its own, reads the preloaded library here.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).context("临时目录")?;
    let shim = Shim::compile(folder.path(), settings.flush_delay_us)?;
    let mut accepted = true;
    let mut all = Vec::new();
    for (number, scenario) in settings.scenarios.iter().enumerate() {
        let room = folder.path().join(format!("{number}"));
        let bench = Bench { settings, shim: shim.as_ref(), folder: room, scenario: *scenario, bar: progress_bar()? };
        for measured in bench.measure()? {
            accepted &= measured.platform.iter().all(|round| round.refused.is_empty());
            print!("{}", table::text(&measured));
            all.push(measured);
        }
    }
    Ok(accepted)
}

/// One scenario on one engine.
struct Bench<'a> {
    settings: &'a Settings,
    shim: Option<&'a Shim>,
    folder: PathBuf,
    scenario: Scenario,
    bar: ProgressBar,
}

impl Bench<'_> {
    fn measure(&self) -> anyhow::Result<Vec<Measured>> {
        let settings = self.settings;
        let traffic = Traffic { mix: self.scenario.mix(), persons: settings.persons, seed: settings.seed };
        let (city, data, bare) = (self.folder.join("city"), self.folder.join("data"), self.folder.join("reference"));
        self.bar.set_message(format!("{}：装入 {} 人", self.scenario.name(), settings.persons));
        city::write(&city, settings.persons)?;
        server::load(&settings.program, &text(&data), &city)?;
        copy(&data, &bare)?;
        self.bar.set_message(format!("{}：取样", self.scenario.name()));
        let script = sampling::sample_sqlite(&settings.program, &self.folder, &traffic.mix.kinds())?;
        let server =
            Server::start(&settings.program, &text(&data), &self.folder.join("serve.log"), self.counter("serve")?)?;
        let loads: Vec<Load> = match settings.rate {
            Some(rate) => vec![Load::Open(rate)],
            None => settings.callers.iter().map(|callers| Load::Closed(*callers)).collect(),
        };
        let mut journeys = [Numbers::default(), Numbers::default()];
        let mut all = Vec::new();
        for load in loads {
            let mut measured = Measured {
                scenario: self.scenario,
                engine: "SQLite",
                load,
                platform: Vec::new(),
                reference: Vec::new(),
            };
            for round in 1..=settings.rounds {
                let what =
                    format!("{} {}：第 {round}/{} 轮", self.scenario.name(), table::load_text(load), settings.rounds);
                self.bar.set_message(format!("{what}，平台"));
                measured.platform.push(self.platform_round(&server, &traffic, load, &mut journeys[0])?);
                if let Load::Closed(callers) = load {
                    self.bar.set_message(format!("{what}，参照"));
                    let round = self.reference_round(&bare, &script, &traffic, callers, &mut journeys[1])?;
                    measured.reference.push(round);
                }
            }
            all.push(measured);
        }
        server.stop()?;
        self.bar.finish_and_clear();
        if settings.verify {
            server::verify(&settings.program, &text(&data))?;
            server::verify(&settings.program, &text(&bare))?;
            println!("yibao verify：平台和参照的账册检查全部通过");
        }
        // The next scenario needs the room on the disk.
        fs::remove_dir_all(&self.folder).context("清理临时目录")?;
        Ok(all)
    }

    fn platform_round(
        &self,
        server: &Server,
        traffic: &Traffic,
        load: Load,
        journeys: &mut Numbers,
    ) -> anyhow::Result<Round> {
        let span = Span { warm_up: self.settings.warm_up, counted: self.settings.counted };
        let mark = Cell::new(server.mark());
        let cost = Cell::new(None);
        let marks = |begins: bool| {
            if begins { mark.set(server.mark()) } else { cost.set(Some(server.since(mark.get()))) }
        };
        let (mut round, next) = driver::drive(server.address(), traffic, load, span, journeys.next, &marks)?;
        round.server = cost.get().unwrap_or_default();
        journeys.next = next;
        Ok(round)
    }

    fn reference_round(
        &self,
        data: &Path,
        script: &Script,
        traffic: &Traffic,
        callers: usize,
        journeys: &mut Numbers,
    ) -> anyhow::Result<Round> {
        let order = Order {
            book: data.join("books").join(format!("{}.db", city::POOL)),
            script: script.clone(),
            callers,
            warm_up: self.settings.warm_up,
            counted: self.settings.counted,
            mix: traffic.mix,
            persons: traffic.persons,
            seed: traffic.seed,
            first_journey: journeys.next,
            own_checkpoints: self.settings.own_checkpoints,
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
        journeys.next = report.next_journey;
        Ok(report.round())
    }

    fn counter(&self, name: &str) -> anyhow::Result<Counter> {
        self.shim.map_or_else(|| Ok(Counter::absent()), |shim| shim.counter(name))
    }
}

/// Which journeys a side has made.
#[derive(Default)]
struct Numbers {
    next: u64,
}

fn progress_bar() -> anyhow::Result<ProgressBar> {
    let style = ProgressStyle::with_template("{spinner} {elapsed} {msg}").context("进度条")?;
    let bar = ProgressBar::new_spinner().with_style(style);
    bar.enable_steady_tick(Duration::from_millis(200));
    Ok(bar)
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Copies a data folder whose store is closed.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to).with_context(|| format!("建立目录 {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("读取目录 {}", from.display()))? {
        let path = entry?.path();
        let target = to.join(path.file_name().context("文件名")?);
        if path.is_dir() {
            copy(&path, &target)?;
        } else {
            fs::copy(&path, &target).with_context(|| format!("复制 {}", path.display()))?;
        }
    }
    Ok(())
}
