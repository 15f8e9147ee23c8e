//! A book of PostgreSQL as the sample reads it (取样·PostgreSQL): the tables of one schema and all their rows.

use super::postgres::connect;
use super::sample::{Book, Rows, Stored, Table};
use anyhow::Context;
use std::collections::BTreeMap;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use tokio_postgres::Client;

/// A schema, which the platform writes meanwhile.
pub(crate) struct PostgresBook {
    runtime: Runtime,
    tasks: LocalSet,
    client: Client,
    schema: String,
    tables: Vec<Table>,
}

/// Tables of a schema, and which others each refers to.
const TABLES: &str = "
    SELECT c.relname::text, ARRAY(SELECT p.relname::text FROM pg_constraint f JOIN pg_class p ON p.oid = f.confrelid
                                  WHERE f.conrelid = c.oid AND f.contype = 'f' AND p.oid <> c.oid)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY 1";

/// Columns of a table that a row is written with: what the engine numbers by itself is not among them.
const COLUMNS: &str = "
    SELECT a.attname::text, format_type(a.atttypid, a.atttypmod), coalesce(a.attnum = ANY (k.conkey), false)
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype = 'p'
     WHERE n.nspname = $1 AND c.relname = $2 AND a.attidentity = '' AND a.attgenerated = '' ORDER BY a.attnum";

impl PostgresBook {
    /// Opens the schema of this database.
    pub(crate) fn open(url: &str, schema: &str) -> anyhow::Result<PostgresBook> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().context("启动取样")?;
        let tasks = LocalSet::new();
        let (client, tables) = tasks.block_on(&runtime, async {
            let client = connect(url).await?;
            let tables = tables(&client, schema).await?;
            anyhow::Ok((client, tables))
        })?;
        Ok(PostgresBook { runtime, tasks, client, schema: schema.to_owned(), tables })
    }
}

impl Book for PostgresBook {
    fn tables(&self) -> &[Table] {
        &self.tables
    }

    fn rows(&mut self) -> anyhow::Result<Rows> {
        let (client, schema, tables) = (&self.client, &self.schema, &self.tables);
        self.tasks.block_on(&self.runtime, async {
            let mut all = Vec::new();
            for table in tables {
                all.push(rows(client, schema, table).await?);
            }
            Ok(all)
        })
    }

    fn placeholder(&self, number: usize, column_type: &str) -> String {
        format!("${number}::{column_type}")
    }
}

async fn tables(client: &Client, schema: &str) -> anyhow::Result<Vec<Table>> {
    let mut waiting: Vec<(String, Vec<String>)> = Vec::new();
    for row in client.query(TABLES, &[&schema]).await.context("账册的表")? {
        waiting.push((row.get(0), row.get(1)));
    }
    let mut tables: Vec<Table> = Vec::new();
    while !waiting.is_empty() {
        let is_known = |parent: &String| tables.iter().any(|table| table.name == *parent);
        let ready = waiting.iter().position(|(_, parents)| parents.iter().all(is_known)).context("外键成环")?;
        let (name, _) = waiting.remove(ready);
        let found = client.query(COLUMNS, &[&schema, &name]).await.context("账册的列")?;
        let columns: Vec<String> = found.iter().map(|row| row.get(0)).collect();
        let types = found.iter().map(|row| row.get(1)).collect();
        let key: Vec<String> = found.iter().filter(|row| row.get(2)).map(|row| row.get(0)).collect();
        tables.push(Table::new(name, columns, types, &key));
    }
    Ok(tables)
}

async fn rows(client: &Client, schema: &str, table: &Table) -> anyhow::Result<BTreeMap<Vec<Stored>, Vec<Stored>>> {
    let columns: Vec<String> = table.columns.iter().map(|column| format!("\"{column}\"::text")).collect();
    let sql = format!("SELECT {} FROM \"{schema}\".\"{}\"", columns.join(", "), table.name);
    let mut rows = BTreeMap::new();
    for row in client.query(&sql, &[]).await.with_context(|| sql.clone())? {
        let value = |(place, column_type): (usize, &String)| stored(row.get(place), column_type);
        let values = table.types.iter().enumerate().map(value).collect::<anyhow::Result<Vec<_>>>()?;
        rows.insert(table.key_of(&values), values);
    }
    Ok(rows)
}

fn stored(text: Option<String>, column_type: &str) -> anyhow::Result<Stored> {
    Ok(match (text, column_type) {
        (None, _) => Stored::Null,
        (Some(text), "bigint" | "integer" | "smallint") => Stored::Integer(text.parse().context("账册里的整数")?),
        (Some(text), _) => Stored::Text(text),
    })
}
