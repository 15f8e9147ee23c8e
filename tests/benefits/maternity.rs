//! Maternity: shares, fixed sums, prenatal visits.

use super::cities::{BIJIE, PANZHIHUA};
use crate::support::catalogue::{A, B, Bill, C};
use crate::support::inpatient::{Stay, settle_stay};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::people::Person;
use crate::support::providers::{BJ_L2, BJ_TOWNSHIP, PZH_L1, PZH_L2, Provider};
use crate::support::server::Server;

/// A birth: the kind (1 vaginal, 3 caesarean, 4 difficult) and the number of children.
#[track_caller]
fn birth(
    city: &Server,
    provider: &'static Provider,
    profile: &str,
    kind: (&'static str, &'static str),
    bill: Bill,
    amounts: &[(&str, &str)],
) {
    let first =
        if provider.admdvs.starts_with("52") { ("2021-06-20", "2021-06-24") } else { ("2020-09-01", "2020-09-05") };
    let stay = Stay::from(first.0, first.1, bill)
        .kind("52")
        .diagnoses(&[("O80.000", "头位顺产")])
        .with("matn_type", kind.0)
        .with("fetus_cnt", kind.1)
        .with("fetts", "1")
        .with("geso_val", "39")
        .with("birctrl_matn_date", if first.0.starts_with("2021") { "2021-06-21" } else { "2020-09-02" });
    settle_stay(&city.client(provider), &city.someone(profile), &stay).unwrap().expect(amounts);
}

#[track_caller]
fn prenatal(provider: &'static Provider, person: &Person, bill: &str, amounts: &[(&str, &str)]) {
    let visit = Visit::on("2021-07-01", Bill::of(&A, bill)).kind("51").with("matn_type", "7").with("geso_val", "20");
    settle_visit(&BIJIE.client(provider), person, &visit).unwrap().expect(amounts);
}

#[test]
fn a_bijie_employees_birth_pays_90_percent_of_in_scope_and_no_pre_payment() {
    let bill = Bill::of(&A, "3500.00").and(&B, "2000.00").and(&C, "500.00");
    birth(
        &BIJIE,
        &BJ_L2,
        "insured mother",
        ("1", "1"),
        bill,
        &[("preselfpay_amt", "0"), ("act_pay_dedc", "0"), ("fund_pay_sumamt", "4950.00"), ("psn_part_amt", "1050.00")],
    );
}

#[test]
fn bijie_prenatal_visits_pay_by_scheme_and_level() {
    prenatal(&BJ_L2, &BIJIE.someone("insured mother"), "300.00", &[("fund_pay_sumamt", "270.00")]);
    prenatal(&BJ_L2, &BIJIE.someone("resident"), "200.00", &[("fund_pay_sumamt", "120.00")]);
    prenatal(&BJ_TOWNSHIP, &BIJIE.someone("resident"), "200.00", &[("fund_pay_sumamt", "170.00")]);
}

#[test]
fn bijie_prenatal_visits_share_1100_a_year_with_ordinary_outpatient() {
    let person = BIJIE.someone("resident");
    let ordinary = Visit::on("2021-07-01", Bill::of(&A, "100.00"));
    let settled = settle_visit(&BIJIE.client(&BJ_TOWNSHIP), &person, &ordinary).unwrap();
    settled.expect(&[("hifp_pay", "60.00")]);
    // 2,000 × 85 % = 1,700, but 1,100 − 60
    prenatal(&BJ_TOWNSHIP, &person, "2000.00", &[("fund_pay_sumamt", "1040.00")]);
}

#[test]
fn a_fixed_sum_pays_no_more_than_the_bill() {
    birth(
        &PANZHIHUA,
        &PZH_L2,
        "insured mother",
        ("1", "1"),
        Bill::of(&A, "1850.00"),
        &[("fund_pay_sumamt", "1850.00"), ("psn_cash_pay", "0")],
    );
}

#[test]
fn a_fixed_sum_leaves_the_excess_to_the_mother() {
    // 3,000 for a caesarean, 400 for the second child; own-paid cost is within the sum too
    let bill = Bill::of(&A, "7000.00").and(&C, "1000.00");
    let amounts = [("fund_pay_sumamt", "3400.00"), ("psn_cash_pay", "4600.00")];
    birth(&PANZHIHUA, &PZH_L2, "insured mother", ("3", "2"), bill, &amounts);
    let amounts = [("fund_pay_sumamt", "3000.00"), ("psn_cash_pay", "500.00")];
    birth(&PANZHIHUA, &PZH_L2, "insured mother", ("4", "1"), Bill::of(&A, "3500.00"), &amounts);
    let amounts = [("fund_pay_sumamt", "2000.00"), ("psn_cash_pay", "1500.00")];
    birth(&PANZHIHUA, &PZH_L2, "insured mother", ("1", "1"), Bill::of(&A, "3500.00"), &amounts);
}

#[test]
fn residents_fixed_sums_go_by_level_with_newborn_care_added() {
    let amounts = [("fund_pay_sumamt", "1100.00"), ("psn_cash_pay", "3900.00")];
    birth(&PANZHIHUA, &PZH_L1, "resident", ("1", "1"), Bill::of(&A, "5000.00"), &amounts);
    let amounts = [("fund_pay_sumamt", "1300.00"), ("psn_cash_pay", "3700.00")];
    birth(&PANZHIHUA, &PZH_L2, "resident", ("1", "1"), Bill::of(&A, "5000.00"), &amounts);
    let amounts = [("fund_pay_sumamt", "1700.00"), ("psn_cash_pay", "3300.00")];
    birth(&BIJIE, &BJ_L2, "resident", ("3", "1"), Bill::of(&A, "5000.00"), &amounts);
}

#[test]
fn a_birth_is_no_stay_of_the_year() {
    let (client, person) = (PANZHIHUA.client(&PZH_L2), PANZHIHUA.someone("insured mother"));
    let birth = Stay::from("2020-09-01", "2020-09-05", Bill::of(&A, "2500.00"))
        .kind("52")
        .with("matn_type", "1")
        .with("fetus_cnt", "1")
        .with("birctrl_matn_date", "2020-09-02");
    settle_stay(&client, &person, &birth).unwrap();
    // the first stay: 400; 90 %
    let stay = Stay::from("2020-09-10", "2020-09-12", Bill::of(&A, "1400.00"));
    settle_stay(&client, &person, &stay).unwrap().expect(&[("act_pay_dedc", "400.00"), ("hifp_pay", "900.00")]);
}

#[test]
fn family_planning_procedures_of_panzhihua_employees_pay_90_percent() {
    let visit = Visit::on("2020-09-08", Bill::of(&A, "1000.00"))
        .kind("51")
        .with("birctrl_type", "1")
        .with("birctrl_matn_date", "2020-09-08");
    let settled = settle_visit(&PANZHIHUA.client(&PZH_L2), &PANZHIHUA.someone("insured mother"), &visit).unwrap();
    settled.expect(&[("fund_pay_sumamt", "900.00"), ("psn_cash_pay", "100.00")]);
}
