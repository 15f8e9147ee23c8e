//! The clock: the only place that reads the wall clock. `--clock` starts the platform's time elsewhere,
//! so that a city can rehearse its switch-over; a simulated city says itself what time it is.

use anyhow::Context;
use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};
use std::sync::{Arc, Mutex, PoisonError};
use yibao_policy::plan::read_moment;
use yibao_web::played::Demonstration;

/// China Standard Time, one offset since 1991.
fn china() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The platform's time: the real one, or one that was started elsewhere and runs on from there or stands until it is put on.
pub struct PlatformClock {
    rehearsal: Option<Rehearsal>,
}

struct Rehearsal {
    start: DateTime,
    hand: Hand,
}

enum Hand {
    RunsAhead(SignedDuration),
    Stands(Mutex<DateTime>),
}

impl PlatformClock {
    /// A clock that shows `start` now; the real time where it is absent.
    pub fn starting(start: Option<DateTime>) -> anyhow::Result<Self> {
        let Some(start) = start else { return Ok(PlatformClock { rehearsal: None }) };
        let instant = start.to_zoned(china()).context("--clock 的时刻超出范围")?.timestamp();
        let ahead = instant.duration_since(real());
        Ok(PlatformClock { rehearsal: Some(Rehearsal { start, hand: Hand::RunsAhead(ahead) }) })
    }

    /// A clock that stands at `start` until it is put on.
    pub fn standing(start: DateTime) -> PlatformClock {
        PlatformClock { rehearsal: Some(Rehearsal { start, hand: Hand::Stands(Mutex::new(start)) }) }
    }

    /// Puts a clock that stands to this moment; one that runs runs on.
    pub fn put_to(&self, moment: DateTime) {
        if let Some(Rehearsal { hand: Hand::Stands(shown), .. }) = &self.rehearsal {
            *shown.lock().unwrap_or_else(PoisonError::into_inner) = moment;
        }
    }
}

impl yibao_web::Clock for PlatformClock {
    fn now(&self) -> DateTime {
        match self.rehearsal.as_ref().map(|rehearsal| &rehearsal.hand) {
            Some(Hand::RunsAhead(ahead)) => civil(real().saturating_add(*ahead).unwrap_or(Timestamp::MAX)),
            Some(Hand::Stands(shown)) => *shown.lock().unwrap_or_else(PoisonError::into_inner),
            None => civil(real()),
        }
    }

    fn real_now(&self) -> DateTime {
        civil(real())
    }

    fn real_unix_seconds(&self) -> i64 {
        real().as_second()
    }

    fn rehearsal(&self) -> Option<DateTime> {
        self.rehearsal.as_ref().map(|rehearsal| rehearsal.start)
    }
}

/// The time of a play (演示): it is what has been played so far.
pub struct PlayedClock {
    play: Arc<dyn Demonstration>,
}

impl PlayedClock {
    /// The clock of this play.
    pub fn of(play: Arc<dyn Demonstration>) -> PlayedClock {
        PlayedClock { play }
    }
}

impl yibao_web::Clock for PlayedClock {
    fn now(&self) -> DateTime {
        self.play.standing().now
    }

    fn real_now(&self) -> DateTime {
        civil(real())
    }

    fn real_unix_seconds(&self) -> i64 {
        real().as_second()
    }

    fn rehearsal(&self) -> Option<DateTime> {
        Some(self.play.standing().begins)
    }
}

/// Tells how much real time has passed between two looks.
pub struct Stopwatch(Timestamp);

impl Stopwatch {
    /// Begins now.
    pub fn started() -> Stopwatch {
        Stopwatch(real())
    }

    /// Milliseconds since it began or was looked at; it begins anew.
    pub fn lap(&mut self) -> i64 {
        let now = real();
        let passed = now.duration_since(self.0).as_millis();
        self.0 = now;
        i64::try_from(passed).unwrap_or(i64::MAX).max(0)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the platform's clock")]
fn real() -> Timestamp {
    Timestamp::now()
}

/// Milliseconds since 1970, where serials of replies start.
pub fn real_milliseconds() -> u64 {
    u64::try_from(real().as_millisecond()).unwrap_or(0)
}

fn civil(instant: Timestamp) -> DateTime {
    instant.to_zoned(china()).datetime()
}

/// Reads an instant of the command line: `2021-07-09T19:55:00+08:00`, or without offset in China
/// Standard Time, where the end of a day may be written 24:00, or a date alone for its first second.
pub fn parse_instant(text: &str) -> Result<DateTime, String> {
    let alone = || text.parse::<Date>().ok().map(|day| day.at(0, 0, 0, 0));
    let with_offset = || text.parse::<Timestamp>().ok().map(civil);
    read_moment(text).or_else(with_offset).or_else(alone).ok_or_else(|| {
        format!(
            "“{text}”不是时刻，应写作 2021-07-09T19:55:00+08:00 或 \"2021-07-09 19:55\"（北京时间，一日终了可写 24:00）"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn an_instant_is_read_in_china_standard_time() {
        let expected = date(2021, 7, 9).at(19, 55, 0, 0);
        assert_eq!(parse_instant("2021-07-09T19:55:00+08:00"), Ok(expected));
        assert_eq!(parse_instant("2021-07-09T11:55:00Z"), Ok(expected));
        assert_eq!(parse_instant("2021-07-09 19:55:00"), Ok(expected));
        assert_eq!(parse_instant("2021-07-09 24:00"), Ok(date(2021, 7, 10).at(0, 0, 0, 0)));
        assert_eq!(parse_instant("2021-07-09"), Ok(date(2021, 7, 9).at(0, 0, 0, 0)));
        assert!(parse_instant("next Friday").is_err());
    }
}
