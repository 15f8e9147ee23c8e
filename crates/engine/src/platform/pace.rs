//! When something that is done again and again is due next (节奏): at its interval, and after a failure sooner at first
//! and then ever later, but never not at all.

use jiff::ToSpan;
use yibao_domain::time::DateTime;

/// Seconds after the first, second, … failure in a row; the last one counts for all that follow.
const BACK_OFF: [i64; 6] = [1, 2, 4, 8, 16, 30];

/// How one thing has gone so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pace {
    every: i64,
    failures: usize,
    /// When it was last tried, and how many seconds it then waits.
    last: Option<(DateTime, i64)>,
}

impl Pace {
    /// Due at once, then every so many seconds.
    pub fn every(seconds: i64) -> Pace {
        Pace { every: seconds, failures: 0, last: None }
    }

    /// Whether it is due; where the clock went back, it is.
    pub fn is_due(&self, now: DateTime) -> bool {
        self.last.is_none_or(|(last, wait)| now < last || last.saturating_add(wait.seconds()) <= now)
    }

    /// Whether it failed the last time.
    pub fn is_failing(&self) -> bool {
        self.failures > 0
    }

    /// It went well; says after how many failures.
    pub fn succeeded(&mut self, now: DateTime) -> usize {
        self.last = Some((now, self.every));
        std::mem::take(&mut self.failures)
    }

    /// It failed; says in how many seconds it is tried again.
    pub fn failed(&mut self, now: DateTime) -> i64 {
        let wait = BACK_OFF[self.failures.min(BACK_OFF.len() - 1)];
        self.failures += 1;
        self.last = Some((now, wait));
        wait
    }

    /// It is to be tried again in a second, since there was no room for it.
    pub fn pressed(&mut self, now: DateTime) {
        self.failures += 1;
        self.last = Some((now, 1));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn at(second: i8) -> DateTime {
        date(2021, 7, 7).at(12, 0, second, 0)
    }

    #[test]
    fn after_failures_it_is_tried_again_ever_later_and_after_a_success_at_its_interval() {
        let mut pace = Pace::every(20);
        assert!(pace.is_due(at(0)) && !pace.is_failing());
        assert_eq!((pace.failed(at(0)), pace.is_due(at(0)), pace.is_due(at(1))), (1, false, true));
        let waits: Vec<i64> = (0..7).map(|_| pace.failed(at(1))).collect();
        assert_eq!(waits, [2, 4, 8, 16, 30, 30, 30]);
        assert!(pace.is_failing());
        assert_eq!(pace.succeeded(at(30)), 8);
        assert!(!pace.is_due(at(49)) && pace.is_due(at(50)));
        assert!(pace.is_due(at(29)), "the clock went back");
    }

    #[test]
    fn what_found_no_room_is_tried_again_in_a_second_however_often() {
        let mut pace = Pace::every(60);
        for second in 0..20 {
            pace.pressed(at(second));
            assert!(!pace.is_due(at(second)) && pace.is_due(at(second + 1)) && pace.is_failing());
        }
    }
}
