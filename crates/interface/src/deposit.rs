//! Transactions that deposit documents (资料上传): which rows of a message are documents, and what tells one from another.
//!
//! They are data (`interface/deposits.tsv`). A document is a row of the transaction's main node with what belongs to it in the
//! other nodes; its content is kept as it came, fields included that no table has.

use crate::input::{Fields, Input};
use crate::tsv::{columns, rows};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::sync::LazyLock;
use yibao_domain::written::hexadecimal;

/// What a transaction does with documents.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Does {
    /// Keeps them, or corrects those of their key.
    Keep,
    /// Deletes those of a subject.
    Delete,
    /// Changes how far they are (审核状态).
    State,
}

/// A rule of the table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deposited {
    /// What is done.
    pub does: Does,
    /// A field of the row and the value that it has to have; `None`: always.
    pub when: Option<(String, String)>,
    /// Which documents, in one English word.
    pub kind: String,
    /// The same in Chinese.
    pub name: String,
    /// The node whose rows they are.
    pub node: String,
    /// The fields that tell one from another of its provider and kind.
    pub key: Vec<String>,
    /// The field by which they are found: a visit, a batch, a settlement.
    pub subject: String,
}

/// A document of a message.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Document {
    /// What tells it from others of its provider and kind.
    pub key: String,
    /// By what it is found; empty where its row does not say.
    pub subject: String,
    /// 人员编号; empty where none is said.
    pub psn_no: String,
    /// 就诊ID; empty where none is said.
    pub mdtrt_id: String,
    /// 结算ID; empty where none is said.
    pub setl_id: String,
    /// Marked as void (有效标志 0).
    pub is_void: bool,
    /// Its nodes, each an array of records, as one JSON text.
    pub content: String,
}

static RULES: LazyLock<HashMap<String, Vec<Deposited>>> = LazyLock::new(|| {
    let mut rules: HashMap<String, Vec<Deposited>> = HashMap::new();
    for row in rows(include_str!("../../../interface/deposits.tsv")) {
        let [infno, does, when, kind, name, node, key, subject] = columns(&row);
        let does = match does.as_str() {
            "delete" => Does::Delete,
            "state" => Does::State,
            _ => Does::Keep,
        };
        let when = when.split_once('=').map(|(field, value)| (field.to_owned(), value.to_owned()));
        let key = key.split(',').map(str::to_owned).collect();
        rules.entry(infno).or_default().push(Deposited { does, when, kind, name, node, key, subject });
    }
    rules
});

/// What a transaction does with documents; nothing where it does not deposit.
pub fn deposited(infno: &str) -> &'static [Deposited] {
    RULES.get(infno).map_or(&[], Vec::as_slice)
}

/// The kinds of documents with their Chinese names, in the order of the table.
pub fn document_kinds() -> &'static [(String, String)] {
    static KINDS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
        let mut kinds: Vec<(String, String)> = Vec::new();
        for row in rows(include_str!("../../../interface/deposits.tsv")) {
            let [_, _, _, kind, name, _, _, _] = columns(&row);
            if !kinds.iter().any(|(known, _)| *known == kind) {
                kinds.push((kind, name));
            }
        }
        kinds
    });
    &KINDS
}

impl Deposited {
    /// The rows of a message that the rule is about.
    pub fn rows<'i>(&'i self, input: &'i Input) -> impl Iterator<Item = &'i Fields> {
        let holds = |row: &&Fields| self.when.as_ref().is_none_or(|(field, value)| row.text(field) == value);
        input.nodes(&self.node).iter().filter(holds)
    }

    /// The documents of a message. Rows of one message that the key does not tell apart are numbered, so that none is lost.
    pub fn documents(&self, input: &Input) -> Vec<Document> {
        let main: Vec<&Fields> = self.rows(input).collect();
        if main.is_empty() {
            // Nothing but what belongs to a document: it is one by itself.
            let all: Vec<&Fields> = input.names().flat_map(|name| input.nodes(name)).collect();
            return if all.is_empty() { Vec::new() } else { vec![self.document(all[0], &all)] };
        }
        let is_alone = main.len() == 1;
        let beside: Vec<&Fields> =
            input.names().filter(|name| *name != self.node).flat_map(|name| input.nodes(name)).collect();
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut documents = Vec::with_capacity(main.len());
        for row in main {
            let belongs = |other: &&&Fields| is_alone || self.belongs(row, other);
            let whole: Vec<&Fields> = std::iter::once(row).chain(beside.iter().filter(belongs).copied()).collect();
            let mut document = self.document(row, &whole);
            let before = seen.entry(document.key.clone()).or_default();
            *before += 1;
            if *before > 1 {
                document.key = format!("{}#{before}", document.key);
            }
            documents.push(document);
        }
        documents
    }

