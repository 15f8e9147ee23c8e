//! The platform of a city in virtual time: nothing in it goes by a clock, a thread or a randomness of its own, so the same deeds
//! give the same books, byte for byte.
//!
//! Whatever a till, a clerk or the agency does goes through one of its doors ([`Office::send`], [`Office::register`], …) under a
//! number of its own ([`Turn`]): sent again under that number it counts once. Faults lie in wait behind the doors
//! ([`through`]).

mod here;
mod moving_in;
mod process;
mod rounds;
mod taken_back;
mod through;
mod told;
mod turn;

pub use here::Here;
pub use process::{Hand, Host, Message, Opening, Process};
pub use told::{Told, with_remarks};
pub use turn::Turn;

use crate::city::{City, Place};
use crate::faults::{Faults, Level, Trap};
use here::AtHome;
use jiff::civil::{Date, DateTime};
use process::Late;
use rounds::Rounds;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::outage::{Plan, RegisterKind};
use yibao_domain::register::{Action, Entry, EntryLine, Stated, WorkTable};
use yibao_engine::desks::backfill::Awaiting;
use yibao_engine::desks::registers::{Actor, Board, EntryView, NewEntry, Outcome, SheetRow, Verdict};
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Places, Platform, Worker};
use yibao_policy::rules::RuleBook;
use yibao_store::outage::BackfillRun;
use yibao_store::{Book, Fault, Mode, Store, Tx};

/// Persons who move in together.
const MOVE_IN: u64 = 10_000;

/// A store that is empty, for one course.
#[derive(Clone)]
pub struct Ground {
    /// The store.
    pub store: Arc<dyn Store>,
    trap: Option<Arc<Trap>>,
    host: Arc<dyn Host>,
}

impl Ground {
    /// A store with the trap that it was opened with, where faults are to befall it.
    pub fn with_trap(store: Arc<dyn Store>, trap: Arc<Trap>) -> Ground {
        Ground { trap: Some(trap), ..Ground::from(store) }
    }

    /// A store on which this host starts the processes of the platform.
    pub fn with_host(store: Arc<dyn Store>, host: Arc<dyn Host>) -> Ground {
        Ground { store, trap: None, host }
    }
}

impl From<Arc<dyn Store>> for Ground {
    fn from(store: Arc<dyn Store>) -> Ground {
        Ground { store, trap: None, host: Arc::new(AtHome) }
    }
}

/// What an office is opened with.
pub struct Furnishing {
    /// Where it remembers.
    pub ground: Ground,
    /// Benefit rules.
    pub rules: Arc<RuleBook>,
    /// Kinds of work.
    pub work: Arc<WorkTable>,
    /// Plans in force.
    pub plans: Vec<Plan>,
    /// How much goes wrong.
    pub faults: Level,
}

/// A process that runs.
struct Running {
    process: Box<dyn Process>,
    /// Seconds that its clock is ahead.
    ahead: i64,
}

/// The platform with the books of one pool.
pub struct Office {
    host: Arc<dyn Host>,
    opening: Opening,
    processes: RefCell<Vec<Running>>,
    /// Books that nobody asks just now; each is asked by one at a time.
    readers: Arc<Mutex<Vec<Box<dyn Book>>>>,
    /// Where it remembers.
    pub store: Arc<dyn Store>,
    /// Kinds of work.
    pub work: Arc<WorkTable>,
    /// The pool.
    pub pool: Pool,
    area: String,
    clock: Cell<DateTime>,
    turns: RefCell<BTreeMap<u64, u64>>,
    faults: Faults,
    late: RefCell<Vec<Late>>,
    hours: Cell<u64>,
    /// Whether what the platform does by itself is driven from here.
    tends: Cell<bool>,
    disagreements: RefCell<Vec<String>>,
    /// Numbers of messages that were taken back.
    taken_back: RefCell<BTreeSet<String>>,
}

impl Office {
    /// Opens the books of a city, with all that is known before its time begins: people, providers, catalogue.
    pub fn open(city: &City, furnishing: Furnishing) -> Result<Office, Fault> {
        Office::open_watched(city, city.persons, furnishing, &mut |_| ())
    }

