//! A record's description: its table, its columns, how a row is read and written. One for all engines: whatever an
//! engine says or asks about a table is made from it.

use crate::value::{Cell, Kind, Stored, Unreadable, Value};
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

/// A table, and the statements that every record needs.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// What its rows are, in Chinese.
    pub(crate) title: &'static str,
    /// Columns that a row has from its place (of its parent, its number there), then those of the record in its order.
    pub(crate) columns: Vec<Column>,
    given: usize,
    pub(crate) key: &'static [&'static str],
    /// What the census sums up: a name in Chinese, and a column.
    pub(crate) sums: &'static [(&'static str, &'static str)],
    /// Inserts a row, or many.
    pub(crate) insert: Batch,
    /// Stores a row by its key.
    pub(crate) put: Put,
}

/// A statement for one row and for many. It takes the values of every column.
pub(crate) struct Batch {
    /// For an engine that is near: once a row.
    pub(crate) one: String,
    /// For an engine that is far away: once for all, a column as an array each.
    pub(crate) many: String,
}

impl Batch {
    /// With a text behind both.
    pub(crate) fn followed_by(&self, text: &str) -> Batch {
        Batch { one: format!("{} {text}", self.one), many: format!("{} {text}", self.many) }
    }
}

/// Statements that store a row: the first inserts it and does nothing where its key is there, the second changes the
/// row of that key where it differs. They answer with the key, as text, when they take many rows.
pub(crate) struct Put {
    pub(crate) insert: Batch,
    pub(crate) update: Batch,
    /// Which of the values of `insert` the update takes.
    pub(crate) updated: Vec<usize>,
}

/// What storing a reference row did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    /// The very same row was there.
    Unchanged,
    /// There was no such row.
    Added,
    /// A row with this key was there and differed.
    Updated,
}

/// A change that must be of exactly so many rows.
pub(crate) struct Exactly {
    /// The change, for an engine that says how many rows it changed.
    pub(crate) change: String,
    /// Fails by itself, on a sentence that is no number, so that a commit may travel along with it.
    pub(crate) or_fails: String,
}

impl Exactly {
    pub(crate) fn new(count: &str, change: String) -> Exactly {
        let or_fails = format!(
            "WITH changed AS ({change} RETURNING 1)
             SELECT CASE WHEN count(*) = {count} THEN 1
                         ELSE ('expected to change ' || {count} || ' rows, changed ' || count(*))::integer END
             FROM changed"
        );
        Exactly { change, or_fails }
    }
}

/// A record with a table of its own.
pub(crate) trait Record: Sized {
    /// Its description.
    fn table() -> &'static Table;
    /// Reads the columns of the record.
    fn read(row: &mut Columns<'_>) -> Result<Self, Unreadable>;
    /// Adds the values of the record's columns.
    fn write<'a>(&'a self, values: &mut Vec<Value<'a>>);

    /// The values of the record's columns.
    fn values(&self) -> Vec<Value<'_>> {
        self.values_at([])
    }

    /// What its place gives, and the values of the record's columns.
    fn values_at<'a, const N: usize>(&'a self, given: [Value<'a>; N]) -> Vec<Value<'a>> {
        let mut values = Vec::with_capacity(Self::table().columns.len());
        values.extend(given);
        self.write(&mut values);
        values
    }

    /// The columns of the record.
    fn columns() -> &'static [Column] {
        &Self::table().columns[Self::table().given..]
    }

    /// The columns of the record, for a `SELECT`.
    fn list() -> String {
        each(Self::columns(), "#", ", ")
    }

