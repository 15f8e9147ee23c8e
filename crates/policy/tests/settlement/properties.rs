//! What holds for every settlement, whatever the person, the bill and the year before it.

use crate::facts::*;
use proptest::prelude::*;
use yibao_domain::ledger::{Journal, Side};
use yibao_domain::money::{Money, Rate};
use yibao_domain::person::Population;
use yibao_domain::provider::BenefitLevel;
use yibao_domain::settlement::case::{AccountUse, Continued, Diagnoses, StayFacts};
use yibao_domain::settlement::rules::{Band, BandBase, Bands, Cap, CapOn, Figure, Repetition};
use yibao_domain::settlement::totals::Unit;
use yibao_domain::settlement::{
    Bill, CareKind, Case, Decision, Filing, Fund, Place, Rules, RunningTotal, Totals, decide,
};

fn amount() -> impl Strategy<Value = Money> {
    prop_oneof![0i64..100, 0i64..500_000, 0i64..100_000_000].prop_map(Money::fen)
}

fn city() -> impl Strategy<Value = City> {
    prop_oneof![Just(City::Bijie), Just(City::Panzhihua)]
}

fn kind() -> impl Strategy<Value = CareKind> {
    proptest::sample::select(CareKind::ALL.to_vec())
}

prop_compose! {
    fn bill()(own in amount(), over in amount(), pre in amount(), scope in amount()) -> Bill {
        Bill::ordinary(own, over, pre, scope)
    }
}

prop_compose! {
    fn cases()(
        city in city(),
        kind in kind(),
        population in proptest::sample::select(vec![Population::Active, Population::Retired, Population::Adult, Population::Minor]),
        level in proptest::sample::select(BenefitLevel::ALL.to_vec()),
        place in proptest::sample::select(vec![Place::Home, Place::InProvince, Place::OutOfProvince]),
        filing in proptest::sample::select(vec![Filing::None, Filing::Filed, Filing::Emergency, Filing::LongTerm]),
        attributes in proptest::sample::subsequence(vec!["2302", "2303", "2304", "2305", "2306"], 0..3),
        (bill, single, balance, own_county, civil_servant) in (bill(), amount(), amount(), any::<bool>(), any::<bool>()),
        (age, years, cancer) in (0i16..100, 0u32..10, any::<bool>()),
        met in proptest::option::of((0i64..100_000, 0u32..3)),
        totals in proptest::collection::vec(0i64..60_000_000, RunningTotal::ALL.len()),
        some_totals in any::<bool>(),
        matn in proptest::sample::select(vec!["1", "3", "6", "7", "9"]),
    ) -> (City, Case) {
        let mut case = with_attributes(case(city, kind, population, level, bill), &attributes);
        if kind == CareKind::SpecialDrug {
            case.bill.single_payment.in_scope = single;
        }
        case.place = place;
        case.filing = filing;
        case.own_county = own_county;
        case.person.civil_servant = civil_servant;
        case.person.age = age;
        case.person.continuous_years = years;
        case.diagnoses = Diagnoses { main: cancer.then(|| "C34.9".to_owned()), others: Vec::new() };
        case.account = AccountUse::Own { balance };
        case.stay = StayFacts { transfer: met.map(|(fen, counted)| Continued { met: Money::fen(fen), counted }), ..StayFacts::default() };
        case.maternity.matn_type = Some(matn.to_owned());
        case.maternity.weeks = Some(20);
        for (total, value) in RunningTotal::ALL.iter().zip(totals) {
            let value = if total.unit() == Unit::Count { value % 5 } else { value };
            case.totals.set(*total, if some_totals { value } else { 0 });
        }
        (city, with_disease(case, "M03900", "高血压"))
    }
}

prop_compose! {
    /// Rules that no city has: other amounts, ratios, bands and caps, on payment or on cost.
    fn odd_rules()(
        city in city(),
        amounts in proptest::collection::vec(1i64..30_000_000, 6),
        percents in proptest::collection::vec(1i64..=100, 6),
        on_cost in any::<bool>(),
        above in any::<bool>(),
    ) -> Rules {
        let mut rules = Rules::clone(&city.rules(city.day()));
        let (amount, rate) = (|i: usize| Money::fen(amounts[i]), |i: usize| Rate::percent(percents[i]));
        let bands = Bands {
            deductible: amount(0),
            base: if above { BandBase::AboveDeductible } else { BandBase::Whole },
            bands: vec![Band { up_to: Some(amount(1)), rate: rate(0) }, Band { up_to: None, rate: rate(1) }],
        };
        let cap = Cap { amount: amount(2), on: if on_cost { CapOn::Cost } else { CapOn::Payment } };
        for scheme in [&mut rules.employee, &mut rules.resident] {
            set(&mut scheme.inpatient.annual_cap, cap);
            set(&mut scheme.inpatient.ratio_max, rate(2));
            set(&mut scheme.inpatient.repetition, Repetition::Shares(vec![rate(3), rate(4)]));
            set(&mut scheme.second_tier.bands, bands.clone());
            set(&mut scheme.large_amount.bands, bands.clone());
            set(&mut scheme.assistance.cap, amount(3));
            set(&mut scheme.special_drug.ratio, rate(5));
            set(&mut scheme.outpatient.year_deductible, amount(4));
            set(&mut scheme.special_disease.chronic_deductible, amount(5));
        }
        rules
    }
}

