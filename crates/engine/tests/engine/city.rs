//! A small city: rows put into a store through the seam, and a platform on it that answers one call at a time. Nothing runs
//! beside the test: who waits drives the workers, and what works by itself does so when the test says.

use jiff::civil::{Date, DateTime, date};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::{Arc, mpsc};
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::Plan;
use yibao_domain::party::Party;
use yibao_domain::register::{Role, WorkTable};
use yibao_domain::time::moment_text;
use yibao_engine::desks::backfill::Backfill;
use yibao_engine::desks::registers::Actor;
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Call, Observer, Origin, Parts, Places, Platform, Stop, Unobserved};
use yibao_interface::{Catalogue, Envelope};
use yibao_policy::plan;
use yibao_policy::registers::built_in;
use yibao_policy::rules::RuleBook;
use yibao_store::outage::BackfillRun;
use yibao_store::person::{Insurance, Person};
use yibao_store::reference::{CatalogueItem, Provider};
use yibao_store::{Change, Fault, Mode, SqliteStore, Store, Tx};

pub const HOSPITAL: &str = "H52050200001";
pub const OTHER_HOSPITAL: &str = "H52050200002";
pub const PHARMACY: &str = "P52050200001";
/// Insured by the employees' scheme, with 1,000.00 on the account.
pub const WANG: &str = "52050000000000000001";
/// Insured by the residents' scheme.
pub const LI: &str = "52050000000000000002";
/// Insured by both, the employees' period of now after an ended one, 50.00 on the account.
pub const ZHAO: &str = "52050000000000000003";
/// In this book, but insured in Panzhihua.
pub const CHEN: &str = "52050000000000000004";
/// Class A, no limit price.
pub const DRUG: &str = "XN02BEB071A001010101001";
/// Class B, a tenth paid first.
pub const DRUG_B: &str = "XJ01CRZ001B001010101002";

/// A message that went out, and what came back.
pub struct Answered {
    pub msgid: String,
    pub output: Value,
    pub remarks: Vec<String>,
}

/// A message as it was sent, to be sent again.
#[derive(Clone)]
pub struct Sent {
    pub provider: &'static str,
    pub infno: &'static str,
    pub msgid: String,
    pub input: Value,
    pub answer: Value,
}

pub struct City {
    /// Kept open for the registers, which are not reached by messages.
    pub platform: Platform,
    store: Arc<dyn Store>,
    pub pool: Pool,
    serial: Cell<u32>,
    /// The platform's time for the calls to come.
    pub clock: Cell<DateTime>,
    /// When encounters began, by `mdtrt_id`, as messages have said it.
    begun: RefCell<HashMap<String, String>>,
    /// Every message that was answered with success, in order.
    pub sent: RefCell<Vec<Sent>>,
    /// What the platform does by itself, when it is told to.
    reconcilers: RefCell<Vec<Reconciler>>,
    /// Kept until the city is gone, where the books are in it.
    folder: Option<tempfile::TempDir>,
}

impl City {
    /// A city without an outage, at ten in the morning of 2021-07-01.
    pub fn new() -> City {
        City::with_plans(Vec::new())
    }

    /// A city with the plan of 2021 in force.
    pub fn before_the_switch_over() -> City {
        let (_, text) = plan::SHIPPED.iter().find(|(name, _)| name.contains("bijie")).unwrap();
        City::with_plan(text)
    }

    /// A city with this plan in force.
    #[track_caller]
    pub fn with_plan(text: &str) -> City {
        City::with_plans(vec![plan::read(text).unwrap_or_else(|problems| panic!("{problems:?}"))])
    }

    /// A city with these plans in force.
    pub fn with_plans(plans: Vec<Plan>) -> City {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
        let mut city = City::on(store, plans);
        city.folder = Some(folder);
        city
    }

    /// A city whose books are in this store.
    pub fn on(store: Arc<dyn Store>, plans: Vec<Plan>) -> City {
        City::on_at(store, plans, date(2021, 7, 1).at(10, 0, 0, 0))
    }

    /// The same at another time.
    pub fn on_at(store: Arc<dyn Store>, plans: Vec<Plan>, now: DateTime) -> City {
        City::made(store, plans, now, built_in(), Places::default(), Arc::new(Unobserved))
    }

    /// The same with so many places in each queue, and with somebody who watches.
    pub fn watched(
        store: Arc<dyn Store>,
        plans: Vec<Plan>,
        now: DateTime,
        places: Places,
        observer: Arc<dyn Observer>,
    ) -> City {
        City::made(store, plans, now, built_in(), places, observer)
    }

