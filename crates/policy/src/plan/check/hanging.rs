//! What hangs on a closing (挂靠的业务): deadlines, duties, stages, supplies and grants of a business that nothing closes, or
//! that a rule of its own keeps open, do nothing.

use super::Checker;
use super::meeting::{holds_whenever, may_meet};
use yibao_domain::outage::{Business, Duty, DutyKind, Pattern, Rule, Scope, Start};
use yibao_domain::register::is_self_pay;

impl<'a> Checker<'a> {
    /// The rules that close a business for somebody of a scope: those that no open or more specific rule overrules there.
    pub(super) fn closers(&self, business: &Business, scope: &Scope) -> Vec<&'a Rule> {
        let plan = self.plan;
        let closing = plan.rules.iter().filter(|rule| rule.window.is_some());
        let meeting = closing.filter(|rule| may_meet(&rule.scope, scope, &plan.pool));
        meeting.filter(|rule| rule.specificity(business).is_some() && !self.overruled(rule, business, scope)).collect()
    }

    /// Whether a more specific rule governs whenever this one would, for those of a scope.
    pub(super) fn overruled(&self, rule: &Rule, business: &Business, scope: &Scope) -> bool {
        let rank = rule.specificity(business);
        self.plan.rules.iter().any(|other| {
            let covers_them = holds_whenever(&other.scope, &rule.scope) || holds_whenever(&other.scope, scope);
            other.specificity(business) > rank && covers_them
        })
    }

    /// The known businesses that patterns cover; all where there are none.
    pub(super) fn covered(&self, patterns: &[Pattern]) -> Vec<&'a Business> {
        let named = |business: &&Business| patterns.iter().any(|pattern| pattern.covers(business));
        self.plan.names.keys().filter(|business| patterns.is_empty() || named(business)).collect()
    }

    /// Why nothing of these businesses is ever closed for a scope; `None` where something is.
    pub(super) fn never_closed(&self, patterns: &[Pattern], scope: &Scope) -> Option<String> {
        let covered = self.covered(patterns);
        if covered.iter().any(|business| !self.closers(business, scope).is_empty()) {
            return None;
        }
        let named = patterns.iter().find_map(|pattern| match pattern {
            Pattern::Under(business) => Some(business),
            Pattern::All => None,
        })?;
        let name = format!("“{}”（{named}）", self.plan.name_of(named));
        let whom = self.plan.whom(scope);
        let name = if whom.is_empty() { name } else { format!("{whom}的{name}") };
        Some(match self.keeper(named, scope) {
            Some(rule) => format!("{name}由第{}行的规则 {} 照常办理", rule.line, rule.id),
            None => format!("{name}没有规则停办"),
        })
    }

    /// The rule that keeps a business open for those of a scope.
    pub(super) fn keeper(&self, business: &Business, scope: &Scope) -> Option<&'a Rule> {
        let keeps_open = |rule: &&Rule| {
            let is_for_them = may_meet(&rule.scope, scope, &self.plan.pool);
            rule.window.is_none() && rule.specificity(business).is_some() && is_for_them
        };
        self.plan.rules.iter().filter(keeps_open).max_by_key(|rule| rule.specificity(business))
    }

    pub(super) fn hanging(&mut self) {
        let plan = self.plan;
        let before_or_after = |kind| {
            use DutyKind::*;
            matches!(kind, Worklist | Call | Register | Backfill)
        };
        // What was paid alone hangs on the care of the outage, whether or not claims are closed.
        let is_own = |duty: &&Duty| {
            let of_self_pay = |pattern: &Pattern| matches!(pattern, Pattern::Under(business) if is_self_pay(business));
            duty.businesses.iter().all(of_self_pay)
        };
        let hanging = plan.duties.iter().filter(|duty| before_or_after(duty.kind) && !is_own(duty));
        for duty in hanging {
            if let Some(reason) = self.never_closed(&duty.businesses, &duty.scope) {
                let (id, kind) = (&duty.id, duty.kind.name());
                self.problem(
                    duty.line,
                    format!("责任事项 {id}（{kind}）用不上：{reason}；请改正 business，或改用 guide"),
                );
            }
        }
        // What is brought forward need not be closed by itself; what a rule of its own keeps open needs no cut-off.
        for duty in plan.duties.iter().filter(|duty| duty.kind == DutyKind::Cutoff) {
            let reason = self.never_closed(&duty.businesses, &duty.scope);
            let kept_open = |pattern: &Pattern| matches!(pattern, Pattern::Under(named) if self.keeper(named, &duty.scope).is_some());
            if let Some(reason) = reason.filter(|_| duty.businesses.iter().any(kept_open)) {
                let text =
                    format!("责任事项 {}（停机前办结）的业务停机期间照样能办：{reason}；请核对 business", duty.id);
                self.warn(duty.line, text);
            }
        }
        for supply in &plan.supplies {
            if let Some(reason) = self.never_closed(&supply.businesses, &supply.scope) {
                let text = format!("提前备药 {} 用不上：{reason}；请改正 business，或删去", supply.id);
                self.problem(supply.line, text);
            }
        }
        for tolerance in &plan.tolerances {
            if let Some(reason) = self.never_closed(&tolerance.businesses, &tolerance.scope) {
                let text = format!("宽限 {} 用不上：{reason}；请改正 business，或删去", tolerance.id);
                self.problem(tolerance.line, text);
            }
        }
        for promise in &plan.hold_harmless {
            if let Some(reason) = self.never_closed(&promise.businesses, &promise.scope) {
                let text = format!("待遇不受损 {} 用不上：{reason}；请改正 business，或删去", promise.id);
                self.problem(promise.line, text);
            }
        }
        for extension in &plan.extensions {
            if let Some(reason) = self.never_closed(&extension.businesses, &extension.scope) {
                let text = format!("期限顺延 {} 的业务停机期间照样能办：{reason}；请核对 business", extension.id);
                self.warn(extension.line, text);
            }
        }
    }

    /// Why a count never starts for those of a scope: nothing closes the business that it counts from.
    pub(super) fn starts_never(&self, start: &Start, scope: &Scope) -> Option<String> {
        let of = start.business()?;
        self.never_closed(&[Pattern::Under(of.clone())], scope)
    }
}
