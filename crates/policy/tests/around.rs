//! What a plan says around its closings: slow periods, frozen settlements, unbroken insurance, counts at an instant.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::civil::{Date, DateTime};
use yibao_domain::calendar::Calendar;
use yibao_domain::entitlement::InsuranceRow;
use yibao_domain::outage::{Business, Insurance, Plan, Question, Verdict, decide, difference};
use yibao_policy::plan::{check, national_calendar, read, warnings};
use yibao_policy::registers::built_in;

const HEAD: &str = r#"[plan]
id = "t"
title = "试"
issuer = "试"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-09 24:00"
reopens = "2021-07-15 24:00"
ends = "2021-11-30 24:00"
silent_ok = ["settlement", "encounter"]

[[rule]]
id = "all"
clause = "1"
business = "*"
disposition = "refuse"
advice = "请稍后。"
"#;

const SLOW: &str = r#"
[[degraded]]
id = "slow"
clause = "2"
business = "settlement"
schemes = "resident"
until = "2021-07-20 08:00"
advice = "不急的请20日以后再来。"
"#;

const FREEZE: &str = r#"
[[freeze]]
id = "old-settlements"
clause = "3"
business = "settlement"
at = "2021-07-15 24:00"
advice = "需要更正的，请到经办机构办理。"
"#;

const CONTINUITY: &str = r#"
[[continuity]]
id = "transfers"
clause = "4"
schemes = "employee"
breaks_from = "2021-07-01"
breaks_until = "2021-07-31"
by = "2021-09-30 24:00"
advice = "停机期间未能接续的，9月底前补办，待遇不中断。"
"#;

