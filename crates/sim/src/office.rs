//! The platform of a city in one process and in virtual time: nothing in it goes by a clock, a thread or a randomness of its own,
//! so the same deeds give the same books, byte for byte.
//!
//! Whatever a till, a clerk or the agency does goes through one of its doors ([`Office::send`], [`Office::register`], …) under a
//! number of its own ([`Turn`]): sent again under that number it counts once.

mod moving_in;

use crate::city::{City, Place};
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use yibao_domain::code::Pool;
use yibao_domain::outage::Plan;
use yibao_domain::party::Party;
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Action, Entry, EntryLine, Stated, WorkTable};
use yibao_engine::desks::backfill::Backfill;
use yibao_engine::desks::registers::{Actor, NewEntry, NotDone, Registers};
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Call, Origin, Parts, Places, Platform, Stop, Unobserved, Worker};
use yibao_interface::{Catalogue, Envelope};
use yibao_policy::plan::national_calendar;
use yibao_policy::rules::RuleBook;
use yibao_store::outage::BackfillRun;
use yibao_store::{Book, Fault, Mode, Store, Tx};

/// Persons who move in together.
const MOVE_IN: u64 = 10_000;

/// The platform with the books of one pool, and a clock; several may share a platform, each with a clock of its own
/// ([`Office::beside`]).
pub struct Office {
    platform: Arc<Platform>,
    /// Of the office that keeps house: none of those beside it.
    reconcilers: RefCell<Vec<Reconciler>>,
    /// Where it remembers.
    pub store: Arc<dyn Store>,
    /// Kinds of work.
    pub work: Arc<WorkTable>,
    /// The pool.
    pub pool: Pool,
    area: String,
    clock: Cell<DateTime>,
    /// Books that nobody asks just now; each is asked by one at a time.
    books: Arc<Mutex<Vec<Box<dyn Book>>>>,
    turns: RefCell<BTreeMap<u64, u64>>,
}

/// Something that somebody does: the number that it goes by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Turn {
    /// The person whom it is about, by number; [`Turn::AGENCY`] where it is about none.
    pub whose: u64,
    /// Counted from 1.
    pub number: u64,
}

impl Turn {
    /// Whose turns the agency's are.
    pub const AGENCY: u64 = 8_999_999;

    /// The number of the message; no two of a city are the same.
    fn msgid(self, place: &Place, now: DateTime) -> String {
        format!("{}{}{:07}{:03}", place.code, now.strftime("%Y%m%d"), self.whose, self.number)
    }

    /// The number of the form.
    fn submission(self) -> String {
        format!("{:07}{:03}", self.whose, self.number)
    }
}

/// Why a message has no answer with success.
#[derive(Debug)]
pub enum Told {
    /// The platform said no.
    Refused(Refusal),
    /// The platform could not answer.
    Nothing(String),
}

impl From<Stop> for Told {
    fn from(stop: Stop) -> Told {
        match stop {
            Stop::Refused(refusal) => Told::Refused(refusal),
            other => Told::Nothing(format!("{other:?}")),
        }
    }
}

impl From<NotDone> for Told {
    fn from(not_done: NotDone) -> Told {
        match not_done {
            NotDone::Fault(fault) => Told::Nothing(fault.chain()),
            NotDone::Fields(_) => Told::Refused(Refusal::new(Code::FieldShape, not_done.to_string())),
            NotDone::Refused(refusal) => Told::Refused(refusal),
            NotDone::Busy | NotDone::Closing => Told::Nothing(not_done.to_string()),
        }
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Told::Refused(refusal) => f.write_str(&refusal.text),
            Told::Nothing(why) => f.write_str(why),
        }
    }
}

