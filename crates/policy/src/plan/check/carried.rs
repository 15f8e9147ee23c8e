//! Whether what a plan says can be carried out (能否执行): each business that a rule governs has a way, a register with room
//! for it, and fields for the evidence that is demanded.

use super::Checker;
use yibao_domain::outage::{
    Business, Concern, Disposition, Kept, Question, RegisterKind, Requirement, Rule, Scope, fits,
};
use yibao_domain::register::Governed;

/// How many businesses a finding names.
const NAMED: usize = 4;

impl Checker<'_> {
    pub(super) fn carried_out(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            let governed = self.governed(rule);
            self.ways(rule, &governed);
            self.stated_register(rule, &governed);
            let kinds = registers(rule, &governed);
            self.kept_evidence(&rule.id, rule.line, &rule.evidence, &kinds);
            for fallback in &rule.fallbacks {
                if !fallback.disposition.is_fallback() {
                    let ways: Vec<&str> =
                        Disposition::ALL.iter().filter(|way| way.is_fallback()).map(|way| way.word()).collect();
                    let text = format!(
                        "规则 {} 的备用办法“{}”没有办理途径：备用办法由经办机构办理或者告知不办，医药机构不再补录；请改用 {}，仍在原机构补录的写成规则自己的 disposition",
                        rule.id,
                        fallback.disposition.name(),
                        ways.join("、")
                    );
                    self.problem(fallback.line, text);
                    continue;
                }
                let lost =
                    |business: &&Business| Kept::usual(fallback.disposition, Concern::of(business)) == Kept::NoWay;
                let lost: Vec<&Business> = governed.iter().filter(lost).collect();
                if !lost.is_empty() && lost.len() == governed.len() {
                    let text = format!(
                        "规则 {} 的备用办法“{}”对{}没有办理途径；请换一种处置方式",
                        rule.id,
                        fallback.disposition.name(),
                        self.named(&lost)
                    );
                    self.problem(fallback.line, text);
                }
            }
        }
        for duty in &plan.duties {
            let papers = |kind: &RegisterKind| kind.row().governed == Governed::Papers;
            let kinds: Vec<RegisterKind> = duty.register().into_iter().filter(papers).collect();
            self.kept_evidence(&duty.id, duty.line, &duty.evidence, &kinds);
        }
    }

    /// The known businesses that a rule governs, for one or other of those whom it covers; a name that stands for businesses
    /// of several concerns is not asked about.
    pub(super) fn governed(&self, rule: &Rule) -> Vec<Business> {
        let plan = self.plan;
        let covered: Vec<Question> = each_of(&rule.scope).iter().filter_map(|one| plan.somebody(&[one])).collect();
        let is_one = |name: &&Business| {
            let mut under = plan.names.keys().filter(|other| other.is_within(name));
            under.all(|other| Concern::of(other) == Concern::of(name))
        };
        let governs = |business: &&Business| {
            covered.iter().any(|somebody| {
                let question = Question { business: (*business).clone(), ..somebody.clone() };
                plan.governing(&question).iter().any(|one| one.id == rule.id)
            })
        };
        plan.names.keys().filter(is_one).filter(governs).cloned().collect()
    }

    fn ways(&mut self, rule: &Rule, governed: &[Business]) {
        let lost: Vec<&Business> = governed.iter().filter(|business| rule.kept(business) == Kept::NoWay).collect();
        if lost.is_empty() {
            return;
        }
        let text = format!(
            "规则 {} 的处置方式“{}”对{}没有办理途径；请给这些业务单独写规则（如 {}），或写进 except",
            rule.id,
            rule.disposition.name(),
            self.named(&lost),
            instead(lost[0])
        );
        self.problem(rule.line, text);
    }

    fn stated_register(&mut self, rule: &Rule, governed: &[Business]) {
        let Some(kind) = rule.stated_register else { return };
        if kind.is_settled() && rule.window.is_some() && !rule.disposition.ends_entries() {
            let text = format!(
                "规则 {} 的处置方式“{}”不补录也不报销，登记到“{}”的永远办不结；请删去 register，或改用有补办途径的处置方式（如 {}）",
                rule.id,
                rule.disposition.name(),
                kind.name(),
                if kind.is_stay() { Disposition::DeferSettlement.word() } else { Disposition::CashReenter.word() }
            );
            self.problem(rule.line, text);
            return;
        }
        let stranger = |business: &&Business| !fits(kind, Concern::of(business));
        let strangers: Vec<&Business> = governed.iter().filter(stranger).collect();
        if strangers.is_empty() {
            return;
        }
        let text = format!(
            "规则 {} 写明登记到“{}”，但它不登记{}；请删去 register（各业务自有台账），或给这些业务单独写规则",
            rule.id,
            kind.name(),
            self.named(&strangers)
        );
        self.problem(rule.line, text);
    }

    /// What is demanded has a field in every register that keeps it.
    fn kept_evidence(&mut self, id: &str, line: u32, evidence: &[Requirement], kinds: &[RegisterKind]) {
        for requirement in evidence {
            let lacking = kinds.iter().filter(|kind| !self.fields.can_attest(**kind, requirement));
            let lacking: Vec<&str> = lacking.map(|kind| kind.name()).collect();
            if !lacking.is_empty() {
                let text = format!(
                    "{id} 要求的凭据“{}”在“{}”台账里没有栏目；请在凭据后加“?”（不强制），或在 fields.tsv 里添这一栏",
                    requirement.name(),
                    lacking.join("、")
                );
                self.problem(line, text);
            }
        }
    }

    pub(super) fn named(&self, businesses: &[&Business]) -> String {
        // A name speaks for those under it.
        let is_told = |name: &&&Business| businesses.iter().any(|above| above != *name && name.is_within(above));
        let told: Vec<&&Business> = businesses.iter().filter(|name| !is_told(name)).collect();
        let names = told.iter().take(NAMED).map(|name| format!("“{}”（{name}）", self.plan.name_of(name)));
        let more = if told.len() > NAMED { format!("等{}项", told.len()) } else { String::new() };
        names.collect::<Vec<_>>().join("、") + &more
    }
}

