//! Reopening as plans say it: stages and waves, events, re-plans, unplanned stops, rules that prevail.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Business, Disposition, DueAt, EventEntered, Outcome, Plan, Question, RegisterKind, Reopens, Verdict, Which, decide,
    explain, in_force, plan_named,
};
use yibao_policy::plan::{check, national_calendar, read};
use yibao_policy::registers::built_in;

const HEAD: &str = r#"[plan]
id = "t"
title = "试"
issuer = "试"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-09 24:00"
reopens = "2021-07-15 24:00"
ends = "2021-12-31 24:00"
"#;

const ALL: &str = r#"
[[rule]]
id = "all"
clause = "1"
business = "*"
disposition = "refuse"
advice = "请稍后。"
"#;

#[track_caller]
fn sound(text: &str) -> Plan {
    let plan = read(text).unwrap_or_else(|problems| panic!("{problems:#?}"));
    assert_eq!(check(&plan, &national_calendar(), &built_in().fields), []);
    plan
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn about(business: &str) -> Question {
    Question::about(Business::new(business).unwrap())
}

fn of_provider(business: &str, provider: &str) -> Question {
    Question { provider: Some(provider.to_owned()), ..about(business) }
}

fn until(plan: &Plan, question: &Question) -> Reopens {
    match decide(std::slice::from_ref(plan), question, at("2021-07-12 10:00")) {
        Verdict::Closed(closed) => closed.until,
        Verdict::Open { .. } => panic!("{} is open", question.business),
    }
}

fn is_open(plan: &Plan, question: &Question, now: &str) -> bool {
    decide(std::slice::from_ref(plan), question, at(now)).is_open()
}

const STAGES: &str = r#"
[[stage]]
id = "wave-1"
providers = ["H52050200001", "H52050200002"]
reopens = "2021-07-13 08:00"

[[stage]]
id = "wave-3"
providers = "H52050200009"
reopens = "2021-07-20 08:00"
advice = "本院7月20日恢复。"

[[stage]]
id = "stays-of-all"
business = "settlement.inpatient"
reopens = "2021-07-18 08:00"
"#;

#[test]
fn a_wave_reopens_its_providers_earlier_or_later_than_the_rule() {
    let plan = sound(&format!("{HEAD}{ALL}{STAGES}"));
    let reopens = |provider: &str| until(&plan, &of_provider("settlement.pharmacy", provider));
    assert_eq!(reopens("H52050200001"), Reopens::At(at("2021-07-13 08:00").into()));
    assert_eq!(reopens("H52050200005"), Reopens::At(at("2021-07-16 00:00").into()));
    assert_eq!(reopens("H52050200009"), Reopens::At(at("2021-07-20 08:00").into()));
    for (provider, reopening) in [("H52050200001", "2021-07-13 08:00"), ("H52050200009", "2021-07-20 08:00")] {
        let question = of_provider("settlement.pharmacy", provider);
        let before = at(reopening) - 1.second();
        assert!(!is_open(&plan, &question, &before.to_string()) && is_open(&plan, &question, reopening), "{provider}");
    }
}

#[test]
fn the_most_specific_stage_wins_and_the_business_is_compared_first() {
    let plan = sound(&format!("{HEAD}{ALL}{STAGES}"));
    let question = of_provider("settlement.inpatient", "H52050200001");
    assert_eq!(until(&plan, &question), Reopens::At(at("2021-07-18 08:00").into()));
}

#[test]
fn a_stage_says_what_to_do_and_is_told_with_the_answer() {
    let plan = sound(&format!("{HEAD}{ALL}{STAGES}"));
    let question = of_provider("settlement.pharmacy", "H52050200009");
    let Verdict::Closed(closed) = decide(&[plan], &question, at("2021-07-17 10:00")) else { panic!("open") };
    assert_eq!((closed.rule.as_str(), closed.stage.as_deref()), ("all", Some("wave-3")));
    assert_eq!(closed.advice, "请稍后。本院7月20日恢复。");
}

#[test]
fn a_stage_leaves_a_later_window_of_the_same_business_alone() {
    let second = ALL
        .replace("\"all\"", "\"again\"")
        .replace("advice", "closes = \"2021-08-01 00:00\"\nreopens = \"2021-08-02 00:00\"\nadvice");
    let plan = sound(&format!("{HEAD}{ALL}{second}{STAGES}"));
    let question = of_provider("hall", "H52050200001");
    for (now, open) in [("2021-07-13 07:59", false), ("2021-07-13 08:00", true), ("2021-08-01 12:00", false)] {
        assert_eq!(is_open(&plan, &question, now), open, "{now}");
    }
    assert!(is_open(&plan, &question, "2021-08-02 00:00"));
}

#[test]
fn a_stage_ends_every_window_that_runs_when_it_comes() {
    let longer = ALL.replace("\"all\"", "\"longer\"").replace("advice", "reopens = \"2021-07-17 24:00\"\nadvice");
    let plan = sound(&format!("{HEAD}{ALL}{longer}{STAGES}"));
    assert!(!is_open(&plan, &of_provider("hall", "H52050200005"), "2021-07-17 12:00"));
    assert!(is_open(&plan, &of_provider("hall", "H52050200001"), "2021-07-13 08:00"));
    assert_eq!(until(&plan, &of_provider("hall", "H52050200009")), Reopens::At(at("2021-07-20 08:00").into()));
}

#[test]
fn the_explanation_knows_the_window_that_the_stage_made() {
    let plan = [sound(&format!("{HEAD}{ALL}{STAGES}"))];
    let told = explain(&plan, &of_provider("hall", "H52050200001"), at("2021-07-14 10:00"));
    assert!(told.verdict.is_open());
    let Outcome::OutsideWindow(window) = &told.considered[0].outcome else { panic!("{:?}", told.considered[0]) };
    assert_eq!(window.reopens, Reopens::At(at("2021-07-13 08:00").into()));
}

fn awaiting() -> String {
    let head =
        HEAD.replace("reopens = \"2021-07-15 24:00\"", "reopens_on = \"accepted\"\nexpected = \"2021-07-15 24:00\"");
    format!("{head}{ALL}[[event]]\nid = \"accepted\"\nname = \"验收通过\"\nwho = \"bureau\"\n")
}

fn entered(moment: &str) -> EventEntered {
    EventEntered { pool: Pool::new("520500"), plan: "t".to_owned(), event: "accepted".to_owned(), at: at(moment) }
}

#[test]
fn what_awaits_an_event_stays_closed_past_the_expected_day_until_it_is_entered() {
    let plan = sound(&awaiting());
    assert!(!is_open(&plan, &about("hall"), "2021-09-01 00:00"));
    assert_eq!(until(&plan, &about("hall")).name(), "待“验收通过”后恢复（预计2021-07-15 24:00）");
    let after = plan.with_events(&[entered("2021-07-18 09:30")]);
    assert!(!is_open(&after, &about("hall"), "2021-07-18 09:29:59"));
    assert!(is_open(&after, &about("hall"), "2021-07-18 09:30"));
    let other = EventEntered { plan: "other".to_owned(), ..entered("2021-07-18 09:30") };
    assert_eq!(plan.with_events(&[other]), plan, "another plan's event");
    let corrected = plan.with_events(&[entered("2021-07-18 09:30"), entered("2021-07-19 00:00")]);
    assert!(!is_open(&corrected, &about("hall"), "2021-07-18 12:00"), "the last entry counts");
}

#[test]
fn a_reopening_has_no_moment_until_its_event_and_keeps_the_expected_one_as_planned() {
    let plan = sound(&awaiting());
    let reopening = |plan: &Plan, which| plan.reopening(&about("hall"), which);
    assert_eq!(reopening(&plan, Which::Actual), DueAt::NotYetKnown);
    assert_eq!(reopening(&plan, Which::Planned), DueAt::At(at("2021-07-16 00:00")));
    let after = plan.with_events(&[entered("2021-07-18 09:30")]);
    assert_eq!(reopening(&after, Which::Actual), DueAt::At(at("2021-07-18 09:30")));
    assert_eq!(reopening(&after, Which::Planned), DueAt::At(at("2021-07-16 00:00")));
}

fn version(number: u32, reopens: &str, rest: &str) -> Plan {
    let head = HEAD.replace("2021-07-15 24:00", reopens);
    let keys = if number == 1 { String::new() } else { format!("version = {number}\nreplaces = {}\n", number - 1) };
    sound(&format!("{head}{keys}{ALL}{rest}"))
}

#[test]
fn of_several_versions_the_highest_is_in_force_and_keeps_what_was_first_planned() {
    let versions =
        [version(2, "2021-07-18 24:00", ""), version(1, "2021-07-15 24:00", ""), version(3, "2021-07-17 24:00", "")];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2]] {
        let plans = order.map(|index| versions[index].clone()).to_vec();
        let [plan] = &in_force(plans, &[])[..] else { panic!("one plan") };
        assert_eq!(plan.version, 3);
        assert_eq!(plan.reopening(&about("hall"), Which::Actual), DueAt::At(at("2021-07-18 00:00")));
        assert_eq!(plan.reopening(&about("hall"), Which::Planned), DueAt::At(at("2021-07-16 00:00")));
    }
}

