//! Stays: admission, change, discharge, parts, and the order in which they are undone.

use super::care::{
    Settled, admission, admit, cancellation, diagnosis, discharge, fees, of_encounter, one, stay_settlement,
};
use super::city::{City, HOSPITAL, OTHER_HOSPITAL, WANG};
use jiff::civil::date;
use serde_json::json;

/// A stay with a line of 1,000.00, on the tenth.
#[track_caller]
fn stay() -> (City, String) {
    let city = City::new();
    let mdtrt_id = admit(&city, WANG);
    city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("1", "1000.00")]));
    city.clock.set(date(2021, 7, 10).at(10, 0, 0, 0));
    (city, mdtrt_id)
}

#[track_caller]
fn settle(city: &City, mdtrt_id: &str, total: &str, part: bool) -> Settled {
    Settled::of(city.done(HOSPITAL, "2304", &stay_settlement(WANG, mdtrt_id, total, part)))
}

#[test]
fn nobody_is_in_two_hospitals() {
    let (city, mdtrt_id) = stay();
    city.refused(OTHER_HOSPITAL, "2401", &admission(WANG, "2021-07-09 08:00:00"), "尚未办理出院");
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00"));
    city.done(OTHER_HOSPITAL, "2401", &admission(WANG, "2021-07-09 08:00:00"));
    city.refused(HOSPITAL, "2405", &of_encounter(WANG, &mdtrt_id), "尚未办理出院");
}

#[test]
fn discharge_follows_admission_and_happens_once() {
    let (city, mdtrt_id) = stay();
    city.refused(HOSPITAL, "2405", &of_encounter(WANG, &mdtrt_id), "尚未办理出院");
    city.refused(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-06-30 09:00:00"), "早于");
    city.refused(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-12 09:00:00"), "晚于");
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00"));
    city.refused(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00"), "已办理出院");
}

#[test]
fn a_discharge_that_is_cancelled_takes_its_diagnoses_along() {
    let (city, mdtrt_id) = stay();
    let codes = || {
        let shown = city.done(HOSPITAL, "5202", &of_encounter(WANG, &mdtrt_id)).output;
        let rows = shown["diseinfo"].as_array().unwrap().clone();
        rows.iter().map(|row| (row["inout_diag_type"].clone(), row["diag_code"].clone())).collect::<Vec<_>>()
    };
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00"));
    assert_eq!(codes().len(), 3);
    city.done(HOSPITAL, "2405", &of_encounter(WANG, &mdtrt_id));
    assert_eq!(codes(), [(json!("1"), json!("J18.900"))]);
    let mut shorter = discharge(WANG, &mdtrt_id, "2021-07-09 09:00:00");
    shorter["diseinfo"].as_array_mut().unwrap().truncate(1);
    city.done(HOSPITAL, "2402", &shorter);
    assert_eq!(codes().len(), 2, "what the second discharge does not say is gone");
}

#[test]
fn a_number_used_twice_loses_no_diagnosis() {
    let (city, mdtrt_id) = stay();
    let mut input = discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00");
    input["diseinfo"] = json!([
        diagnosis(WANG, &mdtrt_id, 1, "J18.900"),
        diagnosis(WANG, &mdtrt_id, 1, "A01.03.01"),
        diagnosis(WANG, &mdtrt_id, 2, "I10.x00")
    ]);
    city.done(HOSPITAL, "2402", &input);
    let shown = city.done(HOSPITAL, "5202", &of_encounter(WANG, &mdtrt_id)).output;
    assert_eq!(shown["diseinfo"].as_array().unwrap().len(), 4);
}

#[test]
fn a_stay_is_settled_after_its_discharge_and_then_takes_no_more() {
    let (city, mdtrt_id) = stay();
    city.refused(HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "1000.00", false), "尚未办理出院");
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00"));
    city.refused(HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "1000.00", true), "不能中途结算");
    let settled = settle(&city, &mdtrt_id, "1000.00", false);
    city.refused(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("2", "5.00")]), "已出院结算");
    city.refused(HOSPITAL, "2405", &of_encounter(WANG, &mdtrt_id), &settled.setl_id);
    city.refused(HOSPITAL, "2404", &of_encounter(WANG, &mdtrt_id), &settled.setl_id);
    city.done(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
    city.done(HOSPITAL, "2405", &of_encounter(WANG, &mdtrt_id));
    city.refused(HOSPITAL, "2404", &of_encounter(WANG, &mdtrt_id), "明细");
    let all = json!({"data": [{"feedetl_sn": "0000", "mdtrt_id": mdtrt_id, "psn_no": WANG}]});
    city.done(HOSPITAL, "2302", &all);
    city.done(HOSPITAL, "2404", &of_encounter(WANG, &mdtrt_id));
    city.verify();
}

