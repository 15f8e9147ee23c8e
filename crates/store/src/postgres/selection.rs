//! Questions whose conditions may be absent.

use super::line::Value;
use tokio_postgres::types::ToSql;

/// The `WHERE` of a question, its conditions written with one `?` a value. The few texts that arise are prepared like
/// others.
#[derive(Default)]
pub(super) struct Selection<'value> {
    conditions: Vec<&'static str>,
    values: Vec<Value<'value>>,
}

impl<'value> Selection<'value> {
    /// A condition without a value.
    pub(super) fn add(&mut self, condition: &'static str) {
        self.conditions.push(condition);
    }

    /// A condition on one value, where the value is given.
    pub(super) fn add_some<T: ToSql + Sync>(&mut self, condition: &'static str, value: &'value Option<T>) {
        if let Some(value) = value {
            self.add_value(condition, value);
        }
    }

    /// A condition on one value.
    pub(super) fn add_value(&mut self, condition: &'static str, value: Value<'value>) {
        self.conditions.push(condition);
        self.values.push(value);
    }

    /// A condition on several values, one `?` each.
    pub(super) fn add_values(&mut self, condition: &'static str, values: &[Value<'value>]) {
        self.conditions.push(condition);
        self.values.extend(values);
    }

    /// The conditions as a `WHERE`, or nothing where all rows are wanted.
    pub(super) fn clause(&self) -> String {
        if self.conditions.is_empty() { String::new() } else { format!("WHERE {}", self.conditions.join(" AND ")) }
    }

    /// The values in the order of the conditions, followed by `more`.
    pub(super) fn values(&self, more: &[Value<'value>]) -> Vec<Value<'value>> {
        [self.values.as_slice(), more].concat()
    }
}

/// The statement with `$1`, `$2`, … in place of its question marks.
pub(super) fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let first = parts.next().unwrap_or_default().to_owned();
    (1..).zip(parts).fold(first, |text, (number, part)| format!("{text}${number}{part}"))
}

/// A count of rows as the server takes it.
pub(super) fn count(rows: usize) -> i64 {
    i64::try_from(rows).unwrap_or(i64::MAX)
}
