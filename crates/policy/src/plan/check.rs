//! Finds what a readable plan contradicts: windows, rules against rules, deadlines, contacts. Each with its line.

use super::Problem;
use jiff::ToSpan;
use std::collections::BTreeMap;
use yibao_domain::calendar::Calendar;
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Business, Deadline, Disposition, Due, InsuredIn, Plan, Population, Rule, Scope, Window, moment_name,
};
use yibao_domain::time::DateTime;

/// Every contradiction in the plan, by line; empty where there is none.
pub fn check(plan: &Plan, calendar: &Calendar) -> Vec<Problem> {
    let mut checker = Checker { plan, calendar, problems: Vec::new() };
    checker.ids();
    checker.windows();
    checker.rules_against_rules();
    checker.unreachable_rules();
    checker.deadlines();
    checker.supplies();
    checker.contacts();
    let mut problems = checker.problems;
    problems.sort();
    problems.dedup();
    problems
}

struct Checker<'a> {
    plan: &'a Plan,
    calendar: &'a Calendar,
    problems: Vec<Problem>,
}

impl Checker<'_> {
    fn problem(&mut self, line: u32, text: impl Into<String>) {
        self.problems.push(Problem { line, text: text.into() });
    }

    fn ids(&mut self) {
        let rules = self.plan.rules.iter().map(|rule| (&rule.id, rule.line));
        let duties = self.plan.duties.iter().map(|duty| (&duty.id, duty.line));
        let supplies = self.plan.supplies.iter().map(|supply| (&supply.id, supply.line));
        let mut entries: Vec<(&String, u32)> = rules.chain(duties).chain(supplies).collect();
        entries.sort_by_key(|(_, line)| *line);
        let mut seen: BTreeMap<&String, u32> = BTreeMap::new();
        for (id, line) in entries {
            if let Some(first) = seen.get(id) {
                let text = format!("编号 {id} 与第{first}行重复,请换一个");
                self.problem(line, text);
            } else {
                seen.insert(id, line);
            }
        }
    }

    fn windows(&mut self) {
        let plan = self.plan;
        self.window("方案的停机时段", plan.window, plan.line);
        for rule in &plan.rules {
            if let Some(window) = rule.window {
                self.window(&format!("规则 {}", rule.id), window, rule.line);
            }
        }
    }

    fn window(&mut self, what: &str, window: Window, line: u32) {
        let (closes, reopens) = (moment_name(window.closes), moment_name(window.reopens));
        if window.reopens <= window.closes {
            let text = format!("{what}先恢复({reopens})后停办({closes}),请核对 closes 与 reopens");
            self.problem(line, text);
        }
        self.within_plan(what, "停办", window.closes, line);
        self.within_plan(what, "恢复", window.reopens, line);
    }

    fn within_plan(&mut self, what: &str, which: &str, moment: DateTime, line: u32) {
        let (first, last) = (self.plan.issued.at(0, 0, 0, 0), self.plan.ends);
        if moment < first || moment > last {
            let text = format!(
                "{what}的{which}时刻{}在方案期间({}至{})之外,请核对时刻或 [plan] 的 issued、ends",
                moment_name(moment),
                self.plan.issued,
                moment_name(last)
            );
            self.problem(line, text);
        }
    }

    /// Two rules of the same rank that can meet in one question and say different things at one time.
    fn rules_against_rules(&mut self) {
        let rules = &self.plan.rules;
        for (index, second) in rules.iter().enumerate() {
            for first in &rules[..index] {
                let Some(business) = self.same_rank_on(first, second) else { continue };
                let at_once = match (first.window, second.window) {
                    (Some(one), Some(other)) => one.overlaps(&other),
                    _ => true,
                };
                if at_once
                    && first.disposition != second.disposition
                    && may_meet(&first.scope, &second.scope, &self.plan.pool)
                {
                    let text = format!(
                        "规则 {} 与第{}行的 {} 矛盾:同样具体、时段相交,对“{}”({business})一个是{},一个是{};请合并,或让其中一条更具体",
                        second.id,
                        first.line,
                        first.id,
                        self.plan.name_of(&business),
                        second.disposition.name(),
                        first.disposition.name()
                    );
                    self.problem(second.line, text);
                }
            }
        }
    }

    /// A known business on which both rules have the same specificity.
    fn same_rank_on(&self, first: &Rule, second: &Rule) -> Option<Business> {
        let same = |business: &&Business| {
            let rank = first.specificity(business);
            rank.is_some() && rank == second.specificity(business)
        };
        self.plan.names.keys().find(same).cloned()
    }

    /// A rule that for each of its businesses is overruled by a more specific one that holds whenever it does.
    fn unreachable_rules(&mut self) {
        for rule in &self.plan.rules {
            let covered: Vec<&Business> =
                self.plan.names.keys().filter(|business| rule.specificity(business).is_some()).collect();
            let overruler = |business: &&Business| {
                self.plan.rules.iter().find(|other| {
                    other.specificity(business) > rule.specificity(business)
                        && holds_whenever(&other.scope, &rule.scope)
                })
            };
            let overrulers: Vec<Option<&Rule>> = covered.iter().map(overruler).collect();
            if let Some(Some(other)) = overrulers.first().filter(|_| overrulers.iter().all(Option::is_some)) {
                let text = format!(
                    "规则 {} 永远用不上:它提到的每项业务都有更具体的规则(如第{}行 {});请删去,或补充它特有的业务",
                    rule.id, other.line, other.id
                );
                self.problems.push(Problem { line: rule.line, text });
            } else if rule.scope != Scope::default() {
                self.problems.extend(partly_overruled(rule, &covered, &overrulers));
            }
        }
    }

    fn deadlines(&mut self) {
        let plan = self.plan;
        for rule in &plan.rules {
            let Some(deadline) = &rule.deadline else { continue };
            let Some(moment) = self.deadline(&rule.id, deadline, rule.line) else { continue };
            if rule.window.is_some_and(|window| moment < window.reopens) {
                let text = format!("规则 {} 的期限{}早于该业务恢复,请核对", rule.id, moment_name(moment));
                self.problem(rule.line, text);
            }
        }
        for duty in &plan.duties {
            if let Some(deadline) = &duty.deadline {
                self.deadline(&duty.id, deadline, duty.line);
            }
        }
    }

    /// The deadline's moment, where it has one; it lies inside the plan and on a working day.
    fn deadline(&mut self, id: &str, deadline: &Deadline, line: u32) -> Option<DateTime> {
        if let Due::WorkingDays { after, .. } = &deadline.due
            && self.plan.reopening_of(after).is_none()
        {
            let text = format!("{id} 的期限从“{}”({after})恢复起算,但没有规则停办该业务", self.plan.name_of(after));
            self.problem(line, text);
            return None;
        }
        let Some(moment) = self.plan.moment_of(&deadline.due, self.calendar) else {
            self.problem(line, format!("{id} 的期限超出工作日历的年份,请先补充日历"));
            return None;
        };
        self.within_plan(id, "期限", moment, line);
        let last_day = moment.saturating_sub(1.second()).date();
        match self.calendar.is_working_day(last_day) {
            Some(true) => {}
            Some(false) => self.problem(line, format!("{id} 的期限{}落在非工作日,请改到工作日", moment_name(moment))),
            None => self.problem(line, format!("{id} 的期限{last_day}超出工作日历的年份,请先补充日历")),
        }
        Some(moment)
    }

    fn supplies(&mut self) {
        for supply in &self.plan.supplies {
            let id = &supply.id;
            let mut found = Vec::new();
            if let Some((first, last)) = supply.ends_between {
                if last < first {
                    found.push(format!("{id} 的用药截止区间先止({last})后起({first}),请核对"));
                }
                if supply.dispense_before > last.at(23, 59, 59, 0) {
                    found.push(format!("{id} 的提前开药时刻晚于用药截止区间,请核对"));
                }
                if supply.lasts_until.is_some_and(|until| until < last) {
                    found.push(format!("{id} 的药量最长日早于用药截止区间的末日,请核对"));
                }
            }
            let line = supply.line;
            self.problems.extend(found.into_iter().map(|text| Problem { line, text }));
            self.within_plan(&format!("{}提前开药", supply.id), "截止", supply.dispense_before, line);
        }
    }

    fn contacts(&mut self) {
        let plan = self.plan;
        let known = |code: &String| plan.counties.iter().any(|county| county.code == *code);
        let mut seen = BTreeMap::new();
        for county in &plan.counties {
            for code in std::iter::once(&county.code).chain(&county.also) {
                if let Some(first) = seen.insert(code, county.line) {
                    self.problem(county.line, format!("区划 {code} 已在第{first}行出现"));
                }
            }
        }
        for contact in &plan.contacts {
            if !known(&contact.county) {
                let text = format!("联系电话的区划 {} 不在方案的 [[county]] 中,请补上或改正", contact.county);
                self.problem(contact.line, text);
            }
        }
        for rule in &plan.rules {
            for code in rule.scope.counties.iter().filter(|code| !known(code)) {
                self.problem(rule.line, format!("规则 {} 的区划 {code} 不在方案的 [[county]] 中", rule.id));
            }
            if rule.disposition == Disposition::Open && rule.deadline.is_some() {
                self.problem(rule.line, format!("规则 {} 照常办理,不应有补办期限", rule.id));
            }
        }
    }
}

