//! Account, pharmacy, ordinary outpatient, two diseases, chronic and special disease, special drugs:
//! decisions 38-45.

use crate::facts::*;
use jiff::civil::date;
use yibao_domain::catalogue::{Class, SpecialDrug};
use yibao_domain::code::Scheme;
use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::person::Population::{self, *};
use yibao_domain::provider::BenefitLevel::*;
use yibao_domain::refusal::Code;
use yibao_domain::settlement::case::{AccountUse, Place, Qualification};
use yibao_domain::settlement::{Bill, CareKind, Case, Fund, LineFacts, RunningTotal, decide};

#[test]
fn decision_38_the_account_pays_all_that_the_person_owes_if_asked() {
    let bill = Bill::ordinary(yuan("30"), yuan("5"), yuan("10"), yuan("55"));
    let visit = case(City::Bijie, CareKind::Outpatient, Active, Level3, bill);
    let paid = |account, population| {
        let visit = Case { account, ..visit.clone() };
        let visit = if population == Adult {
            Case { scheme: Scheme::Resident, person: yibao_domain::person::PersonFacts::plain(Adult, 40), ..visit }
        } else {
            visit
        };
        let shares = settled(City::Bijie, &visit).shares;
        (shares.account.to_string(), shares.cash.to_string())
    };
    let own = |balance| AccountUse::Own { balance: yuan(balance) };
    assert_eq!(paid(own("1000"), Active), ("100.00".into(), "0.00".into()));
    assert_eq!(paid(own("40"), Active), ("40.00".into(), "60.00".into()));
    assert_eq!(paid(AccountUse::No, Active), ("0.00".into(), "100.00".into()));
    assert_eq!(paid(own("1000"), Adult), ("0.00".into(), "100.00".into()));
    let family = Case { account: AccountUse::Family, ..visit };
    assert_eq!(refused(City::Bijie, &family).code, Code::NotProvided);
}

#[test]
fn decision_38_the_account_is_listed_as_a_payer() {
    let visit = case(City::Bijie, CareKind::Pharmacy, Active, Level1, in_scope("88"));
    let decision = settled(City::Bijie, &Case { account: AccountUse::Own { balance: yuan("100") }, ..visit });
    assert_eq!(decision.paid_by(Fund::PersonalAccount), yuan("88"));
    assert_eq!(decision.shares.funds(), Money::ZERO);
}

#[test]
fn decision_39_no_fund_pays_at_a_pharmacy() {
    for (city, population) in
        [(City::Bijie, Adult), (City::Bijie, Active), (City::Panzhihua, Minor), (City::Panzhihua, Retired)]
    {
        let decision = settled(city, &case(city, CareKind::Pharmacy, population, Level1, in_scope("88")));
        assert_yuan(decision.shares.funds(), "0.00");
        assert_yuan(decision.shares.cash, "88.00");
    }
}

#[test]
fn decision_40_employees_have_no_outpatient_pooling_yet() {
    for city in [City::Bijie, City::Panzhihua] {
        let decision = settled(city, &case(city, CareKind::Outpatient, Active, Level1, in_scope("88")));
        assert_yuan(decision.shares.funds(), "0.00");
    }
}

fn visits(city: City, level: yibao_domain::provider::BenefitLevel, yuan: &str) -> Case {
    case(city, CareKind::Outpatient, Adult, level, in_scope(yuan))
}

#[test]
fn decision_41_day_and_year_caps_of_the_providers_kind() {
    let paid = settled_in_turn(
        City::Bijie,
        [
            visits(City::Bijie, Township, "50"),
            visits(City::Bijie, Township, "40"),
            visits(City::Bijie, Village, "30"),
            visits(City::Bijie, Level2, "300"),
        ],
    );
    assert_eq!(paid.map(|decision| decision.shares.hifp.to_string()), ["45.00", "15.00", "0.00", "0.00"]);
    for (level, expected) in
        [(Level1, "60.00"), (Township, "60.00"), (Community, "60.00"), (Village, "40.00"), (Level3, "0.00")]
    {
        assert_yuan(settled(City::Bijie, &visits(City::Bijie, level, "500")).shares.hifp, expected);
    }
    let late = with_total(visits(City::Bijie, Township, "500"), RunningTotal::OutpatientPaid, "390");
    assert_yuan(settled(City::Bijie, &late).shares.hifp, "10.00");
}

