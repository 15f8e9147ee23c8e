//! The platform in one value: the books with their workers, the rules, the plans in force.

pub(crate) mod queue;
pub(crate) mod worker;

use crate::call::{Answer, Call, Stop};
use crate::observe::Observer;
use crate::platform::queue::{Lane, Queue};
use crate::platform::worker::{BookWork, Job, Worker};
use crate::policies::Policies;
use crate::policies::items::KnownItems;
use crate::policies::plans::PlansInForce;
use crate::run::offered;
use crate::run::offered::Leaves;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use yibao_domain::calendar::Calendar;
use yibao_domain::code::Pool;
use yibao_domain::outage::Plan;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{FieldKind, NO_PLAN, WorkTable};
use yibao_domain::time::DateTime;
use yibao_interface::Catalogue;
use yibao_policy::plan::known_businesses;
use yibao_policy::rules::{PoolInfo, RuleBook};
use yibao_store::reference::Provider;
use yibao_store::{Book, Fault, Mode, Store, Tx, Writing};

/// How many calls may wait for a pool's writer or readers before the next one is turned away.
const QUEUE_LENGTH_MAX: usize = 10_000;
/// Reading threads a pool.
const READERS: usize = 2;
/// How long a provider's master record is taken from memory; what `yibao load` changes shows after that.
const PROVIDER_FRESH: Duration = Duration::from_secs(15);

/// What the platform is built from.
pub struct Parts {
    /// Where it remembers.
    pub store: Arc<dyn Store>,
    /// The pools that this process serves; each has rules.
    pub pools: Vec<Pool>,
    /// Benefit rules of all pools.
    pub rules: Arc<RuleBook>,
    /// Working days, by which deadlines are counted.
    pub calendar: Arc<Calendar>,
    /// Outage plans, besides those that are published in the books.
    pub plans: Arc<Vec<Plan>>,
    /// Kinds of work with their steps and fields.
    pub work: Arc<WorkTable>,
    /// Who watches.
    pub observer: Arc<dyn Observer>,
    /// Where the serial of reply ids starts, so that a restart does not repeat them.
    pub reply_serial: u64,
}

/// Takes calls, and answers each one when it is durable.
pub struct Platform {
    calendar: Arc<Calendar>,
    rules: Arc<RuleBook>,
    plans: Arc<PlansInForce>,
    work: Arc<WorkTable>,
    queues: HashMap<Pool, Arc<Queues>>,
    directory: Directory,
    reply_serial: AtomicU64,
    workers: Mutex<Vec<JoinHandle<()>>>,
    /// Wakes the thread that drives a pool's backfill.
    drivers: Mutex<HashMap<Pool, mpsc::Sender<()>>>,
}

/// The queues of one pool; closed once the platform stops.
struct Queues {
    writing: Arc<Queue<Job>>,
    reading: Arc<Queue<Job>>,
}

/// Providers' master records, kept for a moment.
struct Directory {
    book: Mutex<Box<dyn Book>>,
    known: Mutex<HashMap<String, (Instant, Arc<Provider>)>>,
}

