//! The gate at its boundary seconds, with an exact clock, by the shipped plan of Bijie.

use super::backfill::{TOWN, reopened, visit_at};
use super::care::{
    admission, buy, cancellation, description, fees, of_encounter, one, purchase, register, registration, settle_visit,
    text, visit, visit_settlement,
};
use super::city::{City, HOSPITAL, LI, PHARMACY, WANG};
use jiff::civil::{DateTime, date};
use serde_json::{Value, json};
use yibao_store::person::{Insurance, SpecialDisease};

/// The last open second before the city's stop, and the first open second after it (B-00).
fn last_open() -> DateTime {
    date(2021, 7, 9).at(23, 59, 59, 0)
}
fn first_closed() -> DateTime {
    date(2021, 7, 10).at(0, 0, 0, 0)
}
fn last_closed() -> DateTime {
    date(2021, 7, 15).at(23, 59, 59, 0)
}
fn first_open() -> DateTime {
    date(2021, 7, 16).at(0, 0, 0, 0)
}

#[track_caller]
fn check(city: &City, provider: &'static str, infno: &'static str, input: &Value) {
    for closed in [first_closed(), last_closed()] {
        city.clock.set(closed);
        city.refused(provider, infno, input, "2021");
    }
}

#[test]
fn purchases_stop_and_go_on_to_the_second() {
    let city = City::before_the_switch_over();
    city.clock.set(last_open());
    buy(&city, WANG, "1.00");
    check(&city, PHARMACY, "2102", &purchase(WANG, "1.00"));
    check(&city, PHARMACY, "2101", &purchase(WANG, "1.00"));
    city.clock.set(first_open());
    buy(&city, WANG, "1.00");
    city.verify();
}

#[test]
fn a_cancellation_is_the_business_of_what_it_cancels() {
    let city = City::before_the_switch_over();
    let bought = buy(&city, WANG, "1.00");
    let purchase = cancellation(WANG, &text(&bought.info["mdtrt_id"]), &bought.setl_id);
    let mdtrt_id = visit(&city, WANG, "10.00");
    let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "10.00");
    let outpatient = cancellation(WANG, &mdtrt_id, &settled.setl_id);
    check(&city, PHARMACY, "2103", &purchase);
    check(&city, HOSPITAL, "2208", &outpatient);
    city.clock.set(first_open());
    city.done(PHARMACY, "2103", &purchase);
    city.done(HOSPITAL, "2208", &outpatient);
}

#[test]
fn reversals_and_queries_go_on_during_the_stop() {
    let city = City::before_the_switch_over();
    let bought = buy(&city, WANG, "1.00");
    city.clock.set(first_closed());
    city.reverse(PHARMACY, WANG, "2102", &bought.msgid).unwrap();
    city.done(
        PHARMACY,
        "1101",
        &json!({"data": {
            "mdtrt_cert_type": "03", "mdtrt_cert_no": "A10000001", "psn_cert_type": "01"
        }}),
    );
    city.done(PHARMACY, "9001", &json!({"signIn": {"opter_no": "001", "mac": "", "ip": "10.0.0.1"}}));
    city.verify();
}

#[test]
fn a_message_answered_before_the_stop_is_answered_during_it() {
    let city = City::before_the_switch_over();
    let bought = buy(&city, WANG, "1.00");
    city.clock.set(first_closed());
    let again = city.send(PHARMACY, "2102", &bought.msgid, &purchase(WANG, "1.00")).unwrap();
    assert_eq!(again.output["setlinfo"], bought.info);
}

#[test]
fn the_settlement_of_stays_stops_four_hours_earlier_than_all_else() {
    let city = City::before_the_switch_over();
    let mdtrt_id = super::care::admit(&city, LI);
    city.done(HOSPITAL, "2301", &fees(LI, &mdtrt_id, "", &[one("1", "500.00")]));
    let part = super::care::stay_settlement(LI, &mdtrt_id, "500.00", true);
    city.clock.set(date(2021, 7, 9).at(20, 0, 0, 0));
    city.refused(HOSPITAL, "2304", &part, "2021");
    city.clock.set(date(2021, 7, 9).at(19, 59, 59, 0));
    let settled = super::care::Settled::of(city.done(HOSPITAL, "2304", &part));
    city.clock.set(date(2021, 7, 9).at(20, 0, 0, 0));
    city.refused(HOSPITAL, "2305", &cancellation(LI, &mdtrt_id, &settled.setl_id), "2021");
    city.clock.set(last_open());
    city.done(HOSPITAL, "2402", &super::care::discharge(LI, &mdtrt_id, "2021-07-09 20:00:00"));
    check(&city, HOSPITAL, "2405", &of_encounter(LI, &mdtrt_id));
    check(&city, HOSPITAL, "2401", &admission(WANG, "2021-07-09 08:00:00"));
    check(&city, HOSPITAL, "2201", &registration(WANG, "310", "2021-07-09 08:00:00"));
    city.clock.set(first_open());
    city.done(HOSPITAL, "2305", &cancellation(LI, &mdtrt_id, &settled.setl_id));
    city.verify();
}