const INVARIANT: &str = r#"
[[invariant]]
id = "nothing-in-flight"
clause = "5"
at = "2021-07-10 00:00"
counts = ["in_hospital", "visits_unsettled"]
advice = "请在停办前全部结算。"
"#;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn plan(rest: &str) -> Plan {
    read(&format!("{HEAD}{rest}")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn found(rest: &str) -> (Vec<String>, Vec<String>) {
    let (plan, work) = (plan(rest), built_in());
    let texts = |found: Vec<yibao_policy::plan::Problem>| found.into_iter().map(|one| one.to_string()).collect();
    let calendar = national_calendar();
    (texts(check(&plan, &calendar, &work.fields)), texts(warnings(&plan, &calendar, &work.fields)))
}

fn remarks(plan: &Plan, business: &'static str, scheme: Insurance, now: &str) -> Vec<String> {
    let question = Question { scheme: Some(scheme), ..Question::about(Business::named(business)) };
    match decide(std::slice::from_ref(plan), &question, at(now)) {
        Verdict::Open { remarks } => remarks,
        Verdict::Closed(closed) => panic!("closed: {closed:?}"),
    }
}

#[test]
fn advice_is_given_from_the_reopening_until_the_service_is_as_usual() {
    let plan = plan(SLOW);
    let told = |scheme, now| remarks(&plan, "settlement.outpatient.ordinary", scheme, now);
    let first = told(Insurance::Resident, "2021-07-16T00:00:00");
    assert!(first.iter().any(|text| text.contains("不急的请20日以后再来")), "{first:?}");
    assert_eq!(told(Insurance::Resident, "2021-07-19T23:59:59").len(), 1);
    assert!(told(Insurance::Resident, "2021-07-20T08:00:00").is_empty());
    assert!(told(Insurance::Employee, "2021-07-16T00:00:00").is_empty(), "it is about residents");
    assert!(told(Insurance::Resident, "2021-07-08T00:00:00").is_empty(), "nothing has reopened yet");
    assert!(remarks(&plan, "enrolment", Insurance::Resident, "2021-07-16T00:00:00").is_empty());
}

#[test]
fn a_slow_period_may_begin_at_a_moment_of_its_own() {
    let plan = plan(&SLOW.replace("until =", "from = \"2021-07-17 08:00\"\nuntil ="));
    let told = |now| remarks(&plan, "settlement.pharmacy", Insurance::Resident, now).len();
    assert_eq!((told("2021-07-17T07:59:59"), told("2021-07-17T08:00:00")), (0, 1));
}

#[test]
fn what_was_settled_before_the_switch_is_frozen_after_it() {
    let plan = plan(FREEZE);
    let question = Question::about(Business::named("settlement.inpatient"));
    let frozen = |settled, now| plan.frozen(&question, at(settled), at(now)).is_some();
    assert!(frozen("2021-07-09T19:00:00", "2021-07-16T00:00:00"));
    assert!(!frozen("2021-07-09T19:00:00", "2021-07-15T23:59:59"), "before the switch it may still be cancelled");
    assert!(!frozen("2021-07-16T00:00:00", "2021-07-17T00:00:00"), "what the new system settled it may cancel");
}

fn insurance(insutype: &str, begin: &str, end: Option<&str>) -> InsuranceRow {
    InsuranceRow {
        insutype: insutype.into(),
        psn_type: "11".into(),
        insured_area: "520500".into(),
        begin: day(begin),
        end: end.map(day),
        paused_from: None,
        continuous_years: 0,
    }
}

fn begins(rest: &str, rows: Vec<InsuranceRow>, calendar: &Calendar) -> Vec<Date> {
    let scheme = |row: &InsuranceRow| if row.insutype == "310" { Insurance::Employee } else { Insurance::Resident };
    let whose =
        |row: &InsuranceRow| Question { scheme: Some(scheme(row)), ..Question::about(Business::named("enrolment")) };
    plan(rest).unbroken(rows, whose, calendar).into_iter().map(|row| row.begin).collect()
}

#[track_caller]
fn bridged(rows: [InsuranceRow; 2], expected: &str) {
    let found = begins(CONTINUITY, rows.to_vec(), &national_calendar());
    assert_eq!(found, [rows[0].begin, day(expected)]);
}

#[test]
fn a_break_from_the_outage_is_none_for_who_is_insured_again_in_time() {
    let before = |end| insurance("310", "2019-01-01", Some(end));
    bridged([before("2021-07-10"), insurance("310", "2021-09-30", None)], "2021-07-11");
    bridged([before("2021-06-30"), insurance("310", "2021-08-01", None)], "2021-07-01");
    bridged([before("2021-06-29"), insurance("310", "2021-08-01", None)], "2021-08-01");
    bridged([before("2021-07-30"), insurance("310", "2021-08-01", None)], "2021-07-31");
    bridged([before("2021-07-31"), insurance("310", "2021-09-01", None)], "2021-09-01");
    bridged([before("2021-07-10"), insurance("310", "2021-10-01", None)], "2021-10-01");
    bridged([before("2021-07-10"), insurance("390", "2021-09-01", None)], "2021-09-01");
    bridged([insurance("390", "2019-01-01", Some("2021-07-10")), insurance("310", "2021-09-01", None)], "2021-07-11");
}

#[test]
fn a_pause_that_the_outage_brought_is_bridged_like_an_end() {
    let paused = InsuranceRow { paused_from: Some(day("2021-07-12")), ..insurance("310", "2019-01-01", None) };
    bridged([paused, insurance("310", "2021-08-01", None)], "2021-07-12");
}

#[test]
fn sound_ones_pass() {
    for piece in [SLOW, FREEZE, CONTINUITY, INVARIANT] {
        assert_eq!(found(piece), (Vec::new(), Vec::new()), "{piece}");
    }
}

#[track_caller]
fn refused(piece: &str, from: &str, to: &str, says: &str) {
    assert!(piece.contains(from), "{piece}");
    let (problems, _) = found(&piece.replace(from, to));
    assert!(problems.iter().any(|text| text.contains(says)), "{says}: {problems:?}");
}

#[test]
fn what_cannot_hold_is_refused() {
    refused(SLOW, "2021-07-20 08:00", "2021-07-15 08:00", "业务都还停办");
    refused(SLOW, "until =", "from = \"2021-07-21 08:00\"\nuntil =", "不晚于起点");
    refused(SLOW, "2021-07-20 08:00", "2022-07-20 08:00", "方案期间");
    refused(FREEZE, "\"settlement\"", "\"enrolment\"", "不是结算");
    refused(FREEZE, "2021-07-15 24:00", "2021-06-15 24:00", "方案期间");
    refused(CONTINUITY, "2021-07-31", "2021-06-30", "先止");
    refused(CONTINUITY, "schemes =", "providers = \"H52050200001\"\nschemes =", "不能限定");
    refused(CONTINUITY, "2021-09-30 24:00", "2021-07-01 00:00", "早于中断区间的首日");
    refused(INVARIANT, "advice =", "schemes = \"resident\"\nadvice =", "只能限定");
    refused(INVARIANT, "\"visits_unsettled\"", "\"in_hospital\"", "写了两次");
    refused(INVARIANT, "2021-07-10 00:00", "2022-07-10 00:00", "方案期间");
}

#[test]
fn a_count_before_the_closing_is_a_reminder() {
    let (problems, reminders) = found(&INVARIANT.replace("2021-07-10 00:00", "2021-07-09 17:30"));
    assert!(problems.is_empty() && reminders.iter().all(|text| text.contains("尚未停办")), "{problems:?}");
    assert_eq!(reminders.len(), 2);
}

#[test]
fn a_replan_says_what_becomes_of_them() {
    let (before, after) = (plan(SLOW), plan(&SLOW.replace("07-20 08:00", "07-22 08:00")));
    let changes = difference(&before, &after, &national_calendar());
    let texts: Vec<String> = changes.iter().map(|change| format!("{} {}", change.part.name(), change.name())).collect();
    assert!(texts.iter().any(|text| text.starts_with("恢复初期") && text.contains("推迟2天")), "{texts:?}");
}
