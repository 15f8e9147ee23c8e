//! What a transaction answers (交易输出): nodes of records, written as exact JSON.
//!
//! Amounts are written from whole fen and decimals from their digits, never through a float. Fields
//! come in the order in which they are put in. The engine keeps the text, so that a resent message
//! gets the very same answer.

use yibao_domain::money::{Decimal, Money, Rate};
use yibao_domain::time::{Date, DateTime, moment_text};

/// One record of an output node. Each field is already JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record(Vec<(String, String)>);

impl Record {
    /// A record without fields.
    pub fn new() -> Self {
        Record::default()
    }

    /// A text; empty stays empty.
    #[must_use]
    pub fn text(self, field: &str, text: &str) -> Self {
        self.put(field, quoted(text))
    }

    /// A text, or null where there is none.
    #[must_use]
    pub fn text_or_null(self, field: &str, text: Option<&str>) -> Self {
        match text {
            Some(text) if !text.is_empty() => self.text(field, text),
            _ => self.null(field),
        }
    }

    /// An amount in yuan with two decimals.
    #[must_use]
    pub fn money(self, field: &str, amount: Money) -> Self {
        self.put(field, amount.to_string())
    }

    /// An amount, or null where there is none.
    #[must_use]
    pub fn money_or_null(self, field: &str, amount: Option<Money>) -> Self {
        match amount {
            Some(amount) => self.money(field, amount),
            None => self.null(field),
        }
    }

    /// A quantity or price with its own decimals.
    #[must_use]
    pub fn decimal(self, field: &str, number: Decimal) -> Self {
        self.put(field, number.to_string())
    }

    /// A ratio (数值型 5,4): 0.8000.
    #[must_use]
    pub fn rate(self, field: &str, rate: Rate) -> Self {
        self.put(field, rate.as_decimal().to_string())
    }

    /// A whole number.
    #[must_use]
    pub fn integer(self, field: &str, number: i64) -> Self {
        self.put(field, number.to_string())
    }

    /// A date `yyyy-MM-dd`, or null.
    #[must_use]
    pub fn date(self, field: &str, day: Option<Date>) -> Self {
        match day {
            Some(day) => self.put(field, quoted(&day.to_string())),
            None => self.null(field),
        }
    }

    /// A moment `yyyy-MM-dd HH:mm:ss`, or null.
    #[must_use]
    pub fn moment(self, field: &str, moment: Option<DateTime>) -> Self {
        match moment {
            Some(moment) => self.put(field, quoted(&moment_text(moment))),
            None => self.null(field),
        }
    }

    /// A truth value, for the paging members of catalogue queries.
    #[must_use]
    pub fn truth(self, field: &str, truth: bool) -> Self {
        self.put(field, truth.to_string())
    }

    /// An explicit null.
    #[must_use]
    pub fn null(self, field: &str) -> Self {
        self.put(field, "null".into())
    }

    /// A record inside the record.
    #[must_use]
    pub fn object(self, field: &str, record: Record) -> Self {
        let json = record.to_json();
        self.put(field, json)
    }

    /// Records inside the record, an array even for one.
    #[must_use]
    pub fn list(self, field: &str, records: impl IntoIterator<Item = Record>) -> Self {
        let json = array(records);
        self.put(field, json)
    }

    /// The record as JSON.
    pub fn to_json(&self) -> String {
        let mut json = String::from("{");
        for (at, (field, value)) in self.0.iter().enumerate() {
            if at > 0 {
                json.push(',');
            }
            json.push_str(&quoted(field));
            json.push(':');
            json.push_str(value);
        }
        json.push('}');
        json
    }

    /// A field put in twice is ours to avoid: clients differ in which of the two they read.
    fn put(mut self, field: &str, json: String) -> Self {
        assert!(self.0.iter().all(|(known, _)| known != field), "field {field} is put into the record twice");
        self.0.push((field.to_owned(), json));
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
    pub fn object(self, node: &str, record: Record) -> Self {
        Output::Nodes(self.members().object(node, record))
    }

    /// A node with any number of records: an array even for one.
    #[must_use]
    pub fn list(self, node: &str, records: impl IntoIterator<Item = Record>) -> Self {
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
            Output::Bare(records) => array(records.iter().cloned()),
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

fn array(records: impl IntoIterator<Item = Record>) -> String {
    let records: Vec<String> = records.into_iter().map(|record| record.to_json()).collect();
    format!("[{}]", records.join(","))
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
