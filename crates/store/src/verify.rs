//! Checking a stored book: what must be true of the rows, asked again of all of them.
//!
//! A check is either a [`Question`] in SQL (how many records it looks at, and the first that fail) or, where only the
//! domain knows what is right, a walk through the entries in Rust ([`entry`]). Each failing record is one line of Chinese
//! with its technical id and the difference; nothing is written and no personal data shown.
//! The questions are the same for every engine, in the SQL that all of them understand; each engine adds what its own
//! storage can get wrong. Each is tested by planted errors (`tests/contract/damage`), which fail where a check has none.
//!
//! Cost: every question reads its tables once and finds what belongs to a row by a key, or groups rows by one (n log n
//! at worst); none compares rows with each other. The walk reads the entries of a plan in pages in the order of an index.

mod belonging;
mod booked;
mod deposit;
pub(crate) mod entry;
mod journal;
mod ledger;
mod line;
mod message;
mod outage;
mod question;
mod register;
mod settlement;
mod walk;

pub(crate) use question::{Question, SHOWN};

/// What every engine asks.
pub(crate) fn questions() -> impl Iterator<Item = &'static Question> {
    let subjects = [
        settlement::QUESTIONS,
        line::QUESTIONS,
        ledger::QUESTIONS,
        journal::QUESTIONS,
        belonging::QUESTIONS,
        message::QUESTIONS,
        register::QUESTIONS,
        outage::QUESTIONS,
        deposit::QUESTIONS,
    ];
    subjects.into_iter().flatten()
}
