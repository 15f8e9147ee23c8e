//! A book of SQLite as the sample reads it (取样·嵌入式): its tables and all their rows.

use super::sample::{Book, Rows, Stored, Table};
use super::sqlite;
use anyhow::{Context, bail};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::collections::BTreeMap;
use std::path::Path;

/// A book in a file, which the platform writes meanwhile.
pub(crate) struct SqliteBook {
    connection: Connection,
    tables: Vec<Table>,
}

impl SqliteBook {
    /// Opens the file.
    pub(crate) fn open(file: &Path) -> anyhow::Result<SqliteBook> {
        let connection = sqlite::open(file)?;
        let tables = tables(&connection)?;
        Ok(SqliteBook { connection, tables })
    }
}

impl Book for SqliteBook {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn rows(&mut self) -> anyhow::Result<Rows> {
        self.tables.iter().map(|table| rows(&self.connection, table)).collect()
    }

    fn placeholder(&self, number: usize, _: &str) -> String {
        format!("?{number}")
    }
}

/// The tables, those that others refer to first.
fn tables(book: &Connection) -> anyhow::Result<Vec<Table>> {
    let named = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name";
    let mut names = texts(book, named)?;
    let mut tables: Vec<Table> = Vec::new();
    while !names.is_empty() {
        let is_known = |parent: &String| tables.iter().any(|table| table.name == *parent);
        let mut ready = None;
        for (place, name) in names.iter().enumerate() {
            let parents = texts(book, &format!("SELECT \"table\" FROM pragma_foreign_key_list('{name}')"))?;
            if parents.iter().all(|parent| parent == name || is_known(parent)) {
                ready = Some(place);
                break;
            }
        }
        let name = names.remove(ready.context("外键成环")?);
        let of =
            |what: &str, rest: &str| texts(book, &format!("SELECT {what} FROM pragma_table_info('{name}') {rest}"));
        let columns = of("name", "ORDER BY cid")?;
        let types = of("type", "ORDER BY cid")?;
        let key = of("name", "WHERE pk > 0 ORDER BY pk")?;
        tables.push(Table::new(name, columns, types, &key));
    }
    Ok(tables)
}

fn texts(book: &Connection, sql: &str) -> anyhow::Result<Vec<String>> {
    let mut statement = book.prepare(sql)?;
    let found = statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    Ok(found)
}

fn rows(book: &Connection, table: &Table) -> anyhow::Result<BTreeMap<Vec<Stored>, Vec<Stored>>> {
    let mut rows = BTreeMap::new();
    let mut statement = book.prepare(&format!("SELECT {} FROM {}", table.columns.join(", "), table.name))?;
    let mut found = statement.query([])?;
    while let Some(row) = found.next()? {
        let value = |column| stored(row.get_ref(column)?);
        let values = (0..table.columns.len()).map(value).collect::<anyhow::Result<Vec<_>>>()?;
        rows.insert(table.key_of(&values), values);
    }
    Ok(rows)
}

fn stored(value: ValueRef<'_>) -> anyhow::Result<Stored> {
    Ok(match value {
        ValueRef::Null => Stored::Null,
        ValueRef::Integer(number) => Stored::Integer(number),
        ValueRef::Text(text) => Stored::Text(String::from_utf8(text.to_vec()).context("账册里的文本")?),
        ValueRef::Real(_) | ValueRef::Blob(_) => bail!("账册里有参照不认识的类型"),
    })
}