    /// Whether a row of another node is about the same document: no field of the key that both have differs.
    fn belongs(&self, row: &Fields, other: &Fields) -> bool {
        self.key.iter().all(|field| match (row.get(field), other.get(field)) {
            (Some(own), Some(its)) => own == its,
            _ => true,
        })
    }

    fn document(&self, row: &Fields, whole: &[&Fields]) -> Document {
        let mut nodes: Map<String, Value> = Map::new();
        for fields in whole {
            let records = nodes.entry(fields.node.clone()).or_insert_with(|| Value::Array(Vec::new()));
            if let Value::Array(records) = records {
                records.push(fields.to_json());
            }
        }
        let content = Value::Object(nodes).to_string();
        let said = |field: &str| -> String {
            whole.iter().find_map(|fields| fields.get(field)).unwrap_or_default().to_owned()
        };
        let parts: Vec<String> = self.key.iter().map(|field| said(field)).collect();
        // What says nothing of what it is, is itself.
        let is_nameless = parts.iter().all(String::is_empty);
        let key = if is_nameless { hexadecimal(&Sha256::digest(&content)) } else { parts.join("|") };
        Document {
            key,
            subject: said(&self.subject),
            psn_no: said("psn_no"),
            mdtrt_id: said("mdtrt_id"),
            setl_id: said("setl_id"),
            is_void: row.text("vali_flag") == "0",
            content,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::envelope::Envelope;
    use crate::table::Catalogue;

    fn documents(infno: &str, input: &str) -> Vec<Document> {
        let body = format!(r#"{{"infno":"{infno}","msgid":"1","fixmedins_code":"H52050200001","input":{input}}}"#);
        let envelope = Envelope::parse(body.as_bytes()).unwrap();
        let input = check(&envelope, Catalogue::national()).unwrap().input;
        deposited(infno).iter().flat_map(|rule| rule.documents(&input)).collect()
    }

    fn keys(documents: &[Document]) -> Vec<&str> {
        documents.iter().map(|document| document.key.as_str()).collect()
    }

    #[test]
    fn every_rule_names_a_transaction_and_fields_that_its_table_has() {
        for (infno, rules) in &*RULES {
            let transaction = Catalogue::national().transaction(infno).unwrap_or_else(|| panic!("{infno}"));
            for rule in rules.iter().filter(|_| !transaction.input().is_empty()) {
                let node = transaction.input_node(&rule.node).unwrap_or_else(|| panic!("{infno} {}", rule.node));
                for field in rule.key.iter().chain([&rule.subject]) {
                    assert!(node.field(field).is_some(), "{infno} {} {field}", rule.node);
                }
            }
        }
    }

    #[test]
    fn each_row_is_a_document_with_what_belongs_to_it() {
        let input = r#"{"examinfo":[{"mdtrt_sn":"1","rpotc_no":"R1","vali_flag":"1"},{"mdtrt_sn":"1","rpotc_no":"R2","vali_flag":"0"}],
                        "iteminfo":[{"rpotc_no":"R1","exam_item_name":"胸片"},{"rpotc_no":"R2","exam_item_name":"腹部"}]}"#;
        let found = documents("4501", input);
        assert_eq!(keys(&found), ["1||R1", "1||R2"]);
        assert!(found[0].content.contains("胸片") && !found[0].content.contains("腹部"));
        assert_eq!(found.iter().map(|document| document.is_void).collect::<Vec<_>>(), [false, true]);
        assert_eq!(found[0].subject, "1");
    }

    #[test]
    fn rows_that_the_key_does_not_tell_apart_are_all_kept() {
        let row = r#"{"mdtrt_sn":"1","bld_time":"2021-07-01 08:00:00","vali_flag":"1"}"#;
        let found = documents("4601", &format!(r#"{{"data":[{row},{row}]}}"#));
        assert_eq!(keys(&found), ["1|2021-07-01 08:00:00", "1|2021-07-01 08:00:00#2"]);
    }

    #[test]
    fn what_no_table_has_is_kept_and_what_names_nothing_is_known_by_itself() {
        let found = documents("4602", r#"{"data":[{"own_field":"省内扩展","vali_flag":"1"}]}"#);
        assert!(found[0].content.contains("省内扩展"), "{}", found[0].content);
        assert_eq!(found[0].key.len(), 64);
        let found =
            documents("4101A", r#"{"setlinfo":{"setl_id":"S1","anything":"x"},"diseinfo":[{"diag_code":"I10"}]}"#);
        assert_eq!(keys(&found), ["S1"]);
        assert!(found[0].content.contains("anything") && found[0].content.contains("I10"));
    }

    #[test]
    fn a_deletion_is_about_the_kind_that_it_names() {
        let rules: Vec<&str> = deposited("3507")
            .iter()
            .filter(|rule| rule.when.as_ref().is_some_and(|(_, is)| is == "4"))
            .map(|rule| rule.kind.as_str())
            .collect();
        assert_eq!(rules, ["sale", "sale_return"]);
    }
}