#[test]
fn decision_41_panzhihua_pays_sixty_per_cent_at_base_level_up_to_two_hundred_a_year() {
    for (level, expected) in
        [(Village, "60.00"), (Community, "60.00"), (Level1, "60.00"), (Level2, "0.00"), (Level3, "0.00")]
    {
        assert_yuan(settled(City::Panzhihua, &visits(City::Panzhihua, level, "100")).shares.hifp, expected);
    }
    let late = with_total(visits(City::Panzhihua, Level1, "500"), RunningTotal::OutpatientPaid, "150");
    assert_yuan(settled(City::Panzhihua, &late).shares.hifp, "50.00");
}

fn two_disease(city: City, level: yibao_domain::provider::BenefitLevel, yuan: &str, diseases: &[(&str, &str)]) -> Case {
    let visit = case(city, CareKind::TwoDisease, Adult, level, in_scope(yuan));
    diseases.iter().fold(visit, |visit, (code, name)| with_disease(visit, code, name))
}

const HYPERTENSION: (&str, &str) = ("M03900", "高血压");
const DIABETES: (&str, &str) = ("M01600", "糖尿病");

#[test]
fn decision_42_two_diseases_have_one_common_cap() {
    let both = &[HYPERTENSION, DIABETES][..];
    for (city, level, amount, diseases, expected) in [
        (City::Bijie, Township, "100", &[HYPERTENSION][..], "90.00"),
        (City::Bijie, Level2, "100", &[HYPERTENSION][..], "80.00"),
        (City::Bijie, Level3, "100", &[DIABETES][..], "70.00"),
        (City::Bijie, Level1, "5000", &[HYPERTENSION][..], "800.00"),
        (City::Bijie, Level1, "5000", &[DIABETES][..], "1200.00"),
        (City::Bijie, Level1, "5000", both, "2000.00"),
        (City::Panzhihua, Level2, "100", &[HYPERTENSION][..], "50.00"),
        (City::Panzhihua, Level3, "100", &[HYPERTENSION][..], "0.00"),
        (City::Panzhihua, Level1, "5000", &[HYPERTENSION][..], "200.00"),
        (City::Panzhihua, Level1, "5000", &[DIABETES][..], "300.00"),
        (City::Panzhihua, Level1, "5000", both, "500.00"),
    ] {
        assert_yuan(settled(city, &two_disease(city, level, amount, diseases)).shares.hifp, expected);
    }
    let none = two_disease(City::Bijie, Level1, "100", &[("M04600", "冠心病")]);
    assert_eq!(refused(City::Bijie, &none).code, Code::NotQualified);
    let employee = with_disease(
        case(City::Bijie, CareKind::TwoDisease, Active, Level1, in_scope("100")),
        HYPERTENSION.0,
        HYPERTENSION.1,
    );
    assert_eq!(refused(City::Bijie, &employee).code, Code::NotProvided);
}

#[test]
fn decision_42_is_no_part_of_the_ordinary_outpatient_cap() {
    let spent =
        with_total(two_disease(City::Bijie, Level1, "100", &[HYPERTENSION]), RunningTotal::OutpatientPaid, "400");
    assert_yuan(settled(City::Bijie, &spent).shares.hifp, "90.00");
}

fn disease(
    city: City,
    population: Population,
    level: yibao_domain::provider::BenefitLevel,
    yuan: &str,
    code: &str,
    name: &str,
) -> Case {
    with_disease(case(city, CareKind::SpecialDisease, population, level, in_scope(yuan)), code, name)
}

