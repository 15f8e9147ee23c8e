//! How the table and the picture of a plan call its rules, businesses and reopenings.

use yibao_domain::outage::{Pattern, Plan, Reopens, Rule, moment_name};

/// The rules by their windows, earliest closing first; what stays open comes last.
pub(super) fn by_window(plan: &Plan) -> Vec<&Rule> {
    let mut rules: Vec<&Rule> = plan.rules.iter().collect();
    rules.sort_by_key(|rule| (rule.window.is_none(), rule.window.clone(), rule.line));
    rules
}

/// The businesses that a rule names, in Chinese.
pub(super) fn business_names(rule: &Rule, plan: &Plan) -> String {
    names(&rule.businesses, plan)
}

/// Businesses in Chinese.
pub(in crate::commands) fn names(businesses: &[Pattern], plan: &Plan) -> String {
    let name = |pattern: &Pattern| match pattern {
        Pattern::All => "其余全部业务",
        Pattern::Under(business) => plan.name_of(business),
    };
    businesses.iter().map(name).collect::<Vec<_>>().join("、")
}

/// `2021-07-15 24:00`, `待“验收通过”(预计2021-07-15 24:00)`, `不再恢复`.
pub(in crate::commands) fn reopening(reopens: &Reopens) -> String {
    match reopens {
        Reopens::At(moment) => moment_name(*moment),
        Reopens::Awaits { name, expected, .. } => {
            let expected = expected.map(|moment| format!("（预计{}）", moment_name(moment))).unwrap_or_default();
            format!("待“{name}”{expected}")
        }
        Reopens::Never => "不再恢复".to_owned(),
    }
}