    /// The same with kinds of work of its own.
    pub fn with_work(store: Arc<dyn Store>, plans: Vec<Plan>, now: DateTime, work: Arc<WorkTable>) -> City {
        City::made(store, plans, now, work, Places::default(), Arc::new(Unobserved))
    }

    fn made(
        store: Arc<dyn Store>,
        plans: Vec<Plan>,
        now: DateTime,
        work: Arc<WorkTable>,
        places: Places,
        observer: Arc<dyn Observer>,
    ) -> City {
        let pool = Pool::new("520500");
        let rules = Arc::new(RuleBook::embedded().unwrap());
        store.open(&pool).unwrap().transact(Mode::Write, &mut |tx| settle_people(tx)).unwrap();
        let parts = Parts {
            store: store.clone(),
            pools: rules.pools().iter().map(|info| info.pool.clone()).collect(),
            calendar: Arc::new(plan::national_calendar()),
            rules,
            plans: Arc::new(plans),
            work,
            observer,
            reply_serial: 1,
            places,
        };
        let platform = Platform::open(parts).unwrap();
        let reconcilers = RefCell::new(platform.reconcilers());
        City {
            platform,
            reconcilers,
            store,
            pool,
            serial: Cell::new(0),
            clock: Cell::new(now),
            begun: RefCell::default(),
            sent: RefCell::default(),
            folder: None,
        }
    }

    pub fn new_msgid(&self, provider: &str) -> String {
        self.serial.set(self.serial.get() + 1);
        format!("{provider}20210701000000{:04}", self.serial.get())
    }

    /// Sends a message and waits for its answer; the text of a refusal otherwise.
    #[track_caller]
    pub fn send(
        &self,
        provider: &'static str,
        infno: &'static str,
        msgid: &str,
        input: &Value,
    ) -> Result<Answered, String> {
        self.send_as_insured_in("", provider, infno, msgid, input)
    }

    /// The same with `insuplc_admdvs` in the envelope.
    #[track_caller]
    pub fn send_as_insured_in(
        &self,
        area: &str,
        provider: &'static str,
        infno: &'static str,
        msgid: &str,
        input: &Value,
    ) -> Result<Answered, String> {
        let input = &self.dated(input);
        let (answer_to, answer) = mpsc::channel();
        let call = self.call(area, provider, infno, msgid, input)?;
        self.platform.submit(call, Box::new(move |outcome| answer_to.send(outcome).unwrap()));
        while self.platform.step() {}
        match answer.try_recv().expect("the workers have answered") {
            Ok(found) => {
                let output: Value = serde_json::from_str(&found.output).unwrap();
                let (msgid, answer) = (msgid.to_owned(), output.clone());
                self.remember_begin(input, &answer);
                self.sent.borrow_mut().push(Sent {
                    provider,
                    infno,
                    msgid: msgid.clone(),
                    input: input.clone(),
                    answer,
                });
                Ok(Answered { msgid, output, remarks: found.remarks })
            }
            Err(Stop::Refused(refusal)) => Err(format!("{}{}", refusal.text, refusal.advice.unwrap_or_default())),
            Err(Stop::Fault(fault)) => panic!("{infno} met a fault: {}", fault.chain()),
            Err(Stop::Busy) => panic!("{infno} found a full queue"),
            Err(Stop::Closing) => panic!("{infno} found a platform that stops"),
        }
    }

    /// A message as the platform gets it, checked.
    #[track_caller]
    pub fn call(
        &self,
        area: &str,
        provider: &'static str,
        infno: &'static str,
        msgid: &str,
        input: &Value,
    ) -> Result<Call, String> {
        let bytes = json!({
            "infno": infno, "msgid": msgid, "mdtrtarea_admvs": "520502", "insuplc_admdvs": area,
            "recer_sys_code": "HIS", "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员",
            "inf_time": "2021-07-01 10:00:00", "fixmedins_code": provider, "fixmedins_name": "医院", "input": input
        })
        .to_string();
        let envelope = Envelope::parse(bytes.as_bytes()).map_err(|refusal| refusal.text)?;
        let checked = yibao_interface::check(&envelope, Catalogue::national()).map_err(|refusal| refusal.text)?;
        let sender = self.platform.provider(provider, self.clock.get()).unwrap().expect("a provider of the city");
        Ok(Call {
            infno: checked.transaction.infno.clone(),
            party: Party::provider(provider),
            msgid: msgid.to_owned(),
            admdvs: sender.admdvs.clone(),
            provider: Some(sender),
            insuplc_admdvs: area.to_owned(),
            opter: "001".to_owned(),
            opter_name: "收费员".to_owned(),
            input: checked.input,
            now: self.clock.get(),
            file: None,
            voucher: None,
            origin: Origin::Message,
        })
    }

