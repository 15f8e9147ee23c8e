//! Runs of the backfill (批量补录): a plan's open entries, oldest care first, in waves through the pool's own queue.
//!
//! A reconciler: each round it looks which runs of the book are unfinished, and takes one of them a page further; runs take
//! turns. A wave holds at most one entry of a person, so two of one person never run at once or out of order; providers
//! take turns by the queue's lane of earlier days, beside the care of today. A run ends when every entry has been tried
//! and what may be is in the order of care. What finds no room or meets a fault is tried again, ever later, and holds up no other run.

use crate::backfill::entry;
use crate::backfill::entry::Attempt;
use crate::backfill::ordering;
use crate::backfill::standing::{InOrder, PAGE, Standing, open_entries, standing, was_refused_since};
use crate::backfill::whose::person_of;
use crate::call::Stop;
use crate::platform::counter::{Asked, Counter};
use crate::platform::pace::Pace;
use crate::platform::queue::Lane;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::party::Party;
use yibao_domain::register::Entry;
use yibao_domain::time::DateTime;
use yibao_store::outage::BackfillRun;
use yibao_store::register::EntryFilter;
use yibao_store::{Mode, Tx};

/// Entries that wait in the queue at once.
const AT_ONCE: usize = 64;

/// Drives the runs of one pool.
pub(crate) struct Driver {
    counter: Counter,
    /// The unfinished runs by number, as far as they have come here.
    under_way: BTreeMap<i64, Pass>,
    /// The run whose turn it was last.
    turn: i64,
}

/// What a round has come to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Driven {
    /// What failed in it.
    pub failures: u64,
    /// Whether nothing that failed waits to be tried again.
    pub in_order: bool,
    /// Whether there is more to do at once.
    pub more: bool,
}

/// A way through a run's open entries.
struct Pass {
    /// Of its pages.
    pace: Pace,
    /// Of the ways through all of them.
    passes: Pace,
    /// Entries after this one are next.
    after: Option<InOrder>,
    /// What the book said when it began.
    begun_at: Option<Standing>,
    settled: i64,
    /// Entries that were refused.
    failed: BTreeSet<String>,
    /// Persons with an entry that met a fault: their later care waits for it.
    held: BTreeSet<String>,
}

/// How a run went on.
enum Went {
    /// A page further.
    On,
    /// Through all that was open; what so many persons have left is to be tried again.
    Through { left: u64 },
    /// It is finished.
    ToItsEnd,
}

impl Driver {
    /// A driver that hands its work in there.
    pub fn new(counter: Counter) -> Driver {
        Driver { counter, under_way: BTreeMap::new(), turn: 0 }
    }

    /// Takes the next unfinished run that is due a page further.
    pub fn round(&mut self, now: DateTime) -> Result<Driven, Stop> {
        let runs = self.unfinished()?;
        for run in &runs {
            self.under_way.entry(run.number).or_insert_with(Pass::new);
        }
        let due: Vec<&BackfillRun> = runs.iter().filter(|run| self.under_way[&run.number].is_due(now)).collect();
        let mut driven = Driven { failures: 0, in_order: true, more: due.len() > 1 };
        if let Some(run) = due.iter().find(|run| run.number > self.turn).or(due.first()) {
            self.turn = run.number;
            let pass = self.under_way.get_mut(&run.number).expect("it was entered above");
            match drive(&self.counter, run, pass, now) {
                Ok(Went::On) => driven.more = true,
                Ok(Went::ToItsEnd) => drop(self.under_way.remove(&run.number)),
                Ok(Went::Through { left }) => {
                    driven.failures += left;
                    let seconds = pass.begin_again(now);
                    tracing::error!(pool = %self.counter.pool, run = run.number, persons = left, seconds, "backfill: tried again");
                }
                Err(Stop::Closing) => return Err(Stop::Closing),
                Err(stop) => {
                    driven.failures += 1;
                    self.put_off(run.number, &stop, now);
                }
            }
        }
        driven.in_order = self.under_way.values().all(|pass| !pass.is_failing());
        Ok(driven)
    }

