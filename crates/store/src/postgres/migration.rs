//! Bringing a schema to this program's version: numbered steps, forward only, all or none, one program at a time.

use super::line::Line;
use super::trouble::Trouble;
use crate::book::Steps;
use crate::fault::Fault;
use yibao_domain::code::Pool;

/// The schema of providers and the catalogue.
pub(super) const REFERENCE_SCHEMA: &str = "reference";
/// Before the pool's code in the name of its schema.
pub(super) const BOOK_PREFIX: &str = "book_";

/// Taken while a schema is brought up to date: any number that other programs are unlikely to use.
const TURN: &str = "SELECT pg_advisory_xact_lock(7962626)";

/// The schema of a pool's book, quoted.
pub(super) fn schema_of(pool: &Pool) -> String {
    format!("\"{BOOK_PREFIX}{}\"", pool.as_str())
}

/// Applies the steps that the schema lacks. `schema` is quoted where it has to be, and may not exist.
pub(super) fn apply(line: &mut Line, schema: &str, steps: Steps) -> Result<(), Fault> {
    const DOING: &str = "升级数据库结构";
    // Looked at without the turn first: opening what is up to date waits for nobody.
    if version(line, schema, steps)? == Some(steps.len()) {
        return Ok(());
    }
    let fault = |trouble: Trouble| trouble.fault(DOING, schema);
    line.batch("BEGIN READ WRITE").map_err(fault)?;
    line.batch(TURN).map_err(fault)?;
    let outcome = take_steps(line, schema, steps);
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = line.batch(end).map_err(fault);
    outcome.and(ended)
}

fn take_steps(line: &mut Line, schema: &str, steps: Steps) -> Result<(), Fault> {
    const DOING: &str = "升级数据库结构";
    let version = match version(line, schema, steps)? {
        Some(version) => version,
        None => {
            let create =
                format!("CREATE SCHEMA IF NOT EXISTS {schema}; SET LOCAL search_path = {schema}; {VERSION_TABLE}");
            line.batch(&create).map_err(|trouble| trouble.fault(DOING, schema))?;
            0
        }
    };
    line.batch(&format!("SET LOCAL search_path = {schema}")).map_err(|trouble| trouble.fault(DOING, schema))?;
    for (number, (name, sql)) in (1_i32..).zip(steps).skip(version) {
        line.batch(&format!("{sql}; INSERT INTO migration (number, name) VALUES ({number}, '{name}')"))
            .map_err(|trouble| trouble.fault(DOING, name))?;
    }
    Ok(())
}

/// The last step that the schema has; none where it does not exist or is empty. Refuses foreign and newer schemas.
pub(super) fn version(line: &mut Line, schema: &str, steps: Steps) -> Result<Option<usize>, Fault> {
    const DOING: &str = "打开数据库";
    let fault = |trouble: Trouble| trouble.fault(DOING, schema);
    let has_steps = "SELECT to_regclass($1) IS NOT NULL,
                            EXISTS (SELECT FROM pg_class WHERE relnamespace = to_regnamespace($2)::oid)";
    let table = format!("{schema}.migration");
    let rows = line.ask(has_steps, &[&table, &schema]).map_err(fault)?;
    let (has_steps, has_tables) = match rows.first() {
        Some(row) => (
            row.try_get::<_, bool>(0).map_err(|error| fault(error.into()))?,
            row.try_get::<_, bool>(1).map_err(|error| fault(error.into()))?,
        ),
        None => (false, false),
    };
    let foreign =
        || Fault::new(DOING, schema, "这个模式（schema）里不是本程序的表，请检查地址（--data）里的库名是否写对");
    if !has_steps {
        return if has_tables { Err(foreign()) } else { Ok(None) };
    }
    let rows = line.ask(&format!("SELECT number, name FROM {table} ORDER BY number"), &[]).map_err(fault)?;
    for (position, row) in rows.iter().enumerate() {
        let number: i32 = row.try_get(0).map_err(|_| foreign())?;
        let name: String = row.try_get(1).map_err(|_| foreign())?;
        match steps.get(position) {
            Some((known, _)) if *known == name => {}
            Some(_) => return Err(foreign()),
            None => {
                let newest = rows.last().and_then(|last| last.try_get::<_, i32>(0).ok()).unwrap_or(number);
                let known = steps.len();
                return Err(Fault::new(
                    DOING,
                    schema,
                    format!("库的版本是{newest}，本程序只认识到版本{known}：库由更新的程序写过，请改用那个版本的程序"),
                ));
            }
        }
    }
    Ok(Some(rows.len()))
}

const VERSION_TABLE: &str = "CREATE TABLE migration (number integer PRIMARY KEY, name text NOT NULL)";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::tests::{Found, check_described};
    use crate::book::{POSTGRES_BOOK, POSTGRES_REFERENCE, reference_tables, tables};
    use crate::ledger::older;
    use crate::postgres::words::spoken;
    use crate::record::Table;
    use yibao_cluster::Cluster;

    #[track_caller]
    fn check_tables(line: &mut Line, schema: &str, steps: Steps, tables: &[&Table]) {
        apply(line, schema, steps).unwrap();
        // The server's own numbers are columns of the book only where rows are read by them.
        let sql = "SELECT relname::text, attname::text,
                          replace(format_type(atttypid, atttypmod), 'timestamp without time zone', 'timestamp'),
                          NOT attnotnull, coalesce(attnum = ANY(indkey), false)
                   FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
                                 LEFT JOIN pg_index ON indrelid = pg_class.oid AND indisprimary
                   WHERE relnamespace = $1::text::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition AND relname <> 'migration'
                     AND attnum > 0 AND NOT attisdropped AND (relname, attname) <> ('settlement', 'recorded')";
        let rows = line.ask(sql, &[&schema]).unwrap();
        let found = rows.iter().map(|row| Found {
            table: row.get(0),
            column: row.get(1),
            kind: row.get(2),
            is_nullable: row.get(3),
            is_key: row.get(4),
        });
        check_described(found.collect(), tables, |column| column.kind.on_postgres());
    }

    #[test]
    fn every_column_of_every_table_is_described_once() {
        let cluster = Cluster::start(&["fsync=off"]).unwrap();
        let mut line = Line::open(&cluster.url("postgres").parse().unwrap()).unwrap();
        line.batch("SET default_transaction_read_only = off").unwrap();
        check_tables(&mut line, "book", POSTGRES_BOOK, &tables());
        check_tables(&mut line, REFERENCE_SCHEMA, POSTGRES_REFERENCE, &reference_tables());
    }

    #[test]
    fn an_older_book_gets_its_journal_entries_and_account_movements() {
        let (before, with) = older::steps(POSTGRES_BOOK);
        let cluster = Cluster::start(&["fsync=off"]).unwrap();
        let mut line = Line::open(&cluster.url("postgres").parse().unwrap()).unwrap();
        line.batch("SET default_transaction_read_only = off").unwrap();
        apply(&mut line, "book", before).unwrap();
        line.batch(&format!("SET search_path = book; {}", older::book())).unwrap();
        apply(&mut line, "book", with).unwrap();
        let mut lines = |sql: &str| -> Vec<String> {
            let rows = line.ask(&spoken(sql), &[]).unwrap();
            rows.iter().map(|row| row.get(0)).collect()
        };
        for (sql, expected) in older::EXPECTED {
            assert_eq!(lines(sql), *expected);
        }
        assert_eq!(older::asked().flat_map(lines).collect::<Vec<_>>(), Vec::<String>::new());
    }
}
