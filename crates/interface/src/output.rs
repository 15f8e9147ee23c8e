//! What a transaction answers (交易输出): nodes of records, written as exact JSON.
//!
//! Amounts are written from whole fen and decimals from their digits, never through a float. Fields
//! come in the order in which they are put in. The engine keeps the text, so that a resent message
//! gets the very same answer.

use crate::table::{Field, FieldKind, Node};
use crate::value;
use std::fmt::{Display, Write};
use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::time::{Date, DateTime, moment_text};

/// One record of an output node, written as it is put together.
///
/// Field names are names of the national tables, which need no escaping.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// `"a":1,"b":null`: the members without the braces.
    members: String,
    fields: Vec<&'static str>,
}

impl Record {
    /// A record without fields.
    pub fn new() -> Self {
        Record::default()
    }

    /// A text; empty stays empty.
    #[must_use]
    pub fn text(self, field: &'static str, text: &str) -> Self {
        self.put(field, |json| put_quoted(json, text))
    }

    /// A text, or null where there is none.
    #[must_use]
    pub fn text_or_null(self, field: &'static str, text: Option<&str>) -> Self {
        match text {
            Some(text) if !text.is_empty() => self.text(field, text),
            _ => self.null(field),
        }
    }

    /// An amount in yuan with two decimals.
    #[must_use]
    pub fn money(self, field: &'static str, amount: Money) -> Self {
        self.put_shown(field, amount)
    }

    /// An amount, or null where there is none.
    #[must_use]
    pub fn money_or_null(self, field: &'static str, amount: Option<Money>) -> Self {
        match amount {
            Some(amount) => self.money(field, amount),
            None => self.null(field),
        }
    }

    /// A quantity or price with its own decimals.
    #[must_use]
    pub fn decimal(self, field: &'static str, number: Decimal) -> Self {
        self.put_shown(field, number)
    }

    /// A ratio (数值型 5,4): 0.8000.
    #[must_use]
    pub fn rate(self, field: &'static str, rate: Rate) -> Self {
        self.put_shown(field, rate.as_decimal())
    }

    /// A whole number.
    #[must_use]
    pub fn integer(self, field: &'static str, number: i64) -> Self {
        self.put_shown(field, number)
    }

    /// A date `yyyy-MM-dd`, or null.
    #[must_use]
    pub fn date(self, field: &'static str, day: Option<Date>) -> Self {
        match day {
            Some(day) => self.put(field, |json| put_quoted(json, &day.to_string())),
            None => self.null(field),
        }
    }

    /// A moment `yyyy-MM-dd HH:mm:ss`, or null.
    #[must_use]
    pub fn moment(self, field: &'static str, moment: Option<DateTime>) -> Self {
        match moment {
            Some(moment) => self.put(field, |json| put_quoted(json, &moment_text(moment))),
            None => self.null(field),
        }
    }

    /// A truth value, for the paging members of catalogue queries.
    #[must_use]
    pub fn truth(self, field: &'static str, truth: bool) -> Self {
        self.put_shown(field, truth)
    }

    /// An explicit null.
    #[must_use]
    pub fn null(self, field: &'static str) -> Self {
        self.put(field, |json| json.push_str("null"))
    }

    /// A record inside the record.
    #[must_use]
    pub fn object(self, field: &'static str, record: Record) -> Self {
        self.put(field, |json| record.write(json))
    }

    /// Records inside the record, an array even for one.
    #[must_use]
    pub fn list(self, field: &'static str, records: impl IntoIterator<Item = Record>) -> Self {
        let records: Vec<Record> = records.into_iter().collect();
        self.put(field, |json| put_array(json, &records))
    }

    /// A field of the table whose value came as a text, as it came: a number where the table has one.
    #[must_use]
    pub fn stated(self, field: &'static Field, text: &str) -> Self {
        match field.kind {
            FieldKind::Number { .. } => match value::number(text) {
                Some(number) => self.decimal(&field.name, number),
                None => self.text_or_null(&field.name, Some(text)),
            },
            FieldKind::Date | FieldKind::Moment => {
                self.text_or_null(&field.name, Some(text).filter(|text| !text.is_empty()))
            }
            _ => self.text(&field.name, text),
        }
    }

    /// The record with every field of its node: those that nothing was put into are empty texts, or null where they are no texts.
    /// Clients read them by name without asking whether they are there.
    #[must_use]
    fn completed(self, node: &'static Node) -> Self {
        node.fields.iter().fold(self, |record, field| match field.kind {
            _ if record.fields.contains(&field.name.as_str()) => record,
            FieldKind::Text => record.text(&field.name, ""),
            // It may be a node of its own beside the record.
            FieldKind::Node => record,
            _ => record.null(&field.name),
        })
    }

