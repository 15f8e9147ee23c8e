//! The habits of several vendors' clients: the same business, the same amounts.

use super::town::TOWN;
use crate::support::amounts::fen_of;
use crate::support::catalogue::{A, B, Bill};
use crate::support::client::{Reply, Vendor};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::outpatient::{Visit, cancel, lines_input, open_visit, settle_visit};
use crate::support::pharmacy::{Purchase, buy, purchase_input};
use crate::support::providers::{BJ_L2, BJ_PHARMACY};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

#[track_caller]
fn whole_day(vendor: Vendor) {
    let client = TOWN.client(&BJ_L2).speaking(vendor);
    assert!(!client.sign_in().is_empty());
    let person = TOWN.someone("employee");
    assert_eq!(client.read_person(&person).output()["baseinfo"]["psn_no"], json!(person.psn_no));
    let visit = Visit::on("2021-07-01", Bill::of(&A, "12.30").line(&B, "2", "3.25")).account("1");
    let settled = settle_visit(&client, &person, &visit).unwrap();
    settled.expect(&[
        ("medfee_sumamt", "18.80"),
        ("preselfpay_amt", "0.65"),
        ("acct_pay", "18.80"),
        ("balc", "981.20"),
    ]);
    cancel(&client, &person, &settled).unwrap().expect(&[("balc", "1000.00")]);
    let stay = Stay::from("2021-06-28", "2021-07-01", Bill::of(&A, "1400.00"));
    settle_stay(&client, &person, &stay).unwrap().expect(&[("hifp_pay", "800.00")]);
    let pharmacy = TOWN.client(&BJ_PHARMACY).speaking(vendor);
    let purchase = Purchase::on("2021-07-01", Bill::of(&A, "30.00"));
    buy(&pharmacy, &person, &purchase).unwrap().expect(&[("acct_pay", "30.00")]);
}

#[test]
fn one_path_with_json() {
    whole_day(Vendor::SinglePath);
}

#[test]
fn the_number_in_the_path_with_plain_text_and_amounts_as_texts() {
    whole_day(Vendor::NumberedPath);
}

#[test]
fn a_path_by_service_with_input_as_a_json_string() {
    whole_day(Vendor::PathByService);
}

#[test]
fn the_node_names_of_the_draft_at_a_base_of_its_own() {
    whole_day(Vendor::Draft2021);
}

#[test]
fn a_body_decides_over_a_path_that_disagrees_or_says_so() {
    let client = TOWN.client(&BJ_L2);
    let input = json!({"signIn": {"opter_no": "0053", "mac": "a", "ip": "10.0.0.1"}});
    let envelope = client.envelope("9001", &client.next_msgid(), input);
    let raw = client.post("/fsi/api/rsfComIfsService/callService/9001", "text/plain", envelope.to_string().as_bytes());
    assert_eq!(raw.json()["infcode"], 0, "{}", raw.text);
}

#[test]
fn expect_100_continue_is_answered_before_the_body() {
    let client = TOWN.client(&BJ_L2);
    let input = json!({"signIn": {"opter_no": "0053", "mac": "a", "ip": "10.0.0.1"}});
    let body = client.envelope("9001", &client.next_msgid(), input).to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", TOWN.port())).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
    write!(
        stream,
        "POST /fsi/api/rsfComIfsService/callService HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n",
        body.len()
    )
    .unwrap();
    let mut early = [0_u8; 64];
    let read = stream.read(&mut early).unwrap();
    let early = String::from_utf8_lossy(&early[..read]);
    assert!(early.starts_with("HTTP/1.1 100"), "before the body: {early}");
    stream.write_all(body.as_bytes()).unwrap();
    let mut rest = String::new();
    stream.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("200 OK"), "{rest}");
    let reply: Value = serde_json::from_str(rest.split("\r\n\r\n").last().unwrap()).unwrap();
    assert_eq!(reply["infcode"], 0, "{reply}");
}

#[test]
fn bytes_before_and_after_the_envelope_that_real_clients_send_are_tolerated() {
    let client = TOWN.client(&BJ_L2);
    let input = json!({"signIn": {"opter_no": "0053", "mac": "a", "ip": "10.0.0.1"}});
    let mut envelope = client.envelope("9001", &client.next_msgid(), input);
    envelope["recer_admdvs"] = json!("520500");
    envelope["fixmedins_soft_fcty"] = json!("某软件公司");
    envelope["serv_sign"] = json!("");
    envelope["insuplc_admdvs"] = json!("");
    envelope["infver"] = json!("V1.0");
    let body = format!("\u{feff}{envelope}\r\n");
    let raw = client.post_bytes(body.as_bytes());
    assert_eq!(raw.json()["infcode"], 0, "{}", raw.text);
}