    /// The same where several tables are asked.
    fn list_of_table() -> String {
        each(Self::columns(), &format!("{}.#", Self::table().name), ", ")
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
fn rows(columns: &[Column]) -> String {
    format!("unnest({}) AS new ({})", each(columns, "@::%[]", ", "), each(columns, "#", ", "))
}

impl Table {
    pub(crate) fn new(
        (name, title, key): (&'static str, &'static str, &'static [&'static str]),
        mut given: Vec<Column>,
        fields: Vec<Column>,
        sums: &'static [(&'static str, &'static str)],
    ) -> Table {
        let count = given.len();
        given.extend(fields);
        let all = each(&given, "#", ", ");
        let insert = Batch {
            one: format!("INSERT INTO {name} ({all}) VALUES ({})", each(&given, "@", ", ")),
            many: format!("INSERT INTO {name} ({all}) SELECT {all} FROM {}", rows(&given)),
        };
        let put = put(name, key, &given, &[]);
        Table { name, title, columns: given, given: count, key, sums, insert, put }
    }

    /// The columns of these names, in the table's order.
    fn chosen(&self, is_chosen: impl Fn(&str) -> bool) -> Vec<Column> {
        self.columns.iter().filter(|column| is_chosen(&column.name)).cloned().collect()
    }

    /// The place of a column's value in `insert`.
    pub(crate) fn place_of(&self, name: &str) -> usize {
        self.columns.iter().position(|column| column.name == name).map_or(0, |at| at + 1)
    }

    /// `insert` as a question that may be followed by a condition.
    pub(crate) fn insert_selected(&self) -> String {
        let (all, places) = (each(&self.columns, "#", ", "), each(&self.columns, "@", ", "));
        format!("INSERT INTO {} ({all}) SELECT {places}", self.name)
    }

    /// Stores a row by its key; some columns stay as they were when it was first stored.
    pub(crate) fn put_except(&self, kept: &[&str]) -> Put {
        put(self.name, self.key, &self.columns, kept)
    }

    /// What an `INSERT` does with a row whose key is there: the columns take the new values, but some are kept.
    pub(crate) fn or_replace(&self, kept: &[&str]) -> String {
        let changed = self.chosen(|name| !self.key.contains(&name) && !kept.contains(&name));
        format!("ON CONFLICT ({}) DO UPDATE SET {}", self.key.join(", "), each(&changed, "# = excluded.#", ", "))
    }

    /// Changes all columns of the row of a key; takes the values of `insert`.
    pub(crate) fn update(&self) -> String {
        changed(self.name, self.key, &self.columns, |name| !self.key.contains(&name)).one
    }

    /// Changes some columns of many rows, each found by its key, all of them or none. Takes of each row the key and
    /// those columns ([`Table::values_of`]).
    pub(crate) fn update_all(&self, wanted: &[&str], condition: &str) -> Batch {
        let taken = self.chosen(|name| self.key.contains(&name) || wanted.contains(&name));
        let Batch { one, many } = changed(self.name, self.key, &taken, |name| wanted.contains(&name));
        let many = Exactly::new("cardinality(?1)", format!("{many} AND old.{condition}")).or_fails;
        Batch { one: format!("{one} AND {condition}"), many }
    }

    /// The values of a record's key and of some of its columns, in the table's order.
    pub(crate) fn values_of<'row, R: Record>(&self, wanted: &[&str], row: &'row R) -> Vec<Value<'row>> {
        let is_wanted = |name: &str| self.key.contains(&name) || wanted.contains(&name);
        let values = R::columns().iter().zip(row.values());
        values.filter(|(column, _)| is_wanted(&column.name)).map(|(_, value)| value).collect()
    }
}

/// Changes some of the columns of a row, or of many rows (`old`), found by its key.
fn changed(table: &str, key: &[&str], taken: &[Column], is_changed: impl Fn(&str) -> bool) -> Batch {
    // Each column keeps its place among those that are taken.
    let each = |pattern: &str, between: &str, is_meant: &dyn Fn(&str) -> bool| {
        let texts = (1..).zip(taken).filter(|(_, column)| is_meant(&column.name));
        let texts = texts.map(|(place, column)| each_from(place, std::slice::from_ref(column), pattern, ""));
        texts.collect::<Vec<_>>().join(between)
    };
    let is_key = |name: &str| key.contains(&name);
    Batch {
        one: format!(
            "UPDATE {table} SET {} WHERE {}",
            each("# = @", ", ", &is_changed),
            each("# = @", " AND ", &is_key)
        ),
        many: format!(
            "UPDATE {table} AS old SET {} FROM {} WHERE {}",
            each("# = new.#", ", ", &is_changed),
            rows(taken),
            each("old.# = new.#", " AND ", &is_key)
        ),
    }
}

