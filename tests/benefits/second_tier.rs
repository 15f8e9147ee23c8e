//! Residents' serious-illness insurance over several stays of a year.

use super::cities::{BIJIE, PANZHIHUA};
use crate::support::catalogue::{A, Bill, C};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::people::Person;
use crate::support::providers::{BJ_L3, PZH_L3};
use crate::support::settled::Settled;

#[track_caller]
fn bijie(person: &Person, days: (u8, u8), bill: Bill) -> Settled {
    let stay = Stay::from(&format!("2021-05-{:02}", days.0), &format!("2021-05-{:02}", days.1), bill);
    settle_stay(&BIJIE.client(&BJ_L3), person, &stay).unwrap()
}

#[track_caller]
fn panzhihua(person: &Person, days: (u8, u8), bill: &str) -> Settled {
    let bill = Bill::of(&A, bill);
    let stay = Stay::from(&format!("2020-09-{:02}", days.0), &format!("2020-09-{:02}", days.1), bill);
    settle_stay(&PANZHIHUA.client(&PZH_L3), person, &stay).unwrap()
}

#[test]
fn bijie_rests_of_3500_60000_and_50000_01_are_paid_as_differences_of_the_bands() {
    let person = BIJIE.someone("resident");
    // (10,500 − 500) × 70 %: rest 3,500
    let first = bijie(&person, (1, 5), Bill::of(&A, "10500.00"));
    first.expect(&[("hifp_pay", "7000.00"), ("hifmi_pay", "0")]);
    // (199,416.67 − 250) × 70 %: rest 60,000
    let second = bijie(&person, (6, 12), Bill::of(&A, "199416.67"));
    second.expect(&[("hifp_pay", "139416.67"), ("hifmi_pay", "37050.00"), ("psn_cash_pay", "22950.00")]);
    // no deductible; the cap has 250,000 − 146,416.67 = 103,583.33 left, less than 70 %: rest 50,000.01
    let third = bijie(&person, (13, 20), Bill::of(&A, "153583.34"));
    third.expect(&[("hifp_pay", "103583.33"), ("hifmi_pay", "36350.01"), ("psn_cash_pay", "13650.00")]);
}

#[test]
fn own_paid_cost_never_enters_the_second_tier() {
    let person = BIJIE.someone("resident");
    let settled = bijie(&person, (1, 5), Bill::of(&A, "10500.00").and(&C, "90000.00"));
    settled.expect(&[("hifp_pay", "7000.00"), ("hifmi_pay", "0"), ("psn_cash_pay", "93500.00")]);
}

#[test]
fn the_bijie_ceiling_ends_the_second_tier_at_500000() {
    // pool 250,000; rest 750,000: 27,600 + 35,000 + 650,000 × 80 % = 582,600
    let settled = bijie(&BIJIE.someone("resident"), (1, 25), Bill::of(&A, "1000000.00"));
    settled.expect(&[("hifp_pay", "250000.00"), ("hifmi_pay", "500000.00"), ("psn_cash_pay", "250000.00")]);
}

#[test]
fn panzhihua_bands_run_above_the_deductible() {
    let person = PANZHIHUA.someone("resident");
    // (24,250 − 500) × 60 %: rest 10,000
    panzhihua(&person, (1, 3), "24250.00").expect(&[("hifp_pay", "14250.00"), ("hifmi_pay", "0")]);
    // (74,400 − 400) × 60 %: rest 30,000
    panzhihua(&person, (6, 9), "74400.00").expect(&[("hifp_pay", "44400.00"), ("hifmi_pay", "16831.40")]);
}

#[test]
fn low_income_in_panzhihua_halves_the_deductible_and_lifts_each_ratio_to_65() {
    // halved 250: (49,625 − 250) × 60 % = 29,625; rest 20,000; assistance (20,000 − 8,779.88) × 70 %
    panzhihua(&PANZHIHUA.someone("minimum allowance"), (1, 9), "49625.00").expect(&[
        ("act_pay_dedc", "250.00"),
        ("hifp_pay", "29625.00"),
        ("hifmi_pay", "8779.88"),
        ("maf_pay", "7854.08"),
        ("psn_cash_pay", "3366.04"),
    ]);
}
