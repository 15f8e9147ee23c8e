//! The personal account: what it pays, when asked, and what it never pays.

use super::cities::BIJIE;
use crate::support::catalogue::{A, B, Bill, C};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::pharmacy::{Purchase, buy, cancel};
use crate::support::providers::{BJ_L2, BJ_PHARMACY};

#[test]
fn an_employees_outpatient_bill_is_account_then_cash() {
    let visit = Visit::on("2021-07-01", Bill::of(&A, "620.50")).account("1");
    let settled = settle_visit(&BIJIE.client(&BJ_L2), &BIJIE.someone("employee"), &visit).unwrap();
    settled.expect(&[("hifp_pay", "0"), ("acct_pay", "500.00"), ("psn_cash_pay", "120.50"), ("balc", "0")]);
    assert_eq!(settled.fund("310200"), 50_000, "the account has a row of its own");
}

#[test]
fn the_account_pays_own_paid_cost_too_and_nothing_unasked() {
    let bill = Bill::of(&A, "100.00").and(&B, "100.00").and(&C, "100.00");
    let person = BIJIE.someone("employee");
    let visit = Visit::on("2021-07-01", bill.clone()).account("0");
    let settled = settle_visit(&BIJIE.client(&BJ_L2), &person, &visit).unwrap();
    settled.expect(&[("acct_pay", "0"), ("psn_cash_pay", "300.00"), ("balc", "500.00")]);
    let visit = Visit::on("2021-07-01", bill).account("1");
    let settled = settle_visit(&BIJIE.client(&BJ_L2), &person, &visit).unwrap();
    settled.expect(&[
        ("fulamt_ownpay_amt", "100.00"),
        ("preselfpay_amt", "10.00"),
        ("acct_pay", "300.00"),
        ("psn_cash_pay", "0"),
        ("balc", "200.00"),
    ]);
}

#[test]
fn family_use_of_the_account_is_refused_in_these_years() {
    let visit = Visit::on("2021-07-01", Bill::of(&A, "20.00")).account("2");
    let words = settle_visit(&BIJIE.client(&BJ_L2), &BIJIE.someone("employee"), &visit).unwrap_err();
    assert!(words.contains("acct_used_flag") || words.contains("共济"), "{words}");
}

#[test]
fn residents_have_no_account() {
    let visit = Visit::on("2021-07-01", Bill::of(&A, "20.00")).account("1");
    let settled = settle_visit(&BIJIE.client(&BJ_L2), &BIJIE.someone("resident"), &visit).unwrap();
    settled.expect(&[("acct_pay", "0"), ("psn_cash_pay", "20.00"), ("balc", "0")]);
}

#[test]
fn a_pharmacy_splits_lines_for_the_record_and_no_fund_pays() {
    let purchase = Purchase::on("2021-07-01", Bill::of(&A, "30.00").and(&B, "50.00").and(&C, "40.00"));
    let settled = buy(&BIJIE.client(&BJ_PHARMACY), &BIJIE.someone("employee"), &purchase).unwrap();
    settled.expect(&[
        ("fulamt_ownpay_amt", "40.00"),
        ("preselfpay_amt", "5.00"),
        ("inscp_scp_amt", "75.00"),
        ("fund_pay_sumamt", "0"),
        ("acct_pay", "120.00"),
        ("balc", "380.00"),
    ]);
    let purchase = Purchase::on("2021-07-01", Bill::of(&A, "30.00"));
    let settled = buy(&BIJIE.client(&BJ_PHARMACY), &BIJIE.someone("resident"), &purchase).unwrap();
    settled.expect(&[("fund_pay_sumamt", "0"), ("acct_pay", "0"), ("psn_cash_pay", "30.00")]);
}

#[test]
fn a_cancelled_purchase_gives_the_balance_back() {
    let (client, person) = (BIJIE.client(&BJ_PHARMACY), BIJIE.someone("employee"));
    let purchase = Purchase::on("2021-07-01", Bill::of(&A, "480.00"));
    let settled = buy(&client, &person, &purchase).unwrap();
    settled.expect(&[("acct_pay", "480.00"), ("balc", "20.00")]);
    let negative = cancel(&client, &person, &settled).unwrap();
    negative.is_mirror_of(&settled);
    negative.expect(&[("balc", "500.00")]);
    buy(&client, &person, &purchase).unwrap().expect(&[("acct_pay", "480.00")]);
}

#[test]
fn the_account_pays_the_persons_part_of_a_stay() {
    let stay = Stay::from("2021-06-20", "2021-06-25", Bill::of(&A, "1400.00")).account("1");
    let settled = settle_stay(&BIJIE.client(&BJ_L2), &BIJIE.someone("employee"), &stay).unwrap();
    // (1,400 − 400) × 80 %; 600 owed, 500 in the account
    settled.expect(&[("hifp_pay", "800.00"), ("acct_pay", "500.00"), ("psn_cash_pay", "100.00"), ("balc", "0")]);
}
