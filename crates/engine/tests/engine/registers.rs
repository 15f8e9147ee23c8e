//! Registers as pages and files meet them: statements, steps, lists, on both stores.

use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, PHARMACY, WANG};
use jiff::civil::{DateTime, date};
use yibao_domain::code::Pool;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Action, Role, State};
use yibao_engine::desks::registers::{Actor, Kept, ListFilter, NewEntry, NotDone, Source, Stated};

pub fn hospital() -> Actor {
    actor(Role::Provider, HOSPITAL)
}

pub fn other_hospital() -> Actor {
    actor(Role::Provider, OTHER_HOSPITAL)
}

pub fn agency() -> Actor {
    actor(Role::Agency, "")
}

pub fn actor(role: Role, code: &str) -> Actor {
    Actor { login: "u1".into(), name: "张三".into(), role, fixmedins_code: code.into() }
}

pub fn fields(pairs: &[(&str, &str)]) -> Stated {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// In the middle of the stop of 2021.
pub fn in_the_outage() -> DateTime {
    date(2021, 7, 12).at(15, 0, 0, 0)
}

#[track_caller]
pub fn add(city: &City, by: &Actor, kind: RegisterKind, pairs: &[(&str, &str)]) -> Result<Kept, NotDone> {
    let new = NewEntry {
        kind,
        fixmedins_code: String::new(),
        fields: fields(pairs),
        lines: Vec::new(),
        source: Source::Page,
    };
    city.platform.registers(&Pool::new("520500")).unwrap().add(by, city.clock.get(), new)
}

#[track_caller]
pub fn act(city: &City, by: &Actor, number: &str, action: Action, pairs: &[(&str, &str)]) -> Result<Kept, NotDone> {
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    registers.act(by, city.clock.get(), number, action, fields(pairs))
}

/// What was refused, in words.
#[track_caller]
pub fn why(outcome: Result<Kept, NotDone>) -> String {
    match outcome {
        Ok(kept) => panic!("taken: {kept:?}"),
        Err(NotDone::Fault(fault)) => panic!("a fault: {}", fault.chain()),
        Err(not_done) => not_done.to_string(),
    }
}

pub const VISIT: &[(&str, &str)] = &[
    ("psn_no", WANG),
    ("psn_name", "王某"),
    ("insutype", "310"),
    ("med_type", "11"),
    ("begntime", "2021-07-12 09:30"),
    ("medfee_sumamt", "128.50"),
];

/// The city of 2021 in the middle of its stop.
pub fn city() -> City {
    let city = City::before_the_switch_over();
    city.clock.set(in_the_outage());
    city
}

#[test]
fn what_a_pharmacy_sells_for_a_long_disease_is_written_down_as_its_till_would_settle_it() {
    let city = city();
    let sold: Vec<_> = VISIT.iter().copied().filter(|(name, _)| *name != "med_type").collect();
    let sold = [sold, vec![("med_type", "14"), ("opsp_dise_code", "M03900")]].concat();
    let at = |code: &str| add(&city, &actor(Role::Provider, code), RegisterKind::CashVisit, &sold);
    assert_eq!(at(HOSPITAL).unwrap().entry.business.as_str(), "settlement.outpatient.special");
    // No rule gives what pharmacies sell a register, whatever it is for.
    let told = why(at(PHARMACY));
    assert!(told.contains("没有为药店购药结算设台账"), "{told}");
}

#[test]
fn b13_a_cash_visit_of_the_outage_is_recorded_beside_the_register_without_a_promise() {
    let city = city();
    let kept = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap();
    assert_eq!(kept.entry.number, "TJ520500-2021-000001");
    assert_eq!(kept.entry.state, State::Outside);
    assert!(kept.remarks[0].contains("不承诺退费"), "{:?}", kept.remarks);
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    let view = registers.entry(&hospital(), city.clock.get(), &kept.entry.number).unwrap();
    assert_eq!(view.history.len(), 1);
    assert_eq!(view.governing.unwrap().clauses, ["B-13"]);
    assert!(view.contacts.iter().any(|contact| contact.county == "520502"));
    city.verify();
}

#[test]
fn the_same_statement_again_gives_the_same_entry() {
    let city = city();
    let first = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap();
    let again = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap();
    assert_eq!(first.entry, again.entry);
    assert!(first.is_new && !again.is_new);
}

#[test]
fn care_outside_the_window_is_refused_with_the_window_and_what_to_do() {
    let city = city();
    let before: Vec<(&str, &str)> =
        VISIT.iter().map(|pair| if pair.0 == "begntime" { ("begntime", "2021-07-09 23:59") } else { *pair }).collect();
    let text = why(add(&city, &hospital(), RegisterKind::CashVisit, &before));
    assert!(text.contains("2021-07-15 24:00") && text.contains("不必登记"), "{text}");
}

#[test]
fn every_wrong_field_is_named_at_once() {
    let city = city();
    let text = why(add(&city, &hospital(), RegisterKind::CashVisit, &[("psn_name", "王某"), ("med_type", "888")]));
    for part in ["“险种类型”必填", "“医疗类别”“888”", "“费用总额”必填"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}

#[test]
fn a_name_that_is_not_the_persons_is_refused() {
    let city = city();
    let mut visit = VISIT.to_vec();
    visit[1] = ("psn_name", "李某");
    assert!(why(add(&city, &hospital(), RegisterKind::CashVisit, &visit)).contains("姓名"));
}

#[test]
fn b12_a_purchase_is_not_registered_and_the_advice_says_so() {
    let city = city();
    let mut visit = VISIT.to_vec();
    visit[3] = ("med_type", "41");
    let text = why(add(&city, &actor(Role::Provider, PHARMACY), RegisterKind::CashVisit, &visit));
    assert!(text.contains("没有为") && text.contains("个人账户刷卡购药暂停"), "{text}");
}

pub const STAY: &[(&str, &str)] = &[
    ("psn_no", LI),
    ("psn_name", "李某"),
    ("insutype", "390"),
    ("med_type", "21"),
    ("begntime", "2021-07-11 08:00"),
    ("ipt_otp_no", "Z001"),
    ("diag_code", "J18.900"),
    ("diag_name", "肺炎"),
    ("fees_kept", "是"),
];

#[test]
fn b09_an_admission_of_the_outage_is_registered_once_and_acted_on_by_its_own_hospital_only() {
    let city = city();
    let kept = add(&city, &hospital(), RegisterKind::Admission, STAY).unwrap();
    assert_eq!((kept.entry.state, kept.entry.rule.as_str()), (State::Waiting, "admission"));
    let mut again = STAY.to_vec();
    again[5] = ("ipt_otp_no", "Z002");
    assert!(why(add(&city, &hospital(), RegisterKind::Admission, &again)).contains(&kept.entry.number));
    let number = &kept.entry.number;
    let left = [("endtime", "2021-07-12 10:00"), ("tel", "0857-8296182")];
    let foreign = why(act(&city, &other_hospital(), number, Action::Discharge, &left));
    let unknown = why(act(&city, &other_hospital(), "TJ520500-2021-999999", Action::Discharge, &left));
    assert_eq!(foreign.replace(number, "N"), unknown.replace("TJ520500-2021-999999", "N"));
    let early = why(act(&city, &hospital(), number, Action::Discharge, &[("endtime", "2021-07-11 07:00")]));
    assert!(early.contains("出院时间") && early.contains("早于"), "{early}");
    let acted = act(&city, &hospital(), number, Action::Discharge, &left).unwrap();
    assert_eq!(acted.entry.care_until, Some(date(2021, 7, 12).at(10, 0, 0, 0)));
    assert_eq!(acted.entry.version, 2);
    let registers = city.platform.registers(&Pool::new("520500")).unwrap();
    let rows = |by: &Actor| registers.list(by, city.clock.get(), ListFilter::default()).unwrap().total;
    assert_eq!((rows(&hospital()), rows(&other_hospital()), rows(&agency())), (1, 0, 1));
    city.verify();
}

#[test]
fn a_stay_is_not_registered_as_outpatient_care() {
    let mut stay = STAY.to_vec();
    stay[3] = ("med_type", "11");
    assert!(why(add(&city(), &hospital(), RegisterKind::Admission, &stay)).contains("不是住院类别"));
}

#[test]
fn b11_a_paper_certificate_needs_its_issuer_and_is_registered_under_its_own_rule() {
    let city = city();
    let mut stay = STAY.to_vec();
    stay.push(("certificate_issuer", "大方县羊场镇人民政府"));
    let kept = add(&city, &hospital(), RegisterKind::Admission, &stay).unwrap();
    assert_eq!(kept.entry.rule, "admission-registered-poor");
}

#[test]
fn what_is_withdrawn_gives_its_claim_back_and_what_is_reopened_takes_it_again() {
    let city = city();
    let first = add(&city, &hospital(), RegisterKind::Admission, STAY).unwrap().entry.number;
    act(&city, &hospital(), &first, Action::Withdraw, &[("reason", "登记错误")]).unwrap();
    let mut again = STAY.to_vec();
    again[5] = ("ipt_otp_no", "Z002");
    let second = add(&city, &hospital(), RegisterKind::Admission, &again).unwrap().entry.number;
    let text = why(act(&city, &agency(), &first, Action::Reopen, &[("reason", "核实有误")]));
    assert!(text.contains(&second), "{text}");
    city.verify();
}

#[test]
fn a_correction_is_judged_like_a_new_statement_and_changes_nothing_where_nothing_differs() {
    let city = city();
    let number = add(&city, &hospital(), RegisterKind::Admission, STAY).unwrap().entry.number;
    let same = act(&city, &hospital(), &number, Action::Correct, &[("diag_name", "肺炎")]).unwrap();
    assert!(!same.is_new);
    let text = why(act(&city, &hospital(), &number, Action::Correct, &[("begntime", "2021-07-20 08:00")]));
    assert!(text.contains("晚于现在"), "{text}");
    let corrected = act(&city, &hospital(), &number, Action::Correct, &[("begntime", "2021-07-11 09:00")]).unwrap();
    assert_eq!(corrected.entry.care_from, date(2021, 7, 11).at(9, 0, 0, 0));
    assert_eq!(corrected.entry.version, 2);
    city.verify();
}

#[test]
fn a_correction_is_kept_with_what_stood_before_and_tells_nothing_that_stayed() {
    let city = city();
    let number = add(&city, &hospital(), RegisterKind::Admission, STAY).unwrap().entry.number;
    let whole = [("begntime", "2021-07-11 09:00"), ("diag_name", "肺炎")];
    act(&city, &hospital(), &number, Action::Correct, &whole).unwrap();
    let view = crate::register_lists::registers(&city).entry(&hospital(), city.clock.get(), &number).unwrap();
    let told = &view.history.last().unwrap().fields;
    let of = |name: &str| told.get(name).map(String::as_str);
    assert_eq!(of("begntime"), Some("2021-07-11 09:00:00"));
    assert_eq!(of("was.begntime"), Some("2021-07-11 08:00:00"));
    assert_eq!((of("diag_name"), of("was.diag_name")), (None, None));
}

/// An admission of the outage.
pub fn stay(city: &City) -> String {
    add(city, &hospital(), RegisterKind::Admission, STAY).unwrap().entry.number
}

#[test]
fn a_statement_is_known_again_however_much_its_provider_has_registered_that_day() {
    let city = city();
    let person = [
        ("certno", "E12345678"),
        ("psn_name", "某人"),
        ("insutype", "310"),
        ("med_type", "11"),
        ("begntime", "2021-07-12 09:30"),
        ("medfee_sumamt", "128.50"),
    ];
    let nobody = [
        ("begntime", "2021-07-12 09:00"),
        ("subject", "收费窗口排长队"),
        ("reported_by", "医保科"),
        ("tel", "0857-1234567"),
    ];
    let taken = add(&city, &hospital(), RegisterKind::CashVisit, &person).unwrap().entry;
    let told = add(&city, &hospital(), RegisterKind::Incident, &nobody).unwrap().entry;
    // More than is compared, and earlier on the same day.
    city.write(|tx| {
        let care_from = date(2021, 7, 12).at(8, 0, 0, 0);
        (0..5_001).try_for_each(|serial| {
            let (number, certno) = (format!("TJ520500-2021-1{serial:05}"), format!("F{serial:08}"));
            tx.add_entry(&yibao_engine::desks::registers::Entry { number, certno, care_from, ..taken.clone() })
        })
    });
    for (kind, statement, first) in
        [(RegisterKind::CashVisit, &person[..], &taken), (RegisterKind::Incident, &nobody[..], &told)]
    {
        let again = add(&city, &hospital(), kind, statement).unwrap();
        assert_eq!((again.is_new, &again.entry.number), (false, &first.number));
    }
    let mut other = nobody;
    other[1].1 = "打印机故障";
    assert!(add(&city, &hospital(), RegisterKind::Incident, &other).unwrap().is_new);
}
