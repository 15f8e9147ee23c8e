//! What a large city came to, as text and as a page: one file, for the screen and for paper.

mod curves;
mod page;

pub(super) use page::page;

use std::time::Duration;
use yibao_domain::money::Money;
use yibao_sim::big::{Path, Told};
use yibao_sim::city::City;
use yibao_sim::run::Wish;

/// How it was made.
pub(super) struct Made {
    /// The command that does the same again.
    pub again: String,
    /// In all.
    pub took: Duration,
    /// Each phase.
    pub phases: Vec<(&'static str, Duration)>,
    /// The most memory that the process had, in KiB.
    pub peak_kib: u64,
    /// Both books together.
    pub bytes: u64,
}

/// In short.
pub(super) fn text(wish: &Wish, city: &City, told: &Told, made: &Made) -> String {
    let mut text = format!(
        "{} 人，{} 天，种子 {}：{} 人有就诊，共 {} 次就诊；报文和表单 {} 份\n",
        city.persons, wish.days, wish.seed, told.persons, told.outcome.events, told.messages
    );
    for (path, sum) in &told.paths.0 {
        let funds: i64 = sum.funds.values().sum();
        text += &format!(
            "  {}：{} 次，费用 {} 元，基金支付 {} 元，个人账户 {} 元，个人自付 {} 元\n",
            path_name(*path),
            sum.events,
            Money::fen(sum.charged),
            Money::fen(funds),
            Money::fen(sum.account),
            Money::fen(sum.own)
        );
    }
    for (name, took) in &made.phases {
        text += &format!("  {name}：{}.{} 秒\n", took.as_secs(), took.subsec_millis() / 100);
    }
    text + &format!(
        "  共 {} 秒；内存最多 {} MiB，两套账册 {} MiB\n",
        made.took.as_secs(),
        made.peak_kib / 1024,
        made.bytes >> 20
    )
}

/// What a way is called.
fn path_name(path: Path) -> &'static str {
    match path {
        Path::OnTheSpot => "现场结算",
        Path::Backfilled => "恢复后补录",
        Path::NoRoute => "现金、未规定补报",
        Path::ToClaim => "待报销",
        Path::Cancelled => "已撤销",
        Path::Open => "没有着落",
    }
}
