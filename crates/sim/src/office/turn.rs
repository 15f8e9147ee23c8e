//! Turns: what somebody does next, and the number that it goes by.

use crate::city::Place;
use jiff::civil::DateTime;

/// Something that somebody does.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Turn {
    /// The person whom it is about, by number; [`Turn::AGENCY`] where it is about none.
    pub whose: u64,
    /// Counted from 1.
    pub number: u64,
}

impl Turn {
    /// Whose turns the agency's are.
    pub const AGENCY: u64 = 9_999_999;

    /// The number of the message; no two of a city are the same.
    pub(super) fn msgid(self, place: &Place, now: DateTime) -> String {
        format!("{}{}{:07}{:03}", place.code, now.strftime("%Y%m%d"), self.whose, self.number)
    }

    /// The number of the form.
    pub(super) fn submission(self) -> String {
        format!("{:07}{:03}", self.whose, self.number)
    }
}
