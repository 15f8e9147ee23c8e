//! Visits: registration, what they are, batches, cancellation.

use super::care::{cancellation, description, fees, of_encounter, one, register, registration, settle_visit, visit};
use super::city::{CHEN, City, HOSPITAL, LI, OTHER_HOSPITAL, WANG};
use serde_json::json;

#[test]
fn a_visit_is_cancelled_with_its_unsettled_lines_and_never_while_it_is_settled() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    city.refused(HOSPITAL, "2202", &of_encounter_with_number(&mdtrt_id), &settled.setl_id);
    city.done(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
    city.done(HOSPITAL, "2202", &of_encounter_with_number(&mdtrt_id));
    city.refused(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B1", &[one("1", "1.00")]), "已撤销");
}

fn of_encounter_with_number(mdtrt_id: &str) -> serde_json::Value {
    let mut input = of_encounter(WANG, mdtrt_id);
    input["data"]["ipt_otp_no"] = json!("MZ1");
    input
}

#[test]
fn a_visit_belongs_to_its_provider_and_person() {
    let city = City::new();
    let mdtrt_id = register(&city, WANG);
    let lines = [one("1", "1.00")];
    city.refused(OTHER_HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B1", &lines), "不是机构");
    city.refused(HOSPITAL, "2204", &fees(LI, &mdtrt_id, "B1", &lines), "psn_no");
    city.refused(HOSPITAL, "2301", &fees(WANG, &mdtrt_id, "", &lines), "门诊就诊");
}

#[test]
fn kind_and_day_of_a_settled_visit_stay() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    let description = |med_type, time| description(WANG, &mdtrt_id, med_type, time);
    city.done(HOSPITAL, "2203A", &description("11", "2021-07-01 09:45:00"));
    city.refused(HOSPITAL, "2203A", &description("11", "2021-06-30 09:45:00"), "已结算");
    city.refused(HOSPITAL, "2203A", &description("14", "2021-07-01 09:45:00"), "已结算");
}

#[test]
fn two_batches_of_a_visit_are_settled_withdrawn_and_cancelled_apart() {
    let city = City::new();
    let mdtrt_id = visit(&city, WANG, "100.00");
    city.done(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B2", &[one("2", "30.00")]));
    let first = settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
    let withdraw = |batch: &str| json!({"data": {"chrg_bchno": batch, "mdtrt_id": mdtrt_id, "psn_no": WANG}});
    city.refused(HOSPITAL, "2205", &withdraw("B1"), "已结算");
    city.done(HOSPITAL, "2205", &withdraw("B2"));
    city.refused(HOSPITAL, "2205", &withdraw("B2"), "不存在");
    city.done(HOSPITAL, "2204", &fees(WANG, &mdtrt_id, "B2", &[one("2", "40.00")]));
    let second = settle_visit(&city, WANG, &mdtrt_id, "B2", "40.00");
    assert_ne!(first.setl_id, second.setl_id);
    let cancelled = city.done(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &first.setl_id));
    assert!(cancelled.remarks.iter().any(|remark| remark.contains(&second.setl_id)), "{:?}", cancelled.remarks);
    city.refused(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &first.setl_id), "已撤销");
    city.verify();
}

#[test]
fn who_is_insured_in_another_pool_is_told_where() {
    let city = City::new();
    let input = registration(CHEN, "310", "2021-07-01 09:30:00");
    city.refused(HOSPITAL, "2201", &input, "攀枝花");
    let msgid = city.new_msgid(HOSPITAL);
    let input = registration(WANG, "310", "2021-07-01 09:30:00");
    let text = city.send_as_insured_in("510402", HOSPITAL, "2201", &msgid, &input).map(|_| ()).unwrap_err();
    assert!(text.contains("回参保地报销"), "{text}");
}

#[test]
fn care_that_lies_ahead_is_refused() {
    let city = City::new();
    city.done(HOSPITAL, "2201", &registration(WANG, "310", "2021-07-02 23:59:59"));
    city.refused(HOSPITAL, "2201", &registration(WANG, "310", "2021-07-03 00:00:00"), "晚于");
}
