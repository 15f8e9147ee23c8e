//! A town of one of the pools: its people and providers, a platform, and what stands in its book.

use super::super::backfill_runs::line;
use super::history::PEOPLE;
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};
use std::cell::{Cell, RefCell};
use std::sync::{Arc, mpsc};
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::party::Party;
use yibao_domain::register::Entry;
use yibao_engine::desks::backfill::Backfill;
use yibao_engine::desks::{Next, Reconciler};
use yibao_engine::{Call, Origin, Parts, Places, Platform, Stop, Unobserved};
use yibao_interface::{Catalogue, Envelope};
use yibao_policy::plan;
use yibao_policy::registers::built_in;
use yibao_policy::rules::RuleBook;
use yibao_store::filing::Filing;
use yibao_store::person::{Insurance, Person, RunningTotalRow, SpecialDisease};
use yibao_store::reference::{CatalogueItem, Provider};
use yibao_store::{Fault, Mode, SqliteStore, Store, Tx};

pub const DISEASE: &str = "M00500";
const DRUG: &str = super::super::city::DRUG;
const SPECIAL: &str = "XL01XCB071A001010101009";

pub struct Town {
    platform: Platform,
    reconcilers: RefCell<Vec<Reconciler>>,
    store: Arc<dyn Store>,
    pub pool: Pool,
    area: String,
    serial: Cell<u32>,
    pub clock: Cell<DateTime>,
    _folder: tempfile::TempDir,
}

pub fn psn_no(person: usize) -> String {
    format!("5100000000000000{:04}", person + 1)
}

/// The insurance of a person: employees, and residents.
pub fn insutype(person: usize) -> &'static str {
    if person.is_multiple_of(2) { "310" } else { "390" }
}

impl Town {
    pub fn new(pool: &str, plan: Option<&str>) -> Town {
        let folder = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
        let rules = Arc::new(RuleBook::embedded().unwrap());
        let pool = Pool::new(pool);
        let area = format!("{}2", &pool.as_str()[..5]);
        store.open(&pool).unwrap().transact(Mode::Write, &mut |tx| settle_in(tx, &area)).unwrap();
        let platform = Platform::open(Parts {
            store: store.clone(),
            pools: vec![pool.clone()],
            calendar: Arc::new(plan::national_calendar()),
            rules,
            plans: Arc::new(plan.map(|text| plan::read(text).unwrap()).into_iter().collect()),
            work: built_in(),
            observer: Arc::new(Unobserved),
            reply_serial: 1,
            places: Places::default(),
        })
        .unwrap();
        let reconcilers = RefCell::new(platform.reconcilers());
        let clock = Cell::new(date(2021, 7, 1).at(10, 0, 0, 0));
        Town { platform, reconcilers, store, pool, area, serial: Cell::new(0), clock, _folder: folder }
    }

    /// Whether it has an outage.
    pub fn has_plan(&self) -> bool {
        !self.platform.plans().is_empty()
    }

    pub fn has_special_drugs(&self) -> bool {
        self.pool.as_str() == "510400"
    }

    /// The provider of a place.
    pub fn hospital(&self, place: usize) -> String {
        format!("H{}0000{}", self.area, place + 1)
    }

    pub fn pharmacy(&self) -> String {
        format!("P{}00001", self.area)
    }

    pub fn area(&self) -> &str {
        &self.area
    }

    /// Sends a message and gives its answer.
    #[track_caller]
    pub fn done(&self, provider: &str, infno: &str, input: &Value) -> Value {
        match self.sent(provider, infno, input) {
            Ok(answer) => answer,
            Err(Stop::Refused(refusal)) => panic!("{infno} at {} was refused: {}", self.clock.get(), refusal.text),
            Err(stop) => panic!("{infno}: {stop:?}"),
        }
    }

