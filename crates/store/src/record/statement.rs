//! The statements that are made of a table's columns: for one row and for many, and those that change exactly so many.

use super::column::{Column, each, each_from, rows};

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

/// Changes some of the columns of a row, or of many rows (`old`), found by its key.
pub(super) fn changed(table: &str, key: &[&str], taken: &[Column], is_changed: impl Fn(&str) -> bool) -> Batch {
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

pub(super) fn put(table: &str, key: &[&str], columns: &[Column], kept: &[&str]) -> Put {
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
