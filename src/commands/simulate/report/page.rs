//! The page (推演报告).

#![expect(clippy::float_arithmetic, reason = "places on a scale")]

use super::changed::of_whom;
use super::curves::{self, Curve, Line};
use super::made::{Made, path_name, phase_name};
use crate::commands::changed;
use crate::commands::figures::{grouped, money, yuan};
use anyhow::Context;
use askama::Template;
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::outage::{Plan, RegisterKind, Window, moment_name};
use yibao_sim::big::{Hour, Path, Sum, Told};
use yibao_sim::city::City;
use yibao_sim::run::Wish;
use yibao_sim::statement::{DIFFERING, STATEMENTS, Statement};
use yibao_sim::twins::{WATCHED_AFTER, run_after};
use yibao_web::played::Changed;

/// Exceptions that are listed; the others are counted.
const LISTED: usize = 100;
/// People from whom on it says how long more of them take: fewer take as long as the hours take by themselves.
const RECKONED_FROM: u64 = 100_000;
/// Days before and after the outage that the hourly curves show.
const AROUND: (i64, i64) = (2, WATCHED_AFTER);

#[derive(Template)]
#[template(path = "simulation.html")]
struct Page {
    title: String,
    city: String,
    verdicts: Vec<Verdict>,
    figures: Vec<(String, &'static str)>,
    gates: Vec<Gate>,
    scale: (String, String),
    curves: Vec<Curve>,
    registers: Vec<Register>,
    agency: String,
    paths: Vec<PathRow>,
    paid_ways: Vec<&'static str>,
    funds: Vec<Fund>,
    clauses: Vec<Clause>,
    of_whom: String,
    changed: Vec<Changed>,
    exceptions: Vec<(&'static str, String, String)>,
    unnamed: usize,
    made: Vec<(&'static str, String)>,
    again: String,
}

struct Verdict {
    name: &'static str,
    says: String,
    holds: bool,
}

struct Gate {
    names: String,
    window: String,
    left: String,
    width: String,
}

struct Register {
    name: &'static str,
    entries: String,
    most: String,
    most_at: String,
    zero_at: String,
    after: String,
}

struct PathRow {
    name: &'static str,
    events: String,
    charged: String,
    funds: String,
    account: String,
    own: String,
    is_sum: bool,
}

struct Fund {
    name: &'static str,
    paid: Vec<(&'static str, String)>,
}

struct Clause {
    way: &'static str,
    clauses: String,
    events: String,
    charged: String,
    funds: String,
    differences: u64,
}

/// The page as one HTML file; `name` is what the pool is called.
pub(in super::super) fn page(
    wish: &Wish,
    (city, name): (&City, &str),
    told: &Told,
    made: &Made,
) -> anyhow::Result<String> {
    let plan = &wish.plan;
    let begins = city.begins.at(0, 0, 0, 0);
    let ends = begins.saturating_add(wish.days.days());
    let reopens = plan.window.reopens.expected().unwrap_or(told.closed);
    let closes = plan.first_closing();
    let scale = (closes.saturating_sub(1.day()), reopens.saturating_add(2.days()));
    let (exceptions, unnamed) = exceptions(told);
    let (paid_ways, funds) = funds(told);
    let page = Page {
        title: plan.title.clone(),
        city: format!(
            "虚构的城市：参保 {} 人，定点医药机构 {} 家；{} 起 {} 天，其中 {} 人就医 {} 次",
            grouped(city.persons),
            city.places.len(),
            city.begins.strftime("%Y年%-m月%-d日"),
            wish.days,
            grouped(told.persons),
            grouped(told.outcome.events)
        ),
        verdicts: verdicts(told),
        figures: figures(told, closes, reopens),
        gates: gates(plan, scale),
        scale: (moment_name(scale.0), moment_name(scale.1)),
        curves: drawn(told, (begins, ends), (closes, reopens))?,
        registers: registers(&told.hours, reopens),
        agency: agency(plan, reopens),
        paths: paths(told),
        paid_ways,
        funds,
        clauses: clauses(told),
        of_whom: of_whom(&told.changed, city),
        changed: changed::rows(&told.changed.by_clause),
        exceptions,
        unnamed,
        made: how((city, name), told, made),
        again: made.again.clone(),
    };
    page.render().context("写推演报告")
}

/// The four statements.
fn verdicts(told: &Told) -> Vec<Verdict> {
    let verdict = |statement: &Statement| {
        let wrong = told.outcome.wrong.iter().filter(|one| statement.is_against(one.statement)).count();
        let differences = if statement.is_against(DIFFERING) { told.outcome.differences.len() } else { 0 };
        let count = wrong + differences;
        let besides = if statement.number == STATEMENTS.len() as u8 { besides(told) } else { String::new() };
        Verdict {
            name: statement.name,
            says: if count == 0 {
                format!("{}{besides}", statement.says)
            } else {
                format!("{count} 件不符，见“例外”")
            },
            holds: count == 0,
        }
    };
    STATEMENTS.iter().map(verdict).collect()
}

/// How many went a way.
fn on(told: &Told, path: Path) -> u64 {
    told.paths.0.get(&path).map_or(0, |sum| sum.events)
}

/// What the notice leaves to the agency by hand, and what nobody came for in time.
fn besides(told: &Told) -> String {
    let ways = [
        (on(told, Path::ToClaim), "次按公告由病人到经办机构报销，病人申请后由经办机构另办"),
        (on(told, Path::TooLate), "次该补而期限内没有人来，台账里标为逾期"),
    ];
    ways.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("；{} {what}", grouped(*count))).collect()
}

fn figures(told: &Told, closes: DateTime, reopens: DateTime) -> Vec<(String, &'static str)> {
    let met = told.hours.iter().filter(|hour| closes <= hour.at && hour.at < reopens).map(|hour| hour.arrivals).sum();
    let waited = told.paths.0.get(&Path::Backfilled).cloned().unwrap_or_default();
    let most = told.hours.iter().map(|hour| hour.registers.values().map(|one| one.waiting).sum::<u64>()).max();
    vec![
        (grouped(told.persons), "人在这几周就医"),
        (grouped(told.outcome.events), "次就诊"),
        (grouped(met), "次在停机期间"),
        (grouped(most.unwrap_or(0)), "件台账同时等待，最多时"),
        (grouped(waited.events), "次恢复后补录"),
        (yuan(waited.funds.values().sum()), "元由基金补付"),
    ]
}

/// A bar for each window of the plan, with the businesses that it closes.
fn gates(plan: &Plan, scale: (DateTime, DateTime)) -> Vec<Gate> {
    let mut windows: BTreeMap<Window, BTreeSet<String>> = BTreeMap::new();
    for rule in &plan.rules {
        if let Some(window) = &rule.window {
            let names = crate::commands::plan::names(&rule.businesses, plan);
            windows.entry(window.clone()).or_default().extend(names.split('、').map(str::to_owned));
        }
    }
    let whole = place(scale.0, scale.1).max(1.0);
    let at = |moment: DateTime| (place(scale.0, moment) * 100.0 / whole).clamp(0.0, 100.0);
    let gate = |(window, names): (Window, BTreeSet<String>)| {
        let ends = window.reopens.expected().unwrap_or(scale.1);
        let (left, right) = (at(window.closes.at), at(ends));
        Gate {
            names: names.into_iter().collect::<Vec<_>>().join("、"),
            window: format!(
                "{} 停，{} 恢复",
                moment_name(window.closes),
                crate::commands::plan::reopening(&window.reopens)
            ),
            left: format!("{left:.2}"),
            width: format!("{:.2}", right - left),
        }
    };
    windows.into_iter().map(gate).collect()
}

fn place(from: DateTime, to: DateTime) -> f64 {
    f64::from(i32::try_from(to.duration_since(from).as_secs()).unwrap_or(i32::MAX))
}

fn drawn(told: &Told, span: (DateTime, DateTime), closed: (DateTime, DateTime)) -> anyhow::Result<Vec<Curve>> {
    let mut days: BTreeMap<DateTime, (u64, u64)> = BTreeMap::new();
    for hour in &told.hours {
        let of = days.entry(hour.at.date().at(12, 0, 0, 0)).or_default();
        of.0 += hour.arrivals;
        of.1 += hour.settled;
    }
    let last = days.iter().filter(|(_, (_, settled))| *settled > 0).map(|(at, _)| *at).next_back();
    let whole = (span.0, last.map_or(span.1, |last| last.saturating_add(12.hours()).max(span.1)));
    let line = |name: &str, of: &dyn Fn(&(u64, u64)) -> u64| Line {
        name: name.to_owned(),
        points: days.iter().map(|(at, counts)| (*at, of(counts))).collect(),
    };
    let by_day = [line("每天到来", &|day| day.0), line("每天结算", &|day| day.1)];
    let around = (closed.0.saturating_sub(AROUND.0.days()), closed.1.saturating_add(AROUND.1.days()));
    let near: Vec<&Hour> = told.hours.iter().filter(|hour| around.0 <= hour.at && hour.at <= around.1).collect();
    let hour = |name: &str, of: &dyn Fn(&Hour) -> u64| Line {
        name: name.to_owned(),
        points: near.iter().map(|hour| (hour.at, of(hour))).collect(),
    };
    let by_hour = [hour("每小时到来", &|hour| hour.arrivals), hour("每小时结算", &|hour| hour.settled)];
    let looked: Vec<&&Hour> = near.iter().filter(|hour| !hour.registers.is_empty()).collect();
    let of_kind = |of: &dyn Fn(&yibao_sim::big::Register) -> u64| -> Vec<Line> {
        let kinds = kinds(&told.hours).into_iter();
        let line = |kind: RegisterKind| Line {
            name: kind.name().to_owned(),
            points: looked.iter().map(|hour| (hour.at, hour.registers.get(&kind).map_or(0, of))).collect(),
        };
        kinds.map(line).collect()
    };
    let shaded = "浅红色为停机期间。";
    let daily = format!("到来：就诊、购药、入院开始的次数；结算：当天记账的结算。{shaded}");
    let hourly = "停机前后逐小时。停机期间照常到来，结算停下；恢复后医院、药店自己补的和经办批量补录的都算结算。";
    let pile = "每本台账里还没有办结的件数，每小时从账册清点一次。";
    let size = "每本台账登记的件数。";
    Ok(vec![
        curves::draw("每天到来与结算", daily, &by_day, whole, closed)?,
        curves::draw("停机前后，每小时", format!("{hourly}{shaded}"), &by_hour, around, closed)?,
        curves::draw("台账积压", format!("{pile}{shaded}"), &of_kind(&|one| one.waiting), around, closed)?,
        curves::draw("台账登记", format!("{size}{shaded}"), &of_kind(&|one| one.entries), around, closed)?,
    ])
}

/// The registers that ever had an entry, the largest first.
fn kinds(hours: &[Hour]) -> Vec<RegisterKind> {
    let mut most: BTreeMap<RegisterKind, u64> = BTreeMap::new();
    for (kind, register) in hours.iter().flat_map(|hour| &hour.registers) {
        let own = most.entry(*kind).or_default();
        *own = register.entries.max(*own);
    }
    let mut kinds: Vec<(RegisterKind, u64)> = most.into_iter().collect();
    kinds.sort_by_key(|(_, entries)| std::cmp::Reverse(*entries));
    kinds.into_iter().map(|(kind, _)| kind).collect()
}

/// When each register was cleared: the first moment from which on nothing waits in it.
fn registers(hours: &[Hour], reopens: DateTime) -> Vec<Register> {
    let looked = || hours.iter().filter(|hour| !hour.registers.is_empty());
    let of = |kind: RegisterKind| {
        let at = |hour: &Hour| hour.registers.get(&kind).copied().unwrap_or_default();
        let most = looked().max_by_key(|hour| (at(hour).waiting, std::cmp::Reverse(hour.at)));
        let last_waiting = looked().filter(|hour| at(hour).waiting > 0).map(|hour| hour.at).next_back();
        let zero = last_waiting.and_then(|last| looked().map(|hour| hour.at).find(|at| *at > last));
        let never_waited = last_waiting.is_none();
        Register {
            name: kind.name(),
            entries: grouped(looked().map(|hour| at(hour).entries).max().unwrap_or(0)),
            most: grouped(most.map_or(0, |hour| at(hour).waiting)),
            most_at: most.filter(|_| !never_waited).map_or(String::new(), |hour| moment_name(hour.at)),
            zero_at: zero.map_or_else(|| if never_waited { "没有等待过" } else { "没有清零" }.to_owned(), moment_name),
            after: zero.map_or(String::new(), |zero| after(reopens, zero)),
        }
    };
    kinds(hours).into_iter().map(of).collect()
}

fn after(reopens: DateTime, zero: DateTime) -> String {
    let hours = zero.duration_since(reopens).as_hours();
    match hours {
        ..=0 => "恢复时已清零".to_owned(),
        1..=47 => format!("{hours} 小时"),
        _ => format!("{} 天 {} 小时", hours / 24, hours % 24),
    }
}

fn agency(plan: &Plan, reopens: DateTime) -> String {
    let run = reopens.saturating_add(run_after(plan).days());
    format!(
        "推演里，经办机构等到 {} 才批量补录：在此之前大多由患者回到医院、药店补办，余下的一次办清。只须告知的清单（公告张贴、提前备药等）和转手工报销的不在此列。批量补录本身的速度另行测量（docs/scale.md）。",
        moment_name(run)
    )
}

fn paths(told: &Told) -> Vec<PathRow> {
    let row = |name, sum: &Sum, is_sum| PathRow {
        name,
        events: grouped(sum.events),
        charged: money(sum.charged),
        funds: money(sum.funds.values().sum()),
        account: money(sum.account),
        own: money(sum.own),
        is_sum,
    };
    let mut all = Sum::default();
    let mut rows = Vec::new();
    for (path, sum) in &told.paths.0 {
        rows.push(row(path_name(*path), sum, false));
        all.join(sum);
    }
    rows.push(row("合计", &all, true));
    rows
}

/// The ways on which a fund paid, and what each fund paid on each, with the sum.
fn funds(told: &Told) -> (Vec<&'static str>, Vec<Fund>) {
    let ways: Vec<(&'static str, &Sum)> = told
        .paths
        .0
        .iter()
        .filter(|(_, sum)| !sum.funds.is_empty())
        .map(|(path, sum)| (path_name(*path), sum))
        .collect();
    let names: BTreeSet<&'static str> = ways.iter().flat_map(|(_, sum)| sum.funds.keys().copied()).collect();
    let of = |name: &'static str| {
        let on = |sum: &Sum| sum.funds.get(name).copied().unwrap_or(0);
        let mut paid: Vec<(&'static str, String)> = ways.iter().map(|(way, sum)| (*way, money(on(sum)))).collect();
        paid.push(("合计（元）", money(ways.iter().map(|(_, sum)| on(sum)).sum())));
        Fund { name, paid }
    };
    (ways.iter().map(|(way, _)| *way).collect(), names.into_iter().map(of).collect())
}

fn clauses(told: &Told) -> Vec<Clause> {
    let row = |((way, clauses), of): (&(&'static str, String), &yibao_sim::run::Way)| Clause {
        way,
        clauses: if clauses.is_empty() { "按平台的在院清单转换".to_owned() } else { clauses.clone() },
        events: grouped(of.events),
        charged: money(of.charged),
        funds: money(of.funds),
        differences: 0,
    };
    let mut rows: Vec<Clause> = told.outcome.ways.iter().map(row).collect();
    let allowed_by_none = told.outcome.differences.len() as u64;
    rows.push(Clause {
        way: "没有条款允许的差别",
        clauses: String::new(),
        events: grouped(allowed_by_none),
        charged: money(0),
        funds: money(0),
        differences: allowed_by_none,
    });
    rows
}

/// What is not as it must be and what still waits, and how many are not listed.
fn exceptions(told: &Told) -> (Vec<(&'static str, String, String)>, usize) {
    let who = |person: Option<u64>| person.map_or_else(|| "全部".to_owned(), |person| format!("第 {person} 人"));
    let wrong = told.outcome.wrong.iter().map(|one| ("不符", who(one.person), one.what.clone()));
    let differences = told.outcome.differences.iter().map(|one| {
        let which = one.event.map_or_else(|| who(Some(one.person)), |id| format!("{}/{}", id.person, id.ordinal));
        ("两遍不同", which, format!("停机：{}；不停机：{}", one.with, one.without))
    });
    let waiting = told.waiting.0.iter().map(|entry| {
        let reason = if entry.reason.is_empty() { "" } else { "：" };
        (
            "还在等待",
            entry.number.clone(),
            format!("{}，{}{reason}{}", entry.kind.name(), entry.state.name(), entry.reason),
        )
    });
    let all = told.outcome.wrong.len() + told.outcome.differences.len() + usize::try_from(told.waiting.1).unwrap_or(0);
    let listed: Vec<_> = wrong.chain(differences).chain(waiting).take(LISTED).collect();
    let unnamed = all - listed.len().min(all);
    (listed, unnamed)
}

fn how((city, name): (&City, &str), told: &Told, made: &Made) -> Vec<(&'static str, String)> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let took = |name: &'static str, took: std::time::Duration| format!("{name} {} 秒", took.as_secs());
    let phases: Vec<String> = made.phases.iter().map(|(phase, time)| took(phase_name(*phase), *time)).collect();
    let both = made.both_courses().as_secs().max(1);
    let rate = told.outcome.events * 2 / both;
    let mut how = vec![
        ("版本", format!("yibao {}", env!("CARGO_PKG_VERSION"))),
        ("机器", format!("{} {cores} 核", crate::machine::processor())),
        ("用时", format!("{} 秒（{}）", made.took.as_secs(), phases.join("，"))),
        ("速度", format!("两遍合计每秒 {rate} 次就诊、{} 份报文和表单", told.messages / both)),
        ("内存", format!("最多 {} MiB；各套账册共 {} MiB", made.peak_kib / 1024, made.bytes >> 20)),
    ];
    how.extend((city.persons >= RECKONED_FROM).then(|| {
        let minutes = made.of_everybody().as_secs() * 1_000_000 / city.persons / 60;
        ("推算", format!("按此速度，{name}每 100 万参保人约需 {minutes} 分钟"))
    }));
    how
}
