//! What judges find.

use crate::life::EventId;
use jiff::civil::DateTime;

/// Something that must not be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wrong {
    /// Which of the four statements, 1 to 4; 0 where the book itself is not sound.
    pub statement: u8,
    /// Whose; `None` where it is the whole book's.
    pub person: Option<u64>,
    /// Of which event, where it is one of an event.
    pub event: Option<EventId>,
    /// When it was recorded or told, where that is known.
    pub at: Option<DateTime>,
    /// What.
    pub what: String,
}

impl Wrong {
    /// Of the whole book.
    pub fn of_book(statement: u8, what: String) -> Wrong {
        Wrong { statement, person: None, event: None, at: None, what }
    }

    /// Of one person.
    pub fn of(statement: u8, person: u64, what: String) -> Wrong {
        Wrong { person: Some(person), ..Wrong::of_book(statement, what) }
    }
}
