//! Rules are data: inheritance, versions, flags, mistakes with their line, and a third city.

use crate::facts::*;
use jiff::civil::date;
use std::path::Path;
use yibao_domain::code::{Pool, Scheme};
use yibao_domain::money::{Money, Rate};
use yibao_domain::person::Population::*;
use yibao_domain::provider::BenefitLevel::*;
use yibao_domain::settlement::case::{AccountUse, Place};
use yibao_domain::settlement::{Bill, CareKind, Case, RunningTotal, decide};
use yibao_policy::rules::RuleBook;

#[test]
fn areas_belong_to_their_pool_under_present_and_former_codes() {
    for (area, pool) in [
        ("520502", Some("520500")),
        ("520522", Some("520500")),
        ("520581", Some("520500")),
        ("520528", Some("520500")),
        ("520599", Some("520500")),
        ("510411", Some("510400")),
        ("510499", Some("510400")),
        ("520102", None),
    ] {
        assert_eq!(BOOK.pool_of_area(area).map(|info| info.pool.as_str()), pool, "{area}");
    }
    let bijie = BOOK.pool(&Pool::new("520500")).unwrap();
    assert!(bijie.same_area("520522", "520581"));
    assert!(!bijie.same_area("520521", "520581"));
    assert_eq!(bijie.place_of("520523"), Place::Home);
    assert_eq!(bijie.place_of("520102"), Place::InProvince);
    assert_eq!(bijie.place_of("510402"), Place::OutOfProvince);
}

#[test]
fn a_med_type_belongs_to_the_kind_of_its_parent() {
    for (code, kind) in [
        ("11", Some(CareKind::Outpatient)),
        ("1103", Some(CareKind::Outpatient)),
        ("12", Some(CareKind::Outpatient)),
        ("13", Some(CareKind::Outpatient)),
        ("1301", Some(CareKind::Outpatient)),
        ("19", Some(CareKind::Outpatient)),
        ("14", Some(CareKind::SpecialDisease)),
        ("140104", Some(CareKind::SpecialDisease)),
        ("9901", Some(CareKind::TwoDisease)),
        ("990103", None),
        ("18", Some(CareKind::SpecialDrug)),
        ("41", Some(CareKind::Pharmacy)),
        ("51", Some(CareKind::MaternityOutpatient)),
        ("21", Some(CareKind::Inpatient)),
        ("2101", Some(CareKind::Inpatient)),
        ("22", Some(CareKind::Inpatient)),
        ("28", Some(CareKind::Inpatient)),
        ("52", Some(CareKind::MaternityInpatient)),
        ("71", None),
    ] {
        assert_eq!(BOOK.care_kind(code), kind, "{code}");
    }
}

#[test]
fn illustrative_figures_are_named_wherever_they_are_used() {
    let decision = settled(City::Bijie, &stay(City::Bijie, Adult, Level2, "10700"));
    let named: Vec<_> = decision.illustrative().map(|figure| figure.parameter.as_str()).collect();
    assert!(named.contains(&"inpatient.deductible"), "{named:?}");
    assert!(named.contains(&"inpatient.ratio"), "{named:?}");
    // The Panzhihua ratios are the city's own.
    let decision = settled(City::Panzhihua, &stay(City::Panzhihua, Adult, Level2, "10700"));
    assert!(decision.illustrative().all(|figure| figure.parameter != "inpatient.ratio"));
    assert!(decision.figures.iter().any(|figure| figure.parameter == "inpatient.ratio"));
}

