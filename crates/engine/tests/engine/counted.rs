//! A store that adds up what all its connections cost, in front of a real one.

use std::sync::{Arc, Mutex};
use yibao_domain::code::Pool;
use yibao_domain::register::WorkTable;
use yibao_store::census::Figure;
use yibao_store::moving::Receive;
use yibao_store::{Book, Check, Fault, Mode, Store, Traffic, Tx, Writing};

/// What was spent in transactions that read, and in those that write.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Spent {
    pub reading: Traffic,
    pub writing: Traffic,
}

/// The store.
pub struct Counted {
    store: Arc<dyn Store>,
    spent: Arc<Mutex<Spent>>,
}

struct CountedBook {
    book: Box<dyn Book>,
    spent: Arc<Mutex<Spent>>,
}

impl Counted {
    /// In front of this one.
    pub fn before(store: Arc<dyn Store>) -> Arc<Counted> {
        Arc::new(Counted { store, spent: Arc::default() })
    }

    /// What was spent since this was asked last.
    pub fn spent(&self) -> Spent {
        std::mem::take(&mut *self.spent.lock().unwrap())
    }
}

impl Store for Counted {
    fn pools(&self) -> Result<Vec<Pool>, Fault> {
        self.store.pools()
    }

    fn open(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault> {
        Ok(Box::new(CountedBook { book: self.store.open(pool)?, spent: self.spent.clone() }))
    }

    fn writing(&self, _pool: &Pool) -> Writing {
        // One connection, so that each statement is prepared by the first flow and counted in the second.
        Writing::ALONE
    }

    fn hand_over(&self, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault> {
        self.store.hand_over(pool, receive)
    }
}

impl Book for CountedBook {
    fn transact(&mut self, mode: Mode, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault> {
        let before = self.book.traffic();
        let outcome = self.book.transact(mode, work);
        let cost = self.book.traffic().since(before);
        let mut spent = self.spent.lock().unwrap();
        let of_mode = match mode {
            Mode::Read => &mut spent.reading,
            Mode::Write => &mut spent.writing,
        };
        *of_mode = of_mode.plus(cost);
        drop(spent);
        outcome
    }

    fn verify(&mut self, work: &WorkTable) -> Result<Vec<Check>, Fault> {
        self.book.verify(work)
    }

    fn census(&mut self) -> Result<Vec<Figure>, Fault> {
        self.book.census()
    }

    fn traffic(&self) -> Traffic {
        self.book.traffic()
    }
}