#[test]
fn decision_43_the_chronic_deductible_is_met_once_a_year() {
    let visit = |level, yuan| disease(City::Bijie, Adult, level, yuan, "M04600", "冠心病");
    let paid = settled_in_turn(City::Bijie, [visit(Level2, "100"), visit(Level1, "150"), visit(Level3, "100")]);
    assert_eq!(paid.clone().map(|decision| decision.deductible.met.to_string()), ["100.00", "50.00", "0.00"]);
    assert_eq!(paid.map(|decision| decision.shares.hifp.to_string()), ["0.00", "90.00", "70.00"]);
}

#[test]
fn decision_43_chronic_care_has_a_cap_of_its_own() {
    let one = disease(City::Bijie, Adult, Level1, "20150", "M04600", "冠心病");
    assert_yuan(settled(City::Bijie, &one).shares.hifp, "8000.00");
    let mut several = with_disease(one, "M01600", "糖尿病");
    several.disease_code = Some("M04600".to_owned());
    assert_yuan(settled(City::Bijie, &several).shares.hifp, "10000.00");
    // Not a part of the annual basic cap (decision 25).
    let spent = with_total(several, RunningTotal::BasicPaid, "250000");
    let decision = settled(City::Bijie, &spent);
    assert_yuan(decision.shares.hifp, "10000.00");
    assert!(decision.accumulated.iter().all(|(total, _)| *total != RunningTotal::BasicPaid));
    let employee = disease(City::Bijie, Retired, Level3, "1150", "M04600", "冠心病");
    assert_yuan(settled(City::Bijie, &employee).shares.hifp, "850.00");
}

#[test]
fn decision_43_special_disease_has_no_deductible_and_shares_the_basic_cap() {
    let special = disease(City::Bijie, Adult, Level3, "1000", "M00500", "恶性肿瘤门诊治疗");
    assert_yuan(settled(City::Bijie, &special).shares.hifp, "700.00");
    let near = with_total(special, RunningTotal::BasicPaid, "249900");
    assert_yuan(settled(City::Bijie, &near).shares.hifp, "100.00");
}

#[test]
fn decision_43_the_named_disease_must_be_recognised_on_the_day() {
    let mut visit = disease(City::Bijie, Adult, Level3, "1000", "M04600", "冠心病");
    visit.disease_code = Some("M00500".to_owned());
    assert_eq!(refused(City::Bijie, &visit).code, Code::NotQualified);
    let mut ended = disease(City::Bijie, Adult, Level3, "1000", "M04600", "冠心病");
    ended.qualifications[0].end = Some(date(2021, 6, 30));
    assert_eq!(refused(City::Bijie, &ended).code, Code::NotQualified);
}

#[test]
fn decision_44_the_highest_level_used_so_far_sets_the_yearly_deductible() {
    let visit = |level, yuan| disease(City::Panzhihua, Adult, level, yuan, "M04600", "冠心病");
    let paid = settled_in_turn(City::Panzhihua, [visit(Level2, "1000"), visit(Level3, "1000")]);
    assert_eq!(paid.map(|decision| decision.shares.hifp.to_string()), ["560.00", "420.00"]);
    // Third level first: 100 of 500 met; the rest is due at first level too.
    let paid = settled_in_turn(City::Panzhihua, [visit(Level3, "100"), visit(Level1, "1000"), visit(Level2, "100")]);
    assert_eq!(paid.clone().map(|decision| decision.deductible.met.to_string()), ["100.00", "400.00", "0.00"]);
    assert_eq!(paid.map(|decision| decision.shares.hifp.to_string()), ["0.00", "450.00", "70.00"]);
}

