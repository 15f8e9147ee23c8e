//! What a transaction answers (交易输出): nodes of records, written as exact JSON.
//!
//! Amounts are written from whole fen and decimals from their digits, never through a float. Fields
//! come in the order in which they are put in. The engine keeps the text, so that a resent message
//! gets the very same answer.

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
        self.put(field, |json| put_array(json, records))
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
    Nodes(Record),
    /// Records directly under output (5204).
    Bare(Vec<Record>),
}

impl Output {
    /// An output to put nodes into.
    pub fn new() -> Self {
        Output::Nodes(Record::new())
    }

    /// Records directly under output, as 5204 answers.
    pub fn bare(records: Vec<Record>) -> Self {
        Output::Bare(records)
    }

    /// A node with one record.
    #[must_use]
    pub fn object(self, node: &'static str, record: Record) -> Self {
        Output::Nodes(self.members().object(node, record))
    }

    /// A node with any number of records: an array even for one.
    #[must_use]
    pub fn list(self, node: &'static str, records: impl IntoIterator<Item = Record>) -> Self {
        Output::Nodes(self.members().list(node, records))
    }

    /// A member directly under output, such as the paging members of catalogue queries.
    #[must_use]
    pub fn member(self, put: impl FnOnce(Record) -> Record) -> Self {
        Output::Nodes(put(self.members()))
    }

    /// The output as JSON text, which the engine keeps and [`crate::Reply`] embeds.
    pub fn to_json(&self) -> String {
        match self {
            Output::None => "null".into(),
            Output::Nodes(members) => members.to_json(),
            Output::Bare(records) => {
                let mut json = String::new();
                put_array(&mut json, records.iter().cloned());
                json
            }
        }
    }

    fn members(self) -> Record {
        match self {
            Output::Nodes(members) => members,
            Output::None => Record::new(),
            Output::Bare(_) => panic!("bare records have no nodes beside them"),
        }
    }
}

impl Default for Output {
    fn default() -> Self {
        Output::new()
    }
}

fn put_array(json: &mut String, records: impl IntoIterator<Item = Record>) {
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
    use jiff::civil::date;

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
