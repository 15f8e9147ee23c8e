//! Habits that six unmodified clients were seen to have, each as the client sends it (FS Foshan, GZ Guangzhou, ZS Zhongshan, JS Jiangsu,
//! HN Hunan). Those of names and paths are in `dialects`, of envelopes and signatures in `vendors` and `gateway`, of files in `files`.

use super::town::TOWN;
use crate::support::catalogue::{A, Bill};
use crate::support::client::Client;
use crate::support::inpatient::{self, Stay};
use crate::support::outpatient::{Visit, lines_input, open_visit, registration, visit_input};
use crate::support::providers::{BJ_L1, BJ_L2, BJ_L3};
use serde_json::{Value, json};

/// GZ: number and second, no serial: the chain of a visit shares one.
#[test]
fn a_visit_is_registered_and_described_in_one_second_under_one_msgid() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("resident");
    let visit = Visit::on("2021-07-02", Bill::of(&A, "8.00"));
    let msgid = "H5205020000220210702093000";
    let opened = client.send("2201", msgid, registration(&person, &visit, "MZ-one-second")).output();
    let mdtrt_id = opened["data"]["mdtrt_id"].as_str().unwrap();
    let described = client.send("2203A", msgid, visit_input(&person, &visit, mdtrt_id));
    assert!(described.is_success(), "{}", described.body);
    let cancelled = client.send(
        "2202",
        msgid,
        json!({"data": {"psn_no": person.psn_no, "mdtrt_id": mdtrt_id, "ipt_otp_no": "MZ-one-second"}}),
    );
    assert!(cancelled.is_success(), "{}", cancelled.body);
}

fn mapping(own: &str) -> Value {
    json!({
        "fixmedins_hilist_id": own, "fixmedins_hilist_name": "院内药", "list_type": A.list_type, "med_list_codg": A.code,
        "begndate": "2021-01-01", "enddate": ""
    })
}

/// FS, GZ and ZS: `catalogcompin`, `catalog`, `data`; an empty list is a mistake all the same.
#[test]
fn mappings_come_and_go_under_three_names_and_an_empty_list_is_a_mistake() {
    let client = TOWN.client(&BJ_L1);
    for (node, own) in [("data", "H1"), ("catalogcompin", "H2"), ("catalog", "H3")] {
        let reply = client.call("3301", json!({node: [mapping(own)]}));
        assert!(reply.is_success(), "{node}: {}", reply.body);
        let gone = json!({"fixmedins_code": client.provider.code, "fixmedins_hilist_id": own, "list_type": A.list_type, "med_list_codg": A.code});
        let reply = client.call("3302", json!({node: [gone]}));
        assert!(reply.is_success(), "{node}: {}", reply.body);
        let text = client.call("3301", json!({node: []})).refusal();
        assert!(text.ends_with("[E105]"), "{node}: {text}");
    }
}

/// Times as .NET and Java programs print them, an object where the specification has a list.
#[test]
fn times_in_every_spelling_and_one_object_for_a_list_are_taken() {
    let client = TOWN.client(&BJ_L2);
    for time in ["2021/7/2 9:05:03", "20210702", "2021-07-02 09:05:03.0", "20210702090503", "2021-07-02T09:05:03"] {
        let person = TOWN.someone("resident");
        let visit = Visit { time: time.to_owned(), ..Visit::on("2021-07-02", Bill::of(&A, "8.00")) };
        let registered = client.call("2201", registration(&person, &visit, &client.next_msgid()[12..]));
        assert!(registered.is_success(), "{time}: {}", registered.body);
        let mdtrt_id = registered.output()["data"]["mdtrt_id"].as_str().unwrap().to_owned();
        let mut description = visit_input(&person, &visit, &mdtrt_id);
        description["diseinfo"] = description["diseinfo"][0].take();
        let described = client.call("2203A", description);
        assert!(described.is_success(), "{time}: {}", described.body);
    }
}

/// A refund as a negative line that names what it gives back.
#[test]
fn a_negative_line_gives_back_what_it_names() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("resident");
    let visit = Visit::on("2021-07-02", Bill::of(&A, "8.00"));
    let opened = open_visit(&client, &person, &visit).unwrap();
    let mut back = lines_input(&person, &visit, &opened);
    let line = &mut back["feedetail"][0];
    let original = line["feedetl_sn"].clone();
    line["init_feedetl_sn"] = original;
    line["feedetl_sn"] = json!("9001");
    line["cnt"] = json!("-1");
    line["det_item_fee_sumamt"] = json!("-8.00");
    let reply = client.call("2204", back);
    assert!(reply.is_success(), "{}", reply.body);
    assert_eq!(reply.output()["result"][0]["det_item_fee_sumamt"].to_string().trim_matches('"'), "-8.00");
}

