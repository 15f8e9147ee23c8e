//! The workers that nobody has taken away: who waits for an answer drives them himself.
//!
//! So the same platform runs with a thread a worker, and on one thread alone without any waiting: a test and a simulated
//! city get the same books from the same calls, whatever the machine does.

use crate::platform::worker::Worker;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Workers by pool, writers first.
pub(crate) struct Crew(Mutex<Vec<Worker>>);

impl Crew {
    /// These workers, at home.
    pub fn new(workers: Vec<Worker>) -> Crew {
        Crew(Mutex::new(workers))
    }

    /// Hands them all out, for somebody else to drive.
    pub fn leave(&self) -> Vec<Worker> {
        std::mem::take(&mut *self.at_home())
    }

    /// Has each that is at home do what waits for it; `false` where nothing waited for any.
    pub fn step(&self) -> bool {
        let mut did = false;
        for worker in self.at_home().iter_mut() {
            did |= worker.step();
        }
        did
    }

    fn at_home(&self) -> MutexGuard<'_, Vec<Worker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
