//! The next version of a plan, written by moving one reopening: what moves, and that everything else stays as it stood.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::civil::{DateTime, date};
use yibao_domain::outage::{EventEntered, Plan, Reopens};
use yibao_policy::plan::{
    Reopening, SHIPPED, check, closed_again, expected_in_vain, national_calendar, read, reordered, replanned,
};
use yibao_policy::registers::built_in;

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn moved(plan: &Plan, reopening: &Reopening, to: &str) -> String {
    replanned(plan, std::slice::from_ref(reopening), at(to), date(2021, 7, 14)).unwrap()
}

/// Lines that are not the same in both, one text's and the other's.
fn differing(one: &str, other: &str) -> (Vec<String>, Vec<String>) {
    let only = |one: &str, other: &str| -> Vec<String> {
        one.lines().filter(|line| !other.lines().any(|same| same == *line)).map(str::to_owned).collect()
    };
    (only(one, other), only(other, one))
}

#[test]
fn the_main_reopening_moves_and_nothing_else_of_the_text_does() {
    let text = SHIPPED[0].1;
    let plan = read(text).unwrap();
    let next = moved(&plan, &Reopening::Main, "2021-07-19T00:00");
    let (gone, new) = differing(text, &next);
    assert_eq!(gone, ["issued = \"2021-07-05\"", "reopens = \"2021-07-15 24:00\""]);
    assert_eq!(new, ["issued = \"2021-07-14\"", "reopens = \"2021-07-18 24:00\"", "version = 2", "replaces = 1"]);
    let next = read(&next).unwrap();
    assert_eq!((next.version, next.replaces), (2, Some(1)));
    assert_eq!(next.window.reopens, Reopens::At(at("2021-07-19T00:00").into()));
}

#[test]
fn a_rule_gets_a_reopening_of_its_own_and_midnight_is_written_as_the_plan_writes_it() {
    let plan = read(SHIPPED[0].1).unwrap();
    let next = moved(&plan, &Reopening::Rule("contribution-employee".into()), "2021-07-20T00:00");
    assert!(next.contains("reopens = \"2021-07-20 00:00\""), "the rule wrote 00:00");
    let next = moved(&plan, &Reopening::Rule("online-hall".into()), "2021-07-20T00:00");
    let rule = read(&next).unwrap().rules.into_iter().find(|rule| rule.id == "online-hall").unwrap();
    assert_eq!(rule.window.unwrap().reopens, Reopens::At(at("2021-07-20T00:00").into()));
    assert!(next.contains("2021-07-19 24:00"));
}

#[test]
fn a_stage_that_waits_goes_on_waiting_and_comments_stay() {
    let text = SHIPPED[0].1.to_owned()
        + "\n[[event]]\nid = \"e\"\nname = \"联通\"\nwho = \"bureau\"\n\n# the remote ones\n[[stage]]\nid = \"late\"\nplaces = \"remote\"\nbusiness = \"settlement\"\nreopens_on = \"e\"   # nobody knows\nexpected = \"2021-07-20 08:00\" # hoped for\n";
    let plan = read(&text).unwrap();
    let next = moved(&plan, &Reopening::Stage("late".into()), "2021-07-22T09:30");
    for kept in
        ["# the remote ones", "reopens_on = \"e\"   # nobody knows", "expected = \"2021-07-22 09:30\" # hoped for"]
    {
        assert!(next.contains(kept), "{kept}\n{next}");
    }
    assert_eq!(check(&read(&next).unwrap(), &national_calendar(), &built_in().fields), []);
}

#[test]
fn what_the_plan_does_not_have_cannot_be_moved() {
    let plan = read(SHIPPED[0].1).unwrap();
    let refused =
        replanned(&plan, &[Reopening::Stage("x".into())], at("2021-07-22T09:30"), date(2021, 7, 14)).unwrap_err();
    assert!(refused.contains("stage:x"), "{refused}");
    for word in ["main", "stage:a", "rule:b"] {
        assert_eq!(Reopening::of_word(word).unwrap().word(), word);
    }
    assert_eq!(Reopening::of_word("all"), None);
}

#[test]
fn a_later_wave_that_comes_first_after_the_move_is_told() {
    let stage = "\n[[stage]]\nid = \"late\"\nproviders = \"H52050200001\"\nreopens = \"2021-07-17 08:00\"\n";
    let plan = read(&format!("{}{stage}", SHIPPED[0].1)).unwrap();
    let next = |to: &str| read(&moved(&plan, &Reopening::Main, to)).unwrap();
    let told = reordered(&plan, &next("2021-07-19T00:00"));
    let text = &told.first().unwrap().text;
    assert!(text.contains("原来晚于方案的恢复时刻，改后早于它") && text.contains("2021-07-17 08:00"), "{text}");
    assert!(reordered(&plan, &next("2021-07-17T00:00")).is_empty());
    let earlier = read(&moved(&plan, &Reopening::Stage("late".into()), "2021-07-14T08:00")).unwrap();
    assert!(reordered(&plan, &earlier).first().unwrap().text.contains("改后早于它"));
}

