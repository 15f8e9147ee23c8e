//! Versions of a plan that one clerk proposes and another publishes (改期复核).

use super::city::City;
use super::register_lists::{WAITING, registers, waiting_city};
use super::registers::{agency, hospital};
use yibao_engine::desks::registers::Actor;
use yibao_engine::desks::registers::{Decision, NotDone};
use yibao_store::outage::ProposedPlan;

fn other() -> Actor {
    Actor { login: "u2".into(), name: "李四".into(), ..agency() }
}

fn second() -> String {
    WAITING.replace("id = \"waits\"\n", "id = \"waits\"\nversion = 2\nreplaces = 1\n")
}

fn propose(city: &City, by: &Actor, text: &str, reason: &str) -> Result<ProposedPlan, NotDone> {
    registers(city).propose_plan(by, city.clock.get(), text, reason)
}

fn decide(city: &City, by: &Actor, number: i64, decision: Decision) -> Result<ProposedPlan, NotDone> {
    registers(city).decide_plan(by, city.clock.get(), number, &decision)
}

fn in_force(city: &City) -> u32 {
    city.platform.plans().iter().find(|plan| plan.id == "waits").unwrap().version
}

#[test]
fn what_one_clerk_proposes_another_publishes_and_nobody_alone() {
    let city = waiting_city();
    let number = propose(&city, &agency(), &second(), "验收推迟").unwrap().number;
    assert_eq!(in_force(&city), 1, "a proposal changes nothing");
    let alone = decide(&city, &agency(), number, Decision::Publish).unwrap_err().to_string();
    assert!(alone.contains("另一人"), "{alone}");
    let published = decide(&city, &other(), number, Decision::Publish).unwrap();
    assert_eq!((in_force(&city), published.decided_by.as_str()), (2, "李四(u2)"));
    let again = decide(&city, &other(), number, Decision::Publish).unwrap_err().to_string();
    assert!(again.contains("已由"), "{again}");
}

#[test]
fn a_proposal_is_judged_as_a_publication_is_and_waits_alone() {
    let city = waiting_city();
    let refused = |text: &str, reason: &str| propose(&city, &agency(), text, reason).unwrap_err().to_string();
    assert!(refused(WAITING, "验收推迟").contains("version"));
    assert!(refused(&second(), " ").contains("改期原因"));
    assert!(refused(&second().replace("cash_reenter", "cash_later"), "验收推迟").contains("cash_later"));
    let by_provider = propose(&city, &hospital(), &second(), "验收推迟").unwrap_err().to_string();
    assert!(by_provider.contains("经办机构"), "{by_provider}");
    propose(&city, &agency(), &second(), "验收推迟").unwrap();
    assert!(refused(&second(), "再推迟").contains("等待复核"));
}

#[test]
fn what_goes_back_makes_room_and_says_why() {
    let city = waiting_city();
    let number = propose(&city, &agency(), &second(), "验收推迟").unwrap().number;
    let bare = decide(&city, &other(), number, Decision::Return(" ".into())).unwrap_err().to_string();
    assert!(bare.contains("退回原因"), "{bare}");
    let back = decide(&city, &agency(), number, Decision::Return("日期写错".into())).unwrap();
    assert_eq!((back.decision.as_str(), in_force(&city)), ("returned:日期写错", 1));
    let next = propose(&city, &agency(), &second(), "验收推迟").unwrap().number;
    assert_eq!(next, number + 1);
    assert_eq!(registers(&city).proposed_plans().unwrap().len(), 2, "what went back stays on record");
}

#[test]
fn a_proposal_that_another_version_overtook_is_not_published() {
    let city = waiting_city();
    let number = propose(&city, &agency(), &second(), "验收推迟").unwrap().number;
    registers(&city).publish_plan(&agency(), city.clock.get(), &second()).unwrap();
    let late = decide(&city, &other(), number, Decision::Publish).unwrap_err().to_string();
    assert!(late.contains("现行版本为2"), "{late}");
    assert_eq!(registers(&city).proposed_plans().unwrap()[0].decided_at, None, "what is refused changes nothing");
}
