//! Holds a request against the tables: nodes, demanded fields, types, lengths, codes.
//!
//! It knows no business: every transaction of the table answers a bad field with node, field, Chinese
//! name, value and what is allowed. Where the national interface is written one way and served clients
//! write another, the clients win, with a remark for `warn_msg`; `interface/README.md` lists the rules.

use crate::codes::{CodeMatch, CodeTable};
use crate::deposit::{Does, deposited};
use crate::dialect;
use crate::envelope::Envelope;
use crate::input::{Fields, Input, is_personal, place};
use crate::json;
use crate::shape::kind_name;
use crate::table::{Catalogue, Field, FieldKind, Node, Shape, Transaction};
use crate::value;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::refusal::{Code, Refusal};

/// A request that fits its transaction.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The row of the catalogue.
    pub transaction: &'static Transaction,
    /// The input in canonical form.
    pub input: Input,
    /// What was taken although it is not as the specification has it, for `warn_msg`.
    pub remarks: Vec<String>,
}

/// Holds an envelope's input against the table of its transaction.
pub fn check(envelope: &Envelope, catalogue: &'static Catalogue) -> Result<Checked, Refusal> {
    let transaction = catalogue.transaction(&envelope.infno).ok_or_else(|| {
        Refusal::new(
            Code::UnknownTransaction,
            format!("交易编号infno\"{}\"不存在，请核对接口规范的交易编号", value::shown(&envelope.infno)),
        )
    })?;
    if envelope.lacks_input && needs_input(transaction) {
        return Err(Refusal::new(Code::FieldMissing, "信封缺少input(交易输入)，请补充后重发"));
    }
    let keeps_all = deposited(&transaction.infno).iter().any(|rule| rule.does == Does::Keep);
    let (remarks, ignored) = (envelope.remarks.clone(), BTreeSet::new());
    let mut check = Check { catalogue, transaction, remarks, untold: false, ignored, keeps_all };
    let nodes = check.nodes(&envelope.input)?;
    if check.untold {
        check.remarks.push("另有国家代码表之外的扩展值或按未填写受理的值，已受理，未逐一列出".to_owned());
    }
    if !check.ignored.is_empty() {
        let names: Vec<&str> = check.ignored.iter().take(8).map(String::as_str).collect();
        let more = if check.ignored.len() > 8 { "等" } else { "" };
        check.remarks.push(format!("规范中没有的内容已忽略：{}{more}", names.join("、")));
    }
    Ok(Checked {
        transaction,
        input: Input { infno: transaction.infno.clone(), nodes, ..Input::default() },
        remarks: check.remarks,
    })
}

/// Whether a transaction cannot do without any input: one that no source describes, and one that demands something.
fn needs_input(transaction: &'static Transaction) -> bool {
    let mut top = top(transaction).peekable();
    top.peek().is_none() || top.any(|node| needs_fields(node) || (node.demanded && node.shape == Shape::List))
}

/// Whether nothing can be done without a node and some of its fields.
fn needs_fields(node: &Node) -> bool {
    (node.demanded || node.name == "*") && node.fields.iter().any(|field| field.demanded)
}

