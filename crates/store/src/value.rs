//! Values of the domain on their way into a statement and out of a row, the same for every engine.
//!
//! SQLite keeps amounts and rates as whole fen and basis points, days as `yyyy-MM-dd` and moments as
//! `yyyy-MM-dd HH:mm:ss` (both order as text), decimals as text. PostgreSQL keeps amounts and rates alike, and days,
//! moments and decimals in types of its own.

use bytes::BytesMut;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use serde_json::Value as Json;
use std::borrow::Cow;
use std::error::Error;
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, Kind as TypeKind, ToSql, Type, to_sql_checked};
use yibao_domain::ledger::{MovementKind, SourceKind};
use yibao_domain::money::{self, Decimal, Money, Rate};
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::party::Party;
use yibao_domain::register::{Action, Source, State};
use yibao_domain::time::{self, Date, DateTime};

/// Why a row could not be read; names columns, not contents.
pub(crate) type Unreadable = Box<dyn Error + Send + Sync>;

/// How a column is kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Text,
    Whole,
    Small,
    Truth,
    Number,
    Day,
    Moment,
}

impl Kind {
    /// PostgreSQL's name of the type.
    pub(crate) fn on_postgres(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Whole => "bigint",
            Kind::Small => "smallint",
            Kind::Truth => "boolean",
            Kind::Number => "numeric",
            Kind::Day => "date",
            Kind::Moment => "timestamp",
        }
    }
}

/// A value of a statement.
#[derive(Clone, PartialEq, Debug)]
pub(crate) enum Value<'a> {
    Null,
    Text(Cow<'a, str>),
    Whole(i64),
    Truth(bool),
    Number(Decimal),
    Day(Date),
    Moment(DateTime),
    /// Several values of one kind: a JSON array for SQLite's `json_each`, an array for PostgreSQL.
    List(Vec<Value<'a>>),
}

impl Value<'_> {
    /// A value that outlives what it was taken from.
    pub(crate) fn into_owned(self) -> Value<'static> {
        match self {
            Value::Null => Value::Null,
            Value::Text(text) => Value::Text(Cow::Owned(text.into_owned())),
            Value::Whole(number) => Value::Whole(number),
            Value::Truth(truth) => Value::Truth(truth),
            Value::Number(number) => Value::Number(number),
            Value::Day(day) => Value::Day(day),
            Value::Moment(moment) => Value::Moment(moment),
            Value::List(values) => Value::List(values.into_iter().map(Value::into_owned).collect()),
        }
    }

    /// As SQLite writes it.
    pub(crate) fn text(&self) -> String {
        match self.json() {
            Json::String(text) => text,
            other => other.to_string(),
        }
    }

    pub(crate) fn json(&self) -> Json {
        match self {
            Value::Null => Json::Null,
            Value::Text(text) => Json::String(text.to_string()),
            Value::Whole(number) => Json::from(*number),
            Value::Truth(truth) => Json::Bool(*truth),
            Value::Number(number) => Json::String(number.to_string()),
            Value::Day(day) => Json::String(day.to_string()),
            Value::Moment(moment) => Json::String(time::moment_text(*moment)),
            Value::List(values) => values.iter().map(Value::json).collect(),
        }
    }
}

impl rusqlite::ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Value::Null => ToSqlOutput::Owned(Owned::Null),
            Value::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Value::Whole(number) => (*number).into(),
            Value::Truth(truth) => (*truth).into(),
            Value::Number(number) => number.to_string().into(),
            Value::Day(day) => day.to_string().into(),
            Value::Moment(moment) => time::moment_text(*moment).into(),
            Value::List(_) => self.json().to_string().into(),
        })
    }
}

