//! A record's description: its table, its columns, how a row is read and written. One for all engines: whatever an
//! engine says or asks about a table is made from it.

use crate::engine::Exactly;
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
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) kind: Kind,
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
        Column { name: name.to_owned(), kind: T::KIND, is_nullable: T::IS_NULLABLE }
    }
}

/// A table, and the statements that every record needs.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// What its rows are, in Chinese.
    pub(crate) title: &'static str,
    /// Columns that a row has from its place: of its parent, its number there.
    pub(crate) given: Vec<Column>,
    /// The columns of the record, in its order.
    pub(crate) columns: Vec<Column>,
    /// What the census sums up: a name in Chinese, and a column.
    pub(crate) sums: &'static [(&'static str, &'static str)],
    key: &'static [&'static str],
    /// Inserts a row: first what its place gives, then the record.
    pub(crate) insert: String,
    /// Inserts many rows.
    pub(crate) insert_all: Batch,
    /// Stores a row by its key.
    pub(crate) put: Put,
}

/// A statement for many rows. It takes first the values that all rows share, then those of each.
pub(crate) struct Batch {
    /// For an engine that is near: once a row.
    pub(crate) one: String,
    /// For an engine that is far away: once for all, a column as an array each.
    pub(crate) many: String,
}

/// Statements that store a row: the first inserts it and does nothing where its key is there, the second changes the
/// row of that key where it differs. They answer with the key when they take many rows.
pub(crate) struct Put {
    pub(crate) insert: Batch,
    pub(crate) update: Batch,
    /// Which of the values of `insert` the update takes.
    pub(crate) updated: Vec<usize>,
}

