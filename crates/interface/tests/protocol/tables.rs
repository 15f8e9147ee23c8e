//! Every transaction of the tables, not only the live ones: a whole message is taken, and each single
//! mistake in it is answered with the name of the field.

use crate::take;
use serde_json::{Map, Value, json};
use yibao_domain::refusal::Code;
use yibao_interface::{Catalogue, CodeMatch, Does, Field, FieldKind, Node, Shape, Transaction, deposited};

/// Nodes of a message that fills every field.
fn nodes(transaction: &Transaction) -> impl Iterator<Item = &Node> {
    transaction.input().iter().filter(|node| node.within.is_none() && node.shape != Shape::File)
}

fn good(field: &Field) -> Value {
    if let Some(table) = field.code_table.as_deref().and_then(|table| Catalogue::national().codes(table)) {
        return json!(table.values[0].code);
    }
    match field.kind {
        FieldKind::Text => json!("a".repeat(field.length.unwrap_or(4).min(4))),
        FieldKind::Number { .. } => json!("1"),
        FieldKind::Date => json!("2021-07-09"),
        FieldKind::Moment => json!("2021-07-09 20:00:00"),
        FieldKind::Node => json!([{"a": 1}]),
        FieldKind::Other => json!("x"),
    }
}

/// An input with every field, changed at one place.
fn input(transaction: &Transaction, change: impl Fn(&Node, &Field) -> Option<Option<Value>>) -> String {
    let mut input = Map::new();
    for node in nodes(transaction) {
        let record: Map<String, Value> = node
            .fields
            .iter()
            .filter_map(|field| {
                let value = change(node, field).unwrap_or_else(|| Some(good(field)))?;
                Some((field.name.clone(), value))
            })
            .collect();
        if node.name == "*" {
            input.extend(record);
        } else if node.shape == Shape::List {
            input.insert(node.name.clone(), json!([record]));
        } else {
            input.insert(node.name.clone(), Value::Object(record));
        }
    }
    Value::Object(input).to_string()
}

#[track_caller]
fn check_named(transaction: &Transaction, node: &Node, field: &Field, value: Option<Value>, code: Code) {
    let changed = |at: &Node, of: &Field| (at.name == node.name && of.name == field.name).then(|| value.clone());
    let text = input(transaction, changed);
    let refusal = match take(&transaction.infno, &text) {
        Err(refusal) => refusal,
        Ok(_) => panic!("{} {}.{} takes {value:?}", transaction.infno, node.name, field.name),
    };
    assert_eq!(refusal.code, code, "{} {}", transaction.infno, refusal.text);
    let shown = format!("字段{}({})", field.name, field.chinese);
    if !field.chinese.is_empty() {
        assert!(refusal.text.contains(&shown), "{} lacks {shown}", refusal.text);
    }
}

#[test]
fn a_whole_message_of_every_transaction_is_taken_and_means_the_same_when_read_again() {
    for transaction in Catalogue::national().transactions() {
        let text = input(transaction, |_, _| None);
        let checked =
            take(&transaction.infno, &text).unwrap_or_else(|refusal| panic!("{}: {refusal}", transaction.infno));
        assert!(checked.remarks.is_empty(), "{}: {:?}", transaction.infno, checked.remarks);
        let canonical = checked.input.canonical();
        if nodes(transaction).all(|node| node.name != "*") {
            assert_eq!(take(&transaction.infno, &canonical).unwrap().input.canonical(), canonical);
        }
    }
}

#[test]
fn every_demanded_field_is_missed_by_name() {
    let mut demanded = 0;
    for transaction in Catalogue::national().transactions() {
        for node in nodes(transaction) {
            for field in node.fields.iter().filter(|field| field.demanded) {
                demanded += 1;
                for absent in [None, Some(Value::Null), Some(json!("")), Some(json!("NULL"))] {
                    check_named(transaction, node, field, absent, Code::FieldMissing);
                }
            }
        }
    }
    assert!(demanded > 300, "{demanded} fields are demanded");
}

#[test]
fn every_field_of_a_wrong_shape_or_length_is_named() {
    const FREE: &[&str] = &["feedetl_sn", "init_feedetl_sn", "fixmedins_name", "omsgid", "oinfno", "msgid"];
    for transaction in Catalogue::national().transactions() {
        // A document is kept as it came, however long its texts and its numbers.
        let is_kept = deposited(&transaction.infno).iter().any(|rule| rule.does == Does::Keep);
        for node in nodes(transaction) {
            for field in &node.fields {
                let bad = match (field.kind, field.length) {
                    (FieldKind::Text, Some(length)) if !is_kept && field.code_table.is_none() => {
                        let is_free = field.is_code() || FREE.contains(&field.name.as_str());
                        json!("长".repeat(if is_free { length.max(200) } else { length } + 1))
                    }
                    (FieldKind::Number { .. }, _) if is_kept => json!("1.0.1"),
                    (FieldKind::Number { .. }, _) => json!("1.0000001"),
                    (FieldKind::Date, _) => json!("2021-02-29"),
                    (FieldKind::Moment, _) => json!("2021-02-28 25:00:00"),
                    _ => continue,
                };
                check_named(transaction, node, field, Some(bad), Code::FieldShape);
            }
        }
    }
}

/// Whether a message cannot do without a node: what demands nothing of its fields may say nothing.
fn is_needed(node: &Node) -> bool {
    let needs_fields = node.fields.iter().any(|field| field.demanded);
    (node.demanded && node.shape == Shape::List) || (needs_fields && (node.demanded || node.name == "*"))
}

