//! Bringing a file's schema to this program's version: numbered steps, forward only, all or none.

use super::statement::OrFault;
use crate::book::{SQLITE_BOOK, SQLITE_REFERENCE, Steps};
use crate::fault::Fault;
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// The schema of one kind of file.
pub(super) struct Schema {
    /// Marks the kind of file in its header, so that no foreign database is taken for a book.
    application_id: i32,
    pub(super) steps: Steps,
}

/// A pool's book; the mark reads `ybbk`.
pub(super) const BOOK: Schema = Schema { application_id: 0x7962_626b, steps: SQLITE_BOOK };

/// Reference data; the mark reads `ybrf`.
pub(super) const REFERENCE: Schema = Schema { application_id: 0x7962_7266, steps: SQLITE_REFERENCE };

impl Schema {
    fn newest(&self) -> usize {
        self.steps.len()
    }

    /// Applies the steps that the file lacks. `file` names it in faults.
    pub(super) fn apply(&self, connection: &mut Connection, file: &str) -> Result<(), Fault> {
        const DOING: &str = "升级数据文件";
        // Looked at without the write turn first: a file that is up to date is opened beside a busy writer.
        let open = connection.transaction_with_behavior(TransactionBehavior::Deferred).or_fault(DOING, file)?;
        let version = self.version(&open, file)?;
        drop(open);
        if version == Some(self.newest()) {
            return Ok(());
        }
        let open = connection.transaction_with_behavior(TransactionBehavior::Immediate).or_fault(DOING, file)?;
        let version = match self.version(&open, file)? {
            Some(version) => version,
            None => {
                open.pragma_update(None, "application_id", self.application_id).or_fault(DOING, file)?;
                open.execute_batch(VERSION_TABLE).or_fault(DOING, file)?;
                0
            }
        };
        for (number, (name, sql)) in (1_i64..).zip(self.steps).skip(version) {
            open.execute_batch(sql).or_fault(DOING, name)?;
            open.execute("INSERT INTO migration (number, name) VALUES (?1, ?2)", (number, name))
                .or_fault(DOING, name)?;
        }
        open.commit().or_fault(DOING, file)
    }

    /// The last step that the file has; none where the file is new. Refuses foreign and newer files.
    fn version(&self, open: &Transaction<'_>, file: &str) -> Result<Option<usize>, Fault> {
        const DOING: &str = "打开数据文件";
        let number = |sql: &str| open.query_row(sql, [], |row| row.get::<_, i64>(0)).or_fault(DOING, file);
        let mark = number("PRAGMA application_id")?;
        if mark == 0 && number("SELECT count(*) FROM sqlite_schema")? == 0 {
            return Ok(None);
        }
        if mark != i64::from(self.application_id) {
            return Err(Fault::new(DOING, file, "这不是本程序的数据文件，请检查数据目录（--data）是否写对"));
        }
        let version = number("SELECT coalesce(max(number), 0) FROM migration")?;
        match usize::try_from(version) {
            Ok(version) if version <= self.newest() => Ok(Some(version)),
            _ => Err(Fault::new(
                DOING,
                file,
                format!(
                    "数据文件的版本是{version}，本程序只认识到版本{}：文件由更新的程序写过，请改用那个版本的程序",
                    self.newest()
                ),
            )),
        }
    }
}