impl Platform {
    /// Opens the books and starts their workers.
    pub fn start(parts: Parts) -> Result<Platform, Fault> {
        let mut of_pools = HashMap::new();
        let mut workers = Vec::new();
        let served = |info: &&PoolInfo| parts.pools.contains(&info.pool);
        let pools: Vec<&PoolInfo> = parts.rules.pools().iter().filter(served).collect();
        let mut books = Vec::new();
        for pool in &pools {
            books.push((pool.pool.clone(), parts.store.open(&pool.pool)?));
        }
        let plans = Arc::new(PlansInForce::new(parts.plans.to_vec(), books)?);
        know_the_codes(&parts.work)?;
        for pool in &pools {
            know_the_work(parts.store.open(&pool.pool)?.as_mut(), &pool.pool, &plans.now())?;
            let policies = Arc::new(Policies {
                pool: (*pool).clone(),
                rules: parts.rules.clone(),
                plans_in_force: plans.clone(),
                calendar: parts.calendar.clone(),
                businesses: known_businesses(),
                tables: Catalogue::national(),
                work: parts.work.clone(),
                known_items: KnownItems::default(),
            });
            let worker = |book| Worker { book, policies: policies.clone(), observer: parts.observer.clone() };
            let queues = Arc::new(Queues {
                writing: Arc::new(Queue::new(QUEUE_LENGTH_MAX)),
                reading: Arc::new(Queue::new(QUEUE_LENGTH_MAX)),
            });
            let Writing { writers, calls_per_transaction } = parts.store.writing(&pool.pool);
            for number in 0..writers {
                let (writer, jobs) = (worker(parts.store.open(&pool.pool)?), queues.writing.clone());
                let name = format!("write-{}-{number}", pool.pool);
                workers.push(start_thread(name, move || writer.write(&jobs, calls_per_transaction))?);
            }
            for number in 0..READERS {
                let (reader, jobs) = (worker(parts.store.open(&pool.pool)?), queues.reading.clone());
                workers.push(start_thread(format!("read-{}-{number}", pool.pool), move || reader.read(&jobs))?);
            }
            of_pools.insert(pool.pool.clone(), queues);
        }
        let first = pools.first().ok_or_else(|| Fault::new("starting", "rules", "no pool has rules"))?;
        let directory = Directory { book: Mutex::new(parts.store.open(&first.pool)?), known: Mutex::default() };
        Ok(Platform {
            calendar: parts.calendar,
            rules: parts.rules,
            plans,
            work: parts.work,
            queues: of_pools,
            directory,
            reply_serial: AtomicU64::new(parts.reply_serial),
            workers: Mutex::new(workers),
            drivers: Mutex::default(),
        })
    }

    /// The working days that deadlines go by.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The rules.
    pub fn rules(&self) -> &RuleBook {
        &self.rules
    }

    /// The kinds of work with their steps and fields.
    pub fn work(&self) -> &Arc<WorkTable> {
        &self.work
    }

    /// The plans in force at this moment.
    pub fn plans(&self) -> Arc<Vec<Plan>> {
        self.plans.now()
    }

    /// Takes up what has been published or entered since, here or by another process. To be called every second.
    pub fn take_up_plans(&self) -> Result<(), Fault> {
        self.plans.take_up()
    }

    /// The pools that this process serves.
    pub fn pools(&self) -> Vec<Pool> {
        let served = |info: &&PoolInfo| self.queues.contains_key(&info.pool);
        self.rules.pools().iter().filter(served).map(|info| info.pool.clone()).collect()
    }

    /// Whether a transaction has a handler of its own here.
    pub fn offers(infno: &str) -> bool {
        offered::find(infno).is_some()
    }

    /// The provider with this code, where it was looked up a moment ago.
    pub fn provider_in_memory(&self, fixmedins_code: &str) -> Option<Arc<Provider>> {
        let known = self.directory.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(fixmedins_code).filter(|(seen, _)| seen.elapsed() < PROVIDER_FRESH).map(|(_, found)| found.clone())
    }

    /// The provider with this code, from memory or from the store, and then it blocks.
    pub fn provider(&self, fixmedins_code: &str) -> Result<Option<Arc<Provider>>, Fault> {
        if let Some(found) = self.provider_in_memory(fixmedins_code) {
            return Ok(Some(found));
        }
        let mut found = None;
        self.directory.book.lock().unwrap_or_else(PoisonError::into_inner).transact(Mode::Read, &mut |tx| {
            found = tx.provider(fixmedins_code)?.map(Arc::new);
            Ok(())
        })?;
        if let Some(found) = &found {
            let mut known = self.directory.known.lock().unwrap_or_else(PoisonError::into_inner);
            known.insert(fixmedins_code.to_owned(), (Instant::now(), found.clone()));
        }
        Ok(found)
    }

    /// Queues a call for its pool's workers; `reply` is called once, from a worker thread.
    pub fn submit(&self, call: Call, reply: Box<dyn FnOnce(Result<Answer, Stop>) + Send>) {
        let Some(queues) = self.queues_of(&call.provider) else {
            let text = format!(
                "机构 {} 的医保区划 {} 不属于这里办理的统筹区；请核对机构登记信息和接入地址",
                call.provider.fixmedins_code, call.provider.admdvs
            );
            return reply(Err(Refusal::new(Code::UnknownProvider, text).into()));
        };
        let reads = offered::find(&call.infno).is_none_or(|offered| offered.leaves == Leaves::Nothing);
        // Computed here, by the caller's thread: the writer's time is the dearest.
        call.input.digest();
        let queue = if reads { &queues.reading } else { &queues.writing };
        let (provider, lane) = (call.provider.clone(), lane(&call));
        if let Err(job) = queue.push(&provider.fixmedins_code, lane, Job::Call { call: Box::new(call), reply }) {
            job.turn_away();
        }
    }

