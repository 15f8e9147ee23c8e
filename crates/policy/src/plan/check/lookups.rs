//! Lookups (查询) that a plan closes for some people: who is read by a number (1101) is nobody yet when that is judged.

use super::Checker;
use yibao_domain::outage::{Disposition, Pattern, Rule};

impl Checker<'_> {
    /// Rules that close lookups by what is known of a person.
    pub(super) fn lookups_of_some(&mut self) {
        for rule in self.plan.rules.iter().filter(|rule| is_of_lookups(rule) && rule.disposition != Disposition::Open) {
            let scope = &rule.scope;
            let keys: Vec<&str> =
                [("schemes", scope.schemes.is_empty()), ("populations", scope.populations.is_empty())]
                    .into_iter()
                    .filter(|(_, is_empty)| !is_empty)
                    .map(|(key, _)| key)
                    .collect();
            if !keys.is_empty() {
                let text = format!(
                    "规则 {} 只对一部分人停办查询（{}），而读取人员信息（1101）时还不知道是谁，照常答复；要停办这项查询请不限人群，\
                     不停办请删去本条",
                    rule.id,
                    keys.join("、")
                );
                self.warn(rule.line, text);
            }
        }
    }
}

fn is_of_lookups(rule: &Rule) -> bool {
    rule.businesses.iter().any(|pattern| match pattern {
        Pattern::All => false,
        Pattern::Under(business) => business.as_str().split('.').next() == Some("query"),
    })
}