fn posted(client: &Client, envelope: &Value) -> Value {
    client.post_bytes(envelope.to_string().as_bytes()).json()
}

/// The envelope's `Input`, and the input as a text of JSON.
#[test]
fn the_input_is_found_with_a_capital_letter_and_as_a_text() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("resident");
    let input = json!({"data": {"mdtrt_cert_type": "02", "mdtrt_cert_no": person.certno}});
    let mut capital = client.envelope("1101", &client.next_msgid(), Value::Null);
    capital.as_object_mut().unwrap().remove("input");
    capital["Input"] = input.clone();
    let text = client.envelope("1101", &client.next_msgid(), Value::String(input.to_string()));
    for envelope in [capital, text] {
        assert_eq!(posted(&client, &envelope)["output"]["baseinfo"]["psn_no"], json!(person.psn_no));
    }
}

/// ZS: 2001 before a maternity visit, and then looks for the fund 510100 in `trtinfo`.
#[test]
fn benefits_are_asked_before_a_maternity_visit_and_name_its_fund() {
    let client = TOWN.client(&BJ_L3);
    let ask = |psn_no: &str, insutype: &str, med_type: &str| {
        let data = json!({
            "psn_no": psn_no, "insutype": insutype, "fixmedins_code": client.provider.code, "med_type": med_type,
            "begntime": "2021-07-02 09:00:00", "endtime": "", "dise_codg": "", "dise_name": ""
        });
        client.call("2001", json!({ "data": data })).output()["trtinfo"].as_array().unwrap().clone()
    };
    let funds = |rows: &[Value]| -> Vec<String> {
        rows.iter().map(|row| row["fund_pay_type"].as_str().unwrap().to_owned()).collect()
    };
    let employee = TOWN.someone("employee");
    let rows = ask(&employee.psn_no, "310", "51");
    assert!(funds(&rows).contains(&"510100".to_owned()), "{rows:?}");
    assert!(rows.iter().all(|row| row["trt_enjymnt_flag"] == "1" && row["trt_chk_type"] == "01"), "{rows:?}");
    assert!(!funds(&ask(&employee.psn_no, "310", "11")).contains(&"510100".to_owned()));
    let ended = TOWN.someone("ended");
    let rows = ask(&ended.psn_no, "390", "21");
    assert!(rows.iter().all(|row| row["trt_enjymnt_flag"] == "0"), "{rows:?}");
    assert!(rows[0]["trt_chk_rslt"].as_str().is_some_and(|why| !why.contains("正常")), "{rows:?}");
}

/// GZ sends 2403 without the time of admission, and is refused rightly; FS and GZ say `dscg_dept_code` in 2402.
#[test]
fn a_stay_is_discharged_from_a_department_under_another_name_and_not_changed_without_its_time() {
    let client = TOWN.client(&BJ_L2);
    let person = TOWN.someone("employee");
    let stay = Stay::from("2021-06-28", "2021-07-01", Bill::of(&A, "10.00"));
    let mdtrt_id = inpatient::admit(&client, &person, &stay).unwrap();
    let mut change = inpatient::admission(&person, &stay, "Z-1")["mdtrtinfo"].take();
    change["mdtrt_id"] = json!(mdtrt_id);
    change.as_object_mut().unwrap().remove("begntime");
    assert!(client.call("2403", json!({ "adminfo": change })).refusal().contains("begntime"));
    let mut left = inpatient::discharge_input(&person, &stay, &mdtrt_id);
    let department = left["dscginfo"].as_object_mut().unwrap().remove("dscg_dept_codg").unwrap();
    left["dscginfo"]["dscg_dept_code"] = department;
    let reply = client.call("2402", left);
    assert!(reply.is_success(), "{}", reply.body);
}

/// Practitioners as an institution asks for them, by kind, and not another's.
#[test]
fn practitioners_are_those_of_the_institution_that_asks() {
    let ask = |client: &Client, name: &str| {
        let data = json!({"prac_psn_type": "1", "psn_cert_type": "", "certno": "", "prac_psn_name": name, "prac_psn_code": ""});
        client.call("5102", json!({ "data": data })).output()["feedetail"].as_array().unwrap().clone()
    };
    let own = ask(&TOWN.client(&BJ_L2), "");
    assert_eq!(own.len(), 1, "a nurse is no physician: {own:?}");
    assert_eq!((&own[0]["prac_psn_code"], &own[0]["hi_dr_flag"]), (&json!("D520502000123"), &json!("1")));
    assert_eq!(own[0]["begntime"], "2020-01-01 00:00:00");
    assert!(ask(&TOWN.client(&BJ_L2), "别的人").is_empty());
    assert!(ask(&TOWN.client(&BJ_L3), "").is_empty());
}
