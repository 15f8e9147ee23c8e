//! Single-payment and high-value drugs of Panzhihua.

use super::cities::{BIJIE, PANZHIHUA};
use crate::support::catalogue::{Bill, HIGH_VALUE, Item, SINGLE_PAYMENT, SINGLE_PAYMENT_LIMITED};
use crate::support::outpatient::{Visit, settle_visit};
use crate::support::providers::{BJ_L3, PZH_SUPPLIER};

#[track_caller]
fn check(profile: &str, item: &'static Item, amounts: &[(&str, &str)]) {
    let visit = Visit::on("2020-09-12", Bill::of(item, "9600.00")).kind("18");
    let settled = settle_visit(&PANZHIHUA.client(&PZH_SUPPLIER), &PANZHIHUA.someone(profile), &visit).unwrap();
    settled.expect(amounts);
}

#[test]
fn a_single_payment_drug_pays_the_ratio_of_its_price() {
    check("drug qualified employee", &SINGLE_PAYMENT, &[("hifp_pay", "7200.00"), ("preselfpay_amt", "0")]);
    check(
        "drug qualified",
        &SINGLE_PAYMENT,
        &[("hifp_pay", "6240.00"), ("hifmi_pay", "0"), ("psn_cash_pay", "3360.00")],
    );
}

#[test]
fn the_price_counts_up_to_its_limit() {
    // 9,000 × 75 %
    check(
        "drug qualified employee",
        &SINGLE_PAYMENT_LIMITED,
        &[("overlmt_selfpay", "600.00"), ("inscp_scp_amt", "9000.00"), ("hifp_pay", "6750.00")],
    );
}

#[test]
fn a_high_value_drug_pays_after_a_tenth_and_knows_no_sub_cap() {
    check(
        "drug qualified employee",
        &HIGH_VALUE,
        &[("preselfpay_amt", "960.00"), ("inscp_scp_amt", "8640.00"), ("hifp_pay", "6480.00")],
    );
    check("case 5", &HIGH_VALUE, &[("hifp_pay", "6480.00")]);
}

#[test]
fn special_drugs_take_room_of_the_basic_cap() {
    check("drug and basic cap near", &SINGLE_PAYMENT, &[("hifp_pay", "1000.00")]);
}

#[test]
fn a_drug_without_a_qualification_of_that_day_is_not_paid() {
    for profile in ["employee", "qualified too late"] {
        let visit = Visit::on("2020-09-12", Bill::of(&SINGLE_PAYMENT, "9600.00")).kind("18");
        match settle_visit(&PANZHIHUA.client(&PZH_SUPPLIER), &PANZHIHUA.someone(profile), &visit) {
            Ok(settled) => assert_eq!(settled.fen("fund_pay_sumamt"), 0, "{}", settled.info),
            Err(words) => assert!(words.contains('['), "{words}"),
        }
    }
}

#[test]
fn bijie_has_no_special_drugs_so_they_are_ordinary_class_b() {
    let visit = Visit::on("2021-07-01", Bill::of(&SINGLE_PAYMENT, "100.00")).account("1");
    let settled = settle_visit(&BIJIE.client(&BJ_L3), &BIJIE.someone("employee"), &visit).unwrap();
    settled.expect(&[
        ("preselfpay_amt", "10.00"),
        ("inscp_scp_amt", "90.00"),
        ("hifp_pay", "0"),
        ("acct_pay", "100.00"),
    ]);
}