    /// Sends a message.
    pub fn sent(&self, provider: &str, infno: &str, input: &Value) -> Result<Value, Stop> {
        self.serial.set(self.serial.get() + 1);
        let msgid = format!("{provider}20210701{:010}", self.serial.get());
        let bytes = json!({
            "infno": infno, "msgid": msgid, "mdtrtarea_admvs": self.area, "insuplc_admdvs": "",
            "recer_sys_code": "HIS", "infver": "V1.0", "opter_type": "1", "opter": "001", "opter_name": "收费员",
            "inf_time": "2021-07-01 10:00:00", "fixmedins_code": provider, "fixmedins_name": "医院", "input": input
        })
        .to_string();
        let envelope = Envelope::parse(bytes.as_bytes()).unwrap();
        let checked = yibao_interface::check(&envelope, Catalogue::national()).unwrap();
        let (answer_to, answer) = mpsc::channel();
        let sender = self.platform.provider(provider, self.clock.get()).unwrap().expect("a provider of the town");
        let call = Call {
            infno: checked.transaction.infno.clone(),
            party: Party::provider(provider),
            msgid,
            admdvs: sender.admdvs.clone(),
            provider: Some(sender),
            insuplc_admdvs: String::new(),
            opter: "001".to_owned(),
            opter_name: "收费员".to_owned(),
            input: checked.input,
            now: self.clock.get(),
            file: None,
            voucher: None,
            origin: Origin::Message,
        };
        self.platform.submit(call, Box::new(move |outcome| answer_to.send(outcome).unwrap()));
        while self.platform.step() {}
        let outcome = answer.try_recv().expect("the workers have answered");
        outcome.map(|found| serde_json::from_str(&found.output).unwrap())
    }

    /// Lets the platform do what it does by itself and is due now.
    pub fn tend(&self) {
        for reconciler in self.reconcilers.borrow_mut().iter_mut() {
            while reconciler.round(&self.platform, self.clock.get()) == Next::AtOnce {}
        }
    }

