//! Panzhihua stays: repetition, floors, transfer, mid-stay settlement, additions to the ratio, cap.

use super::cities::PANZHIHUA;
use crate::support::catalogue::{A, Bill};
use crate::support::inpatient::{Stay, admit, cancel, discharge, settle, settle_stay, upload};
use crate::support::people::Person;
use crate::support::providers::{PZH_COMMUNITY, PZH_L1, PZH_L2, PZH_L3, Provider};
use crate::support::settled::Settled;

/// A stay of the given days of September 2020 whose bill is all class A.
#[track_caller]
fn stay(provider: &'static Provider, person: &Person, days: (u8, u8), bill: &str) -> Settled {
    settle_stay(&PANZHIHUA.client(provider), person, &september(days, bill)).unwrap()
}

fn september(days: (u8, u8), bill: &str) -> Stay {
    let (first, last) = (format!("2020-09-{:02}", days.0), format!("2020-09-{:02}", days.1));
    Stay::from(&first, &last, Bill::of(&A, bill))
}

/// One first stay of somebody new.
#[track_caller]
fn check(profile: &str, provider: &'static Provider, bill: &str, amounts: &[(&str, &str)]) {
    stay(provider, &PANZHIHUA.someone(profile), (1, 5), bill).expect(amounts);
}

/// One first stay of somebody new with these diagnoses.
#[track_caller]
fn check_ill(
    profile: &str,
    provider: &'static Provider,
    diagnoses: &[(&'static str, &'static str)],
    bill: &str,
    amounts: &[(&str, &str)],
) {
    let stay = september((1, 5), bill).diagnoses(diagnoses);
    settle_stay(&PANZHIHUA.client(provider), &PANZHIHUA.someone(profile), &stay).unwrap().expect(amounts);
}

#[test]
fn residents_pay_a_hundred_less_at_each_later_stay_down_to_the_floor() {
    let person = PANZHIHUA.someone("resident");
    for (days, deductible, pool) in [
        ((1, 2), "500.00", "300.00"),
        ((4, 5), "400.00", "360.00"),
        ((7, 8), "300.00", "420.00"),
        ((10, 11), "300.00", "420.00"),
    ] {
        stay(&PZH_L3, &person, days, "1000.00").expect(&[("act_pay_dedc", deductible), ("hifp_pay", pool)]);
    }
}

#[test]
fn minimum_allowance_halves_the_deductible_after_the_floor() {
    // rests 550, 520, 490: assistance class 2 at 70 %
    let person = PANZHIHUA.someone("minimum allowance");
    for (days, deductible, pool, assistance) in [
        ((1, 2), "250.00", "450.00", "385.00"),
        ((4, 5), "200.00", "480.00", "364.00"),
        ((7, 8), "150.00", "510.00", "343.00"),
    ] {
        let settled = stay(&PZH_L3, &person, days, "1000.00");
        settled.expect(&[("act_pay_dedc", deductible), ("hifp_pay", pool), ("maf_pay", assistance)]);
    }
}

#[test]
fn employees_floor_is_160() {
    let person = PANZHIHUA.someone("employee");
    // L1: 200, then 160; 92 %
    stay(&PZH_L1, &person, (1, 2), "1200.00").expect(&[("act_pay_dedc", "200.00"), ("hifp_pay", "920.00")]);
    stay(&PZH_L1, &person, (4, 5), "1160.00").expect(&[("act_pay_dedc", "160.00"), ("hifp_pay", "920.00")]);
    // L2 third stay: 400 − 200; 90 %
    stay(&PZH_L2, &person, (7, 8), "1200.00").expect(&[("act_pay_dedc", "200.00"), ("hifp_pay", "900.00")]);
}

#[test]
fn ratios_of_the_first_stay_go_by_level_and_population() {
    check("resident", &PZH_COMMUNITY, "1100.00", &[("act_pay_dedc", "100.00"), ("hifp_pay", "800.00")]);
    check("resident", &PZH_L1, "1100.00", &[("act_pay_dedc", "100.00"), ("hifp_pay", "750.00")]);
    check("resident", &PZH_L2, "1200.00", &[("act_pay_dedc", "200.00"), ("hifp_pay", "700.00")]);
    check("pupil", &PZH_L1, "1100.00", &[("act_pay_dedc", "100.00"), ("hifp_pay", "850.00")]);
    check("pupil", &PZH_L2, "1200.00", &[("act_pay_dedc", "200.00"), ("hifp_pay", "800.00")]);
    check("pupil", &PZH_L3, "1500.00", &[("act_pay_dedc", "500.00"), ("hifp_pay", "700.00")]);
    check("employee", &PZH_COMMUNITY, "1160.00", &[("act_pay_dedc", "160.00"), ("hifp_pay", "950.00")]);
    check("employee", &PZH_L3, "1800.00", &[("act_pay_dedc", "800.00"), ("hifp_pay", "850.00")]);
}

