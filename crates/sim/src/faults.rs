//! What goes wrong on the way (故障): all of it from the seed, by the number of the deed that it befalls. A history with
//! events left out meets the same faults at what is left.
//!
//! Clients do what clients do: who hears nothing sends again under the same number. So whatever befalls a deed, it counts
//! once and is answered the same each time; what was answered otherwise is kept for the judges.

mod edges;
mod republished;
mod trap;

pub use edges::at_the_edges;
pub(crate) use republished::republished;
pub use trap::Trap;

use crate::dice::Dice;
use crate::office::Turn;
use std::fmt;
use std::str::FromStr;

/// How much goes wrong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub enum Level {
    /// Nothing.
    #[default]
    None,
    /// Messages and forms: lost, answered into nothing, sent twice, overtaken, sent again while the first is under way, taken back;
    /// numbers that are used again.
    Messages,
    /// Also the store: statements that fail, disks that are full, connections that are cut, commits whose answer is lost,
    /// crashes of the platform between any two statements.
    Store,
    /// Also the operation: two processes whose clocks differ, a second book that fails all the time, queues that are full,
    /// a plan that is published anew, care at the edges of the windows.
    All,
}

/// The levels by the words of the command.
pub const LEVELS: [(&str, Level); 4] =
    [("none", Level::None), ("messages", Level::Messages), ("store", Level::Store), ("all", Level::All)];

impl FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Level, String> {
        let found = LEVELS.iter().find(|(word, _)| *word == text);
        found.map(|(_, level)| *level).ok_or_else(|| format!("“{text}”不是故障级别；可用 none、messages、store、all"))
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(LEVELS.iter().find(|(_, level)| level == self).map_or("", |(word, _)| word))
    }
}

/// What befalls one attempt of a deed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mishap {
    /// Nothing.
    None,
    /// It never arrives.
    RequestLost,
    /// It is done, and nobody hears of it.
    ReplyLost,
    /// It is sent twice, one after the other.
    Twice,
    /// Copies of it arrive before the first is looked at, as from a client that has lost patience with a slow store.
    UnderWay {
        /// How many.
        copies: usize,
    },
    /// It is answered, and a copy that was held up on the way arrives so much later.
    Overtaken {
        /// Minutes.
        minutes: i64,
    },
    /// Its client hears nothing, takes it back (冲正 2601) and sends it under another number; as other deeds have no such way,
    /// nothing befalls those.
    TakenBack {
        /// Whether the first has come.
        arrives: bool,
    },
    /// Its number is used once more, for something else.
    NumberUsedAgain,
    /// The store fails.
    Store(Strike),
}

/// A blow to the store: at which of its moments, and what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Strike {
    /// Counted from 1, of the moments at which it may strike.
    pub moment: u64,
    /// What.
    pub kind: Blow,
}

/// What befalls the store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blow {
    /// One statement meets an error of the disk.
    DiskError,
    /// The disk is full for a transaction.
    DiskFull,
    /// The connection is cut.
    Cut,
    /// A commit stands, but who waits is told of a fault.
    AnswerLost,
    /// The process ends: no statement after this one is run, until it is started anew.
    Crash,
}

/// Seconds by which the clocks of two processes may differ.
pub(crate) const CLOCKS_DIFFER: i64 = 3;

/// Attempts after which a client gives up; no seed comes near it.
pub(crate) const PATIENCE: u64 = 25;

/// The faults of one course.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Faults {
    seed: u64,
    level: Level,
}

impl Faults {
    pub(crate) fn new(seed: u64, level: Level) -> Faults {
        Faults { seed, level }
    }

    pub(crate) fn level(self) -> Level {
        self.level
    }

    fn dice(self, matter: &str, turn: Turn, attempt: u64) -> Dice {
        Dice::of(self.seed ^ turn.number << 32 ^ attempt << 52, matter, turn.whose)
    }