/// The nodes of a transaction that stand in its input itself.
fn top(transaction: &'static Transaction) -> impl Iterator<Item = &'static Node> {
    transaction.input().iter().filter(|node| node.within.is_none() && node.shape != Shape::File)
}

/// So many remarks help an operator; a message with more has another trouble.
const REMARKS: usize = 12;

struct Check {
    catalogue: &'static Catalogue,
    transaction: &'static Transaction,
    remarks: Vec<String>,
    /// Whether there was more to remark.
    untold: bool,
    ignored: BTreeSet<String>,
    /// What no table has is kept with the document that it came with.
    keeps_all: bool,
}

impl Check {
    fn nodes(&mut self, input: &Map<String, Value>) -> Result<BTreeMap<String, Vec<Fields>>, Refusal> {
        let top: Vec<&'static Node> = top(self.transaction).collect();
        if top.is_empty() {
            return Ok(untabled(input));
        }
        let mut nodes = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for node in &top {
            if node.name == "*" {
                let fields = self.record(node, None, input)?;
                taken.extend(node.fields.iter().filter_map(|field| find(input, &field.name)).map(|(key, _)| key));
                nodes.insert(node.name.clone(), vec![fields]);
                continue;
            }
            let Some((key, value)) = find_any(input, &node.name, &node.aliases) else { continue };
            taken.insert(key);
            let records = self.records(node, value)?;
            if !records.is_empty() {
                nodes.insert(node.name.clone(), records);
            }
        }
        for node in top.iter().filter(|node| node.demanded) {
            if nodes.contains_key(&node.name) {
                continue;
            }
            if nodes.is_empty() && dialect::stands_bare(node, input) {
                nodes.insert(node.name.clone(), vec![self.record(node, None, input)?]);
                return Ok(nodes);
            }
            let Some(key) = dialect::meant(self.transaction, node, input, &taken) else {
                if node.shape == Shape::Object && !needs_fields(node) {
                    // What demands nothing may say nothing: {}, "", null.
                    nodes.insert(node.name.clone(), vec![self.record(node, None, &Map::new())?]);
                    continue;
                }
                return Err(self.node_missing(node, input, &taken));
            };
            taken.insert(key);
            nodes.insert(node.name.clone(), self.records(node, &input[key])?);
            self.remarks.push(format!("节点{}按规范的节点{}受理", value::shown(key), node.name));
        }
        for (key, value) in input.iter().filter(|(key, _)| !taken.contains(key.as_str())) {
            if self.keeps_all && (value.is_object() || value.is_array()) {
                nodes.extend(untabled(&Map::from_iter([(key.clone(), value.clone())])));
            } else {
                self.ignored.insert(value::shown(key));
            }
        }
        Ok(nodes)
    }

    fn node_missing(&self, node: &Node, input: &Map<String, Value>, taken: &BTreeSet<&str>) -> Refusal {
        let others: Vec<String> =
            input.keys().filter(|key| !taken.contains(key.as_str())).take(3).map(|key| value::shown(key)).collect();
        let found = match others.as_slice() {
            [] if taken.contains(node.name.as_str()) => "，该节点为空".to_owned(),
            [] => String::new(),
            others => format!("，报文中为{}", others.join("、")),
        };
        let many = if node.shape == Shape::List { "(至少一行)" } else { "" };
        Refusal::new(
            Code::NodeMissing,
            format!(
                "交易{}({})要求节点{}{many}{found}，请按规范使用节点{}后重发",
                self.transaction.infno, self.transaction.name, node.name, node.name
            ),
        )
    }

    fn records(&mut self, node: &'static Node, value: &Value) -> Result<Vec<Fields>, Refusal> {
        let shape = |what: &str| {
            let expected = if node.shape == Shape::List { "对象数组[{…}]" } else { "对象{…}" };
            Refusal::new(Code::FieldShape, format!("节点{}应为{expected}，报文中为{what}", node.name))
        };
        match value {
            Value::Null => Ok(Vec::new()),
            Value::String(text) if value::is_absent(text) => Ok(Vec::new()),
            Value::Object(record) => {
                let row = (node.shape == Shape::List).then_some(1);
                Ok(vec![self.record(node, row, record)?])
            }
            Value::Array(items) => {
                if node.shape == Shape::Object && items.len() > 1 {
                    return Err(shape(&format!("{}行的数组，请逐笔上传", items.len())));
                }
                let mut records = Vec::with_capacity(items.len());
                for (at, item) in items.iter().enumerate() {
                    let Value::Object(record) = item else {
                        return Err(shape(&format!("第{}行不是对象的数组", at + 1)));
                    };
                    let row = (node.shape == Shape::List).then_some(at + 1);
                    records.push(self.record(node, row, record)?);
                }
                Ok(records)
            }
            _ => Err(shape("单个值")),
        }
    }

    fn record(
        &mut self,
        node: &'static Node,
        row: Option<usize>,
        record: &Map<String, Value>,
    ) -> Result<Fields, Refusal> {
        let mut values = BTreeMap::new();
        let mut taken = BTreeSet::new();
        for field in &node.fields {
            let Some((key, value)) = find_any(record, &field.name, &field.aliases) else {
                if field.demanded {
                    return Err(missing(node, row, field));
                }
                continue;
            };
            taken.insert(key);
            match self.field(node, row, field, value)? {
                Some(text) => {
                    values.insert(field.name.clone(), text);
                }
                None if field.demanded => return Err(missing(node, row, field)),
                None => {}
            }
        }
        if self.keeps_all {
            let further = record.iter().filter(|(key, _)| !taken.contains(key.as_str()));
            values.extend(further.filter_map(|(key, value)| Some((key.clone(), as_it_came(value)?))));
        } else if node.name != "*" {
            // The extension field stands in some nodes only, and clients send it, empty, in all.
            for key in record.keys().filter(|key| !taken.contains(key.as_str()) && !holds_json(key)) {
                self.ignored.insert(format!("{}.{}", node.name, value::shown(key)));
            }
        }
        Ok(Fields { node: node.name.clone(), row, spec: Some(node), values })
    }

    /// A field's canonical text, `None` where nothing is given.
    fn field(
        &mut self,
        node: &Node,
        row: Option<usize>,
        field: &Field,
        value: &Value,
    ) -> Result<Option<String>, Refusal> {
        let wrong = |code: Code, text: &str, reason: &str| {
            let shown =
                if is_personal(&field.name) { "(已隐去)".into() } else { format!("\"{}\"", value::shown(text)) };
            let place = place(&node.name, row, &field.name, &field.chinese);
            Refusal::new(code, format!("{place}的值{shown}{reason}"))
        };
        let text = match value {
            Value::Null => return Ok(None),
            Value::String(text) if value::is_absent(text) => return Ok(None),
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(_) if matches!(field.kind, FieldKind::Text | FieldKind::Other) => value.to_string(),
            Value::Array(_) | Value::Object(_)
                if matches!(field.kind, FieldKind::Node | FieldKind::Other)
                    || (field.kind == FieldKind::Text && field.code_table.is_none() && holds_json(&field.name)) =>
            {
                return Ok(Some(json::compact(value)));
            }
            other => {
                return Err(wrong(Code::FieldShape, &json::compact(other), &format!("应为{}", kind_name(field))));
            }
        };
        // No store keeps it in a text.
        if text.contains('\0') {
            return Err(wrong(Code::FieldShape, &text, "含有空字符(\\u0000)，请去除后重发"));
        }
        match field.kind {
            FieldKind::Text => {
                if let Some(table) = field.code_table.as_deref().and_then(|table| self.catalogue.codes(table)) {
                    return self.code(node, row, field, table, &text);
                }
                // A document is kept as it came: what is printed for its fields is at times too short for what they hold.
                if self.keeps_all {
                    return Ok(Some(text));
                }
                field.shaped(&text).map(Some).map_err(|reason| wrong(Code::FieldShape, &text, &reason))
            }
            FieldKind::Number { .. } => {
                // So are its numbers: a laboratory's value has the figures that it has.
                let as_it_came = || value::number(&text).filter(|_| self.keeps_all).map(|number| number.to_string());
                let number = as_it_came().map_or_else(|| field.shaped(&text), Ok);
                let number = number.map_err(|reason| wrong(Code::FieldShape, &text, &reason))?;
                // A table of numbers (有效标志 as 数值型) is still a table.
                if let Some(table) = field.code_table.as_deref().and_then(|table| self.catalogue.codes(table)) {
                    return self.code(node, row, field, table, &number);
                }
                Ok(Some(number))
            }
            FieldKind::Date | FieldKind::Moment => {
                // An unset DateTime of .NET clients.
                if text.starts_with("0001-01-01") || text.starts_with("0001/1/1") {
                    return Ok(None);
                }
                if !field.demanded && value::is_zero(&text) {
                    self.remark(value::zero_for_nothing(&field.name, &field.chinese, &text));
                    return Ok(None);
                }
                let moment = value::moment(&text)
                    .ok_or_else(|| wrong(Code::FieldShape, &text, &format!("不是{}", kind_name(field))))?;
                let moment_text = yibao_domain::time::moment_text(moment);
                Ok(Some(if field.kind == FieldKind::Date { moment.date().to_string() } else { moment_text }))
            }
            FieldKind::Node | FieldKind::Other => Ok(Some(text)),
        }
    }

    /// One remark a field and value, however many lines repeat it.
    fn remark(&mut self, remark: String) {
        if self.remarks.contains(&remark) {
            return;
        }
        if self.remarks.len() < REMARKS { self.remarks.push(remark) } else { self.untold = true }
    }

    fn code(
        &mut self,
        node: &Node,
        row: Option<usize>,
        field: &Field,
        table: &CodeTable,
        text: &str,
    ) -> Result<Option<String>, Refusal> {
        let place = || place(&node.name, row, &field.name, &field.chinese);
        match table.matches(text) {
            CodeMatch::Known(code) => Ok(Some(code.to_owned())),
            CodeMatch::Extension => {
                let name = &field.chinese;
                let shown = value::shown(text);
                self.remark(format!("{}({name})的值\"{shown}\"是国家代码表之外的扩展值，已受理", field.name));
                Ok(Some(text.to_owned()))
            }
            // Its table has no zero, so none is meant.
            CodeMatch::Unknown if !field.demanded && value::is_zero(text) => {
                self.remark(value::zero_for_nothing(&field.name, &field.chinese, text));
                Ok(None)
            }
            CodeMatch::Unknown => {
                let allowed = |count: usize| -> String {
                    let shown = table.values.iter().take(count);
                    shown.map(|value| format!("{}{}", value.code, value.meaning)).collect::<Vec<_>>().join("、")
                };
                let more =
                    if table.values.len() > 6 { format!("等{}个值", table.values.len()) } else { String::new() };
                let text = format!(
                    "{}的值\"{}\"不在代码表{}内，可取{}{more}",
                    place(),
                    value::shown(text),
                    table.table,
                    allowed(6)
                );
                let refusal = Refusal::new(Code::FieldCode, text);
                Err(if more.is_empty() {
                    refusal
                } else {
                    refusal.advise(format!("{}({})可取：{}", table.table, table.name, allowed(60)))
                })
            }
        }
    }
}

/// A transaction that no source describes: its input is taken as it comes, texts only.
fn untabled(input: &Map<String, Value>) -> BTreeMap<String, Vec<Fields>> {
    let mut nodes = BTreeMap::new();
    for (name, value) in input {
        let records: Vec<&Value> = match value {
            Value::Array(items) => items.iter().collect(),
            other => vec![other],
        };
        let records = records.iter().enumerate().filter_map(|(at, record)| {
            let members = record.as_object()?.iter();
            let values = members.filter_map(|(key, value)| Some((key.clone(), as_it_came(value)?))).collect();
            Some(Fields { node: name.clone(), row: Some(at + 1), spec: None, values })
        });
        nodes.insert(name.clone(), records.collect());
    }
    nodes
}

/// A member by its printed name, else by one of the names that clients have for it.
fn find_any<'a>(record: &'a Map<String, Value>, name: &str, aliases: &[String]) -> Option<(&'a str, &'a Value)> {
    let names = || std::iter::once(name).chain(aliases.iter().map(String::as_str));
    let found = |name: &str| find(record, name);
    names().filter_map(found).find(|(_, value)| !value.is_null()).or_else(|| names().find_map(found))
}

/// The text of a value that no table describes; nothing where it says nothing.
fn as_it_came(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null => return None,
        Value::String(text) => text.trim().to_owned(),
        other => json::compact(other),
    };
    (!value::is_absent(&text) && !text.contains('\0')).then_some(text)
}

fn find<'a>(record: &'a Map<String, Value>, name: &str) -> Option<(&'a str, &'a Value)> {
    record
        .get_key_value(name)
        .or_else(|| record.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)))
        .map(|(key, value)| (key.as_str(), value))
}

fn missing(node: &Node, row: Option<usize>, field: &Field) -> Refusal {
    let place = place(&node.name, row, &field.name, &field.chinese);
    Refusal::new(Code::FieldMissing, format!("{place}缺失，该字段必填，请补充后重发"))
}

/// Field extensions are free JSON, sent as an object or as its text.
fn holds_json(field: &str) -> bool {
    let field = field.to_ascii_lowercase();
    field.contains("expcontent") || field.contains("exp_content") || field.contains("extdata")
}
