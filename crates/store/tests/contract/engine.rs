//! What a promise needs of an engine, and short ways to act on its books.

use crate::damage::Damage;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use yibao_domain::code::Pool;
use yibao_domain::ledger::SourceKind;
use yibao_domain::register::{Action, Books, WorkTable};
use yibao_policy::registers::built_in;
use yibao_store::hazard::Hazard;
use yibao_store::{Book, Check, Fault, Mode, Store, Tx};

/// An engine under test, with nothing stored.
pub trait Engine: Sync {
    /// The engine's store. Each call opens anew what was kept, as a restarted program would.
    fn store(&self) -> Box<dyn Store>;
    /// The same, where something can go wrong at every statement.
    fn hazardous(&self, hazard: Arc<dyn Hazard>) -> Box<dyn Store>;
    /// Another engine of the same kind, with nothing stored.
    fn another(&self) -> Box<dyn Engine>;
    /// Runs SQL on the stored book of [`pool`], with the rules of the schema switched off, as damage would.
    fn spoil(&self, sql: &str);
    /// Keeps what the book of [`pool`] has now, while nobody has it open.
    fn keep(&self);
    /// Brings back what was kept, whatever was done to the rows since, while nobody has the book open.
    fn bring_back(&self);
    /// Damage that this engine's own checks see, or that has to get past its own rules.
    fn own_damage(&self) -> &'static [Damage];
}

/// The pool of most tests.
pub fn pool() -> Pool {
    Pool::new("520500")
}

/// A connection to the book of [`pool`].
pub fn book(engine: &dyn Engine) -> Box<dyn Book> {
    engine.store().open(&pool()).unwrap()
}

/// Runs `work` in a transaction of its own and hands out what it answers.
#[track_caller]
pub fn write<T>(book: &mut dyn Book, work: impl FnMut(&mut dyn Tx) -> Result<T, Fault>) -> T {
    try_write(book, work).unwrap_or_else(|fault| panic!("{}", fault.chain()))
}

/// The same, where a fault is a possible outcome.
pub fn try_write<T>(book: &mut dyn Book, work: impl FnMut(&mut dyn Tx) -> Result<T, Fault>) -> Result<T, Fault> {
    run(book, Mode::Write, work)
}

/// Asks something of one state of the book.
#[track_caller]
pub fn read<T>(book: &mut dyn Book, work: impl FnMut(&mut dyn Tx) -> Result<T, Fault>) -> T {
    run(book, Mode::Read, work).unwrap_or_else(|fault| panic!("{}", fault.chain()))
}

pub fn run<T>(
    book: &mut dyn Book,
    mode: Mode,
    mut work: impl FnMut(&mut dyn Tx) -> Result<T, Fault>,
) -> Result<T, Fault> {
    let mut answer = None;
    book.transact(mode, &mut |tx| {
        answer = Some(work(tx)?);
        Ok(())
    })?;
    Ok(answer.expect("a transaction that succeeds has run its work"))
}

/// Expects that a record is not taken, by itself or at the latest when all records so far are sent, and gives it up.
#[track_caller]
pub fn check_not_taken(
    tx: &mut dyn Tx,
    record: impl FnOnce(&mut dyn Tx) -> Result<(), Fault>,
    why: &str,
) -> Result<(), Fault> {
    tx.savepoint()?;
    let outcome = record(tx).and_then(|()| tx.flush());
    assert!(outcome.is_err(), "{why}");
    tx.roll_back()
}

/// Everything that a verification complains about.
pub fn complaints(checks: &[Check]) -> Vec<String> {
    checks.iter().flat_map(|check| check.broken.iter().map(|line| format!("{}｜{line}", check.name))).collect()
}

/// The work that comes with the program, and four eyes between a registration and its failed backfill.
pub fn work() -> WorkTable {
    let mut work = built_in().as_ref().clone();
    for step in work.steps.iter_mut().filter(|step| step.action == Action::Fail) {
        step.other_than = vec![Action::Register];
    }
    for step in work.steps.iter_mut().filter(|step| step.action == Action::Reimburse) {
        step.books = Books::Journal(SourceKind::Payout);
    }
    work
}

#[track_caller]
pub fn check_verifies(book: &mut dyn Book) {
    let checks = book.verify(&work()).unwrap_or_else(|fault| panic!("{}", fault.chain()));
    assert!(!checks.is_empty());
    assert_eq!(complaints(&checks), Vec::<String>::new());
}

/// The outcomes of `count` threads that start together, each with a connection of its own.
pub fn race<T: Send>(engine: &dyn Engine, count: usize, act: impl Fn(usize, &mut dyn Book) -> T + Sync) -> Vec<T> {
    let store = engine.store();
    let ready = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|number| {
                let (store, ready, act) = (&store, &ready, &act);
                scope.spawn(move || {
                    let mut book = store.open(&pool()).unwrap();
                    ready.fetch_add(1, Ordering::SeqCst);
                    while ready.load(Ordering::SeqCst) < count {
                        std::thread::yield_now();
                    }
                    act(number, book.as_mut())
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}
