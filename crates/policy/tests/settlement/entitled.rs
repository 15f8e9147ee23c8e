//! Entitlement on the day of care, with the waiting periods of the two cities.

use crate::facts::*;
use jiff::civil::{Date, date};
use yibao_domain::code::Scheme;
use yibao_domain::entitlement::{InsuranceRow, civil_servant, judge};
use yibao_domain::refusal::Code;

fn row(insutype: &str, begin: Date) -> InsuranceRow {
    InsuranceRow {
        insutype: insutype.to_owned(),
        psn_type: "15".to_owned(),
        insured_area: "510402".to_owned(),
        begin,
        end: None,
        paused_from: None,
        continuous_years: 0,
    }
}

/// From which day the rows entitle on `day`; or what the refusal says.
fn answer(city: City, rows: &[InsuranceRow], day: Date, born: Option<Date>) -> Result<Date, String> {
    match judge(rows, None, day, born, &city.rules(day)) {
        Ok(entitled) => Ok(entitled.from),
        Err(refusal) => {
            assert_eq!(refusal.code, Code::NotEntitled);
            assert!(refusal.to_string().chars().count() <= 200, "{refusal}");
            Err(refusal.text)
        }
    }
}

#[track_caller]
fn check_refused(city: City, rows: &[InsuranceRow], day: Date, says: &[&str]) {
    let text = answer(city, rows, day, None).expect_err("refused");
    for word in says {
        assert!(text.contains(word), "{text}\n lacks {word}");
    }
}

#[test]
fn a_plain_row_entitles_from_its_first_to_its_last_day() {
    let mut plain = row("390", date(2015, 1, 1));
    plain.end = Some(date(2020, 8, 31));
    let rows = [plain];
    for city in [City::Bijie, City::Panzhihua] {
        assert_eq!(answer(city, &rows, date(2015, 1, 1), None), Ok(date(2015, 1, 1)));
        assert_eq!(answer(city, &rows, date(2020, 8, 31), None), Ok(date(2015, 1, 1)));
        check_refused(city, &rows, date(2020, 9, 1), &["2020-09-01", "居民医保", "2020-08-31", "续保"]);
        check_refused(city, &rows, date(2014, 12, 31), &["2015-01-01"]);
    }
}

#[test]
fn a_pause_locks_from_its_first_day() {
    let mut paused = row("310", date(2010, 5, 1));
    paused.paused_from = Some(date(2020, 9, 1));
    let rows = [paused];
    assert!(answer(City::Panzhihua, &rows, date(2020, 8, 31), None).is_ok());
    check_refused(City::Panzhihua, &rows, date(2020, 9, 1), &["职工医保", "2020-09-01", "暂停", "补缴"]);
}

#[test]
fn a_resident_who_joins_outside_the_campaign_waits_ninety_days_in_panzhihua() {
    let rows = [row("390", date(2020, 6, 3))];
    check_refused(City::Panzhihua, &rows, date(2020, 8, 31), &["2020-06-03", "90", "2020-09-01"]);
    assert_eq!(answer(City::Panzhihua, &rows, date(2020, 9, 1), None), Ok(date(2020, 9, 1)));
    assert_eq!(answer(City::Bijie, &rows, date(2020, 6, 3), None), Ok(date(2020, 6, 3)));
    let campaign = [row("390", date(2020, 1, 1))];
    assert_eq!(answer(City::Panzhihua, &campaign, date(2020, 1, 1), None), Ok(date(2020, 1, 1)));
}

#[test]
fn who_continues_an_insurance_does_not_wait() {
    let mut before = row("390", date(2019, 1, 1));
    before.end = Some(date(2020, 6, 2));
    let next = row("390", date(2020, 6, 3));
    assert_eq!(answer(City::Panzhihua, &[before, next.clone()], date(2020, 6, 3), None), Ok(date(2020, 6, 3)));
    let known = InsuranceRow { continuous_years: 1, ..next.clone() };
    assert!(answer(City::Panzhihua, &[known], date(2020, 6, 3), None).is_ok());
    let mut work = row("310", date(2015, 1, 1));
    work.end = Some(date(2020, 6, 2));
    assert!(answer(City::Panzhihua, &[work, next], date(2020, 6, 3), None).is_ok());
}

#[test]
fn a_newborn_enrolled_within_180_days_is_entitled_from_birth() {
    let born = date(2020, 6, 1);
    let enrolled = |begin| [row("390", begin)];
    for (begin, day, from) in [
        (date(2020, 8, 20), date(2020, 6, 1), Ok(born)),
        (date(2020, 11, 28), date(2020, 8, 1), Ok(born)), // day 180
        (date(2020, 6, 1), date(2020, 6, 2), Ok(born)),
    ] {
        assert_eq!(answer(City::Panzhihua, &enrolled(begin), day, Some(born)), from);
    }
    assert!(answer(City::Panzhihua, &enrolled(date(2020, 11, 29)), date(2020, 12, 1), Some(born)).is_err());
    // Nobody is entitled before birth.
    assert!(answer(City::Panzhihua, &enrolled(date(2020, 8, 20)), date(2020, 5, 31), Some(born)).is_err());
}

#[test]
fn an_employee_waits_six_months_after_a_gap_of_more_than_three() {
    let with_gap = |end, begin| {
        let mut before = row("310", date(2015, 1, 1));
        before.end = Some(end);
        [before, row("310", begin)]
    };
    for city in [City::Bijie, City::Panzhihua] {
        // April to June: three months.
        let three = with_gap(date(2020, 3, 31), date(2020, 7, 1));
        assert_eq!(answer(city, &three, date(2020, 7, 1), None), Ok(date(2020, 7, 1)));
        let four = with_gap(date(2020, 3, 31), date(2020, 8, 1));
        check_refused(city, &four, date(2021, 1, 31), &["2020-03-31", "3个月", "2021-02-01"]);
        assert_eq!(answer(city, &four, date(2021, 2, 1), None), Ok(date(2021, 2, 1)));
        // A first joining has no waiting period.
        assert!(answer(city, &[row("310", date(2020, 8, 1))], date(2020, 8, 1), None).is_ok());
    }
}

#[test]
fn an_employee_row_goes_before_a_resident_row_unless_the_call_names_one() {
    let rows = [row("390", date(2019, 1, 1)), row("310", date(2020, 3, 1))];
    let rules = City::Panzhihua.rules(date(2020, 9, 1));
    let scheme = |insutype| judge(&rows, insutype, date(2020, 9, 1), None, &rules).map(|entitled| entitled.scheme);
    assert_eq!(scheme(None), Ok(Scheme::Employee));
    assert_eq!(scheme(Some("390")), Ok(Scheme::Resident));
    assert!(scheme(Some("340")).is_err());
}

#[test]
fn decision_34_needs_an_entitlement_320_on_the_day() {
    let mut subsidy = row("320", date(2019, 1, 1));
    subsidy.paused_from = Some(date(2020, 9, 1));
    assert!(civil_servant(std::slice::from_ref(&subsidy), date(2020, 8, 31)));
    assert!(!civil_servant(&[subsidy], date(2020, 9, 1)));
    assert!(!civil_servant(&[row("310", date(2019, 1, 1))], date(2020, 8, 31)));
}
