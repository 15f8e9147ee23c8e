//! A moment keeps the spelling of whoever wrote it, from reading to printing: midnight is 24:00 of one day or 0:00 of the next.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use jiff::civil::date;
use yibao_domain::outage::{Business, Question, Verdict, decide, difference};
use yibao_policy::plan::{national_calendar, read};

/// A plan that closes and reopens at these moments.
fn plan(closes: &str, reopens: &str, by: &str) -> yibao_domain::outage::Plan {
    let text = format!(
        "[plan]\nid = \"t\"\ntitle = \"试\"\nissuer = \"试\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
         closes = \"{closes}\"\nreopens = \"{reopens}\"\nends = \"2021-12-31 24:00\"\n\
         [[rule]]\nid = \"a\"\nclause = \"1\"\nbusiness = \"*\"\ndisposition = \"cash_claim\"\nby = \"{by}\"\n\
         after_deadline = \"refuse\"\nadvice = \"请报销。\"\n"
    );
    read(&text).unwrap()
}

#[track_caller]
fn says(closes: &str, reopens: &str, by: &str) {
    let plan = plan(closes, reopens, by);
    let question = Question::about(Business::named("settlement.pharmacy"));
    let now = date(2021, 7, 12).at(9, 0, 0, 0);
    let Verdict::Closed(closed) = decide(std::slice::from_ref(&plan), &question, now) else { panic!("open") };
    let refusal = closed.refusal();
    assert!(refusal.text.contains(&format!("自{closes}起停办，{reopens}恢复")), "{}", refusal.text);
    assert!(refusal.advice.as_deref().unwrap().contains(&format!("期限：{by}前")), "{:?}", refusal.advice);
    assert!(closed.until.name().starts_with(reopens));
}

#[test]
fn a_refusal_says_midnight_as_the_plan_does_and_in_one_way() {
    says("2021-07-10 00:00", "2021-07-16 00:00", "2021-09-01 00:00");
    says("2021-07-09 24:00", "2021-07-15 24:00", "2021-08-31 24:00");
    says("2021-07-09 20:00", "2021-07-16 08:30", "2021-08-31 17:30");
}

#[test]
fn written_otherwise_it_is_the_same_moment() {
    let one = plan("2021-07-10 00:00", "2021-07-16 00:00", "2021-09-01 00:00");
    let other = plan("2021-07-09 24:00", "2021-07-15 24:00", "2021-08-31 24:00");
    assert_eq!((&one.window, one.rules[0].window.as_ref()), (&other.window, other.rules[0].window.as_ref()));
    let moved: Vec<String> = difference(&one, &other, &national_calendar())
        .iter()
        .map(|change| change.name())
        .filter(|name| name.contains("推迟") || name.contains("提前"))
        .collect();
    assert_eq!(moved, [""; 0]);
}