fn put(table: &str, key: &[&str], columns: &[Column], kept: &[&str]) -> Put {
    let is_kept = |column: &Column| kept.contains(&column.name.as_str());
    let is_key = |column: &Column| key.contains(&column.name.as_str());
    let updated: Vec<usize> = (0..columns.len()).filter(|at| !is_kept(&columns[*at])).collect();
    let taken: Vec<Column> = updated.iter().map(|at| columns[*at].clone()).collect();
    let (keys, others): (Vec<Column>, Vec<Column>) = taken.iter().cloned().partition(is_key);
    let places = |column: &Column| taken.iter().position(|one| one.name == column.name).map_or(0, |at| at + 1);
    let new_values: Vec<String> = others.iter().map(|column| format!("?{}", places(column))).collect();
    let update = changed(table, key, &taken, |name| !key.contains(&name));
    let (all, keys_named) = (each(columns, "#", ", "), key.join(", "));
    let insert = format!("INSERT INTO {table} ({all})");
    let conflict = format!("ON CONFLICT ({keys_named}) DO NOTHING");
    Put {
        insert: Batch {
            one: format!("{insert} VALUES ({}) {conflict}", each(columns, "@", ", ")),
            many: format!(
                "{insert} SELECT {all} FROM {} ORDER BY {keys_named} {conflict} RETURNING {}",
                rows(columns),
                each(&keys, "#::text", ", ")
            ),
        },
        update: Batch {
            one: format!(
                "{} AND ({}) IS DISTINCT FROM ({})",
                update.one,
                each(&others, "#", ", "),
                new_values.join(", ")
            ),
            many: format!(
                "{} AND ({}) IS DISTINCT FROM ({}) RETURNING {}",
                update.many,
                each(&others, "old.#", ", "),
                each(&others, "new.#", ", "),
                each(&keys, "old.#::text", ", ")
            ),
        },
        updated,
    }
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

/// Describes a record.
///
/// ```text
/// record! {
///     FundShare = "fund_share", "基金分项", key [setl_id, seq];   // type, table, what its rows are, primary key
///     given { setl_id: String, seq: i64, psn_no: String }        // columns that are no fields
///     fields { fund_pay_type, inscp_scp_amt, … }                 // a column each, in the order of the type
///     sums { "…（分）" = "fund_payamt_fen" }                       // what the census adds up beside the rows
/// }
/// ```
///
/// A field's column has its name, with `_fen` or `_bp` after amounts and rates; `at = "happened_at"` calls it otherwise,
/// `setl_id via blank` reads and writes it by functions of its own. `apart { … }` are fields of other tables' rows.
macro_rules! record {
    (
        $type:ident = $table:literal, $title:literal, key [$($key:ident),+];
        $(given { $($given:ident: $given_type:ty),+ $(,)? })?
        fields { $($field:ident $(= $column:literal)? $(via $codec:ident)?),+ $(,)? }
        $(apart { $($apart:ident),+ $(,)? })?
        $(sums { $($sum:literal = $summed:literal),+ $(,)? })?
    ) => {
        impl $crate::record::Record for $type {
            fn table() -> &'static $crate::record::Table {
                static TABLE: std::sync::LazyLock<$crate::record::Table> = std::sync::LazyLock::new(|| {
                    $crate::record::Table::new(
                        ($table, $title, &[$(stringify!($key)),+]),
                        vec![$($($crate::record::Column::named::<$given_type>(stringify!($given))),+)?],
                        vec![$($crate::record::record!(@column $type, $field $(= $column)? $(via $codec)?)),+],
                        &[$($(($sum, $summed)),+)?],
                    )
                });
                &TABLE
            }

            fn read(row: &mut $crate::record::Columns<'_>) -> Result<Self, $crate::value::Unreadable> {
                Ok($type {
                    $($field: $crate::record::record!(@read row, $($codec)?),)+
                    $($($apart: Vec::new(),)+)?
                })
            }

            fn write<'a>(&'a self, values: &mut Vec<$crate::value::Value<'a>>) {
                $(values.push($crate::record::record!(@bound self.$field, $($codec)?));)+
            }
        }
    };
    (@column $type:ident, $field:ident) => {
        $crate::record::Column::of(|row: &$type| &row.$field, stringify!($field))
    };
    (@column $type:ident, $field:ident = $column:literal) => {
        $crate::record::Column::called(|row: &$type| &row.$field, $column)
    };
    (@column $type:ident, $field:ident via $codec:ident) => {
        $crate::record::$codec::column(|row: &$type| &row.$field, stringify!($field))
    };
    (@read $row:ident,) => { $row.take()? };
    (@read $row:ident, $codec:ident) => { $crate::record::$codec::read($row)? };
    (@bound $value:expr,) => { $crate::value::Bound::bound(&$value) };
    (@bound $value:expr, $codec:ident) => { $crate::record::$codec::bound(&$value) };
}
pub(crate) use record;
