//! Papers that a duty wants taken in and that the desk turns away (收不下的资料): what comes in during the stop is taken in by the rule of
//! its business, and a rule that refuses takes nothing.

use super::Checker;
use yibao_domain::outage::{Business, Concern, Duty, DutyKind, Pattern, RegisterKind, Rule};

impl Checker<'_> {
    pub(super) fn taken_in(&mut self) {
        let takes_papers = |duty: &&Duty| match duty.stated_register {
            Some(register) => register == RegisterKind::Papers,
            None => duty.kind == DutyKind::Register,
        };
        for duty in self.plan.duties.iter().filter(takes_papers) {
            for pattern in &duty.businesses {
                if let Pattern::Under(business) = pattern
                    && let Some(rule) = self.turned_away(business, duty)
                {
                    let text = format!(
                        "责任事项 {}（{}）要收“{}”（{business}）的资料，而第{}行的规则 {} 是 {}（{}），收件登记不收；请把那条规则写成 register_later，或删去本条（只需告知的改用 guide）",
                        duty.id,
                        duty.kind.name(),
                        self.plan.name_of(business),
                        rule.line,
                        rule.id,
                        rule.disposition.word(),
                        rule.disposition.name()
                    );
                    self.problem(duty.line, text);
                }
            }
        }
    }

    /// The rule that turns papers of a business away, where none takes any. Papers about care come after the reopening too, and are
    /// taken in by the duty itself then.
    fn turned_away(&self, business: &Business, duty: &Duty) -> Option<&Rule> {
        let is_about_care = business.is_within(&Business::named("reimbursement"));
        if is_about_care || Concern::of(business) != Concern::Papers || self.keeper(business, &duty.scope).is_some() {
            return None;
        }
        let under = self.plan.names.keys().filter(|name| name.is_within(business));
        let closers: Vec<(&Business, &Rule)> =
            under.flat_map(|name| self.closers(name, &duty.scope).into_iter().map(move |rule| (name, rule))).collect();
        let takes = |(name, rule): &(&Business, &Rule)| rule.register(name) == Some(RegisterKind::Papers);
        let own = closers.iter().find(|(name, _)| *name == business).or(closers.first());
        own.filter(|_| !closers.iter().any(takes)).map(|(_, rule)| *rule)
    }
}