    /// The same, where only the first so many people of the city move in; `moved_in` is told how many are there.
    pub fn open_watched(
        city: &City,
        people: u64,
        furnishing: Furnishing,
        moved_in: &mut dyn FnMut(u64),
    ) -> Result<Office, Fault> {
        let Furnishing { ground: Ground { store, trap, host }, rules, work, plans, faults } = furnishing;
        let mut book = store.open(&city.pool)?;
        book.transact(Mode::Write, &mut |tx| moving_in::settle_in(tx, city))?;
        let mut first = 0;
        while first < people {
            let persons = first..people.min(first + MOVE_IN);
            first = persons.end;
            book.transact(Mode::Write, &mut |tx| moving_in::move_in(tx, city, persons.clone()))?;
            moved_in(first);
        }
        let faults = Faults::new(city.seed, faults);
        let other = rules.pools().iter().map(|info| &info.pool).find(|pool| **pool != city.pool);
        let ruined = other.filter(|_| faults.level() >= Level::All).cloned();
        let pools = std::iter::once(city.pool.clone()).chain(ruined.clone()).collect();
        let places = faults.places().map_or_else(Places::default, |callers| Places { callers, ..Places::default() });
        let rounds = Arc::new(Rounds::default());
        let opening =
            Opening { store: store.clone(), pools, rules, work: work.clone(), plans, places, rounds, trap, ruined };
        let begins = city.begins.at(0, 0, 0, 0);
        let started = |ahead| Ok(Running { process: host.start(&opening, begins)?, ahead });
        let processes: Result<Vec<Running>, Fault> = faults.clocks().into_iter().map(started).collect();
        let area = city.places.first().map_or_else(|| city.pool.as_str().to_owned(), |place| place.division.clone());
        Ok(Office {
            processes: RefCell::new(processes?),
            host,
            opening,
            readers: Arc::new(Mutex::new(vec![book])),
            store,
            work,
            pool: city.pool.clone(),
            area,
            clock: Cell::new(begins),
            turns: RefCell::default(),
            faults,
            late: RefCell::default(),
            hours: Cell::default(),
            tends: Cell::new(true),
            disagreements: RefCell::default(),
            taken_back: RefCell::default(),
        })
    }

    /// An office at the same engine, with a clock and turns of its own; what the platform does by itself is left to this one.
    pub fn beside(&self) -> Office {
        let beside = |running: &Running| {
            let process: Box<dyn Process> = Box::new(Here::beside(running.process.platform(), &self.opening));
            Running { process, ahead: running.ahead }
        };
        Office {
            processes: RefCell::new(self.processes.borrow().iter().map(beside).collect()),
            host: self.host.clone(),
            opening: self.opening.clone(),
            readers: self.readers.clone(),
            store: self.store.clone(),
            work: self.work.clone(),
            pool: self.pool.clone(),
            area: self.area.clone(),
            clock: self.clock.clone(),
            turns: RefCell::default(),
            faults: self.faults,
            late: RefCell::default(),
            hours: Cell::default(),
            tends: Cell::new(false),
            disagreements: RefCell::default(),
            taken_back: RefCell::default(),
        }
    }

    /// The workers, to be driven by who takes them; else each message drives them.
    pub fn workers(&self) -> Vec<Worker> {
        self.platform().workers()
    }

    /// What the platform does by itself, to be driven by who takes it ([`Office::round`]); [`Office::tend`] has nothing left.
    pub fn reconcilers(&self) -> Vec<Reconciler> {
        self.tends.set(false);
        self.platform().reconcilers()
    }

    /// Has one of them do what is due now.
    pub fn round(&self, reconciler: &mut Reconciler) -> Next {
        reconciler.round(&self.platform(), self.now())
    }

    /// Has the platform take no more work; who drives workers and reconcilers is told so.
    pub fn stop(&self) {
        self.platform().stop();
    }

