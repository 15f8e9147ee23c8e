//! Medical assistance by class, and the registered poor of Bijie.

use super::cities::BIJIE;
use crate::support::catalogue::{A, Bill};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::people::Person;
use crate::support::providers::{BJ_L2, BJ_L3, BJ_L3_DAFANG, Provider};
use crate::support::settled::Settled;

#[track_caller]
fn stay(provider: &'static Provider, person: &Person, days: (u8, u8), bill: &str) -> Settled {
    let (first, last) = (format!("2021-06-{:02}", days.0), format!("2021-06-{:02}", days.1));
    settle_stay(&BIJIE.client(provider), person, &Stay::from(&first, &last, Bill::of(&A, bill))).unwrap()
}

#[track_caller]
fn check(profile: &str, provider: &'static Provider, bill: &str, amounts: &[(&str, &str)]) {
    stay(provider, &BIJIE.someone(profile), (1, 9), bill).expect(amounts);
}

#[test]
fn class_1_is_paid_all_of_the_in_policy_rest() {
    // pool (5,300 − 300) × 80 %; rest 1,300 below the halved 2,000
    check(
        "extreme hardship",
        &BJ_L2,
        "5300.00",
        &[("hifp_pay", "4000.00"), ("hifmi_pay", "0"), ("maf_pay", "1300.00"), ("psn_cash_pay", "0")],
    );
}

#[test]
fn class_2_comes_after_the_second_tier_of_special_groups() {
    // pool (30,000 − 500) × 70 %; (9,350 − 2,000) × 65 %; (9,350 − 4,777.50) × 70 %
    check(
        "minimum allowance",
        &BJ_L3,
        "30000.00",
        &[("hifp_pay", "20650.00"), ("hifmi_pay", "4777.50"), ("maf_pay", "3200.75"), ("psn_cash_pay", "1371.75")],
    );
}

#[test]
fn class_3_has_a_deductible_over_the_year() {
    let person = BIJIE.someone("low income");
    // rests 800 and 1,500: 60 % of what passes 1,000
    stay(&BJ_L2, &person, (1, 3), "2800.00").expect(&[("hifp_pay", "2000.00"), ("maf_pay", "0")]);
    stay(&BJ_L2, &person, (6, 9), "6900.00").expect(&[("hifp_pay", "5400.00"), ("maf_pay", "780.00")]);
}

#[test]
fn class_4_counts_what_the_ordinary_second_tier_leaves() {
    // pool 15,760; rest 4,240: 240 × 60 % = 144; (4,096 − 2,000) × 50 %
    check(
        "poor through illness",
        &BJ_L2,
        "20000.00",
        &[("hifp_pay", "15760.00"), ("hifmi_pay", "144.00"), ("maf_pay", "1048.00"), ("psn_cash_pay", "3048.00")],
    );
}

#[test]
fn assistance_ends_at_50000_a_year_and_special_groups_have_no_second_tier_ceiling() {
    // pool 250,000; rest 450,000: 31,200 + 37,500 + 350,000 × 85 % = 366,200; rest 83,800
    check(
        "extreme hardship",
        &BJ_L3,
        "700000.00",
        &[("hifp_pay", "250000.00"), ("hifmi_pay", "366200.00"), ("maf_pay", "50000.00"), ("psn_cash_pay", "33800.00")],
    );
}

#[test]
fn registered_poor_in_their_county_are_lifted_to_90_percent() {
    // pool (10,000 − 300) × 80 % = 7,760; 9,000 − 7,760
    check(
        "registered poor",
        &BJ_L2,
        "10000.00",
        &[("hifp_pay", "7760.00"), ("hifmi_pay", "0"), ("maf_pay", "1240.00"), ("psn_cash_pay", "1000.00")],
    );
}

#[test]
fn registered_poor_have_richer_bands() {
    // pool (65,500 − 500) × 70 % = 45,500; rest 20,000: 12,000 × 70 % + 5,000 × 75 %; lift to 58,950
    check(
        "registered poor",
        &BJ_L3,
        "65500.00",
        &[("hifp_pay", "45500.00"), ("hifmi_pay", "12150.00"), ("maf_pay", "1300.00"), ("psn_cash_pay", "6550.00")],
    );
}

#[test]
fn registered_poor_outside_their_county_are_not_lifted() {
    check(
        "registered poor",
        &BJ_L3_DAFANG,
        "65500.00",
        &[("hifp_pay", "45500.00"), ("hifmi_pay", "12150.00"), ("maf_pay", "0"), ("psn_cash_pay", "7850.00")],
    );
}

#[test]
fn minimum_allowance_goes_before_registered_poor() {
    check(
        "registered poor on minimum allowance",
        &BJ_L3,
        "30000.00",
        &[("hifp_pay", "20650.00"), ("hifmi_pay", "4777.50"), ("maf_pay", "3200.75")],
    );
}
