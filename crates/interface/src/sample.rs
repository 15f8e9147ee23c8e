//! Sample messages (示例报文), made from the tables: what is demanded, with values that mean something.

use crate::deposit::deposited;
use crate::table::{Catalogue, Field, FieldKind, Node, Shape, Transaction};
use crate::tsv::{columns, rows};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::sync::LazyLock;

static EXAMPLES: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let table = rows(include_str!("../../../interface/examples.tsv"));
    table
        .map(|row| {
            let [field, value] = columns(&row);
            (field, value)
        })
        .collect()
});

impl Transaction {
    /// An input that the checks take: what is demanded, and what the specification prints as required beside it.
    pub fn sample(&self) -> Value {
        let top = || self.input().iter().filter(|node| node.within.is_none() && node.shape != Shape::File);
        let mut input = Map::new();
        for node in top() {
            let record = record(&self.infno, node);
            if node.name == "*" {
                input.extend(record);
            } else if node.demanded || input.is_empty() {
                let record = Value::Object(record);
                input.insert(node.name.clone(), if node.shape == Shape::List { json!([record]) } else { record });
            }
        }
        if top().next().is_none() {
            // What no table describes has the keys of its documents, or what is read from it.
            let keys: Map<String, Value> = match deposited(&self.infno).first() {
                Some(rule) => rule
                    .key
                    .iter()
                    .map(|field| (field.clone(), json!(example(&self.infno, field).unwrap_or("示例"))))
                    .collect(),
                None => ["businessType", "ecQrCode"]
                    .map(|field| (field.to_owned(), json!(example(&self.infno, field).unwrap_or("示例"))))
                    .into_iter()
                    .collect(),
            };
            let node = deposited(&self.infno).first().map_or("data", |rule| rule.node.as_str());
            input.insert(node.to_owned(), Value::Object(keys));
        }
        Value::Object(input)
    }
}

/// The example of a field, by its transaction before all others.
fn example(infno: &str, field: &str) -> Option<&'static str> {
    let of_transaction = EXAMPLES.get(&format!("{infno}.{field}"));
    of_transaction.or_else(|| EXAMPLES.get(field)).map(String::as_str)
}

fn record(infno: &str, node: &Node) -> Map<String, Value> {
    let is_told = |field: &&Field| field.demanded || (field.printed_required && example(infno, &field.name).is_some());
    let told = node.fields.iter().filter(is_told).filter(|field| field.kind != FieldKind::Node);
    let mut record: Map<String, Value> = told.map(|field| (field.name.clone(), value(infno, field))).collect();
    if record.is_empty() {
        // Where nothing is demanded, the first field shows what the node is about.
        record.extend(node.fields.first().map(|field| (field.name.clone(), value(infno, field))));
    }
    record
}

fn value(infno: &str, field: &Field) -> Value {
    if let Some(example) = example(infno, &field.name) {
        let is_text = matches!(field.kind, FieldKind::Text | FieldKind::Date | FieldKind::Moment);
        return if is_text { json!(example) } else { serde_json::from_str(example).unwrap_or_else(|_| json!(example)) };
    }
    let table = field.code_table.as_deref().and_then(|table| Catalogue::national().codes(table));
    if let Some(code) = table.and_then(|table| table.values.first()) {
        return json!(code.code);
    }
    match field.kind {
        FieldKind::Number { .. } => json!(1),
        FieldKind::Date => json!("2021-07-01"),
        FieldKind::Moment => json!("2021-07-01 09:30:00"),
        FieldKind::Text | FieldKind::Node | FieldKind::Other => {
            let whole = if field.chinese.is_empty() { "示例" } else { &field.chinese };
            json!(whole.chars().take(field.length.unwrap_or(20)).collect::<String>())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::check;
    use crate::envelope::Envelope;

    #[test]
    fn the_checks_take_every_sample() {
        for transaction in Catalogue::national().transactions().iter().filter(|transaction| !transaction.callback) {
            let body = json!({
                "infno": transaction.infno, "msgid": "1", "fixmedins_code": "H52050200102", "input": transaction.sample(),
            });
            let envelope = Envelope::parse(body.to_string().as_bytes()).unwrap();
            if let Err(refusal) = check(&envelope, Catalogue::national()) {
                panic!("{}: {} in {body}", transaction.infno, refusal.text);
            }
        }
    }

    #[test]
    fn examples_are_of_fields_that_exist() {
        let catalogue = Catalogue::national();
        let has = |name: &str| {
            let nodes = catalogue.transactions().iter().flat_map(Transaction::input);
            nodes.into_iter().any(|node| node.field(name).is_some())
        };
        let known = |name: &&String| !has(name.split_once('.').map_or(name.as_str(), |(_, field)| field));
        assert_eq!(EXAMPLES.keys().filter(known).collect::<Vec<_>>(), Vec::<&String>::new());
    }
}