const VERSION_TABLE: &str = "-- The steps this file has been through.
CREATE TABLE migration (
    number INTEGER PRIMARY KEY,
    name   TEXT NOT NULL
) STRICT";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::tests::{Found, check_described};
    use crate::book::{reference_tables, tables};
    use crate::ledger::older;
    use crate::record::Table;
    use crate::value::Kind;
    use std::fs;
    use std::path::{Path, PathBuf};

    fn folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite")
    }

    /// Compares with the committed snapshot; `UPDATE_SNAPSHOTS=1` writes it anew, to be read in the diff.
    #[track_caller]
    fn check_snapshot(schema: &Schema, snapshot: &str) {
        let mut connection = Connection::open_in_memory().unwrap();
        schema.apply(&mut connection, "test").unwrap();
        let mut statement = connection
            .prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY tbl_name, type DESC, name")
            .unwrap();
        let parts: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let migrated = parts.join(";\n\n") + ";\n";
        let path = folder().join(snapshot);
        if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::write(&path, &migrated).unwrap();
        }
        assert_eq!(migrated, fs::read_to_string(&path).unwrap(), "UPDATE_SNAPSHOTS=1 writes {snapshot} anew");
    }

    #[test]
    fn the_migrated_schema_is_the_committed_one() {
        check_snapshot(&BOOK, "book.schema.sql");
        check_snapshot(&REFERENCE, "reference.schema.sql");
    }

    #[track_caller]
    fn check_tables(schema: &Schema, tables: &[&Table]) {
        let mut connection = Connection::open_in_memory().unwrap();
        schema.apply(&mut connection, "test").unwrap();
        let sql = "SELECT found.name, own.name, own.type, NOT own.\"notnull\", own.pk > 0
                   FROM sqlite_schema AS found, pragma_table_info(found.name) AS own
                   WHERE found.type = 'table' AND found.name <> 'migration'";
        let mut statement = connection.prepare(sql).unwrap();
        let found = statement
            .query_map([], |row| {
                Ok(Found {
                    table: row.get(0)?,
                    column: row.get(1)?,
                    kind: row.get(2)?,
                    is_nullable: row.get(3)?,
                    is_key: row.get(4)?,
                })
            })
            .unwrap();
        check_described(found.map(Result::unwrap).collect(), tables, |column| match column.kind {
            Kind::Whole | Kind::Small | Kind::Truth => "INTEGER",
            Kind::Text | Kind::Number | Kind::Day | Kind::Moment => "TEXT",
        });
    }

    #[test]
    fn every_column_of_every_table_is_described_once() {
        check_tables(&BOOK, &tables());
        check_tables(&REFERENCE, &reference_tables());
    }

    #[test]
    fn an_older_file_takes_only_the_steps_it_lacks() {
        const OLDER: Schema = Schema { application_id: BOOK.application_id, steps: BOOK.steps.split_at(3).0 };
        let mut connection = Connection::open_in_memory().unwrap();
        OLDER.apply(&mut connection, "test").unwrap();
        connection.execute("INSERT INTO person VALUES ('P1', '01', 'C1', '张三', '1', NULL, '01', '')", []).unwrap();
        BOOK.apply(&mut connection, "test").unwrap();
        let kept: i64 = connection.query_row("SELECT count(*) FROM person", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 1);
        let refused = OLDER.apply(&mut connection, "test").unwrap_err().chain();
        assert!(refused.contains(&format!("版本是{}，本程序只认识到版本3", BOOK.steps.len())), "{refused}");
    }

    #[test]
    fn an_older_book_gets_its_journal_entries_and_account_movements() {
        let (before, with) = older::steps(BOOK.steps);
        let mut connection = Connection::open_in_memory().unwrap();
        let apply = |connection: &mut Connection, steps| Schema { steps, ..BOOK }.apply(connection, "test").unwrap();
        apply(&mut connection, before);
        connection.execute_batch(&older::book()).unwrap();
        apply(&mut connection, with);
        let lines = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
        };
        for (sql, expected) in older::EXPECTED {
            assert_eq!(lines(sql), *expected);
        }
        assert_eq!(older::asked().flat_map(lines).collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn what_the_register_has_of_an_older_book_counts_at_its_care_and_all_else_when_it_was_first_recorded() {
        const OLDER: Schema = Schema { application_id: BOOK.application_id, steps: BOOK.steps.split_at(20).0 };
        let mut connection = Connection::open_in_memory().unwrap();
        OLDER.apply(&mut connection, "test").unwrap();
        // A row of nothing but what its step asks for, and these columns.
        let add = |table: &str, columns: &[(&str, &str)]| {
            let mut statement =
                connection.prepare(&format!("SELECT name, type FROM pragma_table_info('{table}')")).unwrap();
            let known = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)));
            let (mut names, mut values) = (Vec::new(), Vec::new());
            for (name, kind) in known.unwrap().map(Result::unwrap) {
                let given = columns.iter().find(|(column, _)| *column == name).map(|(_, value)| format!("'{value}'"));
                let blank = if kind == "TEXT" { "'x'" } else { "0" };
                values.push(given.unwrap_or_else(|| blank.to_owned()));
                names.push(name);
            }
            let sql = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", "));
            connection.execute(&sql, []).unwrap();
        };
        let (begun, left, settled) = ("2021-07-12 08:00:00", "2021-07-14 10:00:00", "2021-07-20 09:00:00");
        add("person", &[("psn_no", "P1")]);
        for (id, setting) in [("visit", "outpatient"), ("stay", "inpatient"), ("live", "outpatient")] {
            let state = if id == "stay" { "discharged" } else { "open" };
            let of = [("mdtrt_id", id), ("psn_no", "P1"), ("setting", setting), ("state", state), ("begntime", begun)];
            add("encounter", &[&of[..], &[("endtime", left)]].concat());
        }
        let settlement = |id: &str, of: &str, round: &str, restores: &str, at: &str| {
            let keys = [("setl_id", id), ("mdtrt_id", of), ("round", round), ("restores", restores), ("psn_no", "P1")];
            add("settlement", &[&keys[..], &[("setl_time", at), ("enddate", "2021-07-14")]].concat());
        };
        settlement("S1", "visit", "1", "", settled);
        settlement("S2", "stay", "1", "", settled);
        settlement("S3", "live", "1", "", settled);
        settlement("S4", "live", "2", "S3", "2021-07-25 09:00:00");
        for (number, kind, setl_id) in [("T1", "cash_visit", "S1"), ("T2", "deferred_discharge", "S2")] {
            let entry = [("number", number), ("kind", kind), ("setl_id", setl_id), ("version", "1"), ("details", "{}")];
            add("register_entry", &entry);
        }
        BOOK.apply(&mut connection, "test").unwrap();
        let mut statement = connection.prepare("SELECT counts_at FROM settlement ORDER BY setl_id").unwrap();
        let found: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(found, [begun, left, settled, settled]);
    }

    #[test]
    fn receipts_that_were_claimed_by_number_alone_are_claimed_by_issuer_and_number() {
        const OLDER: Schema = Schema { application_id: BOOK.application_id, steps: BOOK.steps.split_at(21).0 };
        let mut connection = Connection::open_in_memory().unwrap();
        OLDER.apply(&mut connection, "test").unwrap();
        let claimed = [
            ("T1", "cash_visit", "H1", "{}", "invoice:00123"),
            ("T2", "cash_visit", "H1", "{}", "invoice:123"),
            ("T3", "papers", "", r#"{"care_provider":"H2"}"#, "invoice:１23"),
            ("T4", "papers", "", "{}", "invoice:A7"),
            ("T5", "transfer", "H3", "{}", "stay:P1:H3:2021-07-10"),
        ];
        for (number, kind, code, details, key) in claimed {
            let entry =
                "INSERT INTO register_entry VALUES (?1, 'p', '', ?2, 'b', ?3, '', '', '', '', '2021-07-10 09:00:00',
                             NULL, '', 0, 0, '', 'waiting', '', 'page', '2021-07-10 09:00:00', 'a', ?4, 1)";
            connection.execute(entry, (number, kind, code, details)).unwrap();
            connection.execute("INSERT INTO claim_right VALUES (?1, ?2)", (key, number)).unwrap();
        }
        BOOK.apply(&mut connection, "test").unwrap();
        let mut statement = connection.prepare("SELECT claim_key, number FROM claim_right ORDER BY claim_key").unwrap();
        let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))).unwrap();
        let held: Vec<(String, String)> = rows.map(Result::unwrap).collect();
        let expected = [("receipt:H1:123", "T1"), ("receipt:H2:123", "T3"), ("stay:P1:H3:2021-07-10", "T5")];
        assert_eq!(held, expected.map(|(key, number)| (key.to_owned(), number.to_owned())));
    }

    #[test]
    fn an_escalation_of_an_older_book_that_was_decided_and_left_waiting_was_passed_up() {
        let at = BOOK.steps.iter().position(|(name, _)| name.ends_with("_passed_up")).unwrap();
        let mut connection = Connection::open_in_memory().unwrap();
        Schema { steps: &BOOK.steps[..at], ..BOOK }.apply(&mut connection, "test").unwrap();
        for (number, kind) in [("T1", "escalation"), ("T2", "own_work")] {
            let entry =
                "INSERT INTO register_entry VALUES (?1, 'p', '', ?2, 'b', '', '', '', '', '', '2021-07-10 09:00:00',
                             NULL, '', 0, 0, '', 'done', '', 'page', '2021-07-10 09:00:00', 'a', '{}', 3)";
            connection.execute(entry, (number, kind)).unwrap();
            for (seq, action, state) in [(1, "register", "waiting"), (2, "decide", "waiting"), (3, "decide", "done")] {
                let event = "INSERT INTO register_event VALUES (?1, ?2, '2021-07-10 09:00:00', 'a', ?3, ?4, '{}', '')";
                connection.execute(event, (number, seq, action, state)).unwrap();
            }
        }
        BOOK.apply(&mut connection, "test").unwrap();
        let mut statement = connection.prepare("SELECT action FROM register_event ORDER BY number, seq").unwrap();
        let actions: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        assert_eq!(actions, ["register", "pass_up", "decide", "register", "decide", "decide"]);
    }

    #[test]
    fn a_step_that_fails_leaves_the_file_as_it_was() {
        const BROKEN: Schema = Schema {
            application_id: BOOK.application_id,
            steps: &[("0001_good", "CREATE TABLE good (id INTEGER)"), ("0002_bad", "CREATE TABLE bad (")],
        };
        let mut connection = Connection::open_in_memory().unwrap();
        assert!(BROKEN.apply(&mut connection, "test").is_err());
        let tables: i64 = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).unwrap();
        assert_eq!(tables, 0);
    }
}