    fn put_off(&mut self, number: i64, stop: &Stop, now: DateTime) {
        let (pool, Some(pass)) = (&self.counter.pool, self.under_way.get_mut(&number)) else { return };
        match stop {
            Stop::Busy => {
                if !pass.pace.is_failing() {
                    tracing::warn!(%pool, run = number, "backfill: no room in the queue, the run waits");
                }
                pass.pace.pressed(now);
            }
            Stop::Fault(fault) => {
                let (seconds, causes) = (pass.pace.failed(now), fault.chain());
                tracing::error!(%pool, run = number, seconds, causes, "backfill: tried again");
            }
            Stop::Refused(refusal) => {
                let seconds = pass.pace.failed(now);
                tracing::error!(%pool, run = number, seconds, %refusal, "backfill: tried again");
            }
            Stop::Closing => {}
        }
    }

    /// The runs that are not finished, oldest first.
    fn unfinished(&mut self) -> Result<Vec<BackfillRun>, Stop> {
        let runs = ask(&self.counter, Mode::Read, move |tx| Ok(tx.unfinished_runs()?)).wait()?;
        self.under_way.retain(|number, _| runs.iter().any(|run| run.number == *number));
        Ok(runs)
    }
}

impl Pass {
    fn new() -> Pass {
        Pass {
            pace: Pace::every(0),
            passes: Pace::every(0),
            after: None,
            begun_at: None,
            settled: 0,
            failed: BTreeSet::new(),
            held: BTreeSet::new(),
        }
    }

    fn is_due(&self, now: DateTime) -> bool {
        self.pace.is_due(now) && self.passes.is_due(now)
    }

    fn is_failing(&self) -> bool {
        self.pace.is_failing() || self.passes.is_failing()
    }

    /// Back to the oldest care that is open, after some seconds. What was refused is known and not tried twice.
    fn begin_again(&mut self, now: DateTime) -> i64 {
        self.after = None;
        self.held.clear();
        self.passes.failed(now)
    }

    /// The run with what it has come to.
    fn shown(&self, run: &BackfillRun) -> BackfillRun {
        let before = self.begun_at.unwrap_or_default();
        let settled = before.settled + self.settled;
        let failed = before.failed + i64::try_from(self.failed.len()).expect("a book has fewer entries");
        // What was registered while it ran came on top of what it had found.
        BackfillRun { found: run.found.max(settled + failed), settled, failed, ..run.clone() }
    }
}

fn drive(counter: &Counter, run: &BackfillRun, pass: &mut Pass, now: DateTime) -> Result<Went, Stop> {
    if pass.begun_at.is_none() {
        pass.begun_at = Some(as_the_book_says(counter, run)?);
    }
    let (page, last) = page(counter, run, pass)?;
    for mut wave in waves(page) {
        wave.retain(|entry| !pass.held.contains(person(entry)));
        for part in wave.chunks(AT_ONCE) {
            let all_met = settle(counter, run, pass, part, now);
            record(counter, pass.shown(run))?;
            all_met?;
        }
    }
    pass.pace.succeeded(now);
    match last {
        Some(last) => {
            pass.after = Some(last);
            Ok(Went::On)
        }
        None if pass.held.is_empty() => {
            // What came in another order than that of care is put right before the run counts as done.
            let platform = Party::platform("");
            let persons = ordering::marked_persons(counter, &platform, Some(&run.plan), &run.fixmedins_code)?;
            let left = ordering::put_in_order(counter, &persons, now)?.failed.len() as u64;
            if left > 0 {
                return Ok(Went::Through { left });
            }
            finish(counter, run, pass, now)?;
            Ok(Went::ToItsEnd)
        }
        None => Ok(Went::Through { left: pass.held.len() as u64 }),
    }
}

fn as_the_book_says(counter: &Counter, run: &BackfillRun) -> Result<Standing, Stop> {
    let run = run.clone();
    ask(counter, Mode::Read, move |tx| standing(tx, &run)).wait()
}

/// The next entries to be tried in the order of care, and where they end; no end on the last page.
fn page(counter: &Counter, run: &BackfillRun, pass: &Pass) -> Result<(Vec<Entry>, Option<InOrder>), Stop> {
    let filter = EntryFilter { after: pass.after.clone(), ..open_entries(&run.plan, &run.fixmedins_code) };
    let (since, failed) = (run.started_at, pass.failed.clone());
    let asked = ask(counter, Mode::Read, move |tx| {
        let found = tx.entries(&filter, PAGE)?;
        let last = found.last().filter(|_| found.len() == PAGE).map(|entry| (entry.care_from, entry.number.clone()));
        let mut untried = Vec::new();
        for mut entry in found.into_iter().filter(|entry| entry.kind.is_settled()) {
            if !failed.contains(&entry.number) && !was_refused_since(tx, &entry, since)? {
                // Who is known by a document alone is the same person as in the entries that have the number.
                if entry.psn_no.is_empty() {
                    match person_of(tx, &entry) {
                        Ok(known) => entry.psn_no = known.psn_no,
                        Err(Stop::Refused(_)) => {}
                        Err(stop) => return Err(stop),
                    }
                }
                untried.push(entry);
            }
        }
        Ok((untried, last))
    });
    asked.wait()
}