/// A scope of several insurances, places or populations as scopes of one each: another rule may take some of them away.
fn each_of(scope: &Scope) -> Vec<Scope> {
    let mut found = vec![scope.clone()];
    found = split(found, |scope| &mut scope.schemes);
    found = split(found, |scope| &mut scope.places);
    split(found, |scope| &mut scope.populations)
}

/// The scopes with one value of a list each; as they are where the list is empty.
fn split<T: Clone>(scopes: Vec<Scope>, mut list: impl FnMut(&mut Scope) -> &mut Vec<T>) -> Vec<Scope> {
    let each = |mut scope: Scope| {
        let values = std::mem::take(list(&mut scope));
        if values.is_empty() {
            return vec![scope];
        }
        let with = |value| {
            let mut one = scope.clone();
            list(&mut one).push(value);
            one
        };
        values.into_iter().map(with).collect()
    };
    scopes.into_iter().flat_map(each).collect()
}

/// The registers of which a registration is judged by the rule's evidence.
fn registers(rule: &Rule, governed: &[Business]) -> Vec<RegisterKind> {
    let mut kinds: Vec<RegisterKind> = governed.iter().filter_map(|business| rule.register(business)).collect();
    kinds.retain(|kind| matches!(kind.row().governed, Governed::Care | Governed::Papers));
    kinds.sort_by_key(|kind| kind.word());
    kinds.dedup();
    kinds
}

/// A disposition that such a business has.
fn instead(business: &Business) -> &'static str {
    let ways = [Disposition::DeferSettlement, Disposition::RegisterLater, Disposition::Refuse];
    let has_way = |way: &&Disposition| Kept::usual(**way, Concern::of(business)) != Kept::NoWay;
    ways.iter().find(has_way).map_or("refuse", |way| way.word())
}
