//! Runs of the backfill (批量补录): a plan's open entries, oldest care first, in waves through the pool's own queue.
//!
//! One thread a pool drives its runs. A wave holds at most one entry of a person, so two of one person never run at once or
//! out of order; providers take turns by the queue's lane of earlier days, beside the care of today. A run lives in the book:
//! one that was cut off goes on when the platform starts, and an entry that was settled meanwhile is passed over.

use crate::backfill::entry;
use crate::backfill::entry::{Attempt, OPEN};
use crate::call::Stop;
use crate::facts::EVERY;
use crate::platform::queue::Lane;
use crate::platform::{Clock, Counter, Platform};
use std::collections::HashMap;
use std::sync::mpsc::Receiver;
use yibao_domain::register::{CARE, Entry};
use yibao_domain::time::DateTime;
use yibao_store::outage::BackfillRun;
use yibao_store::register::EntryFilter;
use yibao_store::{Fault, Mode, Tx};

/// Entries that are looked at together.
const PAGE: usize = 256;
/// Entries after which the progress is recorded: about a second of work.
const RECORDED_AFTER: usize = 64;
/// Runs that are looked at for unfinished ones: every one.
pub(crate) const RUNS: usize = EVERY;

impl Platform {
    /// Starts to drive the runs of the backfill, those first that were cut off. Called once, with the platform's clock.
    pub fn drive_backfills(&self, clock: &Clock) -> Result<(), Fault> {
        for pool in self.pools() {
            let Some(counter) = self.counter(&pool) else { continue };
            let driver = Driver { counter, clock: clock.clone() };
            self.start_driver(&pool, move |woken| driver.work(woken))?;
        }
        Ok(())
    }
}

/// A place in the order of care: entries after it come next.
type InOrder = (DateTime, String);

/// Drives the runs of one pool.
pub(crate) struct Driver {
    pub counter: Counter,
    pub clock: Clock,
}

/// What a run has come to since it was last recorded.
#[derive(Clone, Copy, Default)]
struct Progress {
    settled: i64,
    failed: i64,
}

impl Driver {
    /// Drives every unfinished run whenever it is woken, until nobody can wake it any more.
    pub fn work(self, wake: &Receiver<()>) {
        while wake.recv().is_ok() {
            match self.drive_all() {
                Ok(()) => {}
                // The platform stops; the run goes on when it starts again.
                Err(Stop::Busy) => return,
                Err(Stop::Fault(fault)) => tracing::error!(pool = %self.counter.pool, "backfill: {}", fault.chain()),
                Err(Stop::Refused(refusal)) => tracing::error!(pool = %self.counter.pool, "backfill: {refusal}"),
            }
        }
    }

    fn drive_all(&self) -> Result<(), Stop> {
        let runs = self.counter.ask(Mode::Read, "", Lane::Earlier, |tx, _| Ok::<_, Stop>(tx.backfill_runs(RUNS)?));
        let unfinished = runs.wait()?.into_iter().rev().filter(|run| run.finished_at.is_none());
        for run in unfinished {
            self.drive(&run)?;
        }
        Ok(())
    }

    fn drive(&self, run: &BackfillRun) -> Result<(), Stop> {
        let mut after = None;
        loop {
            let (page, last) = self.page(run, after)?;
            for wave in waves(page) {
                for part in wave.chunks(RECORDED_AFTER) {
                    let progress = self.wave(run, part)?;
                    self.record(run.number, progress)?;
                }
            }
            match last {
                Some(last) => after = Some(last),
                None => break,
            }
        }
        self.finish(run)
    }

    /// Records the end of a run. What was settled by a wave whose record was cut off shows in what is no longer open.
    fn finish(&self, run: &BackfillRun) -> Result<(), Stop> {
        let (number, now) = (run.number, (self.clock)());
        let finishing = self.counter.ask(Mode::Write, "", Lane::Earlier, move |tx, _| {
            if let Some(run) = tx.backfill_runs(RUNS)?.into_iter().find(|run| run.number == number) {
                let closed = run.found - open_count(tx, &run.plan, &run.fixmedins_code)?;
                let settled = run.settled.max(closed.min(run.found - run.failed));
                // What was registered while it ran came on top of what it had found.
                let found = run.found.max(settled + run.failed);
                tx.update_backfill_run(&BackfillRun { found, settled, finished_at: Some(now), ..run })?;
            }
            Ok::<_, Stop>(())
        });
        finishing.wait()
    }

