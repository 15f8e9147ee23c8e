//! Small broken plans (`broken/*.toml`): what `check` says of each, on which line, and nothing else.
//!
//! A case begins with `### ` and its title. `#!` at a line's end demands an error on that line, `#?` a reminder; each part
//! between `|` has to stand in one text. Cases without a head get the one below.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

use yibao_policy::plan::{check, national_calendar, read, warnings};
use yibao_policy::registers::built_in;

const HEAD: &str = r#"
[plan]
id = "t"
title = "试"
issuer = "试"
pool = "520500"
issued = "2021-07-01"
closes = "2021-07-09 24:00"
reopens = "2021-07-15 24:00"
ends = "2021-12-31 24:00"
ahead_hours = 24
silent_ok = ["settlement", "encounter"]
"#;

/// What is said, or to be said, of one line.
struct Finding {
    line: usize,
    is_error: bool,
    text: String,
}

fn expected(case: &str) -> Vec<Finding> {
    let marked = case.lines().enumerate().flat_map(|(index, line)| {
        line.split('#').skip(1).filter_map(move |mark| {
            let (is_error, text) = match (mark.strip_prefix('!'), mark.strip_prefix('?')) {
                (Some(text), _) => (true, text),
                (None, text) => (false, text?),
            };
            Some(Finding { line: index + 1, is_error, text: text.trim().to_owned() })
        })
    });
    marked.collect()
}

fn found(case: &str) -> Vec<Finding> {
    let text = if case.contains("[plan]") { case.to_owned() } else { format!("{case}{HEAD}") };
    let told = |is_error| {
        move |problem: yibao_policy::plan::Problem| Finding {
            line: problem.line as usize,
            is_error,
            text: problem.text,
        }
    };
    match read(&text) {
        Ok(plan) => {
            let (calendar, work) = (national_calendar(), built_in());
            let fields = &work.fields;
            let errors = check(&plan, &calendar, fields).into_iter().map(told(true));
            // The head is silent about all that its case does not speak of.
            let is_of_case =
                |finding: &Finding| case.contains("[plan]") || !finding.text.starts_with("silent_ok 写着有意不提");
            let reminders = warnings(&plan, &calendar, fields).into_iter().map(told(false));
            errors.chain(reminders.filter(is_of_case)).collect()
        }
        Err(problems) => problems.into_iter().map(told(true)).collect(),
    }
}

/// What is wrong with what is said of a case.
fn differences(title: &str, case: &str) -> Vec<String> {
    let mut found = found(case);
    let mut wrong = Vec::new();
    for expected in expected(case) {
        let says = |finding: &Finding| {
            (finding.line, finding.is_error) == (expected.line, expected.is_error)
                && expected.text.split('|').all(|part| finding.text.contains(part.trim()))
        };
        match found.iter().position(says) {
            Some(index) => drop(found.remove(index)),
            None => wrong.push(format!("{title}: line {}: not told: {}", expected.line, expected.text)),
        }
    }
    wrong.extend(found.iter().map(|finding| {
        let kind = if finding.is_error { "error" } else { "reminder" };
        format!("{title}: line {}: {kind} told and not expected: {}", finding.line, finding.text)
    }));
    wrong
}

#[track_caller]
fn each_is_told(text: &str, at_least: usize) {
    let cases: Vec<(&str, &str)> = text.split("### ").skip(1).map(|case| case.split_once('\n').unwrap()).collect();
    assert!(cases.len() >= at_least, "{} cases", cases.len());
    let wrong: Vec<String> = cases.iter().flat_map(|(title, case)| differences(title, case)).collect();
    assert!(wrong.is_empty(), "{}\n{} wrong", wrong.join("\n"), wrong.len());
}

#[test]
fn rules_that_do_not_go_together_are_told() {
    each_is_told(include_str!("broken/rules.toml"), 20);
}

#[test]
fn scopes_and_names_that_nothing_meets_are_told() {
    each_is_told(include_str!("broken/scopes.toml"), 15);
}

#[test]
fn what_hangs_on_a_business_that_stays_open_is_told() {
    each_is_told(include_str!("broken/open.toml"), 10);
}

#[test]
fn what_nobody_can_keep_is_told() {
    each_is_told(include_str!("broken/promised.toml"), 25);
}

#[test]
fn what_says_nothing_or_something_else_is_told() {
    each_is_told(include_str!("broken/written.toml"), 12);
}

#[test]
fn times_that_do_not_go_together_are_told() {
    each_is_told(include_str!("broken/times.toml"), 15);
}
