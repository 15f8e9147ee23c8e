//! Rules of one rank (同样具体的规则): where two of them meet in one question at one time, the answer is that of the smaller id, so
//! they have to say the same.

use super::meeting::{holds_whenever, how_to_order, may_meet};
use super::{Checker, in_order};
use yibao_domain::outage::{Business, Duty, DutyKind, Rule, moment_name};

impl Checker<'_> {
    /// Two rules of the same rank that can meet in one question and say different things at one time.
    pub(super) fn rules_against_rules(&mut self) {
        let plan = self.plan;
        for (index, second) in plan.rules.iter().enumerate() {
            for first in &plan.rules[..index] {
                let at_once = match (&first.window, &second.window) {
                    (Some(one), Some(other)) => one.overlaps(other),
                    _ => true,
                };
                let differ = aspects(first, second);
                if !at_once || differ.is_empty() || !may_meet(&first.scope, &second.scope, &plan.pool) {
                    continue;
                }
                let Some(business) = self.same_rank_on(first, second) else { continue };
                let name = plan.name_of(business);
                let how = if first.disposition == second.disposition {
                    format!("{}不同", differ.join("、"))
                } else {
                    format!("一个是{}，一个是{}", second.disposition.name(), first.disposition.name())
                };
                let text = format!(
                    "规则 {} 与第{}行的 {} 矛盾：同样具体、时段相交，对“{name}”（{business}）{how}；{}",
                    second.id,
                    first.line,
                    first.id,
                    how_to_order(&first.scope, &second.scope)
                );
                self.problem(second.line, text);
            }
        }
    }

    /// A known business on which both rules have the same specificity, and nothing overrules them.
    fn same_rank_on(&self, first: &Rule, second: &Rule) -> Option<&Business> {
        let same = |business: &&Business| {
            let rank = first.specificity(business);
            rank.is_some()
                && rank == second.specificity(business)
                && !self.overruled(first, business, &second.scope)
                && !self.overruled(second, business, &first.scope)
        };
        self.plan.names.keys().find(same)
    }

    /// A rule that reopens while a broader one still closes everything around it: what its writer may not have meant, for it is
    /// the narrower one that governs.
    pub(super) fn narrow_windows(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            let Some(reopens) = rule.window.as_ref().and_then(|window| window.reopens.moment()) else { continue };
            let broader = plan.rules.iter().find(|other| {
                let later = other
                    .window
                    .as_ref()
                    .is_some_and(|window| window.closes < reopens && window.reopens.is_after(reopens));
                later && holds_whenever(&other.scope, &rule.scope) && self.narrows(rule, other)
            });
            if let Some(other) = broader {
                let named = self.covered(&rule.businesses);
                let named = named.iter().find(|business| self.narrows_on(rule, other, business));
                let name = named.map_or("该项业务", |business| plan.name_of(business));
                let text = format!(
                    "规则 {} 在{}恢复“{name}”等业务，而第{}行的 {} 那时还停着其余业务；本条更具体，以本条为准，请核对是否如此",
                    rule.id,
                    moment_name(reopens),
                    other.line,
                    other.id
                );
                self.warn(rule.line, text);
            }
        }
    }

    fn narrows(&self, rule: &Rule, broad: &Rule) -> bool {
        self.covered(&rule.businesses).iter().any(|business| self.narrows_on(rule, broad, business))
    }

    fn narrows_on(&self, rule: &Rule, broad: &Rule, business: &Business) -> bool {
        let rank = broad.specificity(business);
        rank.is_some() && rule.specificity(business) > rank
    }

    /// Two duties of one kind and rank for the same care: an entry has one deadline, that of the first.
    pub(super) fn duties_of_one_entry(&mut self) {
        let plan = self.plan;
        let counts = |duty: &&Duty| {
            matches!(duty.kind, DutyKind::Backfill | DutyKind::Call | DutyKind::Register) && !duty.businesses.is_empty()
        };
        let duties: Vec<&Duty> = plan.duties.iter().filter(counts).collect();
        for (index, second) in duties.iter().enumerate() {
            for first in &duties[..index] {
                let due = |duty: &Duty| duty.deadline.as_ref().map(|deadline| (deadline.due.clone(), deadline.after));
                let of_one = first.kind == second.kind
                    && first.register() == second.register()
                    && first.may_be_of_one(second)
                    && may_meet(&first.scope, &second.scope, &plan.pool);
                let (Some(one), Some(other)) = (due(first), due(second)) else { continue };
                let covered = self.covered(&first.businesses);
                let of_one_rank = |business: &&&Business| {
                    let rank = first.specificity(business);
                    rank.is_some() && rank == second.specificity(business)
                };
                let shared = covered.iter().find(of_one_rank);
                if let Some(business) = shared.filter(|_| of_one && one != other) {
                    let text = format!(
                        "责任事项 {} 与第{}行的 {} 都要{}“{}”（{business}）而期限不同，同样具体，只按前一条计；请合并，或各写适用的人（schemes、counties 等）",
                        second.id,
                        first.line,
                        first.id,
                        second.kind.name(),
                        plan.name_of(business)
                    );
                    match first.what == second.what {
                        true => self.problem(second.line, text),
                        false => self.warn(second.line, text),
                    }
                }
            }
        }
    }

    /// A duty to make good what rules give a deadline of their own: theirs is the one that counts (`Plan::made_good_until`). Where any
    /// of the rules has none and takes the duty's, the others are exceptions.
    pub(super) fn duties_beside_rules(&mut self) {
        let plan = self.plan;
        for duty in plan.duties.iter().filter(|duty| duty.kind == DutyKind::Backfill && !duty.businesses.is_empty()) {
            let Some(due) = duty.deadline.as_ref().map(|deadline| &deadline.due) else { continue };
            let covered = self.covered(&duty.businesses).into_iter();
            let closers = covered.flat_map(|business| {
                let closers = self.closers(business, &duty.scope).into_iter();
                closers.filter(|rule| rule.disposition.is_entered()).map(move |rule| (business, rule))
            });
            let closers: Vec<(&Business, &Rule)> = closers.collect();
            if closers.iter().any(|(_, rule)| rule.deadline.is_none()) {
                continue;
            }
            let other = closers.iter().find_map(|(business, rule)| {
                let own = &rule.deadline.as_ref()?.due;
                let ends = [
                    plan.end_for(own, *rule, self.calendar).moment(),
                    plan.end_for(due, &duty.scope, self.calendar).moment(),
                ];
                let same = match ends {
                    [Some(one), Some(other)] => one == other,
                    _ => own.name() == due.name(),
                };
                (!same).then_some((*business, *rule, own))
            });
            if let Some((business, rule, own)) = other {
                let text = format!(
                    "责任事项 {}（{}）的期限“{}”不起作用：第{}行的规则 {} 对“{}”（{business}）写的是“{}”，以规则为准；请写成一样，或删去一处",
                    duty.id,
                    duty.kind.name(),
                    due.name(),
                    rule.line,
                    rule.id,
                    plan.name_of(business),
                    own.name()
                );
                self.problem(duty.line, text);
            }
        }
    }

    /// Two promises for one filing: the first that is still open holds, so the other says nothing.
    pub(super) fn promises_of_one_filing(&mut self) {
        let plan = self.plan;
        for (index, second) in plan.hold_harmless.iter().enumerate() {
            for first in &plan.hold_harmless[..index] {
                let both = |business: &&Business| {
                    let of = |patterns: &[yibao_domain::outage::Pattern]| {
                        patterns.iter().any(|pattern| pattern.covers(business))
                    };
                    of(&first.businesses) && of(&second.businesses)
                };
                if let Some(business) = plan.names.keys().find(both)
                    && first.protects != second.protects
                {
                    let text = format!(
                        "待遇不受损 {} 与第{}行的 {} 都说到“{}”（{business}），而 protects 不同，只有前一条起作用；请合并",
                        second.id,
                        first.line,
                        first.id,
                        plan.name_of(business)
                    );
                    self.problem(second.line, text);
                }
            }
        }
    }
}

