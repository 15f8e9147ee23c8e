//! Opening a database: made once by many, and refused in clear words where it is not what it should be.

use super::{Hand, Postgres, shared_server};
use crate::engine::{Engine, pool, write};
use yibao_domain::code::Pool;
use yibao_store::{PostgresStore, Store};

#[track_caller]
fn check_refused(url: &str, expected: &str) {
    let Err(fault) = PostgresStore::open(url, &[pool()]) else { panic!("{url} was opened") };
    assert!(fault.chain().contains(expected), "{}", fault.chain());
}

#[test]
fn several_programs_may_create_the_same_books_at_once() {
    let engine = Postgres::new();
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = engine.store();
                let mut book = store.open(&Pool::new("510400")).unwrap_or_else(|fault| panic!("{}", fault.chain()));
                write(book.as_mut(), |tx| tx.next_serial("encounter"));
            });
        }
    });
    assert_eq!(engine.store().pools().unwrap(), [Pool::new("510400"), pool()]);
    assert_eq!(engine.hand().count("SELECT count(*) FROM migration"), steps_of_a_book());
}

#[test]
fn looking_at_a_database_creates_nothing() {
    let engine = Postgres::new();
    let Err(fault) = PostgresStore::open_existing(&engine.url) else { panic!("an empty database has no books") };
    assert!(fault.chain().contains("库里没有医保数据"), "{}", fault.chain());
    let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname = 'reference' OR nspname LIKE 'book%'";
    assert_eq!(Hand::at(&engine.url).count(schemas), 0);
    drop(engine.store());
    assert_eq!(PostgresStore::open_existing(&engine.url).unwrap().pools().unwrap(), [pool()]);
}

#[test]
fn books_of_something_else_or_of_a_newer_program_are_refused() {
    let foreign = Postgres::new();
    Hand::at(&foreign.url).run("CREATE SCHEMA book_520500; CREATE TABLE book_520500.note (text text)");
    check_refused(&foreign.url, "不是本程序的表");
    let steps = "CREATE TABLE book_520500.migration (number integer, name text);
                 INSERT INTO book_520500.migration VALUES (1, '0001_note')";
    Hand::at(&foreign.url).run(steps);
    check_refused(&foreign.url, "不是本程序的表");

    let newer = Postgres::new();
    drop(newer.store());
    newer.hand().run("INSERT INTO migration VALUES (9000, '9000_later')");
    check_refused(&newer.url, &format!("版本是9000，本程序只认识到版本{}：库由更新的程序写过", steps_of_a_book()));
}

#[test]
fn a_database_that_loses_commits_or_orders_otherwise_is_refused() {
    let careless = Postgres::new();
    Hand::at(&careless.url).run(&format!("ALTER DATABASE {} SET synchronous_commit = off", careless.name));
    check_refused(&careless.url, "synchronous_commit");

    let other = format!("{}_latin", careless.name);
    let server = Hand::at(&shared_server());
    server.run(&format!("CREATE DATABASE {other} TEMPLATE template0 ENCODING 'LATIN1' LOCALE 'C'"));
    check_refused(&careless.url.replace(&careless.name, &other), "编码是LATIN1");
    server.run(&format!("DROP DATABASE {other} WITH (FORCE)"));
}

#[test]
fn an_address_is_refused_in_clear_words_that_never_show_the_password() {
    check_refused("postgres://yibao:geheim@127.0.0.1:1/yibao?sslmode=require", "sslmode=require");
    check_refused("postgres://127.0.0.1:1", "没有库名");
    check_refused("postgres://127.0.0.1:port/x", "地址写错了");
    let Err(fault) = PostgresStore::open("postgres://yibao:geheim@127.0.0.1:1/yibao", &[]) else { panic!() };
    assert!(fault.chain().contains("127.0.0.1/yibao"), "{}", fault.chain());
    assert!(!fault.chain().contains("geheim"), "{}", fault.chain());
    let missing = shared_server().replace("/postgres", "/no_such_database");
    check_refused(&missing, "no_such_database");
}

#[test]
fn of_several_hosts_the_one_that_takes_records_is_used() {
    let engine = Postgres::new();
    // Nobody listens on port 1.
    let (before, after) = engine.url.split_once("127.0.0.1:").unwrap();
    let url = format!("{before}127.0.0.1:1,127.0.0.1:{after}?target_session_attrs=read-write");
    let store = PostgresStore::open(&url, &[pool()]).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    assert_eq!(write(store.open(&pool()).unwrap().as_mut(), |tx| tx.next_serial("encounter")), 1);
}

#[test]
fn the_number_of_writers_is_settable() {
    let engine = Postgres::new();
    let store = PostgresStore::open(&engine.url, &[]).unwrap();
    assert!(store.writing(&pool()).writers >= 4);
    let writing = store.with_writers(3).writing(&pool());
    assert_eq!((writing.writers, writing.calls_per_transaction), (3, 1));
}

#[test]
fn a_thread_of_the_web_may_open_and_close_books() {
    let engine = Postgres::new();
    let web = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    web.block_on(async {
        let store = engine.store();
        write(store.open(&pool()).unwrap().as_mut(), |tx| tx.next_serial("encounter"));
    });
}

/// How many steps the migrations of a book have.
fn steps_of_a_book() -> i64 {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/postgres/book");
    i64::try_from(std::fs::read_dir(folder).unwrap().count()).unwrap()
}
