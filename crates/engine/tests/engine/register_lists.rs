//! What the platform keeps by itself: lists of stays, supply and notices; plans, events, the board, holds.

use super::care::{admission, admit, discharge, fees, of_encounter, one, stay_settlement, text};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG};
use super::registers::{act, actor, add, agency, city, hospital, why};
use jiff::civil::date;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_domain::outage::{DueAt, RegisterKind};
use yibao_domain::register::{Action, Role, State};
use yibao_engine::desks::registers::{Entry, ListFilter, Registers};
use yibao_store::{SqliteStore, Store};

pub fn registers(city: &City) -> Registers<'_> {
    city.platform.registers(&Pool::new("520500")).unwrap()
}

pub fn entries(city: &City, kind: RegisterKind) -> Vec<(Entry, DueAt, bool)> {
    let filter = ListFilter { kind: Some(kind), rows: 1_000, ..ListFilter::default() };
    let listing = registers(city).list(&agency(), city.clock.get(), filter).unwrap();
    listing.rows.into_iter().map(|row| (row.entry, row.due, row.overdue)).collect()
}

#[test]
fn b01_every_stay_in_hospital_is_told_once_and_one_that_goes_home_is_taken_off() {
    let city = City::before_the_switch_over();
    let stay = admit(&city, LI);
    let home = admit(&city, WANG);
    city.clock.set(date(2021, 7, 5).at(9, 0, 0, 0));
    city.tend();
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let listed = entries(&city, RegisterKind::InpatientNotice);
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|(_, due, _)| *due == DueAt::At(date(2021, 7, 8).at(0, 0, 0, 0))));
    let number =
        |mdtrt_id: &str| listed.iter().find(|(entry, ..)| entry.mdtrt_id == mdtrt_id).unwrap().0.number.clone();
    let told = [("told_by", "护士长"), ("told_at", "2021-07-05 08:50"), ("told_whom", "本人")];
    act(&city, &hospital(), &number(&stay), Action::Tell, &told).unwrap();
    city.done(HOSPITAL, "2402", &discharge(WANG, &home, "2021-07-05 08:00:00"));
    city.clock.set(date(2021, 7, 8).at(0, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let listed = entries(&city, RegisterKind::InpatientNotice);
    assert!(listed.iter().all(|(entry, ..)| entry.state == State::Done), "{listed:?}");
    let gone = listed.iter().find(|(entry, ..)| entry.mdtrt_id == home).unwrap();
    assert!(gone.0.reason.contains("出院"), "{}", gone.0.reason);
    city.verify();
}

#[test]
fn b01_who_is_told_after_the_limit_is_marked_with_the_reason() {
    let city = City::before_the_switch_over();
    admit(&city, LI);
    city.clock.set(date(2021, 7, 5).at(9, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let number = entries(&city, RegisterKind::InpatientNotice)[0].0.number.clone();
    city.clock.set(date(2021, 7, 8).at(9, 0, 0, 0));
    let mut told = vec![("told_by", "护士长"), ("told_at", "2021-07-08 00:00"), ("told_whom", "本人")];
    assert!(why(act(&city, &hospital(), &number, Action::Tell, &told)).contains("逾时原因"), "the very moment is late");
    told[1].1 = "2021-07-08 08:50";
    assert!(why(act(&city, &hospital(), &number, Action::Tell, &told)).contains("逾时原因"));
    told.push(("late_reason", "家属不在"));
    let kept = act(&city, &hospital(), &number, Action::Tell, &told).unwrap();
    assert!(kept.remarks[0].contains("逾时告知") && kept.remarks[0].contains("2021-07-07 24:00"), "{:?}", kept.remarks);
}

#[test]
fn b02_a_stay_is_converted_and_converted_back_once_each_and_one_not_converted_is_a_fault_on_the_list() {
    let city = City::before_the_switch_over();
    let stay = admit(&city, LI);
    let left = admit(&city, WANG);
    city.clock.set(date(2021, 7, 9).at(18, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let of = |mdtrt_id: &str| {
        entries(&city, RegisterKind::StayConversion).into_iter().find(|(entry, ..)| entry.mdtrt_id == mdtrt_id).unwrap()
    };
    let (number, late) = (of(&stay).0.number, of(&left).0.number);
    assert_eq!(of(&left).1, DueAt::At(date(2021, 7, 9).at(20, 0, 0, 0)));
    let converted = [("converted_at", "2021-07-09 17:30"), ("converted_by", "王五")];
    act(&city, &hospital(), &number, Action::Convert, &converted).unwrap();
    assert!(why(act(&city, &hospital(), &number, Action::Convert, &converted)).contains("已转自费"));
    city.clock.set(date(2021, 7, 10).at(9, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    assert!(of(&left).2, "a stay that was not converted by 20:00 is overdue");
    assert!(!of(&stay).2);
    let late_converted = [("converted_at", "2021-07-10 08:30"), ("converted_by", "王五")];
    assert!(why(act(&city, &hospital(), &late, Action::Convert, &late_converted)).contains("逾时原因"));
    let mut with_reason = late_converted.to_vec();
    with_reason.push(("late_reason", "系统繁忙"));
    act(&city, &hospital(), &late, Action::Convert, &with_reason).unwrap();
    let back = [("restored_at", "2021-07-10 08:50"), ("restored_by", "王五")];
    assert!(why(act(&city, &hospital(), &number, Action::ConvertBack, &back)).contains("停办时段"));
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let back = [("restored_at", "2021-07-16 08:50"), ("restored_by", "王五")];
    act(&city, &hospital(), &number, Action::ConvertBack, &back).unwrap();
    assert!(why(act(&city, &hospital(), &number, Action::ConvertBack, &back)).contains("已转回医保"));
    city.verify();
}

#[test]
fn b10_a_converted_stay_that_is_reimbursed_has_nothing_left_to_convert() {
    let city = City::before_the_switch_over();
    let stay = admit(&city, LI);
    city.clock.set(date(2021, 7, 9).at(18, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let listed = || entries(&city, RegisterKind::StayConversion).remove(0).0;
    let (number, admitted) = (listed().number, listed().care_from.strftime("%Y-%m-%d %H:%M").to_string());
    let converted = [("converted_at", "2021-07-09 17:30"), ("converted_by", "王五")];
    act(&city, &hospital(), &number, Action::Convert, &converted).unwrap();
    city.clock.set(date(2021, 7, 12).at(9, 0, 0, 0));
    let left = [
        ("psn_no", LI),
        ("psn_name", "李某"),
        ("begntime", admitted.as_str()),
        ("endtime", "2021-07-11 10:00"),
        ("tel", "13900000000"),
        ("fees_kept", "是"),
        ("choice", "自费结清后报销"),
    ];
    let deferred = add(&city, &hospital(), RegisterKind::DeferredDischarge, &left).unwrap().entry.number;
    act(&city, &hospital(), &deferred, Action::ToReimbursement, &[("reason", "本人选择"), ("invono", "A-78")]).unwrap();
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    let claimed = [("refund", "300.00"), ("brought", "费用明细清单、疾病证明书、出院小结")];
    act(&city, &agency(), &deferred, Action::Reimburse, &claimed).unwrap();
    assert_eq!((listed().mdtrt_id, listed().state), (stay, State::Done));
    assert!(listed().reason.contains(&deferred), "{}", listed().reason);
    city.verify();
}

#[test]
fn b02_a_stay_settled_before_the_closing_is_taken_off_the_list_of_conversions() {
    let city = City::before_the_switch_over();
    let stay = admit(&city, LI);
    city.clock.set(date(2021, 7, 8).at(9, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    city.done(HOSPITAL, "2301", &fees(LI, &stay, "", &[one("1", "500.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &stay, "2021-07-08 08:00:00"));
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &stay, "500.00", false));
    let cancelled = admit(&city, WANG);
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    city.done(HOSPITAL, "2404", &of_encounter(WANG, &cancelled));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let listed = entries(&city, RegisterKind::StayConversion);
    assert_eq!(listed.len(), 2);
    assert!(listed.iter().all(|(entry, ..)| entry.state == State::Done && !entry.reason.is_empty()), "{listed:?}");
}

#[test]
fn b02_a_stay_that_is_only_listed_is_settled_as_always_though_the_plan_was_published_anew() {
    let city = City::before_the_switch_over();
    city.clock.set(date(2021, 7, 6).at(14, 0, 0, 0));
    let admitted = city.done(HOSPITAL, "2401", &admission(LI, "2021-07-06 13:00:00"));
    let stay = text(&admitted.output["result"]["mdtrt_id"]);
    city.clock.set(date(2021, 7, 8).at(9, 0, 0, 0));
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let (_, plan) = yibao_policy::plan::SHIPPED.iter().find(|(file, _)| file.contains("bijie")).unwrap();
    let anew = plan.replacen("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n", 1);
    registers(&city).publish_plan(&agency(), city.clock.get(), &anew).unwrap();
    city.tend();
    city.done(HOSPITAL, "2301", &fees(LI, &stay, "", &[one("1", "500.00")]));
    city.done(HOSPITAL, "2402", &discharge(LI, &stay, "2021-07-08 08:00:00"));
    city.done(HOSPITAL, "2304", &stay_settlement(LI, &stay, "500.00", false));
    let settled = city.look(|tx| tx.settlements_of_person(LI, 2021)).remove(0).settlement;
    assert_eq!(settled.counts_at, city.clock.get(), "not at its discharge");
    registers(&city).refresh_worklists("bijie-2021", city.clock.get()).unwrap();
    let listed = entries(&city, RegisterKind::StayConversion).remove(0).0;
    assert_eq!(listed.state, State::Done, "{listed:?}");
}

#[test]
fn b22_b24_each_provider_posts_the_notice_and_the_agency_supervises() {
    let city = City::before_the_switch_over();
    city.clock.set(date(2021, 7, 6).at(9, 0, 0, 0));
    city.tend();
    let notices = entries(&city, RegisterKind::Publicity);
    assert_eq!(notices.len(), 3);
    let own = notices.iter().find(|(entry, ..)| entry.fixmedins_code == OTHER_HOSPITAL).unwrap().0.number.clone();
    let posted = [
        ("posted_at", "2021-07-06 08:00"),
        ("posted_where", "门诊大厅"),
        ("explainer", "李四"),
        ("tel", "0857-1234567"),
    ];
    act(&city, &actor(Role::Provider, OTHER_HOSPITAL), &own, Action::Acknowledge, &posted).unwrap();
    let seen = [("seen_by", "督导员"), ("seen_at", "2021-07-06 08:30"), ("finding", "已张贴")];
    act(&city, &agency(), &own, Action::Supervise, &seen).unwrap();
    let board = registers(&city).board(&agency(), city.clock.get(), "bijie-2021").unwrap();
    let states: Vec<Option<State>> = board.providers.iter().map(|line| line.notice).collect();
    assert_eq!(states, [Some(State::Waiting), Some(State::Done), Some(State::Waiting)]);
    assert!(board.total.sum.closes());
    assert_eq!((board.total.sum.taken_in, board.total.sum.settled, board.total.sum.waiting), (3, 1, 2));
}

#[test]
fn the_board_tells_what_is_open_now_and_what_comes_next() {
    let city = city();
    let board = registers(&city).board(&agency(), city.clock.get(), "bijie-2021").unwrap();
    let line = |name: &str| board.businesses.iter().find(|line| line.business.as_str() == name).unwrap();
    assert!(line("settlement.inpatient").closed);
    assert_eq!(line("settlement.inpatient").next, Some(date(2021, 7, 16).at(0, 0, 0, 0)));
    let before = registers(&city).board(&agency(), date(2021, 7, 9).at(19, 0, 0, 0), "bijie-2021").unwrap();
    let line = before.businesses.iter().find(|line| line.business.as_str() == "settlement.inpatient").unwrap();
    assert_eq!((line.closed, line.next), (false, Some(date(2021, 7, 9).at(20, 0, 0, 0))));
}

/// A plan with a cash register whose reopening waits for an event, and the switch for holds on.
pub const WAITING: &str = r#"
[plan]
id = "waits"
title = "待验收恢复"
issuer = "医保局"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-05 00:00"
reopens_on = "accepted"
ends = "2021-12-31 24:00"

[switches]
hold_debtor_benefits = true

[[event]]
id = "accepted"
name = "验收通过"
who = "bureau"

[[rule]]
id = "outpatient"
clause = "T-01"
business = "settlement"
disposition = "cash_reenter"
evidence = ["telephone", "invoice"]
within_working_days = 10
after_reopening_of = "settlement.outpatient"
after_deadline = "by_case"
advice = "现金收费，恢复后补录。"

[[rule]]
id = "admission"
clause = "T-02"
business = "encounter"
disposition = "admit_on_statement"
advice = "凭陈述收治。"

[[rule]]
id = "filings"
clause = "T-03"
business = "filing"
disposition = "register_later"
effective = "intake"
advice = "先收件。"
"#;

pub const VISIT: &[(&str, &str)] = &[
    ("psn_no", WANG),
    ("psn_name", "王某"),
    ("insutype", "310"),
    ("med_type", "11"),
    ("begntime", "2021-07-06 09:30"),
    ("medfee_sumamt", "128.50"),
    ("tel", "13900000000"),
    ("invono", "00012345"),
];

pub fn waiting_city() -> City {
    let city = City::new();
    city.clock.set(date(2021, 7, 2).at(9, 0, 0, 0));
    registers(&city).publish_plan(&agency(), city.clock.get(), WAITING).unwrap();
    city.clock.set(date(2021, 7, 7).at(9, 0, 0, 0));
    city
}

#[test]
fn p09_missing_evidence_is_named_and_an_invoice_counts_once() {
    let city = waiting_city();
    let text = why(add(&city, &hospital(), RegisterKind::CashVisit, &VISIT[..6]));
    assert!(text.contains("“联系电话”") && text.contains("“发票号”"), "{text}");
    let first = add(&city, &hospital(), RegisterKind::CashVisit, VISIT).unwrap().entry.number;
    let mut other = VISIT.to_vec();
    other[0] = ("psn_no", LI);
    other[1] = ("psn_name", "李某");
    other[2] = ("insutype", "390");
    other[7] = ("invono", "0001 2345");
    assert!(why(add(&city, &hospital(), RegisterKind::CashVisit, &other)).contains(&first));
    city.verify();
}

#[test]
fn p18_papers_are_processed_in_order_of_receipt_and_take_effect_from_the_intake() {
    let city = waiting_city();
    let papers = |at: &'static str, name: &'static str| {
        [("psn_name", name), ("business", "异地就医备案"), ("begntime", at), ("papers", "备案表")]
    };
    let first = add(&city, &agency(), RegisterKind::Papers, &papers("2021-07-06 09:00", "甲")).unwrap().entry.number;
    let second = add(&city, &agency(), RegisterKind::Papers, &papers("2021-07-06 10:00", "乙")).unwrap().entry.number;
    let approved = [("approver", "科长"), ("stamped", "是"), ("approved_at", "2021-07-07 08:00")];
    act(&city, &agency(), &second, Action::PreApprove, &approved).unwrap();
    let text = why(act(&city, &agency(), &second, Action::Process, &[("result", "已备案")]));
    assert!(text.contains("正在停办") && text.contains("验收通过"), "{text}");
    let opened = date(2021, 7, 7).at(8, 0, 0, 0);
    registers(&city).enter_event(&agency(), city.clock.get(), "waits", "accepted", opened).unwrap();
    let text = why(act(&city, &agency(), &second, Action::Process, &[("result", "已备案")]));
    assert!(text.contains(&first), "{text}");
    let text = why(act(&city, &agency(), &second, Action::Reimburse, &[("refund", "1")]));
    assert!(text.contains("没有可报销的"), "a filing is no claim: {text}");
    act(&city, &agency(), &second, Action::Process, &[("result", "已备案"), ("out_of_order", "急诊")]).unwrap();
    let done = act(&city, &agency(), &first, Action::Process, &[("result", "已备案")]).unwrap();
    assert_eq!(done.entry.value("effective"), "2021-07-06");
    assert!(why(add(&city, &hospital(), RegisterKind::Papers, &papers("2021-07-06 11:00", "丙"))).contains("经办机构"));
}

/// A newborn whose enrolment was taken in during the stop is insured from the day of birth.
#[test]
fn a_newborns_enrolment_takes_effect_from_the_birth() {
    let plan = "[plan]\nid = \"t\"\ntitle = \"小城停机方案\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
                closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n\n[[rule]]\n\
                id = \"births\"\nclause = \"1\"\nbusiness = \"enrolment.new\"\ndisposition = \"register_later\"\n\
                evidence = \"application_papers\"\neffective = \"birth\"\nadvice = \"先收件，按出生日期生效。\"\n";
    let city = City::with_plan(plan);
    city.clock.set(date(2021, 7, 12).at(9, 0, 0, 0));
    let papers = |born: &'static str| {
        let at = ("begntime", "2021-07-12 09:00");
        let said =
            [("psn_name", "李小某"), ("business", "enrolment.new"), ("papers", "出生医学证明"), ("brdy", born), at];
        said.into_iter().filter(|(_, value)| !value.is_empty()).collect::<Vec<_>>()
    };
    let ahead = why(add(&city, &agency(), RegisterKind::Papers, &papers("2021-07-13")));
    assert!(ahead.contains("出生日期") && ahead.contains("晚于收件时间"), "{ahead}");
    let known = add(&city, &agency(), RegisterKind::Papers, &papers("2021-07-10")).unwrap().entry.number;
    // Enrolled on the mother's number, under the child's own name.
    let on_the_mothers = [&papers("2021-07-11")[..], &[("certno", "11010519491231002X")]].concat();
    let kept = add(&city, &agency(), RegisterKind::Papers, &on_the_mothers).unwrap();
    assert!(kept.entry.psn_no.is_empty(), "{:?}", kept.entry);
    let unknown = add(&city, &agency(), RegisterKind::Papers, &papers("")).unwrap().entry.number;
    city.clock.set(date(2021, 7, 16).at(9, 0, 0, 0));
    // What the plan says holds, whatever is typed; and an enrolment is no claim.
    let other =
        why(act(&city, &agency(), &known, Action::Process, &[("result", "已参保"), ("effective", "2021-07-16")]));
    assert!(other.contains("按出生日期生效，应为2021-07-10"), "{other}");
    let paid = why(act(&city, &agency(), &known, Action::Reimburse, &[("refund", "88888.00")]));
    assert!(paid.contains("没有可报销的"), "{paid}");
    let done = act(&city, &agency(), &known, Action::Process, &[("result", "已参保")]).unwrap();
    assert_eq!(done.entry.value("effective"), "2021-07-10");
    act(&city, &agency(), &kept.entry.number, Action::Process, &[("result", "已参保")]).unwrap();
    let asked = why(act(&city, &agency(), &unknown, Action::Process, &[("result", "已参保")]));
    assert!(asked.contains("收件时没有登记出生日期"), "{asked}");
    let stated = [("result", "已参保"), ("effective", "2021-07-11")];
    assert_eq!(
        act(&city, &agency(), &unknown, Action::Process, &stated).unwrap().entry.value("effective"),
        "2021-07-11"
    );
    city.verify();
}

#[test]
fn what_one_process_publishes_another_one_takes_up() {
    let folder = tempfile::tempdir().unwrap();
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(folder.path(), &[]).unwrap());
    let (one, other) = (City::on(store.clone(), Vec::new()), City::on(store, Vec::new()));
    registers(&one).publish_plan(&agency(), date(2021, 7, 2).at(9, 0, 0, 0), WAITING).unwrap();
    assert!(other.platform.plans().is_empty());
    other.clock.set(date(2021, 7, 2).at(9, 0, 1, 0));
    other.tend();
    assert_eq!(other.platform.plans()[0].id, "waits");
    other.clock.set(date(2021, 7, 7).at(9, 0, 0, 0));
    add(&other, &hospital(), RegisterKind::CashVisit, VISIT).unwrap();
}

#[test]
fn p28_an_incident_is_reported_and_dealt_with() {
    let city = waiting_city();
    let told = [
        ("begntime", "2021-07-06 09:00"),
        ("subject", "收费窗口排长队"),
        ("reported_by", "医保科"),
        ("tel", "0857-1234567"),
    ];
    let kept = add(&city, &hospital(), RegisterKind::Incident, &told).unwrap();
    assert!(!add(&city, &hospital(), RegisterKind::Incident, &told).unwrap().is_new);
    let dealt = act(&city, &agency(), &kept.entry.number, Action::Process, &[("result", "增派人员")]).unwrap();
    assert_eq!(dealt.entry.state, State::Done);
}
