//! `yibao plan diff`: what a re-plan changes, and for whom.

use super::explain::moment_json;
use super::given::{NOT_READABLE, plan_in};
use super::printed::{say, table};
use crate::rules::Rules;
use clap::Args;
use jiff::civil::DateTime;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::process::ExitCode;
use yibao_domain::outage::{Change, ChangeKind, Plan, difference};

/// 比较新旧两版方案：改了什么、影响到谁
///
/// 每处不同一行：哪条规则或事项、哪些业务、什么人、从什么改成什么。停办和恢复的时刻写明提前或推迟多少；
/// 从恢复起算的期限跟着移动，写明移到何日。给出 --at 时，另外写明在这一刻已逾期的权利是否重新可以办理。
///
/// 例：
///   yibao plan diff plans/bijie-2021.toml 改期.toml
///   yibao plan diff plans/panzhihua-2020.toml 改期.toml --at 2020-10-12T09:00:00
///
/// 退出码：0 没有不同；1 有不同（已列出）；2 方案读不出意思或无法读取
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct DiffArgs {
    /// 原方案文件
    old: PathBuf,
    /// 新方案文件
    new: PathBuf,
    /// 在这一刻看期限：哪些已逾期的重新可以办理；不写时区即北京时间
    #[arg(long, value_parser = crate::clock::parse_instant)]
    at: Option<DateTime>,
    /// 输出 JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    rules: Rules,
}

pub(super) fn run(args: &DiffArgs) -> anyhow::Result<ExitCode> {
    let (Some(old), Some(new)) = (plan_in(&args.old)?, plan_in(&args.new)?) else {
        return Ok(ExitCode::from(NOT_READABLE));
    };
    if old.id != new.id {
        eprintln!("提醒：两个方案的编号不同（{}、{}），不是同一方案的两版", old.id, new.id);
    }
    let changes = difference(&old, &new, &args.rules.calendar()?);
    say(&if args.json {
        format!("{:#}\n", as_json(&old, &new, &changes, args.at))
    } else {
        as_text(&old, &new, &changes, args.at)
    })?;
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn as_text(old: &Plan, new: &Plan, changes: &[Change], at: Option<DateTime>) -> String {
    let version = |plan: &Plan| format!("{}（{} 第{}版）", plan.title, plan.id, plan.version);
    let head = format!("原方案 {}\n新方案 {}\n\n", version(old), version(new));
    if changes.is_empty() {
        return head + "两版没有不同\n";
    }
    let row = |change: &Change| {
        let told = at.and_then(|at| change.at(at)).map(|told| format!(";{told}")).unwrap_or_default();
        vec![
            format!("{} {}", change.part.name(), change.id),
            businesses(change),
            change.concerned(),
            format!("{}{told}", change.name()),
            change.line.to_string(),
        ]
    };
    let rows: Vec<Vec<String>> = changes.iter().map(row).collect();
    head + &table(&["哪一条", "业务", "涉及", "变化", "行"], &rows) + &format!("\n共{}处不同\n", changes.len())
}

/// Of many businesses the first two and how many they are.
fn businesses(change: &Change) -> String {
    match change.businesses.as_slice() {
        [] => "—".to_owned(),
        [first, second, _, ..] => format!("{first}、{second}等{}项", change.businesses.len()),
        few => few.join("、"),
    }
}

fn as_json(old: &Plan, new: &Plan, changes: &[Change], at: Option<DateTime>) -> Value {
    let version = |plan: &Plan| json!({ "id": plan.id, "version": plan.version, "title": plan.title });
    let changes: Vec<Value> = changes.iter().map(|change| change_json(change, at)).collect();
    json!({ "old": version(old), "new": version(new), "changes": changes })
}

fn change_json(change: &Change, at: Option<DateTime>) -> Value {
    let mut value = json!({
        "part": change.part.word(),
        "id": change.id,
        "line": change.line,
        "businesses": change.businesses,
        "whom": change.whom,
        "staged": change.staged,
        "text": change.name(),
    });
    let more = match &change.kind {
        ChangeKind::Added => json!({ "kind": "added" }),
        ChangeKind::Removed => json!({ "kind": "removed" }),
        ChangeKind::Changed { aspect, before, after, moved } => json!({
            "kind": "changed",
            "aspect": aspect,
            "before": before,
            "after": after,
            "from": moved.and_then(|moved| moved.from).map(moment_json),
            "to": moved.and_then(|moved| moved.to).map(moment_json),
            "revives": at.is_some_and(|at| moved.is_some_and(|moved| moved.revives(at))),
            "expires": at.is_some_and(|at| moved.is_some_and(|moved| moved.expires(at))),
        }),
    };
    if let (Some(value), Value::Object(more)) = (value.as_object_mut(), more) {
        value.extend(more);
    }
    value
}