#[test]
fn age_adds_points_that_are_totals_and_never_pass_a_hundred() {
    // 92 + 4; 95 + 10 clamped
    check("sixty", &PZH_L1, "1200.00", &[("act_pay_dedc", "200.00"), ("hifp_pay", "960.00")]);
    check("ninety", &PZH_COMMUNITY, "1160.00", &[("act_pay_dedc", "160.00"), ("hifp_pay", "1000.00")]);
    // 1952-02-03: 68 years: 90 + 4
    check("retired", &PZH_L2, "1400.00", &[("act_pay_dedc", "400.00"), ("hifp_pay", "940.00")]);
}

#[test]
fn age_is_that_of_the_admission_day() {
    // fifty on 09-01: admitted the day before 90 %, on the day 92 %
    let before = Stay::from("2020-08-31", "2020-09-04", Bill::of(&A, "1400.00"));
    let someone = PANZHIHUA.someone("fifty on 1 September");
    let settled = settle_stay(&PANZHIHUA.client(&PZH_L2), &someone, &before).unwrap();
    settled.expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "900.00")]);
    check("fifty on 1 September", &PZH_L2, "1400.00", &[("act_pay_dedc", "400.00"), ("hifp_pay", "920.00")]);
}

#[test]
fn five_continuous_years_add_five_points_for_adults_only() {
    check("four years", &PZH_L2, "1200.00", &[("hifp_pay", "700.00")]);
    check("five years", &PZH_L2, "1200.00", &[("hifp_pay", "750.00")]);
    // the pupil has six years and gets 80 %
    check("pupil", &PZH_L2, "1200.00", &[("hifp_pay", "800.00")]);
}

#[test]
fn cancer_adds_ten_points_to_residents_and_the_sum_is_clamped_at_95() {
    let cancer = [("C34.900", "支气管或肺恶性肿瘤")];
    check_ill("resident", &PZH_L3, &cancer, "1500.00", &[("hifp_pay", "700.00")]);
    // community: adult 80 + 5 + 10 = 95; pupil 90 + 10 clamped
    check_ill("five years", &PZH_COMMUNITY, &cancer, "1100.00", &[("hifp_pay", "950.00")]);
    check_ill("pupil", &PZH_COMMUNITY, &cancer, "1100.00", &[("hifp_pay", "950.00")]);
    // employees get none
    check_ill("employee", &PZH_L3, &cancer, "1800.00", &[("hifp_pay", "850.00")]);
}

#[test]
fn chemotherapy_adds_ten_points_only_beside_a_cancer() {
    let alone = [("Z51.100", "肿瘤化学治疗")];
    let beside = [("Z51.100", "肿瘤化学治疗"), ("C50.900", "乳房恶性肿瘤")];
    check_ill("resident", &PZH_L3, &alone, "1500.00", &[("hifp_pay", "600.00")]);
    check_ill("resident", &PZH_L3, &beside, "1500.00", &[("hifp_pay", "700.00")]);
}

#[test]
fn congenital_heart_disease_adds_ten_points_below_eighteen() {
    let heart = [("Q21.000", "室间隔缺损")];
    check_ill("pupil", &PZH_L3, &heart, "1500.00", &[("hifp_pay", "800.00")]);
    check_ill("resident", &PZH_L3, &heart, "1500.00", &[("hifp_pay", "600.00")]);
}

#[test]
fn a_transfer_chain_counts_what_was_actually_met() {
    let person = PANZHIHUA.someone("case 6");
    let first = september((1, 3), "250.00").leaving("2");
    let settled = settle_stay(&PANZHIHUA.client(&PZH_L2), &person, &first).unwrap();
    settled.expect(&[("act_pay_dedc", "250.00"), ("hifp_pay", "0")]);
    // 800 − 250; (10,000 − 550) × 87 %
    stay(&PZH_L3, &person, (4, 9), "10000.00").expect(&[("act_pay_dedc", "550.00"), ("hifp_pay", "8221.50")]);
    // the chain was one stay: the next is the second, 800 − 100
    stay(&PZH_L3, &person, (15, 18), "1700.00").expect(&[("act_pay_dedc", "700.00"), ("hifp_pay", "870.00")]);
}

#[test]
fn a_transfer_on_the_same_day_is_a_chain_and_two_days_later_is_none() {
    let person = PANZHIHUA.someone("employee");
    let first = Stay { discharged: "2020-09-03 08:00:00".into(), ..september((1, 3), "1400.00").leaving("3") };
    let settled = settle_stay(&PANZHIHUA.client(&PZH_L2), &person, &first).unwrap();
    settled.expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "900.00")]);
    stay(&PZH_L3, &person, (3, 5), "1400.00").expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "850.00")]);

    let person = PANZHIHUA.someone("employee");
    let first = september((1, 3), "1400.00").leaving("2");
    settle_stay(&PANZHIHUA.client(&PZH_L2), &person, &first).unwrap();
    stay(&PZH_L3, &person, (5, 6), "1700.00").expect(&[("act_pay_dedc", "700.00"), ("hifp_pay", "850.00")]);
}