/// A record with a table of its own.
pub(crate) trait Record: Sized {
    /// Its description.
    fn table() -> &'static Table;
    /// Reads the columns of the record.
    fn read(row: &mut Columns<'_>) -> Result<Self, Unreadable>;
    /// The values of the record's columns.
    fn values(&self) -> Vec<Value<'_>>;

    /// What its place gives, and the values of the record's columns.
    fn values_at<'a, const N: usize>(&'a self, given: [Value<'a>; N]) -> Vec<Value<'a>> {
        given.into_iter().chain(self.values()).collect()
    }

    /// The columns of the record, for a `SELECT`.
    fn list() -> String {
        listed(&Self::table().columns, "")
    }

    /// The same where several tables are asked.
    fn list_of_table() -> String {
        listed(&Self::table().columns, &format!("{}.", Self::table().name))
    }
}

impl Table {
    pub(crate) fn new(
        (name, title, key): (&'static str, &'static str, &'static [&'static str]),
        given: Vec<Column>,
        columns: Vec<Column>,
        sums: &'static [(&'static str, &'static str)],
    ) -> Table {
        let all: Vec<&Column> = given.iter().chain(&columns).collect();
        let insert = format!("INSERT INTO {name} ({}) VALUES ({})", names(&all, ""), places(all.len()));
        let insert_all = Batch {
            one: insert.clone(),
            many: format!("INSERT INTO {name} ({0}) SELECT {0} FROM {1}", names(&all, ""), rows(&all)),
        };
        let put = put(name, key, &all, &[]);
        Table { name, title, given, columns, sums, key, insert, insert_all, put }
    }

    /// Every column, in the order of `insert`.
    pub(crate) fn all_columns(&self) -> Vec<&Column> {
        self.given.iter().chain(&self.columns).collect()
    }

    /// Stores a row by its key; some columns stay as they were when it was first stored.
    pub(crate) fn put_except(&self, kept: &[&str]) -> Put {
        put(self.name, self.key, &self.all_columns(), kept)
    }

    /// What an `INSERT` does with a row whose key is there: all columns take the new values, but some are kept.
    pub(crate) fn or_replace(&self, kept: &[&str]) -> String {
        let changed = self.columns.iter().map(|column| column.name.as_str());
        let changed = changed.filter(|name| !self.key.contains(name) && !kept.contains(name));
        let changed: Vec<String> = changed.map(|name| format!("{name} = excluded.{name}")).collect();
        format!("ON CONFLICT ({}) DO UPDATE SET {}", self.key.join(", "), changed.join(", "))
    }

    /// The place of a column's value in `insert`.
    pub(crate) fn place_of(&self, name: &str) -> usize {
        self.all_columns().iter().position(|column| column.name == name).map_or(0, |at| at + 1)
    }

    /// `insert` as a question that may be followed by a condition.
    pub(crate) fn insert_selected(&self) -> String {
        let all = self.all_columns();
        format!("INSERT INTO {} ({}) SELECT {}", self.name, names(&all, ""), places(all.len()))
    }

    /// `insert` of a record alone, one of the given columns computed.
    pub(crate) fn insert_with(&self, given: &str, computed: &str) -> String {
        let columns = self.columns.len();
        format!(
            "INSERT INTO {} ({}, {given}) VALUES ({}, {computed})",
            self.name,
            listed(&self.columns, ""),
            places(columns)
        )
    }

    fn column(&self, name: &str) -> &Column {
        let found = self.columns.iter().chain(&self.given).find(|column| column.name == name);
        found.unwrap_or_else(|| unreachable!("{} has a column {name}", self.name))
    }

    /// Changes some columns of many rows, each found by its key, all of them or none. Takes of each row the key and
    /// those columns ([`Table::values_of`]).
    pub(crate) fn update_all(&self, changed: &[&str], condition: &str) -> Batch {
        let (name, taken) = (self.name, [self.key, changed].concat());
        let columns: Vec<&Column> = taken.iter().map(|name| self.column(name)).collect();
        let place = |name: &&&str| taken.iter().position(|one| one == *name).map_or(0, |at| at + 1);
        let each = |names: &[&str], text: &dyn Fn(&&str) -> String, between: &str| {
            names.iter().map(text).collect::<Vec<_>>().join(between)
        };
        let equal = |name: &&str| format!("{name} = ?{}", place(&name));
        let set_new = |name: &&str| format!("{name} = new.{name}");
        let is_new = |column: &&str| format!("{name}.{column} = new.{column}");
        let many = format!(
            "UPDATE {name} SET {} FROM {} WHERE {} AND {name}.{condition}",
            each(changed, &set_new, ", "),
            rows(&columns),
            each(self.key, &is_new, " AND ")
        );
        Batch {
            one: format!(
                "UPDATE {name} SET {} WHERE {} AND {condition}",
                each(changed, &equal, ", "),
                each(self.key, &equal, " AND ")
            ),
            many: Exactly::new("cardinality(?1)", many).or_fails,
        }
    }

    /// The values of a record's key and of some of its columns.
    pub(crate) fn values_of<'row>(&self, changed: &[&str], row: &'row impl Record) -> Vec<Value<'row>> {
        let mut values = row.values();
        let place = |name: &&str| self.columns.iter().position(|column| column.name == **name);
        let places = self.key.iter().chain(changed).filter_map(|name| place(name));
        places.map(|at| std::mem::replace(&mut values[at], Value::Null)).collect()
    }

    /// Changes all columns of the row of a key; takes the values of `insert`.
    pub(crate) fn update(&self) -> String {
        let columns = self.all_columns();
        let (keys, others): (Vec<_>, Vec<_>) =
            columns.iter().zip(1..).partition(|(column, _)| self.key.contains(&column.name.as_str()));
        let equal = |(column, place): &(&&Column, i32)| format!("{} = ?{place}", column.name);
        let set: Vec<String> = others.iter().map(equal).collect();
        let found: Vec<String> = keys.iter().map(equal).collect();
        format!("UPDATE {} SET {} WHERE {}", self.name, set.join(", "), found.join(" AND "))
    }
}

fn listed(columns: &[Column], prefix: &str) -> String {
    names(&columns.iter().collect::<Vec<_>>(), prefix)
}