#[test]
fn a_zero_in_a_blank_of_any_date_or_code_is_nothing_given() {
    let mut blanks = 0;
    for transaction in Catalogue::national().transactions() {
        for node in nodes(transaction) {
            for field in &node.fields {
                let table = field.code_table.as_deref().and_then(|name| Catalogue::national().codes(name));
                let is_day = matches!(field.kind, FieldKind::Date | FieldKind::Moment);
                if !is_day && table.is_none_or(|table| table.matches("0") != CodeMatch::Unknown) {
                    continue;
                }
                if field.demanded {
                    let code = if is_day { Code::FieldShape } else { Code::FieldCode };
                    check_named(transaction, node, field, Some(json!("0")), code);
                    continue;
                }
                blanks += 1;
                for zero in [json!("0"), json!(0)] {
                    let with = |value: Option<Value>| {
                        input(transaction, |at, of| {
                            (at.name == node.name && of.name == field.name).then(|| value.clone())
                        })
                    };
                    let taken = take(&transaction.infno, &with(Some(zero))).unwrap();
                    let without = take(&transaction.infno, &with(None)).unwrap();
                    assert_eq!(taken.input.canonical(), without.input.canonical());
                    let told = taken.remarks.iter().any(|remark| {
                        remark.contains(&format!("{}({})的值\"0\"按未填写受理", field.name, field.chinese))
                    });
                    assert!(told, "{} {}: {:?}", transaction.infno, field.name, taken.remarks);
                }
            }
        }
    }
    assert!(blanks > 300, "{blanks} blanks");
}

#[test]
fn a_time_of_another_zone_is_read_in_every_field() {
    for transaction in Catalogue::national().transactions() {
        let of_zone = |text: &str| {
            let of_kind = |field: &Field| matches!(field.kind, FieldKind::Date | FieldKind::Moment);
            let text = input(transaction, |_, of| of_kind(of).then(|| Some(json!(text))));
            take(&transaction.infno, &text).unwrap().input.canonical()
        };
        assert_eq!(of_zone("2021-07-09T16:00:01.000Z"), of_zone("2021-07-10 00:00:01"), "{}", transaction.infno);
    }
}

#[test]
fn what_demands_nothing_takes_no_input_at_all() {
    let mut free = 0;
    for transaction in Catalogue::national().transactions() {
        let tops: Vec<&Node> = nodes(transaction).collect();
        let infno = &transaction.infno;
        if tops.is_empty() || tops.iter().any(|node| is_needed(node)) {
            let refusal = take(infno, "null").unwrap_err();
            assert!(refusal.text.contains("信封缺少input(交易输入)"), "{infno} {}", refusal.text);
            continue;
        }
        free += 1;
        let canonical = |input: &str| take(infno, input).expect("taken").input.canonical();
        let nothing = canonical("{}");
        for input in ["null", "\"\"", "\"null\"", "\"{}\""] {
            assert_eq!(canonical(input), nothing, "{infno} {input}");
        }
        for node in tops.iter().filter(|node| node.name != "*") {
            for empty in ["null", "\"\"", "{}"] {
                let input = format!(r#"{{"{}":{empty}}}"#, node.name);
                let taken = take(infno, &input).expect("taken").input;
                assert!(taken.nodes(&node.name).iter().all(|row| row.iter().next().is_none()), "{infno} {input}");
            }
        }
    }
    assert!(free > 15, "{free} transactions demand nothing");
}

#[test]
fn the_only_node_of_a_transaction_is_known_by_what_it_holds_under_any_name() {
    for transaction in Catalogue::national().transactions() {
        let [node] = nodes(transaction).collect::<Vec<_>>()[..] else { continue };
        if !node.demanded || node.name == "*" {
            continue;
        }
        let whole: Value = serde_json::from_str(&input(transaction, |_, _| None)).unwrap();
        let taken = take(&transaction.infno, &json!({"own_name": whole[&node.name]}).to_string());
        let taken = taken.unwrap_or_else(|refusal| panic!("{}: {refusal}", transaction.infno));
        let said = take(&transaction.infno, &whole.to_string()).unwrap();
        assert_eq!(taken.input.canonical(), said.input.canonical());
        assert!(
            taken.remarks[0].contains(&format!("节点own_name按规范的节点{}受理", node.name)),
            "{:?}",
            taken.remarks
        );
    }
}

#[test]
fn every_coded_field_refuses_what_its_table_lacks() {
    for transaction in Catalogue::national().transactions() {
        for node in nodes(transaction) {
            for field in node.fields.iter().filter(|field| field.kind == FieldKind::Text) {
                let Some(table) = field.code_table.as_deref().and_then(|name| Catalogue::national().codes(name)) else {
                    continue;
                };
                assert_eq!(table.matches("~"), CodeMatch::Unknown);
                check_named(transaction, node, field, Some(json!("~")), Code::FieldCode);
            }
        }
    }
}

#[test]
fn every_demanded_node_is_missed_by_name() {
    for transaction in Catalogue::national().transactions() {
        for node in nodes(transaction).filter(|node| node.demanded && is_needed(node)) {
            let mut whole: Map<String, Value> = serde_json::from_str(&input(transaction, |_, _| None)).unwrap();
            whole.remove(&node.name);
            let refusal = take(&transaction.infno, &Value::Object(whole).to_string()).unwrap_err();
            assert_eq!(refusal.code, Code::NodeMissing, "{}", refusal.text);
            assert!(refusal.text.contains(&format!("要求节点{}", node.name)), "{}", refusal.text);
        }
    }
}