    /// What befalls an attempt, counted from 0.
    pub(crate) fn of(self, turn: Turn, attempt: u64) -> Mishap {
        let mut dice = self.dice("mishap", turn, attempt);
        // Later attempts get through in the end.
        if self.level == Level::None || !dice.percent(if attempt < 5 { 16 } else { 5 }) {
            return Mishap::None;
        }
        let in_store = if self.level >= Level::Store { 8 } else { 0 };
        let copies = if self.level >= Level::All && dice.percent(30) { 2 + QUEUE } else { 2 };
        match dice.weighed(&[
            ("lost", 2),
            ("unheard", 3),
            ("twice", 2),
            ("under way", 2),
            ("overtaken", 2),
            ("taken back", 3),
            ("number", 1),
            ("store", in_store),
        ]) {
            "lost" => Mishap::RequestLost,
            "unheard" => Mishap::ReplyLost,
            "twice" => Mishap::Twice,
            "under way" => Mishap::UnderWay { copies },
            "overtaken" => Mishap::Overtaken { minutes: dice.between(1, 3_000) },
            "taken back" => Mishap::TakenBack { arrives: dice.percent(70) },
            "number" => Mishap::NumberUsedAgain,
            _ => Mishap::Store(strike(&mut dice, 40)),
        }
    }

    /// What befalls the platform's own work in an hour.
    pub(crate) fn of_hour(self, hour: u64) -> Option<Strike> {
        let turn = Turn { whose: Turn::AGENCY, number: hour };
        let mut dice = self.dice("own work", turn, 0);
        (self.level >= Level::Store && dice.one_in(20)).then(|| strike(&mut dice, 300))
    }

    /// Seconds after which an attempt is made again.
    pub(crate) fn pause(self, turn: Turn, attempt: u64) -> i64 {
        self.dice("pause", turn, attempt).between(2, 40)
    }

    /// Which of so many processes a deed goes to.
    pub(crate) fn process(self, turn: Turn, attempt: u64, of: usize) -> usize {
        let drawn = self.dice("process", turn, attempt).below(of.max(1) as u64);
        usize::try_from(drawn).unwrap_or(0)
    }

    /// How many processes serve, each with the seconds that its clock is ahead.
    pub(crate) fn clocks(self) -> Vec<i64> {
        let turn = Turn { whose: Turn::AGENCY, number: 0 };
        if self.level < Level::All { vec![0] } else { vec![0, self.dice("clock", turn, 0).between(0, CLOCKS_DIFFER)] }
    }

    /// Places in the platform's queues; none: as it is served.
    pub(crate) fn places(self) -> Option<usize> {
        (self.level >= Level::All).then_some(QUEUE)
    }
}

/// Places in a queue that is soon full.
const QUEUE: usize = 3;

fn strike(dice: &mut Dice, moments: i64) -> Strike {
    let kind = dice.weighed(&[
        (Blow::DiskError, 3),
        (Blow::DiskFull, 2),
        (Blow::Cut, 2),
        (Blow::AnswerLost, 3),
        (Blow::Crash, 3),
    ]);
    // Early moments more often: few deeds take many statements, and few commits are waited for.
    let most = if kind == Blow::AnswerLost { 2 } else { dice.between(2, moments) };
    Strike { moment: dice.between(1, most).unsigned_abs(), kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_level_adds_to_the_one_below_and_a_level_is_named_by_its_word() {
        for (word, level) in LEVELS {
            assert_eq!(word.parse(), Ok(level));
            assert_eq!(level.to_string(), word);
        }
        assert!("some".parse::<Level>().unwrap_err().contains("none、messages、store、all"));
        let met = |level: Level| {
            let faults = Faults::new(3, level);
            (1..2_000).map(|number| faults.of(Turn { whose: 7, number }, 0)).collect::<Vec<_>>()
        };
        assert!(met(Level::None).iter().all(|mishap| *mishap == Mishap::None));
        assert!(!met(Level::Messages).iter().any(|mishap| matches!(mishap, Mishap::Store(_))));
        assert!(met(Level::Store).iter().any(|mishap| matches!(mishap, Mishap::Store(_))));
        assert!(met(Level::All).iter().any(|mishap| matches!(mishap, Mishap::UnderWay { copies } if *copies > QUEUE)));
    }
}