    /// The backfill.
    pub fn backfill(&self) -> Backfill<'_> {
        self.platform.backfill(&self.pool).unwrap()
    }

    /// Whether the closing sum closes.
    pub fn closes(&self) -> bool {
        let registers = self.platform.registers(&self.pool).unwrap();
        let board = registers.board(&super::super::city::clerk(), self.clock.get(), "town").unwrap();
        board.total.sum.closes()
    }

    /// Records an entry with one line, as a desk would have.
    pub fn take_in(&self, entry: &Entry, price: &str) {
        self.write(|tx| {
            super::super::backfill::record(tx, entry)?;
            let mut line = line("1", entry.care_from, price);
            if entry.value("med_type") == "18" {
                line.med_list_codg = SPECIAL.to_owned();
            }
            tx.put_entry_lines(&entry.number, &[line])
        });
    }

    #[track_caller]
    pub fn look<T>(&self, question: impl Fn(&mut dyn Tx) -> Result<T, Fault>) -> T {
        let mut found = None;
        self.store
            .open(&self.pool)
            .unwrap()
            .transact(Mode::Read, &mut |tx| {
                found = Some(question(tx)?);
                Ok(())
            })
            .unwrap();
        found.unwrap()
    }

    #[track_caller]
    fn write(&self, mut work: impl FnMut(&mut dyn Tx) -> Result<(), Fault>) {
        self.store.open(&self.pool).unwrap().transact(Mode::Write, &mut |tx| work(tx)).unwrap();
    }

    /// What the funds have paid for a person in all, in fen.
    pub fn paid(&self, psn_no: &str) -> i64 {
        let past = self.look(|tx| tx.settlements_of_person(psn_no, 2021));
        past.iter().filter(|row| row.stands()).map(|row| row.settlement.fund_pay_sumamt.as_fen()).sum()
    }

    #[track_caller]
    pub fn verify(&self) {
        for check in self.store.open(&self.pool).unwrap().verify(&built_in()).unwrap() {
            assert!(check.broken.is_empty(), "{}: {:?}", check.name, check.broken);
        }
    }

    // The messages.

    pub fn registration(&self, person: usize, begntime: &str) -> Value {
        json!({"data": {
            "psn_no": psn_no(person), "insutype": insutype(person), "begntime": begntime, "mdtrt_cert_type": "02",
            "mdtrt_cert_no": "C", "ipt_otp_no": "MZ1", "atddr_no": "D1", "dr_name": "赵医生", "dept_code": "A03",
            "dept_name": "内科", "caty": "A03"
        }})
    }

    pub fn description(&self, person: usize, mdtrt_id: &str, med_type: &str, begntime: &str) -> Value {
        let disease = if med_type == "14" { DISEASE } else { "" };
        json!({"mdtrtinfo": {
            "mdtrt_id": mdtrt_id, "psn_no": psn_no(person), "med_type": med_type, "begntime": begntime,
            "dise_codg": disease
        }})
    }

    /// One line; `batch` is empty for a stay.
    pub fn fees(&self, person: usize, mdtrt_id: &str, batch: &str, serial: &str, time: &str, price: &str) -> Value {
        let med_type = if batch.is_empty() { "21" } else { "11" };
        let mut row = self.item(DRUG, serial, time, price);
        for (name, value) in
            [("mdtrt_id", mdtrt_id), ("psn_no", &psn_no(person)), ("chrg_bchno", batch), ("med_type", med_type)]
        {
            row[name] = json!(value);
        }
        json!({ "feedetail": [row] })
    }

    fn item(&self, code: &str, serial: &str, time: &str, price: &str) -> Value {
        json!({
            "feedetl_sn": serial, "rx_circ_flag": "0", "fee_ocur_time": time, "med_list_codg": code,
            "medins_list_codg": "Y1", "det_item_fee_sumamt": price, "cnt": "1", "pric": price,
            "bilg_dept_codg": "A03", "bilg_dept_name": "内科", "bilg_dr_codg": "D1", "bilg_dr_name": "赵医生",
            "hosp_appr_flag": "0"
        })
    }

    pub fn settlement(&self, person: usize, mdtrt_id: &str, total: &str) -> Value {
        json!({"data": {
            "psn_no": psn_no(person), "mdtrt_cert_type": "02", "mdtrt_cert_no": "C", "medfee_sumamt": total,
            "psn_setlway": "01", "mdtrt_id": mdtrt_id, "insutype": insutype(person), "acct_used_flag": "1"
        }})
    }

    pub fn purchase(&self, person: usize, med_type: &str, begntime: &str, price: &str) -> Value {
        let code = if med_type == "18" { SPECIAL } else { DRUG };
        json!({
            "druginfo": {
                "psn_no": psn_no(person), "mdtrt_cert_type": "02", "mdtrt_cert_no": "C", "begntime": begntime,
                "medfee_sumamt": price, "insutype": insutype(person), "acct_used_flag": "1", "med_type": med_type
            },
            "drugdetail": [self.item(code, "1", begntime, price)]
        })
    }

    pub fn admission(&self, person: usize, begntime: &str) -> Value {
        json!({
            "mdtrtinfo": {
                "psn_no": psn_no(person), "insutype": insutype(person), "begntime": begntime, "mdtrt_cert_type": "02",
                "mdtrt_cert_no": "C", "med_type": "21", "ipt_no": "ZY1", "atddr_no": "D1", "chfpdr_name": "赵医生",
                "adm_dept_codg": "A03", "adm_dept_name": "内科", "adm_bed": "12", "dscg_maindiag_code": "J18.900",
                "dscg_maindiag_name": "肺炎"
            },
            "diseinfo": [self.diagnosis(person, "")]
        })
    }

    pub fn discharge(&self, person: usize, mdtrt_id: &str, endtime: &str, way: &str) -> Value {
        json!({
            "dscginfo": {
                "mdtrt_id": mdtrt_id, "psn_no": psn_no(person), "insutype": insutype(person), "endtime": endtime,
                "dscg_dept_codg": "A03", "dscg_way": way
            },
            "diseinfo": [self.diagnosis(person, mdtrt_id)]
        })
    }

    fn diagnosis(&self, person: usize, mdtrt_id: &str) -> Value {
        json!({
            "mdtrt_id": mdtrt_id, "psn_no": psn_no(person), "diag_type": "1", "maindiag_flag": "1", "diag_srt_no": 1,
            "diag_code": "J18.900", "diag_name": "肺炎", "diag_dept": "内科", "dise_dor_no": "D1",
            "dise_dor_name": "赵医生", "diag_time": "2021-07-01 10:00:00"
        })
    }
}

