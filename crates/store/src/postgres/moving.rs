//! Handing a book over and taking one over; and having the nodes of a Citus cluster share the schemas.

use super::PostgresStore;
use super::line::{Line, Step};
use super::migration::schema_of;
use super::trouble::Trouble;
use crate::book::{reference_tables, tables};
use crate::fault::Fault;
use crate::moving::{Outgoing, Receive, TextRow};
use crate::record::{Table, each};
use yibao_domain::code::Pool;

const OUT: &str = "搬出账册";
const IN: &str = "搬入账册";
const SHARING: &str = "分布账册";

/// Rows read or written at a time.
const CHUNK: usize = 5_000;

impl PostgresStore {
    /// Hands the book over and renames its schema; says what it is called now.
    pub(super) fn give_away(&self, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault> {
        let schema = schema_of(pool);
        let kept = format!("moved_{}", pool.as_str());
        let fault = |trouble: Trouble| trouble.fault(OUT, &schema);
        let mut line = self.line(&schema)?;
        // Whoever serves the book meanwhile waits, and afterwards finds no book to record in.
        line.batch("SET idle_in_transaction_session_timeout = 0").map_err(fault)?;
        line.batch(&format!("BEGIN READ WRITE; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", names().join(", ")))
            .map_err(fault)?;
        receive(&mut Still { line: &mut line })?;
        line.batch(&format!("ALTER SCHEMA {schema} RENAME TO {kept}; COMMIT")).map_err(fault)?;
        Ok(kept)
    }

    /// Fills the pool's book, which must be empty, with all rows of another.
    pub(super) fn receive(&self, pool: &Pool, from: &mut dyn Outgoing) -> Result<(), Fault> {
        let schema = schema_of(pool);
        let fault = |trouble: Trouble| trouble.fault(IN, &schema);
        let mut line = self.line(&schema)?;
        line.batch("SET idle_in_transaction_session_timeout = 0").map_err(fault)?;
        line.batch(&format!("BEGIN READ WRITE; LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", names().join(", ")))
            .map_err(fault)?;
        for table in names() {
            if line.ask(&format!("SELECT 1 FROM {table} LIMIT 1"), &[]).map_err(fault)?.is_empty() {
                continue;
            }
            return Err(Fault::new(IN, &schema, format!("目标账册不是空的（{table} 已有记录），不能搬入")));
        }
        for table in tables() {
            take_table(&mut line, table, from)?;
        }
        line.batch("COMMIT; ANALYZE").map_err(fault)
    }

    /// Has Citus place the pool's schema on a node of its own choice, and the reference data on every node.
    pub(super) fn share(&self, pool: &Pool) -> Result<(), Fault> {
        let schema = schema_of(pool);
        let fault = |trouble: Trouble| trouble.fault(SHARING, &schema);
        let mut line = self.line(&schema)?;
        if line.ask("SELECT 1 FROM pg_extension WHERE extname = 'citus'", &[]).map_err(fault)?.is_empty() {
            let why = "这个数据库没有 citus 扩展；请先在各节点安装并 CREATE EXTENSION citus（docs/scale.md），\
                       或把统筹区搬到另一台服务器（yibao store move）";
            return Err(Fault::new(SHARING, &self.address.shown, why));
        }
        let known = "SELECT 1 FROM pg_dist_partition WHERE logicalrelid = $1::text::regclass AND partmethod = 'n'";
        for Table { name, .. } in reference_tables() {
            if line.ask(known, &[name]).map_err(fault)?.is_empty() {
                line.batch(&format!("SELECT create_reference_table('{name}')")).map_err(fault)?;
            }
        }
        line.batch(&format!("SELECT citus_schema_distribute('{schema}')")).map_err(fault)
    }
}

fn names() -> Vec<&'static str> {
    tables().into_iter().map(|table| table.name).collect()
}

/// A book whose tables are locked.
struct Still<'book> {
    line: &'book mut Line,
}

impl Outgoing for Still<'_> {
    fn each_row(
        &mut self,
        table: &'static str,
        columns: &[String],
        take: &mut dyn FnMut(TextRow) -> Result<(), Fault>,
    ) -> Result<u64, Fault> {
        let fault = |trouble: Trouble| trouble.fault(OUT, table);
        let texts: Vec<String> = columns.iter().map(|column| format!("{column}::text")).collect();
        let order = if table == "settlement" { "ORDER BY recorded" } else { "" };
        let cursor = format!("DECLARE out NO SCROLL CURSOR FOR SELECT {} FROM {table} {order}", texts.join(", "));
        self.line.batch(&cursor).map_err(fault)?;
        let mut count = 0;
        loop {
            // Another text for each table: a prepared statement keeps the columns that it was prepared with.
            let rows = self.line.ask(&format!("FETCH {CHUNK} FROM out /* {table} */"), &[]).map_err(fault)?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let texts = (0..columns.len()).map(|at| row.try_get(at)).collect::<Result<TextRow, _>>();
                take(texts.map_err(|error| fault(error.into()))?)?;
                count += 1;
            }
        }
        self.line.batch("CLOSE out").map_err(fault)?;
        Ok(count)
    }
}

fn take_table(line: &mut Line, table: &'static Table, from: &mut dyn Outgoing) -> Result<(), Fault> {
    let Table { name, columns, .. } = table;
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    // Where only we have a column (the order of settlements) it is numbered anew, in the order of the rows.
    let insert = format!(
        "INSERT INTO {name} ({0}) OVERRIDING SYSTEM VALUE
         SELECT {1} FROM unnest({2}) WITH ORDINALITY AS row ({0}, place) ORDER BY place",
        each(columns, "#", ", "),
        each(columns, "#::%", ", "),
        each(columns, "@::text[]", ", ")
    );
    let mut waiting: Vec<Vec<Option<String>>> = vec![Vec::with_capacity(CHUNK); columns.len()];
    from.each_row(name, &names, &mut |row| {
        for (column, value) in waiting.iter_mut().zip(row) {
            column.push(value);
        }
        if waiting[0].len() == CHUNK { put(line, name, &insert, &mut waiting) } else { Ok(()) }
    })?;
    put(line, name, &insert, &mut waiting)?;
    if names.iter().any(|column| column == "seq") {
        // Where the server numbers the rows, it goes on after the last.
        let next = format!(
            "SELECT setval(own, (SELECT coalesce(max(seq), 0) + 1 FROM {name}), false)
             FROM pg_get_serial_sequence('{name}', 'seq') AS own WHERE own IS NOT NULL"
        );
        line.batch(&next).map_err(|trouble| trouble.fault(IN, name))?;
    }
    Ok(())
}

fn put(line: &mut Line, table: &str, insert: &str, waiting: &mut [Vec<Option<String>>]) -> Result<(), Fault> {
    if waiting[0].is_empty() {
        return Ok(());
    }
    let values = waiting.iter().map(|column| column as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
    let answers = line.fly(&[Step::Run(insert, values)]);
    answers.into_iter().try_for_each(|answer| answer.map(drop)).map_err(|trouble| trouble.fault(IN, table))?;
    waiting.iter_mut().for_each(Vec::clear);
    Ok(())
}
