//! Which fallback has taken over from the rule of an entry (备用办法): the one that the person has chosen, or by which the case was
//! handed over to the agency.

use super::{Entry, State, field};
use crate::outage::{Fallback, FallbackWhen, Rule};

/// Whether an entry is with the agency, to be paid back.
pub fn is_with_the_agency(entry: &Entry) -> bool {
    matches!(entry.state, State::Reimbursing | State::Reimbursed)
}

/// The fallback that has taken over from an entry's rule.
pub(super) fn taken_over<'a>(rule: &'a Rule, entry: &Entry) -> Option<&'a Fallback> {
    if is_with_the_agency(entry) && entry.kind.is_settled() && !rule.disposition.is_claimed() {
        let case = field::CLAIM_CASE.of(entry);
        let named = |fallback: &&Fallback| fallback.when.iter().any(|when| when.name() == case);
        return led_to_the_agency(rule).find(named).or_else(|| led_to_the_agency(rule).next());
    }
    if entry.claims_afterwards() { in_case(rule, FallbackWhen::PersonChooses) } else { None }
}

/// The fallbacks of a rule that lead to the agency, in the order of trying.
pub(super) fn led_to_the_agency(rule: &Rule) -> impl Iterator<Item = &Fallback> {
    rule.fallbacks.iter().filter(|fallback| fallback.is_at_the_agency())
}

/// The one of them for a case.
pub(super) fn in_case(rule: &Rule, when: FallbackWhen) -> Option<&Fallback> {
    led_to_the_agency(rule).find(|fallback| fallback.when.contains(&when))
}
