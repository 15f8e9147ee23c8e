//! Maternity: decisions 46-48.

use crate::facts::*;
use yibao_domain::money::Money;
use yibao_domain::person::Population::{self, *};
use yibao_domain::provider::BenefitLevel::{self, *};
use yibao_domain::refusal::Code;
use yibao_domain::settlement::{Bill, CareKind, Case, Fund, RunningTotal};

fn birth(city: City, population: Population, level: BenefitLevel, bill: &str, matn_type: &str, children: u32) -> Case {
    let mut case = case(city, CareKind::MaternityInpatient, population, level, in_scope(bill));
    case.person.age = 28;
    case.maternity.matn_type = Some(matn_type.to_owned());
    case.maternity.children = Some(children);
    case.maternity.weeks = Some(39);
    case
}

/// Fund, cash and the sums paid out beside the bill.
#[track_caller]
fn check(city: City, case: &Case, fund: &str, cash: &str, payouts: &[&str]) {
    let decision = settled(city, case);
    let paid_out: Vec<_> = decision.payouts.iter().map(|payout| payout.amount.to_string()).collect();
    assert_eq!(
        (decision.shares.funds().to_string(), decision.shares.cash.to_string(), paid_out),
        (fund.to_owned(), cash.to_owned(), payouts.iter().map(|text| (*text).to_owned()).collect()),
        "{:?}",
        decision.trace
    );
    // Maternity counts into no cap, band or stay number, but for the cap that prenatal visits share.
    let prenatal = |total: &RunningTotal| *total == RunningTotal::PrenatalPaid;
    assert!(decision.accumulated.iter().all(|(total, _)| prenatal(total)), "{:?}", decision.accumulated);
}

#[test]
fn decision_46_a_surplus_and_the_prenatal_sum_are_paid_out() {
    let pzh = City::Panzhihua;
    check(pzh, &birth(pzh, Active, Level3, "1850", "1", 1), "1850.00", "0.00", &["150.00", "700.00"]);
    check(pzh, &birth(pzh, Active, Level3, "5000", "1", 1), "2000.00", "3000.00", &["700.00"]);
    // Own-paid lines count as the bill as well: the sum is paid whatever the cost.
    let own = Bill::ordinary(yuan("1000"), Money::ZERO, Money::ZERO, yuan("850"));
    check(
        pzh,
        &Case { bill: own, ..birth(pzh, Active, Level3, "0", "1", 1) },
        "1850.00",
        "0.00",
        &["150.00", "700.00"],
    );
    assert_eq!(settled(pzh, &birth(pzh, Active, Level3, "1850", "1", 1)).paid_by(Fund::Maternity), yuan("1850"));
}

#[test]
fn decision_47_the_sum_depends_on_way_and_children() {
    let pzh = City::Panzhihua;
    for (matn_type, children, sum) in [
        ("1", 1, "2000.00"),
        ("2", 1, "3000.00"),
        ("3", 1, "3000.00"),
        ("4", 1, "3000.00"),
        ("1", 2, "2400.00"),
        ("3", 3, "3800.00"),
    ] {
        let decision = settled(pzh, &birth(pzh, Active, Level2, "9000", matn_type, children));
        assert_yuan(decision.shares.funds(), sum);
    }
}

#[test]
fn decision_47_residents_have_sums_by_level_with_newborn_care_added() {
    for city in [City::Bijie, City::Panzhihua] {
        for (level, matn_type, sum) in
            [(Township, "1", "1100.00"), (Level1, "3", "1500.00"), (Level2, "1", "1300.00"), (Level3, "4", "1700.00")]
        {
            assert_yuan(settled(city, &birth(city, Adult, level, "9000", matn_type, 1)).shares.funds(), sum);
        }
    }
    check(
        City::Panzhihua,
        &birth(City::Panzhihua, Adult, Level1, "900", "1", 1),
        "900.00",
        "0.00",
        &["200.00", "400.00"],
    );
    check(City::Bijie, &birth(City::Bijie, Adult, Level1, "900", "1", 1), "900.00", "0.00", &["200.00"]);
}

#[test]
fn decision_47_an_early_end_has_its_prenatal_sum_by_month() {
    let pzh = City::Panzhihua;
    for (weeks, sum) in [(8, "300.00"), (15, "300.00"), (16, "500.00"), (27, "500.00"), (28, "700.00"), (33, "700.00")]
    {
        let mut case = birth(pzh, Active, Level2, "1000", "6", 0);
        case.maternity.weeks = Some(weeks);
        check(pzh, &case, "900.00", "100.00", &[sum]);
    }
    let mut unsaid = birth(pzh, Active, Level2, "1000", "5", 0);
    unsaid.maternity.weeks = None;
    assert_eq!(refused(pzh, &unsaid).code, Code::FieldMissing);
    unsaid.maternity.matn_type = Some("13".to_owned());
    check(pzh, &unsaid, "900.00", "100.00", &["300.00"]);
}

#[test]
fn decision_47_prenatal_visits_are_the_persons_until_delivery() {
    let mut visit = case(City::Panzhihua, CareKind::MaternityOutpatient, Active, Level2, in_scope("300"));
    visit.maternity.matn_type = Some("7".to_owned());
    check(City::Panzhihua, &visit, "0.00", "300.00", &[]);
}

#[test]
fn prenatal_visits_of_bijie_residents_share_a_cap_with_outpatient_care() {
    let visit = |level| case(City::Bijie, CareKind::MaternityOutpatient, Adult, level, in_scope("1000"));
    check(City::Bijie, &visit(Township), "850.00", "150.00", &[]);
    check(City::Bijie, &visit(Level2), "600.00", "400.00", &[]);
    check(City::Bijie, &visit(Level3), "500.00", "500.00", &[]);
    let spent = with_total(visit(Township), RunningTotal::OutpatientPaid, "400");
    check(City::Bijie, &spent, "700.00", "300.00", &[]);
}

#[test]
fn decision_48_a_ratio_of_in_scope_without_a_deductible() {
    let bill = Bill::ordinary(yuan("500"), Money::ZERO, Money::ZERO, yuan("5500"));
    let bijie = City::Bijie;
    let delivery = Case { bill, ..birth(bijie, Active, Level3, "0", "3", 1) };
    check(bijie, &delivery, "4950.00", "1050.00", &[]);
    let prenatal = Case { bill, ..case(bijie, CareKind::MaternityOutpatient, Active, Level3, bill) };
    assert_yuan(settled(bijie, &prenatal).shares.funds(), "4950.00");
    for city in [City::Bijie, City::Panzhihua] {
        let mut procedure = case(city, CareKind::FamilyPlanning, Active, Level2, bill);
        procedure.maternity.birctrl_type = Some("1".to_owned());
        check(city, &procedure, "4950.00", "1050.00", &[]);
        let outpatient = Case { kind: CareKind::MaternityOutpatient, ..procedure };
        check(city, &outpatient, "4950.00", "1050.00", &[]);
    }
}

#[test]
fn a_birth_without_its_kind_is_asked_for_it_where_sums_depend_on_it() {
    let mut unsaid = birth(City::Panzhihua, Active, Level3, "1850", "1", 1);
    unsaid.maternity.matn_type = None;
    let refusal = refused(City::Panzhihua, &unsaid);
    assert_eq!(refusal.code, Code::FieldMissing);
    assert!(refusal.text.contains("matn_type"));
}