#[test]
fn a_settlement_that_names_the_discharge_binds_it() {
    let (city, mdtrt_id) = stay();
    let mut input = stay_settlement(WANG, &mdtrt_id, "1000.00", false);
    input["data"]["dscgTime"] = json!("2021-07-20");
    city.refused(HOSPITAL, "2304", &input, "晚于");
    input["data"]["dscgTime"] = json!("2021-07-08");
    city.done(HOSPITAL, "2304", &input);
    city.refused(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("2", "5.00")]), "已出院结算");
    city.refused(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-09 09:00:00"), "不符");
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00"));
    city.verify();
}

#[test]
fn parts_are_settled_in_order_and_cancelled_latest_first() {
    let (city, mdtrt_id) = stay();
    let part = settle(&city, &mdtrt_id, "1000.00", true);
    city.refused(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-05 09:00:00"), "不符");
    city.done(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &[one("2", "500.00")]));
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-10 09:00:00"));
    let last = settle(&city, &mdtrt_id, "500.00", false);
    city.refused(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &part.setl_id), &last.setl_id);
    assert!(city.reverse(HOSPITAL, WANG, "2304", &part.msgid).is_err());
    city.done(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &last.setl_id));
    let undone = city.done(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &part.setl_id));
    let whole = settle(&city, &mdtrt_id, "1500.00", false);
    assert!(city.reverse(HOSPITAL, WANG, "2305", &undone.msgid).is_err(), "its lines are settled anew");
    city.done(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &whole.setl_id));
    city.verify();
}

#[test]
fn a_discharge_after_parts_that_took_every_line_closes_the_stay_with_a_bill_of_nothing() {
    let (city, mdtrt_id) = stay();
    let part = settle(&city, &mdtrt_id, "1000.00", true);
    city.done(HOSPITAL, "2402", &discharge(WANG, &mdtrt_id, "2021-07-10 09:00:00"));
    city.refused(HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "1000.00", false), "不符");
    let last = settle(&city, &mdtrt_id, "0.00", false);
    city.refused(HOSPITAL, "2304", &stay_settlement(WANG, &mdtrt_id, "0.00", false), "已出院结算");
    city.done(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &last.setl_id));
    city.done(HOSPITAL, "2305", &cancellation(WANG, &mdtrt_id, &part.setl_id));
    city.verify();
}

#[test]
fn the_day_of_admission_stays_once_something_is_settled() {
    let (city, mdtrt_id) = stay();
    let change = |begntime: &str| {
        let mut info = admission(WANG, begntime)["mdtrtinfo"].clone();
        info["mdtrt_id"] = json!(mdtrt_id);
        info["ipt_otp_no"] = json!("ZY1");
        json!({"adminfo": info, "diseinfo": [diagnosis(WANG, &mdtrt_id, 2, "E11.900")]})
    };
    city.done(HOSPITAL, "2403", &change("2021-06-30 08:00:00"));
    city.done(HOSPITAL, "2403", &change("2021-07-01 08:00:00"));
    settle(&city, &mdtrt_id, "1000.00", true);
    city.done(HOSPITAL, "2403", &change("2021-07-01 09:00:00"));
    city.refused(HOSPITAL, "2403", &change("2021-06-30 08:00:00"), "已结算");
}

#[test]
fn more_children_than_a_birth_has_are_a_slip_of_the_pen_and_are_told() {
    let city = City::new();
    let mdtrt_id = admit(&city, WANG);
    city.clock.set(date(2021, 7, 10).at(10, 0, 0, 0));
    for count in [-1, 11] {
        let mut input = discharge(WANG, &mdtrt_id, "2021-07-08 09:00:00");
        input["dscginfo"]["fetus_cnt"] = json!(count);
        city.refused(HOSPITAL, "2402", &input, "fetus_cnt");
    }
}
