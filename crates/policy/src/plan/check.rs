//! Finds what a readable plan contradicts: windows, rules against rules, stages, deadlines, gaps. Each with its line.

mod around;
mod carried;
mod meeting;
mod rules;
mod scopes;
mod sense;
mod times;

use super::Problem;
use std::collections::BTreeMap;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Disposition, Evidence, Plan, Requirement};
use yibao_domain::register::FieldTable;

/// Every contradiction in the plan, and what the registers of these fields cannot keep, by line; empty where there is none.
pub fn check(plan: &Plan, calendar: &Calendar, fields: &FieldTable) -> Vec<Problem> {
    findings(plan, calendar, fields).0
}

/// What a plan may say, but its writer should know, by line: deadlines that the calendar does not reach yet.
pub fn warnings(plan: &Plan, calendar: &Calendar, fields: &FieldTable) -> Vec<Problem> {
    findings(plan, calendar, fields).1
}

/// What a re-plan has to say where the version before it is not at hand: when what its deadlines count from had been planned
/// to reopen. With that version, [`Plan::after`] knows.
pub fn check_alone(plan: &Plan, calendar: &Calendar) -> Vec<Problem> {
    let fields = FieldTable::default();
    let mut checker = Checker { plan, calendar, fields: &fields, problems: Vec::new(), warnings: Vec::new() };
    checker.planned_reopenings();
    checker.problems
}

/// Problems and warnings.
fn findings(plan: &Plan, calendar: &Calendar, fields: &FieldTable) -> (Vec<Problem>, Vec<Problem>) {
    let mut checker = Checker { plan, calendar, fields, problems: Vec::new(), warnings: Vec::new() };
    checker.ids();
    checker.windows();
    checker.versions();
    checker.events();
    checker.rules_against_rules();
    checker.unreachable_rules();
    checker.stages();
    checker.gaps();
    checker.fallbacks();
    checker.papers();
    checker.deadlines();
    checker.carried_out();
    checker.sense();
    checker.expectations();
    checker.grants();
    checker.supplies();
    checker.around();
    checker.contacts();
    checker.scopes();
    let Checker { mut problems, mut warnings, .. } = checker;
    for found in [&mut problems, &mut warnings] {
        found.sort();
        found.dedup();
    }
    (problems, warnings)
}

struct Checker<'a> {
    plan: &'a Plan,
    calendar: &'a Calendar,
    fields: &'a FieldTable,
    problems: Vec<Problem>,
    warnings: Vec<Problem>,
}

impl Checker<'_> {
    fn problem(&mut self, line: u32, text: impl Into<String>) {
        self.problems.push(Problem { line, text: text.into() });
    }

    fn warn(&mut self, line: u32, text: impl Into<String>) {
        self.warnings.push(Problem { line, text: text.into() });
    }

    fn ids(&mut self) {
        let plan = self.plan;
        let rules = plan.rules.iter().map(|entry| (&entry.id, entry.line));
        let duties = plan.duties.iter().map(|entry| (&entry.id, entry.line));
        let supplies = plan.supplies.iter().map(|entry| (&entry.id, entry.line));
        let events = plan.events.iter().map(|entry| (&entry.id, entry.line));
        let stages = plan.stages.iter().map(|entry| (&entry.id, entry.line));
        let extensions = plan.extensions.iter().map(|entry| (&entry.id, entry.line));
        let tolerances = plan.tolerances.iter().map(|entry| (&entry.id, entry.line));
        let promises = plan.hold_harmless.iter().map(|entry| (&entry.id, entry.line));
        let checklists = plan.checklists.iter().map(|entry| (&entry.id, entry.line));
        let groups = plan.groups.iter().map(|group| (&group.id, group.line));
        let around = plan.arrangements();
        let around = around.iter().map(|entry| (&entry.id, entry.line)).chain(groups);
        let grants = extensions.chain(tolerances).chain(promises).chain(checklists).chain(around);
        let mut entries: Vec<(&String, u32)> =
            rules.chain(duties).chain(supplies).chain(events).chain(stages).chain(grants).collect();
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

    /// Papers that are asked for twice in one breath.
    fn papers(&mut self) {
        let plan = self.plan;
        let of_rules = plan.rules.iter().map(|rule| (&rule.id, rule.line, &rule.evidence));
        let of_fallbacks = plan
            .rules
            .iter()
            .flat_map(|rule| rule.fallbacks.iter().map(move |fallback| (&rule.id, fallback.line, &fallback.evidence)));
        let of_duties = plan.duties.iter().map(|duty| (&duty.id, duty.line, &duty.evidence));
        for (id, line, evidence) in of_rules.chain(of_fallbacks).chain(of_duties) {
            let mut seen: Vec<Vec<Vec<_>>> = Vec::new();
            for requirement in evidence {
                let sets = in_order(requirement);
                if seen.contains(&sets) {
                    let text = format!("{id} 的凭据“{}”要求了两次,请删去一个", requirement.name());
                    self.problem(line, text);
                }
                if sets.iter().any(|set| set.windows(2).any(|pair| pair[0] == pair[1])) {
                    let text = format!("{id} 的凭据“{}”里同一种写了两次,请删去一个", requirement.name());
                    self.problem(line, text);
                }
                seen.push(sets);
            }
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
            if rule.disposition == Disposition::Open && rule.deadline.is_some() {
                self.problem(rule.line, format!("规则 {} 照常办理,不应有补办期限", rule.id));
            }
        }
    }
}

/// The sets of a requirement in one order, so that the same demand written otherwise is recognized.
fn in_order(requirement: &Requirement) -> Vec<Vec<Evidence>> {
    let mut sets = requirement.any_of.clone();
    sets.iter_mut().for_each(|set| set.sort());
    sets.sort();
    sets
}
