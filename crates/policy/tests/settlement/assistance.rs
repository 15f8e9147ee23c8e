//! Medical assistance: decisions 35-37.

use crate::facts::*;
use yibao_domain::person::Population::*;
use yibao_domain::provider::BenefitLevel::*;
use yibao_domain::settlement::{CareKind, Case, RunningTotal};

/// A stay whose rest after the pool is `rest`: no room in the annual cap.
fn rest(rest: &str, attributes: &[&str]) -> Case {
    let case = with_total(stay(City::Bijie, Adult, Level2, rest), RunningTotal::BasicPaid, "250000");
    with_attributes(case, attributes)
}

#[test]
fn decision_35_deductible_and_cap_run_over_the_year() {
    let paid = settled_in_turn(City::Bijie, [rest("800", &["2305"]), rest("1500", &["2305"])]);
    assert_eq!(paid.map(|decision| decision.shares.maf.to_string()), ["0.00", "780.00"]);
    let capped = with_total(rest("3000", &["2304"]), RunningTotal::AssistancePaid, "49000");
    assert_yuan(settled(City::Bijie, &capped).shares.maf, "1000.00");
}

#[test]
fn decision_35_chronic_and_special_disease_are_covered_and_ordinary_care_is_not() {
    let visit = |kind, code, name| {
        let case = case(City::Bijie, kind, Adult, Level2, in_scope("1150"));
        settled(City::Bijie, &with_attributes(with_disease(case, code, name), &["2304"])).shares
    };
    // Chronic: (1,150 − 150) × 80 % = 800, rest 350. Special: 1,150 × 80 % = 920, rest 230.
    assert_yuan(visit(CareKind::SpecialDisease, "M04600", "冠心病").maf, "350.00");
    assert_yuan(visit(CareKind::SpecialDisease, "M07801", "慢性肾功能衰竭透析").maf, "230.00");
    assert_yuan(visit(CareKind::Outpatient, "M04600", "冠心病").maf, "0.00");
    assert_yuan(visit(CareKind::TwoDisease, "M03900", "高血压").maf, "0.00");
}

#[test]
fn decision_36_of_several_attributes_the_lowest_class_counts() {
    // An employee's rest of 3,000, before which no second tier comes: 800 + 11,000 × 20 %.
    let employee = stay(City::Bijie, Active, Level3, "11800");
    for (attributes, expected) in [
        (&["2304"][..], "3000.00"),
        (&["2301"], "3000.00"),
        (&["2307"], "3000.00"),
        (&["2303"], "2100.00"),
        (&["2305"], "1200.00"),
        (&["2306"], "500.00"),
        (&["2306", "2303"], "2100.00"),
        (&["2302"], "0.00"),
        (&["2302", "2305"], "1200.00"),
        (&["2308"], "0.00"),
    ] {
        assert_yuan(settled(City::Bijie, &with_attributes(employee.clone(), attributes)).shares.maf, expected);
    }
}

#[test]
fn decision_36_employees_are_assisted_as_well() {
    // 9,200 × 80 % = 7,360; rest 2,640 × 70 %.
    let case = with_attributes(stay(City::Bijie, Active, Level3, "10000"), &["2303"]);
    assert_yuan(settled(City::Bijie, &case).shares.maf, "1848.00");
}
