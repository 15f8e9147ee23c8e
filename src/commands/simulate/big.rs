//! `yibao simulate --big`: a city of a million, its progress, and what it came to.

#![expect(
    clippy::disallowed_methods,
    reason = "progress goes by real time, and a signal is waited for beside the work"
)]

use super::asked::{SimulateArgs, read_plan};
use super::report::{self, Made};
use super::told;
use anyhow::Context;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use yibao_policy::rules::RuleBook;
use yibao_sim::big::{self, Phase, Step};
use yibao_store::{SqliteStore, Store};

/// How often a line tells how far it is, where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(15);

/// Simulates one large city, and writes its report where one is wanted.
pub(super) fn run(args: &SimulateArgs, rules: &Arc<RuleBook>) -> anyhow::Result<ExitCode> {
    let work = crate::commands::serve::work_table(None)?;
    let wish = args.wish(read_plan(&args.plan)?, args.seed);
    let pace = args.pace();
    let city = big::city(&wish, rules, pace)
        .with_context(|| format!("统筹区 {} 没有待遇规则；请核对方案的 pool", wish.plan.pool))?;
    let folder = tempfile::tempdir().context("建立临时目录")?;
    crate::machine::remove_when_interrupted(folder.path())?;
    let store = |name: &str| -> anyhow::Result<Arc<dyn Store>> {
        let opened = SqliteStore::open(&folder.path().join(name), &[]);
        Ok(Arc::new(opened.map_err(|fault| anyhow::anyhow!(fault.chain()))?))
    };
    let stores = [store("with")?, store("without")?, store("whole")?];
    let shown = Shown::new(city.persons)?;
    let begun = Instant::now();
    let found = big::run(&wish, rules, &work, &city, stores, &|step| shown.at(step))
        .map_err(|fault| anyhow::anyhow!("走不下去：{}\n重放：{}", fault.chain(), args.again(&wish)))?;
    let took = begun.elapsed();
    shown.end();
    let made = Made {
        again: args.again(&wish),
        took,
        phases: shown.phases(),
        peak_kib: crate::machine::peak_kib(),
        bytes: size_of(folder.path()),
    };
    print!("{}", report::text(&wish, &city, &found, &made));
    if let Some(file) = &args.report {
        std::fs::write(file, report::page(&wish, &city, &found, &made)?)
            .with_context(|| format!("写报告 {}", file.display()))?;
        println!("报告：{}", file.display());
    }
    if !found.outcome.holds() {
        println!("{}", told::outcome(args.seed, &found.outcome));
        println!("重放：{}", made.again);
        return Ok(ExitCode::from(1));
    }
    Ok(ExitCode::SUCCESS)
}

fn size_of(folder: &Path) -> u64 {
    let Ok(entries) = std::fs::read_dir(folder) else { return 0 };
    let of = |entry: std::fs::DirEntry| match entry.metadata() {
        Ok(meta) if meta.is_dir() => size_of(&entry.path()),
        Ok(meta) => meta.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of).sum()
}

/// Progress: a bar on a terminal, else a line now and then.
struct Shown {
    bar: Option<ProgressBar>,
    begun: Instant,
    now: Mutex<Now>,
    lines_until: AtomicU64,
}

struct Now {
    /// When each phase began, in order; moving in comes with each course.
    phases: Vec<(Phase, Instant)>,
    done: u64,
    ended: Option<Instant>,
}

impl Shown {
    fn new(persons: u64) -> anyhow::Result<Shown> {
        let begun = Instant::now();
        let bar = if std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{msg:<14} [{bar:30}] {pos}/{len}，每秒 {per_sec}，还要 {eta}")
                .context("进度条")?;
            Some(ProgressBar::new(persons).with_style(style))
        } else {
            None
        };
        let now = Now { phases: Vec::new(), done: 0, ended: None };
        Ok(Shown { bar, begun, now: Mutex::new(now), lines_until: AtomicU64::new(0) })
    }

    fn at(&self, step: Step) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = now.phases.last().is_none_or(|(phase, _)| *phase != step.phase) || step.done < now.done;
        if is_new {
            now.phases.push((step.phase, Instant::now()));
            if let Some(bar) = &self.bar {
                bar.set_message(name(step.phase));
                bar.set_length(step.of);
                bar.reset();
            }
        }
        now.done = step.done;
        let began = now.phases.last().map_or(self.begun, |(_, began)| *began);
        drop(now);
        match &self.bar {
            Some(bar) => {
                bar.set_length(step.of);
                bar.set_position(step.done);
            }
            None => self.line(step, began, is_new),
        }
    }

    fn line(&self, step: Step, began: Instant, is_new: bool) {
        let elapsed = self.begun.elapsed().as_secs();
        if !is_new && elapsed < self.lines_until.load(Ordering::Relaxed) && step.done < step.of {
            return;
        }
        self.lines_until.store(elapsed + LINE_EVERY.as_secs(), Ordering::Relaxed);
        let took = began.elapsed().as_millis().max(1);
        let rate = u128::from(step.done) * 1_000 / took;
        let left = u128::from(step.of - step.done) * took / u128::from(step.done.max(1)) / 1_000;
        eprintln!("{}：{}/{}，每秒 {rate}，还要 {left} 秒", name(step.phase), step.done, step.of);
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.now.lock().unwrap_or_else(PoisonError::into_inner).ended = Some(Instant::now());
    }

    /// How long each phase took, in order.
    fn phases(&self) -> Vec<(&'static str, Duration)> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = now.phases.iter().skip(1).map(|(_, began)| *began).chain(now.ended);
        now.phases.iter().zip(ends).map(|((phase, began), end)| (name(*phase), end - *began)).collect()
    }
}

/// What a phase is called.
fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Drawing => "造城",
        Phase::MovingIn => "装入参保人",
        Phase::WithOutage => "停机一遍",
        Phase::Without => "不停机一遍",
        Phase::Whole => "什么也不少的一遍",
        Phase::Judging => "逐人核对",
    }
}
