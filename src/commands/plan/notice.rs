//! `yibao plan notice`: the public notice of a plan as an HTML file that prints well.

use super::given::{Events, plan_in};
use super::printed::say;
use crate::rules::Rules;
use anyhow::Context;
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// 由方案生成对外公告（HTML，可在浏览器打印成 A4）
///
/// 公告的每一句都出自方案：停办和恢复的时间、停办前请办好的事、各方怎么办、带什么材料、期限的日期、各县区电话。
/// 平台运行时，同一公告在 /plans/方案编号/notice。
///
/// 例：
///   yibao plan notice plans/bijie-2021.toml --out 停机公告.html
///   yibao plan notice plans/bijie-2021.toml --working --out 工作版.html
///
/// 退出码：0 已写出；1 方案有问题，读不出意思（已列出）；2 文件无法读取或写入
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(super) struct NoticeArgs {
    /// 方案文件
    file: PathBuf,
    /// 公告的文件名；默认为当前文件夹下与方案同名的 .html
    #[arg(long, value_name = "OUT")]
    out: Option<PathBuf>,
    /// 工作版：另附“读法”和暂为文字的内容，供经办机构内部使用
    #[arg(long)]
    working: bool,
    #[command(flatten)]
    events: Events,
    #[command(flatten)]
    rules: Rules,
}

pub(super) fn run(args: &NoticeArgs) -> anyhow::Result<ExitCode> {
    let Some(plan) = plan_in(&args.file)? else { return Ok(ExitCode::FAILURE) };
    let plan = args.events.entered_in(plan)?;
    let default = || PathBuf::from(args.file.file_name().unwrap_or_default()).with_extension("html");
    let out = args.out.clone().unwrap_or_else(default);
    let page = yibao_web::notice(&plan, &args.rules.calendar()?, args.working).context("公告无法排版")?;
    std::fs::write(&out, page).with_context(|| format!("公告 {} 无法写入", out.display()))?;
    say(&format!("已写出公告 {}\n", out.display()))?;
    Ok(ExitCode::SUCCESS)
}
