//! The next version of a plan's text, in which reopenings are moved (改期): everything else of the text stays as it stands, comments
//! and order too.

use std::collections::BTreeSet;
use toml_edit::{DocumentMut, Item, TableLike, Value};
use yibao_domain::outage::{Plan, Reopens, Rule, Stage};
use yibao_domain::time::{Date, DateTime, Moment};

/// The key of what a reopening waits for.
const REOPENS_ON: &str = "reopens_on";

/// The reopening that is moved (改哪一处恢复时刻).
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Reopening {
    /// The plan's own, which rules without one take.
    Main,
    /// A stage's.
    Stage(String),
    /// A rule's; one that it takes from the plan becomes its own.
    Rule(String),
}

impl Reopening {
    /// As a form says it: `main`, `stage:wave-1`, `rule:stays`.
    pub fn word(&self) -> String {
        match self {
            Reopening::Main => "main".to_owned(),
            Reopening::Stage(id) => format!("stage:{id}"),
            Reopening::Rule(id) => format!("rule:{id}"),
        }
    }

    /// The reopening of this word.
    pub fn of_word(word: &str) -> Option<Reopening> {
        match word.split_once(':') {
            None if word == "main" => Some(Reopening::Main),
            Some(("stage", id)) => Some(Reopening::Stage(id.to_owned())),
            Some(("rule", id)) => Some(Reopening::Rule(id.to_owned())),
            _ => None,
        }
    }

    /// What the plan says of it now; `None` where the plan has no such entry, or nothing is closed by it.
    pub fn in_plan<'a>(&self, plan: &'a Plan) -> Option<&'a Reopens> {
        let of_rule = |rule: &'a Rule| rule.window.as_ref().map(|window| &window.reopens);
        match self {
            Reopening::Main => Some(&plan.window.reopens),
            Reopening::Stage(id) => {
                plan.stages.iter().find(|stage: &&Stage| stage.id == *id).map(|stage| &stage.reopens)
            }
            Reopening::Rule(id) => plan.rules.iter().find(|rule| rule.id == *id).and_then(of_rule),
        }
    }
}

/// The text of the version that follows `plan`, announced on `issued`: these reopenings at another moment. Where one waits for an
/// event it goes on waiting, and the moment is the expected one; where the event has been entered, as the plan in force tells, there
/// is nothing to wait for, and the moment is that of the reopening. Midnight is written as the plan writes it.
///
/// # Errors
/// Why there is none, for the clerk: the text is not the plan's, or has no such entry.
pub fn replanned(plan: &Plan, reopenings: &[Reopening], to: DateTime, issued: Date) -> Result<String, String> {
    let unreadable = || format!("方案 {} 的文本无法改写；请下载后改写并发布", plan.id);
    let mut document: DocumentMut = plan.text.parse().map_err(|_| unreadable())?;
    let head = head(&mut document).ok_or_else(unreadable)?;
    set(head, "version", i64::from(plan.version) + 1);
    set(head, "replaces", i64::from(plan.version));
    set(head, "issued", issued.to_string());
    for reopening in reopenings {
        move_one(&mut document, plan, reopening, to).ok_or_else(|| missing(plan, reopening))?;
    }
    drop_events(&mut document);
    Ok(document.to_string())
}

fn head(document: &mut DocumentMut) -> Option<&mut dyn TableLike> {
    document.get_mut("plan").and_then(Item::as_table_like_mut)
}

/// Moves one reopening; `None` where the plan has none of that name.
fn move_one(document: &mut DocumentMut, plan: &Plan, reopening: &Reopening, to: DateTime) -> Option<()> {
    let present = reopening.in_plan(plan)?;
    let mut ends_days = match present {
        Reopens::At(moment) => !moment.begins_day,
        Reopens::Awaits { expected, .. } => expected.is_none_or(|expected| !expected.begins_day),
        Reopens::Never => true,
    };
    let entry = match reopening {
        Reopening::Main => head(document),
        Reopening::Stage(id) => entry(document, "stage", id),
        Reopening::Rule(id) => entry(document, "rule", id),
    }?;
    let waits = entry.contains_key(REOPENS_ON);
    let has_come = waits && matches!(present, Reopens::At(_));
    if has_come {
        ends_days = entry.get("expected").and_then(Item::as_str).is_none_or(|expected| !expected.ends_with(" 00:00"));
    }
    let to = Moment { at: to, begins_day: !ends_days }.to_string();
    if !has_come {
        set(entry, if waits { "expected" } else { "reopens" }, to);
        return Some(());
    }
    // What is written above the line stays above it.
    let above = entry.key(REOPENS_ON).map(|key| key.leaf_decor().clone());
    entry.remove(REOPENS_ON);
    entry.remove("expected");
    set(entry, "reopens", to);
    if let (Some(mut key), Some(above)) = (entry.key_mut("reopens"), above) {
        *key.leaf_decor_mut() = above;
    }
    Some(())
}

/// The events that nothing waits for any more have no place in the text.
fn drop_events(document: &mut DocumentMut) {
    let mut awaited = BTreeSet::new();
    let mut see =
        |table: &dyn TableLike| awaited.extend(table.get(REOPENS_ON).and_then(Item::as_str).map(str::to_owned));
    if let Some(head) = document.get("plan").and_then(Item::as_table_like) {
        see(head);
    }
    for list in ["rule", "stage"] {
        match document.get(list) {
            Some(Item::ArrayOfTables(tables)) => tables.iter().for_each(|table| see(table)),
            Some(Item::Value(Value::Array(values))) => {
                values.iter().filter_map(Value::as_inline_table).for_each(|table| see(table));
            }
            _ => {}
        }
    }
    let is_awaited = |id: Option<&str>| id.is_none_or(|id| awaited.contains(id));
    match document.get_mut("event") {
        Some(Item::ArrayOfTables(tables)) => tables.retain(|table| is_awaited(table.get("id").and_then(Item::as_str))),
        Some(Item::Value(Value::Array(values))) => values.retain(|value| {
            is_awaited(value.as_inline_table().and_then(|table| table.get("id")).and_then(Value::as_str))
        }),
        _ => {}
    }
}

fn missing(plan: &Plan, reopening: &Reopening) -> String {
    format!("方案 {} 没有这一处恢复时刻（{}）；请重新选择", plan.id, reopening.word())
}

/// The table of this id in a list of tables.
fn entry<'a>(document: &'a mut DocumentMut, list: &str, id: &str) -> Option<&'a mut dyn TableLike> {
    let is_it = |table: &dyn TableLike| table.get("id").and_then(Item::as_str) == Some(id);
    match document.get_mut(list)? {
        Item::ArrayOfTables(tables) => {
            tables.iter_mut().find(|table| is_it(*table)).map(|table| table as &mut dyn TableLike)
        }
        Item::Value(Value::Array(values)) => {
            let tables = values.iter_mut().filter_map(Value::as_inline_table_mut);
            tables.map(|table| table as &mut dyn TableLike).find(|table| is_it(*table))
        }
        _ => None,
    }
}

/// Sets a key; what is written around its value stays.
fn set(table: &mut dyn TableLike, key: &str, value: impl Into<Value>) {
    let mut value = value.into();
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(standing) => {
            *value.decor_mut() = standing.decor().clone();
            *standing = value;
        }
        None => {
            table.insert(key, Item::Value(value));
        }
    }
}
