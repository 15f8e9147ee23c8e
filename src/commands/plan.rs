//! `yibao plan`: starts a plan, checks it, explains what it says of one question, draws its windows, compares two, and
//! writes the public notice.

mod chart;
mod diff;
mod explain;
mod given;
mod new;
mod notice;
mod printed;
mod timeline;
mod words;

use crate::rules::Rules;
use clap::{Args, Subcommand};
use given::{Events, NOT_READABLE, has_rules_for, plan_in, say_problems};
use printed::say;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
pub(super) use words::{names, reopening};
use yibao_policy::plan::{check, check_alone, reordered, warnings, without_benefit};

/// 停机方案：新建、检查、查询、比较、画时间表、出公告
///
/// 方案（TOML）写明哪项业务何时停办、停办期间怎么办、何时之前补办。
/// 写法见 docs/plans.md；例子见 plans/bijie-2021.toml、plans/panzhihua-2020.toml。
#[derive(Args)]
pub struct PlanArgs {
    #[command(subcommand)]
    command: PlanCommand,
}

#[derive(Subcommand)]
enum PlanCommand {
    /// 检查方案，逐条指出矛盾和所在的行
    ///
    /// 每个问题一行：文件:行: 错在哪里、怎么改。包括不认识的键和词、先恢复后停办的窗口、互相矛盾或互相遮盖的规则、
    /// 早于窗口结束或落在非工作日的期限、不认识的业务和区县、方案之外的时间。标“提醒”的不算问题，如工作日历还没有的年份。
    ///
    /// 例：
    ///   yibao plan check plans/bijie-2021.toml
    ///
    /// 退出码：0 没有问题；1 有问题（列在标准输出）；2 文件无法读取
    #[command(verbatim_doc_comment)]
    Check {
        /// 方案文件
        file: PathBuf,
        /// 改期方案的前一版；由它得知原定的恢复时刻
        #[arg(long, value_name = "FILE")]
        earlier: Option<PathBuf>,
        #[command(flatten)]
        rules: Rules,
        /// 自定的经办事项目录，见 serve 的 --registers
        #[arg(long, value_name = "目录")]
        registers: Option<PathBuf>,
    },
    Explain(explain::ExplainArgs),
    New(new::NewArgs),
    Diff(diff::DiffArgs),
    Notice(notice::NoticeArgs),
    /// 打印全部停办窗口和期限，另可画成 SVG 图
    ///
    /// 时间为北京时间，24:00 是当日结束。窗口左闭右开：从停办时刻起停办，到恢复时刻恢复。
    ///
    /// 例：
    ///   yibao plan timeline plans/bijie-2021.toml
    ///   yibao plan timeline plans/bijie-2021.toml --svg 停机时间表.svg
    ///
    /// 退出码：0 已打印；1 方案有问题，读不出意思（已列出）；2 文件无法读取或写入
    #[command(verbatim_doc_comment)]
    Timeline {
        /// 方案文件
        file: PathBuf,
        /// 另画成图，写入这个文件
        #[arg(long, value_name = "OUT")]
        svg: Option<PathBuf>,
        #[command(flatten)]
        events: Events,
        #[command(flatten)]
        rules: Rules,
    },
}

/// Runs one of the commands.
pub fn run(args: PlanArgs) -> anyhow::Result<ExitCode> {
    let outcome = match args.command {
        PlanCommand::Check { file, earlier, rules, registers } => {
            check_file(&file, earlier.as_deref(), &rules, registers.as_deref())
        }
        PlanCommand::Explain(args) => explain::run(&args),
        PlanCommand::Diff(args) => diff::run(&args),
        PlanCommand::New(args) => new::run(&args),
        PlanCommand::Notice(args) => notice::run(&args),
        PlanCommand::Timeline { file, svg, events, rules } => timeline::run(&file, svg, &events, &rules),
    };
    Ok(outcome.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::from(NOT_READABLE)
    }))
}

fn check_file(
    file: &Path,
    earlier: Option<&Path>,
    rules: &Rules,
    registers: Option<&Path>,
) -> anyhow::Result<ExitCode> {
    let calendar = rules.calendar()?;
    // Before the plan: it may name a register of the folder.
    let work = super::serve::work_table(registers)?;
    let Some(mut plan) = plan_in(file)? else { return Ok(ExitCode::FAILURE) };
    let (mut problems, mut moved) = (Vec::new(), Vec::new());
    match earlier {
        Some(earlier) => match plan_in(earlier)? {
            Some(earlier) => {
                moved = reordered(&earlier, &plan);
                plan = plan.after(&earlier);
            }
            None => return Ok(ExitCode::FAILURE),
        },
        None => problems = check_alone(&plan, &calendar),
    }
    let fields = &work.fields;
    problems.extend(check(&plan, &calendar, fields));
    if !has_rules_for(rules, &plan.pool) {
        let text = format!(
            "统筹区 {} 还没有待遇规则：方案可以写、可以查、可以出公告，但平台不能结算，台账和页面也打不开；请先建 rules/{}-…，用 --rules 给出",
            plan.pool, plan.pool
        );
        say(&format!("{}:{}: 提醒：{text}\n", file.display(), plan.line))?;
    }
    let lacking = rules.book().map_or_else(|_| Vec::new(), |book| without_benefit(&plan, &book));
    for warning in moved.into_iter().chain(warnings(&plan, &calendar, fields)).chain(lacking) {
        say(&format!("{}:{}: 提醒：{}\n", file.display(), warning.line, warning.text))?;
    }
    if !problems.is_empty() {
        problems.sort();
        say_problems(file, &problems)?;
        return Ok(ExitCode::FAILURE);
    }
    say(&format!(
        "{}: 未发现问题。{}：规则{}条、责任事项{}条、提前开药{}条、联系电话{}个\n",
        file.display(),
        plan.title,
        plan.rules.len(),
        plan.duties.len(),
        plan.supplies.len(),
        plan.contacts.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}
