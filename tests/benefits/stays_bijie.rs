//! Bijie stays: deductible by stay and level, ratio, cap, large amount, civil servants. In-scope is the whole bill.

use super::cities::BIJIE;
use crate::support::catalogue::{A, Bill};
use crate::support::inpatient::{Stay, cancel, settle_stay};
use crate::support::people::Person;
use crate::support::providers::{BJ_L1, BJ_L2, BJ_L3, BJ_TOWNSHIP, Provider};
use crate::support::settled::Settled;

/// A stay of the given days of June 2021 whose bill is all class A.
#[track_caller]
fn stay(provider: &'static Provider, person: &Person, days: (u8, u8), bill: &str) -> Settled {
    let (first, last) = (format!("2021-06-{:02}", days.0), format!("2021-06-{:02}", days.1));
    settle_stay(&BIJIE.client(provider), person, &Stay::from(&first, &last, Bill::of(&A, bill))).unwrap()
}

/// One first stay of somebody new.
#[track_caller]
fn check(profile: &str, provider: &'static Provider, bill: &str, amounts: &[(&str, &str)]) {
    stay(provider, &BIJIE.someone(profile), (1, 9), bill).expect(amounts);
}

#[test]
fn a_residents_first_stay_pays_by_the_level_of_the_hospital() {
    // (5,000 − 100) × 90 %
    check("resident", &BJ_TOWNSHIP, "5000.00", &[("act_pay_dedc", "100.00"), ("hifp_pay", "4410.00")]);
    check("resident", &BJ_L1, "5000.00", &[("act_pay_dedc", "100.00"), ("hifp_pay", "4410.00")]);
    // (10,000 − 500) × 70 %
    check("resident", &BJ_L3, "10000.00", &[("act_pay_dedc", "500.00"), ("hifp_pay", "6650.00")]);
}

#[test]
fn an_employees_first_stay_pays_by_level_and_retirement() {
    // (5,000 − 200) × 85 % and × 90 %
    check("employee", &BJ_L1, "5000.00", &[("act_pay_dedc", "200.00"), ("hifp_pay", "4080.00")]);
    check("retired", &BJ_L1, "5000.00", &[("act_pay_dedc", "200.00"), ("hifp_pay", "4320.00")]);
    // (10,000 − 400) × 80 % and × 85 %
    check("employee", &BJ_L2, "10000.00", &[("act_pay_dedc", "400.00"), ("hifp_pay", "7680.00")]);
    check("retired", &BJ_L2, "10000.00", &[("act_pay_dedc", "400.00"), ("hifp_pay", "8160.00")]);
    // (20,000 − 800) × 80 %
    check("employee", &BJ_L3, "20000.00", &[("act_pay_dedc", "800.00"), ("hifp_pay", "15360.00")]);
}

#[test]
fn the_second_stay_bears_half_a_deductible_and_the_third_none() {
    let person = BIJIE.someone("resident");
    stay(&BJ_L3, &person, (1, 5), "10000.00").expect(&[("hifp_pay", "6650.00"), ("hifmi_pay", "0")]);
    // (10,000 − 150) × 80 %; rests 3,350 + 2,120 = 5,470: (5,470 − 4,000) × 60 %
    stay(&BJ_L2, &person, (6, 9), "10000.00").expect(&[
        ("act_pay_dedc", "150.00"),
        ("hifp_pay", "7880.00"),
        ("hifmi_pay", "882.00"),
        ("psn_cash_pay", "1238.00"),
    ]);
    // 1,000 × 90 %; rest 100 more: 60 % of it
    stay(&BJ_TOWNSHIP, &person, (10, 12), "1000.00").expect(&[
        ("act_pay_dedc", "0"),
        ("hifp_pay", "900.00"),
        ("hifmi_pay", "60.00"),
        ("psn_cash_pay", "40.00"),
    ]);
}

#[test]
fn a_stay_counts_even_where_the_pool_paid_nothing_and_its_unmet_deductible_is_not_carried() {
    let person = BIJIE.someone("resident");
    stay(&BJ_L2, &person, (1, 2), "80.00").expect(&[("act_pay_dedc", "80.00"), ("hifp_pay", "0")]);
    // second stay: 150, (1,150 − 150) × 80 %
    stay(&BJ_L2, &person, (3, 4), "1150.00").expect(&[("act_pay_dedc", "150.00"), ("hifp_pay", "800.00")]);
}

