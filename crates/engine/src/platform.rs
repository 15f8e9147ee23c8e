//! The platform in one value: the books with their workers, the rules, the plans in force.
//!
//! It starts no thread and reads no clock: its workers do something when somebody drives them, and time is told with each
//! call. The binary gives every worker and every reconciler a thread; a test drives all of them on one.

pub(crate) mod counter;
mod crew;
mod directory;
mod lane;
pub(crate) mod pace;
pub(crate) mod queue;
pub(crate) mod worker;

pub use queue::Places;
pub use worker::Worker;

use crate::call::{Call, ReplyTo, not_of_this_platform};
use crate::facts::question;
use crate::observe::Observer;
use crate::platform::counter::{Counter, Queues};
use crate::platform::crew::Crew;
use crate::platform::directory::Directory;
use crate::platform::lane::CareOfToday;
use crate::platform::queue::{Lane, Queue};
use crate::platform::worker::{Does, Job};
use crate::policies::Policies;
use crate::policies::in_flight::KnownInFlight;
use crate::policies::items::KnownItems;
use crate::policies::plans::PlansInForce;
use crate::run::not_offered;
use crate::run::offered;
use crate::run::offered::Leaves;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::calendar::Calendar;
use yibao_domain::code::Pool;
use yibao_domain::outage::{Plan, Records};
use yibao_domain::refusal::Refusal;
use yibao_domain::register::{FieldKind, NO_PLAN, WorkTable};
use yibao_domain::time::DateTime;
use yibao_interface::{Catalogue, CodeMatch, Transaction, receiver_msgid};
use yibao_policy::plan::known_businesses;
use yibao_policy::rules::{PoolInfo, RuleBook};
use yibao_store::reference::Provider;
use yibao_store::{Book, Fault, Mode, Store, Writing};

/// Readers a pool.
const READERS: usize = 2;

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
    /// How many may wait for a pool's writers, and as many for its readers.
    pub places: Places,
}

/// What a transaction does here.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Service {
    /// It records something, once.
    Records,
    /// It asks or tries out, and leaves nothing behind.
    Asks,
    /// It deposits documents, which are kept once and corrected by their keys.
    Deposits,
    /// It is known and not answered.
    NotOffered,
}

/// Takes calls, and answers each one when it is durable.
pub struct Platform {
    calendar: Arc<Calendar>,
    rules: Arc<RuleBook>,
    plans: Arc<PlansInForce>,
    work: Arc<WorkTable>,
    queues: BTreeMap<Pool, Arc<Queues>>,
    crew: Arc<Crew>,
    directory: Directory,
    care_of_today: CareOfToday,
    observer: Arc<dyn Observer>,
    reply_serial: AtomicU64,
    bells: Mutex<Bells>,
}

/// Who is to be told that something has been done in a pool that something else works on by itself.
enum Bells {
    Open(Vec<(Pool, Sender<()>)>),
    /// The platform stops.
    Closed,
}

impl Platform {
    /// Opens the books. Nothing is answered until the workers are driven: by who takes them ([`Platform::workers`]), or by
    /// [`Platform::step`].
    pub fn open(parts: Parts) -> Result<Platform, Fault> {
        let served = |info: &&PoolInfo| parts.pools.contains(&info.pool);
        let pools: Vec<&PoolInfo> = parts.rules.pools().iter().filter(served).collect();
        let mut books = Vec::new();
        for pool in &pools {
            books.push((pool.pool.clone(), parts.store.open(&pool.pool)?));
        }
        let plans = Arc::new(PlansInForce::new(parts.plans.to_vec(), books)?);
        know_the_codes(&parts.work)?;
        let (mut queues, mut workers) = (BTreeMap::new(), Vec::new());
        for pool in &pools {
            know_the_work(parts.store.open(&pool.pool)?.as_mut(), &pool.pool, &plans.now())?;
            parts.observer.unreadable_plans(pool.pool.as_str(), plans.unreadable(&pool.pool));
            let of_pool = Arc::new(Queues {
                writing: Arc::new(Queue::new(parts.places, Job::weight)),
                reading: Arc::new(Queue::new(parts.places, Job::weight)),
            });
            workers.extend(workers_of(&parts, pool, &plans, &of_pool)?);
            queues.insert(pool.pool.clone(), of_pool);
        }
        let asked = pools.iter().map(|info| parts.store.open(&info.pool)).collect::<Result<Vec<_>, Fault>>()?;
        if asked.is_empty() {
            return Err(Fault::new("starting", "rules", "no pool has rules"));
        }
        Ok(Platform {
            directory: Directory::new(asked),
            calendar: parts.calendar,
            rules: parts.rules,
            plans,
            work: parts.work,
            queues,
            crew: Arc::new(Crew::new(workers)),
            care_of_today: CareOfToday::default(),
            observer: parts.observer,
            reply_serial: AtomicU64::new(parts.reply_serial),
            bells: Mutex::new(Bells::Open(Vec::new())),
        })
    }