impl Office {
    /// Opens the books of a city, with all that is known before its time begins: people, providers, catalogue. `moved_in` is
    /// told how many people are there.
    pub fn open(
        city: &City,
        store: Arc<dyn Store>,
        rules: Arc<RuleBook>,
        work: Arc<WorkTable>,
        plans: Vec<Plan>,
        moved_in: &mut dyn FnMut(u64),
    ) -> Result<Office, Fault> {
        let mut book = store.open(&city.pool)?;
        book.transact(Mode::Write, &mut |tx| moving_in::settle_in(tx, city))?;
        let mut first = 0;
        while first < city.persons {
            let persons = first..city.persons.min(first + MOVE_IN);
            first = persons.end;
            book.transact(Mode::Write, &mut |tx| moving_in::move_in(tx, city, persons.clone()))?;
            moved_in(first);
        }
        drop(book);
        let platform = Platform::open(Parts {
            store: store.clone(),
            pools: vec![city.pool.clone()],
            calendar: Arc::new(national_calendar()),
            rules,
            plans: Arc::new(plans),
            work: work.clone(),
            observer: Arc::new(Unobserved),
            reply_serial: 1,
            places: Places::default(),
        })?;
        let platform = Arc::new(platform);
        let reconcilers = RefCell::new(platform.reconcilers());
        let area = city.places.first().map_or_else(|| city.pool.as_str().to_owned(), |place| place.division.clone());
        let clock = Cell::new(city.begins.at(0, 0, 0, 0));
        Ok(Office {
            platform,
            reconcilers,
            store,
            work,
            pool: city.pool.clone(),
            area,
            clock,
            turns: RefCell::default(),
            books: Arc::default(),
        })
    }

    /// An office at the same platform, with a clock of its own; what the platform does by itself is left to this one.
    pub fn beside(&self) -> Office {
        Office {
            platform: self.platform.clone(),
            reconcilers: RefCell::default(),
            store: self.store.clone(),
            work: self.work.clone(),
            pool: self.pool.clone(),
            area: self.area.clone(),
            clock: self.clock.clone(),
            turns: RefCell::default(),
            books: self.books.clone(),
        }
    }

    /// The workers, to be driven by who takes them; else each message drives them.
    pub fn workers(&self) -> Vec<Worker> {
        self.platform.workers()
    }

    /// The present moment of the city.
    pub fn now(&self) -> DateTime {
        self.clock.get()
    }

    /// Time goes on.
    pub fn at(&self, now: DateTime) {
        self.clock.set(now.max(self.clock.get()));
    }

    /// The plans in force.
    pub fn plans(&self) -> Arc<Vec<Plan>> {
        self.platform.plans()
    }

