//! Defects that show only where something rare happens: somebody comes late, a message is taken back. Seed after seed is played until
//! the judges have found it.

use super::after;
use super::planted::{How, judged_after};
use yibao_sim::faults::Level;
use yibao_sim::judge::Wrong;

/// Cities that are played, at most.
const SEEDS: u64 = 40;

/// Plays cities until somebody says it.
#[track_caller]
pub fn found_somewhere(name: &str, how: impl Fn() -> How, statement: u8, words: &str) -> Wrong {
    let says = |seed| {
        let wrong = judged_after(&How { seed: Some(seed), ..how() });
        wrong.into_iter().find(|one| one.statement == statement && one.what.contains(words))
    };
    let found = (1..=SEEDS).find_map(says);
    found.unwrap_or_else(|| panic!("{name}: in none of {SEEDS} cities anybody says “{words}”"))
}

fn on_the_way(book: &str) -> How {
    How { book: book.to_owned(), faults: Level::Messages, ..How::default() }
}

#[test]
fn what_was_taken_back_and_counts_all_the_same_is_found() {
    let sql = "CREATE TRIGGER planted BEFORE INSERT ON message_reversal BEGIN SELECT RAISE(IGNORE); END;";
    let found =
        found_somewhere("a reversal that leaves no trace", || on_the_way(sql), 1, "was taken back and then answered");
    // Where it began is told by the event and the moment.
    assert!(found.event.is_some_and(|event| Some(event.person) == found.person) && found.at.is_some(), "{found:?}");
}

#[test]
fn a_number_that_is_used_again_and_answered_is_found() {
    let sql = "CREATE TRIGGER planted AFTER INSERT ON message WHEN NEW.infno = '2207' BEGIN
               DELETE FROM message WHERE msgid = NEW.msgid AND infno = NEW.infno; END;";
    found_somewhere("a journal that forgets", || on_the_way(sql), 1, "was used again and answered");
}

#[test]
fn late_comers_who_are_let_in_are_found() {
    let plan = |platforms, to| How { plan: Some((platforms, "after_deadline = \"by_case\"", to)), ..How::default() };
    let (listed, refused) = ("after_deadline = \"listed\"", "after_deadline = \"refuse\"");
    found_somewhere("listed and let in", || plan(true, listed), 4, "after its deadline");
    found_somewhere("let in where nobody may be", || plan(false, refused), 4, "after its deadline");
}

#[test]
fn a_cancellation_that_is_lost_is_found() {
    let lost = || after("DELETE FROM cancellation WHERE opter = '001'");
    found_somewhere("a lost cancellation", lost, 3, "told to be cancelled");
}
