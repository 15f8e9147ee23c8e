//! What a walk through the entries asks of an engine beside the seam.

use crate::engine::Engine;
use crate::fault::Fault;
use crate::seam::Tx;
use crate::value::Value;
use std::borrow::Cow;

/// Five columns of text.
pub(crate) type Texts = [String; 5];

/// Questions about many entries at once.
pub(crate) trait Walk: Tx {
    /// The rows of a question about the entries with these numbers, or about all where none is given.
    fn texts(&mut self, sql: &str, numbers: &[&str]) -> Result<Vec<Texts>, Fault>;
}

impl<E: Engine + Tx> Walk for E {
    fn texts(&mut self, sql: &str, numbers: &[&str]) -> Result<Vec<Texts>, Fault> {
        let numbers = Value::List(numbers.iter().map(|number| Value::Text(Cow::Borrowed(number))).collect());
        let values = if sql.contains("?1") { std::slice::from_ref(&numbers) } else { &[] };
        self.all(("walking through the entries", ""), sql, values, |row| {
            Ok([row.take()?, row.take()?, row.take()?, row.take()?, row.take()?])
        })
    }
}
