//! A record's description: its table, its columns, how a row is read and written. One for all engines: whatever an
//! engine says or asks about a table is made from it.

mod column;
mod statement;

use crate::value::{Unreadable, Value};
use column::rows;
pub(crate) use column::{Column, Columns, Read, blank, each, each_from};
pub use statement::Change;
pub(crate) use statement::{Batch, Exactly, Put};
use statement::{changed, put};

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
