//! Entitlement is judged on the day of care.

use super::cities::{BIJIE, PANZHIHUA};
use crate::support::catalogue::{A, Bill};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::providers::{BJ_L2, BJ_TOWNSHIP, PZH_L2, Provider};
use crate::support::server::Server;

/// The visit is refused somewhere on its way, with words that an operator can use.
#[track_caller]
fn refused(city: &Server, provider: &'static Provider, profile: &str, day: &str) {
    let visit = Visit::on(day, Bill::of(&A, "50.00"));
    match settle_visit(&city.client(provider), &city.someone(profile), &visit) {
        Ok(settled) => panic!("{profile} on {day} was settled: {}", settled.info),
        Err(words) => assert!(words.contains('[') && words.chars().count() > 10, "{words}"),
    }
}

#[track_caller]
fn accepted(city: &Server, provider: &'static Provider, profile: &str, day: &str) {
    let visit = Visit::on(day, Bill::of(&A, "50.00"));
    settle_visit(&city.client(provider), &city.someone(profile), &visit).unwrap();
}

#[test]
fn after_the_end_of_insurance_care_is_refused_and_before_it_is_not() {
    accepted(&BIJIE, &BJ_TOWNSHIP, "ended", "2021-06-30");
    refused(&BIJIE, &BJ_TOWNSHIP, "ended", "2021-07-01");
}

#[test]
fn while_contributions_are_paused_care_is_refused() {
    accepted(&BIJIE, &BJ_TOWNSHIP, "paused", "2021-05-31");
    refused(&BIJIE, &BJ_TOWNSHIP, "paused", "2021-07-01");
}

#[test]
fn before_insurance_begins_care_is_refused() {
    refused(&BIJIE, &BJ_TOWNSHIP, "not yet", "2021-07-01");
}

#[test]
fn a_resident_who_joined_outside_the_campaign_waits_ninety_days() {
    refused(&PANZHIHUA, &PZH_L2, "joined in August", "2020-09-20");
}

#[test]
fn entitlement_that_ends_during_a_stay_changes_nothing_for_it() {
    let stay = Stay::from("2021-06-28", "2021-07-03", Bill::of(&A, "1300.00"));
    let settled = settle_stay(&BIJIE.client(&BJ_L2), &BIJIE.someone("ended"), &stay).unwrap();
    settled.expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "800.00")]);
}

#[test]
fn a_stay_that_begins_after_the_end_of_insurance_is_refused() {
    let stay = Stay::from("2021-07-01", "2021-07-03", Bill::of(&A, "1300.00"));
    settle_stay(&BIJIE.client(&BJ_L2), &BIJIE.someone("ended"), &stay).unwrap_err();
}

#[test]
fn a_person_of_another_pool_is_told_so() {
    let visit = Visit::on("2021-07-01", Bill::of(&A, "50.00"));
    let words = settle_visit(&BIJIE.client(&BJ_L2), &BIJIE.someone("from Panzhihua"), &visit).unwrap_err();
    assert!(words.contains("异地") || words.contains("参保地") || words.contains("510"), "{words}");
}