/// A rule for some people or places only, on a prefix under which a broader rule has a business of its own: easily
/// written by mistake, since the business decides before the refinements do.
fn partly_overruled(rule: &Rule, covered: &[&Business], overrulers: &[Option<&Rule>]) -> Option<Problem> {
    let lost: Vec<String> = covered
        .iter()
        .zip(overrulers)
        .filter_map(|(business, other)| other.map(|other| format!("{business}(第{}行 {})", other.line, other.id)))
        .collect();
    if lost.is_empty() {
        return None;
    }
    let text = format!(
        "规则 {} 有限定条件,却让位于业务名更具体的规则:{};要让本条优先,请把这些业务也写进 business",
        rule.id,
        lost.join("、")
    );
    Some(Problem { line: rule.line, text })
}

/// Whether one question can be covered by both scopes.
fn may_meet(one: &Scope, other: &Scope, plan_pool: &Pool) -> bool {
    fn share<T: PartialEq>(one: &[T], other: &[T]) -> bool {
        one.is_empty() || other.is_empty() || one.iter().any(|value| other.contains(value))
    }
    // A person is of several populations at once, unless each pair excludes each other.
    let populations = one.populations.is_empty()
        || other.populations.is_empty()
        || one
            .populations
            .iter()
            .any(|value| other.populations.iter().any(|second| !Population::excludes(*value, *second)));
    let pools = share(&one.pools, &other.pools)
        || [(one, other), (other, one)].iter().any(|(wide, narrow)| {
            wide.pools.contains(&InsuredIn::Elsewhere)
                && narrow.pools.iter().any(|pool| matches!(pool, InsuredIn::Pool(pool) if pool != plan_pool))
        });
    share(&one.providers, &other.providers)
        && share(&one.counties, &other.counties)
        && share(&one.schemes, &other.schemes)
        && share(&one.places, &other.places)
        && share(&one.channels, &other.channels)
        && populations
        && pools
}

/// Whether `wide` covers every question that `narrow` covers.
fn holds_whenever(wide: &Scope, narrow: &Scope) -> bool {
    fn includes<T: PartialEq>(wide: &[T], narrow: &[T]) -> bool {
        wide.is_empty() || (!narrow.is_empty() && narrow.iter().all(|value| wide.contains(value)))
    }
    includes(&wide.providers, &narrow.providers)
        && includes(&wide.counties, &narrow.counties)
        && includes(&wide.populations, &narrow.populations)
        && includes(&wide.schemes, &narrow.schemes)
        && includes(&wide.places, &narrow.places)
        && includes(&wide.pools, &narrow.pools)
        && includes(&wide.channels, &narrow.channels)
}
