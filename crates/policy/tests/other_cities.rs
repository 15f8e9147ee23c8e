//! Plans of other cities' public notices: that the language says what they say, to the moment.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::civil::{DateTime, date};
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Business, Channel, Closed, Disposition, DueAt, EventEntered, Moments, Plan, Question, RegisterKind, Reopens,
    Verdict, decide, in_force,
};
use yibao_policy::plan::{check, national_calendar, read};
use yibao_policy::registers::built_in;

const BORTALA: &str = include_str!("plans/bortala-2021.toml");
const ZHONGSHAN: &str = include_str!("plans/zhongshan-2020.toml");
const SHENZHEN: &str = include_str!("plans/shenzhen-2018.toml");
const JINAN: &str = include_str!("plans/jinan-2022.toml");

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn about(business: &str) -> Question {
    Question::about(Business::new(business).unwrap())
}

fn closed(plan: &Plan, question: &Question, now: &str) -> Option<Closed> {
    match decide(std::slice::from_ref(plan), question, at(now)) {
        Verdict::Closed(closed) => Some(*closed),
        Verdict::Open { .. } => None,
    }
}

#[test]
fn the_plans_are_free_of_contradictions() {
    for text in [BORTALA, ZHONGSHAN, SHENZHEN, JINAN] {
        let plan = read(text).unwrap();
        assert_eq!(check(&plan, &national_calendar(), &built_in().fields), [], "{}", plan.id);
    }
}

#[test]
fn what_waits_for_acceptance_is_closed_until_it_is_entered_and_says_when_it_is_expected() {
    let plan = read(BORTALA).unwrap();
    let question = about("settlement.outpatient.ordinary");
    assert_eq!(closed(&plan, &question, "2021-09-20 21:59:59"), None);
    let told = |moment: &str| closed(&plan, &question, moment).unwrap().refusal().text;
    let early = told("2021-09-29 23:59:59");
    assert!(early.contains("待“国家平台验收通过”后恢复（预计2021-09-30 00:00）"), "{early}");
    let late = told("2021-10-08 09:00");
    assert!(late.contains("待“国家平台验收通过”后恢复") && !late.contains("预计"), "what was expected is past: {late}");
    let entered = EventEntered {
        pool: plan.pool.clone(),
        plan: "bortala-2021".into(),
        event: "accepted".into(),
        at: at("2021-10-05 15:00"),
    };
    let [after] = &in_force(vec![plan], &[entered])[..] else { panic!("one plan") };
    assert!(closed(after, &question, "2021-10-05 14:59:59").is_some());
    assert_eq!(closed(after, &question, "2021-10-05 15:00"), None);
}

#[test]
fn each_business_of_the_staggered_closing_keeps_its_own_hour() {
    let plan = read(BORTALA).unwrap();
    for (business, closes) in [
        ("enrolment.change", "2021-09-13 20:00"),
        ("contribution.resident", "2021-09-16 00:00"),
        ("contribution.employee", "2021-09-17 00:00"),
        ("reimbursement.manual", "2021-09-18 00:00"),
        ("settlement.inpatient", "2021-09-20 22:00"),
    ] {
        assert_eq!(closed(&plan, &about(business), closes).unwrap().since, at(closes), "{business}");
    }
    let hall = closed(&plan, &about("hall.filing"), "2030-01-01 00:00").unwrap();
    assert_eq!(hall.until, Reopens::Never);
    assert!(hall.refusal().text.contains("不再恢复"));
    let stay = closed(&plan, &about("encounter.admission"), "2021-09-21 00:00").unwrap();
    assert_eq!(stay.disposition, Disposition::CancelRecreate);
    let rule = plan.rules.iter().find(|rule| rule.id == "stays").unwrap();
    assert_eq!(rule.register(&Business::named("encounter.fees")), Some(RegisterKind::StayConversion));
}

#[test]
fn who_pays_the_arrears_of_september_in_september_loses_nothing() {
    let plan = read(BORTALA).unwrap();
    let held = |needed: &str, filed: &str| {
        plan.held_harmless(&about("contribution.employee"), at(needed), at(filed), &national_calendar()).is_some()
    };
    assert!(held("2021-09-20 10:00", "2021-09-30 23:59:59"));
    assert!(!held("2021-09-20 10:00", "2021-10-01 00:00"));
    assert!(!held("2021-09-16 23:59", "2021-09-30 10:00"), "it could still be paid then");
}

