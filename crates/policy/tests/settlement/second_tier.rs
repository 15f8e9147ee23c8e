//! Second tier, large amount, ceilings and the civil-servant subsidy: decisions 27-34.

use crate::facts::*;
use yibao_domain::money::Money;
use yibao_domain::person::Population::*;
use yibao_domain::provider::BenefitLevel::*;
use yibao_domain::settlement::{Bill, CareKind, Case, Place, RunningTotal};

/// A stay whose rest after the pool is `rest`: the pool has no room, so that all of in-scope is rest.
fn rest(city: City, rest: &str) -> Case {
    let cap = if city == City::Bijie { "250000" } else { "300000" };
    with_total(stay(city, Adult, Level2, rest), RunningTotal::BasicPaid, cap)
}

#[test]
fn decision_27_a_settlement_pays_the_rounded_difference() {
    let paid = settled_in_turn(
        City::Bijie,
        [rest(City::Bijie, "3500"), rest(City::Bijie, "60000"), rest(City::Bijie, "50000.01")],
    );
    assert_eq!(paid.map(|decision| decision.shares.hifmi.to_string()), ["0.00", "37050.00", "36350.01"]);
}

#[test]
fn decision_27_only_in_policy_rest_feeds_the_base() {
    let bill = Bill::ordinary(yuan("50000"), yuan("20000"), yuan("10000"), yuan("10300"));
    let decision = settled(City::Bijie, &case(City::Bijie, CareKind::Inpatient, Adult, Level2, bill));
    assert_yuan(decision.shares.hifmi, "0.00");
    assert!(decision.accumulated.contains(&(RunningTotal::SecondTierBase, yuan("2300").as_fen())));
}

#[test]
fn decision_28_panzhihua_measures_the_edges_above_the_deductible() {
    let paid = settled_in_turn(City::Panzhihua, [rest(City::Panzhihua, "10000"), rest(City::Panzhihua, "30000")]);
    assert_eq!(paid.map(|decision| decision.shares.hifmi.to_string()), ["0.00", "16831.40"]);
}

#[test]
fn decision_29_special_disease_feeds_it_in_panzhihua_only() {
    let visit = |city| {
        let case = case(city, CareKind::SpecialDisease, Adult, Level2, in_scope("50000"));
        with_disease(case, "M00500", "恶性肿瘤门诊治疗")
    };
    let fed = |city| {
        let decision = settled(city, &visit(city));
        decision.accumulated.iter().any(|(total, _)| *total == RunningTotal::SecondTierBase)
    };
    assert!(fed(City::Panzhihua));
    assert!(!fed(City::Bijie));
}

#[test]
fn decision_30_special_groups_have_better_terms() {
    // 2,000 to 50,000 at 65 %, then 75 %.
    let bijie = with_attributes(rest(City::Bijie, "63480"), &["2304"]);
    assert_yuan(settled(City::Bijie, &bijie).shares.hifmi, "41310.00");
    let panzhihua = with_attributes(rest(City::Panzhihua, "20000"), &["2305"]);
    assert_yuan(settled(City::Panzhihua, &panzhihua).shares.hifmi, "8779.88");
    // Low-income is no special group in Bijie: 46,000 × 60 % + 13,480 × 70 %.
    let low_income = with_attributes(rest(City::Bijie, "63480"), &["2305"]);
    assert_yuan(settled(City::Bijie, &low_income).shares.hifmi, "37036.00");
}

#[test]
fn decision_30_the_ceiling_is_for_others_only() {
    let near = |attributes: &[&str]| {
        let case = with_total(rest(City::Bijie, "100000"), RunningTotal::SecondTierPaid, "490000");
        let case = with_total(case, RunningTotal::SecondTierBase, "650000");
        settled(City::Bijie, &with_attributes(case, attributes)).shares.hifmi
    };
    assert_yuan(near(&[]), "10000.00");
    assert_yuan(near(&["2303"]), "85000.00");
    assert_yuan(near(&["2302"]), "80000.00");
}

#[test]
fn decision_31_registered_poor_have_bands_of_their_own_until_the_end_of_2021() {
    let poor = with_attributes(rest(City::Bijie, "20000"), &["2302"]);
    assert_yuan(settled(City::Bijie, &poor).shares.hifmi, "12150.00");
    let later = Case { day: jiff::civil::date(2022, 1, 1), ..poor.clone() };
    assert_yuan(settled(City::Bijie, &later).shares.hifmi, "9600.00"); // 16,000 × 60 %
    let last_day = Case { day: jiff::civil::date(2021, 12, 31), ..poor };
    assert_yuan(settled(City::Bijie, &last_day).shares.hifmi, "12150.00");
}

