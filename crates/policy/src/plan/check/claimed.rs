//! Claims where nothing has been paid (报不了的业务): the agency pays back what care has cost, by papers about its settlement. An
//! admission, a transfer or a filing costs nothing by itself, so that its papers could never be paid.

use super::Checker;
use super::benefits::is_of_pool;
use yibao_domain::outage::{Business, Concern, Rule};

impl Checker<'_> {
    pub(super) fn claimed(&mut self) {
        let plan = self.plan;
        // Who is insured elsewhere claims at home: what is said of their stays is advice.
        for rule in plan.rules.iter().filter(|rule| rule.disposition.is_claimed()) {
            let governed = self.governed(rule);
            let of_stays = governed.iter().filter(|business| is_of_pool(rule, plan) && self.is_no_bill(business, rule));
            let stays: Vec<&Business> = of_stays.collect();
            if !stays.is_empty() {
                let text = format!(
                    "规则 {} 的处置方式“{}”对{}报不了：办理它本身不付医疗费，收下的资料永远不能报销；住院的报销写在 settlement.inpatient 的规则上，这里请改用 register_later、defer_settlement 等，或写进 except",
                    rule.id,
                    rule.disposition.name(),
                    self.named(&stays)
                );
                self.problem(rule.line, text);
            }
            let papers: Vec<&Business> = governed.iter().filter(|business| is_free(business)).collect();
            if !papers.is_empty() {
                let text = format!(
                    "规则 {} 的处置方式“{}”对{}不适用：办理它不付医疗费；请改用 register_later 或 refuse，或写进 except",
                    rule.id,
                    rule.disposition.name(),
                    self.named(&papers)
                );
                self.problem(rule.line, text);
            }
        }
    }

    /// Whether it is a part of a stay that is not what the stay costs. A discharge is told to pay and claim like the settlement that
    /// follows it.
    fn is_no_bill(&self, business: &Business, rule: &Rule) -> bool {
        let settlement = Business::named("settlement.inpatient");
        let is_paid = || self.closers(&settlement, &rule.scope).iter().any(|other| other.disposition.is_claimed());
        match Concern::of(business) {
            Concern::Admission | Concern::Transfer => true,
            Concern::Settlement => !business.is_within(&settlement) && !is_paid(),
            Concern::Counter | Concern::Staying | Concern::Papers | Concern::Own => false,
        }
    }
}

/// Whether it goes by papers and is no claim itself.
fn is_free(business: &Business) -> bool {
    Concern::of(business) == Concern::Papers && !business.is_within(&Business::named("reimbursement"))
}
