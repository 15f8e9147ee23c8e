//! Reads a plan's text into `domain::outage::Plan`. What cannot be read at all is a problem with its line; what can be
//! read but contradicts itself is left to [`super::check`].

mod around;
mod entries;
mod groups;
mod names;
mod own;
mod rule;
mod when;

use super::Problem;
use super::businesses::{known_businesses, read_names};
use super::divisions::division_name;
use super::source::{At, Source, Table};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use toml::de::DeTable;
use yibao_domain::code::Pool;
use yibao_domain::outage::{
    Business, Channel, Event, Evidence, Group, InsuredIn, Pattern, Plan, Scope, Switches, Window,
};
use yibao_domain::time::{Date, DateTime, Moment};
use yibao_domain::written::half_width;

/// Reads a plan, or says everything that is wrong with it.
pub fn read(text: &str) -> Result<Plan, Vec<Problem>> {
    let source = Source::new(text);
    let root = match DeTable::parse(text) {
        Ok(root) => root,
        Err(error) => {
            let offset = error.span().map_or(0, |span| span.start);
            let line = source.line(offset);
            let text = text.lines().nth(line.saturating_sub(1) as usize).unwrap_or_default();
            source.problem(line, not_toml(text, error.message()));
            return Err(source.into_problems());
        }
    };
    let plan = read_plan(&source, &Table::new(&source, root.get_ref(), "方案", 0..0));
    let plan = plan.map(|plan| Plan { text: text.to_owned(), ..plan });
    let problems = source.into_problems();
    match plan {
        Some(plan) if problems.is_empty() => Ok(plan),
        _ => Err(problems),
    }
}

/// Every key that the language accepts in the tables of a text, by what people call the table.
pub fn accepted_keys(text: &str) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
    let source = Source::new(text);
    if let Ok(root) = DeTable::parse(text) {
        read_plan(&source, &Table::new(&source, root.get_ref(), "方案", 0..0));
    }
    source.accepted()
}

/// What is wrong with a line that is no TOML: most often punctuation typed with a Chinese keyboard, or a missing quote.
fn not_toml(line: &str, message: &str) -> String {
    let wide = [
        ('＂', "\""),
        ('“', "\""),
        ('”', "\""),
        ('＝', "="),
        ('，', ","),
        ('：', ":"),
        ('［', "["),
        ('］', "]"),
        ('【', "["),
        ('】', "]"),
        ('＃', "#"),
    ];
    let outside = outside_quotes(line);
    let found: Vec<String> = wide
        .iter()
        .filter(|(c, _)| outside.contains(*c))
        .map(|(c, instead)| format!("全角「{c}」应为半角 {instead}"))
        .collect();
    let reason = if !found.is_empty() {
        format!("{}，请改用英文输入法", found.join("、"))
    } else if line.matches('"').count() % 2 == 1 {
        "引号不成对，文字前后各写一个半角双引号".to_owned()
    } else if message.contains("duplicate key") {
        "这一项（或这一部分）写了两次，请删去一个".to_owned()
    } else if !line.contains('=') && !line.trim_start().starts_with('[') {
        "每行应写成 名称 = \"值\"，或以 [[rule]] 这样的行开头；说明文字前加 #".to_owned()
    } else {
        "请核对：文字要加引号，列表写成 [\"甲\", \"乙\"]，各项之间用半角逗号".to_owned()
    };
    format!("不是有效的 TOML：{reason}（解析器：{message}）")
}

/// The line without what stands between its half-width quotes, and without a comment.
fn outside_quotes(line: &str) -> String {
    let parts = line.split('"').step_by(2).collect::<Vec<_>>().join(" ");
    parts.split('#').next().unwrap_or_default().to_owned()
}

