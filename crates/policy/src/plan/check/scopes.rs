//! For whom and where, in all parts alike: counties that the plan does not list, groups that nobody names, names that nothing carries.

use super::Checker;
use yibao_domain::outage::{Group, InsuredIn, Pattern, PersonIn, Plan, ProviderIn, Requirement, Scope};
use yibao_domain::register::Action;

/// A part of a plan that is for somebody and somewhere.
pub(super) struct Scoped<'a> {
    /// What it is, with its id.
    pub what: String,
    /// The businesses it is about; none: it is about no one in particular.
    pub businesses: &'a [Pattern],
    /// For whom and where.
    pub scope: &'a Scope,
    /// Where it stands.
    pub line: u32,
}

/// Every part of a plan that has a scope.
pub(super) fn scoped(plan: &Plan) -> Vec<Scoped<'_>> {
    let mut all: Vec<Scoped<'_>> = Vec::new();
    macro_rules! add {
        ($name:literal, $list:ident) => {
            all.extend(plan.$list.iter().map(|one| Scoped {
                what: format!("{} {}", $name, one.id),
                businesses: &one.businesses,
                scope: &one.scope,
                line: one.line,
            }));
        };
    }
    add!("规则", rules);
    add!("分批恢复", stages);
    add!("责任事项", duties);
    add!("提前备药", supplies);
    add!("期限顺延", extensions);
    add!("宽限", tolerances);
    add!("待遇不受损", hold_harmless);
    add!("恢复初期", degraded);
    add!("结算冻结", freezes);
    let of_none = |what: String, scope, line| Scoped { what, businesses: &[], scope, line };
    all.extend(plan.continuities.iter().map(|one| of_none(format!("待遇连续 {}", one.id), &one.scope, one.line)));
    all.extend(plan.invariants.iter().map(|one| of_none(format!("时点清零 {}", one.id), &one.scope, one.line)));
    all
}

impl Checker<'_> {
    pub(super) fn scopes(&mut self) {
        let plan = self.plan;
        for Scoped { what, scope, line, .. } in scoped(plan) {
            let known = |code: &&String| plan.counties.iter().any(|county| county.code == **code);
            for code in scope.counties.iter().filter(|code| !known(code)) {
                let text = format!("{what} 的区划 {code} 不在方案的 [[county]] 中；请改正代码，或补一条 [[county]]");
                self.problem(line, text);
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
                self.problem(self.line_of("evidence", word), text);
            }
            let is_there = || {
                let mut asked = self.fields.fields.iter().filter(|field| field.action == Action::Register);
                asked.any(|known| known.name == field)
            };
            if !field.is_empty() && !is_there() {
                let text = format!(
                    "[evidence] 的 {word} 写明由栏目 {field} 登记，但没有台账有这一栏；请改正，或删去 field（改为在“其他凭据”里打勾）"
                );
                self.problem(self.line_of("evidence", word), text);
            }
        }
        for own in plan.channels.iter().filter(|own| !plan.scopes().any(|scope| scope.channels.contains(own))) {
            let text = format!("[channels] 的 {} 没有哪一条限定；它只供收件登记时选用，不需要的请删去", own.word());
            self.warn(self.line_of("channels", own.word()), text);
        }
    }

    /// Where a table of names has this key; the plan's own line where it is written in another way.
    fn line_of(&self, table: &str, key: &str) -> u32 {
        let mut current = "";
        for (number, line) in (1_u32..).zip(self.plan.text.lines().map(str::trim)) {
            if let Some(head) = line.strip_prefix('[') {
                current = head.split(']').next().unwrap_or_default().trim();
            }
            let written = line.split('=').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
            if current == table && line.contains('=') && written == key {
                return number;
            }
        }
        self.plan.line
    }

    /// A code that gets a name and that no scope and no group mentions is most often mistyped.
    fn unused_names(&mut self) {
        let plan = self.plan;
        let listed = plan.groups.iter().flat_map(|group| group.codes().unwrap_or_default());
        let named = plan.scopes().flat_map(|scope| &scope.providers).filter_map(ProviderIn::codes).flatten();
        let providers: Vec<&String> = listed.chain(named).collect();
        for code in plan.provider_names.keys().filter(|code| !providers.contains(code)) {
            let text = format!("[providers] 的 {code} 没有任何一条提到，名称用不上，请核对代码");
            self.warn(self.line_of("providers", code), text);
        }
        let insured = |code: &String| {
            let mut pools = plan.scopes().flat_map(|scope| &scope.pools);
            pools.any(|pool| matches!(pool, InsuredIn::Pool(pool) if pool.as_str() == code))
                || plan.scopes().any(|scope| scope.counties.contains(code))
                || plan.pool.as_str() == code
        };
        for code in plan.pool_names.keys().filter(|code| !insured(code)) {
            let text = format!("[pools] 的 {code} 没有任何一条提到，名称用不上，请核对代码");
            self.warn(self.line_of("pools", code), text);
        }
    }
}

fn names(scope: &Scope, group: &Group) -> bool {
    let providers = scope.providers.iter().any(|named| matches!(named, ProviderIn::Group(own) if own.id == group.id));
    providers || scope.populations.iter().any(|named| matches!(named, PersonIn::Group(own) if own.id == group.id))
}
