//! How far a large city has come.

use std::sync::{Mutex, PoisonError};

/// What is done, in its order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// Lives are drawn; counted in persons.
    Drawing,
    /// People move in, for each course; in persons.
    MovingIn,
    /// The course with the outage; in events.
    WithOutage,
    /// The course without; in events.
    Without,
    /// The course without, in which nothing is left out, of some of the people; in events.
    Whole,
    /// What follows in each course once every event has begun, until its books are closed; in hours of the city.
    Remaining,
    /// The books of a course are closed: what is left is entered, put in order, handed back; in groups, of which each counts twice.
    Closing,
    /// The judges look at the courses; in events.
    Judging,
}

/// How far it has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// With what.
    pub phase: Phase,
    /// How much of it is done.
    pub done: u64,
    /// How much there is of it.
    pub of: u64,
}

/// Counts what several threads do, and tells it in the order of counting, so that it never goes back.
pub(super) struct Counter<'a> {
    phase: Phase,
    of: u64,
    done: Mutex<u64>,
    watch: &'a (dyn Fn(Step) + Sync),
}

impl<'a> Counter<'a> {
    /// Nothing is done yet.
    pub fn new(phase: Phase, of: u64, watch: &'a (dyn Fn(Step) + Sync)) -> Counter<'a> {
        Counter { phase, of, done: Mutex::new(0), watch }
    }

    /// So much more is done.
    pub fn add(&self, count: u64) {
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        *done += count;
        (self.watch)(Step { phase: self.phase, done: *done, of: self.of });
    }
}
