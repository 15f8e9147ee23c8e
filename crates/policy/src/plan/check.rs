//! Finds what a readable plan contradicts: windows, rules against rules, stages, deadlines, gaps. Each with its line.

mod around;
mod benefits;
mod carried;
mod claimed;
mod contacts;
mod counted;
mod dates;
mod ends;
mod hanging;
mod idle;
mod late;
mod lookups;
mod meeting;
mod moved;
mod names;
mod next_month;
mod promised;
mod rank;
mod reach;
mod rules;
mod scopes;
mod sense;
mod spoken;
mod starts;
mod taken_in;
mod texts;
mod times;
mod told_ways;
mod told_whom;
mod transferred;
mod waves;
mod written;

pub use benefits::without_benefit;
pub use moved::{closed_again, expected_in_vain, reordered};

use super::Problem;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Evidence, Plan, Requirement};
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
    checker.twice_in_a_list();
    checker.unused_businesses();
    checker.codes_of_groups();
    checker.reach();
    checker.windows();
    checker.versions();
    checker.events();
    checker.rules_against_rules();
    checker.unreachable_rules();
    checker.stages();
    checker.narrow_windows();
    checker.promises_of_one_filing();
    checker.duties_of_one_entry();
    checker.duties_beside_rules();
    checker.hanging();
    checker.idle();
    checker.gaps();
    checker.gaps_for_some();
    checker.fallbacks();
    checker.papers();
    checker.deadlines();
    checker.strange_starts();
    checker.two_deadlines_of_a_transfer();
    checker.carried_out();
    checker.claimed();
    checker.taken_in();
    checker.sense();
    checker.expectations();
    checker.grants();
    checker.supplies();
    checker.around();
    checker.ends();
    checker.spoken_dates();
    checker.impossible_dates();
    checker.spoken_counts();
    checker.spoken_months();
    checker.spoken_lateness();
    checker.told_ways();
    checker.told_whom();
    checker.waves();
    checker.promised_lookups();
    checker.lookups_of_some();
    checker.promised();
    checker.contacts();
    checker.scopes();
    checker.written();
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
                    let text = format!("{id} 的凭据“{}”要求了两次，请删去一个", requirement.name());
                    self.problem(line, text);
                }
                if sets.iter().any(|set| set.windows(2).any(|pair| pair[0] == pair[1])) {
                    let text = format!("{id} 的凭据“{}”里同一种写了两次，请删去一个", requirement.name());
                    self.problem(line, text);
                }
                seen.push(sets);
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