/// Reads every part before giving up on one, so that all problems are told at once.
fn read_plan(source: &Source, root: &Table<'_>) -> Option<Plan> {
    let mut names = known_businesses();
    let mut own_names = BTreeMap::new();
    if let Some(own) = root.table("businesses", "[businesses]") {
        names.extend(read_names(&own, source));
        let lines = own.free_texts().into_iter().map(|(key, _)| (Business::new(&key.value), key.line));
        own_names.extend(lines.filter_map(|(business, line)| Some((business?, line))));
    }
    let mut reader = Reader {
        source,
        names: &names,
        events: Vec::new(),
        groups: Vec::new(),
        own_evidence: Vec::new(),
        channels: Vec::new(),
    };
    reader.own_evidence = reader.read_own_evidence(root.table("evidence", "[evidence]"));
    reader.channels = reader.read_own_channels(root.table("channels", "[channels]"));
    reader.groups =
        each(root.tables("group", "[[group]]"), |table| reader.group(table)).into_iter().map(Arc::new).collect();
    reader.events = each(root.tables("event", "[[event]]"), |table| reader.event(table));
    let head = root.table("plan", "[plan]");
    if head.is_none() && !root.has("plan") {
        source.problem(1, "方案缺少 [plan] 部分，请补上");
    }
    let head = head.and_then(|head| reader.head(&head));

    let switches = root.table("switches", "[switches]").map(read_switches).unwrap_or_default();
    let systems = each(root.tables("system", "[[system]]"), |table| reader.system(table));
    let rules = each(root.tables("rule", "[[rule]]"), |table| reader.rule(table, head.as_ref()));
    let stages = each(root.tables("stage", "[[stage]]"), |table| reader.stage(table));
    let duties = each(root.tables("duty", "[[duty]]"), |table| reader.duty(table));
    let supplies = each(root.tables("supply", "[[supply]]"), |table| reader.supply(table));
    let extensions = each(root.tables("extension", "[[extension]]"), |table| reader.extension(table));
    let tolerances = each(root.tables("tolerance", "[[tolerance]]"), |table| reader.tolerance(table));
    let hold_harmless = each(root.tables("hold_harmless", "[[hold_harmless]]"), |table| reader.hold_harmless(table));
    let degraded = each(root.tables("degraded", "[[degraded]]"), |table| reader.degraded(table));
    let freezes = each(root.tables("freeze", "[[freeze]]"), |table| reader.freeze(table));
    let continuities = each(root.tables("continuity", "[[continuity]]"), |table| reader.continuity(table));
    let invariants = each(root.tables("invariant", "[[invariant]]"), |table| reader.invariant(table));
    let checklists = each(root.tables("checklist", "[[checklist]]"), |table| reader.checklist(table));
    let counties = each(root.tables("county", "[[county]]"), |table| reader.county(table));
    let contacts = each(root.tables("contact", "[[contact]]"), |table| reader.contact(table));
    let pool_names = reader.names_by_code(root.table("pools", "[pools]"), |code| reader.division(code));
    let provider_names = reader.names_by_code(root.table("providers", "[providers]"), |_| true);
    root.report_unknown();

    let head = head?;
    let Reader { events, groups, own_evidence, channels, .. } = reader;
    let plan = Plan {
        id: head.id,
        title: head.title,
        issuer: head.issuer,
        pool: head.pool,
        version: head.version,
        replaces: head.replaces,
        unplanned: head.unplanned,
        declared: head.declared,
        issued: head.issued,
        ends: head.ends,
        window: head.window,
        planned_reopens: head.planned_reopens,
        benefit_year_begins: head.benefit_year_begins,
        silent_ok: head.silent_ok,
        line: head.line,
        ahead_hours: head.ahead_hours,
        switches,
        systems,
        rules,
        duties,
        supplies,
        events,
        stages,
        extensions,
        tolerances,
        hold_harmless,
        degraded,
        freezes,
        continuities,
        invariants,
        checklists,
        counties,
        contacts,
        names,
        evidence: own_evidence,
        channels,
        groups,
        pool_names,
        provider_names,
        text: String::new(),
        own_names,
    };
    Some(named_divisions(plan).with_closings_of_events())
}

/// The plan with what the platform calls the pools and counties that its scopes name and it does not.
fn named_divisions(mut plan: Plan) -> Plan {
    let of_scope = |scope: &Scope| {
        let pools = scope.pools.iter().filter_map(|insured| match insured {
            InsuredIn::Pool(pool) => Some(pool.as_str().to_owned()),
            InsuredIn::Elsewhere => None,
        });
        pools.chain(scope.counties.iter().cloned()).collect::<Vec<_>>()
    };
    let codes: Vec<String> = plan.scopes().flat_map(of_scope).chain([plan.pool.as_str().to_owned()]).collect();
    for code in codes {
        if let Some(name) = division_name(&code) {
            plan.pool_names.entry(code).or_insert_with(|| name.to_owned());
        }
    }
    plan
}

/// Reads each table and then reports the keys in it that nobody asked for.
fn each<'a, T>(tables: Vec<Table<'a>>, mut read: impl FnMut(&Table<'a>) -> Option<T>) -> Vec<T> {
    let mut values = Vec::new();
    for table in tables {
        values.extend(read(&table));
        table.report_unknown();
    }
    values
}

fn read_switches(table: Table<'_>) -> Switches {
    let switches = Switches {
        hold_debtor_benefits: table.flag("hold_debtor_benefits"),
        review_clock_stops: table.flag("review_clock_stops"),
        late_payment_forgiven: table.flag("late_payment_forgiven"),
    };
    table.report_unknown();
    switches
}

