//! Panzhihua 2020, by clause: each live business at the last moment before and the first after its boundaries.

use super::gate::{Scene, is_closed};

const SINCE: &[&str] = &["2020-09-11", "9月11日", "2020-09-10", "9月10日"];
const UNTIL: &[&str] = &["2020-09-20", "9月20日", "2020-09-21", "9月21日"];

#[test]
fn p00_everything_is_open_in_the_last_minute_before_the_stop() {
    let scene = Scene::panzhihua("2020-09-10T23:59:20");
    scene.pharmacy("employee").unwrap();
    scene.visit("11", "employee").unwrap();
    scene.visit("11", "resident").unwrap();
    scene.visit("14", "chronic").unwrap();
    scene.inpatient().unwrap();
}

#[test]
fn p00_in_the_last_minute_of_the_stop_all_is_still_closed() {
    let scene = Scene::panzhihua("2020-09-20T23:59:20");
    scene.pharmacy("employee").unwrap_err();
    scene.visit("11", "resident").unwrap_err();
    scene.visit("14", "chronic").unwrap_err();
    scene.inpatient().unwrap_err();
    scene.always_open();
}

#[test]
fn p00_at_the_reopening_all_is_open() {
    let scene = Scene::panzhihua("2020-09-21T00:00:00");
    scene.pharmacy("employee").unwrap();
    scene.visit("11", "resident").unwrap();
    scene.visit("14", "chronic").unwrap();
    scene.visit("9901", "hypertension").unwrap();
    scene.inpatient().unwrap();
}

#[test]
fn p04_to_p08_at_midnight_each_business_is_closed_with_what_to_do_instead() {
    let scene = Scene::panzhihua("2020-09-11T00:00:00");
    is_closed(scene.pharmacy("employee"), &[SINCE, UNTIL, &["现金"]]);
    let cash: &[&[&str]] = &[SINCE, UNTIL, &["现金"]];
    for (kind, profile) in [
        ("11", "employee"),
        ("11", "resident"),
        ("14", "chronic"),
        ("14", "chronic employee"),
        ("9901", "hypertension"),
        ("18", "drug employee"),
        ("51", "insured mother"),
    ] {
        is_closed(scene.settle(kind, profile), cash);
    }
    is_closed(scene.inpatient(), &[SINCE, UNTIL]);
    scene.always_open();
}

#[test]
fn p04_p06_who_comes_to_register_in_the_stop_is_told_to_be_charged_in_cash() {
    let scene = Scene::panzhihua("2020-09-11T00:00:00");
    is_closed(scene.visit("11", "employee"), &[SINCE, UNTIL, &["现金"]]);
    is_closed(scene.visit("11", "resident"), &[SINCE, UNTIL, &["现金"]]);
}

#[test]
fn p05_special_disease_stays_closed_after_the_horizon_of_supply() {
    let scene = Scene::panzhihua("2020-09-15T00:00:00");
    is_closed(scene.settle("14", "chronic"), &[SINCE, UNTIL]);
    is_closed(scene.settle("9901", "hypertension"), &[SINCE, UNTIL]);
}

#[test]
fn p09_who_paid_cash_is_told_to_come_back_to_the_same_provider() {
    let scene = Scene::panzhihua("2020-09-12T10:00:00");
    is_closed(
        scene.settle("14", "chronic"),
        &[UNTIL, &["10个工作日", "十个工作日", "10 个工作日", "工作日", "10月9日", "2020-10-09"]],
    );
}
