//! The checked input (交易输入) in one canonical form, whatever way a client wrote it.
//!
//! Only [`crate::check`] makes an [`Input`]: names are those of the specification, texts are trimmed,
//! absent values are gone, equal numbers, dates and codes are equal texts. So two messages that mean
//! the same are the same, which is what a resent message is compared by.

use crate::table::Node;
use crate::value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::OnceLock;
use yibao_domain::money::{Decimal, Money};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::time::{Date, DateTime};
use yibao_domain::written::hexadecimal;

/// The nodes of one request.
#[derive(Clone, Debug, Default)]
pub struct Input {
    pub(crate) infno: String,
    pub(crate) nodes: BTreeMap<String, Vec<Fields>>,
    pub(crate) digest: OnceLock<String>,
}

/// One record of a node: its fields as canonical texts.
#[derive(Clone, Debug)]
pub struct Fields {
    pub(crate) node: String,
    /// The number of the row, from 1, where the node holds many.
    pub(crate) row: Option<usize>,
    pub(crate) spec: Option<&'static Node>,
    pub(crate) values: BTreeMap<String, String>,
}

impl Input {
    /// The one record of a node; a refusal names the node where it is missing.
    pub fn node(&self, name: &str) -> Result<&Fields, Refusal> {
        self.nodes(name).first().ok_or_else(|| {
            Refusal::new(Code::NodeMissing, format!("交易{}缺少节点{name}，请按规范补充该节点后重发", self.infno))
        })
    }

    /// The records of a node, none where it is missing.
    pub fn nodes(&self, name: &str) -> &[Fields] {
        self.nodes.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names of the nodes that came, in order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.nodes.keys().map(String::as_str)
    }

    /// SHA-256 of the canonical text, in hex; computed once.
    pub fn digest(&self) -> &str {
        self.digest.get_or_init(|| hexadecimal(&Sha256::digest(self.canonical())))
    }

    /// The whole input as one text: equal for messages that mean the same.
    pub fn canonical(&self) -> String {
        let nodes: serde_json::Map<String, serde_json::Value> = self
            .nodes
            .iter()
            .map(|(name, records)| (name.clone(), records.iter().map(Fields::to_json).collect()))
            .collect();
        serde_json::Value::Object(nodes).to_string()
    }
}

impl Fields {
    /// A field's text, empty where it is absent.
    pub fn text(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// A field's text, `None` where it is absent.
    pub fn get(&self, field: &str) -> Option<&str> {
        self.values.get(field).map(String::as_str)
    }

    /// A field's text; a refusal names node, field and Chinese name where it is absent.
    pub fn demand(&self, field: &str) -> Result<&str, Refusal> {
        self.get(field)
            .ok_or_else(|| Refusal::new(Code::FieldMissing, format!("{}缺失，请补充后重发", self.place(field))))
    }

    /// An amount in yuan.
    pub fn money(&self, field: &str) -> Result<Option<Money>, Refusal> {
        self.read(field, "应为金额，最多两位小数", |text| text.parse().ok())
    }

    /// An amount in yuan that has to be there.
    pub fn demand_money(&self, field: &str) -> Result<Money, Refusal> {
        self.demand(field)?;
        Ok(self.money(field)?.expect("demanded before"))
    }

    /// A quantity or price with its own decimals.
    pub fn decimal(&self, field: &str) -> Result<Option<Decimal>, Refusal> {
        self.read(field, "应为数值", value::number)
    }

    /// A quantity or price that has to be there.
    pub fn demand_decimal(&self, field: &str) -> Result<Decimal, Refusal> {
        self.demand(field)?;
        Ok(self.decimal(field)?.expect("demanded before"))
    }

    /// A whole number.
    pub fn integer(&self, field: &str) -> Result<Option<i64>, Refusal> {
        self.read(field, "应为整数", |text| text.parse().ok())
    }

    /// A date; of a moment the date.
    pub fn date(&self, field: &str) -> Result<Option<Date>, Refusal> {
        self.read(field, "应为有效日期yyyy-MM-dd", value::date)
    }

    /// A date that has to be there.
    pub fn demand_date(&self, field: &str) -> Result<Date, Refusal> {
        self.demand(field)?;
        Ok(self.date(field)?.expect("demanded before"))
    }

    /// A moment; a bare date is its midnight.
    pub fn moment(&self, field: &str) -> Result<Option<DateTime>, Refusal> {
        self.read(field, "应为有效时间yyyy-MM-dd HH:mm:ss", value::moment)
    }

    /// A moment that has to be there.
    pub fn demand_moment(&self, field: &str) -> Result<DateTime, Refusal> {
        self.demand(field)?;
        Ok(self.moment(field)?.expect("demanded before"))
    }

    /// A refusal that begins with the place of a field and shows its value unless it is personal:
    /// for what only the business can judge.
    pub fn refuse(&self, code: Code, field: &str, reason: &str) -> Refusal {
        let shown = match self.get(field) {
            None => String::new(),
            Some(_) if is_personal(field) => "的值(已隐去)".to_owned(),
            Some(text) => format!("的值\"{}\"", value::shown(text)),
        };
        Refusal::new(code, format!("{}{shown}{reason}", self.place(field)))
    }

    /// The number of the record in its node, from 1.
    pub fn row(&self) -> usize {
        self.row.unwrap_or(1)
    }

    /// Every field that came, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// `节点feedetail第3行字段cnt(数量)`.
    pub fn place(&self, field: &str) -> String {
        let chinese = self.spec.and_then(|node| node.field(field)).map_or("", |field| field.chinese.as_str());
        place(&self.node, self.row, field, chinese)
    }

    fn read<T>(&self, field: &str, expected: &str, read: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, Refusal> {
        match self.get(field) {
            None => Ok(None),
            Some(text) => match read(text) {
                Some(value) => Ok(Some(value)),
                None => Err(self.refuse(Code::FieldShape, field, expected)),
            },
        }
    }

    pub(crate) fn to_json(&self) -> serde_json::Value {
        self.values.iter().map(|(name, text)| (name.clone(), serde_json::Value::from(text.as_str()))).collect()
    }
}

/// `节点data字段psn_no(人员编号)`, with the row where there are many.
pub(crate) fn place(node: &str, row: Option<usize>, field: &str, chinese: &str) -> String {
    let row = row.map(|row| format!("第{row}行")).unwrap_or_default();
    let chinese = if chinese.is_empty() { String::new() } else { format!("({chinese})") };
    let node = if node == "*" { "input" } else { node };
    format!("节点{node}{row}字段{field}{chinese}")
}

/// Fields whose values never appear in a message or a log.
pub(crate) fn is_personal(field: &str) -> bool {
    const PERSONAL: &[&str] = &[
        "mdtrt_cert_no",
        "card_sn",
        "card_no",
        "cardno",
        "ssn",
        "brdy",
        "photo",
        "coner_name",
        "patn_name",
        "mailbox",
    ];
    let field = field.to_ascii_lowercase();
    PERSONAL.contains(&field.as_str())
        || ["certno", "psn_name", "tel", "addr", "agnter_name"].iter().any(|end| field.ends_with(end))
}
