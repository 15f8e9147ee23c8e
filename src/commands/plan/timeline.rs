//! `yibao plan timeline`: all windows and deadlines of a plan as a table.

use super::chart;
use super::given::{Events, plan_in};
use super::printed::{say, table};
use super::words::{business_names, by_window, names, reopening};
use crate::rules::Rules;
use anyhow::Context;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Disposition, Due, Plan, Rule, Stage, Tolerance, Whose, moment_name};
use yibao_domain::time::DateTime;

pub(super) fn run(file: &Path, svg: Option<PathBuf>, events: &Events, rules: &Rules) -> anyhow::Result<ExitCode> {
    let Some(plan) = plan_in(file)? else { return Ok(ExitCode::FAILURE) };
    let (plan, calendar) = (events.entered_in(plan)?, rules.calendar()?);
    let windows = table(&["停办", "恢复", "业务", "限定", "停办期间", "条款", "行"], &windows(&plan));
    let due = deadlines(&plan, &calendar);
    let due = table(&["期限", "责任方", "事项", "逾期", "条款", "行"], &due);
    let stages = stages(&plan);
    let stages = match stages.as_slice() {
        [] => String::new(),
        rows => table(&["分批恢复", "业务", "对象", "批次", "条款", "行"], rows) + "\n",
    };
    say(&format!("{}（{}）  {}\n\n{windows}\n{stages}{due}", plan.title, plan.id, plan.issuer))?;
    let Some(out) = svg else {
        say("\n要图的请加 --svg 和文件名，如 --svg 停机时间表.svg\n")?;
        return Ok(ExitCode::SUCCESS);
    };
    let drawing = chart::draw(&plan)?;
    std::fs::write(&out, drawing).with_context(|| format!("图 {} 无法写入", out.display()))?;
    say(&format!("\n已画图 {}\n", out.display()))?;
    Ok(ExitCode::SUCCESS)
}

/// The businesses that a rule names, in Chinese; of many, the first two and how many they are.
fn short_names(rule: &Rule, plan: &Plan) -> String {
    let names = business_names(rule, plan);
    let mut parts = names.split('、');
    match (parts.next(), parts.next(), parts.count()) {
        (Some(first), Some(second), more @ 2..) => format!("{first}、{second}等{}项", more + 2),
        _ => names,
    }
}

fn windows(plan: &Plan) -> Vec<Vec<String>> {
    let row = |rule: &Rule| {
        let (closes, reopens) = match &rule.window {
            Some(window) => (moment_name(window.closes), reopening(&window.reopens)),
            None => ("—".to_owned(), "—".to_owned()),
        };
        let meanwhile = if rule.disposition == Disposition::Open { "不停办" } else { rule.disposition.name() };
        vec![
            closes,
            reopens,
            short_names(rule, plan),
            plan.whom(&rule.scope),
            meanwhile.to_owned(),
            rule.clauses.join(" "),
            rule.line.to_string(),
        ]
    };
    by_window(plan).into_iter().map(row).collect()
}

/// The stages by their reopening, and for whom.
fn stages(plan: &Plan) -> Vec<Vec<String>> {
    let mut stages: Vec<&Stage> = plan.stages.iter().collect();
    stages.sort_by_key(|stage| (&stage.reopens, stage.line));
    let row = |stage: &&Stage| {
        let names = names(&stage.businesses, plan);
        vec![
            reopening(&stage.reopens),
            if names.is_empty() { "停办的各项业务".to_owned() } else { names },
            plan.whom(&stage.scope),
            stage.id.clone(),
            stage.clauses.join(" "),
            stage.line.to_string(),
        ]
    };
    stages.iter().map(row).collect()
}

/// Deadlines of rules, duties and of what is granted, by their moment; those of a stage with another end have a row.
fn deadlines(plan: &Plan, calendar: &Calendar) -> Vec<Vec<String>> {
    let of_rules = plan.rules.iter().filter_map(|rule| {
        let what = format!("{}:{}", short_names(rule, plan), rule.disposition.name());
        let deadline = rule.deadline.as_ref()?;
        Some((&deadline.due, deadline.after.name(), Whose::from(rule), String::new(), what, &rule.clauses, rule.line))
    });
    let of_duties = plan.duties.iter().filter_map(|duty| {
        let who: Vec<&str> = duty.who.iter().map(|actor| actor.name()).collect();
        let (deadline, what) = (duty.deadline.as_ref()?, duty.what.clone());
        Some((
            &deadline.due,
            deadline.after.name(),
            Whose::from(&duty.scope),
            who.join("、"),
            what,
            &duty.clauses,
            duty.line,
        ))
    });
    let of_extensions = plan.extensions.iter().map(|entry| {
        let (first, last) = entry.limit_ends;
        let care = entry.care.map(|period| period.name()).unwrap_or_default();
        let what = format!("{}:{care}{first}至{last}届满的期限顺延", names(&entry.businesses, plan));
        (&entry.due, "", Whose::from(&entry.scope), String::new(), what, &entry.clauses, entry.line)
    });
    let of_promises = plan.hold_harmless.iter().filter_map(|entry| {
        let care = entry.care.map(|period| period.name()).unwrap_or_default();
        let what = format!("{}:{care}补办的待遇不受损", names(&entry.businesses, plan));
        Some((entry.due.as_ref()?, "", Whose::from(&entry.scope), String::new(), what, &entry.clauses, entry.line))
    });
    let tolerances: Vec<(Option<Due>, &Tolerance)> =
        plan.tolerances.iter().map(|tolerance| (tolerance.due(), tolerance)).collect();
    let of_tolerances = tolerances.iter().filter_map(|(due, entry)| {
        let what = format!("{}:补办视为按时（宽限）", names(&entry.businesses, plan));
        Some((due.as_ref()?, "", Whose::from(&entry.scope), String::new(), what, &entry.clauses, entry.line))
    });
    let mut rows: Vec<(Option<DateTime>, u32, Vec<String>)> = Vec::new();
    let all = of_rules.chain(of_duties).chain(of_extensions).chain(of_promises).chain(of_tolerances);
    for (due, late, whose, who, what, clauses, line) in all {
        for end in plan.staged_ends(due, whose, calendar) {
            let moment = end.at.moment();
            let when = moment.map_or_else(|| due.name(), moment_name);
            let whom = plan.whom(whose.scope);
            let whom = if whom.is_empty() { whom } else { format!("({whom})") };
            let stage = end.stage.map(|stage| format!("({})", stage_name(stage, plan))).unwrap_or_default();
            let what = format!("{what}{whom}{stage}");
            rows.push((
                moment,
                line,
                vec![when, who.clone(), what, late.to_owned(), clauses.join(" "), line.to_string()],
            ));
        }
    }
    rows.extend(plan.arrangements().into_iter().map(|one| {
        let when = one.moment.map(moment_name).unwrap_or_default();
        let about = names(&one.businesses, plan);
        let what = if about.is_empty() { one.text.clone() } else { format!("{about}:{}", one.text) };
        let row = vec![when, String::new(), what, String::new(), one.clauses.join(" "), one.line.to_string()];
        (one.moment, one.line, row)
    }));
    rows.sort_by_key(|(moment, line, _)| (*moment, *line));
    rows.into_iter().map(|(.., row)| row).collect()
}

/// Whom a stage is for, else its id.
fn stage_name(stage: &Stage, plan: &Plan) -> String {
    let scope = plan.whom(&stage.scope);
    if scope.is_empty() { stage.id.clone() } else { scope }
}
