//! Rules against rules, stages against stages: what contradicts, what can never answer, what nobody says anything about.

use super::Checker;
use super::meeting::{holds_whenever, how_to_order, may_meet};
use crate::plan::Problem;
use yibao_domain::outage::{AfterDeadline, Business, Fallback, FallbackWhen, Rule, Scope, Stage, moment_name};

/// The longest chain of fallbacks that people can follow.
const FALLBACKS_MAX: usize = 3;

impl Checker<'_> {
    /// A rule that for each of its businesses is overruled by a more specific one that holds whenever it does.
    pub(super) fn unreachable_rules(&mut self) {
        for rule in &self.plan.rules {
            let covered: Vec<&Business> =
                self.plan.names.keys().filter(|business| rule.specificity(business).is_some()).collect();
            let overruler = |business: &&Business| {
                let all = self.plan.rules.iter().filter(|other| {
                    other.specificity(business) > rule.specificity(business)
                        && holds_whenever(&other.scope, &rule.scope)
                });
                // The one that answers: among several, the first of the most specific ones.
                all.min_by_key(|other| std::cmp::Reverse(other.specificity(business)))
            };
            let overrulers: Vec<Option<&Rule>> = covered.iter().map(overruler).collect();
            if let Some(Some(other)) = overrulers.first().filter(|_| overrulers.iter().all(Option::is_some)) {
                let text = format!(
                    "规则 {} 永远用不上：它提到的每项业务都有更具体的规则（如第{}行 {}）；请删去，或补充它特有的业务",
                    rule.id, other.line, other.id
                );
                self.problems.push(Problem { line: rule.line, text });
            } else if rule.scope != Scope::default() && !rule.prevails {
                self.problems.extend(partly_overruled(rule, &covered, &overrulers));
            }
        }
    }

    /// Stages of one rank that can meet and say different things, stages that never hold, stages that move nothing.
    pub(super) fn stages(&mut self) {
        let plan = self.plan;
        for (index, second) in plan.stages.iter().enumerate() {
            for first in &plan.stages[..index] {
                let same = |business: &&Business| {
                    let rank = first.specificity(business);
                    rank.is_some() && rank == second.specificity(business)
                };
                let business = plan.names.keys().find(same);
                let Some(business) = business.filter(|_| may_meet(&first.scope, &second.scope, &plan.pool)) else {
                    continue;
                };
                let name = plan.name_of(business);
                let both = format!("分批恢复 {} 与第{}行的 {} 矛盾：同样具体，", second.id, first.line, first.id);
                if first.reopens != second.reopens {
                    let (one, other) = (second.reopens.name(), first.reopens.name());
                    let order = how_to_order(&first.scope, &second.scope);
                    let text = format!("{both}对“{name}”一个{one}，一个{other}；{order}");
                    self.problem(second.line, text);
                } else if first.advice != second.advice {
                    let order = how_to_order(&first.scope, &second.scope);
                    self.problem(second.line, format!("{both}对“{name}”的办法（advice）不同；请写成一样，或：{order}"));
                }
            }
            if !plan.rules.iter().any(|rule| self.moves(second, rule)) {
                let text = format!(
                    "分批恢复 {} 用不上：没有规则在它之前停办它提到的业务，请核对 business、限定条件和恢复时刻",
                    second.id
                );
                self.problem(second.line, text);
            }
            if let Some(other) = self.overruling_stage(second) {
                let text = format!(
                    "分批恢复 {} 永远用不上：第{}行的 {} 更具体而适用范围相同或更广",
                    second.id, other.line, other.id
                );
                self.problem(second.line, text);
            }
        }
    }

    /// Whether a stage can move the reopening of a rule.
    pub(super) fn moves(&self, stage: &Stage, rule: &Rule) -> bool {
        let both = |business: &Business| {
            let named = stage.specificity(business).is_some() && rule.specificity(business).is_some();
            named && !self.overruled(rule, business, &stage.scope)
        };
        let in_time = rule.window.as_ref().is_some_and(|window| stage.reopens.is_after(window.closes.at));
        in_time && may_meet(&stage.scope, &rule.scope, &self.plan.pool) && self.plan.names.keys().any(both)
    }

    /// A stage that is more specific on every business of this one and holds whenever it does.
    fn overruling_stage(&self, stage: &Stage) -> Option<&Stage> {
        let covered: Vec<&Business> =
            self.plan.names.keys().filter(|business| stage.specificity(business).is_some()).collect();
        self.plan.stages.iter().find(|other| {
            let overrules = |business: &&Business| other.specificity(business) > stage.specificity(business);
            holds_whenever(&other.scope, &stage.scope) && !covered.is_empty() && covered.iter().all(overrules)
        })
    }

    /// Settlement and stays on which nobody says anything, so that they stay open.
    pub(super) fn gaps(&mut self) {
        let plan = self.plan;
        let families = ["settlement", "encounter"].map(Business::named);
        let silent = |business: &Business| {
            plan.rules.iter().all(|rule| rule.specificity(business).is_none())
                && !plan.silent_ok.iter().any(|pattern| pattern.covers(business))
        };
        // A name stands for all under it: it is told where nobody says anything on any of them.
        let wholly = |business: &&Business| {
            let mut under = plan.names.keys().filter(|name| name.is_within(business));
            families.iter().any(|family| business.is_within(family)) && under.all(silent)
        };
        let gaps: Vec<&Business> = plan.names.keys().filter(wholly).collect();
        let topmost =
            |business: &&&Business| !gaps.iter().any(|above| *above != **business && business.is_within(above));
        let names: Vec<String> =
            gaps.iter().filter(topmost).map(|business| format!("{}（{business}）", plan.name_of(business))).collect();
        if !names.is_empty() {
            let text = format!(
                "没有规则提及：{}；停机期间它们将照常开放。请补规则（或 business = \"*\"），确需开放的写进 [plan] 的 silent_ok",
                names.join("、")
            );
            self.problem(plan.line, text);
        }
    }

    /// Chains of fallbacks that are too long or lead back to where they came from.
    pub(super) fn fallbacks(&mut self) {
        for rule in &self.plan.rules {
            if rule.fallbacks.len() > FALLBACKS_MAX {
                let text = format!("规则 {} 的备用办法有{}级，最多{FALLBACKS_MAX}级", rule.id, rule.fallbacks.len());
                self.problems.push(Problem { line: rule.line, text });
            }
            let mut tried = vec![rule.disposition];
            for fallback in &rule.fallbacks {
                if tried.contains(&fallback.disposition) {
                    let text = format!(
                        "规则 {} 的备用办法绕回原处：“{}”在本条中已经用过，请换一种",
                        rule.id,
                        fallback.disposition.name()
                    );
                    self.problems.push(Problem { line: fallback.line, text });
                }
                tried.push(fallback.disposition);
                if fallback.when.contains(&FallbackWhen::DeadlineMissed) {
                    self.problems.extend(self.after_a_missed_deadline(rule, fallback));
                }
            }
        }
    }
}

