//! A settlement of the book, and what it is of.

use crate::judge::Wrong;
use crate::life::{Event, Line};
use crate::world::{Case, Settled};
use jiff::civil::DateTime;
use yibao_domain::time::Date;
use yibao_store::settlement::SettlementRow;

/// A settlement in the book, with what the history knows of it.
pub(super) struct Row<'a> {
    /// Of what.
    pub event: &'a Event,
    /// What its clients know.
    pub case: &'a Case,
    /// A settlement in mid-stay, or of the first of two bills.
    pub part: bool,
    /// The lines it took.
    pub lines: &'a [Line],
    /// Whether the account pays: where the person wants it, and nothing stops its use when the bill is settled first.
    pub uses_account: bool,
    /// Since when the notice keeps it as it was settled before the switch, where it does.
    pub frozen_since: Option<DateTime>,
    /// When it has to count, by the history and the notice.
    pub counts_at: DateTime,
    /// The last day of the care that it settles: of a part, the day on which it was settled first.
    pub last_day: Date,
    /// Where the first of the same stands that it puts right; itself where it puts nothing right.
    pub first: usize,
    /// As it is booked.
    pub booked: SettlementRow,
}

impl Row<'_> {
    /// When it was recorded.
    pub fn recorded_at(&self) -> DateTime {
        self.booked.settlement.setl_time
    }

    /// When it was cancelled.
    pub fn cancelled_at(&self) -> Option<DateTime> {
        self.booked.cancellation.as_ref().map(|cancellation| cancellation.at)
    }

    /// Whether its clients know of it; a correction of order is the platform's own.
    pub fn is_told(&self) -> bool {
        self.case.settled.iter().any(|told| told.setl_id == self.booked.settlement.setl_id)
    }

    /// Whether it puts another right, and is known by the entry that names it now alone.
    pub fn is_of_the_register(&self) -> bool {
        let own = |told: &&Settled| told.setl_id == self.booked.settlement.setl_id;
        let by_entry = self.case.settled.iter().filter(own).all(|told| told.by == "register");
        by_entry && !self.booked.settlement.restores.is_empty()
    }

    /// Whether it stands again because its cancellation was reversed.
    pub fn is_put_back(&self) -> bool {
        self.case.put_back.contains(&self.recorded_at())
    }

    /// Whether it settles the same bill.
    pub fn is_same_bill(&self, other: &Row<'_>) -> bool {
        self.event.id == other.event.id && self.part == other.part
    }
}

/// Something that is wrong with one settlement.
pub(super) fn wrong_of(row: &Row<'_>, what: String) -> Wrong {
    let (event, at) = (Some(row.event.id), Some(row.recorded_at()));
    Wrong { event, at, ..Wrong::of(3, row.event.id.person, what) }
}
