//! Dialects (方言): the other names under which clients send nodes and fields, and the shapes in which some of them read replies.
//!
//! They are data (`interface/dialects.tsv`). A name that cannot be confused is taken from everybody; what changes a reply for
//! one kind of client holds where a provider's record names the dialect.

use crate::alias::{Form, Spoken};
use crate::table::{Node, Shape, Transaction};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// An output as a provider's client reads it; `dialect` is empty for most.
pub fn in_dialect<'a>(transaction: &Transaction, dialect: &str, output: &'a str) -> Cow<'a, str> {
    let is_for = |spoken: &&Spoken| spoken.dialect.is_empty() || spoken.dialect == dialect;
    let forms =
        || transaction.output().iter().flat_map(|node| node.spoken.iter().filter(is_for).map(move |form| (node, form)));
    if forms().next().is_none() {
        return Cow::Borrowed(output);
    }
    let Ok(Value::Object(mut whole)) = serde_json::from_str::<Value>(output) else { return Cow::Borrowed(output) };
    for (node, spoken) in forms() {
        apply_form(&mut whole, &node.name, &spoken.form);
    }
    Cow::Owned(Value::Object(whole).to_string())
}

fn apply_form(whole: &mut Map<String, Value>, node: &str, form: &Form) {
    match form {
        Form::Also(alias) => {
            if let Some(value) = whole.get(node).cloned() {
                whole.insert(alias.clone(), value);
            }
        }
        Form::Spread => {
            let members = whole.get(node).and_then(Value::as_object).cloned().unwrap_or_default();
            for (name, value) in members {
                whole.entry(name).or_insert(value);
            }
        }
        Form::Listed => {
            if let Some(value) = whole.get_mut(node).filter(|value| value.is_object()) {
                *value = Value::Array(vec![value.take()]);
            }
        }
    }
}

/// The key of a message, among those that nothing else takes, that is meant for a node which is missing: the only one that has
/// records, and its first record has all that the node demands. One demand is enough to tell by where the transaction has no other
/// node, and where it demands nothing, any field that it knows.
pub(crate) fn meant<'v>(
    transaction: &Transaction,
    node: &Node,
    input: &'v Map<String, Value>,
    taken: &BTreeSet<&str>,
) -> Option<&'v str> {
    let top = || transaction.input().iter().filter(|other| other.within.is_none() && other.shape != Shape::File);
    let is_single = top().filter(|other| other.demanded).count() == 1;
    let records =
        |value: &Value| value.is_object() || value.as_array().is_some_and(|rows| rows.iter().all(Value::is_object));
    let mut unknown = input.iter().filter(|(key, value)| !taken.contains(key.as_str()) && records(value));
    let (key, value) = unknown.next().filter(|_| is_single && unknown.next().is_none())?;
    let first =
        if node.shape == Shape::List { value.as_array().and_then(|rows| rows.first()).unwrap_or(value) } else { value };
    let record = first.as_object()?;
    let demanded: Vec<&str> =
        node.fields.iter().filter(|field| field.demanded).map(|field| field.name.as_str()).collect();
    let has = |name: &&str| record.keys().any(|key| key.eq_ignore_ascii_case(name));
    let tells = match demanded.len() {
        0 => top().count() == 1 && record.keys().any(|key| node.field(key).is_some()),
        1 => top().count() == 1,
        _ => true,
    };
    (tells && demanded.iter().all(has)).then_some(key.as_str())
}

/// Whether the members of a node stand in the input itself, without the node: nothing but single values, some of them known.
pub(crate) fn stands_bare(node: &Node, input: &Map<String, Value>) -> bool {
    let is_single = |value: &Value| !value.is_object() && !value.is_array();
    let is_known = |key: &String| node.field(key).is_some();
    node.shape == Shape::Object && input.values().all(is_single) && input.keys().any(is_known)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::alias::dialects;
    use crate::table::Catalogue;

    fn of(infno: &str, dialect: &str, output: &str) -> String {
        in_dialect(Catalogue::national().transaction(infno).unwrap(), dialect, output).into_owned()
    }

    #[test]
    fn the_drafts_array_is_for_those_alone_who_read_it() {
        let output = r#"{"baseinfo":{"balc":10.50,"psn_no":"1"},"insuinfo":[]}"#;
        assert_eq!(of("1101", "", output), output);
        assert_eq!(of("1101", "draft2021", output), r#"{"baseinfo":[{"balc":10.50,"psn_no":"1"}],"insuinfo":[]}"#);
        assert_eq!(of("1101", "draft2021", "null"), "null");
    }

    #[test]
    fn the_number_of_a_settlement_list_stands_where_each_client_looks() {
        let output = of("4101", "", r#"{"data":{"setl_list_id":"7"}}"#);
        assert_eq!(output, r#"{"data":{"setl_list_id":"7"},"setl_list_id":"7"}"#);
    }

    #[test]
    fn a_sign_in_is_found_under_either_name() {
        let output = r#"{"signinoutb":{"sign_no":"7"}}"#;
        assert_eq!(of("9001", "", output), r#"{"result":{"sign_no":"7"},"signinoutb":{"sign_no":"7"}}"#);
    }

    #[test]
    fn dialects_are_those_of_the_table() {
        assert_eq!(dialects().iter().map(String::as_str).collect::<Vec<_>>(), ["draft2021"]);
    }
}