impl ToSql for Value<'_> {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Unreadable> {
        match self {
            Value::Null => Ok(IsNull::Yes),
            Value::Text(text) => text.as_ref().to_sql_checked(kind, out),
            Value::Whole(number) if *kind == Type::INT2 => i16::try_from(*number)?.to_sql(kind, out),
            Value::Whole(number) if *kind == Type::INT4 => i32::try_from(*number)?.to_sql(kind, out),
            Value::Whole(number) => number.to_sql_checked(kind, out),
            Value::Truth(truth) => truth.to_sql_checked(kind, out),
            Value::Number(number) => number.to_sql_checked(kind, out),
            Value::Day(day) => day.to_sql_checked(kind, out),
            Value::Moment(moment) => moment.to_sql_checked(kind, out),
            Value::List(values) if matches!(kind.kind(), TypeKind::Array(_)) => values.to_sql(kind, out),
            Value::List(_) => Err(format!("a list is no {kind}").into()),
        }
    }

    fn accepts(_kind: &Type) -> bool {
        // What is inside decides.
        true
    }

    to_sql_checked!();
}

/// What can be a value of a statement.
pub(crate) trait Bound {
    fn bound(&self) -> Value<'_>;
}

/// Values of a statement, in the order of `?1`, `?2`, …
macro_rules! values {
    ($($value:expr),* $(,)?) => {
        [$($crate::value::Value::from($value)),*]
    };
}
pub(crate) use values;

impl<'a, T: Bound + ?Sized> From<&'a T> for Value<'a> {
    fn from(value: &'a T) -> Self {
        value.bound()
    }
}

impl<'a> From<Option<&'a str>> for Value<'a> {
    fn from(text: Option<&'a str>) -> Self {
        text.map_or(Value::Null, Value::from)
    }
}

macro_rules! copied {
    ($($type:ty),+) => {
        $(impl From<$type> for Value<'_> {
            fn from(value: $type) -> Self {
                value.bound().into_owned()
            }
        })+
    };
}
copied!(i64, i16, Money, DateTime, Option<DateTime>);

/// A value of a row, as an engine hands it out.
#[derive(Clone, Copy)]
pub(crate) enum Cell<'row> {
    Sqlite(ValueRef<'row>),
    Postgres(&'row Row, usize),
    /// Of a row that the server wrote as a JSON array.
    Json(&'row Json),
}

/// Of what type a column is read.
pub(crate) trait Stored: Bound + Sized {
    const KIND: Kind;
    /// What the names of such columns end with.
    const SUFFIX: &'static str = "";
    #[cfg(test)]
    const IS_NULLABLE: bool = false;
    fn of(cell: Cell<'_>) -> Result<Self, Unreadable>;
}

impl<T: Bound + ?Sized> Bound for &T {
    fn bound(&self) -> Value<'_> {
        (**self).bound()
    }
}

impl<T: Bound> Bound for [T] {
    fn bound(&self) -> Value<'_> {
        Value::List(self.iter().map(Bound::bound).collect())
    }
}

impl<T: Bound> Bound for Vec<T> {
    fn bound(&self) -> Value<'_> {
        self.as_slice().bound()
    }
}

impl<T: Bound> Bound for Option<T> {
    fn bound(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null, Bound::bound)
    }
}

/// Whether a column of any type is NULL.
struct Missing(bool);

impl<'row> FromSql<'row> for Missing {
    fn from_sql(_kind: &Type, _raw: &'row [u8]) -> Result<Self, Unreadable> {
        Ok(Missing(false))
    }

    fn from_sql_null(_kind: &Type) -> Result<Self, Unreadable> {
        Ok(Missing(true))
    }

    fn accepts(_kind: &Type) -> bool {
        true
    }
}

impl<T: Stored> Stored for Option<T> {
    const KIND: Kind = T::KIND;
    const SUFFIX: &'static str = T::SUFFIX;
    #[cfg(test)]
    const IS_NULLABLE: bool = true;

    fn of(cell: Cell<'_>) -> Result<Self, Unreadable> {
        let is_missing = match cell {
            Cell::Sqlite(value) => value == ValueRef::Null,
            Cell::Postgres(row, at) => row.try_get::<_, Missing>(at)?.0,
            Cell::Json(value) => value.is_null(),
        };
        if is_missing { Ok(None) } else { T::of(cell).map(Some) }
    }
}

impl Bound for str {
    fn bound(&self) -> Value<'_> {
        Value::Text(Cow::Borrowed(self))
    }
}

