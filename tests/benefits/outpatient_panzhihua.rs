//! Panzhihua outpatients: ordinary, two diseases, 门特.

use super::cities::PANZHIHUA;
use crate::support::catalogue::{A, Bill};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::outpatient::{Visit, cancel, settle_visit};
use crate::support::people::Person;
use crate::support::providers::{PZH_COMMUNITY, PZH_L1, PZH_L2, PZH_L3, Provider};
use crate::support::settled::Settled;
use crate::support::vocabulary::{CANCER, DIABETES, DIALYSIS, HYPERTENSION, RHEUMATISM};

#[track_caller]
fn visit(
    provider: &'static Provider,
    person: &Person,
    kind: &'static str,
    disease: (&'static str, &'static str),
    bill: &str,
) -> Settled {
    let visit = Visit::on("2020-09-08", Bill::of(&A, bill)).kind(kind).disease(disease);
    settle_visit(&PANZHIHUA.client(provider), person, &visit).unwrap()
}

#[test]
fn ordinary_outpatient_pays_60_percent_at_the_base_up_to_200_a_year() {
    let person = PANZHIHUA.someone("resident");
    visit(&PZH_COMMUNITY, &person, "11", ("", ""), "100.00").expect(&[("hifp_pay", "60.00")]);
    visit(&PZH_L1, &person, "11", ("", ""), "300.00").expect(&[("hifp_pay", "140.00"), ("psn_cash_pay", "160.00")]);
    let person = PANZHIHUA.someone("resident");
    visit(&PZH_L2, &person, "11", ("", ""), "100.00").expect(&[("hifp_pay", "0"), ("psn_cash_pay", "100.00")]);
}

#[test]
fn two_diseases_pay_half_up_to_second_level() {
    let person = PANZHIHUA.someone("hypertension");
    visit(&PZH_L2, &person, "9901", HYPERTENSION, "300.00").expect(&[("hifp_pay", "150.00")]);
    visit(&PZH_L1, &person, "9901", HYPERTENSION, "200.00").expect(&[("hifp_pay", "50.00")]);
    let person = PANZHIHUA.someone("both diseases");
    visit(&PZH_L2, &person, "9901", DIABETES, "1200.00").expect(&[("hifp_pay", "500.00")]);
}

#[test]
fn the_special_disease_deductible_is_the_highest_level_of_the_year() {
    let person = PANZHIHUA.someone("chronic");
    // (1,000 − 200) × 70 %; (1,000 − 300) × 60 %
    visit(&PZH_L2, &person, "14", RHEUMATISM, "1000.00").expect(&[("act_pay_dedc", "200.00"), ("hifp_pay", "560.00")]);
    visit(&PZH_L3, &person, "14", RHEUMATISM, "1000.00").expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "420.00")]);
    visit(&PZH_L3, &person, "14", RHEUMATISM, "1000.00").expect(&[("act_pay_dedc", "0"), ("hifp_pay", "600.00")]);
}

#[test]
fn a_cancelled_visit_leaves_the_highest_level_that_stands() {
    let person = PANZHIHUA.someone("chronic");
    let lower = visit(&PZH_L2, &person, "14", RHEUMATISM, "1000.00");
    visit(&PZH_L3, &person, "14", RHEUMATISM, "1000.00").expect(&[("act_pay_dedc", "300.00")]);
    cancel(&PANZHIHUA.client(&PZH_L2), &person, &lower).unwrap();
    // 500 of the third level, 300 met: (1,200 − 200) × 70 %
    visit(&PZH_L2, &person, "14", RHEUMATISM, "1200.00").expect(&[("act_pay_dedc", "200.00"), ("hifp_pay", "700.00")]);
}

#[test]
fn the_special_disease_deductible_is_apart_from_that_of_stays() {
    let person = PANZHIHUA.someone("chronic");
    visit(&PZH_L3, &person, "14", RHEUMATISM, "1000.00").expect(&[("act_pay_dedc", "500.00"), ("hifp_pay", "300.00")]);
    let stay = Stay::from("2020-09-10", "2020-09-12", Bill::of(&A, "1000.00"));
    let settled = settle_stay(&PANZHIHUA.client(&PZH_L3), &person, &stay).unwrap();
    settled.expect(&[("act_pay_dedc", "500.00"), ("hifp_pay", "300.00")]);
}

#[test]
fn dialysis_and_cancer_treatment_add_ten_points() {
    let person = PANZHIHUA.someone("dialysis");
    visit(&PZH_L2, &person, "14", DIALYSIS, "1000.00").expect(&[("act_pay_dedc", "200.00"), ("hifp_pay", "640.00")]);
    let person = PANZHIHUA.someone("cancer");
    visit(&PZH_L3, &person, "14", CANCER, "1500.00").expect(&[("act_pay_dedc", "500.00"), ("hifp_pay", "700.00")]);
}

#[test]
fn special_disease_rests_enter_the_second_tier() {
    let person = PANZHIHUA.someone("dialysis");
    // (30,500 − 500) × 70 % = 21,000; rest 9,500; then 18,000 × 70 %, rest 5,400: 14,900 − 12,985 = 1,915 × 50 %
    visit(&PZH_L3, &person, "14", DIALYSIS, "30500.00").expect(&[("hifp_pay", "21000.00"), ("hifmi_pay", "0")]);
    visit(&PZH_L3, &person, "14", DIALYSIS, "18000.00").expect(&[("hifp_pay", "12600.00"), ("hifmi_pay", "957.50")]);
}

#[test]
fn an_employees_special_disease_has_the_ratio_of_stays_with_age() {
    // 52 years, L3: (2,000 − 800) × 87 %
    let person = PANZHIHUA.someone("chronic employee");
    let settled = visit(&PZH_L3, &person, "14", RHEUMATISM, "2000.00");
    settled.expect(&[("act_pay_dedc", "800.00"), ("hifp_pay", "1044.00")]);
}

#[test]
fn employees_have_no_ordinary_outpatient_pooling() {
    let person = PANZHIHUA.someone("employee");
    visit(&PZH_L1, &person, "11", ("", ""), "100.00").expect(&[("hifp_pay", "0"), ("psn_cash_pay", "100.00")]);
}
