//! The worked cases of the rule text, through the interface to the fen.

use super::cities::{BIJIE, PANZHIHUA};
use crate::support::catalogue::{A, A_LIMIT_100, B, Bill, C, SINGLE_PAYMENT};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::pharmacy::{Purchase, buy};
use crate::support::providers::{BJ_L2, BJ_L3, PZH_L2, PZH_L3, PZH_PHARMACY, PZH_SUPPLIER};
use crate::support::vocabulary::HYPERTENSION;

#[test]
fn case_1_a_bijie_resident_at_second_level() {
    let bill = Bill::of(&A, "7900.00").and(&A_LIMIT_100, "300.00").and(&B, "3000.00").and(&C, "800.00");
    let stay = Stay::from("2021-06-22", "2021-07-01", bill);
    let settled = settle_stay(&BIJIE.client(&BJ_L2), &BIJIE.someone("resident"), &stay).unwrap();
    settled.expect(&[
        ("medfee_sumamt", "12000.00"),
        ("fulamt_ownpay_amt", "800.00"),
        ("overlmt_selfpay", "200.00"),
        ("preselfpay_amt", "300.00"),
        ("inscp_scp_amt", "10700.00"),
        ("act_pay_dedc", "300.00"),
        ("hifp_pay", "8320.00"),
        ("hifmi_pay", "0"),
        ("psn_cash_pay", "3680.00"),
    ]);
    assert_eq!(settled.fund("390100"), 832_000, "the residents' pool pays");
    assert!(settled.info["pool_prop_selfpay"].to_string().contains("0.8"), "{}", settled.info["pool_prop_selfpay"]);
}

#[test]
fn case_3_a_retired_bijie_employee_reaches_the_cap_in_the_second_stay() {
    let bill = Bill::of(&A, "22500.00").and(&B, "35000.00").and(&C, "2500.00");
    let stay = Stay::from("2021-06-10", "2021-07-02", bill).account("1");
    let settled = settle_stay(&BIJIE.client(&BJ_L3), &BIJIE.someone("case 3"), &stay).unwrap();
    settled.expect(&[
        ("inscp_scp_amt", "54000.00"),
        ("preselfpay_amt", "3500.00"),
        ("act_pay_dedc", "400.00"),
        ("hifp_pay", "30000.00"),
        ("hifob_pay", "16475.29"),
        ("psn_part_amt", "13524.71"),
        ("acct_pay", "2000.00"),
        ("psn_cash_pay", "11524.71"),
        ("balc", "0"),
    ]);
    assert_eq!(settled.fund("310100"), 3_000_000);
    assert_eq!(settled.fund("330100"), 1_647_529);
    assert_eq!(settled.fund("310200"), 200_000);
}

#[test]
fn case_4_chemotherapy_of_a_panzhihua_adult_with_six_years() {
    let bill = Bill::of(&A, "9000.00").and(&B, "20000.00").and(&C, "1000.00");
    let stay = Stay::from("2020-09-01", "2020-09-10", bill)
        .diagnoses(&[("Z51.100", "肿瘤化学治疗"), ("C34.900", "支气管或肺恶性肿瘤")]);
    let settled = settle_stay(&PANZHIHUA.client(&PZH_L3), &PANZHIHUA.someone("case 4"), &stay).unwrap();
    settled.expect(&[
        ("inscp_scp_amt", "27000.00"),
        ("act_pay_dedc", "500.00"),
        ("hifp_pay", "19875.00"),
        ("hifmi_pay", "1070.00"),
        ("psn_cash_pay", "9055.00"),
    ]);
    assert_eq!(settled.fund("390200"), 107_000);
}

#[test]
fn case_5_a_single_payment_drug_meets_its_sub_cap() {
    let purchase = Purchase::on("2020-09-12", Bill::of(&SINGLE_PAYMENT, "9600.00")).kind("18").account("0");
    let settled = buy(&PANZHIHUA.client(&PZH_PHARMACY), &PANZHIHUA.someone("case 5"), &purchase).unwrap();
    settled.expect(&[("hifp_pay", "5000.00"), ("fund_pay_sumamt", "5000.00"), ("psn_part_amt", "4600.00")]);
}

#[test]
fn case_5_is_the_same_as_an_outpatient_settlement_of_a_supplying_hospital() {
    let visit = Visit::on("2020-09-12", Bill::of(&SINGLE_PAYMENT, "9600.00")).kind("18");
    let settled = settle_visit(&PANZHIHUA.client(&PZH_SUPPLIER), &PANZHIHUA.someone("case 5"), &visit).unwrap();
    settled.expect(&[("hifp_pay", "5000.00"), ("preselfpay_amt", "0"), ("psn_part_amt", "4600.00")]);
}

#[test]
fn case_6_a_transfer_makes_up_the_difference_of_the_deductibles() {
    let person = PANZHIHUA.someone("case 6");
    let first = Stay::from("2020-09-11", "2020-09-14", Bill::of(&A, "5000.00")).leaving("2");
    let settled = settle_stay(&PANZHIHUA.client(&PZH_L2), &person, &first).unwrap();
    settled.expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "4232.00"), ("psn_part_amt", "768.00")]);

    let second = Stay::from("2020-09-15", "2020-09-22", Bill::of(&A, "20000.00"));
    let settled = settle_stay(&PANZHIHUA.client(&PZH_L3), &person, &second).unwrap();
    settled.expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "17052.00"), ("psn_part_amt", "2948.00")]);
}

#[test]
fn case_7_each_line_rounds_its_pre_payment_and_the_pool_rounds_once() {
    let visit = Visit::on("2021-07-02", Bill::of(&A, "32.52").and(&B, "31.77")).kind("9901").disease(HYPERTENSION);
    let settled = settle_visit(&BIJIE.client(&BJ_L2), &BIJIE.someone("hypertension"), &visit).unwrap();
    settled.expect(&[
        ("medfee_sumamt", "64.29"),
        ("preselfpay_amt", "3.18"),
        ("inscp_scp_amt", "61.11"),
        ("hifp_pay", "48.89"),
        ("psn_cash_pay", "15.40"),
    ]);
}
