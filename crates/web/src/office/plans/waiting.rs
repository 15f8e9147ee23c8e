//! What the page of plans shows of re-plans: the reopenings that may be moved, the proposals that wait, and what a version changes.

use super::super::{Trouble, Visitor, shown as words};
use crate::app::App;
use yibao_domain::outage::{Change, Part, Pattern, Plan, Reopens, Rule, difference, plan_named};
use yibao_policy::plan::{Problem, Reopening, closed_again, read, reordered, warnings, without_benefit};

/// What may be moved, as the form offers it: the word, and what it is with its present reopening.
pub(super) type Movable = (String, String);

/// Every reopening of a plan that may be moved: its own, each stage's, each rule's with one of its own.
pub(super) fn movable(plan: &Plan) -> Vec<Movable> {
    let stages = plan.stages.iter().enumerate().map(|(at, stage)| {
        let whom = plan.whom(&stage.scope);
        let name = if whom.is_empty() { format!("第{}批", at + 1) } else { whom };
        (Reopening::Stage(stage.id.clone()).word(), format!("分批恢复“{name}”：{}", stage.reopens.name()))
    });
    let rules = plan.rules.iter().filter_map(|rule| {
        let reopens = &rule.window.as_ref()?.reopens;
        let own = *reopens != plan.window.reopens && *reopens != Reopens::Never;
        let names = named(plan, rule);
        own.then(|| (Reopening::Rule(rule.id.clone()).word(), format!("“{names}”：{}", reopens.name())))
    });
    let main = (Reopening::Main.word(), format!("方案的恢复时刻：{}", plan.window.reopens.name()));
    std::iter::once(main).chain(stages).chain(rules).collect()
}

fn named(plan: &Plan, rule: &Rule) -> String {
    let name = |pattern: &Pattern| match pattern {
        Pattern::All => "其余全部业务".to_owned(),
        Pattern::Under(business) => plan.name_of(business).to_owned(),
    };
    few(&rule.businesses.iter().map(name).collect::<Vec<_>>())
}

/// Of many names the first two and how many they are.
fn few(names: &[String]) -> String {
    match names {
        [first, second, _, ..] => format!("{first}、{second}等{}项", names.len()),
        few => few.join("、"),
    }
}

/// One change of a comparison.
pub(super) struct ChangeRow {
    pub part: String,
    pub businesses: String,
    pub whom: String,
    pub change: String,
    /// What it means now for who had missed a deadline, or still had time; empty: nothing.
    pub told: String,
}

/// What the later of two versions changes, and for whom.
pub(super) fn changes(app: &App, old: &Plan, new: &Plan) -> Vec<ChangeRow> {
    let now = app.clock.now();
    let row = |change: Change| ChangeRow {
        part: of_notice(&change, old, new),
        businesses: if change.businesses.is_empty() { "—".to_owned() } else { few(&change.businesses) },
        whom: change.concerned(),
        change: change.name(),
        told: change.at(now).unwrap_or_default(),
    };
    difference(old, new, app.platform.calendar()).into_iter().map(row).collect()
}

/// What stands in nobody's way and whoever publishes the later of two versions should know, each at its line; what was to be known of
/// the version before already is no news.
pub(super) fn reminders(app: &App, old: &Plan, new: &Plan) -> Vec<String> {
    let (calendar, fields) = (app.platform.calendar(), &app.platform.work().fields);
    let moved = closed_again(old, new, app.clock.now()).into_iter().chain(reordered(old, new));
    let all = |plan: &Plan| {
        let lacking = without_benefit(plan, app.platform.rules());
        warnings(plan, calendar, fields).into_iter().chain(lacking).collect::<Vec<_>>()
    };
    let standing: Vec<String> = all(old).into_iter().map(|problem| without_lines(&problem.text)).collect();
    let is_new = |problem: &Problem| !standing.contains(&without_lines(&problem.text));
    let fresh = all(new).into_iter().filter(is_new);
    let found = moved.chain(fresh);
    found.map(|problem| format!("第{}行：{}", problem.line, problem.text)).collect()
}

