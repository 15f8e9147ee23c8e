//! The embedded engine in memory keeps the promises too; and each store has books of its own.

use crate::damage::Damage;
use crate::engine::{Engine, book, pool, read, run, write};
use crate::rows::{HOSPITAL, add_person, provider};
use std::sync::Arc;
use yibao_store::hazard::Hazard;
use yibao_store::{Mode, SqliteStore, Store};

struct Memory(SqliteStore);

impl Memory {
    fn new() -> Memory {
        let store = SqliteStore::in_memory().unwrap_or_else(|fault| panic!("{}", fault.chain()));
        // As others are opened with the book of their pool.
        drop(store.open(&pool()).unwrap_or_else(|fault| panic!("{}", fault.chain())));
        Memory(store)
    }
}

const NO_FILE: &str = "no promise of a file is asked for here";

impl Engine for Memory {
    fn store(&self) -> Box<dyn Store> {
        Box::new(self.0.clone())
    }

    fn hazardous(&self, hazard: Arc<dyn Hazard>) -> Box<dyn Store> {
        Box::new(self.0.clone().with_hazard(hazard))
    }

    fn another(&self) -> Box<dyn Engine> {
        Box::new(Memory::new())
    }

    fn spoil(&self, _sql: &str) {
        unreachable!("{NO_FILE}")
    }

    fn keep(&self) {
        unreachable!("{NO_FILE}")
    }

    fn bring_back(&self) {
        unreachable!("{NO_FILE}")
    }

    fn own_damage(&self) -> &'static [Damage] {
        unreachable!("{NO_FILE}")
    }
}

mod promises {
    crate::every_promise!(within one process: super::Memory::new());
}

#[test]
fn each_store_has_books_of_its_own_which_are_gone_with_it() {
    let (one, other) = (Memory::new(), Memory::new());
    write(book(&one).as_mut(), |tx| {
        tx.put_provider(&provider(HOSPITAL))?;
        add_person(tx, "P1")
    });
    let known = |engine: &Memory| {
        read(book(engine).as_mut(), |tx| Ok((tx.person("P1")?.is_some(), tx.provider(HOSPITAL)?.is_some())))
    };
    assert_eq!(known(&one), (true, true));
    assert_eq!(known(&other), (false, false));
    drop(one);
    assert_eq!(known(&Memory::new()), (false, false));
}

#[test]
fn who_reads_waits_for_who_writes() {
    let engine = Memory::new();
    let store = engine.store();
    let (mut writer, mut reader) = (store.open(&pool()).unwrap(), store.open(&pool()).unwrap());
    let (begun, has_begun) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            has_begun.recv().unwrap();
            let found = run(reader.as_mut(), Mode::Read, |tx| tx.person("P1"));
            assert!(found.unwrap().is_some(), "what was read is what the writer had committed by then");
        });
        write(writer.as_mut(), |tx| {
            add_person(tx, "P1")?;
            begun.send(()).unwrap();
            add_person(tx, "P2")
        });
    });
}