#[test]
fn decision_31_assistance_lifts_a_stay_in_the_own_county_to_ninety_per_cent() {
    let poor = with_attributes(stay(City::Bijie, Adult, Level2, "10000"), &["2302"]);
    let at_home = Case { own_county: true, ..poor.clone() };
    let decision = settled(City::Bijie, &at_home);
    assert_yuan(decision.shares.hifp, "7760.00");
    assert_yuan(decision.shares.hifmi, "0.00");
    assert_yuan(decision.shares.maf, "1240.00");
    assert_yuan(settled(City::Bijie, &poor).shares.maf, "0.00");
    // 低保 goes before 2302: (2,240 − 2,000) × 65 % = 156, then class 2, 70 % of 2,084.
    let allowance = with_attributes(at_home.clone(), &["2302", "2303"]);
    assert_yuan(settled(City::Bijie, &allowance).shares.maf, "1458.80");
    let later = Case { day: jiff::civil::date(2022, 1, 1), ..at_home };
    assert_yuan(settled(City::Bijie, &later).shares.maf, "0.00");
}

#[test]
fn decision_31_lifts_residents_alone() {
    let poor = Case { own_county: true, ..with_attributes(stay(City::Bijie, Active, Level2, "10000"), &["2302"]) };
    assert_yuan(settled(City::Bijie, &poor).shares.maf, "0.00");
}

#[test]
fn decision_32_cost_beyond_the_cap_runs_through_the_bands_over_the_year() {
    let beyond = with_total(stay(City::Bijie, Active, Level3, "30000"), RunningTotal::BasicPaid, "150000");
    let beyond = with_total(beyond, RunningTotal::LargeAmountCost, "190000");
    assert_yuan(settled(City::Bijie, &beyond).shares.hifob, "26000.00");
    let below = stay(City::Bijie, Active, Level3, "30000");
    assert_yuan(settled(City::Bijie, &below).shares.hifob, "0.00");
    // Panzhihua: 77 % of the cost beyond. Room 8,500 at 85 % consumes 10,000 of 19,200.
    let panzhihua = with_total(stay(City::Panzhihua, Active, Level3, "20000"), RunningTotal::BasicPaid, "291500");
    let decision = settled(City::Panzhihua, &panzhihua);
    assert_yuan(decision.shares.hifp, "8500.00");
    assert_yuan(decision.shares.hifob, "7084.00"); // 9,200 × 77 %
}

#[test]
fn decision_33_the_bijie_ceiling_covers_pool_and_large_amount_together() {
    let case = with_total(stay(City::Bijie, Active, Level3, "30000"), RunningTotal::BasicPaid, "150000");
    let case = with_total(case, RunningTotal::LargeAmountPaid, "340000");
    let case = with_total(case, RunningTotal::LargeAmountCost, "388235.29");
    assert_yuan(settled(City::Bijie, &case).shares.hifob, "10000.00");
}

#[test]
fn decision_34_the_civil_servant_subsidy_takes_its_share_of_the_rest() {
    for (population, expected) in [(Active, "2376.00"), (Retired, "2071.00")] {
        // 10,000 at third level: 9,200 × 80 % = 7,360, rest 2,640 × 90 %; 9,200 × 85 % = 7,820, rest 2,180 × 95 %.
        let mut case = stay(City::Bijie, population, Level3, "10000");
        assert_yuan(settled(City::Bijie, &case).shares.cvlserv, "0.00");
        case.person.civil_servant = true;
        assert_yuan(settled(City::Bijie, &case).shares.cvlserv, expected);
    }
    let mut chronic =
        with_disease(case(City::Bijie, CareKind::SpecialDisease, Active, Level3, in_scope("1000")), "M04600", "冠心病");
    chronic.person.civil_servant = true;
    assert_yuan(settled(City::Bijie, &chronic).shares.cvlserv, "0.00");
}

#[test]
fn decision_34_the_subsidy_goes_before_assistance() {
    let mut case = with_attributes(stay(City::Bijie, Active, Level3, "10000"), &["2303"]);
    case.person.civil_servant = true;
    let decision = settled(City::Bijie, &case);
    assert_yuan(decision.shares.cvlserv, "2376.00");
    assert_yuan(decision.shares.maf, "184.80"); // 264 × 70 %
}

#[test]
fn remote_stays_feed_the_second_tier_as_well() {
    let outside = Case { place: Place::OutOfProvince, ..stay(City::Bijie, Adult, Level3, "22000") };
    let decision = settled(City::Bijie, &outside);
    assert_yuan(decision.shares.hifp, "10000.00"); // 20,000 × 50 %
    assert_yuan(decision.shares.hifmi, "4800.00"); // (12,000 − 4,000) × 60 %
    assert_eq!(decision.shares.maf, Money::ZERO);
}
