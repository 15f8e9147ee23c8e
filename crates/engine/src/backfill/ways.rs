//! Every field that decides money over the interface has its way through the register (金额字段对照).
//!
//! The fields are those that the handlers of visits, stays, purchases and their settlements read, as their source names
//! them: a new one that stands neither here nor among what decides no money fails the test.

use crate::backfill::messages::Messages;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Entry, EntryLine, Source, Stated, lay_out, usual_business};
use yibao_domain::time::moment_text;
use yibao_interface::Catalogue;
use yibao_policy::registers::{built_in, line_fields};
use yibao_store::person::Person;
use yibao_store::reference::Provider;

/// Where the fields are read.
const HANDLERS: [&str; 9] = [
    "calls/visit.rs",
    "calls/visit_settlement.rs",
    "calls/purchase.rs",
    "calls/stay.rs",
    "calls/stay_settlement.rs",
    "calls/settling.rs",
    "calls/fees.rs",
    "settlement/line.rs",
    "encounter/diagnosis.rs",
];
/// Their transactions.
const TRANSACTIONS: [&str; 9] = ["2102", "2201", "2203A", "2204", "2207", "2301", "2304", "2401", "2402"];

const VISITS: &[RegisterKind] = &[RegisterKind::CashVisit];
const ADMITTED: &[RegisterKind] = &[RegisterKind::Admission, RegisterKind::Transfer];
const STAYS: &[RegisterKind] =
    &[RegisterKind::Admission, RegisterKind::Transfer, RegisterKind::DeferredDischarge, RegisterKind::StayConversion];
const ALL: &[RegisterKind] = &[
    RegisterKind::CashVisit,
    RegisterKind::Admission,
    RegisterKind::Transfer,
    RegisterKind::DeferredDischarge,
    RegisterKind::StayConversion,
];

/// Field of the interface, field of the register, and the registers that have to ask for it.
const STATED: &[(&str, &str, &[&[RegisterKind]])] = &[
    ("insutype", "insutype", &[VISITS, ADMITTED]),
    ("med_type", "med_type", &[VISITS, ADMITTED]),
    ("begntime", "begntime", &[ALL]),
    ("dise_codg", "opsp_dise_code", &[ALL]),
    ("matn_type", "matn_type", &[ALL]),
    ("birctrl_type", "birctrl_type", &[ALL]),
    ("birctrl_matn_date", "birctrl_matn_date", &[ALL]),
    ("geso_val", "geso_val", &[ALL]),
    ("fetus_cnt", "fetus_cnt", &[STAYS]),
    ("diag_code", "diag_code", &[ALL]),
    ("diag_code", "other_diags", &[ALL]),
    ("maindiag_flag", "diag_code", &[ALL]),
    ("dscg_maindiag_code", "diag_code", &[STAYS]),
    ("endtime", "endtime", &[STAYS]),
    ("dscg_way", "dscg_way", &[STAYS]),
    ("medfee_sumamt", "medfee_sumamt", &[ALL]),
    ("acct_used_flag", "acct_used_flag", &[ALL]),
    ("invono", "invono", &[VISITS]),
];

/// Columns of fee lines, of the same name on both sides.
const OF_LINES: &[&str] = &[
    "feedetl_sn",
    "init_feedetl_sn",
    "fee_ocur_time",
    "med_list_codg",
    "medins_list_codg",
    "cnt",
    "pric",
    "det_item_fee_sumamt",
    "hosp_appr_flag",
    "prd_days",
];

