//! `yibao simulate --big`: a city of a million, its progress, and what it came to.

#![expect(
    clippy::disallowed_methods,
    reason = "progress goes by real time, and a signal is waited for beside the work"
)]

use super::asked::{SimulateArgs, must_be_there, read_plan};
use super::report::{self, Made, phase_name};
use super::seed::caught;
use super::told;
use crate::printed::{say, say_line};
use anyhow::Context;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use std::fs::File;
use std::io::{IsTerminal as _, Write as _};
use std::path::Path;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use yibao_policy::rules::RuleBook;
use yibao_sim::big::{self, Phase, Step};
use yibao_sim::run::Outcome;
use yibao_store::{SqliteStore, Store};

/// How often a line tells how far it is, where there is no terminal.
const LINE_EVERY: Duration = Duration::from_secs(15);

/// Simulates one large city, and writes its report where one is wanted.
pub(super) fn run(args: &SimulateArgs, rules: &Arc<RuleBook>) -> anyhow::Result<ExitCode> {
    let work = crate::commands::serve::work_table(None)?;
    let wish = args.wish(read_plan(&args.plan)?, args.seed);
    let pace = args.pace();
    let city = big::city(&wish, rules, pace).with_context(|| {
        format!("统筹区 {} 没有待遇规则；请核对方案的 pool，另加的统筹区用 --rules 给出规则目录", wish.plan.pool)
    })?;
    let name = rules.pool(&city.pool).map_or_else(String::new, |pool| pool.name.clone());
    must_be_there(&wish, &city)?;
    let mut report = args.report.as_deref().map(Report::create).transpose()?;
    let folder = tempfile::tempdir().context("建立临时目录")?;
    crate::machine::remove_when_interrupted(folder.path())?;
    let store = |name: &str| -> anyhow::Result<Arc<dyn Store>> {
        let opened = SqliteStore::open(&folder.path().join(name), &[]);
        Ok(Arc::new(opened.map_err(|fault| anyhow::anyhow!(fault.chain()))?))
    };
    let stores = [store("with")?, store("without")?, store("whole")?];
    let shown = Shown::new(city.persons)?;
    let begun = Instant::now();
    let found = caught(|| big::run(&wish, rules, &work, &city, stores, &|step| shown.at(step)));
    let took = begun.elapsed();
    crate::machine::go_on_unless_interrupted();
    shown.end();
    let found = match found {
        Ok(found) => found,
        Err(why) => {
            say_line!("{}\n{}", told::outcome(args.seed, &Outcome::stuck(why)), args.replay(&wish));
            return Ok(ExitCode::from(1));
        }
    };
    let made = Made {
        again: args.again(&wish),
        took,
        phases: shown.phases(),
        peak_kib: crate::machine::peak_kib(),
        bytes: size_of(folder.path()),
    };
    // What was found comes first: whatever becomes of the report, it is not lost.
    say!("{}", report::text(&wish, &city, &found, &made));
    let holds = found.outcome.holds();
    if !holds {
        say_line!("{}", told::outcome(args.seed, &found.outcome));
        say_line!("{}", args.replay(&wish));
    }
    if let Some(report) = &mut report {
        report.write(&report::page(&wish, (&city, &name), &found, &made)?)?;
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Where the report is written: opened before anything is played, because a path that cannot be written to is better known
/// now than after hours. What is there stays until it is written over; a file that nothing was written to is removed.
struct Report<'a> {
    path: &'a Path,
    file: File,
    is_new: bool,
    is_written: bool,
}

impl Report<'_> {
    fn create(path: &Path) -> anyhow::Result<Report<'_>> {
        let is_new = !path.exists();
        let opened = File::options().write(true).create(true).truncate(false).open(path);
        let file = opened.with_context(|| format!("不能写报告 {}；请看 --report 的路径", path.display()))?;
        Ok(Report { path, file, is_new, is_written: false })
    }

    fn write(&mut self, page: &str) -> anyhow::Result<()> {
        let written = self.file.set_len(0).and_then(|()| self.file.write_all(page.as_bytes()));
        written.with_context(|| format!("写报告 {}", self.path.display()))?;
        self.is_written = true;
        say_line!("报告：{}", self.path.display());
        Ok(())
    }
}

impl Drop for Report<'_> {
    fn drop(&mut self) {
        if self.is_new && !self.is_written {
            // An empty page is left where it cannot be removed.
            let _ = std::fs::remove_file(self.path);
        }
    }
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
    ended: Option<Instant>,
}

impl Now {
    /// Whether something else is done now than before.
    fn is_new(&self, phase: Phase) -> bool {
        self.phases.last().is_none_or(|(last, _)| *last != phase)
    }
}

impl Shown {
    fn new(persons: u64) -> anyhow::Result<Shown> {
        let begun = Instant::now();
        let bar = if std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{msg:<14} [{bar:30}] {pos}/{len}，每秒 {rate}，还要 {eta}")
                .context("进度条")?
                .with_key("rate", |state: &ProgressState, text: &mut dyn std::fmt::Write| {
                    // What cannot be written is not shown.
                    let _ = write!(text, "{:.0}", state.per_sec());
                });
            Some(ProgressBar::new(persons).with_style(style))
        } else {
            None
        };
        let now = Now { phases: Vec::new(), ended: None };
        Ok(Shown { bar, begun, now: Mutex::new(now), lines_until: AtomicU64::new(0) })
    }

    fn at(&self, step: Step) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let is_new = now.is_new(step.phase);
        if is_new {
            now.phases.push((step.phase, Instant::now()));
        }
        let began = now.phases.last().map_or(self.begun, |(_, began)| *began);
        drop(now);
        let Some(bar) = &self.bar else { return self.line(step, began, is_new) };
        if is_new {
            bar.set_message(phase_name(step.phase));
            bar.reset();
        }
        bar.set_length(step.of);
        bar.set_position(step.done);
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
        eprintln!("{}：{}/{}，每秒 {rate}，还要 {left} 秒", phase_name(step.phase), step.done, step.of);
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        self.now.lock().unwrap_or_else(PoisonError::into_inner).ended = Some(Instant::now());
    }

    /// How long each phase took, in order.
    fn phases(&self) -> Vec<(Phase, Duration)> {
        let now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let ends = now.phases.iter().skip(1).map(|(_, began)| *began).chain(now.ended);
        now.phases.iter().zip(ends).map(|((phase, began), end)| (*phase, end - *began)).collect()
    }
}