#[test]
fn decision_44_the_standard_is_this_hospitals_while_the_highest_sets_what_is_due() {
    let visit = disease(City::Panzhihua, Adult, Level2, "1000", "M04600", "冠心病");
    let visit = with_total(visit, RunningTotal::SpecialDiseaseDeductibleStandard, "500");
    let visit = with_total(visit, RunningTotal::SpecialDiseaseDeductibleMet, "300");
    let deductible = settled(City::Panzhihua, &visit).deductible;
    assert_yuan(deductible.standard, "200.00");
    assert_yuan(deductible.this_time, "200.00");
    assert_yuan(deductible.met, "200.00");
}

#[test]
fn decision_44_all_additions_count_and_the_deductible_stands_apart_from_stays() {
    let cancer = disease(City::Panzhihua, Adult, Level3, "1500", "M00500", "恶性肿瘤门诊放化疗");
    let decision = settled(City::Panzhihua, &with_stays(cancer, 3));
    assert_eq!(decision.ratio, Rate::percent(70));
    assert_yuan(decision.deductible.met, "500.00");
    assert_yuan(decision.shares.hifp, "700.00");
    let mut employee = disease(City::Panzhihua, Retired, Community, "1160", "M04600", "冠心病");
    employee.person.age = 62;
    let decision = settled(City::Panzhihua, &employee);
    assert_yuan(decision.deductible.met, "160.00");
    assert_yuan(decision.shares.hifp, "990.00"); // 95 + 4
}

#[test]
fn decision_42_a_qualification_that_says_two_diseases_is_no_chronic_status() {
    let as_chronic = disease(City::Bijie, Adult, Level1, "1000", "M03900", "高血压（两病）");
    assert_eq!(refused(City::Bijie, &as_chronic).code, Code::NotQualified);
    // One chronic disease beside it: the cap of one, 8,000.
    let beside = with_disease(disease(City::Bijie, Adult, Level1, "20000", "M04600", "冠心病"), "M03900", "两病高血压");
    let beside = Case { disease_code: Some("M04600".into()), ..beside };
    assert_yuan(settled(City::Bijie, &beside).shares.hifp, "8000.00");
}

fn drug(city: City, kind: CareKind, population: Population, special: SpecialDrug, amount: &str) -> Case {
    let scheme = if population == Adult { Scheme::Resident } else { Scheme::Employee };
    let line = LineFacts {
        quantity: Decimal::ONE,
        amount: yuan(amount),
        class: Class::B,
        limit_price: None,
        self_pay_rate: Some(Rate::percent(20)),
        own_paid: false,
        special: Some(special),
    };
    let rules = city.rules(city.day()).lines(scheme, kind, true);
    let bill = Bill::of_lines(&[split(&line, &rules)]);
    with_disease(case(city, kind, population, Level3, bill), "M00500", "恶性肿瘤")
}

#[test]
fn decision_45_special_drugs_are_paid_at_a_ratio_of_their_own() {
    use SpecialDrug::{HighValue, SinglePayment};
    for kind in [CareKind::SpecialDrug, CareKind::Pharmacy] {
        for (population, special, expected) in [
            (Active, SinglePayment, "7200.00"),
            (Adult, SinglePayment, "6240.00"),
            (Active, HighValue, "6480.00"),
            (Adult, HighValue, "5616.00"),
        ] {
            let decision = settled(City::Panzhihua, &drug(City::Panzhihua, kind, population, special, "9600"));
            assert_yuan(decision.shares.hifp, expected);
            assert_yuan(decision.deductible.met, "0.00");
            assert_yuan(decision.shares.hifmi, "0.00");
        }
    }
}

