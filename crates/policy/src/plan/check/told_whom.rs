//! Whom a text speaks of (文字里的对象): 职工 in a rule for residents, 职工 in one for the retired alone.

use super::Checker;
use yibao_domain::outage::{Insurance, PersonIn, Population, Rule};

impl Checker<'_> {
    pub(super) fn told_whom(&mut self) {
        for rule in &self.plan.rules {
            let texts = rule.advice_ahead.iter().map(|text| ("advice_ahead", text)).chain([("advice", &rule.advice)]);
            for (key, text) in texts {
                if let Some((said, written)) = other_people(rule, text) {
                    let text = format!(
                        "规则 {} 的 {key} 说的是“{said}”，而本条只限{written}；请核对 schemes、populations，或改写文字",
                        rule.id
                    );
                    self.warn(rule.line, text);
                }
            }
        }
    }
}

/// Whom a text names in place of those whom the rule is for, and whom that is.
fn other_people(rule: &Rule, text: &str) -> Option<(&'static str, String)> {
    let (schemes, populations) = (&rule.scope.schemes, &rule.scope.populations);
    let words = [("职工", Insurance::Employee), ("居民", Insurance::Resident)];
    let is_named = |scheme: &Insurance| words.iter().any(|(word, of)| of == scheme && names(text, word));
    let other = words.iter().find(|(word, scheme)| !schemes.contains(scheme) && names(text, word));
    if let Some((said, _)) = other.filter(|_| !schemes.is_empty() && !schemes.iter().any(is_named)) {
        return Some((said, schemes.iter().map(|scheme| scheme.name()).collect::<Vec<_>>().join("、")));
    }
    let retired = [PersonIn::Population(Population::Retired)];
    let is_of_all = text.contains("职工") && !text.contains("退休") && !text.contains("退职");
    (populations[..] == retired && is_of_all).then(|| ("职工", format!("{}人员", Population::Retired.name())))
}

/// Whether a text names people by a word, and not a paper or an office (居民身份证, 居民委员会).
fn names(text: &str, word: &str) -> bool {
    let others = ["身份证", "户口", "健康", "委员"];
    text.match_indices(word).any(|(at, _)| !others.iter().any(|other| text[at + word.len()..].starts_with(other)))
}