/// What `[plan]` says.
struct Head {
    id: String,
    title: String,
    issuer: String,
    pool: Pool,
    version: u32,
    replaces: Option<u32>,
    unplanned: bool,
    declared: Option<DateTime>,
    issued: Date,
    ends: Moment,
    window: Window,
    planned_reopens: Option<DateTime>,
    benefit_year_begins: (i8, i8),
    silent_ok: Vec<Pattern>,
    line: u32,
    ahead_hours: u32,
}

/// Reads tables into entries; what they refer to is known by then.
struct Reader<'a> {
    source: &'a Source,
    names: &'a BTreeMap<Business, String>,
    events: Vec<Event>,
    groups: Vec<Arc<Group>>,
    own_evidence: Vec<Evidence>,
    channels: Vec<Channel>,
}

/// All words of a vocabulary, to offer where one is wrong.
macro_rules! words {
    ($vocabulary:ident) => {
        &$vocabulary::ALL.iter().map(|value| value.word()).collect::<Vec<_>>()
    };
}
use words;

const VERSIONS_MAX: u32 = 9999;

impl Reader<'_> {
    fn head(&self, table: &Table<'_>) -> Option<Head> {
        let id = table.needed_text("id");
        let title = table.needed_text("title");
        let issuer = table.needed_text("issuer");
        let pool = table.needed_text("pool");
        let version = table.number("version", VERSIONS_MAX);
        let replaces = table.number("replaces", VERSIONS_MAX);
        let unplanned = table.flag("unplanned");
        let declared = table.moment("declared").map(|at| at.value.at);
        let issued = table.needed_day("issued");
        let ends = table.needed_moment("ends");
        let closes = table.needed_moment("closes");
        let reopens = self.reopens(table);
        if reopens.is_none() && !table.has("reopens") && !table.has("reopens_on") {
            self.source.problem(table.line, "[plan]缺少必填项 reopens，请补上（或以 reopens_on 写明等待的事件）");
        }
        let planned_reopens = table.moment("planned_reopens").map(|at| at.value.at);
        let benefit_year_begins = self.month_and_day(table, "benefit_year_begins");
        let silent_ok = self.patterns(table, "silent_ok");
        let ahead_hours = table.number("ahead_hours", 24 * 366).map_or(0, |hours| hours.value);
        if unplanned && !table.has("declared") {
            self.source.problem(table.line, "突发停机（unplanned）须写明宣布的时刻 declared");
        }
        if let Some(at) = version.as_ref().filter(|at| at.value == 0) {
            self.source.problem(at.line, "version 从1起，请改正");
        }
        table.report_unknown();
        let pool = pool.filter(|pool| self.division(pool))?;
        Some(Head {
            id: id?.value,
            title: title?.value,
            issuer: issuer?.value,
            pool: Pool::new(pool.value),
            version: version.map_or(1, |at| at.value),
            replaces: replaces.map(|at| at.value),
            unplanned,
            declared,
            issued: issued?.value,
            ends: ends?.value,
            window: Window { closes: closes?.value, reopens: reopens? },
            planned_reopens,
            benefit_year_begins: benefit_year_begins?,
            silent_ok,
            line: table.line,
            ahead_hours,
        })
    }

    /// `07-01`; the first of January where the key is absent. It has to exist in every year.
    fn month_and_day(&self, table: &Table<'_>, key: &'static str) -> Option<(i8, i8)> {
        let Some(mut text) = table.text(key) else { return (!table.has(key)).then_some((1, 1)) };
        text.value = half_width(&text.value);
        let shaped = text.value.len() == 5 && text.value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let parts = text.value.split_once('-').filter(|_| shaped);
        let numbers = parts.and_then(|(month, day)| Some((month.parse().ok()?, day.parse().ok()?)));
        let common_year = 2021;
        let found = numbers.filter(|(month, day)| Date::new(common_year, *month, *day).is_ok());
        if found.is_none() {
            let text_of = format!("{key} 的日子“{}”无法识别，应写作 \"07-01\"，每年都有的一天", text.value);
            self.source.problem(text.line, text_of);
        }
        found
    }

    fn division(&self, code: &At<String>) -> bool {
        let good = code.value.len() == 6 && code.value.bytes().all(|byte| byte.is_ascii_digit());
        if !good {
            self.source.problem(code.line, format!("“{}”不是六位医保区划代码", code.value));
        }
        good
    }
}

fn values(texts: Vec<At<String>>) -> Vec<String> {
    texts.into_iter().map(|text| text.value).collect()
}
