//! What the commands are given: a file with a plan, events as if they had been entered.

use super::printed::say;
use crate::rules::Rules;
use anyhow::{Context, bail};
use clap::Args;
use jiff::civil::DateTime;
use std::path::Path;
use yibao_domain::code::Pool;
use yibao_domain::outage::{EventEntered, Plan};
use yibao_domain::time::moment_name;
use yibao_policy::plan::{Problem, read, read_moment};

/// Exit status where the command line or a file is at fault, not the plan.
pub(super) const NOT_READABLE: u8 = 2;

/// Whether the platform would have benefit rules for a pool; a folder that has none that can be read is not judged.
pub(super) fn has_rules_for(rules: &Rules, pool: &Pool) -> bool {
    rules.book().map_or(true, |rules| rules.pools().is_empty() || rules.pool(pool).is_some())
}

/// Events that reopenings wait for, as if they had been entered.
#[derive(Args)]
pub(super) struct Events {
    /// 假定事件已经发生：事件编号=时刻，如 accepted="2026-03-12 08:00"；可给多个
    #[arg(long = "event", value_name = "ID=MOMENT", value_parser = event)]
    events: Vec<(String, DateTime)>,
}

impl Events {
    /// The plan as it is once the events have happened; an event that it does not have is an error.
    pub(super) fn entered_in(&self, plan: Plan) -> anyhow::Result<Plan> {
        let entered = self.events.iter().map(|(id, at)| {
            if !plan.events.iter().any(|event| event.id == *id) {
                let known: Vec<&str> = plan.events.iter().map(|event| event.id.as_str()).collect();
                bail!(
                    "方案没有“{id}”这个事件，可用：{}",
                    if known.is_empty() { "（无）".to_owned() } else { known.join("、") }
                );
            }
            let waiting = plan.events.iter().find(|event| event.id == *id).and_then(|event| event.closes);
            if let Some(closes) = waiting.filter(|closes| at < closes) {
                bail!(
                    "“{id}”的时刻{}早于停办（{}）；恢复条件发生在停办以后，请核对",
                    moment_name(*at),
                    moment_name(closes)
                );
            }
            Ok(EventEntered { pool: plan.pool.clone(), plan: plan.id.clone(), event: id.clone(), at: *at })
        });
        let entered = entered.collect::<anyhow::Result<Vec<_>>>()?;
        Ok(plan.with_events(&entered))
    }
}

fn event(text: &str) -> Result<(String, DateTime), String> {
    let read =
        text.split_once('=').and_then(|(id, moment)| Some((id.to_owned(), read_moment(moment.trim_matches('"'))?)));
    read.ok_or_else(|| format!("“{text}”应写成 事件编号=时刻，如 accepted=\"2026-03-12 08:00\""))
}

/// The plan in a file; where it cannot be understood, its problems are printed and there is none.
pub(super) fn plan_in(file: &Path) -> anyhow::Result<Option<Plan>> {
    match read(&text_of(file)?) {
        Ok(plan) => Ok(Some(plan)),
        Err(problems) => {
            say_problems(file, &problems)?;
            Ok(None)
        }
    }
}

fn text_of(file: &Path) -> anyhow::Result<String> {
    std::fs::read_to_string(file).with_context(|| format!("方案文件 {} 无法读取", file.display()))
}

pub(super) fn say_problems(file: &Path, problems: &[Problem]) -> anyhow::Result<()> {
    say(&problems.iter().map(|problem| format!("{}:{problem}\n", file.display())).collect::<String>())
}
