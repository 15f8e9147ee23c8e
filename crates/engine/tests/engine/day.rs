//! A whole day on one thread in virtual time: calls, sign-ins to the pages, registers, a run of the backfill, what the
//! platform does by itself each minute, a resent message and a reversal. Twice the same day gives twice the same books,
//! byte for byte: nothing in the engine goes by a clock, a thread or a randomness of its own.

use super::backfill::{TOWN, reopened};
use super::backfill_runs::{number, unknown_drug, visit};
use super::by_itself::NOTICE;
use super::care::{admission, cancellation, settle_visit, text};
use super::city::{City, HOSPITAL, LI, OTHER_HOSPITAL, WANG, ZHAO, clerk};
use super::users::seeded;
use jiff::ToSpan;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::Path;
use std::sync::Arc;
use yibao_domain::code::Pool;
use yibao_engine::desks::users::{Outcome, Users};
use yibao_store::SqliteStore;
use yibao_store::user::User;

/// Every row of the book, and the answers of the day.
fn day(seed: u64) -> (String, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let (store, pool) = (Arc::new(SqliteStore::open(folder.path(), &[]).unwrap()), Pool::new("520500"));
    let plan = yibao_policy::plan::read(&(TOWN.to_owned() + NOTICE)).unwrap();
    let city = City::on_at(store.clone(), vec![plan], reopened().saturating_sub(16.hours()));
    let users = Users::open(store.as_ref(), std::slice::from_ref(&pool), seeded(seed)).unwrap();
    let mut answers = Vec::new();
    for serial in 1..=40 {
        visit(&city, &number(serial), [LI, WANG, ZHAO][serial as usize % 3], 10 + (serial % 5) as i8, "100.00");
    }
    unknown_drug(&city, &number(7));
    let user = User {
        login: "jingban".into(),
        name: "经办".into(),
        role: "agency".into(),
        fixmedins_code: String::new(),
        password: users.hashed("long enough 123").unwrap(),
        created_at: city.clock.get(),
        closed_at: None,
    };
    city.write(|tx| tx.put_user(&user));
    for minute in 0..24 * 60 {
        city.clock.set(city.clock.get().saturating_add(1.minute()));
        city.tend();
        let now = city.clock.get();
        match minute {
            961 => {
                let signed_in = users.sign_in(&pool, "jingban", "long enough 123", now).unwrap();
                assert!(matches!(signed_in, Outcome::SignedIn(_)));
                answers.push(format!("{signed_in:?}"));
                city.backfill().start(&clerk(), now, "town", "").unwrap();
            }
            970 => {
                let admitted = city.done(OTHER_HOSPITAL, "2401", &admission(LI, "2021-07-16 09:05:00"));
                answers.push(admitted.output.to_string());
                let sent = city.sent.borrow().last().cloned().unwrap();
                let again = city.send(sent.provider, sent.infno, &sent.msgid, &sent.input).unwrap();
                assert_eq!(again.output, admitted.output);
            }
            980 => {
                let mdtrt_id = super::backfill::visit_at(&city, WANG, "310", "2021-07-16 09:10:00", "300.00");
                let settled = settle_visit(&city, WANG, &mdtrt_id, "B1", "300.00");
                answers.push(settled.info.to_string());
                let cancelled = city.done(HOSPITAL, "2208", &cancellation(WANG, &mdtrt_id, &settled.setl_id));
                city.reverse(HOSPITAL, WANG, "2208", &cancelled.msgid).unwrap();
                answers.push(text(&settled.info["setl_id"]));
            }
            _ => {}
        }
        answers.push(city.platform.reply_id(None, now));
    }
    let runs = city.backfill().progress(&clerk()).unwrap();
    assert_eq!(runs.iter().map(|run| (run.found, run.settled, run.failed)).collect::<Vec<_>>(), [(40, 39, 1)]);
    city.verify();
    drop((city, users, store));
    (dump(&folder.path().join("books/520500.db")), answers)
}

/// Every row of every table, in the order of recording.
fn dump(book: &Path) -> String {
    let book = Connection::open(book).unwrap();
    let mut names = book.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut dumped = String::new();
    for name in names {
        let mut rows = book.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let columns = rows.column_count();
        let mut rows = rows.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let values: Vec<Value> = (0..columns).map(|column| row.get(column).unwrap()).collect();
            dumped.push_str(&format!("{name} {values:?}\n"));
        }
    }
    dumped
}

#[test]
fn the_same_day_gives_the_same_books_byte_for_byte() {
    let (first, second) = (day(7), day(7));
    assert_eq!(first.1, second.1);
    for (one, other) in first.0.lines().zip(second.0.lines()) {
        assert_eq!(one, other);
    }
    assert_eq!(first.0.len(), second.0.len());
    assert!(
        first.0.contains("settlement ") && first.0.contains("register_event ") && first.0.contains("backfill_run ")
    );
    let other = day(8);
    assert_ne!(first.0, other.0, "another seed draws other secrets");
}
