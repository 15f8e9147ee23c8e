//! The way back for stays and visits that met the outage, by the two shipped plans: one rule set, chosen by the times of
//! admission and discharge (B-09, B-10, P-10, P-11).

#![expect(clippy::unwrap_used, reason = "every line here runs in a test")]

use yibao_domain::outage::{Business, Path, Plan, Question, Stay, conversion_of, path_of_stay, path_of_visit};
use yibao_domain::time::DateTime;
use yibao_policy::plan::{SHIPPED, read};

fn plans(name: &str) -> Vec<Plan> {
    let (_, text) = SHIPPED.iter().find(|(file, _)| file.contains(name)).unwrap();
    vec![read(text).unwrap()]
}

fn local(plans: &[Plan], business: &'static str) -> Question {
    let pool = Some(plans[0].pool.clone());
    Question { care_pool: pool.clone(), insured_pool: pool, ..Question::about(Business::named(business)) }
}

fn told(path: &Path<'_>) -> String {
    match path {
        Path::Ordinary => "ordinary".to_owned(),
        Path::Backfill(way) => format!("backfill by {}", way.closing.rule.id),
        Path::Elsewhere(way) => {
            let instead = way.fallback.map_or("its advice", |fallback| fallback.when[0].word());
            format!("elsewhere by {}, {instead}", way.closing.rule.id)
        }
    }
}

#[track_caller]
fn check_stay(plan: &str, admitted: &str, discharged: &str, chose_to_claim: bool, expected: &str) {
    let plans = plans(plan);
    let moment = |text: &str| text.parse::<DateTime>().unwrap();
    let discharged = Some(discharged).filter(|text| !text.is_empty()).map(moment);
    let stay = Stay { admitted: moment(admitted), discharged, chose_to_claim };
    assert_eq!(told(&path_of_stay(&plans, &local(&plans, "settlement.inpatient"), &stay)), expected);
}

#[test]
fn b09_three_paths_are_chosen_by_admission_and_discharge() {
    let check = |admitted, discharged, expected| check_stay("bijie", admitted, discharged, false, expected);
    check("2021-07-01T10:00", "2021-07-09T19:59:59", "ordinary");
    check("2021-07-01T10:00", "2021-07-09T20:00", "backfill by inpatient-discharge");
    check("2021-07-01T10:00", "2021-07-16T00:00", "ordinary");
    check("2021-07-10T00:00", "", "backfill by admission");
    check("2021-07-10T00:00", "2021-07-15T23:59:59", "elsewhere by admission, discharged_before_reopening");
    check("2021-07-10T00:00", "2021-07-16T00:00", "backfill by admission");
    check("2021-07-16T00:00", "2021-07-18T10:00", "ordinary");
}

#[test]
fn b10_a_stay_of_before_is_settled_later_or_claimed_by_choice() {
    check_stay("bijie", "2021-07-01T10:00", "2021-07-12T10:00", false, "backfill by inpatient-discharge");
    check_stay(
        "bijie",
        "2021-07-01T10:00",
        "2021-07-12T10:00",
        true,
        "elsewhere by inpatient-discharge, person_chooses",
    );
}

#[test]
fn p10_p11_panzhihua_keeps_every_stay_insured() {
    let check = |admitted, discharged, expected| check_stay("panzhihua", admitted, discharged, false, expected);
    check("2020-09-01T10:00", "2020-09-12T10:00", "backfill by inpatient");
    check("2020-09-12T10:00", "2020-09-15T10:00", "backfill by inpatient");
    check("2020-09-12T10:00", "2020-09-22T10:00", "backfill by admission");
    check("2020-09-01T10:00", "2020-09-22T10:00", "ordinary");
}

#[test]
fn b02_a_stay_in_hospital_at_the_closing_is_converted_in_bijie_only() {
    let in_hospital = |plan: &str, admitted: &str, discharged: &str| {
        let plans = plans(plan);
        let moment = |text: &str| text.parse::<DateTime>().unwrap();
        let stay = Stay { admitted: moment(admitted), discharged: Some(moment(discharged)), chose_to_claim: false };
        conversion_of(&plans, &local(&plans, "settlement.inpatient"), &stay).is_some()
    };
    assert!(in_hospital("bijie", "2021-07-05T10:00", "2021-07-20T10:00"));
    assert!(!in_hospital("bijie", "2021-07-05T10:00", "2021-07-09T12:00"));
    assert!(!in_hospital("bijie", "2021-07-12T10:00", "2021-07-20T10:00"));
    assert!(!in_hospital("panzhihua", "2020-09-05T10:00", "2020-09-25T10:00"));
}

#[test]
fn p04_p09_b13_visits_go_by_the_rule_of_their_own_moment() {
    let check = |plan: &str, business, care: &str, expected| {
        let plans = plans(plan);
        let path = path_of_visit(&plans, &local(&plans, business), care.parse().unwrap());
        assert_eq!(told(&path), expected, "{plan} {business} {care}");
    };
    check("panzhihua", "settlement.outpatient.special", "2020-09-10T23:59:59", "ordinary");
    check("panzhihua", "settlement.outpatient.special", "2020-09-11T00:00", "backfill by outpatient-special");
    check("panzhihua", "settlement.outpatient.special", "2020-09-20T23:59:59", "backfill by outpatient-special");
    check("panzhihua", "settlement.outpatient.special", "2020-09-21T00:00", "ordinary");
    check("panzhihua", "settlement.pharmacy", "2020-09-12T10:00", "elsewhere by personal-account, its advice");
    check("bijie", "settlement.outpatient.ordinary", "2021-07-12T10:00", "elsewhere by outpatient, its advice");
}