#[test]
fn what_has_reopened_in_the_meantime_and_would_be_closed_again_is_told() {
    let stage = "\n[[stage]]\nid = \"early\"\nproviders = \"H52050200001\"\nreopens = \"2021-07-13 08:00\"\n";
    let plan = read(&format!("{}{stage}", SHIPPED[0].1)).unwrap();
    let later = read(&moved(&plan, &Reopening::Stage("early".into()), "2021-07-14T08:00")).unwrap();
    assert!(closed_again(&plan, &later, at("2021-07-13T07:59")).is_empty(), "it is closed still");
    let told = closed_again(&plan, &later, at("2021-07-13T08:00"));
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert!(one.text.contains("已按现行版本于2021-07-13 08:00恢复") && one.text.contains("再次停办"), "{}", one.text);
    assert!(closed_again(&plan, &later, at("2021-07-14T08:00")).is_empty(), "it is open in both");
    let main = read(&moved(&plan, &Reopening::Main, "2021-07-20T00:00")).unwrap();
    let told = closed_again(&plan, &main, at("2021-07-16T09:00"));
    assert_eq!(told.len(), 1, "rules that take the plan's reopening are not told again: {told:?}");
    assert!(told.first().unwrap().text.starts_with("方案已按"), "{told:?}");
}

#[test]
fn several_reopenings_move_in_one_version() {
    let plan = read(SHIPPED[0].1).unwrap();
    let both = [Reopening::Main, Reopening::Rule("online-hall".into())];
    let next = read(&replanned(&plan, &both, at("2021-07-20T00:00"), date(2021, 7, 14)).unwrap()).unwrap();
    assert!(both.iter().all(|one| one.in_plan(&next).unwrap().expected() == Some(at("2021-07-20T00:00"))));
    assert_eq!(next.version, 2);
}

/// The plan of 2021 that reopens, with one of its waves, once it has been accepted.
fn awaiting() -> String {
    let text = SHIPPED[0].1.replacen(
        "reopens = \"2021-07-15 24:00\"",
        "# the office says when\nreopens_on = \"accepted\"   # nobody knows\nexpected = \"2021-07-15 24:00\"",
        1,
    );
    text + "\n[[event]]\nid = \"accepted\"\nname = \"验收通过\"\nwho = \"bureau\"\n\n[[stage]]\nid = \"late\"\nproviders = \"H52050200001\"\nreopens_on = \"linked\"\nexpected = \"2021-07-20 08:00\"\n\n[[event]]\nid = \"linked\"\nname = \"联通\"\nwho = \"bureau\"\n"
}

fn accepted(plan: &Plan) -> EventEntered {
    let (pool, plan) = (plan.pool.clone(), plan.id.clone());
    EventEntered { pool, plan, event: "accepted".into(), at: at("2021-07-13T08:00") }
}

#[test]
fn what_reopened_by_an_entered_event_closes_again_until_the_moment_of_the_re_plan() {
    let first = read(&awaiting()).unwrap();
    assert_eq!(check(&first, &national_calendar(), &built_in().fields), []);
    let held = first.with_events(&[accepted(&first)]);
    let text = moved(&held, &Reopening::Main, "2021-07-17T00:00");
    assert!(text.contains("# the office says when\nreopens = \"2021-07-16 24:00\""), "{text}");
    assert!(
        !text.contains("accepted") && text.contains("reopens_on = \"linked\""),
        "what waits for another event goes on"
    );
    let next = read(&text).unwrap();
    assert_eq!(check(&next.after(&held), &national_calendar(), &built_in().fields), []);
    let told = closed_again(&held, &next, at("2021-07-13T09:00"));
    assert!(told.first().unwrap().text.contains("再次停办"), "{told:?}");
    let holds = next.after(&held).with_events(&[accepted(&first)]);
    assert_eq!(holds.window.reopens, Reopens::At(at("2021-07-17T00:00").into()), "what was told holds");
    assert_eq!(holds.planned_reopens, Some(at("2021-07-16T00:00")), "what had been planned is what was expected first");
    // Before the event it goes on waiting.
    assert!(moved(&first, &Reopening::Main, "2021-07-17T00:00").contains("expected = \"2021-07-16 24:00\""));
}

#[test]
fn a_moment_that_is_expected_of_an_entered_event_does_nothing_and_is_found() {
    let first = read(&awaiting()).unwrap();
    let next = |expected: &str| {
        let text = awaiting().replacen("expected = \"2021-07-15 24:00\"", &format!("expected = \"{expected}\""), 1);
        read(&text.replacen("[plan]\n", "[plan]\nversion = 2\nreplaces = 1\n", 1)).unwrap()
    };
    let found = |next: &Plan, entered: &[EventEntered]| expected_in_vain(&first, next, entered);
    let told = found(&next("2021-07-17 24:00"), &[accepted(&first)]);
    let [one] = told.as_slice() else { panic!("{told:?}") };
    assert!(one.text.contains("验收通过") && one.text.contains("reopens = \"2021-07-17 24:00\""), "{}", one.text);
    assert_eq!(found(&next("2021-07-17 24:00"), &[]), [], "it has not happened");
    assert_eq!(found(&next("2021-07-15 24:00"), &[accepted(&first)]), [], "nothing is expected anew");
    assert_eq!(found(&next("2021-07-12 24:00"), &[accepted(&first)]), [], "it was expected before it happened");
}
