//! Dialects (方言): names and shapes in which clients differ from the specification, and habits that they have.

use super::town::TOWN;
use crate::support::catalogue::{A, Bill};
use crate::support::outpatient::{Visit, open_visit, settle_opened};
use crate::support::providers::{BJ_DRAFT, BJ_L2};
use serde_json::{Value, json};

#[test]
fn the_draft_reads_the_person_from_an_array_and_the_sign_in_from_result() {
    let client = TOWN.client(&BJ_DRAFT);
    let person = TOWN.someone("resident");
    assert_eq!(client.read_person(&person).output()["baseinfo"][0]["psn_no"], json!(person.psn_no));
    let sign_in = json!({"data": {"mac": "a", "ip": "10.0.0.1", "userid": "7", "opter_no": "7", "password": "p"}});
    let output = client.call("9001", sign_in).output();
    assert_eq!(output["result"]["sign_no"], output["signinoutb"]["sign_no"]);
    assert!(output["result"]["sign_no"].as_str().is_some_and(|number| !number.is_empty()));
}

#[test]
fn a_person_is_an_object_for_everybody_else() {
    let person = TOWN.someone("resident");
    assert!(TOWN.client(&BJ_L2).read_person(&person).output()["baseinfo"].is_object());
}

#[test]
fn a_registration_is_cancelled_with_its_unsettled_lines() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("resident");
    let opened = open_visit(&client, &person, &Visit::on("2021-07-02", Bill::of(&A, "50.00"))).unwrap();
    let cancel = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": opened.mdtrt_id, "ipt_otp_no": opened.otp_no}});
    let reply = client.call("2202", cancel.clone());
    assert_eq!(reply.output(), Value::Null);
    assert!(reply.words().contains("费用明细 1 条一并撤销"), "{}", reply.words());
    let lines =
        client.call("5204", json!({"data": {"psn_no": person.psn_no, "setl_id": "", "mdtrt_id": opened.mdtrt_id}}));
    assert!(!lines.is_success() || lines.output().as_array().is_some_and(Vec::is_empty), "{:?}", lines.body);
}

#[test]
fn a_registration_that_is_settled_is_not_cancelled() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("resident");
    let visit = Visit::on("2021-07-02", Bill::of(&A, "50.00"));
    let opened = open_visit(&client, &person, &visit).unwrap();
    settle_opened(&client, &person, &visit, &opened).unwrap();
    let cancel = json!({"data": {"psn_no": person.psn_no, "mdtrt_id": opened.mdtrt_id, "ipt_otp_no": opened.otp_no}});
    assert!(client.call("2202", cancel).refusal().contains("2208"));
}

#[test]
fn a_dictionary_that_nobody_names_is_all_of_them() {
    let all = TOWN.client(&BJ_L2).call("1901", json!({"data": {"admdvs": "520500"}})).output();
    let rows = all["list"].as_array().unwrap();
    for (table, code) in [("insutype", "310"), ("med_type", "11"), ("gend", "1")] {
        assert!(rows.iter().any(|row| row["type"] == table && row["value"] == code), "{table}");
    }
}

#[test]
fn what_is_not_offered_is_said_before_its_fields_are_looked_at() {
    let text = TOWN.client(&BJ_L2).call("7101", json!({})).refusal();
    assert!(text.contains("暂未开通") && text.contains("7101"), "{text}");
}

#[test]
fn a_node_under_a_name_of_its_own_is_found_by_what_it_holds() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("resident");
    let registered = json!({"register": {
        "psn_no": person.psn_no, "insutype": person.insutype, "begntime": "2021-07-02 09:00:00", "mdtrt_cert_type": "02",
        "mdtrt_cert_no": person.certno, "ipt_otp_no": "MZ-own-name", "atddr_no": "D1", "dr_name": "医师", "dept_code": "01",
        "dept_name": "内科", "caty": "A03"
    }});
    let reply = client.call("2201", registered);
    assert!(reply.is_success(), "{}", reply.body);
    assert!(reply.words().contains("按规范的节点data受理"), "{}", reply.words());
    let half = client.call("2201", json!({"register": {"psn_no": person.psn_no}}));
    assert!(half.refusal().contains("data"), "what could be anything is not guessed");
}

#[test]
fn the_only_node_of_a_transaction_may_have_any_name() {
    let client = TOWN.client(&BJ_L2);
    let own = json!({"fixmedins_type": "1", "fixmedins_name": "", "fixmedins_code": client.provider.code});
    let reply = client.call("1201", json!({ "data": own }));
    assert_eq!(reply.output()["medinsinfo"][0]["fixmedins_code"], json!(client.provider.code));
    assert!(reply.words().contains("节点data按规范的节点medinsinfo受理"), "{}", reply.words());
    let half = client.call("1201", json!({"data": {"fixmedins_code": client.provider.code}}));
    assert!(half.refusal().contains("medinsinfo"), "what is demanded is not there");
}

#[test]
fn whatever_path_is_posted_to_answers_in_json() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("resident");
    let input = json!({"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno}});
    let body = client.envelope("1101", &client.next_msgid(), input).to_string();
    for path in ["/CSB", "/", "/api/yb", "/ebus/gzyb/1101", "/docs/interface", "/healthz", "/fsi/x/y"] {
        let raw = client.post(path, "application/json", body.as_bytes());
        assert_eq!((raw.status, &raw.json()["infcode"]), (200, &json!(0)), "{path}: {}", raw.text);
    }
    let unknown = client.post("/ebus/gzyb/9999", "application/json", body.as_bytes()).json();
    assert!(unknown["err_msg"].as_str().unwrap().ends_with("[E106]"), "{unknown}");
    let other = client.post("/ebus/gzyb/2207", "application/json", body.as_bytes()).json();
    assert!(other["err_msg"].as_str().unwrap().ends_with("[E108]"), "{other}");
    let nothing = client.post("/CSB", "text/html", b"<html>").json();
    assert!(nothing["err_msg"].as_str().unwrap().ends_with("[E101]"), "{nothing}");
}
