//! The table (结果表): what was measured, for a screen of 120 columns.

use crate::driver::Load;
use crate::measured::{Cost, Latencies, Round, median};
use crate::run::Measured;
use std::collections::BTreeSet;
use std::fmt::Write;

/// Refusals shown, of different words.
const REFUSALS_SHOWN: usize = 5;

/// The load in words.
pub(crate) fn load_text(load: Load) -> String {
    match load {
        Load::Closed(callers) => format!("{callers} 路闭环"),
        Load::Open(rate) => format!("每秒 {rate} 次到达"),
    }
}

/// One table of the platform and the reference.
pub(crate) fn text(measured: &Measured) -> String {
    let mut text = format!(
        "\n{}，{}，{}，{} 轮取中位数\n",
        measured.scenario.name(),
        measured.engine,
        load_text(measured.load),
        measured.platform.len()
    );
    let _ = writeln!(
        text,
        "{}{}{}{}{}{}{}{}",
        cell("交易", 8),
        cell("", 6),
        right("笔数", 10),
        right("每秒", 11),
        right("p50 毫秒", 10),
        right("p90", 10),
        right("p99", 10),
        right("最长", 10)
    );
    for (side, rounds) in sides(measured) {
        let infnos: BTreeSet<&String> = rounds.iter().flat_map(|round| round.calls.keys()).collect();
        for infno in infnos {
            let of = |figure: &dyn Fn(&Latencies, &Round) -> u64| {
                median(rounds.iter().filter_map(|round| Some(figure(round.calls.get(infno)?, round))).collect())
            };
            let count = of(&|latencies, _| latencies.count());
            let rate = of(&|latencies, round| crate::measured::per_1000_s(latencies.count(), round.took));
            let at = |permille: u64| right(&thousandths(of(&|latencies, _| latencies.permille_us(permille)), 2), 10);
            let _ = writeln!(
                text,
                "{}{}{}{}{}{}{}{}",
                cell(infno, 8),
                cell(side, 6),
                right(&count.to_string(), 10),
                right(&thousandths(rate, 1), 11),
                at(500),
                at(900),
                at(990),
                at(1_000)
            );
        }
    }
    for (side, rounds) in sides(measured) {
        let _ = writeln!(text, "{}结算每秒 {}{}", cell(side, 6), thousandths(settled(rounds), 1), costs(rounds));
    }
    if !measured.reference.is_empty() {
        let (platform, reference) = (settled(&measured.platform), settled(&measured.reference));
        let p99 = |rounds: &[Round]| median(rounds.iter().map(|round| all(round).permille_us(990)).collect());
        let p50 = |rounds: &[Round]| median(rounds.iter().map(|round| all(round).permille_us(500)).collect());
        let _ = writeln!(
            text,
            "平台/引擎：结算每秒 {}，p99 {}；p50 相差 {} 毫秒",
            ratio(platform, reference),
            ratio(p99(&measured.platform), p99(&measured.reference)),
            thousandths(p50(&measured.platform).saturating_sub(p50(&measured.reference)), 3)
        );
    }
    for round in &measured.platform {
        for (words, count) in round.refused.iter().take(REFUSALS_SHOWN) {
            let _ = writeln!(text, "被拒绝 {count} 次：{words}");
        }
    }
    text
}

fn sides(measured: &Measured) -> impl Iterator<Item = (&'static str, &Vec<Round>)> {
    [("平台", &measured.platform), ("引擎", &measured.reference)].into_iter().filter(|(_, rounds)| !rounds.is_empty())
}

fn settled(rounds: &[Round]) -> u64 {
    median(rounds.iter().map(Round::settled_in_1000_s).collect())
}

/// All transactions of a round together.
fn all(round: &Round) -> Latencies {
    let mut all = Latencies::default();
    round.calls.values().for_each(|latencies| all.merge(latencies));
    all
}

/// CPU, bytes, flushes and memory, by settlement where that says more.
fn costs(rounds: &[Round]) -> String {
    let of = |cost: &dyn Fn(&Round) -> Cost, figure: &dyn Fn(&Cost) -> u64| {
        median(rounds.iter().map(|round| figure(&cost(round))).collect())
    };
    let calls = median(rounds.iter().map(Round::count).collect()).max(1);
    let mut text = String::new();
    let parts: [(&str, &dyn Fn(&Round) -> Cost); 3] =
        [("服务", &|round| round.server), ("驱动", &|round| round.driver), ("数据库", &|round| round.database)];
    for (name, part) in parts {
        let cpu_ms = of(part, &|cost| cost.cpu_ms);
        if cpu_ms > 0 {
            let _ = write!(
                text,
                "；{name} CPU {} 秒（每笔 {} 毫秒）",
                thousandths(cpu_ms, 2),
                thousandths(cpu_ms * 1_000 / calls, 3)
            );
        }
    }
    let written = of(&|round| round.server, &|cost| cost.written) + of(&|round| round.database, &|cost| cost.written);
    let _ = write!(text, "；写盘 {} MiB", written / 1_048_576);
    if let Some(flushes) = rounds
        .iter()
        .map(|round| Some(round.server.flushes? + round.database.flushes.unwrap_or(0)))
        .collect::<Option<Vec<_>>>()
    {
        let _ = write!(text, "；落盘 {} 次", median(flushes));
    }
    if let Some(kib) = rounds.iter().filter_map(|round| round.server.memory_kib).max() {
        let _ = write!(text, "；内存峰值 {} MiB", kib / 1_024);
    }
    text
}

/// `1.25` of 1,250 with two decimals.
pub(crate) fn thousandths(value: u64, decimals: usize) -> String {
    let divisor = 10_u64.pow(3 - u32::try_from(decimals).unwrap_or(3));
    let rounded = (value + divisor / 2) / divisor;
    let unit = 10_u64.pow(u32::try_from(decimals).unwrap_or(3));
    if decimals == 0 { rounded.to_string() } else { format!("{}.{:0decimals$}", rounded / unit, rounded % unit) }
}

/// `0.62` of two numbers.
pub(crate) fn ratio(part: u64, whole: u64) -> String {
    if whole == 0 { "-".to_owned() } else { thousandths(part * 1_000 / whole, 2) }
}

/// Left in so many columns; a Chinese character takes two.
fn cell(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

fn right(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

fn width(text: &str) -> usize {
    text.chars().map(|character| if character.is_ascii() { 1 } else { 2 }).sum()
}