/// What decides no money, and why.
const BESIDE: &[(&str, &str)] = &[
    ("mdtrt_id", "names the encounter"),
    ("psn_no", "names the person"),
    ("psn_name", "names the person"),
    ("certno", "names the person"),
    ("mdtrt_cert_type", "names the person"),
    ("mdtrt_cert_no", "names the person"),
    ("ipt_no", "the hospital's own number"),
    ("ipt_otp_no", "the hospital's own number"),
    ("chrg_bchno", "an entry is one batch"),
    ("dise_name", "the code decides"),
    ("diag_name", "the code decides"),
    ("dscg_maindiag_name", "the code decides"),
    ("diag_type", "Western and Chinese diagnoses count alike"),
    ("diag_srt_no", "the main one is stated first"),
    ("vali_flag", "what is stated holds"),
    ("mid_setl_flag", "an entry settles a discharge"),
    ("dscgTime", "the discharge itself is stated"),
    ("fulamt_ownpay_amt", "the platform splits lines itself"),
    ("preselfpay_amt", "the platform splits lines itself"),
    ("inscp_scp_amt", "the platform splits lines itself"),
    ("exp_content", "for people"),
    ("memo", "for people"),
];

/// The input fields of the transactions that the source of the handlers names.
fn named_by_handlers() -> BTreeSet<String> {
    let tables = Catalogue::national();
    let of_tables: BTreeSet<&str> = TRANSACTIONS
        .iter()
        .flat_map(|infno| tables.transaction(infno).unwrap().input())
        .flat_map(|node| &node.fields)
        .map(|field| field.name.as_str())
        .collect();
    let source = |file: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(file);
        fs::read_to_string(path).unwrap()
    };
    let literals = |text: &str| -> Vec<String> { text.split('"').skip(1).step_by(2).map(str::to_owned).collect() };
    let named = HANDLERS.iter().flat_map(|file| literals(&source(file)));
    named.filter(|name| of_tables.contains(name.as_str())).collect()
}

#[test]
fn every_field_that_a_handler_reads_has_its_way_through_the_register_or_decides_no_money() {
    let named = named_by_handlers();
    assert!(named.len() > 30, "the handlers' fields are found: {named:?}");
    let known: BTreeSet<&str> = STATED
        .iter()
        .map(|(name, ..)| *name)
        .chain(OF_LINES.iter().copied())
        .chain(BESIDE.iter().map(|(name, _)| *name))
        .collect();
    let unknown: Vec<&String> = named.iter().filter(|name| !known.contains(name.as_str())).collect();
    assert!(unknown.is_empty(), "no way through the register: {unknown:?}");
}

#[test]
fn the_registers_ask_for_every_field_that_decides_money() {
    let work = built_in();
    for (of_interface, name, kinds) in STATED {
        for kind in kinds.iter().flat_map(|kinds| kinds.iter()) {
            let asked = [Action::Register, Action::Discharge]
                .iter()
                .any(|action| work.fields.of(*kind, *action).any(|field| field.name == *name));
            assert!(asked, "{kind:?} has no {name} for {of_interface}");
        }
    }
    let columns: Vec<&str> = line_fields().iter().map(|field| field.name.as_str()).collect();
    let missing: Vec<_> = OF_LINES.iter().filter(|name| !columns.contains(name)).collect();
    assert!(missing.is_empty() && columns.len() == OF_LINES.len(), "{missing:?} of {columns:?}");
}

fn line() -> EntryLine {
    EntryLine {
        feedetl_sn: "S1".into(),
        fee_ocur_time: jiff::civil::date(2021, 7, 12).at(11, 0, 0, 0),
        med_list_codg: "X1".into(),
        medins_list_codg: "Y1".into(),
        cnt: Decimal::new(-25, 1),
        pric: Decimal::new(4, 0),
        det_item_fee_sumamt: Money::yuan(-10),
        hosp_appr_flag: "1".into(),
        init_feedetl_sn: "S0".into(),
        prd_days: "28".into(),
    }
}