#[test]
fn sign_out_ends_todays_sign_in() {
    let client = TOWN.client(&BJ_L2);
    let sign_no = client.sign_in();
    let output = client.call("9002", json!({"signOut": {"sign_no": sign_no, "opter_no": "0053"}})).output();
    assert!(output["signoutinfo"].is_object() || output["signinoutb"].is_object() || output.is_object(), "{output}");
}

#[test]
fn a_card_reader_that_repeats_the_card_number_as_certificate_finds_the_person() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let card = person.card_number();
    let read = |certno: &str| {
        client.call(
            "1101",
            json!({"data": {
                "mdtrt_cert_type": "03", "mdtrt_cert_no": card, "card_sn": "A1", "psn_cert_type": "",
                "certno": certno, "psn_name": person.name
            }}),
        )
    };
    for certno in [card.as_str(), person.certno.as_str(), ""] {
        assert_eq!(read(certno).output()["baseinfo"]["psn_no"], json!(person.psn_no));
    }
    read("110105194912310021").refusal();
}

#[test]
fn a_page_of_everything_is_answered_with_what_there_is() {
    let client = TOWN.client(&BJ_L2);
    let output = client.call("1312", json!({"data": {"page_num": 1, "page_size": 2_147_483_647}})).output();
    assert_eq!(output["data"].as_array().unwrap().len(), output["recordCounts"].as_u64().unwrap() as usize);
    assert_eq!((&output["pages"], &output["lastPage"]), (&json!(1), &json!(true)));
    let beyond = client.call("1312", json!({"data": {"page_num": 9_999_999_999_u64, "page_size": 100}})).output();
    assert_eq!(beyond["data"], json!([]));
    client.call("1312", json!({"data": {"page_num": 0}})).refusal();
}

#[test]
fn a_price_that_was_divided_from_the_amount_and_a_line_wholly_taken_back_are_taken() {
    let (client, person) = (TOWN.client(&BJ_L2), TOWN.someone("employee"));
    let visit = Visit::on("2021-07-01", Bill::of(&A, "10.00").line(&A, "1", "2.00"));
    let opened = open_visit(&client, &person, &visit).unwrap();
    let changed = |row: usize, changes: Value| {
        let mut input = lines_input(&person, &visit, &opened);
        let line = &mut input["feedetail"][row];
        line["feedetl_sn"] = json!(client.next_msgid());
        for (name, value) in changes.as_object().unwrap() {
            line[name] = value.clone();
        }
        client.call("2204", json!({"feedetail": [line]}))
    };
    let divided = json!({"cnt": "300.0000", "pric": "0.0333", "det_item_fee_sumamt": "10.00"});
    let in_scope = |reply: Reply| fen_of(&reply.output()["result"][0]["inscp_scp_amt"]);
    assert_eq!(in_scope(changed(0, divided)), 1000);
    let nothing = json!({"cnt": 0, "pric": 2, "det_item_fee_sumamt": 0});
    assert_eq!(in_scope(changed(1, nothing)), 0);
    changed(1, json!({"cnt": 0})).refusal();
    changed(0, json!({"det_item_fee_sumamt": "10.01"})).refusal();
}

#[test]
fn a_pack_sold_in_pieces_is_taken_with_a_remark() {
    let (client, person) = (TOWN.client(&BJ_PHARMACY), TOWN.someone("employee"));
    let sold = |count: Value, price: i64, amount: &str| {
        let mut input = purchase_input(&person, &Purchase::on("2021-07-01", Bill::of(&A, amount)));
        let line = &mut input["drugdetail"][0];
        (line["cnt"], line["pric"]) = (count, json!(price));
        client.call("2102", input)
    };
    for (count, price, amount) in [(json!(0.034), 980, "33.33"), (json!("0.3333"), 300, "100.00")] {
        let reply = sold(count, price, amount);
        assert_eq!(fen_of(&reply.output()["setlinfo"]["medfee_sumamt"]).to_string(), amount.replace('.', ""));
        assert!(reply.words().contains("舍入误差以内，按金额受理"), "{}", reply.words());
    }
    let exact = sold(json!("0.5"), 10, "5.00");
    assert!(exact.is_success() && !exact.words().contains("舍入"), "{}", exact.words());
    let text = sold(json!("0.034"), 980, "33.50").refusal();
    for said in ["33.50", "0.034 × 单价 980 = 33.32", "0.0540017", "[E605]"] {
        assert!(text.contains(said), "{text} lacks {said}");
    }
}