impl Checker<'_> {
    /// What a fallback for who is late may not say: that nobody who is late is served, that it ends before the deadline that was missed.
    fn after_a_missed_deadline(&self, rule: &Rule, fallback: &Fallback) -> Option<Problem> {
        let id = &rule.id;
        let found = |text: String| Some(Problem { line: fallback.line, text });
        let deadline = rule.deadline.as_ref()?;
        if deadline.after == AfterDeadline::Refuse {
            return found(format!(
                "规则 {id} 写明逾期不再受理（after_deadline = \"refuse\"），却又有逾期的备用办法，请改一处（如 listed）"
            ));
        }
        if deadline.after == AfterDeadline::ByCase {
            return found(format!(
                "规则 {id} 写明公告没有规定逾期怎么办（after_deadline = \"by_case\"），却又有逾期的备用办法，请改为 listed，或删去备用办法"
            ));
        }
        let end = |due| self.plan.end_for(due, rule, self.calendar).moment();
        let (missed, ends) = (end(&deadline.due)?, end(&fallback.deadline.as_ref()?.due)?);
        if ends <= missed {
            let (ends, missed) = (moment_name(ends), moment_name(missed));
            return found(format!("规则 {id} 逾期后的办法到{ends}为止，不晚于所逾的期限{missed}，请核对"));
        }
        None
    }
}

/// A rule for some people or places only, on a prefix under which a rule for more people has a business of its own: easily
/// written by mistake, since the business decides before the refinements do. A longer name for the same people is an
/// exception that its writer made.
fn partly_overruled(rule: &Rule, covered: &[&Business], overrulers: &[Option<&Rule>]) -> Option<Problem> {
    let broader = |other: &&&Rule| !holds_whenever(&rule.scope, &other.scope);
    let lost: Vec<String> = covered
        .iter()
        .zip(overrulers)
        .filter_map(|(business, other)| {
            let other = other.as_ref().filter(broader)?;
            Some(format!("{business}（第{}行 {}）", other.line, other.id))
        })
        .collect();
    if lost.is_empty() {
        return None;
    }
    let text = format!(
        "规则 {} 有限定条件，却让位于业务名更具体的规则：{}；要让本条优先，请把这些业务也写进 business（或写 prevails = true），确应让位的写进 except",
        rule.id,
        lost.join("、")
    );
    Some(Problem { line: rule.line, text })
}