    /// The record as JSON.
    pub fn to_json(&self) -> String {
        let mut json = String::with_capacity(self.members.len() + 2);
        self.write(&mut json);
        json
    }

    fn write(&self, json: &mut String) {
        json.push('{');
        json.push_str(&self.members);
        json.push('}');
    }

    fn put_shown(self, field: &'static str, value: impl Display) -> Self {
        self.put(field, |json| write!(json, "{value}").expect("writing to a text never fails"))
    }

    /// A field put in twice is ours to avoid: clients differ in which of the two they read.
    fn put(mut self, field: &'static str, value: impl FnOnce(&mut String)) -> Self {
        assert!(!self.fields.contains(&field), "field {field} is put into the record twice");
        if !self.fields.is_empty() {
            self.members.push(',');
        }
        self.members.push('"');
        self.members.push_str(field);
        self.members.push_str("\":");
        value(&mut self.members);
        self.fields.push(field);
        self
    }
}

/// The output of one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// A transaction without output answers `null`.
    None,
    /// Named nodes, and members directly under output.
    Nodes(Nodes),
    /// Records directly under output (5204).
    Bare(Vec<Record>),
}

/// Named nodes with their records, and what stands beside them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Nodes {
    nodes: Vec<(&'static str, Held)>,
    beside: Record,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Held {
    One(Record),
    Many(Vec<Record>),
}

impl Output {
    /// An output to put nodes into.
    pub fn new() -> Self {
        Output::Nodes(Nodes::default())
    }

    /// Records directly under output, as 5204 answers.
    pub fn bare(records: Vec<Record>) -> Self {
        Output::Bare(records)
    }

    /// A node with one record.
    #[must_use]
    pub fn object(self, node: &'static str, record: Record) -> Self {
        self.with(node, Held::One(record))
    }

    /// A node with any number of records: an array even for one.
    #[must_use]
    pub fn list(self, node: &'static str, records: impl IntoIterator<Item = Record>) -> Self {
        self.with(node, Held::Many(records.into_iter().collect()))
    }

    /// A member directly under output, such as the paging members of catalogue queries.
    #[must_use]
    pub fn member(self, put: impl FnOnce(Record) -> Record) -> Self {
        let Nodes { nodes, beside } = self.nodes();
        Output::Nodes(Nodes { nodes, beside: put(beside) })
    }

    /// The output with every field that the table has for its nodes.
    #[must_use]
    pub fn completed(self, table: &'static [Node]) -> Self {
        let of = |name: &str| table.iter().find(|node| node.name == name && node.within.is_none());
        let complete = |record: Record, name: &str| match of(name) {
            Some(node) => record.completed(node),
            None => record,
        };
        let all = |records: Vec<Record>, name: &str| records.into_iter().map(|record| complete(record, name)).collect();
        match self {
            Output::None => Output::None,
            Output::Bare(records) => Output::Bare(all(records, "*")),
            Output::Nodes(Nodes { nodes, beside }) => {
                let nodes = nodes.into_iter().map(|(name, held)| match held {
                    Held::One(record) => (name, Held::One(complete(record, name))),
                    Held::Many(records) => (name, Held::Many(all(records, name))),
                });
                Output::Nodes(Nodes { nodes: nodes.collect(), beside: complete(beside, "*") })
            }
        }
    }

    /// The output as JSON text, which the engine keeps and [`crate::Reply`] embeds.
    pub fn to_json(&self) -> String {
        let mut json = String::new();
        match self {
            Output::None => json.push_str("null"),
            Output::Nodes(nodes) => nodes.write(&mut json),
            Output::Bare(records) => put_array(&mut json, records),
        }
        json
    }

    fn with(self, node: &'static str, held: Held) -> Self {
        let Nodes { mut nodes, beside } = self.nodes();
        assert!(nodes.iter().all(|(known, _)| *known != node), "node {node} is put into the output twice");
        nodes.push((node, held));
        Output::Nodes(Nodes { nodes, beside })
    }

    fn nodes(self) -> Nodes {
        match self {
            Output::Nodes(nodes) => nodes,
            Output::None => Nodes::default(),
            Output::Bare(_) => panic!("bare records have no nodes beside them"),
        }
    }
}

impl Default for Output {
    fn default() -> Self {
        Output::new()
    }
}

impl Nodes {
    fn write(&self, json: &mut String) {
        json.push('{');
        for (at, (name, held)) in self.nodes.iter().enumerate() {
            if at > 0 {
                json.push(',');
            }
            json.push('"');
            json.push_str(name);
            json.push_str("\":");
            match held {
                Held::One(record) => record.write(json),
                Held::Many(records) => put_array(json, records),
            }
        }
        if !self.nodes.is_empty() && !self.beside.members.is_empty() {
            json.push(',');
        }
        json.push_str(&self.beside.members);
        json.push('}');
    }
}

fn put_array<'a>(json: &mut String, records: impl IntoIterator<Item = &'a Record>) {
    json.push('[');
    for (at, record) in records.into_iter().enumerate() {
        if at > 0 {
            json.push(',');
        }
        record.write(json);
    }
    json.push(']');
}

