//! The tables (结果表): what was measured, for a screen of 120 columns.

use crate::driver::Load;
use crate::figures::{Side, memory_mib, milliseconds, ratio, thousandths};
use crate::growth::Size;
use crate::measured::{Latencies, per_1000_s};
use crate::results::{Compared, Deposited, Measured, Reopened};
use std::collections::BTreeMap;
use std::fmt::Write;

/// Refusals shown, of different words.
const REFUSALS_SHOWN: usize = 5;

/// The load in words.
pub(crate) fn load_text(load: Load) -> String {
    match load {
        Load::Closed(callers) => format!("{callers} 路闭环"),
        Load::Open(rate) => format!("开环，每秒 {rate} 次就诊"),
    }
}

/// What was measured, as text.
pub(crate) fn text(measured: &Measured) -> String {
    match measured {
        Measured::Traffic(compared) => compared_text(compared),
        Measured::Reopening(reopened) => reopened_text(reopened),
        Measured::Deposits(deposited) => deposited_text(deposited),
        Measured::Growth { engine, load, sizes } => growth_text(engine, *load, sizes),
    }
}

fn compared_text(compared: &Compared) -> String {
    let mut text = String::new();
    let (scenario, engine) = (compared.scenario.name(), compared.engine);
    let (load, rounds) = (load_text(compared.load), compared.platform.len());
    let connections = compared.connections.map_or_else(String::new, |count| format!(" · 引擎 {count} 个连接"));
    let _ = writeln!(text, "\n{scenario} · {engine} · {load} · {rounds} 轮的中位数{connections}");
    let sides = Side::of(compared);
    row(&mut text, &["交易", "方", "笔数", "每秒", "p50 毫秒", "p90 毫秒", "p99 毫秒", "最长 毫秒"]);
    for side in &sides {
        for call in side.calls() {
            let at = |permille| milliseconds(call.permille_us(permille), 2);
            let (count, rate) = (call.count().to_string(), thousandths(call.per_1000_s(), 1));
            row(&mut text, &[call.infno, side.name, &count, &rate, &at(500), &at(900), &at(990), &at(1_000)]);
        }
    }
    let _ = writeln!(text);
    row(&mut text, &["", "方", "结算/秒", "CPU 秒", "毫秒/笔", "写盘 MiB", "落盘 次", "内存 MiB"]);
    for side in &sides {
        for part in side.parts() {
            row(
                &mut text,
                &[
                    part.name,
                    side.name,
                    &part.settled,
                    &part.cpu_s,
                    &part.cpu_ms_a_call,
                    &part.written_mib,
                    &part.flushes,
                    &part.memory_mib,
                ],
            );
        }
    }
    if let [platform, reference] = sides.as_slice() {
        let beyond = i128::from(platform.permille_us(500)) - i128::from(reference.permille_us(500));
        let _ = writeln!(
            text,
            "平台/引擎：结算每秒 {}；p99 {}；每笔 CPU {}；p50 相差 {beyond} 微秒",
            ratio(platform.settled_in_1000_s(), reference.settled_in_1000_s()),
            ratio(platform.permille_us(990), reference.permille_us(990)),
            ratio(platform.cpu_us_a_call(), reference.cpu_us_a_call()),
        );
    }
    compared.platform.iter().for_each(|round| refusals(&mut text, &round.refused));
    text
}

fn reopened_text(reopened: &Reopened) -> String {
    let mut text = String::new();
    let morning = &reopened.morning;
    let _ = writeln!(
        text,
        "\nreopening 恢复开放 · {} · {} 家同时恢复，每家积压 {} 笔、同时在途 2 笔；当日业务每秒 {} 笔",
        reopened.engine, morning.providers, morning.messages, morning.rate
    );
    let laden = format!("其中 {} 家积压 {}", morning.laden, morning.many);
    row_of(&mut text, &[("", 30), ("都积压 50", 20), (&laden, 26)]);
    let [without, with] = [&reopened.without, &reopened.with_laden];
    let mut line = |name: &str, figure: &dyn Fn(&crate::reopening::Outcome) -> String| {
        row_of(&mut text, &[(name, 30), (&figure(without), 20), (&figure(with), 26)]);
    };
    let seconds = |latencies: &Latencies, permille| {
        if latencies.count() == 0 { "-".to_owned() } else { thousandths(latencies.permille_us(permille) / 1_000, 2) }
    };
    line("全部办完 秒", &|it| thousandths(u64::try_from(it.took.as_millis()).unwrap_or(0), 1));
    line("积压 50 笔的办完 秒，中位数", &|it| seconds(&it.done, 500));
    line("积压 50 笔的办完 秒，最长", &|it| seconds(&it.done, 1_000));
    line("积压 1,000 笔的办完 秒，最长", &|it| seconds(&it.laden_done, 1_000));
    line("当日业务 笔", &|it| it.today.count().to_string());
    line("当日业务 p50 毫秒", &|it| milliseconds(it.today.permille_us(500), 2));
    line("当日业务 p99 毫秒", &|it| milliseconds(it.today.permille_us(990), 2));
    line("当日业务最长 毫秒", &|it| milliseconds(it.today.permille_us(1_000), 2));
    line("积压报文 p99 毫秒", &|it| milliseconds(it.waiting.permille_us(990), 2));
    line("因繁忙被拒（503）次", &|it| it.busy.to_string());
    line("30 秒无答复 次", &|it| it.timed_out.to_string());
    line("业务拒绝 次", &|it| it.refused.values().sum::<u64>().to_string());
    let _ = writeln!(
        text,
        "积压 50 笔的最长办完时间之比（有／没有积压多的）：{}；平台内存峰值 {} MiB",
        ratio(with.done.permille_us(1_000), without.done.permille_us(1_000)),
        memory_mib(reopened.memory_kib)
    );
    let overload = &reopened.overload;
    let _ = writeln!(
        text,
        "过载：同时 {} 笔，结算 {}，503 并带 Retry-After {}（p99 {} 毫秒），其他 {}",
        overload.sent,
        overload.settled,
        overload.busy,
        milliseconds(overload.refusals.permille_us(990), 1),
        overload.other
    );
    for outcome in [without, with] {
        refusals(&mut text, &outcome.refused);
    }
    text
}

