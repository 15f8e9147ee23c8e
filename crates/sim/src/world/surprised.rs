//! What was answered and should not have been (意外), with whose deed it came of and when.

use super::{Deed, World};
use crate::life::EventId;
use jiff::civil::DateTime;

impl World<'_> {
    /// Keeps whose deed it was that just brought surprises, from the position `before` on, and what was answered otherwise when it was
    /// sent again.
    pub(super) fn keep_whose(&mut self, before: usize, id: EventId, deed: Deed) {
        self.surprises.extend(self.office.disagreements());
        // What is loaded and applied for is of a person, and of no event.
        let is_of_event = !matches!(deed, Deed::Load | Deed::Apply | Deed::HandIn | Deed::Process);
        let now = self.office.now();
        let new = (before..self.surprises.len()).filter(|_| is_of_event);
        self.surprised.extend(new.map(|at| (at, (id, now))));
    }

    /// What was answered and should not have been, with the event and the moment where they are known.
    pub(crate) fn surprised(&self) -> impl Iterator<Item = (&str, Option<(EventId, DateTime)>)> {
        let all = self.surprises.iter().enumerate();
        all.map(|(at, text)| (text.as_str(), self.surprised.get(&at).copied()))
    }
}