    /// Queues work on a pool's book, with its turn under `key` (a provider's code; empty: the agency). It has a
    /// savepoint of its own: what it returns as an error leaves nothing behind.
    pub(crate) fn ask<T, E>(&self, place: Place<'_>, work: impl BookTask<T, E>) -> Asked<T, E>
    where
        T: Send + 'static,
        E: From<Stop> + Send + 'static,
    {
        match self.counter(place.pool) {
            Some(counter) => counter.ask(place.mode, place.key, place.lane, work),
            None => Asked { answer: mpsc::channel().1 },
        }
    }

    /// Starts a thread beside the workers that drives a pool's runs whenever it is woken, the first time at once.
    pub(crate) fn start_driver(
        &self,
        pool: &Pool,
        work: impl FnOnce(&Receiver<()>) + Send + 'static,
    ) -> Result<(), Fault> {
        let (wake, woken) = mpsc::channel();
        let driver = start_thread(format!("backfill-{pool}"), move || work(&woken))?;
        self.workers.lock().unwrap_or_else(PoisonError::into_inner).push(driver);
        // Nobody listens only where the thread has ended, and then nothing is to be woken.
        let _ = wake.send(());
        self.drivers.lock().unwrap_or_else(PoisonError::into_inner).insert(pool.clone(), wake);
        Ok(())
    }

    /// Has the runs of a pool looked at.
    pub(crate) fn wake_backfill(&self, pool: &Pool) {
        let drivers = self.drivers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wake) = drivers.get(pool) {
            // A platform that stops drives no more; the run goes on when it starts again.
            let _ = wake.send(());
        }
    }

    /// Where work on the book of a pool that this process serves is handed in.
    pub(crate) fn counter(&self, pool: &Pool) -> Option<Counter> {
        self.queues.get(pool).map(|queues| Counter { pool: pool.clone(), queues: queues.clone() })
    }

    /// The platform's own id for a reply (接收方报文ID): division (6) + time (14) + serial (10).
    pub fn reply_id(&self, provider: Option<&Provider>, now: DateTime) -> String {
        let division = provider
            .and_then(|provider| self.rules.pool_of_area(&provider.admdvs))
            .or_else(|| self.rules.pools().first())
            .map_or("000000", |pool| pool.pool.as_str());
        let serial = self.reply_serial.fetch_add(1, Ordering::Relaxed) % 10_000_000_000;
        format!("{division}{}{serial:010}", now.strftime("%Y%m%d%H%M%S"))
    }

    /// Stops taking calls, answers those that wait, and closes the books.
    pub fn stop(&self) {
        self.drivers.lock().unwrap_or_else(PoisonError::into_inner).clear();
        for queues in self.queues.values() {
            queues.writing.close();
            queues.reading.close();
        }
        let workers = std::mem::take(&mut *self.workers.lock().unwrap_or_else(PoisonError::into_inner));
        for worker in workers {
            if worker.join().is_err() {
                tracing::error!("a worker ended in a panic");
            }
        }
    }

    fn queues_of(&self, provider: &Provider) -> Option<&Queues> {
        self.queues.get(&self.rules.pool_of_area(&provider.admdvs)?.pool).map(Arc::as_ref)
    }
}

/// The platform's time, wherever it is asked for.
pub type Clock = Arc<dyn Fn() -> DateTime + Send + Sync>;

/// Where work on one pool's book is handed in.
#[derive(Clone)]
pub(crate) struct Counter {
    pub pool: Pool,
    queues: Arc<Queues>,
}

impl Counter {
    /// Queues work with its turn under `key` (a provider's code; empty: the agency). It has a savepoint of its own: what it
    /// returns as an error leaves nothing behind.
    pub fn ask<T, E>(&self, mode: Mode, key: &str, lane: Lane, work: impl BookTask<T, E>) -> Asked<T, E>
    where
        T: Send + 'static,
        E: From<Stop> + Send + 'static,
    {
        let (answer_to, answer) = mpsc::channel();
        let queue = match mode {
            Mode::Read => &self.queues.reading,
            Mode::Write => &self.queues.writing,
        };
        if let Err(job) = queue.push(key, lane, Job::Work(book_work(work, answer_to))) {
            job.turn_away();
        }
        Asked { answer }
    }
}