/// 11: everything carried back, other provinces' figures, models, general knowledge and settled figures are shown
/// with the flag.
#[test]
fn decision_11_a_figure_that_is_not_the_citys_own_is_flagged() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut seen = 0;
    for layer in ["nation", "sichuan", "guizhou", "510400-panzhihua", "520500-bijie"] {
        for file in std::fs::read_dir(rules.join(layer)).expect("the layer is there") {
            let path = file.expect("the layer can be listed").path();
            let text = std::fs::read_to_string(&path).expect("a file of rules");
            for value in text.split("\n[[").skip(1) {
                let Some(source) = value.lines().find(|line| line.starts_with("source = ")) else { continue };
                let doubtful = ["*", "[P-", "[I]", "[K]", "[D]", "decision 12"].iter().any(|tag| source.contains(tag));
                let flagged = value.contains("\nillustrative = true");
                assert!(!doubtful || flagged, "{}: [[{value}", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 60, "only {seen} values were found");
}

fn third_city() -> RuleBook {
    RuleBook::read_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/third_city")).expect("the third city reads")
}

#[track_caller]
fn settled_there(case: &Case) -> yibao_domain::settlement::Decision {
    let book = third_city();
    let rules = book.rules(&Pool::new("330700"), case.day).expect("the third city is there");
    decide(case, &rules).expect("the third city settles")
}

#[test]
fn a_third_city_is_added_with_data_alone() {
    let day = date(2024, 3, 1);
    let book = third_city();
    assert_eq!(book.pool_of_area("330702").unwrap().name, "三城");
    let bill = |yuan_text| Bill::ordinary(Money::ZERO, Money::ZERO, Money::ZERO, yuan(yuan_text));
    let stay = |population, scheme, yuan_text| {
        Case::plain(scheme, CareKind::Inpatient, population, 40, Level3, day, bill(yuan_text))
    };

    // A cap on cost: 100,000 a year, of which 95,000 are used; 5,000 × 75 %.
    let mut capped = stay(Adult, Scheme::Resident, "20600");
    capped.totals.set(RunningTotal::BasicCost, 9_500_000);
    let decision = settled_there(&capped);
    assert_yuan(decision.deductible.met, "600.00");
    assert_eq!(decision.ratio, Rate::percent(75));
    assert_yuan(decision.shares.hifp, "3750.00");
    // Bands of its own: 16,850 above 10,000 at 55 %.
    assert_yuan(decision.shares.hifmi, "3767.50");
    assert!(decision.accumulated.contains(&(RunningTotal::BasicCost, 500_000)));

    // A share of half from the second stay on, province's rule; the pool's own ratio of the later year.
    let mut later = Case { day: date(2025, 1, 1), ..stay(Adult, Scheme::Resident, "10000") };
    later.totals.set(RunningTotal::InpatientStays, 4);
    let decision = settled_there(&later);
    assert_yuan(decision.deductible.this_time, "300.00");
    assert_eq!(decision.ratio, Rate::basis_points(7_750));

    // Chronic disease: 300 a year, then the inpatient ratio of the level, up to 3,000.
    let chronic = Case { kind: CareKind::SpecialDisease, ..stay(Adult, Scheme::Resident, "1300") };
    let mut chronic = with_disease(chronic, "M04600", "冠心病");
    let decision = settled_there(&chronic);
    assert_yuan(decision.deductible.met, "300.00");
    assert_yuan(decision.shares.hifp, "750.00");
    chronic.totals.set(RunningTotal::ChronicPaid, 299_900);
    assert_yuan(settled_there(&chronic).shares.hifp, "1.00");

    // Employee outpatient pooling with a yearly deductible, inherited from the province.
    let visit = Case {
        kind: CareKind::Outpatient,
        account: AccountUse::Own { balance: yuan("20") },
        ..stay(Retired, Scheme::Employee, "350")
    };
    let decision = settled_there(&visit);
    assert_yuan(decision.deductible.met, "150.00");
    assert_yuan(decision.shares.hifp, "110.00"); // 200 × 55 %
    assert_yuan(decision.shares.account, "20.00");

    // A limit, not a fixed sum, for births; the province's prenatal sum is expressly none here.
    let mut birth = Case { kind: CareKind::MaternityInpatient, ..stay(Active, Scheme::Employee, "4000") };
    birth.maternity.matn_type = Some("1".to_owned());
    let decision = settled_there(&birth);
    assert_yuan(decision.shares.hifp, "4000.00");
    assert!(decision.payouts.is_empty());
}

#[track_caller]
fn check_wrong(file: &str, text: &str, says: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder for the test");
    let layer = folder.path().join("nation");
    std::fs::create_dir(&layer).and_then(|()| std::fs::write(layer.join(file), text)).expect("a file for the test");
    let fault = RuleBook::read_dir(folder.path()).err().expect("a mistake is found").to_string();
    for word in says {
        assert!(fault.contains(word), "{fault}\n lacks {word}");
    }
}

#[test]
fn a_mistake_is_an_error_with_file_and_line() {
    let good = "[[both.cap]]\nfrom = 2020-01-01\nunit = \"yuan\"\nis = 1\nsource = \"s\"\n";
    let bad = |from: &str, to: &str| good.replace(from, to);
    check_wrong("assistance.toml", &bad("source", "sauce"), &["assistance.toml", "line 5", "sauce"]);
    check_wrong("assistance.toml", &bad("both.cap", "both.caps"), &["line 1", "caps"]);
    check_wrong("assistance.toml", &bad("\"yuan\"", "\"percent\""), &["line", "yuan"]);
    check_wrong("assistance.toml", &bad("is = 1", "is = 1.5"), &["line 4"]);
    check_wrong("assistance.toml", &bad("is = 1", "is = -1"), &["line 4", "negative"]);
    check_wrong("assistance.toml", &bad("is = 1\n", ""), &["line", "none = true"]);
    check_wrong("assistance.toml", &bad("2020-01-01", "2020-01-01T10:00:00"), &["plain date"]);
    check_wrong("assistance.toml", &bad("source", "to = 2019-01-01\nsource"), &["before"]);
    check_wrong("assistance.toml", &bad("source", "carried_back = true\nsource"), &["illustrative"]);
    check_wrong("assistance.toml", &format!("{good}{good}"), &["two values begin on 2020-01-01"]);
    check_wrong("asistance.toml", good, &["asistance.toml", "no subject"]);
}

#[test]
fn before_any_date_of_the_book_the_oldest_figure_applies() {
    let old = Case { day: date(2019, 3, 1), ..stay(City::Bijie, Adult, Level2, "10700") };
    assert_yuan(settled(City::Bijie, &old).shares.hifp, "8320.00");
}