    /// Lines without a time are of the moment when their care began.
    pub fn dated(&self, input: &Value) -> Value {
        let mut input = input.clone();
        let bought = input["druginfo"]["begntime"].clone();
        for node in ["feedetail", "drugdetail"] {
            for row in input[node].as_array_mut().into_iter().flatten() {
                if row["fee_ocur_time"].is_null() {
                    row["fee_ocur_time"] = if node == "drugdetail" {
                        bought.clone()
                    } else {
                        self.begin_of(row["mdtrt_id"].as_str().unwrap_or_default()).into()
                    };
                }
            }
        }
        input
    }

    fn begin_of(&self, mdtrt_id: &str) -> String {
        if let Some(begun) = self.begun.borrow().get(mdtrt_id) {
            return begun.clone();
        }
        let of = self.look(|tx| tx.encounter(mdtrt_id));
        moment_text(of.map_or(self.clock.get(), |of| of.begntime))
    }

    fn remember_begin(&self, input: &Value, answer: &Value) {
        for said in ["data", "mdtrtinfo", "adminfo"].map(|node| &input[node]) {
            let ids = [&said["mdtrt_id"], &answer["data"]["mdtrt_id"], &answer["result"]["mdtrt_id"]];
            if let Some(begun) = said["begntime"].as_str()
                && let Some(id) = ids.into_iter().find_map(Value::as_str)
            {
                self.begun.borrow_mut().insert(id.to_owned(), begun.to_owned());
            }
        }
    }

    /// Sends under a new msgid and expects success.
    #[track_caller]
    pub fn done(&self, provider: &'static str, infno: &'static str, input: &Value) -> Answered {
        let msgid = self.new_msgid(provider);
        self.send(provider, infno, &msgid, input).unwrap_or_else(|text| panic!("{infno} was refused: {text}"))
    }

    /// Sends under a new msgid and expects a refusal whose text says `why`.
    #[track_caller]
    pub fn refused(&self, provider: &'static str, infno: &'static str, input: &Value, why: &str) {
        let msgid = self.new_msgid(provider);
        match self.send(provider, infno, &msgid, input) {
            Ok(answered) => panic!("{infno} was answered: {}", answered.output),
            Err(text) => assert!(text.contains(why), "{infno}: {why:?} is not in {text:?}"),
        }
    }

    /// 2601 of a message.
    #[track_caller]
    pub fn reverse(
        &self,
        provider: &'static str,
        psn_no: &str,
        oinfno: &str,
        omsgid: &str,
    ) -> Result<Answered, String> {
        let msgid = self.new_msgid(provider);
        let input = json!({"data": {"psn_no": psn_no, "omsgid": omsgid, "oinfno": oinfno}});
        self.send(provider, "2601", &msgid, &input)
    }

    /// What lies on a person's account, in fen.
    #[track_caller]
    pub fn balance(&self, psn_no: &str) -> Option<Money> {
        self.look(|tx| Ok(tx.person_facts(psn_no, &[])?.expect("a person of the city").balance))
    }

    /// Looks into the book.
    #[track_caller]
    pub fn look<T>(&self, question: impl Fn(&mut dyn Tx) -> Result<T, Fault>) -> T {
        let mut found = None;
        let mut book = self.store.open(&self.pool).unwrap();
        book.transact(Mode::Read, &mut |tx| {
            found = Some(question(tx)?);
            Ok(())
        })
        .unwrap();
        found.unwrap()
    }

    /// Lets the platform do what it does by itself and is due now.
    pub fn tend(&self) {
        for reconciler in self.reconcilers.borrow_mut().iter_mut() {
            while reconciler.round(&self.platform, self.clock.get()) == Next::AtOnce {}
        }
    }

