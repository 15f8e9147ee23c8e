//! Shapes that clients break on: arrays, objects, nulls, the envelope.

use super::town::TOWN;
use crate::support::catalogue::{A, Bill};
use crate::support::inpatient::{self, Stay};
use crate::support::outpatient::{
    Visit, cancel_input, lines_input, open_visit, registration, settle_visit, visit_input,
};
use crate::support::pharmacy::{Purchase, buy};
use crate::support::providers::{BJ_L2, BJ_PHARMACY, BJ_TEXT, BJ_TOWNSHIP};
use crate::support::vocabulary::HYPERTENSION;
use serde_json::{Value, json};

#[track_caller]
fn has(node: &Value, fields: &[&str]) {
    let missing: Vec<&&str> = fields.iter().filter(|field| node.get(**field).is_none()).collect();
    assert!(missing.is_empty(), "{missing:?} are missing in {node}");
}

#[test]
fn the_envelope_has_every_member_in_its_form() {
    let body = TOWN.client(&BJ_L2).read_person(&TOWN.someone("employee")).body;
    has(
        &body,
        &[
            "infcode",
            "inf_refmsgid",
            "refmsg_time",
            "respond_time",
            "enctype",
            "signtype",
            "cainfo",
            "warn_msg",
            "err_msg",
            "output",
        ],
    );
    assert_eq!(body["infcode"], 0, "a number by default");
    let refmsgid = body["inf_refmsgid"].as_str().expect("a text");
    assert_eq!(refmsgid.len(), 30, "{refmsgid}");
    assert!(refmsgid.starts_with("52"), "the receiver's division comes first: {refmsgid}");
    for time in ["refmsg_time", "respond_time"] {
        let text = body[time].as_str().expect("a text");
        assert!(text.len() == 17 && text.starts_with("20210705"), "{time}: {text}");
    }
}

#[test]
fn platform_message_ids_never_repeat() {
    let client = TOWN.client(&BJ_L2);
    let mut seen = std::collections::HashSet::new();
    for _ in 0..50 {
        let body = client.call("9001", json!({"signIn": {"opter_no": "1", "mac": "a", "ip": "1.2.3.4"}})).body;
        assert!(seen.insert(body["inf_refmsgid"].to_string()), "{} came twice", body["inf_refmsgid"]);
    }
}

#[test]
fn a_provider_that_reads_text_gets_infcode_as_text() {
    let client = TOWN.client(&BJ_TEXT);
    let person = TOWN.someone("employee");
    assert_eq!(client.read_person(&person).body["infcode"], "0");
    let refused = client.call("2207", json!({"data": {}}));
    assert_eq!(refused.body["infcode"], "-1");
    refused.refusal();
}

#[test]
fn a_person_is_one_object_and_two_lists() {
    let output = TOWN.client(&BJ_L2).read_person(&TOWN.someone("minimum allowance")).output();
    has(&output["baseinfo"], &["psn_no", "psn_cert_type", "certno", "psn_name", "gend", "naty", "brdy", "age"]);
    let schemes = output["insuinfo"].as_array().expect("insuinfo is an array");
    has(
        &schemes[0],
        &[
            "balc",
            "insutype",
            "psn_type",
            "psn_insu_stas",
            "psn_insu_date",
            "cvlserv_flag",
            "insuplc_admdvs",
            "emp_name",
        ],
    );
    let attributes = output["idetinfo"].as_array().expect("idetinfo is an array");
    assert_eq!(attributes[0]["psn_idet_type"], "2303");

    let output = TOWN.client(&BJ_L2).read_person(&TOWN.someone("employee")).output();
    assert_eq!(output["idetinfo"], json!([]), "no attribute is an empty list");
}

#[test]
fn a_person_whose_insurance_has_ended_is_shown_it() {
    let output = TOWN.client(&BJ_L2).read_person(&TOWN.someone("ended")).output();
    assert_eq!(
        (&output["insuinfo"][0]["insutype"], &output["insuinfo"][0]["psn_insu_stas"]),
        (&json!("390"), &json!("4"))
    );
}

#[test]
fn an_unknown_certificate_is_refused_and_not_repeated_whole() {
    let mut stranger = TOWN.someone("employee");
    stranger.certno = "110105194912310021".into();
    TOWN.client(&BJ_L2).read_person(&stranger).refusal();
}

#[test]
fn transactions_without_output_answer_null() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let visit = Visit::on("2021-07-01", Bill::of(&A, "12.30"));
    let opened = open_visit(&client, &person, &visit).unwrap();
    let again = visit_input(&person, &visit.clone().disease(HYPERTENSION), &opened.mdtrt_id);
    assert_eq!(client.call("2203", again).output(), Value::Null, "2203");
    let delete = json!({"data": {"mdtrt_id": opened.mdtrt_id, "chrg_bchno": "0000", "psn_no": person.psn_no}});
    assert_eq!(client.call("2205", delete).output(), Value::Null, "2205");
    let withdraw = json!({"data": {"mdtrt_id": opened.mdtrt_id, "psn_no": person.psn_no, "ipt_otp_no": opened.otp_no}});
    assert_eq!(client.call("2202", withdraw).output(), Value::Null, "2202");

    let stay = Stay::from("2021-06-28", "2021-07-01", Bill::of(&A, "100.00"));
    let mdtrt_id = inpatient::admit(&client, &person, &stay).unwrap();
    inpatient::upload(&client, &person, &stay, &mdtrt_id, &stay.bill, 0).unwrap();
    let both = json!({"mdtrt_id": mdtrt_id, "psn_no": person.psn_no});
    inpatient::discharge(&client, &person, &stay, &mdtrt_id).unwrap();
    assert_eq!(client.call("2405", json!({"data": both})).output(), Value::Null, "2405");
    let delete = json!({"data": [{"feedetl_sn": "0000", "mdtrt_id": mdtrt_id, "psn_no": person.psn_no}]});
    assert_eq!(client.call("2302", delete).output(), Value::Null, "2302 as a list");
    assert_eq!(client.call("2404", json!({"data": both})).output(), Value::Null, "2404");
}

