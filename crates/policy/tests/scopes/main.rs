//! For whom and where: one scope in every part of a plan, with groups and names of the plan's own.

#![expect(clippy::unwrap_used, reason = "helpers of tests may stop")]

mod groups;
mod own;
mod parts;

use jiff::civil::DateTime;
use yibao_domain::code::Pool;
use yibao_domain::outage::{Business, Plan, Question};
use yibao_policy::plan::{check, national_calendar, read};
use yibao_policy::registers::built_in;

const HEAD: &str = r#"
[plan]
id = "p"
title = "试验停机方案"
issuer = "试验市医疗保障局"
pool = "520500"
issued = "2022-03-01"
closes = "2022-03-04 24:00"
reopens = "2022-03-09 24:00"
ends = "2022-06-30 24:00"

[[rule]]
id = "all"
clause = "1"
business = "*"
disposition = "refuse"
advice = "请在恢复后办理。"

[[county]]
code = "520526"
name = "威宁县"

[[county]]
code = "520500"
name = "试验市"
"#;

fn plan(rest: &str) -> Plan {
    read(&format!("{HEAD}{rest}")).unwrap_or_else(|problems| panic!("{problems:#?}"))
}

fn problems(rest: &str) -> Vec<String> {
    match read(&format!("{HEAD}{rest}")) {
        Err(problems) => problems.into_iter().map(|problem| problem.text).collect(),
        Ok(plan) => {
            let found = check(&plan, &national_calendar(), &built_in().fields);
            found.into_iter().map(|problem| problem.text).collect()
        }
    }
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

fn about(business: &str) -> Question {
    Question { care_pool: Some(Pool::new("520500")), ..Question::about(Business::new(business).unwrap()) }
}
