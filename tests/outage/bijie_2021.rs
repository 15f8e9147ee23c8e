//! Bijie 2021, by clause: each live business at the last moment before and the first after its boundaries.

use super::gate::{Scene, is_closed};

const SINCE: &[&str] = &["2021-07-09", "7月9日", "2021-07-10", "7月10日"];
const UNTIL: &[&str] = &["2021-07-15", "7月15日", "2021-07-16", "7月16日"];
const EMPLOYEES_PHONE: &[&str] = &["0857-8947068"];
const RESIDENTS_PHONE: &[&str] = &["0857-8231589"];

#[test]
fn b00_everything_is_open_in_the_last_minute_before_the_stop_but_inpatient_settlement() {
    let scene = Scene::bijie("2021-07-09T23:59:20");
    scene.pharmacy("employee").unwrap();
    scene.visit("11", "employee").unwrap();
    scene.visit("11", "resident").unwrap();
    scene.visit("14", "chronic").unwrap();
    scene.inpatient().unwrap_err();
}

#[test]
fn b00_at_midnight_all_settlement_is_closed_and_each_refusal_advises() {
    let scene = Scene::bijie("2021-07-10T00:00:00");
    for outcome in [
        scene.pharmacy("employee"),
        scene.settle("11", "employee"),
        scene.settle("14", "chronic employee"),
        scene.inpatient(),
    ] {
        is_closed(outcome, &[SINCE, UNTIL, EMPLOYEES_PHONE]);
    }
    for outcome in [scene.settle("11", "resident"), scene.settle("14", "chronic"), scene.settle("9901", "hypertension")]
    {
        is_closed(outcome, &[SINCE, UNTIL, RESIDENTS_PHONE]);
    }
    scene.always_open();
}

#[test]
fn b00_in_the_last_minute_of_the_stop_all_is_still_closed() {
    let scene = Scene::bijie("2021-07-15T23:59:20");
    scene.pharmacy("employee").unwrap_err();
    scene.visit("11", "resident").unwrap_err();
    scene.inpatient().unwrap_err();
    scene.always_open();
}

#[test]
fn b01_discharge_settles_until_20_00_of_the_ninth() {
    let scene = Scene::bijie("2021-07-09T19:59:20");
    scene.inpatient().unwrap();
}

#[test]
fn b01_from_20_00_of_the_ninth_no_discharge_settles_while_the_rest_goes_on() {
    let scene = Scene::bijie("2021-07-09T20:00:00");
    is_closed(scene.inpatient(), &[&["2021-07-09", "7月9日"], &["20:00", "20时"], UNTIL, EMPLOYEES_PHONE]);
    scene.pharmacy("employee").unwrap();
    scene.visit("11", "resident").unwrap();
}

#[test]
fn b12_pharmacy_purchases_stop_with_the_advice_to_have_stocked_up() {
    let scene = Scene::bijie("2021-07-12T10:00:00");
    is_closed(scene.pharmacy("employee"), &[SINCE, UNTIL, &["备药", "药店"], EMPLOYEES_PHONE]);
}

#[test]
fn b12_b13_before_the_stop_an_accepted_purchase_advises_to_stock_up() {
    let scene = Scene::bijie("2021-07-09T18:00:00");
    let remark = scene.remark_of_a_purchase("employee");
    assert!(remark.contains("备药"), "{remark}");
}

#[test]
fn b13_outpatient_settlement_of_every_kind_stops() {
    let scene = Scene::bijie("2021-07-12T10:00:00");
    is_closed(scene.settle("11", "resident"), &[&["门诊"], UNTIL]);
    is_closed(scene.settle("14", "chronic"), &[&["门诊"], UNTIL]);
    is_closed(scene.settle("14", "chronic employee"), &[&["门诊"], UNTIL]);
}

#[test]
fn b17_b19_at_the_reopening_stays_and_visits_settle_again() {
    let scene = Scene::bijie("2021-07-16T00:00:00");
    scene.inpatient().unwrap();
    scene.pharmacy("employee").unwrap();
    scene.visit("11", "resident").unwrap();
    scene.visit("14", "chronic").unwrap();
    scene.always_open();
}