    /// The registers, for questions.
    pub fn registers(&self) -> Registers<'_> {
        self.platform.registers(&self.pool).expect("the pool is served")
    }

    /// The backfill, for questions.
    pub fn backfill(&self) -> Backfill<'_> {
        self.platform.backfill(&self.pool).expect("the pool is served")
    }

    /// How many messages and forms were sent from here.
    pub fn sent(&self) -> u64 {
        self.turns.borrow().values().sum()
    }

    /// The next turn of somebody.
    pub fn turn(&self, whose: u64) -> Turn {
        let mut turns = self.turns.borrow_mut();
        let number = turns.entry(whose).or_default();
        *number += 1;
        Turn { whose, number: *number }
    }

    /// Writes down a statement of a clerk.
    pub fn register(&self, turn: Turn, by: &Actor, new: &NewEntry) -> Result<Entry, Told> {
        let registers = self.registers().submitted(&turn.submission());
        Ok(registers.add(by, self.now(), new.clone())?.entry)
    }

    /// Takes a clerk's step with an entry.
    pub fn act(&self, turn: Turn, by: &Actor, number: &str, action: Action, fields: &Stated) -> Result<Entry, Told> {
        let registers = self.registers().submitted(&turn.submission());
        Ok(registers.act(by, self.now(), number, action, fields.clone())?.entry)
    }

    /// Replaces the fee lines of an entry.
    pub fn put_lines(&self, turn: Turn, by: &Actor, number: &str, lines: &[EntryLine]) -> Result<Entry, Told> {
        let registers = self.registers().submitted(&turn.submission());
        Ok(registers.put_lines(by, self.now(), number, lines.to_vec())?.entry)
    }

    /// Enters what an entry waits with.
    pub fn enter(&self, turn: Turn, by: &Actor, number: &str) -> Result<Entry, Told> {
        Ok(self.backfill().submitted(&turn.submission()).entry(by, self.now(), number)?)
    }

    /// Starts a run of the backfill over everything that waits for a plan.
    pub fn start_run(&self, turn: Turn, by: &Actor, plan: &str) -> Result<BackfillRun, Told> {
        Ok(self.backfill().submitted(&turn.submission()).start(by, self.now(), plan, "")?)
    }

    /// Puts the settlements of a person in order.
    pub fn correct_order(&self, turn: Turn, by: &Actor, psn_no: &str) -> Result<(), Told> {
        self.backfill().submitted(&turn.submission()).correct_order(by, self.now(), psn_no)?;
        Ok(())
    }

    /// Sends a message of a place.
    pub fn send(&self, turn: Turn, place: &Place, infno: &str, input: &Value) -> Result<Value, Told> {
        let now = self.now();
        let msgid = turn.msgid(place, now);
        let bytes = json!({
            "infno": infno, "msgid": msgid, "mdtrtarea_admvs": place.division, "insuplc_admdvs": self.area,
            "recer_sys_code": "HIS", "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员",
            "inf_time": now.strftime("%Y-%m-%d %H:%M:%S").to_string(), "fixmedins_code": place.code,
            "fixmedins_name": place.name, "input": input
        })
        .to_string();
        let envelope = Envelope::parse(bytes.as_bytes()).map_err(|wrong| Told::Nothing(format!("{wrong:?}")))?;
        let checked = yibao_interface::check(&envelope, Catalogue::national()).map_err(Told::Refused)?;
        let provider = self.platform.provider(&place.code, now).map_err(|fault| Told::Nothing(fault.chain()))?;
        let provider = provider.ok_or_else(|| Told::Nothing(format!("no provider {}", place.code)))?;
        let (answer_to, answer) = mpsc::channel();
        let call = Call {
            infno: checked.transaction.infno.clone(),
            party: Party::provider(&place.code),
            msgid,
            admdvs: provider.admdvs.clone(),
            provider: Some(provider),
            insuplc_admdvs: self.area.clone(),
            opter: "001".to_owned(),
            opter_name: "收费员".to_owned(),
            input: checked.input,
            now,
            origin: Origin::Message,
        };
        self.platform.submit(call, Box::new(move |outcome| drop(answer_to.send(outcome))));
        while self.platform.step() {}
        // Where others drive the workers, they answer.
        let outcome = answer.recv().map_err(|_| Told::Nothing("no worker has answered".to_owned()))?;
        let output = outcome.map_err(Told::from)?.output;
        serde_json::from_str(&output).map_err(|wrong| Told::Nothing(wrong.to_string()))
    }

    /// What the platform does by itself, to be driven by who takes it ([`Office::round`]); [`Office::tend`] has nothing left.
    pub fn reconcilers(&self) -> Vec<Reconciler> {
        self.reconcilers.take()
    }

    /// Has one of them do what is due now.
    pub fn round(&self, reconciler: &mut Reconciler) -> Next {
        reconciler.round(&self.platform, self.now())
    }

    /// Takes no more work; who drives workers and reconcilers is told so.
    pub fn stop(&self) {
        self.platform.stop();
    }

    /// Lets the platform do what it does by itself and is due now.
    pub fn tend(&self) {
        for reconciler in self.reconcilers.borrow_mut().iter_mut() {
            while reconciler.round(&self.platform, self.now()) == Next::AtOnce {}
        }
    }

    /// Asks the book.
    pub fn look<T>(&self, question: impl Fn(&mut dyn Tx) -> Result<T, Fault>) -> Result<T, Fault> {
        let at_hand = || self.books.lock().unwrap_or_else(PoisonError::into_inner);
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

impl Drop for Office {
    fn drop(&mut self) {
        if !self.reconcilers.borrow().is_empty() {
            self.platform.stop();
        }
    }
}
