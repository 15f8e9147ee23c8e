//! Bijie outpatients: day and year caps, two diseases, chronic and special diseases.

use super::cities::BIJIE;
use crate::support::catalogue::{A, Bill};
use crate::support::outpatient::{Visit, cancel, settle_visit};
use crate::support::people::Person;
use crate::support::providers::{BJ_L1, BJ_L2, BJ_L3, BJ_TOWNSHIP, BJ_VILLAGE, Provider};
use crate::support::settled::Settled;
use crate::support::vocabulary::{DIABETES, DIALYSIS, HYPERTENSION, RHEUMATISM};

#[track_caller]
fn ordinary(provider: &'static Provider, person: &Person, day: &str, bill: &str) -> Settled {
    settle_visit(&BIJIE.client(provider), person, &Visit::on(day, Bill::of(&A, bill))).unwrap()
}

#[track_caller]
fn ill(
    provider: &'static Provider,
    person: &Person,
    kind: &'static str,
    disease: (&'static str, &'static str),
    bill: &str,
) -> Settled {
    let visit = Visit::on("2021-07-01", Bill::of(&A, bill)).kind(kind).disease(disease);
    settle_visit(&BIJIE.client(provider), person, &visit).unwrap()
}

#[test]
fn the_day_cap_counts_what_any_provider_paid_that_day() {
    let person = BIJIE.someone("resident");
    ordinary(&BJ_TOWNSHIP, &person, "2021-07-01", "50.00").expect(&[("hifp_pay", "45.00"), ("psn_cash_pay", "5.00")]);
    ordinary(&BJ_TOWNSHIP, &person, "2021-07-01", "40.00").expect(&[("hifp_pay", "15.00"), ("psn_cash_pay", "25.00")]);
    ordinary(&BJ_VILLAGE, &person, "2021-07-01", "30.00").expect(&[("hifp_pay", "0"), ("psn_cash_pay", "30.00")]);
    // the next day begins anew
    ordinary(&BJ_VILLAGE, &person, "2021-07-02", "30.00").expect(&[("hifp_pay", "27.00")]);
}

#[test]
fn the_day_cap_is_that_of_the_present_provider() {
    let person = BIJIE.someone("resident");
    ordinary(&BJ_VILLAGE, &person, "2021-07-01", "50.00").expect(&[("hifp_pay", "40.00")]);
    ordinary(&BJ_TOWNSHIP, &person, "2021-07-01", "100.00").expect(&[("hifp_pay", "20.00")]);
    let person = BIJIE.someone("resident");
    ordinary(&BJ_L1, &person, "2021-07-01", "80.00").expect(&[("hifp_pay", "60.00")]);
}

#[test]
fn the_year_cap_is_400() {
    let person = BIJIE.someone("resident");
    for day in 1..=6 {
        ordinary(&BJ_TOWNSHIP, &person, &format!("2021-06-{day:02}"), "100.00").expect(&[("hifp_pay", "60.00")]);
    }
    ordinary(&BJ_TOWNSHIP, &person, "2021-06-07", "100.00").expect(&[("hifp_pay", "40.00")]);
    ordinary(&BJ_TOWNSHIP, &person, "2021-06-08", "100.00").expect(&[("hifp_pay", "0")]);
}

#[test]
fn hospitals_of_second_and_third_level_have_no_ordinary_outpatient_payment() {
    for provider in [&BJ_L2, &BJ_L3] {
        let person = BIJIE.someone("resident");
        ordinary(provider, &person, "2021-07-01", "80.00").expect(&[("hifp_pay", "0"), ("psn_cash_pay", "80.00")]);
    }
}

#[test]
fn a_cancelled_visit_gives_its_room_back() {
    let person = BIJIE.someone("resident");
    let settled = ordinary(&BJ_TOWNSHIP, &person, "2021-07-01", "100.00");
    cancel(&BIJIE.client(&BJ_TOWNSHIP), &person, &settled).unwrap().is_mirror_of(&settled);
    ordinary(&BJ_TOWNSHIP, &person, "2021-07-01", "100.00").expect(&[("hifp_pay", "60.00")]);
}