    /// The backfill of the city's pool.
    pub fn backfill(&self) -> Backfill<'_> {
        self.platform.backfill(&self.pool).expect("the pool is served")
    }

    /// Runs the backfill over a plan's entries until it has come to its end.
    #[track_caller]
    pub fn backfill_all(&self, plan: &str) -> BackfillRun {
        let backfill = self.backfill();
        let number = backfill.start(&clerk(), self.clock.get(), plan, "").unwrap().number;
        self.finished(number)
    }

    /// A run once it has come to its end.
    #[track_caller]
    pub fn finished(&self, number: i64) -> BackfillRun {
        self.tend();
        let run = self.run(number);
        assert!(run.finished_at.is_some(), "{run:?}");
        run
    }

    /// A run as it stands.
    #[track_caller]
    pub fn run(&self, number: i64) -> BackfillRun {
        let runs = self.backfill().progress(&clerk()).unwrap();
        runs.into_iter().find(|run| run.number == number).expect("a run of the book")
    }

    /// Records in the book, beside the platform.
    #[track_caller]
    pub fn write(&self, mut work: impl FnMut(&mut dyn Tx) -> Result<(), Fault>) {
        self.store.open(&self.pool).unwrap().transact(Mode::Write, &mut |tx| work(tx)).unwrap();
    }

    /// Checks the whole book.
    #[track_caller]
    pub fn verify(&self) {
        for check in self.store.open(&self.pool).unwrap().verify(self.platform.work()).unwrap() {
            assert!(check.broken.is_empty(), "{}: {:?}", check.name, check.broken);
        }
    }
}

/// Somebody at the agency.
pub fn clerk() -> Actor {
    Actor { login: "wang".into(), name: "王科员".into(), role: Role::Agency, fixmedins_code: String::new() }
}

impl Drop for City {
    fn drop(&mut self) {
        self.platform.stop();
    }
}

fn settle_people(tx: &mut dyn Tx) -> Result<(), Fault> {
    for (code, level) in [(HOSPITAL, "2"), (OTHER_HOSPITAL, "3"), (PHARMACY, "")] {
        tx.put_provider(&Provider {
            fixmedins_code: code.into(),
            fixmedins_name: format!("机构{code}"),
            admdvs: "520502".into(),
            benefit_level: level.into(),
            ..Provider::default()
        })?;
    }
    let people = [
        (WANG, "11010519491231002X", "王某", "A10000001"),
        // An old number of fifteen, as migrated data have it.
        (LI, "520502600101001", "李某", "A10000002"),
        (ZHAO, "520502190001010019", "赵某", "A10000003"),
        (CHEN, "PASSPORT01", "陈某", "A10000004"),
    ];
    for (psn_no, certno, name, card) in people {
        tx.put_person(&Person {
            psn_no: psn_no.into(),
            psn_cert_type: "01".into(),
            certno: certno.into(),
            psn_name: name.into(),
            gend: "1".into(),
            brdy: Some(date(1970, 1, 1)),
            naty: "01".into(),
            card_no: card.into(),
        })?;
    }
    insure(tx, WANG, "310", "1101", "520502", date(2015, 1, 1), None)?;
    insure(tx, LI, "390", "1501", "520502", date(2015, 1, 1), None)?;
    insure(tx, ZHAO, "390", "1501", "520502", date(2016, 1, 1), None)?;
    insure(tx, ZHAO, "310", "1201", "520502", date(2010, 1, 1), Some(date(2015, 12, 31)))?;
    insure(tx, ZHAO, "310", "1101", "520502", date(2017, 1, 1), None)?;
    insure(tx, CHEN, "310", "1101", "510402", date(2015, 1, 1), None)?;
    tx.put_opening_balance(WANG, Money::yuan(1000))?.expect("a new account");
    tx.put_opening_balance(ZHAO, Money::yuan(50))?.expect("a new account");
    for (code, class) in [(DRUG, "01"), (DRUG_B, "02")] {
        tx.put_catalogue_item(&CatalogueItem {
            med_list_codg: code.into(),
            hilist_name: "药品".into(),
            list_type: "101".into(),
            chrgitm_lv: class.into(),
            selfpay_prop: None,
            hilist_pric_uplmt_amt: None,
            begndate: date(2018, 1, 1),
            enddate: None,
            special: String::new(),
            med_chrgitm_type: "09".into(),
            lmt_used_flag: String::new(),
            pool: String::new(),
            scheme: String::new(),
            level: String::new(),
        })?;
    }
    Ok(())
}

fn insure(
    tx: &mut dyn Tx,
    psn_no: &str,
    insutype: &str,
    psn_type: &str,
    area: &str,
    begndate: Date,
    enddate: Option<Date>,
) -> Result<Change, Fault> {
    tx.put_insurance(&Insurance {
        psn_no: psn_no.into(),
        insutype: insutype.into(),
        psn_type: psn_type.into(),
        insuplc_admdvs: area.into(),
        begndate,
        enddate,
        paused_from: None,
        emp_name: format!("单位{}", begndate.year()),
        continuous_years: 4,
        cvlserv_flag: false,
    })
}