    /// How many messages and forms were sent from here.
    pub fn sent(&self) -> u64 {
        self.turns.borrow().values().sum()
    }

    /// The present moment of the city.
    pub fn now(&self) -> DateTime {
        self.clock.get()
    }

    /// Time goes on.
    pub fn at(&self, now: DateTime) {
        self.clock.set(now.max(self.clock.get()));
    }

    /// The platform that answers questions now, for who serves it to others beside; after a crash it is another.
    pub fn platform(&self) -> Arc<Platform> {
        self.processes.borrow()[0].process.platform()
    }

    /// By how many seconds the clock of a process is ahead at most.
    pub(crate) fn clocks_differ(&self) -> i64 {
        self.faults.clocks().into_iter().max().unwrap_or(0)
    }

    /// Whether nothing goes wrong on the way, and nobody else's time goes on: what is sent is done at that moment.
    pub(crate) fn is_undisturbed(&self) -> bool {
        self.faults.level() == Level::None && self.tends.get()
    }

    /// Whether the legs of a transfer are one chain that is settled in its order, by the rules of the pool.
    pub(crate) fn orders_legs(&self, scheme: Scheme, day: Date) -> bool {
        let rules = self.opening.rules.rules(&self.pool, day);
        let chained = rules.and_then(|rules| {
            let inpatient = &rules.scheme(scheme).inpatient;
            inpatient.transfer_makes_up_difference.as_ref().map(|rule| rule.value)
        });
        chained.unwrap_or(false)
    }

    /// The number under which a turn's message goes now.
    pub(crate) fn msgid(&self, turn: Turn, place: &Place) -> String {
        turn.msgid(place, self.now())
    }

    /// The plans in force.
    pub fn plans(&self) -> Arc<Vec<Plan>> {
        self.platform().plans()
    }

    /// What was answered otherwise when it was sent again, since this was last asked; and where nothing goes wrong, what the platform
    /// could not do by itself.
    pub fn disagreements(&self) -> Vec<String> {
        let mut disagreements = self.disagreements.take();
        if self.faults.level() == Level::None {
            disagreements.extend(self.opening.rounds.take());
        }
        disagreements
    }

    /// The next turn of somebody.
    pub fn turn(&self, whose: u64) -> Turn {
        let mut turns = self.turns.borrow_mut();
        let number = turns.entry(whose).or_default();
        *number += 1;
        Turn { whose, number: *number }
    }

    // Doors: deeds.

    /// Sends a message of a place.
    pub fn send(&self, turn: Turn, place: &Place, infno: &str, input: &Value) -> Result<Value, Told> {
        let message = self.message(turn, place, infno, input);
        if let Some(arrives) = self.is_taken_back(turn, infno) {
            return self.sent_anew(turn, place, &message, input, arrives);
        }
        let answer = self.through(turn, infno, |process, copies| process.take(&message, copies));
        self.may_come_late(turn, &message, &answer);
        self.may_use_its_number_again(turn, place, &message, input, &answer);
        answer
    }

    /// Writes down a statement of a clerk.
    pub fn register(&self, turn: Turn, by: &Actor, new: &NewEntry) -> Result<Entry, Told> {
        self.form(turn, by, "register", |process, hand| process.register(hand, new))
    }

    /// Reads a clerk's sheet in: rows of a register, and rows of fee lines. Who reads that a row was not taken because of a fault
    /// reads the sheet in again.
    pub fn import(
        &self,
        turn: Turn,
        by: &Actor,
        kind: RegisterKind,
        rows: &[SheetRow],
        lines: &[SheetRow],
    ) -> Result<Vec<Verdict>, Told> {
        self.form(turn, by, "import", |process, hand| {
            let verdicts = process.import(hand, kind, rows, lines)?;
            let again = |verdict: &&Verdict| {
                matches!(&verdict.outcome, Outcome::Refused(why) if why.contains("请稍后再试") || why.contains("请重新导入"))
            };
            let fault = verdicts.iter().find(again).map(|verdict| Told::Nothing(verdict.sentence()));
            fault.map_or(Ok(verdicts), Err)
        })
    }