fn put_quoted(json: &mut String, text: &str) {
    // Nearly all texts are plain; the others are escaped by the library.
    if text.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\' && byte != 0x7f) {
        json.push('"');
        json.push_str(text);
        json.push('"');
    } else {
        json.push_str(&quoted(text));
    }
}

/// A text as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a text is always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::Catalogue;
    use jiff::civil::date;
    use serde_json::json;

    #[test]
    fn amounts_ratios_and_quantities_keep_their_digits() {
        let record = Record::new()
            .text("setl_id", "a\"b\n")
            .money("medfee_sumamt", Money::fen(832_000))
            .money("acct_pay", Money::fen(-2510))
            .decimal("pric", Decimal::new(12_005_000, 6))
            .rate("selfpay_prop", Rate::percent(80))
            .integer("fixmedins_setl_cnt", 3)
            .date("begndate", Some(date(2021, 7, 9)))
            .moment("setl_time", Some(date(2021, 7, 9).at(1, 2, 3, 0)))
            .text_or_null("memo", None)
            .money_or_null("crt_payb_lmt_amt", None)
            .date("enddate", None);
        assert_eq!(
            record.to_json(),
            r#"{"setl_id":"a\"b\n","medfee_sumamt":8320.00,"acct_pay":-25.10,"pric":12.005000,"selfpay_prop":0.8000,"fixmedins_setl_cnt":3,"begndate":"2021-07-09","setl_time":"2021-07-09 01:02:03","memo":null,"crt_payb_lmt_amt":null,"enddate":null}"#
        );
    }

    #[test]
    fn what_came_as_a_text_is_a_number_where_the_table_has_one() {
        let node = Catalogue::national().transaction("5101").unwrap().output_node("feedetail").unwrap();
        let field = |name: &str| node.field(name).unwrap();
        let record = Record::new()
            .stated(field("aprv_bed_cnt"), "30")
            .stated(field("hi_crtf_bed_cnt"), "")
            .stated(field("hosp_dept_name"), "30");
        assert_eq!(record.to_json(), r#"{"aprv_bed_cnt":30,"hi_crtf_bed_cnt":null,"hosp_dept_name":"30"}"#);
    }

    #[test]
    fn an_answer_has_every_field_of_its_table() {
        let table = Catalogue::national().transaction("1319").unwrap().output();
        let given = Record::new().text("hilist_code", "X1").text("of_ours", "1");
        let output = Output::new().list("data", [given]).member(|beside| beside.integer("pages", 1));
        let answer: serde_json::Value = serde_json::from_str(&output.completed(table).to_json()).unwrap();
        let row = answer["data"][0].as_object().unwrap();
        let node = table.iter().find(|node| node.name == "data").unwrap();
        assert!(node.fields.iter().all(|field| row.contains_key(&field.name)), "{row:?}");
        assert_eq!((&row["hilist_code"], &row["of_ours"], &row["crter_name"]), (&json!("X1"), &json!("1"), &json!("")));
        assert!(row["selfpay_prop"].is_null(), "what is no text is null");
        assert_eq!(answer["pages"], 1);
    }

    #[test]
    fn lists_stay_lists_and_5204_is_bare() {
        let one = Record::new().text("fund_pay_type", "310100");
        let output = Output::new().object("setlinfo", Record::new()).list("setldetail", [one.clone()]);
        assert_eq!(output.to_json(), r#"{"setlinfo":{},"setldetail":[{"fund_pay_type":"310100"}]}"#);
        assert_eq!(Output::bare(vec![one]).to_json(), r#"[{"fund_pay_type":"310100"}]"#);
        assert_eq!(Output::bare(Vec::new()).to_json(), "[]");
        assert_eq!(Output::None.to_json(), "null");
        let paged = Output::new().list("data", []).member(|output| output.integer("recordCounts", 0));
        assert_eq!(paged.to_json(), r#"{"data":[],"recordCounts":0}"#);
    }
}