#[test]
fn who_falls_under_a_stage_that_a_re_plan_adds_had_been_planned_with_the_rule() {
    let stage = "[[stage]]\nid = \"late\"\nproviders = \"H52050200009\"\nreopens = \"2021-07-20 08:00\"\n";
    let plans = vec![version(1, "2021-07-15 24:00", ""), version(2, "2021-07-16 24:00", stage)];
    let [plan] = &in_force(plans, &[])[..] else { panic!("one plan") };
    let late = of_provider("hall", "H52050200009");
    assert_eq!(plan.reopening(&late, Which::Actual), DueAt::At(at("2021-07-20 08:00")));
    assert_eq!(plan.reopening(&late, Which::Planned), DueAt::At(at("2021-07-16 00:00")));
    let from_the_start = vec![version(1, "2021-07-15 24:00", stage), version(2, "2021-07-16 24:00", stage)];
    let [plan] = &in_force(from_the_start, &[])[..] else { panic!("one plan") };
    assert_eq!(plan.reopening(&late, Which::Planned), DueAt::At(at("2021-07-20 08:00")));
}

#[test]
fn plans_of_different_ids_are_in_force_beside_each_other() {
    let mut other = version(1, "2021-07-15 24:00", "");
    other.id = "u".to_owned();
    assert_eq!(in_force(vec![version(1, "2021-07-15 24:00", ""), other], &[]).len(), 2);
}