#[test]
fn settlement_replies_carry_every_field_that_applies() {
    let (client, person) = (TOWN.client(&BJ_TOWNSHIP), TOWN.someone("resident"));
    let settled = settle_visit(&client, &person, &Visit::on("2021-07-01", Bill::of(&A, "50.00"))).unwrap();
    has(
        &settled.info,
        &[
            "mdtrt_id",
            "setl_id",
            "psn_no",
            "psn_name",
            "psn_cert_type",
            "certno",
            "gend",
            "naty",
            "brdy",
            "age",
            "insutype",
            "psn_type",
            "cvlserv_flag",
            "setl_time",
            "mdtrt_cert_type",
            "med_type",
            "medfee_sumamt",
            "fulamt_ownpay_amt",
            "overlmt_selfpay",
            "preselfpay_amt",
            "inscp_scp_amt",
            "act_pay_dedc",
            "hifp_pay",
            "pool_prop_selfpay",
            "cvlserv_pay",
            "hifes_pay",
            "hifmi_pay",
            "hifob_pay",
            "maf_pay",
            "oth_pay",
            "fund_pay_sumamt",
            "psn_part_amt",
            "acct_pay",
            "psn_cash_pay",
            "hosp_part_amt",
            "balc",
            "acct_mulaid_pay",
            "medins_setl_id",
            "clr_optins",
            "clr_way",
            "clr_type",
            "hifdm_pay",
        ],
    );
    let row = settled.detail.iter().find(|row| row["fund_pay_type"] == "390100").expect("the residents' pool pays");
    has(
        row,
        &["fund_pay_type", "inscp_scp_amt", "crt_payb_lmt_amt", "fund_payamt", "fund_pay_type_name", "setl_proc_info"],
    );
    assert!(settled.info["medfee_sumamt"].is_number(), "amounts are JSON numbers: {}", settled.info);
    assert!(settled.info["setl_time"].as_str().is_some_and(|time| time.starts_with("2021-07-05 ")), "{}", settled.info);
}

#[test]
fn a_cancellation_answers_the_negative_settlement_under_its_own_msgid() {
    let (client, person) = (TOWN.client(&BJ_TOWNSHIP), TOWN.someone("resident"));
    let settled = settle_visit(&client, &person, &Visit::on("2021-07-01", Bill::of(&A, "50.00"))).unwrap();
    let reply = client.call("2208", cancel_input(&person, &settled));
    let output = reply.output();
    assert!(output["setlinfo"].is_object() && output["setldetail"].is_array(), "{output}");
    assert_eq!(output["setlinfo"]["medins_setl_id"], json!(reply.msgid));
    assert!(output["setlinfo"]["medfee_sumamt"].to_string().starts_with('-'), "{output}");
    let text = client.call("2208", cancel_input(&person, &settled)).refusal();
    assert!(text.contains(&settled.setl_id) || text.contains("撤销"), "{text}");
}

#[test]
fn one_line_is_still_a_list() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let visit = Visit::on("2021-07-01", Bill::of(&A, "12.30"));
    let registered = client.call("2201", registration(&person, &visit, "MZSHAPE1")).output();
    assert!(registered["data"].is_object(), "{registered}");
    assert_eq!(registered["data"]["psn_no"], json!(person.psn_no));
    assert_eq!(registered["data"]["ipt_otp_no"], "MZSHAPE1");
    let opened = open_visit(&client, &person, &visit).unwrap();
    let mut input = lines_input(&person, &visit, &opened);
    input["feedetail"][0]["feedetl_sn"] = json!("yp570");
    input["feedetail"][0]["chrg_bchno"] = json!("B-single");
    let one = input["feedetail"][0].clone();
    let output = client.call("2204", json!({ "feedetail": one })).output();
    assert_eq!(output["result"][0]["feedetl_sn"], "yp570", "a single object is taken as a list of one: {output}");
}

#[test]
fn a_pharmacy_settlement_has_the_same_shape() {
    let purchase = Purchase::on("2021-07-01", Bill::of(&A, "30.00"));
    let settled = buy(&TOWN.client(&BJ_PHARMACY), &TOWN.someone("employee"), &purchase).unwrap();
    has(
        &settled.info,
        &["setl_id", "mdtrt_id", "psn_no", "medfee_sumamt", "acct_pay", "psn_cash_pay", "balc", "clr_type"],
    );
}
