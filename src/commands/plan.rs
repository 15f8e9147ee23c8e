//! `yibao plan`: starts a plan, checks it, explains what it says of one question, draws its windows, compares two, and
//! writes the public notice.

mod chart;
mod diff;
mod explain;
mod new;
mod notice;
mod timeline;

use anyhow::{Context, anyhow, bail};
use clap::{Args, Subcommand};
use jiff::civil::DateTime;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{EventEntered, Plan};
use yibao_policy::plan::{Problem, calendar_in, check, check_alone, read, read_moment, warnings};

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
        days: Days,
    },
    Explain(explain::ExplainArgs),
    New(new::NewArgs),
    Diff(diff::DiffArgs),
    Notice(notice::NoticeArgs),
    /// 打印全部停办窗口和期限，并画成 SVG 图
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
        /// 图的文件名；默认为当前文件夹下与方案同名的 .svg
        #[arg(long, value_name = "OUT")]
        svg: Option<PathBuf>,
        #[command(flatten)]
        events: Events,
        #[command(flatten)]
        days: Days,
    },
}

/// Exit status where the command line or a file is at fault, not the plan.
const NOT_READABLE: u8 = 2;

/// Runs one of the commands.
pub fn run(args: PlanArgs) -> anyhow::Result<ExitCode> {
    let outcome = match args.command {
        PlanCommand::Check { file, earlier, days } => check_file(&file, earlier.as_deref(), &days),
        PlanCommand::Explain(args) => explain::run(&args),
        PlanCommand::Diff(args) => diff::run(&args),
        PlanCommand::New(args) => new::run(&args),
        PlanCommand::Notice(args) => notice::run(&args),
        PlanCommand::Timeline { file, svg, events, days } => timeline::run(&file, svg, &events, &days),
    };
    Ok(outcome.unwrap_or_else(|error| {
        eprintln!("{error:#}");
        ExitCode::from(NOT_READABLE)
    }))
}

/// Where the working-day calendar comes from.
#[derive(Args)]
struct Days {
    /// 规则目录；其中有 nation/calendar.tsv 的，工作日照它计算，默认用程序自带的工作日历
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

impl Days {
    fn calendar(&self) -> anyhow::Result<Calendar> {
        calendar_of(self.rules.as_deref())
    }
}

/// The working-day calendar of a rules folder, or the one built in.
pub fn calendar_of(rules: Option<&Path>) -> anyhow::Result<Calendar> {
    calendar_in(rules).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
        anyhow!("工作日历有问题:{}", lines.join(";"))
    })
}

/// Events that reopenings wait for, as if they had been entered.
#[derive(Args)]
struct Events {
    /// 假定事件已经发生：事件编号=时刻，如 accepted="2026-03-12 08:00"；可给多个
    #[arg(long = "event", value_name = "ID=MOMENT", value_parser = event)]
    events: Vec<(String, DateTime)>,
}

impl Events {
    /// The plan as it is once the events have happened; an event that it does not have is an error.
    fn entered_in(&self, plan: Plan) -> anyhow::Result<Plan> {
        let entered = self.events.iter().map(|(id, at)| {
            if !plan.events.iter().any(|event| event.id == *id) {
                let known: Vec<&str> = plan.events.iter().map(|event| event.id.as_str()).collect();
                bail!(
                    "方案没有“{id}”这个事件,可用:{}",
                    if known.is_empty() { "(无)".to_owned() } else { known.join("、") }
                );
            }
            Ok(EventEntered { plan: plan.id.clone(), event: id.clone(), at: *at })
        });
        let entered = entered.collect::<anyhow::Result<Vec<_>>>()?;
        Ok(plan.with_events(&entered))
    }
}

fn event(text: &str) -> Result<(String, DateTime), String> {
    let read =
        text.split_once('=').and_then(|(id, moment)| Some((id.to_owned(), read_moment(moment.trim_matches('"'))?)));
    read.ok_or_else(|| format!("“{text}”应写成 事件编号=时刻,如 accepted=\"2026-03-12 08:00\""))
}

fn check_file(file: &Path, earlier: Option<&Path>, days: &Days) -> anyhow::Result<ExitCode> {
    let calendar = days.calendar()?;
    let Some(mut plan) = plan_in(file)? else { return Ok(ExitCode::FAILURE) };
    let mut problems = Vec::new();
    match earlier {
        Some(earlier) => match plan_in(earlier)? {
            Some(earlier) => plan = plan.after(&earlier),
            None => return Ok(ExitCode::FAILURE),
        },
        None => problems = check_alone(&plan, &calendar),
    }
    problems.extend(check(&plan, &calendar));
    for warning in warnings(&plan, &calendar) {
        say(&format!("{}:{}: 提醒:{}\n", file.display(), warning.line, warning.text))?;
    }
    if !problems.is_empty() {
        problems.sort();
        say_problems(file, &problems)?;
        return Ok(ExitCode::FAILURE);
    }
    say(&format!(
        "{}: 未发现问题。{}:规则{}条、责任事项{}条、提前开药{}条、联系电话{}个\n",
        file.display(),
        plan.title,
        plan.rules.len(),
        plan.duties.len(),
        plan.supplies.len(),
        plan.contacts.len()
    ))?;
    Ok(ExitCode::SUCCESS)
}

/// The plan in a file; where it cannot be understood, its problems are printed and there is none.
fn plan_in(file: &Path) -> anyhow::Result<Option<Plan>> {
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

fn say_problems(file: &Path, problems: &[Problem]) -> anyhow::Result<()> {
    say(&problems.iter().map(|problem| format!("{}:{problem}\n", file.display())).collect::<String>())
}

/// Prints the text at once. A reader that has gone away (`| head`) is no fault.
fn say(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(error).context("结果无法写出"),
        _ => Ok(()),
    }
}

/// Columns that a text takes on a terminal: a Chinese character takes two.
fn columns(text: &str) -> usize {
    text.chars().map(|c| if c as u32 >= 0x1100 { 2 } else { 1 }).sum()
}

/// The text, filled up with spaces to so many columns.
fn padded(text: &str, width: usize) -> String {
    let fill = width.saturating_sub(columns(text));
    format!("{text}{}", " ".repeat(fill))
}
