//! Transactions: what is kept, what is given up, who sees what.

use crate::engine::{Engine, book, check_verifies, pool, race, read, run, try_write, write};
use crate::rows::{
    HOSPITAL, add_person, add_settled_visit, add_with_line, person, provider, settle, settlement, visit,
};
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use yibao_domain::code::Pool;
use yibao_store::{Fault, Mode};

pub fn a_commit_survives_reopening(engine: &dyn Engine) {
    write(book(engine).as_mut(), add_settled_visit);
    let store = engine.store();
    assert_eq!(store.pools().unwrap(), [pool()]);
    let mut reopened = store.open(&pool()).unwrap();
    let row = read(reopened.as_mut(), |tx| tx.settlement("S1")).unwrap();
    assert_eq!(row.settlement, settlement("S1", "E1", "P1"));
    check_verifies(reopened.as_mut());
}

pub fn a_failed_transaction_leaves_nothing(engine: &dyn Engine) {
    let mut book = book(engine);
    let outcome: Result<(), Fault> = try_write(book.as_mut(), |tx| {
        add_settled_visit(tx)?;
        Err(Fault::new("testing", "", "given up"))
    });
    assert_eq!(outcome.unwrap_err().chain(), "testing : given up");
    assert!(read(book.as_mut(), |tx| tx.person("P1")).is_none());
    write(book.as_mut(), add_settled_visit);
}

pub fn a_panic_leaves_nothing_and_the_book_goes_on(engine: &dyn Engine) {
    let mut book = book(engine);
    let panicked = catch_unwind(AssertUnwindSafe(|| {
        try_write(book.as_mut(), |tx| -> Result<(), Fault> {
            add_person(tx, "P1")?;
            std::panic::resume_unwind(Box::new("on purpose"))
        })
    }));
    assert!(panicked.is_err());
    assert!(read(book.as_mut(), |tx| tx.person("P1")).is_none());
    write(book.as_mut(), add_settled_visit);
}

pub fn a_call_that_fails_does_not_spoil_the_others_of_its_transaction(engine: &dyn Engine) {
    let mut book = book(engine);
    write(book.as_mut(), |tx| {
        tx.savepoint()?;
        add_settled_visit(tx)?;
        tx.release()?;

        // Half done: the visit is recorded, then the settlement collides with a serial that is taken.
        tx.savepoint()?;
        add_with_line(tx, &visit("E2", "P1"))?;
        assert!(settle(tx, &settlement("S1", "E2", "P1")).and_then(|()| tx.flush()).is_err());
        tx.roll_back()?;

        tx.savepoint()?;
        add_with_line(tx, &visit("E3", "P1"))?;
        settle(tx, &settlement("S3", "E3", "P1"))?;
        tx.release()
    });
    read(book.as_mut(), |tx| {
        assert!(tx.settlement("S1")?.is_some());
        assert!(tx.encounter("E2")?.is_none());
        assert!(tx.settlement("S3")?.is_some());
        Ok(())
    });
    check_verifies(book.as_mut());
}

pub fn writing_while_reading_is_a_fault(engine: &dyn Engine) {
    let mut book = book(engine);
    assert!(run(book.as_mut(), Mode::Read, |tx| tx.put_person(&person("P1"))).is_err());
    assert!(run(book.as_mut(), Mode::Read, |tx| tx.put_provider(&provider(HOSPITAL))).is_err());
    assert!(run(book.as_mut(), Mode::Read, |tx| tx.next_serial("encounter")).is_err());
    read(book.as_mut(), |tx| {
        tx.savepoint()?;
        assert!(tx.person("P1")?.is_none(), "a call may still mark its savepoint");
        tx.roll_back()
    });
}

pub fn a_reader_sees_one_state_while_a_writer_commits(engine: &dyn Engine) {
    let store = engine.store();
    let (mut reader, mut writer) = (store.open(&pool()).unwrap(), store.open(&pool()).unwrap());
    read(reader.as_mut(), |tx| {
        assert!(tx.person("P1")?.is_none());
        write(writer.as_mut(), |tx| add_person(tx, "P1"));
        assert!(tx.person("P1")?.is_none());
        Ok(())
    });
    assert!(read(reader.as_mut(), |tx| tx.person("P1")).is_some());
}

pub fn a_serial_is_never_drawn_twice(engine: &dyn Engine) {
    let drawn = race(engine, 4, |_, book| {
        (0..25)
            .map(|_| {
                write(book, |tx| {
                    tx.savepoint()?;
                    tx.next_serial("settlement")?;
                    tx.roll_back()?;
                    tx.next_serial("settlement")
                })
            })
            .collect::<Vec<i64>>()
    })
    .concat();
    assert!(drawn.iter().all(|number| *number >= 1));
    assert_eq!(drawn.iter().collect::<BTreeSet<_>>().len(), 100);
    assert_eq!(write(book(engine).as_mut(), |tx| tx.next_serial("encounter")), 1, "each series counts from 1");
}

pub fn books_are_apart_and_reference_data_are_shared(engine: &dyn Engine) {
    let store = engine.store();
    let mut bijie = store.open(&pool()).unwrap();
    let mut panzhihua = store.open(&Pool::new("510400")).unwrap();
    write(bijie.as_mut(), |tx| {
        add_person(tx, "P1")?;
        tx.put_provider(&provider(HOSPITAL))
    });
    read(panzhihua.as_mut(), |tx| {
        assert!(tx.person("P1")?.is_none());
        assert!(tx.provider(HOSPITAL)?.is_some());
        Ok(())
    });
    assert_eq!(store.pools().unwrap(), [Pool::new("510400"), pool()]);
    // Two writers at once: one pool's turn is not the other's.
    write(bijie.as_mut(), |tx| {
        add_person(tx, "P2")?;
        write(panzhihua.as_mut(), |other| add_person(other, "P2"));
        Ok(())
    });
}

pub fn a_pool_that_is_no_code_is_refused(engine: &dyn Engine) {
    let store = engine.store();
    for name in ["", "../x", "a/b", "520500.db"] {
        assert!(store.open(&Pool::new(name)).is_err(), "{name}");
    }
}
