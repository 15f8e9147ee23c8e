//! `yibao plan new`: a plan to start from, written from a commented template and checked at once.

use super::printed::say;
use crate::clock::PlatformClock;
use anyhow::{Context, bail, ensure};
use clap::{Args, ValueEnum};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use yibao_domain::outage::moment_name;
use yibao_interface::Catalogue;
use yibao_policy::plan::{Problem, check, national_calendar, read, read_moment, warnings};
use yibao_policy::registers::built_in;
use yibao_web::Clock;

/// How long before the closing the notice of a planned outage is dated.
const ISSUED_DAYS_BEFORE: i64 = 7;
/// How long the plan lasts after its reopening: room for deadlines that move with an actual reopening.
const ENDS_DAYS_AFTER: i64 = 180;
/// Working days for claims with a date of their own.
const CLAIM_WORKING_DAYS: u32 = 40;
/// How much earlier inpatient settlement closes.
const EARLIER_HOURS: i64 = 4;

/// 由模板新建方案：带说明、能直接通过检查，照着改成本市的公告
///
/// 模板：planned 计划内停机（切换系统，停几天）；staged 分批恢复、待验收通过后恢复；stop 突发停机，从过去的时刻起算。
/// 时刻为北京时间，24:00 是当日结束。
///
/// 例：
///   yibao plan new --id bijie-2027 --pool 520500 --closes "2026-03-06 24:00" --reopens "2026-03-11 24:00" --out plans/bijie-2027.toml
///   yibao plan new --template stop --id fault-0602 --pool 520500 --closes "2026-06-02 09:40" --reopens "2026-06-02 18:00"
///
/// 退出码：0 已写出，并已通过检查；1 已写出，但检查有问题（列在标准错误；标“提醒”的不算）；2 参数有误或文件无法写入
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct NewArgs {
    /// 模板
    #[arg(long, value_enum, default_value_t = Template::Planned)]
    template: Template,
    /// 方案编号：小写字母、数字和连字符，如 bijie-2027
    #[arg(long, value_parser = id)]
    id: String,
    /// 统筹区代码（六位），如 520500
    #[arg(long, value_parser = pool)]
    pool: String,
    /// 停办时刻，如 "2026-03-06 24:00"
    #[arg(long, value_parser = moment)]
    closes: DateTime,
    /// 恢复时刻；staged、stop 为预计恢复时刻
    #[arg(long, value_parser = moment)]
    reopens: DateTime,
    /// 宣布停机的时刻，仅用于 stop；默认为现在
    #[arg(long, value_parser = moment)]
    declared: Option<DateTime>,
    /// 写到这个文件，已有的文件不覆盖；默认打印到标准输出
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Template {
    /// 计划内停机，停几天
    Planned,
    /// 突发停机，从过去的时刻起算
    Stop,
    /// 分批恢复，待验收通过后恢复
    Staged,
}

impl Template {
    fn text(self) -> &'static str {
        match self {
            Template::Planned => include_str!("../../../plans/templates/planned.toml"),
            Template::Stop => include_str!("../../../plans/templates/stop.toml"),
            Template::Staged => include_str!("../../../plans/templates/staged.toml"),
        }
    }

    fn title(self, city: &str) -> String {
        match self {
            Template::Planned => format!("{city}医保系统切换停机方案"),
            Template::Stop => format!("{city}医保系统突发停机方案"),
            Template::Staged => format!("{city}医保系统分批恢复停机方案"),
        }
    }
}