#[test]
fn bijie_has_no_transfer_rule_so_the_next_hospital_is_the_second_stay() {
    let person = BIJIE.someone("resident");
    let first = Stay::from("2021-06-01", "2021-06-05", Bill::of(&A, "1300.00")).leaving("2");
    let settled = settle_stay(&BIJIE.client(&BJ_L2), &person, &first).unwrap();
    settled.expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "800.00")]);
    // half of 500; (1,250 − 250) × 70 %
    stay(&BJ_L3, &person, (5, 9), "1250.00").expect(&[("act_pay_dedc", "250.00"), ("hifp_pay", "700.00")]);
}

#[test]
fn a_cancelled_stay_gives_its_number_back_and_answers_negative_amounts() {
    let person = BIJIE.someone("resident");
    let settled = stay(&BJ_L2, &person, (1, 5), "1300.00");
    let negative = cancel(&BIJIE.client(&BJ_L2), &person, &settled).unwrap();
    negative.is_mirror_of(&settled);
    // a first stay again: (2,300 − 300) × 80 %
    stay(&BJ_L2, &person, (6, 8), "2300.00").expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "1600.00")]);
}

#[test]
fn rules_and_year_are_those_of_the_discharge_day() {
    let person = BIJIE.someone("resident");
    let over_new_year = Stay::from("2020-12-28", "2021-01-05", Bill::of(&A, "1300.00"));
    let settled = settle_stay(&BIJIE.client(&BJ_L2), &person, &over_new_year).unwrap();
    settled.expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "800.00")]);
    // the year's second stay
    stay(&BJ_L2, &person, (1, 5), "1150.00").expect(&[("act_pay_dedc", "150.00"), ("hifp_pay", "800.00")]);
}

#[test]
fn day_surgery_counts_as_a_stay() {
    let person = BIJIE.someone("resident");
    let surgery = Stay::from("2021-06-01", "2021-06-01", Bill::of(&A, "1300.00")).kind("28");
    let settled = settle_stay(&BIJIE.client(&BJ_L2), &person, &surgery).unwrap();
    settled.expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "800.00")]);
    stay(&BJ_L2, &person, (3, 4), "1150.00").expect(&[("act_pay_dedc", "150.00"), ("hifp_pay", "800.00")]);
}

#[test]
fn without_room_in_the_cap_deductible_and_pool_are_nothing_and_large_amount_runs_on_cost() {
    // 190,000 beyond so far: 10,000 × 90 % + 20,000 × 85 %
    check(
        "cap gone, 190,000 beyond",
        &BJ_L2,
        "30000.00",
        &[("act_pay_dedc", "0"), ("hifp_pay", "0"), ("hifob_pay", "26000.00"), ("psn_part_amt", "4000.00")],
    );
}

#[test]
fn with_any_room_in_the_cap_the_deductible_is_taken() {
    // min((10,000 − 400) × 80 %, 100); 100 ÷ 80 % = 125 consumed; (10,000 − 400 − 125) × 90 %
    check(
        "100 yuan of room",
        &BJ_L2,
        "10000.00",
        &[("act_pay_dedc", "400.00"), ("hifp_pay", "100.00"), ("hifob_pay", "8527.50"), ("psn_part_amt", "1372.50")],
    );
}

#[test]
fn basic_pool_and_large_amount_together_stay_under_the_ceiling() {
    // 30,000 × 85 % = 25,500, but 500,000 − 150,000 − 333,000 = 17,000 is left
    check("ceiling near", &BJ_L2, "30000.00", &[("hifp_pay", "0"), ("hifob_pay", "17000.00")]);
}

#[test]
fn below_the_cap_large_amount_pays_nothing() {
    check("employee", &BJ_L2, "50400.00", &[("hifp_pay", "40000.00"), ("hifob_pay", "0")]);
}

#[test]
fn civil_servants_are_subsidised_on_the_in_policy_rest() {
    // (10,000 − 7,680) × 90 %; retired (10,000 − 8,160) × 95 %
    check(
        "civil servant",
        &BJ_L2,
        "10000.00",
        &[("hifp_pay", "7680.00"), ("cvlserv_pay", "2088.00"), ("psn_part_amt", "232.00")],
    );
    check(
        "retired civil servant",
        &BJ_L2,
        "10000.00",
        &[("hifp_pay", "8160.00"), ("cvlserv_pay", "1748.00"), ("psn_part_amt", "92.00")],
    );
}
