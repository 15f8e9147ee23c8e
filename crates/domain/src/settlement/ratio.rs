//! The pool's ratio (支付比例): base by level and population, plus points, clamped (`decisions` 22, 23, 49).

use super::case::{Diagnoses, Filing, Place};
use super::rules::{DiseasePoints, Elsewhere, Figure, YearPoints};
use super::working::Working;
use crate::money::Rate;

/// What earns the points of a disease.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum EarnedBy {
    /// The discharge diagnoses of a stay.
    Diagnoses,
    /// The recognised disease of an outpatient, if it earns them.
    Qualification(bool),
}

/// The inpatient ratio of this case, which special-disease care borrows.
pub(super) fn inpatient_ratio(work: &mut Working, earned_by: EarnedBy) -> Rate {
    let (case, rules) = (work.case, &work.rules.inpatient);
    let level = case.provider.level;
    let base = match at_place(work, &rules.ratio_elsewhere).and_then(|by_level| by_level.at(level)) {
        Some(rate) => rate,
        None => {
            let table = work.given(&rules.ratio).and_then(|ratios| ratios.get(&case.person.population));
            table.and_then(|by_level| by_level.at(level)).unwrap_or(Rate::ZERO)
        }
    };
    let mut ratio = base;
    let mut steps = format!("支付比例：{}{}基础{base}", case.person.population.name(), level.name());
    let mut points = |name: &str, points: Rate| {
        if points != Rate::ZERO {
            ratio = ratio.plus(points);
            steps.push_str(&format!("，{name}{}{points}", if points > Rate::ZERO { "＋" } else { "" }));
        }
    };
    let reached = |table: &[(i16, Rate)]| {
        let reached = table.iter().filter(|(age, _)| *age <= case.person.age).max_by_key(|(age, _)| *age);
        reached.map_or(Rate::ZERO, |(_, points)| *points)
    };
    if let Some(table) = work.where_it(&rules.age_points, |table| reached(table) != Rate::ZERO) {
        points("年龄", reached(table));
    }
    let persons = |rule: &YearPoints| {
        case.person.continuous_years >= rule.years && rule.populations.contains(&case.person.population)
    };
    if let Some(rule) = work.where_it(&rules.year_points, persons) {
        points("连续缴费", rule.points);
    }
    let earned = |rule: &DiseasePoints| match earned_by {
        EarnedBy::Diagnoses => diagnoses_earn(rule, &case.diagnoses, case.person.age),
        EarnedBy::Qualification(earns) => earns,
    };
    if let Some(rule) = work.where_it(&rules.disease_points, earned) {
        points("病种", rule.points);
    }
    if let Some(off) = at_place(work, &rules.points_off_elsewhere) {
        points("异地", Rate::basis_points(-off.as_basis_points()));
    }
    let most = work.where_it(&rules.ratio_max, |most| ratio > *most).copied().unwrap_or(Rate::WHOLE);
    let clamped = ratio.clamp(Rate::ZERO, most);
    work.say(format!("{steps}，合计{ratio}，取{clamped}"));
    clamped
}

/// Whether care counts as at home: inside the pool, or long-term filed elsewhere.
pub(super) fn as_at_home(place: Place, filing: Filing) -> bool {
    place == Place::Home || filing == Filing::LongTerm
}

/// The figure for the case's place and filing, noted as used; none at home.
pub(super) fn at_place<'a, T>(work: &mut Working<'a>, table: &'a Option<Figure<Elsewhere<T>>>) -> Option<&'a T> {
    let (place, filing) = (work.case.place, work.case.filing);
    let table = work.where_it(table, |table| of_place(table, place, filing).is_some())?;
    of_place(table, place, filing)
}

/// The entry for a place and filing; none at home.
fn of_place<T>(table: &Elsewhere<T>, place: Place, filing: Filing) -> Option<&T> {
    if as_at_home(place, filing) {
        return None;
    }
    let filed = filing != Filing::None;
    match (place, filed) {
        (Place::Home, _) => None,
        (Place::InProvince, true) => table.in_province_filed.as_ref(),
        (Place::InProvince, false) => table.in_province_unfiled.as_ref(),
        (Place::OutOfProvince, true) => table.out_of_province_filed.as_ref(),
        (Place::OutOfProvince, false) => table.out_of_province_unfiled.as_ref(),
    }
}

/// Whether the discharge diagnoses earn the disease points.
fn diagnoses_earn(rule: &DiseasePoints, diagnoses: &Diagnoses, age: i16) -> bool {
    let Some(main) = diagnoses.main.as_deref() else { return false };
    let among = |code: &str, ranges: &[String]| ranges.iter().any(|range| in_range(code, range));
    among(main, &rule.main)
        || (among(main, &rule.main_with_one_beside) && diagnoses.others.iter().any(|code| among(code, &rule.main)))
        || (among(main, &rule.main_under_age) && age < rule.under_age)
}

/// Whether an ICD code lies in a range of categories (`C00-C97`) or begins with a code (`Z51.0`).
fn in_range(code: &str, range: &str) -> bool {
    let code = code.trim().to_ascii_uppercase();
    match range.split_once('-') {
        Some((first, last)) => code.get(..3).is_some_and(|category| first <= category && category <= last),
        None => code.starts_with(range),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_icd_code_is_found_in_its_range() {
        for (code, range, expected) in [
            ("C00.0", "C00-C97", true),
            ("C97", "C00-C97", true),
            ("c34.900x001", "C00-C97", true),
            ("D00.0", "C00-C97", false),
            ("Z51.102", "Z51.1", true),
            ("Z51.5", "Z51.1", false),
            ("Q20", "Q20-Q28", true),
            ("Q29.9", "Q20-Q28", false),
            ("Q2", "Q20-Q28", false),
        ] {
            assert_eq!(in_range(code, range), expected, "{code} in {range}");
        }
    }
}
