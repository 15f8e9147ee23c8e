//! `yibao load` killed at any point: loading again goes on from there and ends with the same book.

use crate::support::program::{ROOT, yibao};
use rusqlite::Connection;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// Three chunks a file: after the first progress line of a file, two are still to come.
const PERSONS: &str = "45000";

/// Kills the load when it says that so much of this file is in the books.
fn load_and_kill_in(file: &str, data: &str, city: &str) {
    let mut loading = Command::new(env!("CARGO_BIN_EXE_yibao"))
        .args(["load", "--data", data, city])
        .current_dir(ROOT)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(loading.stderr.take().unwrap()).lines();
    let told = lines.map(Result::unwrap).find(|line| line.starts_with(&format!("写入 {file}：已到")));
    loading.kill().unwrap();
    assert!(told.is_some(), "nothing was told of {file}");
    assert_eq!(loading.wait().unwrap().signal(), Some(9), "killed, not ended");
}

/// Rows of a table that are in one book only.
fn differences(table: &str, one: &Path, other: &Path) -> i64 {
    let books = Connection::open(one.join("books/520500.db")).unwrap();
    books.execute("ATTACH ?1 AS other", [other.join("books/520500.db").to_str().unwrap()]).unwrap();
    let sql = format!(
        "SELECT (SELECT count(*) FROM (SELECT * FROM main.{table} EXCEPT SELECT * FROM other.{table}))
              + (SELECT count(*) FROM (SELECT * FROM other.{table} EXCEPT SELECT * FROM main.{table}))"
    );
    books.query_row(&sql, [], |row| row.get(0)).unwrap()
}

fn count(table: &str, data: &Path) -> i64 {
    let book = Connection::open(data.join("books/520500.db")).unwrap();
    book.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

#[test]
fn a_load_that_is_killed_goes_on_where_it_was_and_ends_with_the_same_book() {
    let root = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
    yibao(&["bench-load", "--write-only", "--persons", PERSONS, "--folder", &path("")]).succeeded();
    let (data, city, whole) = (path("data"), path("city"), path("whole"));

    load_and_kill_in("persons.csv", &data, &city);
    let persons = count("person", Path::new(&data));
    assert!((1..45_000).contains(&persons), "{persons} persons are in the book");
    load_and_kill_in("accumulators.csv", &data, &city);
    assert_eq!(count("person", Path::new(&data)), 45_000);
    let text = yibao(&["load", "--data", &data, &city]).succeeded().text();
    for file in ["persons.csv", "insurances.csv", "accumulators.csv"] {
        assert!(text.contains(&format!("{file} 提示：上次装到第")), "{file} went on: {text}");
    }

    yibao(&["load", "--data", &whole, &city]).succeeded();
    for table in ["person", "insurance", "account", "running_total", "load_mark"] {
        assert_eq!(differences(table, Path::new(&data), Path::new(&whole)), 0, "{table}");
    }
    assert_eq!(count("person", Path::new(&whole)), 45_000);
    assert_eq!(count("load_mark", Path::new(&whole)), 0, "what is complete needs no mark");
    yibao(&["verify", "--data", &data]).succeeded();
}

#[test]
fn a_folder_that_changed_after_a_kill_is_loaded_from_its_first_row() {
    let root = TempDir::new_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let path = |name: &str| root.path().join(name).to_str().unwrap().to_owned();
    yibao(&["bench-load", "--write-only", "--persons", PERSONS, "--folder", &path("")]).succeeded();
    let (data, city) = (path("data"), path("city"));
    load_and_kill_in("persons.csv", &data, &city);
    let file = Path::new(&city).join("persons.csv");
    let text = std::fs::read_to_string(&file).unwrap();
    let first = text.lines().nth(1).unwrap();
    let name = first.split(',').nth(3).unwrap();
    std::fs::write(&file, text.replacen(first, &first.replace(name, "改名"), 1)).unwrap();

    let text = yibao(&["load", "--data", &data, &city]).succeeded().text();
    assert!(!text.contains("上次装到第"), "{text}");
    let book = Connection::open(Path::new(&data).join("books/520500.db")).unwrap();
    let renamed: i64 =
        book.query_row("SELECT count(*) FROM person WHERE psn_name = '改名'", [], |row| row.get(0)).unwrap();
    assert_eq!(renamed, 1, "the changed row lies before the place of the kill");
}
