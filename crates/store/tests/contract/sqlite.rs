//! The embedded engine keeps every promise; and what only a folder of files can get wrong.

use crate::damage::Damage;
use crate::engine::{Engine, book, check_verifies, pool, read, write};
use crate::rows::{add_person, add_with_line, paying, person, settle, settlement, visit};
use rusqlite::Connection;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use tempfile::TempDir;
use yibao_domain::money::Money;
use yibao_store::hazard::Hazard;
use yibao_store::person::Person;
use yibao_store::{SqliteStore, Store};

struct Sqlite {
    dir: TempDir,
}

impl Sqlite {
    fn new() -> Sqlite {
        Sqlite { dir: TempDir::new().unwrap() }
    }

    fn book_file(&self) -> PathBuf {
        self.dir.path().join("books/520500.db")
    }

    fn kept_file(&self) -> PathBuf {
        self.dir.path().join("kept")
    }

    /// The book's file itself, with the rules of the schema switched off.
    fn file(&self) -> Connection {
        let file = Connection::open(self.book_file()).unwrap();
        file.pragma_update(None, "foreign_keys", false).unwrap();
        file.pragma_update(None, "ignore_check_constraints", true).unwrap();
        file
    }
}

impl Engine for Sqlite {
    fn store(&self) -> Box<dyn Store> {
        Box::new(SqliteStore::open(self.dir.path(), &[pool()]).unwrap())
    }

    fn hazardous(&self, hazard: Arc<dyn Hazard>) -> Box<dyn Store> {
        Box::new(SqliteStore::open(self.dir.path(), &[pool()]).unwrap().with_hazard(hazard))
    }

    fn another(&self) -> Box<dyn Engine> {
        Box::new(Sqlite::new())
    }

    fn spoil(&self, sql: &str) {
        self.file().execute_batch(sql).unwrap();
    }

    fn keep(&self) {
        std::fs::copy(self.book_file(), self.kept_file()).unwrap();
    }

    fn bring_back(&self) {
        for beside in ["-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{beside}", self.book_file().display())));
        }
        std::fs::copy(self.kept_file(), self.book_file()).unwrap();
    }

    fn own_damage(&self) -> &'static [Damage] {
        OWN_DAMAGE
    }
}

mod promises {
    crate::every_promise!(super::Sqlite::new());
}

/// The last one takes the index with the rule away, as damage to it would.
const OWN_DAMAGE: &[Damage] = &[
    (
        "账簿文件：结构完整，约束成立",
        &[
            ("UPDATE settlement SET round = 0 WHERE setl_id = 'S2'", "settlement"),
            ("UPDATE encounter SET psn_no = 'P9' WHERE mdtrt_id = 'E2'", "person"),
            ("UPDATE fund_share SET setl_id = 'S9' WHERE setl_id = 'S2'", "settlement"),
        ],
    ),
    (
        "报文：同一交互方同一交易的同一报文只记一次",
        &[(
            "PRAGMA writable_schema = ON;
             UPDATE sqlite_schema SET sql = replace(sql, 'PRIMARY KEY (party, msgid, infno)',
                                                    'CHECK (party IS NOT NULL)')
             WHERE name = 'message';
             DELETE FROM sqlite_schema WHERE name = 'sqlite_autoindex_message_1';
             PRAGMA writable_schema = RESET;
             INSERT INTO message SELECT * FROM message WHERE msgid = 'M-S1'",
            "M-S1/2207：记了2次",
        )],
    ),
];

#[track_caller]
fn check_no_folder(dir: &Path, expected: &str) {
    let refused = SqliteStore::open(dir, &[pool()]).err().unwrap().chain();
    assert!(refused.contains(expected), "{refused}");
    assert!(refused.contains(dir.file_name().unwrap().to_str().unwrap()), "names the folder: {refused}");
}

#[test]
fn a_folder_of_something_else_is_refused() {
    let parent = TempDir::new().unwrap();
    let dir = parent.path().join("photos");
    std::fs::create_dir(&dir).unwrap();
    std::fs::write(dir.join("a.jpg"), "x").unwrap();
    check_no_folder(&dir, "目录里没有医保数据");

    let file = parent.path().join("a.txt");
    std::fs::write(&file, "x").unwrap();
    check_no_folder(&file, "这不是目录");

    let below_file = file.join("data");
    check_no_folder(&below_file, "不能读写");

    let foreign = parent.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    let other = Connection::open(foreign.join("reference.db")).unwrap();
    other.execute_batch("CREATE TABLE note (text TEXT)").unwrap();
    check_no_folder(&foreign, "这不是本程序的数据文件");

    let garbage = parent.path().join("garbage");
    std::fs::create_dir(&garbage).unwrap();
    std::fs::write(garbage.join("reference.db"), "no database at all, but long enough to be read as a header").unwrap();
    check_no_folder(&garbage, "是不是本程序的数据目录");
}

#[test]
fn looking_at_a_folder_does_not_create_one() {
    let parent = TempDir::new().unwrap();
    let missing = parent.path().join("missing");
    let refused = SqliteStore::open_existing(&missing).err().unwrap().chain();
    assert!(refused.contains("目录不存在"), "{refused}");
    assert!(!missing.exists());
    assert!(SqliteStore::open_existing(parent.path()).is_err(), "an empty folder is no data folder");

    SqliteStore::open(&missing, &[pool()]).unwrap();
    assert_eq!(SqliteStore::open_existing(&missing).unwrap().pools().unwrap(), [pool()]);
}

