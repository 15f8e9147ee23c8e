//! A store that fails when a test says so, in front of a real one.

use std::sync::{Arc, Mutex};
use yibao_domain::code::Pool;
use yibao_domain::register::WorkTable;
use yibao_store::census::Figure;
use yibao_store::moving::Receive;
use yibao_store::{Book, Check, Fault, Mode, Store, Traffic, Tx, Writing};

type Says = Box<dyn FnMut(&Pool, Mode) -> bool + Send>;

/// The store.
pub struct Failing {
    real: Arc<dyn Store>,
    fails: Arc<Mutex<Says>>,
}

struct FailingBook {
    pool: Pool,
    real: Box<dyn Book>,
    fails: Arc<Mutex<Says>>,
}

impl Failing {
    /// In front of this one; it does not fail yet.
    pub fn before(real: Arc<dyn Store>) -> Arc<Failing> {
        Arc::new(Failing { real, fails: Arc::new(Mutex::new(Box::new(|_, _| false))) })
    }

    /// From now on each transaction fails of which this says so, before anything is done in it.
    pub fn when(&self, fails: impl FnMut(&Pool, Mode) -> bool + Send + 'static) {
        *self.fails.lock().unwrap() = Box::new(fails);
    }

    /// Of the transactions on a pool's book from now on this one fails, counted from 1.
    pub fn once(&self, pool: &'static str, turn: usize) {
        let mut count = 0;
        self.when(move |of, _| {
            count += usize::from(of.as_str() == pool);
            of.as_str() == pool && count == turn
        });
    }

    /// It fails no more.
    pub fn heal(&self) {
        self.when(|_, _| false);
    }
}

impl Store for Failing {
    fn pools(&self) -> Result<Vec<Pool>, Fault> {
        self.real.pools()
    }

    fn open(&self, pool: &Pool) -> Result<Box<dyn Book>, Fault> {
        Ok(Box::new(FailingBook { pool: pool.clone(), real: self.real.open(pool)?, fails: self.fails.clone() }))
    }

    fn writing(&self, pool: &Pool) -> Writing {
        self.real.writing(pool)
    }

    fn hand_over(&self, pool: &Pool, receive: Receive<'_>) -> Result<String, Fault> {
        self.real.hand_over(pool, receive)
    }
}

impl Book for FailingBook {
    fn transact(&mut self, mode: Mode, work: &mut dyn FnMut(&mut dyn Tx) -> Result<(), Fault>) -> Result<(), Fault> {
        if (self.fails.lock().unwrap())(&self.pool, mode) {
            return Err(Fault::new("reaching", self.pool.as_str(), "the test says that it fails"));
        }
        self.real.transact(mode, work)
    }

    fn verify(&mut self, work: &WorkTable) -> Result<Vec<Check>, Fault> {
        self.real.verify(work)
    }

    fn census(&mut self) -> Result<Vec<Figure>, Fault> {
        self.real.census()
    }

    fn traffic(&self) -> Traffic {
        self.real.traffic()
    }
}