/// An entry whose every field says its own name, but for those that are dates, words or amounts.
fn entry(kind: RegisterKind) -> Entry {
    let care = jiff::civil::date(2021, 7, 12).at(9, 30, 0, 0);
    let draft = Entry::draft(kind, usual_business(kind), care, Source::Page, "", care);
    let mut entry = Entry { number: "TJ520500-2021-000001".into(), ..draft };
    let mut stated: Stated = STATED.iter().map(|(_, name, _)| ((*name).to_owned(), (*name).to_owned())).collect();
    let own = [
        ("other_diags", "Z51.100 化疗"),
        ("endtime", "2021-07-14 10:00:00"),
        ("begntime", "2021-07-12 09:30:00"),
        ("acct_used_flag", "是"),
        ("medfee_sumamt", "77.00"),
        ("birctrl_matn_date", "2021-07-13"),
    ];
    stated.extend(own.map(|(name, value)| (name.to_owned(), value.to_owned())));
    lay_out(&mut entry, &stated);
    entry
}

/// Every message of an entry.
fn messages(entry: &Entry) -> Vec<Value> {
    let person = Person {
        psn_no: "P1".into(),
        psn_cert_type: "01".into(),
        certno: "C1".into(),
        psn_name: "王某".into(),
        gend: "1".into(),
        brdy: None,
        naty: String::new(),
        card_no: String::new(),
    };
    let provider = Arc::new(Provider::default());
    let of = Messages { entry, person: &person, provider, by: "", now: entry.taken_at };
    let (lines, total) = ([line()], entry.charged);
    let visit = [
        of.registration(),
        of.description("M1"),
        of.fees("M1", "B1", "11", &lines),
        of.visit_settlement("M1", "B1", total),
        of.purchase(total, &lines),
    ];
    let stay = [
        of.admission(),
        of.fees("M1", "", "21", &lines),
        of.discharge("M1", "310", entry.care_until.unwrap()),
        of.stay_settlement("M1", "310", total),
    ];
    if entry.kind == RegisterKind::CashVisit { visit.into() } else { stay.into() }
}

/// Whether a message says this value under this name, at whatever depth.
fn says(message: &Value, name: &str, value: &str) -> bool {
    match message {
        Value::Object(fields) => {
            fields.iter().any(|(key, held)| (key == name && held.as_str() == Some(value)) || says(held, name, value))
        }
        Value::Array(items) => items.iter().any(|item| says(item, name, value)),
        _ => false,
    }
}

#[test]
fn the_messages_of_a_backfill_say_what_the_register_holds() {
    for kind in [RegisterKind::CashVisit, RegisterKind::Admission] {
        let entry = entry(kind);
        let sent = messages(&entry);
        for (of_interface, name, kinds) in STATED {
            if kinds.iter().all(|kinds| !kinds.contains(&kind)) {
                continue;
            }
            let value = match (*of_interface, *name) {
                ("maindiag_flag", _) | (_, "acct_used_flag") => "1".to_owned(),
                (_, "other_diags") => "Z51.100".to_owned(),
                (_, "begntime") => moment_text(entry.care_from),
                (_, "endtime") => moment_text(entry.care_until.unwrap()),
                (_, "medfee_sumamt") => "77.00".to_owned(),
                (_, "birctrl_matn_date") => "2021-07-13".to_owned(),
                (_, name) => name.to_owned(),
            };
            let said = sent.iter().any(|message| says(message, of_interface, &value));
            assert!(said, "{kind:?}: no message says {of_interface} {value}: {sent:?}");
        }
        let line = line();
        let held = [
            ("feedetl_sn", line.feedetl_sn),
            ("init_feedetl_sn", line.init_feedetl_sn),
            ("fee_ocur_time", moment_text(line.fee_ocur_time)),
            ("med_list_codg", line.med_list_codg),
            ("medins_list_codg", line.medins_list_codg),
            ("cnt", line.cnt.to_string()),
            ("pric", line.pric.to_string()),
            ("det_item_fee_sumamt", line.det_item_fee_sumamt.to_string()),
            ("hosp_appr_flag", line.hosp_appr_flag),
            ("prd_days", line.prd_days),
        ];
        assert_eq!(held.len(), OF_LINES.len());
        for (name, value) in held {
            let said = sent.iter().any(|message| says(message, name, &value));
            assert!(said, "{kind:?}: no message says {name} {value}");
        }
    }
}