impl Drop for Town {
    fn drop(&mut self) {
        self.platform.stop();
    }
}

fn settle_in(tx: &mut dyn Tx, area: &str) -> Result<(), Fault> {
    let hospitals = (1..=3).map(|level| (format!("H{area}0000{level}"), level.to_string()));
    for (code, level) in hospitals.chain([(format!("P{area}00001"), String::new())]) {
        tx.put_provider(&Provider {
            fixmedins_name: format!("机构{code}"),
            fixmedins_code: code,
            admdvs: area.into(),
            benefit_level: level,
            ..Provider::default()
        })?;
    }
    for (code, special) in [(DRUG, ""), (SPECIAL, "single_payment")] {
        tx.put_catalogue_item(&CatalogueItem {
            med_list_codg: code.into(),
            hilist_name: "药品".into(),
            list_type: "101".into(),
            chrgitm_lv: "01".into(),
            selfpay_prop: None,
            hilist_pric_uplmt_amt: None,
            begndate: date(2018, 1, 1),
            enddate: None,
            special: special.into(),
            med_chrgitm_type: "09".into(),
            lmt_used_flag: String::new(),
            pool: String::new(),
            scheme: String::new(),
            level: String::new(),
        })?;
    }
    for person in 0..PEOPLE {
        move_in(tx, area, person)?;
    }
    Ok(())
}

fn move_in(tx: &mut dyn Tx, area: &str, person: usize) -> Result<(), Fault> {
    let psn_no = psn_no(person);
    tx.put_person(&Person {
        psn_no: psn_no.clone(),
        psn_cert_type: "01".into(),
        certno: format!("C{person}"),
        psn_name: "某人".into(),
        gend: "1".into(),
        brdy: Some(date(1970, 1, 1)),
        naty: "01".into(),
        card_no: format!("K{person}"),
    })?;
    tx.put_insurance(&Insurance {
        psn_no: psn_no.clone(),
        insutype: insutype(person).into(),
        psn_type: if insutype(person) == "310" { "1101" } else { "1501" }.into(),
        insuplc_admdvs: area.into(),
        begndate: date(2015, 1, 1),
        enddate: None,
        paused_from: None,
        emp_name: String::new(),
        continuous_years: 4,
        cvlserv_flag: false,
    })?;
    if insutype(person) == "310" {
        // Enough for some, soon used up by others.
        let opening = Money::yuan([200, 1_000, 5_000][person / 2 % 3]);
        tx.put_opening_balance(&psn_no, opening)?.expect("a new account");
    }
    tx.put_special_disease(&SpecialDisease {
        psn_no: psn_no.clone(),
        opsp_dise_code: DISEASE.into(),
        opsp_dise_name: "病".into(),
        begndate: date(2020, 1, 1),
        enddate: None,
        trt_dcla_detl_sn: String::new(),
    })?;
    tx.put_filing(&Filing {
        trt_dcla_detl_sn: format!("F{person}"),
        psn_no: psn_no.clone(),
        kind: "special_drug".into(),
        insutype: insutype(person).into(),
        care_admdvs: String::new(),
        fixmedins_code: String::new(),
        fixmedins_name: String::new(),
        begndate: date(2020, 1, 1),
        enddate: None,
        filed_by: String::new(),
        filed_at: date(2020, 1, 1).at(0, 0, 0, 0),
        cancelled_at: None,
        details: "{}".into(),
    })?;
    // Some have little room left in the year's cap.
    if person.is_multiple_of(3) {
        let total = RunningTotalRow {
            insutype: insutype(person).into(),
            period: "2021".into(),
            name: "basic_paid".into(),
            value: 0,
        };
        let cap = if area.starts_with("5104") {
            30_000_000
        } else if insutype(person) == "310" {
            15_000_000
        } else {
            25_000_000
        };
        tx.put_opening_total(&psn_no, &RunningTotalRow { value: cap - 800_000, ..total })?;
    }
    Ok(())
}
