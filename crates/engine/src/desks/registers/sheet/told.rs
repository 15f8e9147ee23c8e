//! The columns that tell what the platform knows of an entry: head, whether it holds yuan, and what stands under it.
//!
//! Exports write them beside the register's own fields; a sheet that is read in again has them, and where no field bears such a
//! head it is left alone.

use crate::desks::registers::list::ListRow;
use yibao_domain::code::Pool;
use yibao_domain::money::Money;
use yibao_domain::outage::{Plan, plan_named};
use yibao_domain::register::field::{self, Holds};
use yibao_domain::register::{HandBack, Split};
use yibao_domain::time::moment_text;

/// The plans in force, and the pool in whose book the entries are.
pub(super) struct Plans<'a> {
    pub plans: &'a [Plan],
    pub pool: &'a Pool,
}

/// A column that tells what the platform knows.
pub(super) struct Told {
    /// Its head.
    pub label: &'static str,
    /// Whether it holds yuan.
    pub is_yuan: bool,
    /// What stands under it.
    pub tells: fn(&ListRow, &Plans<'_>) -> String,
}

const fn text(label: &'static str, tells: fn(&ListRow, &Plans<'_>) -> String) -> Told {
    Told { label, is_yuan: false, tells }
}

const fn yuan(label: &'static str, tells: fn(&ListRow, &Plans<'_>) -> String) -> Told {
    Told { label, is_yuan: true, tells }
}

/// Before the register's own columns.
pub(super) const BEFORE: [Told; 4] = [
    text("台账号", |row, _| row.entry.number.clone()),
    text("操作", |_, _| String::new()),
    text("状态", |row, _| row.entry.state.name().to_owned()),
    text("业务", business),
];

/// Behind them.
pub(super) const BEHIND: [Told; 16] = [
    text("机构代码", |row, _| row.entry.fixmedins_code.clone()),
    text("期限", |row, _| if row.entry.state.is_final() { String::new() } else { row.due.to_string() }),
    text("是否逾期", |row, _| bool::write(row.overdue)),
    // Nothing where nobody has stated it: a sheet that is read in again takes back nothing and states nothing.
    yuan("费用总额(元)", |row, _| if_any(row.entry.charged)),
    yuan("基金支付(元)", |row, _| row.entry.split().map_or(row.entry.refunded, |split| split.funds).to_string()),
    yuan("个人账户支付(元)", |row, _| of_split(row, |split| split.account)),
    yuan("个人应负担(元)", |row, _| of_split(row, |split| split.own)),
    yuan("应退患者(元)", due_back),
    yuan("退款金额(元)", |row, _| if_any(row.entry.handed_back())),
    text("退款时间", |row, _| to_the_minute(field::HANDED_BACK_AT.text(&row.entry))),
    text("领款人", |row, _| field::RECEIVED_BY.of(&row.entry).to_owned()),
    text("就诊ID", |row, _| row.entry.mdtrt_id.clone()),
    text("结算ID", |row, _| row.entry.setl_id.clone()),
    text("原因", |row, _| row.entry.reason.clone()),
    text("收件时间", |row, _| to_the_minute(&moment_text(row.entry.taken_at))),
    text("经办人", |row, _| row.entry.taken_by.clone()),
];

fn business(row: &ListRow, known: &Plans<'_>) -> String {
    let of = &row.entry.business;
    plan_named(known.plans, known.pool, &row.entry.plan)
        .map_or_else(|| of.to_string(), |plan| plan.name_of(of).to_owned())
}

fn if_any(amount: Money) -> String {
    if amount > Money::ZERO { amount.to_string() } else { String::new() }
}

fn of_split(row: &ListRow, part: fn(&Split) -> Money) -> String {
    row.entry.split().map_or(String::new(), |split| part(&split).to_string())
}

fn due_back(row: &ListRow, _: &Plans<'_>) -> String {
    match row.entry.to_hand_back(None) {
        Some(HandBack::Back(due)) => due.to_string(),
        Some(HandBack::Collect(due)) => due.negated().to_string(),
        Some(HandBack::Even) => Money::ZERO.to_string(),
        Some(HandBack::Unknown) | None => String::new(),
    }
}

/// A moment without seconds that are none, as people write it.
pub(super) fn to_the_minute(moment: &str) -> String {
    moment.strip_suffix(":00").filter(|rest| rest.len() == "2021-07-12 10:30".len()).unwrap_or(moment).to_owned()
}