#[test]
fn plans_of_two_pools_may_be_called_alike() {
    let elsewhere = |number, reopens: &str| Plan { pool: Pool::new("510400"), ..version(number, reopens, "") };
    let plans =
        vec![version(1, "2021-07-15 24:00", ""), elsewhere(1, "2021-07-16 24:00"), elsewhere(2, "2021-07-11 24:00")];
    let held = in_force(plans, &[]);
    let (here, there) = (Pool::new("520500"), Pool::new("510400"));
    let version_of =
        |book: &Pool, name: &str| plan_named(&held, book, name).map(|plan| (plan.pool.clone(), plan.version));
    assert_eq!(version_of(&here, "t"), Some((here.clone(), 1)), "the other pool's second version replaces its own");
    assert_eq!(version_of(&there, "t"), Some((there.clone(), 2)));
    assert_eq!(version_of(&here, "510400/t"), Some((there.clone(), 2)), "as a book calls the other pool's");
    assert_eq!(version_of(&there, "510400/t"), None);
    let plan = sound(&awaiting());
    let other = EventEntered { pool: there, ..entered("2021-07-18 09:30") };
    assert_eq!(plan.with_events(&[other]), plan, "another pool's event");
}

#[test]
fn an_unplanned_stop_may_begin_before_it_was_declared_and_issued() {
    let head = HEAD
        .replace(
            "issued = \"2021-07-01\"",
            "issued = \"2021-07-10\"\nunplanned = true\ndeclared = \"2021-07-10 09:20\"",
        )
        .replace("2021-07-09 24:00", "2021-07-09 23:47");
    let plan = sound(&format!("{head}{ALL}"));
    assert!(!is_open(&plan, &about("hall"), "2021-07-09 23:47"));
    assert_eq!(plan.declared_at(), at("2021-07-10 09:20"));
}