/// `a, b, c`, each after `prefix`.
pub(crate) fn names(columns: &[&Column], prefix: &str) -> String {
    columns.iter().map(|column| format!("{prefix}{}", column.name)).collect::<Vec<_>>().join(", ")
}

/// `?1, ?2, ?3`.
fn places(count: usize) -> String {
    (1..=count).map(|place| format!("?{place}")).collect::<Vec<_>>().join(", ")
}

/// Columns of many rows that come as arrays, the first of them as `?{first}`.
pub(crate) fn arrays(columns: &[&Column], first: usize) -> String {
    let array = |(column, place): (&&Column, usize)| format!("?{place}::{}[]", column.kind.on_postgres());
    columns.iter().zip(first..).map(array).collect::<Vec<_>>().join(", ")
}

/// Many rows that come as arrays, under the names of the columns.
fn rows(columns: &[&Column]) -> String {
    format!("unnest({}) AS new ({})", arrays(columns, 1), names(columns, ""))
}

fn put(table: &str, key: &[&str], columns: &[&Column], kept: &[&str]) -> Put {
    let keys = key.join(", ");
    let is_key = |column: &Column| key.contains(&column.name.as_str());
    let updated: Vec<usize> = (0..columns.len()).filter(|at| !kept.contains(&columns[*at].name.as_str())).collect();
    let taken: Vec<&Column> = updated.iter().map(|at| columns[*at]).collect();
    let changed: Vec<&Column> = taken.iter().copied().filter(|column| !is_key(column)).collect();
    let place = |column: &Column| taken.iter().position(|one| one.name == column.name).map_or(0, |at| at + 1);
    let new = |column: &Column| format!("?{}", place(column));
    let each = |columns: &[&Column], text: &dyn Fn(&Column) -> String, between: &str| {
        columns.iter().map(|column| text(column)).collect::<Vec<_>>().join(between)
    };
    let key_columns: Vec<&Column> = taken.iter().copied().filter(|column| is_key(column)).collect();
    let conflict = format!("ON CONFLICT ({keys}) DO NOTHING");
    let all = names(columns, "");
    let old_keys = each(&key_columns, &|column| format!("old.{}::text", column.name), ", ");
    Put {
        insert: Batch {
            one: format!("INSERT INTO {table} ({all}) VALUES ({}) {conflict}", places(columns.len())),
            many: format!(
                "INSERT INTO {table} ({all}) SELECT {all} FROM {} ORDER BY {keys} {conflict} RETURNING {}",
                rows(columns),
                each(&key_columns, &|column| format!("{}::text", column.name), ", ")
            ),
        },
        update: Batch {
            one: format!(
                "UPDATE {table} SET {} WHERE {} AND ({}) IS DISTINCT FROM ({})",
                each(&changed, &|column| format!("{} = {}", column.name, new(column)), ", "),
                each(&key_columns, &|column| format!("{} = {}", column.name, new(column)), " AND "),
                names(&changed, ""),
                each(&changed, &new, ", ")
            ),
            many: format!(
                "UPDATE {table} AS old SET {} FROM {} WHERE {} AND ({}) IS DISTINCT FROM ({}) RETURNING {old_keys}",
                each(&changed, &|column| format!("{0} = new.{0}", column.name), ", "),
                rows(&taken),
                each(&key_columns, &|column| format!("old.{0} = new.{0}", column.name), " AND "),
                names(&changed, "old."),
                names(&changed, "new.")
            ),
        },
        updated,
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

            fn values(&self) -> Vec<$crate::value::Value<'_>> {
                vec![$($crate::record::record!(@bound self.$field, $($codec)?)),+]
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
        $crate::value::$codec::column(|row: &$type| &row.$field, stringify!($field))
    };
    (@read $row:ident,) => { $row.take()? };
    (@read $row:ident, $codec:ident) => { $crate::value::$codec::read($row)? };
    (@bound $value:expr,) => { $crate::value::Bound::bound(&$value) };
    (@bound $value:expr, $codec:ident) => { $crate::value::$codec::bound(&$value) };
}
pub(crate) use record;