/// On 2021-07-01 special-disease visits stop, and nothing else.
const ONE_KIND: &str = r#"
[plan]
id = "one-kind"
title = "慢特病停办"
issuer = "医保局"
pool = "520500"
issued = "2021-06-01"
closes = "2021-07-01 00:00"
reopens = "2021-07-02 00:00"
ends = "2021-12-31 24:00"
ahead_hours = 1

[[rule]]
id = "special"
clause = "T-01"
business = "settlement.outpatient.special"
disposition = "refuse"
advice = "慢特病门诊暂停。"
"#;

#[test]
fn a_visit_is_gated_by_its_kind_and_not_by_what_the_settlement_calls_it() {
    let city = City::with_plan(ONE_KIND);
    let describe = |mdtrt_id: &str, med_type| description(WANG, mdtrt_id, med_type, "2021-06-30 09:30:00");
    city.clock.set(date(2021, 6, 30).at(23, 59, 59, 0));
    let mdtrt_id = register(&city, WANG);
    city.done(HOSPITAL, "2203A", &describe(&mdtrt_id, "14"));
    city.clock.set(date(2021, 7, 1).at(0, 0, 0, 0));
    let lines = fees(WANG, &mdtrt_id, "B1", &[one("1", "10.00")]);
    city.refused(HOSPITAL, "2204", &lines, "慢特病");
    city.refused(HOSPITAL, "2207", &visit_settlement(WANG, &mdtrt_id, "B1", "10.00"), "停办");
    let other = register(&city, WANG);
    city.refused(HOSPITAL, "2203A", &describe(&other, "14"), "慢特病");
    city.done(HOSPITAL, "2203A", &describe(&mdtrt_id, "11"));
    city.done(HOSPITAL, "2204", &lines);
    settle_visit(&city, WANG, &mdtrt_id, "B1", "10.00");
    city.verify();
}

/// Whoever registers does not say what for: a patient who is certified for a disease is told its way too, where that is another.
#[test]
fn a_registration_that_is_refused_tells_certified_patients_of_their_own_way() {
    let plan = "[plan]\nid = \"t\"\ntitle = \"停机\"\nissuer = \"医保局\"\npool = \"520500\"\nissued = \"2021-07-01\"\n\
                closes = \"2021-07-09 24:00\"\nreopens = \"2021-07-15 24:00\"\nends = \"2021-12-31 24:00\"\n\
                silent_ok = [\"encounter\", \"settlement\"]\n[[rule]]\nid = \"all\"\nclause = \"1\"\n\
                business = \"settlement.outpatient\"\ndisposition = \"refuse\"\nadvice = \"普通门诊请恢复后再来。\"\n\
                [[rule]]\nid = \"special\"\nclause = \"2\"\nbusiness = \"settlement.outpatient.special\"\n\
                disposition = \"cash_reenter\"\nadvice = \"慢特病先垫付，恢复后补录。\"\n";
    let city = City::with_plan(plan);
    city.clock.set(date(2021, 7, 12).at(9, 0, 0, 0));
    let told = |psn_no: &'static str| {
        let msgid = city.new_msgid(HOSPITAL);
        let registered = city.send(HOSPITAL, "2201", &msgid, &registration(psn_no, "390", "2021-07-12 09:00:00"));
        registered.err().expect("it is closed")
    };
    assert!(told(LI).contains("普通门诊") && !told(LI).contains("慢特病先垫付"), "{}", told(LI));
    city.write(|tx| {
        tx.put_special_disease(&SpecialDisease {
            psn_no: LI.to_owned(),
            opsp_dise_code: "M03900".to_owned(),
            opsp_dise_name: "高血压".to_owned(),
            begndate: date(2021, 1, 1),
            enddate: None,
            trt_dcla_detl_sn: String::new(),
        })?;
        Ok(())
    });
    assert!(told(LI).contains("普通门诊") && told(LI).contains("慢特病先垫付"), "{}", told(LI));
}

#[test]
fn who_retires_after_the_care_is_asked_about_as_one_who_worked_then() {
    let retired = "[[rule]]\nid = \"retired\"\nclause = \"T-06\"\nbusiness = \"settlement.outpatient\"\npopulations = \"retired\"\n\
                   disposition = \"no_route\"\nadvice = \"退休人员门诊公告未规定补报。\"\n";
    let city = City::with_plan(&format!("{TOWN}\n{retired}"));
    city.write(|tx| {
        let facts = tx.person_facts(WANG, &[])?.expect("the person is there");
        let works = facts.insurances.into_iter().find(|row| row.insutype == "310").expect("an employee");
        tx.put_insurance(&Insurance { psn_type: "1201".into(), begndate: date(2021, 7, 16), ..works }).map(drop)
    });
    city.clock.set(reopened());
    // The visit is of the closed time, when the rule for those who work held.
    let mdtrt_id = visit_at(&city, WANG, "310", "2021-07-12 09:30:00", "100.00");
    settle_visit(&city, WANG, &mdtrt_id, "B1", "100.00");
}
