//! The clock: the only place that reads the wall clock. `--clock` starts the platform's time elsewhere,
//! so that a city can rehearse its switch-over.

use anyhow::Context;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// China Standard Time, one offset since 1991.
fn china() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The platform's time: the real one, or one that was started elsewhere and runs on from there.
pub struct PlatformClock {
    rehearsal: Option<Rehearsal>,
}

struct Rehearsal {
    start: DateTime,
    ahead: SignedDuration,
}

impl PlatformClock {
    /// A clock that shows `start` now; the real time where it is absent.
    pub fn starting(start: Option<DateTime>) -> anyhow::Result<Self> {
        let Some(start) = start else { return Ok(PlatformClock { rehearsal: None }) };
        let instant = start.to_zoned(china()).context("the instant of --clock is out of range")?.timestamp();
        let ahead = instant.duration_since(real());
        Ok(PlatformClock { rehearsal: Some(Rehearsal { start, ahead }) })
    }
}

impl yibao_web::Clock for PlatformClock {
    fn now(&self) -> DateTime {
        let shown = match &self.rehearsal {
            Some(rehearsal) => real().saturating_add(rehearsal.ahead).unwrap_or(Timestamp::MAX),
            None => real(),
        };
        civil(shown)
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
/// Standard Time, or a date alone for its first second.
pub fn parse_instant(text: &str) -> Result<DateTime, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(civil(instant));
    }
    if let Ok(moment) = text.replace(' ', "T").parse::<DateTime>() {
        return Ok(moment);
    }
    Err(format!("{text:?} is no instant; write it like 2021-07-09T19:55:00+08:00"))
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
        assert!(parse_instant("next Friday").is_err());
    }
}
