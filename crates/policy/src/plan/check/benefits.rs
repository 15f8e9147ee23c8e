//! Care that the pool's benefit rules pay nothing for (没有的待遇): what a plan has entered or claimed afterwards is refused all the same.

use super::super::Problem;
use crate::rules::RuleBook;
use yibao_domain::code::Scheme;
use yibao_domain::outage::{Business, Insurance, InsuredIn, Pattern, Plan, Rule};
use yibao_domain::settlement::CareKind;

/// Rules on special drugs where a scheme that they are for has no benefit for them, by line; nothing where the pool has no rules.
pub fn without_benefit(plan: &Plan, book: &RuleBook) -> Vec<Problem> {
    let Some(benefits) = book.rules(&plan.pool, plan.window.closes.date()) else { return Vec::new() };
    let lacking = [(Insurance::Employee, Scheme::Employee), (Insurance::Resident, Scheme::Resident)]
        .into_iter()
        .filter(|(_, scheme)| !benefits.scheme(*scheme).offers(CareKind::SpecialDrug));
    let lacking: Vec<Insurance> = lacking.map(|(insurance, _)| insurance).collect();
    let drugs = Business::named("settlement.outpatient.special_drug");
    let names_them = |pattern: &Pattern| matches!(pattern, Pattern::Under(of) if of.is_within(&drugs));
    let is_made_good = |rule: &&Rule| {
        let way = rule.disposition;
        (way.is_entered() || way.is_claimed()) && rule.businesses.iter().any(names_them) && is_of_pool(rule, plan)
    };
    let told = plan.rules.iter().filter(is_made_good).filter_map(|rule| {
        let schemes = &rule.scope.schemes;
        let named = lacking.iter().filter(|scheme| schemes.is_empty() || schemes.contains(scheme));
        let named: Vec<&str> = named.map(|scheme| scheme.name()).collect();
        let text = format!(
            "规则 {} 办“{}”（{drugs}），而本统筹区{}没有特药购药待遇，补录、报销不了；请删去本条，药费随门诊或住院办理",
            rule.id,
            plan.name_of(&drugs),
            named.join("、")
        );
        (!named.is_empty()).then_some(Problem { line: rule.line, text })
    });
    told.collect()
}

/// Whether a rule is for who is insured in the plan's own pool.
pub(super) fn is_of_pool(rule: &Rule, plan: &Plan) -> bool {
    let pools = &rule.scope.pools;
    pools.is_empty() || pools.iter().any(|pool| matches!(pool, InsuredIn::Pool(pool) if *pool == plan.pool))
}
