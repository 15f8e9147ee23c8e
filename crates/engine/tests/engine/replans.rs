//! Versions of plans beside each other: two pools that call their plans alike.

use super::city::{CHEN, City};
use super::register_lists::{VISIT, WAITING, registers, waiting_city};
use super::registers::{add, agency, hospital};
use jiff::civil::{DateTime, date};
use yibao_domain::code::Pool;
use yibao_domain::outage::{Business, DueAt, Plan, Question, RegisterKind, decide, plan_named};
use yibao_domain::register::State;
use yibao_engine::desks::registers::Registers;

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
