//! What a moved reopening does that its author may not see (改期提醒): a wave that came after the rest comes before it, what has
//! reopened in the meantime is closed again.

use super::super::Problem;
use yibao_domain::outage::{EventEntered, Plan, Reopens, moment_name};
use yibao_domain::time::DateTime;

/// The stages of a version that reopened after the plan's main reopening in the version before and do so before it now, or the other way round.
pub fn reordered(old: &Plan, new: &Plan) -> Vec<Problem> {
    let moment = |reopens: &Reopens| reopens.expected();
    let (Some(main_before), Some(main)) = (moment(&old.window.reopens), moment(&new.window.reopens)) else {
        return Vec::new();
    };
    let told = new.stages.iter().filter_map(|stage| {
        let before = moment(&old.stages.iter().find(|earlier| earlier.id == stage.id)?.reopens)?;
        let now = moment(&stage.reopens)?;
        let (was, is) = match (before > main_before, now > main) {
            (true, false) if now < main => ("晚于", "早于"),
            (false, true) if before < main_before => ("早于", "晚于"),
            _ => return None,
        };
        let whom = new.whom(&stage.scope);
        let name = if whom.is_empty() { &stage.id } else { &whom };
        let text = format!(
            "分批恢复“{name}”原来{was}方案的恢复时刻，改后{is}它（{}，方案{}）；请核对是否也要改这一批",
            stage.reopens.name(),
            new.window.reopens.name()
        );
        Some(Problem { line: stage.line, text })
    });
    told.collect()
}

/// What has reopened by `now` as the version before says and would be closed again by the new one: the plan's main reopening, a
/// stage's, a rule's own.
pub fn closed_again(old: &Plan, new: &Plan, now: DateTime) -> Vec<Problem> {
    let rule =
        |plan: &Plan, id: &str| plan.rules.iter().find(|rule| rule.id == id).and_then(|rule| rule.window.clone());
    let stages = new.stages.iter().filter_map(|stage| {
        let before = old.stages.iter().find(|earlier| earlier.id == stage.id)?;
        let whom = new.whom(&stage.scope);
        let name = if whom.is_empty() { stage.id.clone() } else { whom };
        Some((stage.line, format!("分批恢复“{name}”"), before.reopens.clone(), stage.reopens.clone()))
    });
    let rules = new.rules.iter().filter_map(|later| {
        let (before, after) = (rule(old, &later.id)?.reopens, later.window.as_ref()?.reopens.clone());
        let is_own = before != old.window.reopens || after != new.window.reopens;
        is_own.then(|| (later.line, format!("规则“{}”", later.id), before, after))
    });
    let main = (new.line, "方案".to_owned(), old.window.reopens.clone(), new.window.reopens.clone());
    let moved = std::iter::once(main).chain(stages).chain(rules);
    let closes_again = moved.filter(|(.., before, after)| !before.is_after(now) && after.is_after(now));
    let told = closes_again.map(|(line, what, before, after)| {
        let (before, now) = (before.name(), moment_name(now));
        let text = format!("{what}已按现行版本于{before}（现在{now}）；发布后再次停办，{}", after.name());
        Problem { line, text }
    });
    told.collect()
}

/// What a version expects anew of an event that has been entered: it has happened, so that what waits for it is open whatever is
/// expected. `old` is the version in force as its text has it.
pub fn expected_in_vain(old: &Plan, new: &Plan, entered: &[EventEntered]) -> Vec<Problem> {
    let of_plan = |plan: &Plan| -> Vec<(String, String, u32, Reopens)> {
        let main = (String::new(), "方案".to_owned(), plan.line, plan.window.reopens.clone());
        let stages = plan.stages.iter().map(|stage| {
            let id = &stage.id;
            (format!("stage:{id}"), format!("分批恢复 {id}"), stage.line, stage.reopens.clone())
        });
        let rules = plan.rules.iter().filter_map(|rule| {
            let (id, reopens) = (&rule.id, &rule.window.as_ref()?.reopens);
            let is_own = *reopens != plan.window.reopens;
            is_own.then(|| (format!("rule:{id}"), format!("规则 {id}"), rule.line, reopens.clone()))
        });
        std::iter::once(main).chain(stages).chain(rules).collect()
    };
    let before = of_plan(old);
    let told = of_plan(new).into_iter().filter_map(|(which, what, line, reopens)| {
        let Reopens::Awaits { event, name, expected: Some(expected) } = &reopens else { return None };
        let is_of_plan = |one: &&EventEntered| one.pool == new.pool && one.plan == new.id && one.event == *event;
        let happened = entered.iter().rfind(is_of_plan).filter(|one| one.at < expected.at)?;
        if before.iter().any(|(known, .., as_before)| *known == which && *as_before == reopens) {
            return None;
        }
        let text = format!(
            "{what}等待的“{name}”已登记于{}发生，等待它的已经恢复，expected = \"{expected}\" 不起作用；要推迟恢复或再次停办的请删去 reopens_on、expected，写 reopens = \"{expected}\"，或改等另一个恢复条件",
            moment_name(happened.at)
        );
        Some(Problem { line, text })
    });
    told.collect()
}
