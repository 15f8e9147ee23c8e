//! The platform of a city in one process and in virtual time: nothing in it goes by a clock, a thread or a randomness of its own,
//! so the same deeds give the same books, byte for byte.

use crate::city::{City, Place, PlaceKind};
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use yibao_domain::code::Pool;
use yibao_domain::outage::Plan;
use yibao_domain::party::Party;
use yibao_domain::refusal::Refusal;
use yibao_domain::register::WorkTable;
use yibao_engine::desks::backfill::Backfill;
use yibao_engine::desks::registers::Registers;
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Call, Origin, Parts, Places, Platform, Stop, Unobserved, Worker};
use yibao_interface::{Catalogue, Envelope};
use yibao_policy::plan::national_calendar;
use yibao_policy::rules::RuleBook;
use yibao_store::filing::Filing;
use yibao_store::person::{Attribute, Insurance, Person, RunningTotalRow, SpecialDisease};
use yibao_store::reference::Provider;
use yibao_store::{Book, Fault, Mode, Store, Tx};

/// Persons who move in together.
const MOVE_IN: u64 = 10_000;
/// Numbers of messages of one office.
const SERIALS: u64 = 100_000_000;

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
    serial: Cell<u64>,
    /// Books that nobody asks just now; each is asked by one at a time.
    books: Arc<Mutex<Vec<Box<dyn Book>>>>,
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
        book.transact(Mode::Write, &mut |tx| settle_in(tx, city))?;
        let mut first = 0;
        while first < city.persons {
            let persons = first..city.persons.min(first + MOVE_IN);
            first = persons.end;
            book.transact(Mode::Write, &mut |tx| move_in(tx, city, persons.clone()))?;
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
        Ok(Office { platform, reconcilers, store, work, pool: city.pool.clone(), area, clock, serial: Cell::new(0), books: Arc::default() })
    }

    /// An office at the same platform, with a clock and numbers of its own: the `number`th, counted from 1. What the platform
    /// does by itself is left to the first.
    pub fn beside(&self, number: u64) -> Office {
        Office {
            platform: self.platform.clone(),
            reconcilers: RefCell::default(),
            store: self.store.clone(),
            work: self.work.clone(),
            pool: self.pool.clone(),
            area: self.area.clone(),
            clock: self.clock.clone(),
            serial: Cell::new(number * SERIALS),
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

    /// The registers.
    pub fn registers(&self) -> Registers<'_> {
        self.platform.registers(&self.pool).expect("the pool is served")
    }

    /// The backfill.
    pub fn backfill(&self) -> Backfill<'_> {
        self.platform.backfill(&self.pool).expect("the pool is served")
    }

    /// How many messages were sent from here.
    pub fn sent(&self) -> u64 {
        self.serial.get() % SERIALS
    }

    /// A new message id of a place.
    pub fn msgid(&self, place: &Place) -> String {
        self.serial.set(self.serial.get() + 1);
        format!("{}{}{:010}", place.code, self.now().strftime("%Y%m%d"), self.serial.get())
    }

    /// Sends a message of a place.
    pub fn send(&self, place: &Place, infno: &str, msgid: &str, input: &Value) -> Result<Value, Told> {
        let now = self.now();
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
            msgid: msgid.to_owned(),
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

fn settle_in(tx: &mut dyn Tx, city: &City) -> Result<(), Fault> {
    for place in &city.places {
        tx.put_provider(&Provider {
            fixmedins_code: place.code.clone(),
            fixmedins_name: place.name.clone(),
            admdvs: place.division.clone(),
            benefit_level: place.level.to_owned(),
            special_drug_supplier: if place.kind == PlaceKind::Pharmacy { "0" } else { "" }.to_owned(),
            ..Provider::default()
        })?;
    }
    for row in city.stock.rows() {
        tx.put_catalogue_item(&row)?;
    }
    Ok(())
}

fn move_in(tx: &mut dyn Tx, city: &City, persons: Range<u64>) -> Result<(), Fault> {
    for number in persons {
        one_moves_in(tx, city, number)?;
    }
    Ok(())
}

fn one_moves_in(tx: &mut dyn Tx, city: &City, number: u64) -> Result<(), Fault> {
    let citizen = city.person(number);
    let since = city.begins.saturating_sub(jiff::Span::new().years(5));
    let psn_no = &citizen.psn_no;
    tx.put_person(&Person {
        psn_no: psn_no.clone(),
        psn_cert_type: "01".to_owned(),
        certno: citizen.certno.clone(),
        psn_name: citizen.name.clone(),
        gend: citizen.gend.to_owned(),
        brdy: Some(citizen.born),
        naty: "01".to_owned(),
        card_no: format!("K{number:09}"),
    })?;
    let insutype = citizen.scheme.insutype().to_owned();
    tx.put_insurance(&Insurance {
        psn_no: psn_no.clone(),
        insutype: insutype.clone(),
        psn_type: citizen.psn_type.to_owned(),
        insuplc_admdvs: citizen.division.clone(),
        begndate: since.max(citizen.born),
        enddate: None,
        paused_from: None,
        emp_name: citizen.employer.map_or(String::new(), |employer| format!("仿真单位{employer}")),
        continuous_years: 4,
        cvlserv_flag: false,
    })?;
    if let Some(balance) = citizen.balance {
        // Whether it was there before makes no difference to a new city.
        let _ = tx.put_opening_balance(psn_no, balance)?;
    }
    if let Some(attribute) = citizen.attribute {
        tx.put_attribute(&Attribute {
            psn_no: psn_no.clone(),
            psn_idet_type: attribute.to_owned(),
            begndate: since,
            enddate: None,
        })?;
    }
    if let Some(chronic) = citizen.chronic {
        tx.put_special_disease(&SpecialDisease {
            psn_no: psn_no.clone(),
            opsp_dise_code: chronic.code.to_owned(),
            opsp_dise_name: chronic.name.to_owned(),
            begndate: since,
            enddate: None,
            trt_dcla_detl_sn: String::new(),
        })?;
    }
    if citizen.special_drug {
        tx.put_filing(&Filing {
            trt_dcla_detl_sn: format!("F{number}"),
            psn_no: psn_no.clone(),
            kind: "special_drug".to_owned(),
            insutype: insutype.clone(),
            care_admdvs: String::new(),
            fixmedins_code: String::new(),
            fixmedins_name: String::new(),
            begndate: since,
            enddate: None,
            filed_by: String::new(),
            filed_at: since.at(0, 0, 0, 0),
            cancelled_at: None,
            details: "{}".to_owned(),
        })?;
    }
    if citizen.paid_before.as_fen() > 0 {
        let period = city.begins.year().to_string();
        let value = citizen.paid_before.as_fen();
        let total = RunningTotalRow { insutype, period, name: "basic_paid".to_owned(), value };
        let _ = tx.put_opening_total(psn_no, &total)?;
    }
    Ok(())
}
