//! Until when a stay that began with a transfer is made good (转入的住院): by the rule of admissions where that says so, as whoever is
//! taken in is admitted.

use super::Checker;
use yibao_domain::outage::{Business, Pattern, Rule};

impl Checker<'_> {
    pub(super) fn two_deadlines_of_a_transfer(&mut self) {
        let [transfer, admission] = ["encounter.transfer", "encounter.admission"].map(Business::named);
        let names = |rule: &Rule, business: &Business| {
            rule.businesses.iter().any(|pattern| matches!(pattern, Pattern::Under(_)) && pattern.covers(business))
        };
        for rule in self.plan.rules.iter().filter(|rule| names(rule, &transfer) && !names(rule, &admission)) {
            let Some(own) = &rule.deadline else { continue };
            let admits = |other: &&Rule| names(other, &admission) && other.scope == rule.scope;
            let Some(other) = self.plan.rules.iter().find(admits) else { continue };
            if let Some(until) = other.deadline.as_ref().filter(|until| until.due != own.due) {
                let text = format!(
                    "规则 {} 的期限是{}，而转入也是入院，规则 {}（第{}行）规定入院{}补登记，转入的住院按它算；请把两条的期限写成一样，或删去本条的期限",
                    rule.id,
                    own.name(),
                    other.id,
                    other.line,
                    until.name()
                );
                self.warn(rule.line, text);
            }
        }
    }
}
