//! The worked cases of the benefit facts, exactly.

use crate::facts::*;
use jiff::civil::date;
use yibao_domain::catalogue::{Class, SpecialDrug};
use yibao_domain::code::Scheme;
use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::person::Population::*;
use yibao_domain::provider::BenefitLevel::*;
use yibao_domain::settlement::case::{AccountUse, Continued};
use yibao_domain::settlement::{Bill, CareKind, Case, Filing, LineFacts, Place, RunningTotal};

fn line(amount: &str, class: Class, limit: Option<&str>, quantity: i64) -> LineFacts {
    LineFacts {
        quantity: Decimal::from(quantity),
        amount: yuan(amount),
        class,
        limit_price: limit.map(|limit| yuan(limit).as_yuan()),
        self_pay_rate: None,
        own_paid: false,
        special: None,
    }
}

#[test]
fn case_1_a_bijie_residents_first_stay_at_second_level() {
    let rules = City::Bijie.rules(City::Bijie.day());
    let lines = rules.lines(Scheme::Resident, CareKind::Inpatient, true);
    let bill = [
        line("8000", Class::A, None, 1),
        line("3000", Class::B, None, 1),
        line("200", Class::A, Some("0"), 1),
        line("800", Class::C, None, 1),
    ];
    let splits: Vec<_> = bill.iter().map(|line| split(line, &lines)).collect();
    let case = case(City::Bijie, CareKind::Inpatient, Adult, Level2, Bill::of_lines(&splits));
    let decision = settled(City::Bijie, &case);
    assert_yuan(decision.bill(), "12000.00");
    assert_yuan(decision.parts.own_paid, "800.00");
    assert_yuan(decision.parts.over_limit, "200.00");
    assert_yuan(decision.parts.pre_paid, "300.00");
    assert_yuan(decision.parts.in_scope, "10700.00");
    assert_yuan(decision.deductible.met, "300.00");
    assert_eq!(decision.ratio, Rate::percent(80));
    assert_yuan(decision.shares.hifp, "8320.00");
    assert_yuan(decision.shares.hifmi, "0.00");
    assert_yuan(decision.shares.cash, "3680.00");
}

#[test]
fn case_2_a_filed_stay_outside_guizhou_of_a_person_on_subsistence_allowance() {
    let bill = Bill::ordinary(yuan("12000"), yuan("3000"), yuan("9000"), yuan("156000"));
    let case = case(City::Bijie, CareKind::Inpatient, Adult, Level3, bill);
    let case = Case { place: Place::OutOfProvince, filing: Filing::Filed, ..with_attributes(case, &["2303"]) };
    let decision = settled(City::Bijie, &case);
    assert_yuan(decision.deductible.met, "1800.00");
    assert_yuan(decision.shares.hifp, "92520.00");
    assert_yuan(decision.shares.hifmi, "41310.00");
    assert_yuan(decision.shares.maf, "15519.00");
    assert_yuan(decision.shares.cash, "30651.00");
    // 低保 goes before 2302 (decision 31).
    let also_registered_poor = settled(City::Bijie, &with_attributes(case, &["2302", "2303"]));
    assert_eq!(also_registered_poor.shares, decision.shares);
}

#[test]
fn case_3_a_retired_bijie_employee_passes_the_annual_cap() {
    let bill = Bill::ordinary(yuan("2500"), Money::ZERO, yuan("3500"), yuan("54000"));
    let case = case(City::Bijie, CareKind::Inpatient, Retired, Level3, bill);
    let case = with_total(with_stays(case, 1), RunningTotal::BasicPaid, "120000");
    let case = Case { account: AccountUse::Own { balance: yuan("2000") }, ..case };
    let decision = settled(City::Bijie, &case);
    assert_yuan(decision.deductible.standard, "800.00");
    assert_yuan(decision.deductible.this_time, "400.00");
    assert_yuan(decision.deductible.met, "400.00");
    assert_eq!(decision.ratio, Rate::percent(85));
    assert_yuan(decision.shares.hifp, "30000.00");
    assert_yuan(decision.shares.hifob, "16475.29");
    assert_yuan(decision.shares.person, "13524.71");
    assert_yuan(decision.shares.account, "2000.00");
    assert_yuan(decision.shares.cash, "11524.71");
    assert!(decision.accumulated.contains(&(RunningTotal::LargeAmountCost, yuan("18305.88").as_fen())));
    assert_eq!(decision.payments[0].room, Some(yuan("30000")));
}

