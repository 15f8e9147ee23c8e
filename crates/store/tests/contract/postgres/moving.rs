//! A book that moves from a folder to a server takes all of it along.

use super::Postgres;
use crate::engine::{Engine, check_verifies, pool, read, write};
use crate::rows::july;
use crate::sample::add_sample;
use tempfile::TempDir;
use yibao_domain::register::claim_keys;
use yibao_store::outage::{EnteredEvent, PublishedPlan};
use yibao_store::register::EntryFilter;
use yibao_store::user::{PageSession, User};
use yibao_store::{Book, Fault, SqliteStore, Store, Tx};

fn add_outage(tx: &mut dyn Tx) -> Result<(), Fault> {
    add_sample(tx)?;
    let plan = || "cutover".to_owned();
    let by = || "赵六".to_owned();
    tx.publish_plan(&PublishedPlan {
        plan: plan(),
        version: 1,
        text: "a = \"停\"\n\tb = '\\'".into(),
        published_at: july(1),
        published_by: by(),
    })?;
    tx.enter_event(&EnteredEvent {
        plan: plan(),
        event: "accepted".into(),
        at: july(20),
        entered_at: july(20),
        entered_by: by(),
    })?;
    tx.put_user(&User {
        login: "zhao".into(),
        name: by(),
        role: "agency".into(),
        fixmedins_code: String::new(),
        password: "$argon2id$…".into(),
        created_at: july(1),
        closed_at: None,
    })?;
    tx.add_page_session(&PageSession { digest: "d".into(), login: "zhao".into(), since: july(1), until: july(2) })
}

/// All that an outage has left, in words.
fn told(book: &mut dyn Book) -> String {
    read(book, |tx| {
        let entries = tx.entries(&EntryFilter::default(), 100)?;
        let mut text = format!("{entries:?}");
        for entry in &entries {
            text += &format!("{:?}{:?}", tx.history(&entry.number)?, tx.entry_lines(&entry.number)?);
            for key in claim_keys(entry) {
                text += &format!("{:?}", tx.claim_holder(&key)?);
            }
        }
        text += &format!("{:?}{:?}{:?}", tx.holds("P1")?, tx.published_plans()?, tx.entered_events()?);
        Ok(text + &format!("{:?}{:?}{:?}", tx.backfill_runs(None, 9)?, tx.users()?, tx.page_session("d")?))
    })
}

#[test]
fn a_book_takes_its_registers_plans_and_users_along() {
    let folder = TempDir::new().unwrap();
    let from = SqliteStore::open(folder.path(), &[pool()]).unwrap();
    let mut book = from.open(&pool()).unwrap();
    write(book.as_mut(), add_outage);
    let (told_before, counted) = (told(book.as_mut()), book.census().unwrap());
    drop(book);

    let engine = Postgres::new();
    let to = engine.store();
    from.hand_over(&pool(), &mut |outgoing| to.take_over(&pool(), outgoing))
        .unwrap_or_else(|fault| panic!("{}", fault.chain()));
    let mut book = to.open(&pool()).unwrap();
    assert_eq!(told(book.as_mut()), told_before);
    assert_eq!(book.census().unwrap(), counted);
    check_verifies(book.as_mut());
}
