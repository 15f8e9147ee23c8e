//! How values of the domain are written: amounts in fen, rates in basis points, dates as
//! `yyyy-MM-dd`, moments as `yyyy-MM-dd HH:mm:ss` (both order as text), decimals as text.

use crate::register::fields_of_text;
use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSqlOutput, ValueRef};
use rusqlite::{Row, ToSql};
use std::collections::BTreeMap;
use yibao_domain::money::{self, Decimal, Money, Rate};
use yibao_domain::time::{self, Date, DateTime};

/// An amount, in fen.
pub(super) struct Fen(pub(super) Money);
/// A rate, in basis points.
pub(super) struct BasisPoints(pub(super) Rate);
/// A quantity or unit price.
pub(super) struct Number(pub(super) Decimal);
/// A date.
pub(super) struct Day(pub(super) Date);
/// A moment.
pub(super) struct Moment(pub(super) DateTime);

impl ToSql for Fen {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_fen().into())
    }
}

impl FromSql for Fen {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(|fen| Fen(Money::fen(fen)))
    }
}

impl ToSql for BasisPoints {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.as_basis_points().into())
    }
}

impl FromSql for BasisPoints {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_i64().map(|points| BasisPoints(Rate::basis_points(points)))
    }
}

impl ToSql for Number {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl FromSql for Number {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        money::decimal(value.as_str()?).map(Number).ok_or(FromSqlError::InvalidType)
    }
}

impl ToSql for Day {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.0.to_string().into())
    }
}

impl FromSql for Day {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Day).map_err(FromSqlError::other)
    }
}

impl ToSql for Moment {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(time::moment_text(self.0).into())
    }
}

impl FromSql for Moment {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        value.as_str()?.parse().map(Moment).map_err(FromSqlError::other)
    }
}

/// The columns of a row, taken one after the other in the order of the `SELECT`.
pub(super) struct Columns<'row, 'statement> {
    row: &'row Row<'statement>,
    next: usize,
}

impl<'row, 'statement> Columns<'row, 'statement> {
    /// From the first column on.
    pub(super) fn of(row: &'row Row<'statement>) -> Self {
        Columns { row, next: 0 }
    }

    /// The next column.
    pub(super) fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    /// The next column, an amount.
    pub(super) fn fen(&mut self) -> rusqlite::Result<Money> {
        Ok(self.take::<Fen>()?.0)
    }

    /// The next column, a date.
    pub(super) fn day(&mut self) -> rusqlite::Result<Date> {
        Ok(self.take::<Day>()?.0)
    }

    /// The next column, a date or none.
    pub(super) fn some_day(&mut self) -> rusqlite::Result<Option<Date>> {
        Ok(self.take::<Option<Day>>()?.map(|day| day.0))
    }

    /// The next column, a moment.
    pub(super) fn moment(&mut self) -> rusqlite::Result<DateTime> {
        Ok(self.take::<Moment>()?.0)
    }

    /// The next column, a moment or none.
    pub(super) fn some_moment(&mut self) -> rusqlite::Result<Option<DateTime>> {
        Ok(self.take::<Option<Moment>>()?.map(|moment| moment.0))
    }

    /// The next column, a decimal.
    pub(super) fn number(&mut self) -> rusqlite::Result<Decimal> {
        Ok(self.take::<Number>()?.0)
    }

    /// The next column, a decimal or none.
    pub(super) fn some_number(&mut self) -> rusqlite::Result<Option<Decimal>> {
        Ok(self.take::<Option<Number>>()?.map(|number| number.0))
    }

    /// The next column, a rate.
    pub(super) fn rate(&mut self) -> rusqlite::Result<Rate> {
        Ok(self.take::<BasisPoints>()?.0)
    }

    /// The next column, a rate or none.
    pub(super) fn some_rate(&mut self) -> rusqlite::Result<Option<Rate>> {
        Ok(self.take::<Option<BasisPoints>>()?.map(|rate| rate.0))
    }

    /// The next column, a word of a vocabulary.
    pub(super) fn word<T>(&mut self, of_word: fn(&str) -> Option<T>) -> rusqlite::Result<T> {
        let word: String = self.take()?;
        Ok(of_word(&word).ok_or(FromSqlError::InvalidType)?)
    }

    /// The next column, fields by name.
    pub(super) fn fields(&mut self) -> rusqlite::Result<BTreeMap<String, String>> {
        let text: String = self.take()?;
        Ok(fields_of_text(&text).map_err(FromSqlError::other)?)
    }
}