/// What two rules say differently while both close, in the words of the guide.
fn aspects(first: &Rule, second: &Rule) -> Vec<&'static str> {
    let papers = |rule: &Rule| {
        let mut papers: Vec<_> = rule.evidence.iter().map(|one| (in_order(one), one.optional)).collect();
        papers.sort();
        papers
    };
    let late = |rule: &Rule| rule.deadline.as_ref().map(|deadline| deadline.after);
    let due = |rule: &Rule| rule.deadline.as_ref().map(|deadline| deadline.due.clone());
    let fallbacks = |rule: &Rule| -> Vec<_> {
        let of_rule = rule.fallbacks.iter();
        of_rule
            .map(|one| {
                (one.when.clone(), one.disposition, one.advice.clone(), one.evidence.clone(), one.deadline.clone())
            })
            .collect()
    };
    let differ = [
        ("处置方式", first.disposition != second.disposition),
        ("期限", due(first) != due(second)),
        ("逾期处理", late(first) != late(second)),
        ("凭据", papers(first) != papers(second)),
        ("办法", first.advice != second.advice),
        ("停办前提醒", first.advice_ahead != second.advice_ahead),
        ("起办时刻", first.not_before != second.not_before),
        ("生效日期", first.effective != second.effective),
        ("备用办法", fallbacks(first) != fallbacks(second)),
        ("台账", first.stated_register != second.stated_register),
    ];
    differ.into_iter().filter(|(_, differs)| *differs).map(|(aspect, _)| aspect).collect()
}