/// Tries a part of a wave; at the end it is an error where one found no room.
fn settle(counter: &Counter, run: &BackfillRun, pass: &mut Pass, part: &[Entry], now: DateTime) -> Result<(), Stop> {
    let asked: Vec<(&Entry, Asked<Attempt, Stop>)> = part
        .iter()
        .map(|entry| {
            let (number, by) = (entry.number.clone(), run.started_by.clone());
            let settling =
                counter.ask(Mode::Write, Party::platform(&entry.fixmedins_code), Lane::Earlier, move |tx, policies| {
                    entry::settle(tx, policies, &number, &by, now)
                });
            (entry, settling)
        })
        .collect();
    let mut turned_away = None;
    for (entry, settling) in asked {
        let met = match settling.wait() {
            Ok(Attempt::Settled) => {
                pass.settled += 1;
                Ok(())
            }
            Ok(Attempt::Finished | Attempt::NotReady(_)) => Ok(()),
            Err(Stop::Refused(refusal)) => {
                let (number, by) = (entry.number.clone(), run.started_by.clone());
                let failing = counter.ask(
                    Mode::Write,
                    Party::platform(&entry.fixmedins_code),
                    Lane::Earlier,
                    move |tx, policies| entry::fail(tx, policies, &number, &refusal, &by, now),
                );
                failing.wait().map(|()| {
                    pass.failed.insert(entry.number.clone());
                })
            }
            Err(stop) => Err(stop),
        };
        match met {
            Ok(()) => {}
            Err(stop @ (Stop::Busy | Stop::Closing)) => turned_away = Some(stop),
            // The entry waits as before, and with it the person's later care; the others go on.
            Err(Stop::Fault(fault)) => {
                pass.held.insert(person(entry).to_owned());
                tracing::error!(entry = %entry.number, causes = fault.chain(), "backfill: an entry met a fault");
            }
            Err(Stop::Refused(refusal)) => {
                pass.held.insert(person(entry).to_owned());
                tracing::error!(entry = %entry.number, %refusal, "backfill: a refusal could not be recorded");
            }
        }
    }
    turned_away.map_or(Ok(()), Err)
}

fn record(counter: &Counter, run: BackfillRun) -> Result<(), Stop> {
    ask(counter, Mode::Write, move |tx| Ok(tx.update_backfill_run(&run)?)).wait()
}

/// Records the end of a run. What others have settled meanwhile is told by the book.
fn finish(counter: &Counter, run: &BackfillRun, pass: &Pass, now: DateTime) -> Result<(), Stop> {
    let (shown, in_the_book) = (pass.shown(run), as_the_book_says(counter, run)?);
    let settled = shown.settled.max(in_the_book.settled.min(shown.found - shown.failed));
    // A clock that was set back since does not make it end before it began.
    let finished_at = Some(now.max(run.started_at));
    record(counter, BackfillRun { settled, finished_at, ..shown })
}

/// Work of the platform in the lane of earlier days, on the book alone.
fn ask<T: Send + 'static>(
    counter: &Counter,
    mode: Mode,
    mut work: impl FnMut(&mut dyn Tx) -> Result<T, Stop> + Send + 'static,
) -> Asked<T, Stop> {
    counter.ask(mode, Party::platform(""), Lane::Earlier, move |tx, _| work(tx))
}

/// Who is the same in two entries.
fn person(entry: &Entry) -> &str {
    if entry.psn_no.is_empty() { &entry.certno } else { &entry.psn_no }
}

/// Entries in the order of care, in waves that hold each person once.
fn waves(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut waves: Vec<Vec<Entry>> = Vec::new();
    let mut of_person: BTreeMap<String, usize> = BTreeMap::new();
    for entry in entries {
        let wave = of_person.get(person(&entry)).map_or(0, |last| last + 1);
        of_person.insert(person(&entry).to_owned(), wave);
        if waves.len() == wave {
            waves.push(Vec::new());
        }
        waves[wave].push(entry);
    }
    waves
}