    /// Takes a clerk's step with an entry.
    pub fn act(&self, turn: Turn, by: &Actor, number: &str, action: Action, fields: &Stated) -> Result<Entry, Told> {
        self.form(turn, by, action.word(), |process, hand| process.act(hand, number, action, fields))
    }

    /// Replaces the fee lines of an entry.
    pub fn put_lines(&self, turn: Turn, by: &Actor, number: &str, lines: &[EntryLine]) -> Result<Entry, Told> {
        self.form(turn, by, "lines", |process, hand| process.put_lines(hand, number, lines))
    }

    /// Enters what an entry waits with.
    pub fn enter(&self, turn: Turn, by: &Actor, number: &str) -> Result<Entry, Told> {
        self.form(turn, by, "enter", |process, hand| process.enter(hand, number))
    }

    /// Starts a run of the backfill over everything that waits for a plan.
    pub fn start_run(&self, turn: Turn, by: &Actor, plan: &str) -> Result<BackfillRun, Told> {
        self.form(turn, by, "run", |process, hand| process.start_run(hand, plan))
    }

    /// Puts the settlements of a person in order.
    pub fn correct_order(&self, turn: Turn, by: &Actor, psn_no: &str) -> Result<(), Told> {
        self.form(turn, by, "order", |process, hand| process.correct_order(hand, psn_no))
    }

    /// Publishes a plan, or a new version of one.
    pub fn publish(&self, turn: Turn, by: &Actor, text: &str) -> Result<(), Told> {
        self.form(turn, by, "publish", |process, hand| process.publish(hand, text))
    }

    /// Loads what is new of a person's insurance, as the agency does beside everybody's work.
    pub fn load(&self, city: &City, number: u64) -> Result<(), Fault> {
        let now = self.now();
        let mut book = self.store.open(&self.pool)?;
        book.transact(Mode::Write, &mut |tx| moving_in::load(tx, city, number, now))
    }

    /// Enters that an event of a plan has happened at that moment.
    pub fn enter_event(&self, turn: Turn, by: &Actor, (plan, event): (&str, &str), at: DateTime) -> Result<(), Told> {
        self.form(turn, by, "event", |process, hand| process.enter_event(hand, (plan, event), at))
    }

    // Doors: questions.

    /// An entry with its history and its deadline.
    pub fn entry(&self, by: &Actor, number: &str) -> Result<EntryView, Told> {
        let platform = self.platform();
        Ok(platform.registers(&self.pool).ok_or_else(Told::not_served)?.entry(by, self.now(), number)?)
    }

    /// The cutover board of a plan.
    pub fn board(&self, by: &Actor, plan: &str) -> Result<Board, Told> {
        let platform = self.platform();
        Ok(platform.registers(&self.pool).ok_or_else(Told::not_served)?.board(by, self.now(), plan)?)
    }

    /// The runs of the backfill.
    pub fn runs(&self, by: &Actor) -> Result<Vec<BackfillRun>, Told> {
        let platform = self.platform();
        Ok(platform.backfill(&self.pool).ok_or_else(Told::not_served)?.progress(by)?)
    }

    /// Whose settlements are to be put in order.
    pub fn corrections(&self, by: &Actor) -> Result<Awaiting, Told> {
        let platform = self.platform();
        Ok(platform.backfill(&self.pool).ok_or_else(Told::not_served)?.corrections(by, self.now(), None)?)
    }

    /// Asks the book.
    pub fn look<T>(&self, question: impl Fn(&mut dyn Tx) -> Result<T, Fault>) -> Result<T, Fault> {
        let at_hand = || self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = at_hand().pop();
        let mut book = kept.map_or_else(|| self.store.open(&self.pool), Ok)?;
        let mut found = None;
        book.transact(Mode::Read, &mut |tx| {
            found = Some(question(tx)?);
            Ok(())
        })?;
        at_hand().push(book);
        found.ok_or_else(|| Fault::new("asking", "the book", "nothing was asked"))
    }
}
