//! Versions of plans beside each other: two pools that call their plans alike, a re-plan of what an event has reopened, and one
//! whose reopening moves far.

use super::city::{CHEN, City};
use super::register_lists::{VISIT, WAITING, registers, waiting_city};
use super::registers::{add, agency, hospital};
use jiff::civil::{DateTime, date};
use yibao_domain::code::Pool;
use yibao_domain::outage::{Business, DueAt, Plan, Question, RegisterKind, decide, plan_named};
use yibao_domain::register::State;
use yibao_engine::desks::registers::Registers;
use yibao_policy::plan::{Reopening, replanned};

const HERE: &str = "520500";
const THERE: &str = "510400";

fn there(city: &City) -> Registers<'_> {
    city.platform.registers(&Pool::new(THERE)).unwrap()
}

fn in_force(city: &City, pool: &str) -> Plan {
    plan_named(&city.platform.plans(), &Pool::new(pool), "waits").unwrap().clone()
}

fn is_open(city: &City, pool: &str, at: DateTime) -> bool {
    let visits = Question::about(Business::named("settlement.outpatient"));
    decide(&city.platform.plans(), &Question { care_pool: Some(Pool::new(pool)), ..visits }, at).is_open()
}

fn version(text: &str, head: &str) -> String {
    text.replace("id = \"waits\"\n", &format!("id = \"waits\"\n{head}\n"))
}

#[test]
fn two_pools_may_call_their_plans_alike() {
    let city = waiting_city();
    let now = city.clock.get();
    let text = WAITING.replace(HERE, THERE);
    there(&city).publish_plan(&agency(), now, &text).unwrap();
    assert_eq!((in_force(&city, HERE).version, in_force(&city, THERE).version), (1, 1));
    let opened = date(2021, 7, 6).at(8, 0, 0, 0);
    there(&city).enter_event(&agency(), now, "waits", "accepted", opened).unwrap();
    assert!(is_open(&city, THERE, now) && !is_open(&city, HERE, now), "an event is its pool's");
    there(&city).publish_plan(&agency(), now, &version(&text, "version = 2\nreplaces = 1")).unwrap();
    assert_eq!((in_force(&city, HERE).version, in_force(&city, THERE).version), (1, 2));
    assert!(!is_open(&city, HERE, now), "in the middle of the stop");
    registers(&city).publish_plan(&agency(), now, &version(WAITING, "version = 2\nreplaces = 1")).unwrap();
}

#[test]
fn care_that_another_pools_plan_closes_is_kept_under_that_plan() {
    let city = City::new();
    city.clock.set(date(2021, 7, 7).at(9, 0, 0, 0));
    let now = city.clock.get();
    there(&city).publish_plan(&agency(), now, &WAITING.replace(HERE, THERE)).unwrap();
    let theirs = [&[("psn_no", CHEN), ("psn_name", "陈某")], &VISIT[2..]].concat();
    let kept = add(&city, &hospital(), RegisterKind::CashVisit, &theirs).unwrap().entry;
    assert_eq!(kept.plan, "510400/waits");
    let seen = registers(&city).entry(&hospital(), now, &kept.number).unwrap();
    assert_eq!((seen.due, seen.entry.state), (DueAt::NotYetKnown, State::Waiting));
}

#[test]
fn a_re_plan_of_what_an_entered_event_reopened_closes_it_again_as_the_preview_says() {
    let city = waiting_city();
    city.clock.set(date(2021, 7, 12).at(9, 0, 0, 0));
    let now = city.clock.get();
    let desk = registers(&city);
    desk.enter_event(&agency(), now, "waits", "accepted", date(2021, 7, 12).at(8, 0, 0, 0)).unwrap();
    assert!(is_open(&city, HERE, now));
    let again = desk.enter_event(&agency(), now, "waits", "accepted", now).unwrap_err().to_string();
    assert!(again.contains("办改期，另定恢复时刻"), "{again}");
    // Expecting it anew does nothing, and is not published.
    let later =
        WAITING.replace("reopens_on = \"accepted\"", "reopens_on = \"accepted\"\nexpected = \"2021-07-15 24:00\"");
    let vain = desk.publish_plan(&agency(), now, &version(&later, "version = 2\nreplaces = 1")).unwrap_err();
    assert!(vain.to_string().contains("写 reopens = \"2021-07-15 24:00\""), "{vain}");
    let to = date(2021, 7, 16).at(0, 0, 0, 0);
    let text = replanned(&in_force(&city, HERE), &[Reopening::Main], to, now.date()).unwrap();
    let shown = desk.as_in_force(&agency(), &yibao_policy::plan::read(&text).unwrap()).unwrap();
    desk.publish_plan(&agency(), now, &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
    assert_eq!(in_force(&city, HERE), shown, "what was shown is what holds");
    assert!(!is_open(&city, HERE, now) && is_open(&city, HERE, to));
    // What is published for another reason and waits for the same event leaves open what it has opened.
    let city = waiting_city();
    city.clock.set(now);
    registers(&city).enter_event(&agency(), now, "waits", "accepted", now).unwrap();
    registers(&city).publish_plan(&agency(), now, &version(WAITING, "version = 2\nreplaces = 1")).unwrap();
    assert!(is_open(&city, HERE, now));
}

#[test]
fn a_re_plan_is_checked_against_what_had_been_planned() {
    let text = WAITING
        .replace("reopens_on = \"accepted\"", "reopens = \"2021-07-10 24:00\"")
        .replace("within_working_days = 10", "within_calendar_days = 30")
        .replace("after_deadline = \"by_case\"", "counted_from = \"planned\"\nafter_deadline = \"refuse\"");
    let (events, rules) = (text.find("[[event]]").unwrap(), text.find("[[rule]]").unwrap());
    let text = format!("{}{}", &text[..events], &text[rules..]);
    let city = City::new();
    city.clock.set(date(2021, 7, 9).at(9, 0, 0, 0));
    let (desk, now) = (registers(&city), city.clock.get());
    desk.publish_plan(&agency(), now, &text).unwrap();
    let moved = |to: &str| version(&text.replace("2021-07-10 24:00", to), "version = 2\nreplaces = 1");
    let late = desk.publish_plan(&agency(), now, &moved("2021-08-19 24:00")).unwrap_err().to_string();
    assert!(late.contains("outpatient") && late.contains("2021-08-09 24:00"), "everybody would be late: {late}");
    assert_eq!(desk.try_plan(&agency(), &moved("2021-08-19 24:00")).unwrap_err().to_string(), late);
    desk.publish_plan(&agency(), now, &moved("2021-07-19 24:00")).unwrap();
}