pub(super) fn run(args: &NewArgs) -> anyhow::Result<ExitCode> {
    let text = filled(args)?;
    match &args.out {
        Some(out) => {
            let file = OpenOptions::new().write(true).create_new(true).open(out);
            let mut file = file.with_context(|| format!("方案 {} 无法写入（已有的文件不覆盖）", out.display()))?;
            file.write_all(text.as_bytes()).with_context(|| format!("方案 {} 无法写入", out.display()))?;
            say(&format!("已写出方案 {}。请照公告逐段修改，再运行 yibao plan check\n", out.display()))?;
        }
        None => say(&text)?,
    }
    let name = args.out.as_deref().unwrap_or(Path::new("新方案")).display();
    let (problems, warnings) = findings(&text);
    problems.iter().for_each(|problem| eprintln!("{name}:{problem}"));
    warnings.iter().for_each(|warning| eprintln!("{name}:{}: 提醒：{}", warning.line, warning.text));
    Ok(if problems.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Problems and warnings of a new plan.
fn findings(text: &str) -> (Vec<Problem>, Vec<Problem>) {
    let calendar = national_calendar();
    let work = built_in();
    let fields = &work.fields;
    match read(text) {
        Ok(plan) => (check(&plan, &calendar, fields), warnings(&plan, &calendar, fields)),
        Err(problems) => (problems, Vec::new()),
    }
}

/// The template with everything that follows from the arguments.
fn filled(args: &NewArgs) -> anyhow::Result<String> {
    let NewArgs { template, id, pool, closes, reopens, .. } = args;
    ensure!(closes < reopens, "--reopens({})应晚于 --closes({}),请核对", moment_name(*reopens), moment_name(*closes));
    if args.declared.is_some() && *template != Template::Stop {
        bail!("--declared 只用于 --template stop");
    }
    let now = || PlatformClock::starting(None).map(|clock| clock.now());
    let declared = match args.declared {
        Some(declared) => declared,
        None => now()?,
    };
    // A stop that is still to come is declared when it begins.
    let declared = declared.max(*closes);
    let far = || format!("停机时段 {} 至 {} 超出可用的日期", moment_name(*closes), moment_name(*reopens));
    let halfway = closes.checked_add((closes.duration_until(*reopens).as_mins() / 2).minutes()).with_context(far)?;
    let ends = reopens.date().checked_add(ENDS_DAYS_AFTER.days()).with_context(far)?.at(0, 0, 0, 0);
    let claim_by = national_calendar().add_working_days(*reopens, CLAIM_WORKING_DAYS).unwrap_or(ends);
    let issued = closes.date().checked_sub(ISSUED_DAYS_BEFORE.days()).with_context(far)?;
    let earlier = closes.checked_sub(EARLIER_HOURS.hours()).with_context(far)?;
    let last_day = reopens.checked_sub(1.second()).with_context(far)?.date();
    let city = city(pool);
    let values = [
        ("title", template.title(&city)),
        ("issuer", format!("{city}医疗保障局")),
        ("city", city),
        ("id", id.clone()),
        ("pool", pool.clone()),
        ("issued", issued.to_string()),
        ("declared_day", declared.date().to_string()),
        ("declared", moment_name(declared)),
        ("closes", moment_name(*closes)),
        ("earlier", moment_name(earlier)),
        ("reopens", moment_name(*reopens)),
        ("wave", moment_name(halfway)),
        ("first_day", closes.date().to_string()),
        ("last_day", last_day.to_string()),
        ("claim_by", moment_name(claim_by)),
        ("ends", moment_name(ends)),
        ("hospital", format!("H{pool}00001")),
        ("pharmacy", format!("P{pool}00001")),
    ];
    let fill = |text: String, (name, value): &(&str, String)| text.replace(&format!("{{{name}}}"), value);
    Ok(values.iter().fold(template.text().to_owned(), fill))
}

/// The Chinese name of the pool's division, or a name to be replaced where the national table lacks it.
fn city(pool: &str) -> String {
    let divisions = Catalogue::national().divisions();
    divisions.iter().find(|division| division.admdvs == pool).map_or("示例市", |division| &division.name).to_owned()
}

fn id(text: &str) -> Result<String, String> {
    let good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if text.is_empty() || !text.chars().all(good) {
        return Err(format!("方案编号“{text}”应为小写字母、数字和连字符，如 bijie-2027"));
    }
    Ok(text.to_owned())
}

fn pool(text: &str) -> Result<String, String> {
    if text.len() != 6 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("统筹区“{text}”应为六位区划代码，如 520500"));
    }
    Ok(text.to_owned())
}

fn moment(text: &str) -> Result<DateTime, String> {
    read_moment(text).ok_or_else(|| format!("“{text}”不是时刻，应写成 2026-03-06 20:00，当日结束写 24:00"))
}