/// Where work waits: in which pool's queue, under whose turn, in which lane.
#[derive(Clone, Copy)]
pub(crate) struct Place<'a> {
    pub pool: &'a Pool,
    pub mode: Mode,
    pub key: &'a str,
    pub lane: Lane,
}

/// Work on a book; it may be run again from the start.
pub(crate) trait BookTask<T, E>: FnMut(&mut dyn Tx, &Policies) -> Result<T, E> + Send + 'static {}
impl<T, E, F: FnMut(&mut dyn Tx, &Policies) -> Result<T, E> + Send + 'static> BookTask<T, E> for F {}

/// Work that was asked for.
pub(crate) struct Asked<T, E> {
    answer: Receiver<Result<T, E>>,
}

impl<T, E: From<Stop>> Asked<T, E> {
    /// Blocks until it is durable, or is not done.
    pub fn wait(self) -> Result<T, E> {
        // Nobody answers where the queue was full or closed.
        self.answer.recv().unwrap_or_else(|_| Err(Stop::Busy.into()))
    }
}

fn book_work<T, E>(mut work: impl BookTask<T, E>, answer_to: mpsc::Sender<Result<T, E>>) -> BookWork
where
    T: Send + 'static,
    E: From<Stop> + Send + 'static,
{
    let slot = Arc::new(Mutex::new(None));
    let made = slot.clone();
    BookWork {
        work: Box::new(move |tx, policies| {
            let outcome = work(tx, policies);
            let is_kept = outcome.is_ok();
            *made.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            is_kept
        }),
        done: Box::new(move |committed| {
            let outcome = slot.lock().unwrap_or_else(PoisonError::into_inner).take();
            let answer = match (committed, outcome) {
                (Ok(()), Some(outcome)) => outcome,
                (Ok(()), None) => Err(Stop::Fault(Fault::new("working at", "the policies", "nothing was run")).into()),
                (Err(fault), _) => Err(Stop::Fault(fault).into()),
            };
            // Who asked may have gone away; the work is done all the same.
            let _ = answer_to.send(answer);
        }),
    }
}

/// The lane by the days of care that the message names; what names none is of today.
fn lane(call: &Call) -> Lane {
    let today = call.now.date().to_string();
    let first_rows = call.input.names().filter_map(|name| call.input.nodes(name).first());
    let mut days = first_rows.flat_map(|row| [row.text("begntime"), row.text("fee_ocur_time")]);
    // Days are written as yyyy-MM-dd and so order as text.
    let is_earlier = |day: &str| !day.is_empty() && day < today.as_str();
    if days.any(is_earlier) { Lane::Earlier } else { Lane::Today }
}

fn start_thread(name: String, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, Fault> {
    thread::Builder::new().name(name.clone()).spawn(work).map_err(|error| Fault::new("starting worker", name, error))
}

/// Refuses a book with entries of a kind that no table has: every list of it would fail, and nobody could say why.
fn know_the_work(book: &mut dyn Book, pool: &Pool, plans: &[Plan]) -> Result<(), Fault> {
    let own = plans.iter().filter(|plan| plan.pool == *pool).map(|plan| plan.id.as_str());
    for plan in own.chain([NO_PLAN]) {
        book.transact(Mode::Read, &mut |tx| tx.count_entries(plan).map(drop)).map_err(|fault| {
            let what = "its registers hold a kind or state that no table has; is --registers given?";
            Fault::new("reading the registers of", pool.as_str(), format!("{what}: {}", fault.chain()))
        })?;
    }
    Ok(())
}

/// Refuses a field whose national code table is none: nothing that anybody states in it would ever do.
fn know_the_codes(work: &WorkTable) -> Result<(), Fault> {
    for field in &work.fields.fields {
        if let FieldKind::Code(table) = &field.holds
            && Catalogue::national().codes(table).is_none()
        {
            return Err(Fault::new("reading the field", field.name.as_str(), format!("no code table {table}")));
        }
    }
    Ok(())
}