#[test]
fn an_outage_across_the_end_of_the_year_touches_two_benefit_years() {
    let plan = read(ZHONGSHAN).unwrap();
    let stay = closed(&plan, &about("settlement.inpatient"), "2020-12-31 23:59:59").unwrap();
    assert_eq!((stay.disposition, stay.until.moment()), (Disposition::OnAccount, Some(at("2021-01-01 00:00"))));
    assert_eq!(closed(&plan, &about("settlement.inpatient"), "2021-01-01 00:00"), None);
    assert!(closed(&plan, &about("reimbursement"), "2021-01-03 23:59:59").is_some());
    let year = |day| plan.benefit_year_of(day).unwrap();
    assert_eq!(year(date(2020, 12, 31)), (date(2020, 1, 1), date(2020, 12, 31)));
    assert_eq!(year(date(2021, 1, 1)), (date(2021, 1, 1), date(2021, 12, 31)));
    let rule = plan.rules.iter().find(|rule| rule.id == "stays").unwrap();
    assert_eq!(rule.fallbacks.len(), 2);
}

#[test]
fn deadlines_in_months_run_from_the_care_and_from_the_discharge() {
    let plan = read(SHENZHEN).unwrap();
    let due = |rule: &str, moments: Moments<'_>| {
        let rule = plan.rules.iter().find(|its| its.id == rule).unwrap();
        let deadline = rule.deadline.as_ref().or(rule.fallbacks.first().and_then(|one| one.deadline.as_ref()));
        plan.due(deadline.unwrap(), &moments, &national_calendar())
    };
    let care = |text| Moments { care: Some(at(text)), ..Moments::default() };
    assert_eq!(due("outpatient", care("2018-10-03 10:00")), DueAt::At(at("2019-01-04 00:00")));
    // February has no 30th, so three months after 30 November end with its last day.
    assert_eq!(due("outpatient", care("2018-11-30 10:00")), DueAt::At(at("2019-03-01 00:00")));
    let discharge = Moments { discharge: Some(at("2018-10-05 11:00")), ..Moments::default() };
    assert_eq!(due("stays-elsewhere", discharge), DueAt::At(at("2019-10-06 00:00")));
    assert!(matches!(due("outpatient", Moments::default()), DueAt::Unknowable(_)));
    assert_eq!(plan.benefit_year_of(date(2018, 10, 1)), Some((date(2018, 7, 1), date(2019, 6, 30))));
    assert_eq!(plan.benefit_year_of(date(2019, 6, 30)), Some((date(2018, 7, 1), date(2019, 6, 30))));
}

#[test]
fn care_elsewhere_comes_back_later_than_at_home() {
    let plan = read(SHENZHEN).unwrap();
    let mut question = about("settlement.inpatient");
    assert_eq!(closed(&plan, &question, "2018-10-05 00:00"), None);
    question.insured_pool = Some(Pool::new("440300"));
    question.care_pool = Some(Pool::new("440100"));
    let away = closed(&plan, &question, "2018-10-08 08:59:59").unwrap();
    assert_eq!(away.disposition, Disposition::DeferSettlement);
    assert!(closed(&plan, &about("query.person"), "2018-10-02 00:00").is_some(), "queries are named here");
}

#[test]
fn other_branches_close_by_rules_of_their_own_and_leave_health_care_alone() {
    let plan = read(JINAN).unwrap();
    assert_eq!(closed(&plan, &about("settlement.inpatient"), "2022-03-01 00:00"), None);
    assert!(closed(&plan, &about("unemployment"), "2022-03-20 23:59:59").is_some());
    assert_eq!(closed(&plan, &about("pension.transfer"), "2022-02-21 00:00").unwrap().rule, "transfer");
    let mut certificate = about("pension.certificate");
    assert_eq!(closed(&plan, &certificate, "2022-03-01 00:00").unwrap().rule, "counters-only");
    certificate.channel = Some(Channel::Agency);
    assert_eq!(closed(&plan, &certificate, "2022-03-01 00:00"), None);
}
