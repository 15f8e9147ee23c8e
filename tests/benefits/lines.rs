//! Lines: class, limit before pre-payment, rounding per line, refunds, items that cannot be settled.

use super::cities::BIJIE;
use crate::support::amounts::{fen, number};
use crate::support::catalogue::{A, A_LIMIT_100, B, B_5, B_20, B_LIMIT_10, Bill, C, CARE};
use crate::support::outpatient::{Visit, lines_input, open_visit, settle_visit};
use crate::support::providers::BJ_L2;
use serde_json::json;

/// own-paid, over-limit, pre-paid, in-scope of a bill, by 2204 and by 2207.
#[track_caller]
fn check(bill: Bill, expected: [&str; 4]) {
    let (client, person) = (BIJIE.client(&BJ_L2), BIJIE.someone("employee"));
    let visit = Visit::on("2021-07-01", bill);
    let opened = open_visit(&client, &person, &visit).unwrap();
    assert_eq!(opened.split, expected.map(fen), "{:?}", opened.lines);
    let settled = settle_visit(&client, &BIJIE.someone("resident"), &visit).unwrap();
    settled.expect(&[
        ("fulamt_ownpay_amt", expected[0]),
        ("overlmt_selfpay", expected[1]),
        ("preselfpay_amt", expected[2]),
        ("inscp_scp_amt", expected[3]),
    ]);
}

#[test]
fn each_class_has_its_share() {
    check(Bill::of(&A, "10.00").and(&CARE, "5.00"), ["0", "0", "0", "15.00"]);
    check(Bill::of(&B, "10.00").and(&B_20, "10.00"), ["0", "0", "3.00", "17.00"]);
    check(Bill::of(&C, "10.00"), ["10.00", "0", "0", "0"]);
    // 4.52 × 5 % = 0.226
    check(Bill::of(&B_5, "4.52"), ["0", "0", "0.23", "4.29"]);
}

#[test]
fn the_limit_goes_before_the_pre_payment() {
    check(Bill::default().line(&B_LIMIT_10, "3", "12.00"), ["0", "6.00", "3.00", "27.00"]);
    check(Bill::default().line(&A_LIMIT_100, "2", "130.00"), ["0", "60.00", "0", "200.00"]);
    check(Bill::default().line(&A_LIMIT_100, "2", "90.00"), ["0", "0", "0", "180.00"]);
}

#[test]
fn pre_payments_round_per_line() {
    check(Bill::of(&B, "0.05").and(&B, "0.05").and(&B, "0.05"), ["0", "0", "0.03", "0.12"]);
}

#[test]
fn quantities_and_prices_keep_their_decimals() {
    // 0.333 × 7.77 = 2.58741; 1.5 × 0.01 = 0.015
    check(Bill::default().line(&A, "0.333", "7.77").line(&A, "1.5", "0.01"), ["0", "0", "0", "2.61"]);
    check(Bill::default().line(&A, "3", "0.333333"), ["0", "0", "0", "1.00"]);
}

#[test]
fn a_returned_line_is_the_mirror_of_its_positive() {
    // 24.70: 2.47 + 22.23; −12.35: −1.24 − 11.11 (1.235 rounds on the magnitude)
    check(Bill::default().line(&B, "2", "12.35").line(&B, "-1", "12.35"), ["0", "0", "1.23", "11.12"]);
}

#[test]
fn a_line_that_the_hospital_marks_as_not_covered_is_own_paid() {
    check(Bill::of(&A, "8.00").disapproved(&A, "10.00"), ["10.00", "0", "0", "8.00"]);
}

#[test]
fn the_reply_of_2204_says_class_and_rate_of_each_line() {
    let (client, person) = (BIJIE.client(&BJ_L2), BIJIE.someone("employee"));
    let visit = Visit::on("2021-07-01", Bill::of(&B_20, "10.00"));
    let opened = open_visit(&client, &person, &visit).unwrap();
    let line = &opened.lines[0];
    assert_eq!(line["chrgitm_lv"], "02");
    assert_eq!(fen(&line["selfpay_prop"].to_string().replace('"', "")), 20, "0.20 as a share: {line}");
    assert_eq!(fen(&line["det_item_fee_sumamt"].to_string().replace('"', "")), 1_000, "{line}");
    assert!(line["feedetl_sn"].as_str().is_some_and(|sn| !sn.is_empty()), "{line}");
}

#[test]
fn an_item_that_the_catalogue_lacks_is_refused_and_never_own_paid() {
    let (client, person) = (BIJIE.client(&BJ_L2), BIJIE.someone("employee"));
    let visit = Visit::on("2021-07-01", Bill::of(&A, "10.00"));
    let opened = open_visit(&client, &person, &visit).unwrap();
    let mut input = lines_input(&person, &visit, &opened);
    input["feedetail"][0]["med_list_codg"] = json!("XX00000000000000000001");
    input["feedetail"][0]["feedetl_sn"] = json!("9001");
    input["feedetail"][0]["chrg_bchno"] = json!("B9001");
    let text = client.call("2204", input).refusal();
    assert!(text.contains("XX00000000000000000001"), "names the code: {text}");
}

#[test]
fn a_line_whose_amount_is_not_quantity_times_price_is_refused() {
    let (client, person) = (BIJIE.client(&BJ_L2), BIJIE.someone("employee"));
    let visit = Visit::on("2021-07-01", Bill::default().line(&A, "3", "10.00"));
    let opened = open_visit(&client, &person, &visit).unwrap();
    let mut input = lines_input(&person, &visit, &opened);
    input["feedetail"][0]["feedetl_sn"] = json!("9002");
    input["feedetail"][0]["chrg_bchno"] = json!("B9002");
    input["feedetail"][0]["det_item_fee_sumamt"] = number("31.00");
    let text = client.call("2204", input).refusal();
    assert!(text.contains("31") && text.contains("30"), "names both amounts: {text}");
}