fn deposited_text(deposited: &Deposited) -> String {
    let Deposited { engine, night, outcome, stored, book_bytes } = deposited;
    let mut text = String::new();
    let _ = writeln!(
        text,
        "\ndeposits 夜间上传 · {engine} · {} 家医院共 {} 笔资料报文，每家在途 2 笔；当日业务每秒 {} 笔",
        night.hospitals, night.messages, night.rate
    );
    row_of(&mut text, &[("当日业务", 30), ("没有上传时", 20), ("上传期间", 20), ("之比", 10)]);
    let [alone, beside] = [&outcome.alone, &outcome.beside];
    row_of(&mut text, &[("笔数", 30), (&alone.count().to_string(), 20), (&beside.count().to_string(), 20)]);
    for (name, permille) in [("p50 毫秒", 500), ("p99 毫秒", 990), ("最长 毫秒", 1_000)] {
        let [one, other] = [alone, beside].map(|of| of.permille_us(permille));
        let cells = [milliseconds(one, 2), milliseconds(other, 2), ratio(other, one)];
        row_of(&mut text, &[(name, 30), (&cells[0], 20), (&cells[1], 20), (&cells[2], 10)]);
    }
    let rate = |count: u64| thousandths(per_1000_s(count, outcome.took), 1);
    let _ = writeln!(
        text,
        "上传：{} 秒；每秒 {} 笔报文、{} 份资料；时延 p50 {} 毫秒、p99 {} 毫秒；503 {} 次，无答复 {} 次",
        thousandths(u64::try_from(outcome.took.as_millis()).unwrap_or(0), 1),
        rate(outcome.uploads.count()),
        rate(outcome.documents),
        milliseconds(outcome.uploads.permille_us(500), 2),
        milliseconds(outcome.uploads.permille_us(990), 2),
        outcome.busy,
        outcome.timed_out
    );
    let each = |bytes: u64| bytes / stored.documents.max(1);
    let _ = writeln!(
        text,
        "存储：{} 份资料，报文 {} MiB（每份 {} 字节），资料表和索引 {} MiB（每份 {} 字节），分成 {} 张；账册由 {} MiB 到 {} MiB",
        stored.documents,
        outcome.sent_bytes / 1_048_576,
        each(outcome.sent_bytes),
        stored.bytes / 1_048_576,
        each(stored.bytes),
        stored.parts,
        book_bytes.0 / 1_048_576,
        book_bytes.1 / 1_048_576
    );
    refusals(&mut text, &outcome.refused);
    text
}

fn growth_text(engine: &str, load: Load, sizes: &[Size]) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "\ngrowth 规模 · {engine} · pharmacy 药店购药 · {}", load_text(load));
    row(&mut text, &["人数", "", "结算/秒", "与最少之比", "p50 毫秒", "p99 毫秒", "字节/人", "账册 MiB"]);
    let sides: Vec<(u64, Side<'_>)> =
        sizes.iter().map(|size| (size.book_bytes, Side::new("平台", &size.rounds))).collect();
    for (size, (bytes, side)) in sizes.iter().zip(&sides) {
        let smallest = sides.first().map_or(0, |(_, first)| first.settled_in_1000_s());
        let settled = side.settled_in_1000_s();
        row(
            &mut text,
            &[
                &size.persons.to_string(),
                "",
                &thousandths(settled, 1),
                &ratio(settled, smallest),
                &milliseconds(side.permille_us(500), 2),
                &milliseconds(side.permille_us(990), 2),
                &(bytes / size.persons.max(1)).to_string(),
                &(bytes / 1_048_576).to_string(),
            ],
        );
    }
    sizes.iter().flat_map(|size| &size.rounds).for_each(|round| refusals(&mut text, &round.refused));
    text
}

fn refusals(text: &mut String, refused: &BTreeMap<String, u64>) {
    for (words, count) in refused.iter().take(REFUSALS_SHOWN) {
        let _ = writeln!(text, "未成功 {count} 次：{words}");
    }
}

/// The first two cells to the left, the others to the right of their columns.
fn row(text: &mut String, cells: &[&str]) {
    const COLUMNS: [usize; 8] = [12, 8, 10, 12, 12, 12, 12, 12];
    for (place, (cell, columns)) in cells.iter().zip(COLUMNS).enumerate() {
        let room = " ".repeat(columns.saturating_sub(width(cell)));
        if place < 2 { text.extend([*cell, &room]) } else { text.extend([&room, *cell]) }
    }
    text.push('\n');
}

/// Cells to the right of so many columns, the first to the left.
fn row_of(text: &mut String, cells: &[(&str, usize)]) {
    for (place, (cell, columns)) in cells.iter().enumerate() {
        let room = " ".repeat(columns.saturating_sub(width(cell)));
        if place == 0 { text.extend([*cell, &room]) } else { text.extend([&room, *cell]) }
    }
    text.push('\n');
}

/// Columns of a terminal: a Chinese character takes two.
fn width(text: &str) -> usize {
    console::measure_text_width(text)
}