#[test]
fn case_4_a_panzhihua_resident_with_six_years_has_chemotherapy() {
    let bill = Bill::ordinary(yuan("1000"), Money::ZERO, yuan("2000"), yuan("27000"));
    let mut case = case(City::Panzhihua, CareKind::Inpatient, Adult, Level3, bill);
    case.person.continuous_years = 6;
    case.diagnoses.main = Some("Z51.100".to_owned());
    case.diagnoses.others = vec!["C34.900".to_owned()];
    let decision = settled(City::Panzhihua, &with_total(case, RunningTotal::SecondTierBase, "8000"));
    assert_yuan(decision.deductible.met, "500.00");
    assert_eq!(decision.ratio, Rate::percent(75));
    assert_yuan(decision.shares.hifp, "19875.00");
    assert_yuan(decision.shares.hifmi, "1070.00");
    assert_yuan(decision.shares.cash, "9055.00");
}

#[test]
fn case_5_a_single_payment_drug_meets_its_sub_cap() {
    let day = date(2020, 9, 12);
    let lines = City::Panzhihua.rules(day).lines(Scheme::Employee, CareKind::SpecialDrug, true);
    let drug = LineFacts { special: Some(SpecialDrug::SinglePayment), ..line("9600", Class::B, None, 1) };
    let bill = Bill::of_lines(&[split(&drug, &lines)]);
    let case = Case { day, ..case(City::Panzhihua, CareKind::SpecialDrug, Active, Level3, bill) };
    let case = with_disease(case, "M00500", "恶性肿瘤");
    let decision = settled(City::Panzhihua, &with_total(case.clone(), RunningTotal::SinglePaymentPaid, "145000"));
    assert_yuan(decision.shares.hifp, "5000.00");
    assert_yuan(decision.shares.person, "4600.00");
    assert_yuan(decision.parts.pre_paid, "0.00");
    // With room it would have been the full share.
    assert_yuan(settled(City::Panzhihua, &case).shares.hifp, "7200.00");
}

#[test]
fn case_6_a_transfer_makes_up_the_difference_of_the_deductible() {
    let mut first = stay(City::Panzhihua, Active, Level2, "5000");
    first.person.age = 52;
    let mut second = Case { bill: in_scope("20000"), ..first.clone() };
    second.provider.level = Level3;
    second.provider.deductible_level = Level3;
    second.stay.transfer = Some(Continued { met: yuan("400"), counted: 1 });
    let [first, second] = settled_in_turn(City::Panzhihua, [first, second]);
    assert_yuan(first.shares.hifp, "4232.00");
    assert_yuan(second.deductible.standard, "800.00");
    assert_yuan(second.deductible.met, "400.00");
    assert_yuan(second.shares.hifp, "17052.00");
    assert_yuan(first.shares.hifp.plus(second.shares.hifp), "21284.00");
    let stays = |decision: &yibao_domain::settlement::Decision| {
        decision.accumulated.iter().filter(|(total, _)| *total == RunningTotal::InpatientStays).count()
    };
    assert_eq!((stays(&first), stays(&second)), (1, 0), "a chain is one stay");
}

#[test]
fn case_7_the_pre_payment_is_rounded_on_its_line_and_the_share_once() {
    let lines = City::Bijie.rules(City::Bijie.day()).lines(Scheme::Resident, CareKind::Inpatient, true);
    let parts = |facts| split(&facts, &lines).parts;
    let (a, b) = (parts(line("32.52", Class::A, None, 1)), parts(line("31.77", Class::B, None, 1)));
    assert_yuan(b.pre_paid, "3.18");
    assert_yuan(a.in_scope.plus(b.in_scope), "61.11");
    assert_yuan(a.in_scope.plus(b.in_scope).share(Rate::percent(80)), "48.89");
}