#[test]
fn only_the_named_providers_stay_open_where_their_rule_prevails() {
    let rules = r#"
[[rule]]
id = "stays"
clause = "2"
business = "settlement.inpatient"
disposition = "defer_settlement"
advice = "请稍后。"

[[rule]]
id = "emergency"
clause = "3"
business = "*"
providers = "H52050200001"
prevails = true
disposition = "open"
advice = "照常。"
"#;
    let plan = sound(&format!("{HEAD}{ALL}{rules}"));
    let now = "2021-07-12 10:00";
    assert!(is_open(&plan, &of_provider("settlement.inpatient", "H52050200001"), now));
    assert!(is_open(&plan, &of_provider("settlement.pharmacy", "H52050200001"), now));
    assert!(!is_open(&plan, &of_provider("settlement.inpatient", "H52050200002"), now));
}

#[test]
fn a_rule_does_not_cover_what_it_excepts() {
    let all = ALL.replace("business = \"*\"", "business = \"*\"\nexcept = [\"settlement.inpatient\", \"hall\"]");
    let plan = sound(&format!("{HEAD}{}{all}", "silent_ok = \"settlement.inpatient\"\n"));
    let now = "2021-07-12 10:00";
    for (business, open) in [("settlement.inpatient.maternity", true), ("hall", true), ("settlement.pharmacy", false)] {
        assert_eq!(is_open(&plan, &about(business), now), open, "{business}");
    }
}

#[test]
fn payments_that_come_while_closed_are_sent_back() {
    let rule = ALL
        .replace("\"all\"", "\"payments\"")
        .replace("\"*\"", "\"contribution.payment\"")
        .replace("\"refuse\"", "\"reject_refund\"");
    let plan = sound(&format!("{HEAD}{ALL}{rule}"));
    let Verdict::Closed(closed) = decide(&[plan], &about("contribution.payment"), at("2021-07-12 10:00")) else {
        panic!("open")
    };
    assert_eq!(closed.disposition, Disposition::RejectRefund);
}

#[test]
fn an_event_cannot_have_happened_before_the_last_of_what_waits_for_it_closes() {
    let early = "\n[[rule]]\nid = \"early\"\nclause = \"2\"\nbusiness = \"enrolment\"\ncloses = \"2021-07-05 24:00\"\n\
                 reopens_on = \"e\"\nexpected = \"2021-07-15 24:00\"\ndisposition = \"refuse\"\nadvice = \"请稍后。\"\n";
    let event = "\n[[event]]\nid = \"e\"\nname = \"验收通过\"\nwho = \"bureau\"\n";
    let head = HEAD.replace("reopens = ", "reopens_on = \"e\"\nexpected = ");
    let plan = sound(&format!("{head}{ALL}{early}{event}"));
    assert_eq!(plan.events[0].closes, Some(at("2021-07-10 00:00")));
}

#[test]
fn a_rule_that_another_leaves_nobody_is_stated_to_no_register() {
    let kept = ALL.replace("\"refuse\"", "\"register_later\"");
    let visits = "\n[[rule]]\nid = \"visits\"\nclause = \"2\"\nbusiness = [\"settlement\", \"encounter\"]\n\
                  disposition = \"cash_reenter\"\nadvice = \"请补录。\"\n";
    let stated = |text: &str| {
        let plan = read(text).unwrap();
        let ids: Vec<String> = plan.stated_to(RegisterKind::CashVisit).map(|rule| rule.id.clone()).collect();
        ids
    };
    assert_eq!(stated(&format!("{HEAD}{kept}")), ["all"]);
    assert_eq!(stated(&format!("{HEAD}{kept}{visits}")), ["visits"]);
    let of_some = visits.replace("clause", "schemes = \"resident\"\nclause");
    assert_eq!(stated(&format!("{HEAD}{kept}{of_some}")), ["all", "visits"], "employees come to stand under the first");
}
