//! The report (报告): one HTML file with the tables and the latency curves, for the screen and for paper.

use crate::chart;
use crate::driver::Load;
use crate::figures::Side;
use crate::measured::Latencies;
use crate::results::Measured;
use crate::settings::Settings;
use crate::table;
use anyhow::Context;
use askama::Template;
use std::fs;
use std::path::Path;

#[derive(Template)]
#[template(path = "report.html")]
struct Page {
    conditions: Vec<(&'static str, String)>,
    sections: Vec<Section>,
}

/// One table with its picture.
struct Section {
    title: String,
    table: String,
    /// SVG of ours, or nothing.
    picture: String,
}

/// Writes the report.
pub(crate) fn write(file: &Path, settings: &Settings, all: &[Measured]) -> anyhow::Result<()> {
    let sections = all.iter().map(section).collect::<anyhow::Result<_>>()?;
    let page = Page { conditions: conditions(settings), sections };
    let text = page.render().context("写报告")?;
    fs::write(file, text).with_context(|| format!("写报告 {}", file.display()))
}

fn section(measured: &Measured) -> anyhow::Result<Section> {
    let text = table::text(measured);
    let (title, table) = text.trim_start().split_once('\n').unwrap_or((&text, ""));
    let curves = curves(measured);
    let picture = if curves.is_empty() { String::new() } else { chart::draw(&curves)? };
    Ok(Section { title: title.to_owned(), table: table.to_owned(), picture })
}

fn curves(measured: &Measured) -> Vec<(String, Latencies)> {
    match measured {
        Measured::Traffic(compared) => {
            Side::of(compared).iter().map(|side| (side.name.to_owned(), side.latencies())).collect()
        }
        Measured::Reopening(reopened) => vec![
            ("当日业务，都积压 50 笔".to_owned(), reopened.without.today.clone()),
            (
                format!("当日业务，{} 家积压 {} 笔", reopened.morning.laden, reopened.morning.many),
                reopened.with_laden.today.clone(),
            ),
        ],
        Measured::Deposits(deposited) => vec![
            ("当日业务，没有上传".to_owned(), deposited.outcome.alone.clone()),
            ("当日业务，上传期间".to_owned(), deposited.outcome.beside.clone()),
        ],
        Measured::Growth { sizes, .. } => {
            let curve = |size: &crate::growth::Size| {
                (format!("{} 人", size.persons), Side::new("平台", &size.rounds).latencies())
            };
            sizes.iter().map(curve).collect()
        }
    }
}

fn conditions(settings: &Settings) -> Vec<(&'static str, String)> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let delay = match settings.flush_delay_us {
        0 => "不加".to_owned(),
        delay => format!("每次 {delay} 微秒"),
    };
    vec![
        ("版本", format!("yibao {}", env!("CARGO_PKG_VERSION"))),
        ("处理器", format!("{cores} 核，驱动、平台、数据库共用")),
        ("参保人数", settings.persons.to_string()),
        ("每轮", format!("预热 {} 秒，计数 {} 秒", settings.warm_up.as_secs(), settings.counted.as_secs())),
        ("轮数", format!("{}，平台和参照交替", settings.rounds)),
        ("随机种子", settings.seed.to_string()),
        ("落盘延时", delay),
        ("负载", settings.rate.map_or_else(|| "闭环".to_owned(), |rate| table::load_text(Load::Open(rate)))),
    ]
}