/// Types that the engines keep as they are: how each is written, and read from SQLite and from JSON.
macro_rules! kept {
    ($($type:ty = $kind:ident, |$own:ident| $bound:expr, |$sqlite:ident| $of_sqlite:expr,
       |$json:ident| $of_json:expr;)+) => {
        $(impl Bound for $type {
            fn bound(&self) -> Value<'_> {
                let $own = self;
                $bound
            }
        }

        impl Stored for $type {
            const KIND: Kind = Kind::$kind;

            fn of(cell: Cell<'_>) -> Result<Self, Unreadable> {
                match cell {
                    Cell::Sqlite($sqlite) => Ok($of_sqlite),
                    Cell::Postgres(row, at) => Ok(row.try_get(at)?),
                    Cell::Json($json) => $of_json.ok_or_else(|| "unexpected JSON".into()),
                }
            }
        })+
    };
}

fn parsed<T: std::str::FromStr>(json: &Json) -> Option<T> {
    json.as_str().and_then(|text| text.parse().ok())
}

kept! {
    String = Text, |own| Value::Text(Cow::Borrowed(own)), |cell| cell.as_str()?.to_owned(),
        |json| json.as_str().map(str::to_owned);
    i64 = Whole, |own| Value::Whole(*own), |cell| cell.as_i64()?, |json| json.as_i64();
    i16 = Small, |own| Value::Whole(i64::from(*own)), |cell| cell.as_i64()?.try_into()?,
        |json| json.as_i64().and_then(|number| number.try_into().ok());
    bool = Truth, |own| Value::Truth(*own), |cell| cell.as_i64()? != 0, |json| json.as_bool();
    Date = Day, |own| Value::Day(*own), |cell| cell.as_str()?.parse()?, |json| parsed(json);
    DateTime = Moment, |own| Value::Moment(*own), |cell| cell.as_str()?.parse()?, |json| parsed(json);
    Decimal = Number, |own| Value::Number(*own), |cell| money::decimal(cell.as_str()?).ok_or("no decimal")?,
        |json| json.as_number().and_then(|number| money::decimal(number.as_str()));
}

/// Types that are kept as another one.
macro_rules! kept_as {
    ($($type:ty as $other:ty, $suffix:literal, |$own:ident| $bound:expr, |$read:ident| $of:expr;)+) => {
        $(impl $crate::value::Bound for $type {
            fn bound(&self) -> $crate::value::Value<'_> {
                let $own = self;
                $bound
            }
        }

        impl $crate::value::Stored for $type {
            const KIND: $crate::value::Kind = <$other as $crate::value::Stored>::KIND;
            const SUFFIX: &'static str = $suffix;

            fn of(cell: $crate::value::Cell<'_>) -> Result<Self, $crate::value::Unreadable> {
                let $read = <$other as $crate::value::Stored>::of(cell)?;
                $of
            }
        })+
    };
}

pub(crate) use kept_as;

/// The value of a word that is kept.
pub(crate) fn word<T>(found: Option<T>) -> Result<T, Unreadable> {
    found.ok_or_else(|| "no known word".into())
}

kept_as! {
    Money as i64, "_fen", |own| Value::Whole(own.as_fen()), |fen| Ok(Money::fen(fen));
    Rate as i64, "_bp", |own| Value::Whole(own.as_basis_points()), |points| Ok(Rate::basis_points(points));
    RegisterKind as String, "", |own| own.word().bound(), |text| word(RegisterKind::of_word(&text));
    Business as String, "", |own| own.as_str().bound(), |text| word(Business::new(&text));
    SourceKind as String, "", |own| own.word().bound(), |text| word(SourceKind::of_word(&text));
    MovementKind as String, "", |own| own.code().bound(), |text| word(MovementKind::of_code(&text));
    Party as String, "", |own| Value::Text(Cow::Owned(own.to_string())), |text| word(Party::of_text(&text));
    State as String, "", |own| own.word().bound(), |text| word(State::of_word(&text));
    Source as String, "", |own| own.word().bound(), |text| word(Source::of_word(&text));
    Action as String, "", |own| own.word().bound(), |text| word(Action::of_word(&text));
}

/// The first moment after a day.
pub(crate) fn day_after(day: Date) -> DateTime {
    day.tomorrow().map_or(DateTime::MAX, |next| next.at(0, 0, 0, 0))
}