    /// Hands out the workers, each to be driven by whoever takes it, until the platform is closed and nothing waits.
    pub fn workers(&self) -> Vec<Worker> {
        self.crew.leave()
    }

    /// Has each worker that nobody has taken do what waits for it; `false` where nothing waited.
    pub fn step(&self) -> bool {
        self.crew.step()
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

    /// The plans that the platform was started with; what has been published since may have replaced them.
    pub fn given_plans(&self) -> &[Plan] {
        self.plans.given()
    }

    /// Takes up what has been published or entered in a pool since, here or by another process.
    pub(crate) fn take_up_plans(&self, pool: &Pool) -> Result<(), Fault> {
        self.plans.take_up(pool)?;
        self.observer.unreadable_plans(pool.as_str(), self.plans.unreadable(pool));
        Ok(())
    }

    /// Who watches.
    pub(crate) fn observer(&self) -> &Arc<dyn Observer> {
        &self.observer
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

    /// What a transaction does here, as documentation says it.
    pub fn service(infno: &str) -> Service {
        match offered::find(infno).map(|offered| offered.leaves) {
            None => Service::NotOffered,
            Some(Leaves::Nothing) => Service::Asks,
            Some(Leaves::Documents) => Service::Deposits,
            Some(Leaves::Records) => Service::Records,
        }
    }

    /// Why a transaction of the table is not answered here; `None` where it is.
    pub fn declines(transaction: &Transaction) -> Option<Refusal> {
        (!Platform::offers(&transaction.infno)).then(|| not_offered(&transaction.infno, &transaction.name))
    }

    /// The provider with this code, where it was looked up a moment ago.
    pub fn provider_in_memory(&self, fixmedins_code: &str, now: DateTime) -> Option<Arc<Provider>> {
        self.directory.in_memory(fixmedins_code, now)
    }

    /// The provider with this code, from memory or from the store, and then it blocks.
    pub fn provider(&self, fixmedins_code: &str, now: DateTime) -> Result<Option<Arc<Provider>>, Fault> {
        self.directory.find(fixmedins_code, now)
    }

    /// What plans are told of a provider by its record, here as at the gate.
    pub fn records_of(&self, provider: &Provider) -> Records {
        question::of_provider(provider)
    }

    /// Queues a call for its pool's workers; `reply` is called once, by a worker or at once.
    pub fn submit(&self, call: Call, reply: ReplyTo) {
        let Some(queues) = self.queues_of(&call.admdvs) else {
            return reply(Err(not_of_this_platform(&call.party, &call.admdvs).into()));
        };
        let leaves = offered::find(&call.infno).map_or(Leaves::Nothing, |offered| offered.leaves);
        let reads = leaves == Leaves::Nothing;
        // Computed here, by the caller's thread: the writer's time is the dearest.
        call.input.digest();
        let queue = if reads { &queues.reading } else { &queues.writing };
        let reply = if reads { reply } else { self.care_of_today.learning(&call, reply) };
        let (today, encounter) = (call.now.date(), lane::encounter_of(&call));
        let lane = match lane::named(&call) {
            // Whatever day they are about: a night's upload never stands before a patient.
            _ if leaves == Leaves::Documents => Some(Lane::Uploads),
            // What only asks holds no writer.
            None if reads || encounter.is_empty() || self.care_of_today.has(encounter, today) => Some(Lane::Today),
            named => named,
        };
        let call = Box::new(call);
        match lane {
            Some(lane) => queue.hand_in(lane, Job::Call { call, reply }),
            None => queues.reading.hand_in(Lane::Today, Job::FindLane { call, reply, queue: queues.writing.clone() }),
        }
    }

    /// What hears that something has been done in a pool; closed once the platform stops.
    pub(crate) fn bell(&self, pool: &Pool) -> Receiver<()> {
        let (rings, heard) = mpsc::channel();
        if let Bells::Open(bells) = &mut *self.bells() {
            bells.push((pool.clone(), rings));
        }
        heard
    }

    /// Has what works by itself look at a pool at once.
    pub(crate) fn ring(&self, pool: &Pool) {
        if let Bells::Open(bells) = &*self.bells() {
            for (_, bell) in bells.iter().filter(|(of, _)| of == pool) {
                // Nobody listens only where nothing works by itself.
                let _ = bell.send(());
            }
        }
    }

    fn bells(&self) -> std::sync::MutexGuard<'_, Bells> {
        self.bells.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where work on the book of a pool that this process serves is handed in.
    pub(crate) fn counter(&self, pool: &Pool) -> Option<Counter> {
        let queues = self.queues.get(pool)?.clone();
        Some(Counter { pool: pool.clone(), queues, crew: self.crew.clone() })
    }

    /// The platform's own id for a reply (接收方报文ID): division (6) + time (14) + serial (10).
    pub fn reply_id(&self, provider: Option<&Provider>, now: DateTime) -> String {
        let division = provider
            .and_then(|provider| self.rules.pool_of_area(&provider.admdvs))
            .or_else(|| self.rules.pools().first())
            .map_or("000000", |pool| pool.pool.as_str());
        receiver_msgid(division, now, self.reply_serial.fetch_add(1, Ordering::Relaxed))
    }

    /// Takes no more calls. Those that wait are answered: here by the workers that nobody has taken, else by who drives
    /// them, whose [`Worker::run`] then ends, as every reconciler does.
    pub fn stop(&self) {
        *self.bells() = Bells::Closed;
        for queues in self.queues.values() {
            queues.writing.close();
            queues.reading.close();
        }
        while self.crew.step() {}
    }

    fn queues_of(&self, admdvs: &str) -> Option<&Queues> {
        self.queues.get(&self.rules.pool_of_area(admdvs)?.pool).map(Arc::as_ref)
    }
}

/// A pool's workers, the writers first.
fn workers_of(
    parts: &Parts,
    pool: &PoolInfo,
    plans: &Arc<PlansInForce>,
    queues: &Queues,
) -> Result<Vec<Worker>, Fault> {
    let policies = Arc::new(Policies {
        pool: pool.clone(),
        rules: parts.rules.clone(),
        plans_in_force: plans.clone(),
        calendar: parts.calendar.clone(),
        businesses: known_businesses(),
        tables: Catalogue::national(),
        work: parts.work.clone(),
        known_items: KnownItems::default(),
        in_flight: KnownInFlight::default(),
    });
    let Writing { writers, calls_per_transaction } = parts.store.writing(&pool.pool);
    let writing = (0..writers).map(|number| ("write", number, &queues.writing, Does::Write { calls_per_transaction }));
    let reading = (0..READERS).map(|number| ("read", number, &queues.reading, Does::Read));
    let mut workers = Vec::new();
    for (what, number, jobs, does) in writing.chain(reading) {
        let book: Box<dyn Book> = parts.store.open(&pool.pool)?;
        workers.push(Worker {
            name: format!("{what}-{}-{number}", pool.pool),
            book,
            policies: policies.clone(),
            observer: parts.observer.clone(),
            jobs: jobs.clone(),
            does,
        });
    }
    Ok(workers)
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

/// Refuses a field whose national code table is none: nothing that anybody states in it would ever do. The same of a way to say a code
/// that is none.
fn know_the_codes(work: &WorkTable) -> Result<(), Fault> {
    for spoken in &work.spoken {
        let table = Catalogue::national().codes(&spoken.table);
        if !table.is_some_and(|table| matches!(table.matches(&spoken.code), CodeMatch::Known(_))) {
            let what = format!("no code {} in a table {}", spoken.code, spoken.table);
            return Err(Fault::new("reading the way to say", spoken.said.as_str(), what));
        }
    }
    for field in &work.fields.fields {
        if let FieldKind::Code(table) = &field.holds
            && Catalogue::national().codes(table).is_none()
        {
            return Err(Fault::new("reading the field", field.name.as_str(), format!("no code table {table}")));
        }
    }
    Ok(())
}
