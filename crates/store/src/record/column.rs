//! The columns of a row: how they are read, called and listed.

use crate::value::{Cell, Kind, Stored, Unreadable};
use serde_json::Value as Json;
use tokio_postgres::Row;

/// The columns of a row, taken one after the other in the order of the `SELECT`.
pub(crate) struct Columns<'row> {
    source: Source<'row>,
    next: usize,
}

enum Source<'row> {
    Sqlite(&'row rusqlite::Row<'row>),
    Postgres(&'row Row),
    Json(&'row [Json]),
}

impl<'row> Columns<'row> {
    /// From the first column of SQLite's row on.
    pub(crate) fn of_sqlite(row: &'row rusqlite::Row<'row>) -> Self {
        Columns { source: Source::Sqlite(row), next: 0 }
    }

    /// From the first column of PostgreSQL's row on.
    pub(crate) fn of_postgres(row: &'row Row) -> Self {
        Columns { source: Source::Postgres(row), next: 0 }
    }

    /// From the first element of a JSON array on.
    pub(crate) fn of_json(row: &'row Json) -> Result<Self, Unreadable> {
        Ok(Columns { source: Source::Json(row.as_array().ok_or("expected a JSON array")?), next: 0 })
    }

    /// The next column.
    pub(crate) fn take<T: Stored>(&mut self) -> Result<T, Unreadable> {
        let at = self.next;
        self.next += 1;
        let cell = match self.source {
            Source::Sqlite(row) => Cell::Sqlite(row.get_ref(at)?),
            Source::Postgres(row) => Cell::Postgres(row, at),
            Source::Json(row) => Cell::Json(row.get(at).ok_or("too few columns")?),
        };
        T::of(cell).map_err(|cause| format!("column {}: {cause}", at + 1).into())
    }
}

/// How rows of one shape are read.
pub(crate) type Read<T> = fn(&mut Columns<'_>) -> Result<T, Unreadable>;

/// A column of a table.
#[derive(Clone)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
    /// For comparing descriptions with schemas.
    #[cfg(test)]
    pub(crate) is_nullable: bool,
}

impl Column {
    /// The column of a field: its name, and what columns of its type end with.
    pub(crate) fn of<R, T: Stored>(_field: impl Fn(&R) -> &T, name: &str) -> Column {
        Column::named::<T>(&format!("{name}{}", T::SUFFIX))
    }

    /// The column of a field that is called otherwise.
    pub(crate) fn called<R, T: Stored>(_field: impl Fn(&R) -> &T, name: &str) -> Column {
        Column::named::<T>(name)
    }

    /// A column that is no field.
    pub(crate) fn named<T: Stored>(name: &str) -> Column {
        Column {
            name: name.to_owned(),
            kind: T::KIND,
            #[cfg(test)]
            is_nullable: T::IS_NULLABLE,
        }
    }
}

/// A text for each column, `#` for its name, `@` for the place of its value, `%` for its type on PostgreSQL.
pub(crate) fn each(columns: &[Column], pattern: &str, between: &str) -> String {
    each_from(1, columns, pattern, between)
}

/// The same, the places counted from `first`.
pub(crate) fn each_from(first: usize, columns: &[Column], pattern: &str, between: &str) -> String {
    let text = |(place, column): (usize, &Column)| {
        let text = pattern.replace('#', &column.name).replace('@', &format!("?{place}"));
        text.replace('%', column.kind.on_postgres())
    };
    (first..).zip(columns).map(text).collect::<Vec<_>>().join(between)
}

/// Many rows that come as arrays, under the names of the columns.
pub(super) fn rows(columns: &[Column]) -> String {
    format!("unnest({}) AS new ({})", each(columns, "@::%[]", ", "), each(columns, "#", ", "))
}

/// A text that is kept as NULL where it is empty.
pub(crate) mod blank {
    use super::{Column, Columns};
    use crate::value::{Bound, Unreadable, Value};

    pub(crate) fn read(row: &mut Columns<'_>) -> Result<String, Unreadable> {
        Ok(row.take::<Option<String>>()?.unwrap_or_default())
    }

    pub(crate) fn bound(text: &str) -> Value<'_> {
        if text.is_empty() { Value::Null } else { text.bound() }
    }

    pub(crate) fn column<R>(_field: impl Fn(&R) -> &String, name: &str) -> Column {
        Column::named::<Option<String>>(name)
    }
}
