//! The next version of a plan's text, in which reopenings are moved (改期): everything else of the text stays as it stands, comments
//! and order too.

use toml_edit::{DocumentMut, Item, TableLike, Value};
use yibao_domain::outage::{Plan, Reopens, Rule, Stage};
use yibao_domain::time::{Date, DateTime, Moment};

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
/// event it goes on waiting, and the moment is the expected one. Midnight is written as the plan writes it.
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
    Ok(document.to_string())
}

fn head(document: &mut DocumentMut) -> Option<&mut dyn TableLike> {
    document.get_mut("plan").and_then(Item::as_table_like_mut)
}

/// Moves one reopening; `None` where the plan has none of that name.
fn move_one(document: &mut DocumentMut, plan: &Plan, reopening: &Reopening, to: DateTime) -> Option<()> {
    let ends_days = match reopening.in_plan(plan)? {
        Reopens::At(moment) => !moment.begins_day,
        Reopens::Awaits { expected, .. } => expected.is_none_or(|expected| !expected.begins_day),
        Reopens::Never => true,
    };
    let to = Moment { at: to, begins_day: !ends_days }.to_string();
    let entry = match reopening {
        Reopening::Main => head(document),
        Reopening::Stage(id) => entry(document, "stage", id),
        Reopening::Rule(id) => entry(document, "rule", id),
    }?;
    let awaits = entry.contains_key("reopens_on");
    set(entry, if awaits { "expected" } else { "reopens" }, to);
    Some(())
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