    /// The next entries in the order of care, and where they end; no end on the last page.
    fn page(&self, run: &BackfillRun, after: Option<InOrder>) -> Result<(Vec<Entry>, Option<InOrder>), Stop> {
        let filter = EntryFilter { after, ..open_entries(&run.plan, &run.fixmedins_code) };
        let asked = self.counter.ask(Mode::Read, "", Lane::Earlier, move |tx, _| {
            let found = tx.entries(&filter, PAGE)?;
            Ok::<_, Stop>(found)
        });
        let found = asked.wait()?;
        let last = found.last().filter(|_| found.len() == PAGE).map(|entry| (entry.care_from, entry.number.clone()));
        Ok((found.into_iter().filter(|entry| CARE.contains(&entry.kind)).collect(), last))
    }

    fn wave(&self, run: &BackfillRun, wave: &[Entry]) -> Result<Progress, Stop> {
        let asked: Vec<_> = wave
            .iter()
            .map(|entry| {
                let (number, by, now) = (entry.number.clone(), run.started_by.clone(), (self.clock)());
                let settling =
                    self.counter.ask(Mode::Write, &entry.fixmedins_code, Lane::Earlier, move |tx, policies| {
                        entry::settle(tx, policies, &number, &by, now)
                    });
                (entry, settling)
            })
            .collect();
        let mut progress = Progress::default();
        for (entry, settling) in asked {
            match settling.wait() {
                Ok(Attempt::Settled) => progress.settled += 1,
                Ok(Attempt::Finished | Attempt::NotReady(_)) => {}
                Err(Stop::Refused(refusal)) => {
                    progress.failed += 1;
                    let (number, by, now) = (entry.number.clone(), run.started_by.clone(), (self.clock)());
                    let failing =
                        self.counter.ask(Mode::Write, &entry.fixmedins_code, Lane::Earlier, move |tx, policies| {
                            entry::fail(tx, policies, &number, &refusal, &by, now)
                        });
                    failing.wait()?;
                }
                Err(Stop::Busy) => return Err(Stop::Busy),
                // The entry waits as before; the others go on.
                Err(Stop::Fault(fault)) => tracing::error!(entry = %entry.number, "backfill: {}", fault.chain()),
            }
        }
        Ok(progress)
    }

    fn record(&self, number: i64, progress: Progress) -> Result<(), Stop> {
        let recording = self.counter.ask(Mode::Write, "", Lane::Earlier, move |tx, _| {
            if let Some(run) = tx.backfill_runs(RUNS)?.into_iter().find(|run| run.number == number) {
                tx.update_backfill_run(&BackfillRun {
                    settled: run.settled + progress.settled,
                    failed: run.failed + progress.failed,
                    ..run
                })?;
            }
            Ok::<_, Stop>(())
        });
        recording.wait()
    }
}

/// The open entries of a plan, of one provider or of all (empty).
pub(crate) fn open_entries(plan: &str, fixmedins_code: &str) -> EntryFilter {
    EntryFilter {
        plan: Some(plan.to_owned()),
        states: OPEN.to_vec(),
        fixmedins_code: Some(fixmedins_code.to_owned()).filter(|code| !code.is_empty()),
        ..EntryFilter::default()
    }
}

/// How many entries of a plan, of one provider or of all, are open.
pub(crate) fn open_count(tx: &mut dyn Tx, plan: &str, fixmedins_code: &str) -> Result<i64, Fault> {
    let mut filter = open_entries(plan, fixmedins_code);
    let mut count = 0;
    loop {
        let page = tx.entries(&filter, PAGE)?;
        count += page.iter().filter(|entry| CARE.contains(&entry.kind)).count();
        match page.last() {
            Some(last) if page.len() == PAGE => filter.after = Some((last.care_from, last.number.clone())),
            _ => return Ok(i64::try_from(count).expect("a book has fewer entries")),
        }
    }
}

/// Entries in the order of care, in waves that hold each person once.
fn waves(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut waves: Vec<Vec<Entry>> = Vec::new();
    let mut of_person: HashMap<String, usize> = HashMap::new();
    for entry in entries {
        let person = if entry.psn_no.is_empty() { entry.certno.clone() } else { entry.psn_no.clone() };
        let wave = of_person.get(&person).map_or(0, |last| last + 1);
        of_person.insert(person, wave);
        if waves.len() == wave {
            waves.push(Vec::new());
        }
        waves[wave].push(entry);
    }
    waves
}