#[test]
fn one_of_the_two_diseases_has_its_own_cap() {
    let person = BIJIE.someone("hypertension");
    ill(&BJ_L1, &person, "9901", HYPERTENSION, "1000.00").expect(&[("act_pay_dedc", "0"), ("hifp_pay", "800.00")]);
    ill(&BJ_L1, &person, "9901", HYPERTENSION, "100.00").expect(&[("hifp_pay", "0")]);
    // ordinary outpatient is apart
    ordinary(&BJ_L1, &person, "2021-07-01", "50.00").expect(&[("hifp_pay", "45.00")]);
    let person = BIJIE.someone("diabetes");
    ill(&BJ_L1, &person, "9901", DIABETES, "1500.00").expect(&[("hifp_pay", "1200.00")]);
}

#[test]
fn both_of_the_two_diseases_share_one_cap_over_all_levels() {
    let person = BIJIE.someone("both diseases");
    ill(&BJ_L1, &person, "9901", HYPERTENSION, "1000.00").expect(&[("hifp_pay", "900.00")]);
    ill(&BJ_L2, &person, "9901", DIABETES, "1000.00").expect(&[("hifp_pay", "800.00")]);
    ill(&BJ_L3, &person, "9901", DIABETES, "1000.00").expect(&[("hifp_pay", "300.00")]);
}

#[test]
fn the_chronic_deductible_is_carried_to_the_next_bill_at_whatever_level() {
    let person = BIJIE.someone("chronic");
    ill(&BJ_L2, &person, "14", RHEUMATISM, "100.00").expect(&[("act_pay_dedc", "100.00"), ("hifp_pay", "0")]);
    // (200 − 50) × 70 %
    ill(&BJ_L3, &person, "14", RHEUMATISM, "200.00").expect(&[("act_pay_dedc", "50.00"), ("hifp_pay", "105.00")]);
    ill(&BJ_L2, &person, "14", RHEUMATISM, "100.00").expect(&[("act_pay_dedc", "0"), ("hifp_pay", "80.00")]);
}

#[test]
fn the_chronic_cap_is_8000_or_10000_with_several_diseases() {
    // (10,000 − 150) × 90 % = 8,865; (12,000 − 150) × 90 % = 10,665
    let settled = ill(&BJ_L1, &BIJIE.someone("chronic"), "14", RHEUMATISM, "10000.00");
    settled.expect(&[("act_pay_dedc", "150.00"), ("hifp_pay", "8000.00"), ("hifmi_pay", "0")]);
    let settled = ill(&BJ_L1, &BIJIE.someone("two chronic"), "14", RHEUMATISM, "12000.00");
    settled.expect(&[("hifp_pay", "10000.00")]);
}

#[test]
fn a_special_disease_has_no_deductible_and_the_inpatient_ratio() {
    let person = BIJIE.someone("dialysis");
    ill(&BJ_L3, &person, "14", DIALYSIS, "1000.00").expect(&[("act_pay_dedc", "0"), ("hifp_pay", "700.00")]);
    // Bijie's second tier counts stays only
    let settled = ill(&BJ_L3, &person, "14", DIALYSIS, "100000.00");
    settled.expect(&[("hifp_pay", "70000.00"), ("hifmi_pay", "0")]);
}

#[test]
fn chronic_disease_of_an_employee_is_paid_by_the_pool_and_the_rest_by_the_account() {
    let visit = Visit::on("2021-07-01", Bill::of(&A, "650.00")).kind("14").disease(RHEUMATISM).account("1");
    let settled = settle_visit(&BIJIE.client(&BJ_L2), &BIJIE.someone("chronic employee"), &visit).unwrap();
    // (650 − 150) × 80 %; balance 500
    settled.expect(&[("hifp_pay", "400.00"), ("acct_pay", "250.00"), ("psn_cash_pay", "0"), ("balc", "250.00")]);
    assert_eq!(settled.fund("310100"), 40_000);
}

#[test]
fn a_disease_without_qualification_is_not_paid_by_the_pool() {
    let visit = Visit::on("2021-07-01", Bill::of(&A, "650.00")).kind("14").disease(RHEUMATISM);
    match settle_visit(&BIJIE.client(&BJ_L2), &BIJIE.someone("resident"), &visit) {
        Ok(settled) => drop(settled.expect(&[("fund_pay_sumamt", "0")]).clone()),
        Err(words) => assert!(words.contains("M06900") || words.contains("备案") || words.contains("资格"), "{words}"),
    }
}
