//! For whom and where, in all parts alike: counties that the plan does not list, groups that nobody names, names that nothing carries.

use super::Checker;
use yibao_domain::outage::{Group, InsuredIn, PersonIn, Plan, ProviderIn, Requirement, Scope};
use yibao_domain::register::Action;

/// A scope with what it belongs to, and the line.
fn named_scopes(plan: &Plan) -> Vec<(String, &Scope, u32)> {
    let mut all: Vec<(String, &Scope, u32)> = Vec::new();
    all.extend(plan.rules.iter().map(|one| (format!("规则 {}", one.id), &one.scope, one.line)));
    all.extend(plan.stages.iter().map(|one| (format!("分批恢复 {}", one.id), &one.scope, one.line)));
    all.extend(plan.duties.iter().map(|one| (format!("责任事项 {}", one.id), &one.scope, one.line)));
    all.extend(plan.supplies.iter().map(|one| (format!("提前备药 {}", one.id), &one.scope, one.line)));
    all.extend(plan.extensions.iter().map(|one| (format!("期限顺延 {}", one.id), &one.scope, one.line)));
    all.extend(plan.tolerances.iter().map(|one| (format!("宽限 {}", one.id), &one.scope, one.line)));
    all.extend(plan.hold_harmless.iter().map(|one| (format!("待遇不受损 {}", one.id), &one.scope, one.line)));
    all.extend(plan.degraded.iter().map(|one| (format!("恢复初期 {}", one.id), &one.scope, one.line)));
    all.extend(plan.freezes.iter().map(|one| (format!("结算冻结 {}", one.id), &one.scope, one.line)));
    all.extend(plan.continuities.iter().map(|one| (format!("待遇连续 {}", one.id), &one.scope, one.line)));
    all.extend(plan.invariants.iter().map(|one| (format!("时点清零 {}", one.id), &one.scope, one.line)));
    all
}

impl Checker<'_> {
    pub(super) fn scopes(&mut self) {
        let plan = self.plan;
        for (what, scope, line) in named_scopes(plan) {
            let known = |code: &&String| plan.counties.iter().any(|county| county.code == **code);
            for code in scope.counties.iter().filter(|code| !known(code)) {
                self.problem(line, format!("{what} 的区划 {code} 不在方案的 [[county]] 中"));
            }
        }
        for group in &plan.groups {
            if !plan.scopes().any(|scope| names(scope, group)) {
                let key = if group.is_of_persons() { "populations" } else { "providers" };
                let text = format!("分组 {} 没有用到：请在某一条的 {key} 中写它，或删去", group.id);
                self.warn(group.line, text);
            }
        }
        self.unused_names();
        self.own_words();
    }

    /// Evidence and channels of the plan's own that nothing asks for, and fields that no register has.
    fn own_words(&mut self) {
        let plan = self.plan;
        for own in &plan.evidence {
            let (word, field) = (own.word(), own.row().field);
            let asked = |requirement: &Requirement| requirement.any_of.iter().flatten().any(|one| one == own);
            if !plan.demands().any(|(requirement, _)| asked(requirement)) {
                let text = format!("[evidence] 的 {word} 没有哪一条要求，请在 evidence 中写它，或删去");
                self.problem(plan.line, text);
            }
            let is_there = || {
                let mut asked = self.fields.fields.iter().filter(|field| field.action == Action::Register);
                asked.any(|known| known.name == field)
            };
            if !field.is_empty() && !is_there() {
                let text = format!(
                    "[evidence] 的 {word} 写明由栏目 {field} 登记，但没有台账有这一栏；请改正，或删去 field（改为在“其他凭据”里打勾）"
                );
                self.problem(plan.line, text);
            }
        }
        for own in plan.channels.iter().filter(|own| !plan.scopes().any(|scope| scope.channels.contains(own))) {
            self.warn(plan.line, format!("[channels] 的 {} 没有哪一条限定；它只供收件登记时选用", own.word()));
        }
    }

    /// A code that gets a name and that no scope and no group mentions is most often mistyped.
    fn unused_names(&mut self) {
        let plan = self.plan;
        let listed = plan.groups.iter().flat_map(|group| group.codes().unwrap_or_default());
        let named = plan.scopes().flat_map(|scope| &scope.providers).filter_map(ProviderIn::codes).flatten();
        let providers: Vec<&String> = listed.chain(named).collect();
        for code in plan.provider_names.keys().filter(|code| !providers.contains(code)) {
            let text = format!("[providers] 的 {code} 没有任何一条提到，名称用不上，请核对代码");
            self.warn(plan.line, text);
        }
        let insured = |code: &String| {
            let mut pools = plan.scopes().flat_map(|scope| &scope.pools);
            pools.any(|pool| matches!(pool, InsuredIn::Pool(pool) if pool.as_str() == code))
                || plan.scopes().any(|scope| scope.counties.contains(code))
                || plan.pool.as_str() == code
        };
        for code in plan.pool_names.keys().filter(|code| !insured(code)) {
            let text = format!("[pools] 的 {code} 没有任何一条提到，名称用不上，请核对代码");
            self.warn(plan.line, text);
        }
    }
}

fn names(scope: &Scope, group: &Group) -> bool {
    let providers = scope.providers.iter().any(|named| matches!(named, ProviderIn::Group(own) if own.id == group.id));
    providers || scope.populations.iter().any(|named| matches!(named, PersonIn::Group(own) if own.id == group.id))
}
