//! How values of the domain are stored: amounts as bigint fen, rates as bigint basis points, dates, timestamps without
//! zone, numeric with its own scale.

use crate::register::fields_of_text;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::error::Error;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, ToSql};
use yibao_domain::money::{self, Decimal, Money, Rate};
use yibao_domain::time::{Date, DateTime};

/// A value that a record keeps until it is sent.
pub(super) type Kept = Box<dyn ToSql + Sync>;

/// Why an answer could not be read; names columns, not contents.
pub(super) type Unreadable = Box<dyn Error + Send + Sync>;

/// How a value of the domain is stored.
pub(super) trait Stored {
    /// What the driver is given.
    type As: ToSql + Sync + 'static;
    /// An own copy for the driver.
    fn stored(&self) -> Self::As;
}

macro_rules! stored_as_it_is {
    ($($type:ty),+) => {
        $(impl Stored for $type {
            type As = $type;
            fn stored(&self) -> $type {
                self.clone()
            }
        })+
    };
}
stored_as_it_is!(String, i64, i16, bool, Decimal, Date, DateTime);

impl Stored for str {
    type As = String;
    fn stored(&self) -> String {
        self.to_owned()
    }
}

impl Stored for Money {
    type As = i64;
    fn stored(&self) -> i64 {
        self.as_fen()
    }
}

impl Stored for Rate {
    type As = i64;
    fn stored(&self) -> i64 {
        self.as_basis_points()
    }
}

impl<T: Stored> Stored for Option<T> {
    type As = Option<T::As>;
    fn stored(&self) -> Option<T::As> {
        self.as_ref().map(Stored::stored)
    }
}

/// The values of a record, in the order of `$1`, `$2`, …
macro_rules! kept {
    ($($value:expr),* $(,)?) => {
        vec![$(Box::new($crate::postgres::value::Stored::stored(&$value)) as $crate::postgres::value::Kept),*]
    };
}
pub(super) use kept;

/// One column of many rows, for `unnest`.
pub(super) fn column<'row, R, T: Stored + 'row>(rows: &'row [R], value: impl Fn(&'row R) -> &'row T) -> Kept
where
    Vec<T::As>: ToSql + Sync + 'static,
{
    Box::new(rows.iter().map(|row| value(row).stored()).collect::<Vec<T::As>>())
}

/// A value that comes back in a row, or in a row that the server wrote as a JSON array.
pub(super) trait Column: for<'row> FromSql<'row> {
    /// From JSON; nothing where it is something else.
    fn of_json(value: &Json) -> Option<Self>;
}

impl Column for String {
    fn of_json(value: &Json) -> Option<String> {
        value.as_str().map(str::to_owned)
    }
}

impl Column for i64 {
    fn of_json(value: &Json) -> Option<i64> {
        value.as_i64()
    }
}

impl Column for i16 {
    fn of_json(value: &Json) -> Option<i16> {
        value.as_i64().and_then(|number| number.try_into().ok())
    }
}

impl Column for bool {
    fn of_json(value: &Json) -> Option<bool> {
        value.as_bool()
    }
}

impl Column for Date {
    fn of_json(value: &Json) -> Option<Date> {
        value.as_str().and_then(|text| text.parse().ok())
    }
}

impl Column for DateTime {
    fn of_json(value: &Json) -> Option<DateTime> {
        value.as_str().and_then(|text| text.parse().ok())
    }
}

impl Column for Decimal {
    fn of_json(value: &Json) -> Option<Decimal> {
        value.as_number().and_then(|number| money::decimal(number.as_str()))
    }
}

impl<T: Column> Column for Option<T> {
    fn of_json(value: &Json) -> Option<Option<T>> {
        if value.is_null() { Some(None) } else { T::of_json(value).map(Some) }
    }
}

enum Source<'row> {
    Row(&'row Row),
    Json(&'row [Json]),
}

/// The columns of a row, taken one after the other in the order of the `SELECT`.
pub(super) struct Columns<'row> {
    source: Source<'row>,
    next: usize,
}

impl<'row> Columns<'row> {
    /// From the first column of a row on.
    pub(super) fn of(row: &'row Row) -> Self {
        Columns { source: Source::Row(row), next: 0 }
    }

    /// From the first element of a JSON array on.
    pub(super) fn of_json(row: &'row Json) -> Result<Self, Unreadable> {
        let elements = row.as_array().ok_or("expected a JSON array")?;
        Ok(Columns { source: Source::Json(elements), next: 0 })
    }

    /// The next column.
    pub(super) fn take<T: Column>(&mut self) -> Result<T, Unreadable> {
        let index = self.next;
        self.next += 1;
        match self.source {
            Source::Row(row) => Ok(row.try_get(index)?),
            Source::Json(elements) => {
                elements.get(index).and_then(T::of_json).ok_or_else(|| format!("element {index} is unreadable").into())
            }
        }
    }

    /// The next column, an amount.
    pub(super) fn fen(&mut self) -> Result<Money, Unreadable> {
        self.take().map(Money::fen)
    }

    /// The next column, an amount or none.
    pub(super) fn some_fen(&mut self) -> Result<Option<Money>, Unreadable> {
        Ok(self.take::<Option<i64>>()?.map(Money::fen))
    }

    /// The next column, a rate.
    pub(super) fn rate(&mut self) -> Result<Rate, Unreadable> {
        self.take().map(Rate::basis_points)
    }

    /// The next column, a rate or none.
    pub(super) fn some_rate(&mut self) -> Result<Option<Rate>, Unreadable> {
        Ok(self.take::<Option<i64>>()?.map(Rate::basis_points))
    }

    /// The next column, a word of a vocabulary.
    pub(super) fn word<T>(&mut self, of_word: fn(&str) -> Option<T>) -> Result<T, Unreadable> {
        let index = self.next;
        let word: String = self.take()?;
        of_word(&word).ok_or_else(|| format!("column {index} holds no known word").into())
    }

    /// The next column, fields by name.
    pub(super) fn fields(&mut self) -> Result<BTreeMap<String, String>, Unreadable> {
        let text: String = self.take()?;
        Ok(fields_of_text(&text)?)
    }
}
