//! What a deadline counts from (起算的业务): the reopening of another business than the rule's own, which a stage may move by itself.

use super::Checker;
use yibao_domain::outage::{Business, Concern, Pattern, Rule, Start};

/// What belongs together: who is at a counter, who is in hospital, what goes by papers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kin {
    Counter,
    Stay,
    Papers,
}

impl Checker<'_> {
    pub(super) fn strange_starts(&mut self) {
        for rule in &self.plan.rules {
            let deadlines = rule.fallbacks.iter().map(|fallback| (&fallback.deadline, fallback.line));
            for (deadline, line) in deadlines.chain([(&rule.deadline, rule.line)]) {
                let start = deadline.as_ref().and_then(|deadline| deadline.due.start());
                let (Some(Start::Reopening { of, .. }), Some(own)) = (start, kin_of_rule(rule)) else { continue };
                let Some(Pattern::Under(business)) = rule.businesses.first() else { continue };
                let closes = || self.never_closed(&[Pattern::Under(of.clone())], &rule.scope).is_none();
                if kin(of).is_some_and(|other| !own.contains(&other)) && closes() {
                    let text = format!(
                        "规则 {} 的期限从“{}”（{of}）恢复起算，而它办的是“{}”（{business}），二者可能不同时恢复；请核对 after_reopening_of，通常写本条自己的业务",
                        rule.id,
                        self.plan.name_of(of),
                        self.plan.name_of(business)
                    );
                    self.warn(line, text);
                }
            }
        }
    }
}

/// What the businesses of a rule are; nothing where one of them is of several kinds.
fn kin_of_rule(rule: &Rule) -> Option<Vec<Kin>> {
    let of = |pattern: &Pattern| match pattern {
        Pattern::All => None,
        Pattern::Under(business) => kin(business),
    };
    rule.businesses.iter().map(of).collect()
}

/// What a business is; nothing for a name that stands for several, for the plan's own, and for claims, which are of all care.
fn kin(business: &Business) -> Option<Kin> {
    if business.is_within(&Business::named("reimbursement")) {
        return None;
    }
    match Concern::of(business) {
        Concern::Counter => Some(Kin::Counter),
        Concern::Settlement | Concern::Admission | Concern::Staying | Concern::Transfer => Some(Kin::Stay),
        Concern::Papers => Some(Kin::Papers),
        Concern::Own => None,
    }
}
