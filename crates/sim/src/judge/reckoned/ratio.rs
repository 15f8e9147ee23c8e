//! The pool's ratio (支付比例), in basis points (`decisions` 22, 23).

use super::fen::WHOLE;
use super::sheet::Sheet;
use crate::judge::tariff::Figure;

impl Sheet<'_> {
    /// Of a stay, and of a special disease, which may earn the points of its kind.
    pub(super) fn inpatient_ratio(&self, earns: bool) -> i64 {
        let rule = |parameter: &str| self.figures.value("inpatient", parameter);
        let own = |ratios: Figure| ratios.get(self.population()).or_else(|| ratios.get("everyone"));
        let mut ratio = rule("ratio").and_then(own).and_then(|by_level| by_level.at(self.level())).unwrap_or(0);
        let age = i64::from(self.person.age(self.begin));
        let points = |of: Figure| of.get("points").and_then(|points| points.hundredths()).unwrap_or(0);
        let count = |of: Figure, name: &str| of.get(name).and_then(|count| count.count()).unwrap_or(i64::MAX);
        if let Some(by_age) = rule("age_points") {
            let reached = by_age.each().filter(|of| count(*of, "age") <= age);
            ratio += reached.max_by_key(|of| count(*of, "age")).map_or(0, points);
        }
        if let Some(of) = rule("year_points") {
            let is_theirs = of.get("populations").is_some_and(|all| all.names(self.population()));
            let is_long = count(of, "years") <= i64::from(self.person.continuous_years);
            ratio += if is_theirs && is_long { points(of) } else { 0 };
        }
        if let Some(of) = rule("disease_points").filter(|_| earns) {
            ratio += points(of);
        }
        let most = rule("ratio_max").and_then(|most| most.hundredths()).unwrap_or(WHOLE);
        ratio.clamp(0, most)
    }

    /// Whether what somebody in hospital has earns the points of grave diseases.
    pub(super) fn diagnoses_earn(&self) -> bool {
        let Some(rule) = self.figures.value("inpatient", "disease_points") else { return false };
        let mut codes = self.event.diagnoses.iter().map(|(code, _)| *code);
        let Some(main) = codes.next() else { return false };
        let among = |code: &str, list: &str| {
            rule.get(list).is_some_and(|list| list.each().any(|range| lies_in(code, range.text())))
        };
        let is_young = rule.get("under_age").and_then(|age| age.count()) > Some(i64::from(self.person.age(self.begin)));
        among(main, "main")
            || (among(main, "main_with_one_beside") && codes.any(|code| among(code, "main")))
            || (among(main, "main_under_age") && is_young)
    }
}

/// Whether a code lies in a range of categories, or begins with one.
fn lies_in(code: &str, range: &str) -> bool {
    match range.split_once('-') {
        Some((first, last)) => (first..=last).contains(&&code[..3.min(code.len())]),
        None => code.starts_with(range),
    }
}
