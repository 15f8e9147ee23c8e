//! The national fields that no decision turns on: kept with the record as one canonical JSON text and
//! shown again by the queries.

use serde_json::{Map, Value};
use yibao_interface::Fields;

/// All fields but those `kept_apart` in columns, as JSON object text.
pub(crate) fn pack(fields: &Fields, kept_apart: &[&str]) -> String {
    let rest: Map<String, Value> = fields
        .iter()
        .filter(|(name, _)| !kept_apart.contains(name))
        .map(|(name, text)| (name.to_owned(), Value::String(text.to_owned())))
        .collect();
    Value::Object(rest).to_string()
}

/// Lays `newer` over `older`, field by field.
pub(crate) fn lay_over(older: &str, newer: &str) -> String {
    let mut fields = Details::read(older).0;
    fields.extend(Details::read(newer).0);
    Value::Object(fields).to_string()
}

/// Packed fields, read again.
pub(crate) struct Details(Map<String, Value>);

impl Details {
    /// Reads what [`pack`] wrote; an empty text has no fields.
    pub fn read(text: &str) -> Details {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => Details(fields),
            _ => Details(Map::new()),
        }
    }

    /// A field's text; empty where it is absent.
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or("")
    }
}
