//! How far a large city has come.

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