#[test]
fn a_discharge_for_another_hospital_is_about_one_arrival() {
    let person = PANZHIHUA.someone("employee");
    let until = |day: u8, stay: Stay| Stay { discharged: format!("2020-09-{day:02} 08:00:00"), ..stay };
    let left = until(3, september((1, 3), "1400.00").leaving("2"));
    settle_stay(&PANZHIHUA.client(&PZH_L2), &person, &left).unwrap().expect(&[("act_pay_dedc", "400.00")]);
    let arrived = until(4, september((3, 4), "1400.00"));
    settle_stay(&PANZHIHUA.client(&PZH_L3), &person, &arrived).unwrap().expect(&[("act_pay_dedc", "400.00")]);
    // Home, and admitted again on the day after that discharge: the second stay of the year, 400 − 100.
    stay(&PZH_L2, &person, (4, 6), "1400.00").expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "990.00")]);
}

#[test]
fn a_discharge_home_begins_no_chain() {
    let person = PANZHIHUA.someone("employee");
    stay(&PZH_L2, &person, (1, 3), "1400.00").expect(&[("act_pay_dedc", "400.00")]);
    stay(&PZH_L3, &person, (4, 5), "1700.00").expect(&[("act_pay_dedc", "700.00"), ("hifp_pay", "850.00")]);
}

#[test]
fn a_mid_stay_settlement_carries_the_unmet_deductible() {
    let (client, person) = (PANZHIHUA.client(&PZH_L2), PANZHIHUA.someone("employee"));
    let stay = september((1, 20), "300.00");
    let mdtrt_id = admit(&client, &person, &stay).unwrap();
    upload(&client, &person, &stay, &mdtrt_id, &stay.bill, 0).unwrap();
    let part = settle(&client, &person, &stay, &mdtrt_id, &stay.bill, "1").unwrap();
    part.expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "0")]);

    let rest = Bill::of(&A, "5000.00");
    upload(&client, &person, &stay, &mdtrt_id, &rest, 1).unwrap();
    discharge(&client, &person, &stay, &mdtrt_id).unwrap();
    // 100 left of 400: 4,900 × 90 %
    let end = settle(&client, &person, &stay, &mdtrt_id, &rest, "0").unwrap();
    end.expect(&[("act_pay_dedc", "100.00"), ("hifp_pay", "4410.00")]);

    // both were one stay: the next is the second
    self::stay(&PZH_L2, &person, (22, 23), "1300.00").expect(&[("act_pay_dedc", "300.00"), ("hifp_pay", "900.00")]);
}

#[test]
fn employees_beyond_the_cap_are_paid_77_percent_of_cost() {
    check("cap gone", &PZH_L2, "10000.00", &[("act_pay_dedc", "0"), ("hifp_pay", "0"), ("hifob_pay", "7700.00")]);
}

#[test]
fn civil_servants_are_subsidised_in_panzhihua_too() {
    // (1,400 − 400) × 90 % = 900; rest 500 × 90 %
    check(
        "civil servant",
        &PZH_L2,
        "1400.00",
        &[("hifp_pay", "900.00"), ("cvlserv_pay", "450.00"), ("psn_part_amt", "50.00")],
    );
}

#[test]
fn a_chain_of_three_counts_every_leg_however_short() {
    let person = PANZHIHUA.someone("employee");
    let transferred = |provider: &'static Provider, days, bill| {
        settle_stay(&PANZHIHUA.client(provider), &person, &september(days, bill).leaving("2")).unwrap()
    };
    transferred(&PZH_L1, (1, 3), "150.00").expect(&[("act_pay_dedc", "150.00"), ("hifp_pay", "0")]);
    // left on the day of arrival: 400 − 150; (1,250 − 250) × 90 %
    transferred(&PZH_L2, (4, 4), "1250.00").expect(&[("act_pay_dedc", "250.00"), ("hifp_pay", "900.00")]);
    // 800 − 150 − 250; (1,400 − 400) × 85 %
    stay(&PZH_L3, &person, (4, 9), "1400.00").expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "850.00")]);
    // the three were one stay
    stay(&PZH_L3, &person, (15, 18), "1700.00").expect(&[("act_pay_dedc", "700.00"), ("hifp_pay", "850.00")]);
}

#[test]
fn a_cancelled_leg_leaves_its_chain_the_number_and_what_the_others_met() {
    let person = PANZHIHUA.someone("employee");
    let (first, client) = (september((1, 3), "1000.00").leaving("2"), PANZHIHUA.client(&PZH_L2));
    let settled = settle_stay(&client, &person, &first).unwrap();
    settled.expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "540.00")]);
    stay(&PZH_L3, &person, (4, 9), "1400.00").expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "850.00")]);
    cancel(&client, &person, &settled).unwrap();
    // the second leg stands, so this is the second stay
    stay(&PZH_L3, &person, (15, 16), "1700.00").expect(&[("act_pay_dedc", "700.00"), ("hifp_pay", "850.00")]);
    // settled again: 400 − 400, which the second leg met
    let again = settle(&client, &person, &first, &settled.mdtrt_id, &first.bill, "0").unwrap();
    again.expect(&[("act_pay_dedc", "0"), ("hifp_pay", "900.00")]);
    // and no stay more: the third
    stay(&PZH_L3, &person, (20, 21), "1600.00").expect(&[("act_pay_dedc", "600.00"), ("hifp_pay", "850.00")]);
}