#[test]
fn several_programs_may_create_the_same_folder_at_once() {
    let parent = TempDir::new().unwrap();
    for attempt in 0..10 {
        let dir = parent.path().join(attempt.to_string());
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    let store = SqliteStore::open(&dir, &[pool()]).unwrap_or_else(|fault| panic!("{}", fault.chain()));
                    let mut book = store.open(&pool()).unwrap_or_else(|fault| panic!("{}", fault.chain()));
                    write(book.as_mut(), |tx| tx.next_serial("encounter"));
                });
            }
        });
        let store = SqliteStore::open_existing(&dir).unwrap();
        assert!(write(store.open(&pool()).unwrap().as_mut(), |tx| tx.next_serial("encounter")) >= 5);
    }
}

#[test]
fn a_book_of_a_newer_program_is_refused() {
    let engine = Sqlite::new();
    drop(book(&engine));
    engine.file().execute("INSERT INTO migration (number, name) VALUES (9000, '9000_later')", []).unwrap();
    let refused = SqliteStore::open(engine.dir.path(), &[pool()]).err().unwrap().chain();
    assert!(refused.contains("版本是9000"), "{refused}");
    assert!(refused.contains("更新的程序"), "{refused}");
}

#[test]
fn a_fault_names_the_record_and_no_person() {
    let engine = Sqlite::new();
    let mut book = book(&engine);
    let fault = crate::engine::try_write(book.as_mut(), |tx| {
        add_person(tx, "P1")?;
        add_with_line(tx, &visit("E1", "P1"))?;
        settle(tx, &paying(settlement("S1", "E1", "P1"), Money::yuan(200)))
    })
    .unwrap_err();
    assert_eq!(fault.to_string(), "moving the account for S1");
    assert!(!fault.chain().contains("张三"), "{}", fault.chain());
}

#[test]
fn under_load_the_log_is_moved_into_the_book_and_starts_again() {
    let engine = Sqlite::new();
    let store = engine.store();
    let (mut writer, mut reader) = (store.open(&pool()).unwrap(), store.open(&pool()).unwrap());
    // 160 MB in all, more than twice what the log may hold.
    let long_name = "参".repeat(1_000);
    for chunk in 0..200 {
        write(writer.as_mut(), |tx| {
            for number in 0..266 {
                let psn_no = format!("P{chunk}-{number}");
                tx.put_person(&Person { psn_no, psn_name: long_name.clone(), ..person("P") })?;
            }
            Ok(())
        });
        assert!(read(reader.as_mut(), |tx| tx.person(&format!("P{chunk}-0"))).is_some());
    }
    let log = engine.dir.path().join("books/520500.db-wal").metadata().unwrap().len();
    let book = engine.book_file().metadata().unwrap().len();
    assert!(log < 100_000_000, "the log has {log} bytes");
    assert!(book > 90_000_000, "the book has {book} bytes");
    drop((writer, reader, store));
    assert!(!engine.dir.path().join("books/520500.db-wal").exists(), "closing moves the rest");
}

const CHILD_FOLDER: &str = "YIBAO_STORE_TEST_CHILD_FOLDER";

/// The writer that the next test kills: a settlement a transaction, each acknowledged on a line of its own.
#[test]
fn child_that_settles_until_it_is_killed() {
    let Some(dir) = std::env::var_os(CHILD_FOLDER) else { return };
    let store = SqliteStore::open(Path::new(&dir), &[]).unwrap();
    let mut book = store.open(&pool()).unwrap();
    for number in 0_u64.. {
        let setl_id = format!("S{number}");
        write(book.as_mut(), |tx| {
            let psn_no = format!("P{number}");
            add_person(tx, &psn_no)?;
            let mdtrt_id = format!("E{number}");
            add_with_line(tx, &visit(&mdtrt_id, &psn_no))?;
            settle(tx, &settlement(&setl_id, &mdtrt_id, &psn_no))
        });
        println!("acknowledged {setl_id}");
    }
}

#[test]
fn killed_while_writing_every_acknowledged_settlement_is_there() {
    for acknowledged in [1, 40, 300] {
        let engine = Sqlite::new();
        drop(engine.store());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "sqlite::child_that_settles_until_it_is_killed", "--nocapture"])
            .env(CHILD_FOLDER, engine.dir.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
        let serial = |line: String| line.rsplit_once("acknowledged ").map(|(_, setl_id)| setl_id.to_string());
        let heard: Vec<String> = lines.filter_map(serial).take(acknowledged).collect();
        assert_eq!(heard.len(), acknowledged);
        child.kill().unwrap();
        child.wait().unwrap();

        let mut book = book(&engine);
        read(book.as_mut(), |tx| {
            for setl_id in &heard {
                assert!(tx.settlement(setl_id)?.is_some(), "{setl_id} was acknowledged");
            }
            Ok(())
        });
        check_verifies(book.as_mut());
    }
}
