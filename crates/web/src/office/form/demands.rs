//! What the plans demand of a register's form: which fields and papers, of which businesses.

use yibao_domain::outage::{Business, Evidence, Pattern, Plan, RegisterKind, Rule};
use yibao_domain::register::{FieldKind, FieldSpec, FieldTable, keeps_own};

/// Whose demands they are.
#[derive(Clone, Copy)]
pub(super) struct Of<'a> {
    /// The plans in force of the pool.
    pub plans: &'a [Plan],
    /// The register.
    pub kind: RegisterKind,
    /// The fields of all registers.
    pub fields: &'a FieldTable,
}

/// The papers that are asked for with a claim: by rules that send it to the agency, and where a rule of this register has fallen back.
pub(super) fn brought(of: Of<'_>) -> Vec<String> {
    let rules = of.plans.iter().flat_map(|plan| &plan.rules).filter(|rule| rule.keeps(of.kind));
    let of_rule = |rule: &&Rule| rule.disposition.is_claimed();
    let wanted = rules.clone().filter(of_rule).flat_map(|rule| &rule.evidence);
    let wanted = wanted.chain(rules.flat_map(|rule| &rule.fallbacks).flat_map(|fallback| &fallback.evidence));
    let mut names = Vec::new();
    for word in wanted.flat_map(|requirement| requirement.any_of.iter().flatten()) {
        let name = word.name().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// The papers that the plans' rules and duties ask for in this register and for which it has no field of their own.
pub(super) fn papers(of: Of<'_>, about: Option<&Business>) -> Vec<String> {
    let rules = of.plans.iter().flat_map(|plan| plan.stated_to(of.kind));
    let rules = rules.filter(|rule| concerns(rule, of.kind, about));
    let duties = of.plans.iter().flat_map(|plan| &plan.duties);
    let duties = duties.filter(|duty| duty.register() == Some(of.kind));
    let wanted = rules.map(|rule| &rule.evidence).chain(duties.map(|duty| &duty.evidence)).flatten();
    let words = wanted.flat_map(|requirement| requirement.any_of.iter().flatten());
    let mut names = Vec::new();
    for word in words.filter(|word| !of.fields.has_own(of.kind, **word)) {
        let name = word.name().to_owned();
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Whether a rule or duty of a plan that keeps this register demands what the field attests.
pub(super) fn is_demanded(field: &FieldSpec, of: Of<'_>, about: Option<&Business>) -> bool {
    field.holds == FieldKind::Papers || wanted(of, about).any(|(.., word)| attests(field, word))
}

/// Whether such a rule demands what the field keeps as its own.
pub(super) fn attested(field: &FieldSpec, of: Of<'_>, about: Option<&Business>) -> bool {
    wanted(of, about).any(|(.., word)| keeps_own(field, word))
}

fn attests(field: &FieldSpec, word: Evidence) -> bool {
    field.evidence.contains(&word) || keeps_own(field, word)
}

/// What rules of the plans that keep this register demand of a business: plan, rule and evidence.
fn wanted<'g>(
    of: Of<'g>,
    about: Option<&'g Business>,
) -> impl Iterator<Item = (&'g Plan, &'g Rule, Evidence)> + use<'g> {
    let kind = of.kind;
    let rules = of.plans.iter().flat_map(move |plan| plan.stated_to(kind).map(move |rule| (plan, rule)));
    let rules = rules.filter(move |(_, rule)| concerns(rule, kind, about));
    rules.flat_map(|(plan, rule)| {
        let demanded = rule.evidence.iter().filter(|requirement| !requirement.optional);
        let words = demanded.flat_map(|requirement| requirement.any_of.iter().flatten().copied());
        words.map(move |word| (plan, rule, word))
    })
}

/// Whether a rule may be that of a form about a business: papers of an enrolment have none of a bill's. Papers of a bill may be about
/// whatever care; other registers are about one business.
fn concerns(rule: &Rule, kind: RegisterKind, about: Option<&Business>) -> bool {
    let Some(about) = about.filter(|_| kind == RegisterKind::Papers) else { return true };
    let is_of_bill = ["settlement", "reimbursement"].iter().any(|root| about.is_within(&Business::named(root)));
    is_of_bill || rule.businesses.iter().any(|pattern| pattern.covers(about))
}

/// The businesses whose rules demand a field; empty where one is about all.
pub(super) fn businesses_of(field: &FieldSpec, of: Of<'_>) -> String {
    const NAMED_MAX: usize = 2;
    let mut names: Vec<&str> = Vec::new();
    for (plan, rule, _) in wanted(of, None).filter(|(.., word)| attests(field, *word)) {
        for pattern in &rule.businesses {
            match pattern {
                Pattern::All => return String::new(),
                Pattern::Under(business) => names.push(plan.name_of(business)),
            }
        }
    }
    names.sort_unstable();
    names.dedup();
    let shown = names[..names.len().min(NAMED_MAX)].join("、");
    if names.len() > NAMED_MAX { format!("{shown}等{}项", names.len()) } else { shown }
}
