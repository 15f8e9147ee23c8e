//! The judges are judged: errors that are planted in the books by hand are found, and a course without one is clean.

use rusqlite::types::Value;
use rusqlite::{Connection, Row};
use std::path::Path;
use std::sync::Arc;
use yibao_policy::registers::built_in;
use yibao_policy::rules::RuleBook;
use yibao_sim::faults::Level;
use yibao_sim::judge::{Wrong, judged};
use yibao_sim::run::{Wish, city, history, setting};
use yibao_store::{SqliteStore, Store};

/// Plays a small Panzhihua through its outage, has somebody change the book, and judges.
fn judged_after(change: &str) -> Vec<Wrong> {
    played(change).0
}

/// What is wrong with such a course, and every row of its book.
fn played(change: &str) -> (Vec<Wrong>, Vec<String>) {
    let (_, text) = yibao_policy::plan::SHIPPED.iter().find(|(file, _)| file.contains("panzhihua")).expect("a plan");
    let plan = yibao_policy::plan::read(text).expect("it is readable");
    let wish =
        Wish { plan, text: (*text).to_owned(), persons: 8, seed: 3, days: 30, only: Vec::new(), faults: Level::None };
    let (rules, work) = (Arc::new(RuleBook::embedded().expect("rules")), built_in());
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SqliteStore::open(folder.path(), &[]).expect("a store"));
    let city = city(&wish, &rules).expect("a city");
    let history = history(&wish, &city);
    let world =
        setting(&wish, &rules, &work, &city, &history).and_then(|setting| setting.with_outage(store as Arc<dyn Store>));
    let world = world.unwrap_or_else(|fault| panic!("{}", fault.chain()));
    let book = folder.path().join("books/510400.db");
    changed(&book, change);
    let wrong = judged(&world, &city, &history).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    (wrong, rows(&book))
}

/// Every row of every table, in the order of recording.
fn rows(book: &Path) -> Vec<String> {
    let book = Connection::open(book).expect("the book");
    let mut tables = book.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").expect("SQL");
    let tables: Vec<String> =
        tables.query_map([], |row| row.get(0)).expect("tables").map(|name| name.expect("a name")).collect();
    let of_table = |table: &String| {
        let mut all = book.prepare(&format!("SELECT * FROM {table}")).expect("SQL");
        let columns = all.column_count();
        let row = |row: &Row<'_>| (0..columns).map(|column| row.get::<_, Value>(column)).collect::<Result<Vec<_>, _>>();
        let told = all.query_map([], row).expect("rows").map(|row| format!("{table} {:?}", row.expect("a row")));
        told.collect::<Vec<_>>()
    };
    tables.iter().flat_map(of_table).collect()
}

fn changed(book: &Path, change: &str) {
    let book = Connection::open(book).expect("the book");
    book.execute_batch(&format!("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; {change}"))
        .expect("changed");
}

#[track_caller]
fn finds(change: &str, statement: u8, words: &str) {
    let wrong = judged_after(change);
    let found = wrong.iter().any(|one| one.statement == statement && one.what.contains(words));
    assert!(found, "{change}: {wrong:#?}");
}

const FIRST: &str = "(SELECT min(setl_id) FROM settlement WHERE setl_id NOT IN (SELECT setl_id FROM cancellation))";

#[test]
fn a_course_that_nobody_has_touched_is_clean_and_the_same_each_time_row_by_row() {
    let (first, second) = (played(""), played(""));
    assert_eq!(first.0, []);
    assert!(first.1.iter().any(|row| row.starts_with("register_event ")), "something met the outage");
    for (one, other) in first.1.iter().zip(&second.1) {
        assert_eq!(one, other);
    }
    assert_eq!(first.1.len(), second.1.len());
}

#[test]
fn a_settlement_that_is_gone_is_missed() {
    finds(&format!("DELETE FROM settlement WHERE setl_id = {FIRST}"), 1, "not settled");
}

#[test]
fn one_fen_is_seen_by_who_was_told_otherwise() {
    let change = format!("UPDATE settlement SET fund_pay_sumamt_fen = fund_pay_sumamt_fen + 1 WHERE setl_id = {FIRST}");
    finds(&change, 3, "booked");
}

#[test]
fn care_that_nobody_had_is_nobodys() {
    let of_first = format!("mdtrt_id = (SELECT mdtrt_id FROM settlement WHERE setl_id = {FIRST})");
    finds(&format!("UPDATE encounter SET begntime = '2020-08-29 03:33:33' WHERE {of_first}"), 2, "nobody's care");
}

#[test]
fn a_bill_that_grew_is_seen() {
    let change = format!("UPDATE settlement SET medfee_sumamt_fen = medfee_sumamt_fen + 100 WHERE setl_id = {FIRST}");
    finds(&change, 2, "in the books");
}