/// A reminder without the numbers of the lines that it names: a version has more lines than the one before, and says the same.
fn without_lines(text: &str) -> String {
    let mut parts = text.split('第');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |told, part| {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        told + "第" + if rest.starts_with('行') { rest } else { part }
    })
}

/// What a change is about as the notice has it: `规则（条款三）`, `分组“三级医院”`; no ids.
fn of_notice(change: &Change, old: &Plan, new: &Plan) -> String {
    let name = change.part.name();
    let clauses = [new, old].into_iter().find_map(|plan| clauses_of(plan, change)).unwrap_or_default();
    let groups = new.groups.iter().chain(&old.groups);
    let group = groups.filter(|_| change.part == Part::Group).find(|group| group.id == change.id);
    match group {
        Some(group) => format!("{name}“{}”", group.name),
        None if clauses.is_empty() => name.to_owned(),
        None => format!("{name}（条款{}）", clauses.join("、")),
    }
}

/// The clauses of the entry that a change is about.
fn clauses_of(plan: &Plan, change: &Change) -> Option<Vec<String>> {
    let id = change.id.split('·').next().unwrap_or_default();
    let clauses = match change.part {
        Part::Stage => &plan.stages.iter().find(|one| one.id == id)?.clauses,
        Part::Supply => &plan.supplies.iter().find(|one| one.id == id)?.clauses,
        Part::Extension => &plan.extensions.iter().find(|one| one.id == id)?.clauses,
        Part::Tolerance => &plan.tolerances.iter().find(|one| one.id == id)?.clauses,
        Part::HoldHarmless => &plan.hold_harmless.iter().find(|one| one.id == id)?.clauses,
        Part::Checklist => &plan.checklists.iter().find(|one| one.id == id)?.clauses,
        Part::Rule | Part::Duty | Part::StagedDeadline => {
            let rule = plan.rules.iter().find(|one| one.id == id).map(|one| &one.clauses);
            rule.or_else(|| plan.duties.iter().find(|one| one.id == id).map(|one| &one.clauses))?
        }
        Part::Degraded | Part::Freeze | Part::Continuity | Part::Invariant => {
            return plan.arrangements().into_iter().find(|one| one.id == id).map(|one| one.clauses);
        }
        _ => return None,
    };
    Some(clauses.clone())
}

/// A proposal as the page of plans shows it.
pub(super) struct Waiting {
    pub number: i64,
    pub plan: String,
    pub version: i64,
    pub reason: String,
    pub by: String,
    pub at: String,
    /// Whether it is the visitor's own.
    pub is_own: bool,
    pub changes: Vec<ChangeRow>,
    /// What stands in nobody's way and whoever publishes should know, as it is now.
    pub reminders: Vec<String>,
    /// Why it was to be sent back, where that could not be done.
    pub typed: String,
}

/// The proposals that wait.
pub(super) fn waiting(app: &App, visitor: &Visitor) -> Result<Vec<Waiting>, Trouble> {
    let registers = app.platform.registers(&visitor.user.pool).ok_or(Trouble::Missing)?;
    let (own, plans) = (visitor.actor().signature(), app.platform.plans());
    let waits = registers.proposed_plans()?.into_iter().filter(|row| row.decided_at.is_none());
    // What it changes is told of the version as it would hold.
    let both = |id: &str, text: &str| {
        let old = plan_named(&plans, &visitor.user.pool, id)?;
        Some((old, registers.as_in_force(&visitor.actor(), &read(text).ok()?).ok()?))
    };
    let row = waits.map(|row| {
        let both = both(&row.plan, &row.text);
        let (changes, reminders) =
            both.map(|(old, new)| (changes(app, old, &new), reminders(app, old, &new))).unwrap_or_default();
        Waiting {
            changes,
            reminders,
            typed: String::new(),
            number: row.number,
            plan: plan_named(&plans, &visitor.user.pool, &row.plan).map_or(row.plan, |plan| plan.title.clone()),
            version: row.version,
            reason: row.reason,
            at: words::minute(row.proposed_at),
            is_own: row.proposed_by == own,
            by: row.proposed_by,
        }
    });
    Ok(row.collect())
}