#[test]
fn decision_45_sub_cap_then_room_in_the_basic_cap() {
    let single = drug(City::Panzhihua, CareKind::SpecialDrug, Active, SpecialDrug::SinglePayment, "9600");
    let high = drug(City::Panzhihua, CareKind::SpecialDrug, Active, SpecialDrug::HighValue, "9600");
    let spent = |case: &Case| with_total(case.clone(), RunningTotal::SinglePaymentPaid, "150000");
    assert_yuan(settled(City::Panzhihua, &spent(&single)).shares.hifp, "0.00");
    assert_yuan(settled(City::Panzhihua, &spent(&high)).shares.hifp, "6480.00");
    let near = with_total(single, RunningTotal::BasicPaid, "299000");
    let decision = settled(City::Panzhihua, &near);
    assert_yuan(decision.shares.hifp, "1000.00");
    assert!(decision.accumulated.contains(&(RunningTotal::BasicPaid, 100_000)));
    assert!(decision.accumulated.contains(&(RunningTotal::SinglePaymentPaid, 100_000)));
}

#[test]
fn decision_45_needs_a_qualification_certified_by_the_purchase_day() {
    let mut purchase = drug(City::Panzhihua, CareKind::SpecialDrug, Active, SpecialDrug::SinglePayment, "9600");
    purchase.qualifications[0].begin = date(2020, 9, 2);
    assert_eq!(refused(City::Panzhihua, &purchase).code, Code::NotQualified);
    purchase.qualifications[0].begin = date(2020, 9, 1);
    settled(City::Panzhihua, &purchase);
    purchase.qualifications.clear();
    assert_eq!(refused(City::Panzhihua, &purchase).code, Code::NotQualified);
    // A qualification for special drugs as such is as good as a recognised disease, and is no disease itself.
    for (certified, qualified) in [(date(2020, 9, 1), true), (date(2020, 9, 2), false)] {
        let mut filed = purchase.clone();
        filed.qualifications.push(Qualification::special_drug(certified, None));
        assert_eq!(decide(&filed, &City::Panzhihua.rules(filed.day)).is_ok(), qualified, "{certified}");
        let visit = Case { kind: CareKind::SpecialDisease, ..filed };
        assert_eq!(refused(City::Panzhihua, &visit).code, Code::NotQualified);
    }
    // At a pharmacy's till the person may still buy it.
    let till = Case { kind: CareKind::Pharmacy, ..purchase.clone() };
    assert_yuan(settled(City::Panzhihua, &till).shares.cash, "9600.00");
    // Chronic hypertension certifies no special drug.
    let hypertension = with_disease(purchase, HYPERTENSION.0, HYPERTENSION.1);
    assert_eq!(refused(City::Panzhihua, &hypertension).code, Code::NotQualified);
}

#[test]
fn decision_45_only_a_supplying_institution_is_paid() {
    use SpecialDrug::SinglePayment;
    let mut purchase = drug(City::Panzhihua, CareKind::SpecialDrug, Active, SinglePayment, "9600");
    purchase.provider.supplies_special_drugs = false;
    assert_eq!(refused(City::Panzhihua, &purchase).code, Code::ProviderKind);
    // A pharmacy that is none prices the drug as any other: 20 % by its row, and no fund pays.
    let rules = City::Panzhihua.rules(City::Panzhihua.day());
    assert!(!rules.lines(Scheme::Employee, CareKind::Pharmacy, false).special_drugs);
}

#[test]
fn decision_45_bijie_has_no_special_drugs() {
    let purchase = drug(City::Bijie, CareKind::SpecialDrug, Active, SpecialDrug::SinglePayment, "9600");
    assert_eq!(refused(City::Bijie, &purchase).code, Code::NotProvided);
    // In a stay the drug is an ordinary class-B one.
    let stay = drug(City::Bijie, CareKind::Inpatient, Adult, SpecialDrug::SinglePayment, "9600");
    assert_yuan(settled(City::Bijie, &stay).parts.pre_paid, "1920.00");
}

#[test]
fn ordinary_outpatient_care_elsewhere_is_the_persons() {
    let visit = Case { place: Place::OutOfProvince, ..visits(City::Bijie, Township, "50") };
    assert_yuan(settled(City::Bijie, &visit).shares.hifp, "0.00");
}
