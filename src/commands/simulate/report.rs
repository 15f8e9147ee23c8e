//! What a large city came to, as text and as a page: one file, for the screen and for paper.

mod changed;
mod curves;
mod made;
mod page;

pub(super) use made::{Made, phase_name};
pub(super) use page::page;

use made::path_name;

use yibao_domain::money::Money;
use yibao_sim::big::Told;
use yibao_sim::city::City;
use yibao_sim::run::Wish;

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
    for (phase, took) in &made.phases {
        let name = phase_name(*phase);
        text += &format!("  {name}：{}.{} 秒\n", took.as_secs(), took.subsec_millis() / 100);
    }
    text + &format!(
        "  共 {} 秒；内存最多 {} MiB，各套账册共 {} MiB\n",
        made.took.as_secs(),
        made.peak_kib / 1024,
        made.bytes >> 20
    )
}