/// Another value for a figure that the rules have.
fn set<T>(figure: &mut Option<Figure<T>>, value: T) {
    if let Some(figure) = figure {
        figure.value = value;
    }
}

/// Refusals are answers too; identities are asserted inside.
fn decided(city: City, case: &Case) -> Option<Decision> {
    decide(case, &city.rules(case.day)).ok()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_settlement_balances_and_mirrors((city, case) in cases()) {
        if let Some(decision) = decided(city, &case) {
            let journal = Journal::of_settlement(&decision);
            let mirror = journal.mirrored();
            let sum = |journal: &Journal| journal.postings().iter().map(|posting| match posting.side {
                Side::Debit => posting.amount.as_fen(),
                Side::Credit => -posting.amount.as_fen(),
            }).sum::<i64>();
            prop_assert_eq!((sum(&journal), sum(&mirror)), (0, 0));
            for (posting, mirrored) in journal.postings().iter().zip(mirror.postings()) {
                prop_assert_eq!(posting.account, mirrored.account);
                prop_assert_eq!(posting.amount, mirrored.amount);
                prop_assert_ne!(posting.side, mirrored.side);
            }
            let mut totals = case.totals.clone();
            totals.add(&decision.accumulated);
            let undone: Vec<_> = decision.accumulated.iter().map(|(total, delta)| (*total, -delta)).collect();
            totals.add(&undone);
            for total in RunningTotal::ALL {
                prop_assert_eq!(totals.get(*total), case.totals.get(*total));
            }
        }
    }

    #[test]
    fn funds_stay_within_scope_except_for_fixed_sums((city, case) in cases()) {
        if let Some(decision) = decided(city, &case) && !case.kind.is_maternity() {
            prop_assert!(decision.shares.funds() <= decision.parts.in_scope);
        }
    }

    #[test]
    fn no_payment_exceeds_its_room((city, case) in cases()) {
        if let Some(decision) = decided(city, &case) {
            for payment in &decision.payments {
                prop_assert!(payment.room.is_none_or(|room| payment.amount <= room), "{:?}", payment);
            }
        }
    }

    #[test]
    fn a_larger_bill_never_costs_the_funds_less((city, case) in cases(), more in 0i64..10_000_000) {
        let mut larger = case.clone();
        larger.bill.ordinary.in_scope = larger.bill.ordinary.in_scope.plus(Money::fen(more));
        if let (Some(small), Some(large)) = (decided(city, &case), decided(city, &larger)) {
            // Where a cap moves cost between payers each rounds for itself, once: a few fen.
            let slack = Money::fen(4);
            prop_assert!(small.shares.funds() <= large.shares.funds().plus(slack), "{:?} {:?}", small, large);
        }
    }

    #[test]
    fn odd_rules_keep_the_identities_as_well((_, case) in cases(), rules in odd_rules()) {
        if let Ok(decision) = decide(&case, &rules) {
            let journal = Journal::of_settlement(&decision);
            prop_assert_eq!(journal.mirrored().mirrored(), journal);
            if !case.kind.is_maternity() {
                prop_assert!(decision.shares.funds() <= decision.parts.in_scope);
            }
            for payment in &decision.payments {
                prop_assert!(payment.amount > Money::ZERO);
            }
        }
    }

    /// A person's whole year, every kind of care in any order.
    #[test]
    fn a_year_of_any_care_never_passes_a_cap(
        city in city(),
        resident in any::<bool>(),
        attribute in proptest::sample::select(vec!["", "2302", "2303", "2305"]),
        visits in proptest::collection::vec(
            (kind(), proptest::sample::select(BenefitLevel::ALL.to_vec()), 1i64..20_000_000), 1..30),
    ) {
        let population = if resident { Population::Adult } else { Population::Active };
        let mut totals = Totals::default();
        for (kind, level, fen) in visits {
            let bill = Bill::ordinary(Money::ZERO, Money::ZERO, Money::ZERO, Money::fen(fen));
            let mut case = with_attributes(case(city, kind, population, level, bill), &[attribute]);
            if kind == CareKind::SpecialDrug {
                std::mem::swap(&mut case.bill.ordinary, &mut case.bill.single_payment);
            }
            case = with_disease(with_disease(case, "M03900", "高血压"), "M00500", "恶性肿瘤");
            case.disease_code = Some(if fen % 2 == 0 { "M03900" } else { "M00500" }.to_owned());
            case.totals = totals.clone();
            if let Some(decision) = decided(city, &case) {
                totals.add(&decision.accumulated);
            }
        }
        let basic = match (city, resident) {
            (City::Bijie, true) => 250_000,
            (City::Bijie, false) => 150_000,
            (City::Panzhihua, _) => 300_000,
        };
        for (total, most) in [
            (RunningTotal::BasicPaid, basic),
            (RunningTotal::OutpatientPaid, if city == City::Bijie { 400 } else { 200 }),
            (RunningTotal::OutpatientPaidDay, if city == City::Bijie { 60 } else { 200 }),
            (RunningTotal::ChronicPaid, 8_000),
            (RunningTotal::ChronicDeductibleMet, 150),
            (RunningTotal::SpecialDiseaseDeductibleMet, 800),
            (RunningTotal::TwoDiseasePaid, if city == City::Bijie { 800 } else { 200 }),
            (RunningTotal::SinglePaymentPaid, 150_000),
            (RunningTotal::AssistancePaid, 50_000),
        ] {
            prop_assert!(totals.money(total) <= Money::yuan(most), "{} {}", total.name(), totals.money(total));
        }
    }

    #[test]
    fn a_year_of_stays_never_passes_its_caps(
        city in city(),
        resident in any::<bool>(),
        bills in proptest::collection::vec(1_000_000i64..40_000_000, 1..8),
    ) {
        let population = if resident { Population::Adult } else { Population::Active };
        let mut totals = Totals::default();
        let (mut pool, mut second, mut large) = (Money::ZERO, Money::ZERO, Money::ZERO);
        for fen in bills {
            let bill = Bill::ordinary(Money::ZERO, Money::ZERO, Money::ZERO, Money::fen(fen));
            let case = case(city, CareKind::Inpatient, population, BenefitLevel::Level3, bill);
            let decision = settled(city, &Case { totals: totals.clone(), ..case });
            totals.add(&decision.accumulated);
            pool = pool.plus(decision.shares.hifp);
            second = second.plus(decision.shares.hifmi);
            large = large.plus(decision.shares.hifob);
        }
        let cap = match (city, resident) {
            (City::Bijie, true) => 250_000,
            (City::Bijie, false) => 150_000,
            (City::Panzhihua, _) => 300_000,
        };
        prop_assert!(pool <= Money::yuan(cap));
        if city == City::Bijie {
            prop_assert!(second <= Money::yuan(500_000));
            prop_assert!(pool.plus(large) <= Money::yuan(500_000));
        }
        prop_assert_eq!(totals.money(RunningTotal::BasicPaid), pool);
    }

    /// Without room in the basic cap every bill is rest; many bills come to what one would, up to the half
    /// fen that each settlement's rounding may give or take.
    #[test]
    fn repeated_small_bills_come_to_the_banded_total(
        city in city(),
        attributes in proptest::sample::subsequence(vec!["2303", "2305"], 0..2),
        bills in proptest::collection::vec(1i64..3_000_000, 1..12),
    ) {
        let room_gone = if city == City::Bijie { "250000" } else { "300000" };
        let bill = |fen| Bill::ordinary(Money::ZERO, Money::ZERO, Money::ZERO, Money::fen(fen));
        let rest = |fen| {
            let case = case(city, CareKind::Inpatient, Population::Adult, BenefitLevel::Level2, bill(fen));
            with_attributes(with_total(case, RunningTotal::BasicPaid, room_gone), &attributes)
        };
        let mut totals = rest(1).totals;
        let (mut second, mut assistance) = (Money::ZERO, Money::ZERO);
        for fen in &bills {
            let decision = settled(city, &Case { totals: totals.clone(), ..rest(*fen) });
            totals.add(&decision.accumulated);
            second = second.plus(decision.shares.hifmi);
            assistance = assistance.plus(decision.shares.maf);
        }
        let whole = settled(city, &rest(bills.iter().sum()));
        let slack = i64::try_from(bills.len()).unwrap();
        let near = |a: Money, b: Money| (a.as_fen() - b.as_fen()).abs() <= slack;
        prop_assert!(near(second, whole.paid_by(Fund::SeriousIllness)), "{} {}", second, whole.shares.hifmi);
        prop_assert!(near(assistance, whole.paid_by(Fund::Assistance)), "{} {}", assistance, whole.shares.maf);
    }
}
