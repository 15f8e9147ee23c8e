//! Queries about visits, settlements and persons.

use super::town::TOWN;
use crate::support::amounts::fen_of;
use crate::support::catalogue::{A, B, Bill};
use crate::support::inpatient::{self, Stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::providers::{BJ_L2, BJ_TOWNSHIP};
use crate::support::vocabulary::HYPERTENSION;
use serde_json::{Value, json};

fn whole_july(psn_no: &str) -> Value {
    json!({"data": {
        "psn_no": psn_no, "begntime": "2021-07-01 00:00:00", "endtime": "2021-07-31 23:59:59", "med_type": "11", "mdtrt_id": ""
    }})
}

#[test]
fn fee_lines_lie_directly_under_output() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let visit = Visit::on("2021-07-01", Bill::of(&A, "12.30").and(&B, "20.00"));
    let settled = settle_visit(&client, &person, &visit).unwrap();
    let query = json!({"data": {"psn_no": person.psn_no, "setl_id": settled.setl_id, "mdtrt_id": settled.mdtrt_id}});
    let output = client.call("5204", query).output();
    let lines = output.as_array().unwrap_or_else(|| panic!("5204 answers a bare array: {output}"));
    assert_eq!(lines.len(), 2);
    let sum: i64 = lines.iter().map(|line| fen_of(&line["det_item_fee_sumamt"])).sum();
    assert_eq!(sum, 3_230);
}

#[test]
fn a_settlement_is_found_again_as_it_was_answered() {
    let (client, person) = (TOWN.client(&BJ_TOWNSHIP), TOWN.someone("resident"));
    let settled = settle_visit(&client, &person, &Visit::on("2021-07-01", Bill::of(&A, "50.00"))).unwrap();
    let query = json!({"data": {"psn_no": person.psn_no, "setl_id": settled.setl_id, "mdtrt_id": settled.mdtrt_id}});
    let output = client.call("5203", query).output();
    assert!(output["setlinfo"].is_object() && output["setldetail"].is_array(), "{output}");
    assert_eq!(output["setlinfo"]["setl_id"], json!(settled.setl_id));
    assert_eq!(fen_of(&output["setlinfo"]["fund_pay_sumamt"]), settled.fen("fund_pay_sumamt"));
    assert_eq!(fen_of(&output["setlinfo"]["medfee_sumamt"]), 5_000);
}

#[test]
fn visits_and_their_diagnoses_are_lists() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let settled = settle_visit(&client, &person, &Visit::on("2021-07-01", Bill::of(&A, "12.30"))).unwrap();
    let output = client.call("5201", whole_july(&person.psn_no)).output();
    let visits = output["mdtrtinfo"].as_array().unwrap_or_else(|| panic!("mdtrtinfo of 5201 is an array: {output}"));
    assert!(visits.iter().any(|visit| visit["mdtrt_id"] == json!(settled.mdtrt_id)), "{output}");
    let query = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": settled.mdtrt_id}});
    let output = client.call("5202", query).output();
    let diagnoses = output["diseinfo"].as_array().unwrap_or_else(|| panic!("diseinfo of 5202 is an array: {output}"));
    assert_eq!(diagnoses[0]["diag_code"], "J06.900");
}

#[test]
fn somebody_in_hospital_is_found_until_the_stay_is_settled() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let stay = Stay::from("2021-07-01", "2021-07-04", Bill::of(&A, "500.00"));
    let mdtrt_id = inpatient::admit(&client, &person, &stay).unwrap();
    let output = client.call("5303", whole_july(&person.psn_no)).output();
    let found = output["data"].as_array().unwrap_or_else(|| panic!("data of 5303 is an array: {output}"));
    assert!(found.iter().any(|row| row["mdtrt_id"] == json!(mdtrt_id)), "{output}");
}

#[test]
fn special_disease_filings_are_found() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("hypertension"));
    let output = client.call("5301", json!({"data": {"psn_no": person.psn_no}})).output();
    let rows = output["feedetail"].as_array().unwrap_or_else(|| panic!("feedetail of 5301 is an array: {output}"));
    assert_eq!(rows[0]["opsp_dise_code"], HYPERTENSION.0);
    assert_eq!(rows[0]["begndate"], "2019-11-01");
    let nobody = TOWN.someone("employee");
    let output = client.call("5301", json!({"data": {"psn_no": nobody.psn_no}})).output();
    assert_eq!(output["feedetail"], json!([]));
}

#[test]
fn what_a_year_added_up_to_is_answered() {
    let (client, person) = (TOWN.client(&BJ_TOWNSHIP), TOWN.someone("resident"));
    settle_visit(&client, &person, &Visit::on("2021-07-01", Bill::of(&A, "50.00"))).unwrap();
    let output = client.call("5206", json!({"data": {"psn_no": person.psn_no, "cum_ym": "202107"}})).output();
    assert!(output["cuminfo"].is_array(), "cuminfo of 5206 is an array: {output}");
}

#[test]
fn filings_are_taken_found_and_withdrawn() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("resident"));
    let filing = json!({"data": {
        "psn_no": person.psn_no, "insutype": "390", "opsp_dise_code": "M06900", "opsp_dise_name": "类风湿性关节炎",
        "tel": "", "addr": "", "insu_optins": "520502", "ide_fixmedins_no": "H52050200002",
        "ide_fixmedins_name": "七星关区人民医院", "hosp_ide_date": "2021-07-01", "diag_dr_codg": "D520502000123",
        "diag_dr_name": "赵医生", "begndate": "2021-07-01", "enddate": ""
    }});
    let output = client.call("2503", filing).output();
    let serial = output["result"]["trt_dcla_detl_sn"].as_str().unwrap_or_else(|| panic!("a serial number: {output}"));
    let query = json!({"data": {"psn_no": person.psn_no}});
    let found = client.call("5301", query.clone()).output();
    assert_eq!(found["feedetail"][0]["opsp_dise_code"], "M06900", "{found}");
    let withdraw = json!({"data": {"trt_dcla_detl_sn": serial, "psn_no": person.psn_no, "memo": "误报"}});
    assert_eq!(client.call("2504", withdraw).output(), Value::Null);
    assert_eq!(client.call("5301", query).output()["feedetail"], json!([]));
}
