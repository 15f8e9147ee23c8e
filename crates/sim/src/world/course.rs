//! What of a history a course leaves out, moves or puts in another order, because another course did so.

use crate::life::EventId;
use jiff::civil::DateTime;
use std::collections::{BTreeMap, BTreeSet};

/// What of a history another course has left out, because of its outage.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Course {
    /// Events that were not settled.
    pub without: BTreeSet<EventId>,
    /// Stays whose settlement in mid-stay was not made.
    pub without_part: BTreeSet<EventId>,
    /// Events that were not cancelled.
    pub without_cancellation: BTreeSet<EventId>,
    /// Stays that count at their discharge, because the outage held their settlement up.
    pub at_discharge: BTreeSet<EventId>,
    /// Late claims of ordinary care that a closed window made later still; stays that an earlier leg kept waiting.
    pub claimed: BTreeMap<EventId, DateTime>,
    /// New settlements after a cancellation that a closed window made later.
    pub again: BTreeMap<EventId, DateTime>,
    /// Stays of which only the part in mid-stay was settled, because they were found not to be insured meanwhile.
    pub without_end: BTreeSet<EventId>,
    /// Events that were settled without the account in the end, because its use was stopped.
    pub without_account: BTreeSet<EventId>,
    /// The same of their settlements in mid-stay, and of the first of two bills.
    pub without_account_in_part: BTreeSet<EventId>,
    /// Events that were cancelled and not settled anew, for the same reason.
    pub without_again: BTreeSet<EventId>,
}
