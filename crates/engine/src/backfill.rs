//! What an outage left behind, made good through the ordinary transactions (补录).
//!
//! `care` asks by which rule care of a closed moment goes; `matching` ties a settlement to its register entry and the entry
//! to its settlement; `order` has an event of an outage count at the time of its care, and puts right what was settled
//! meanwhile; `entry` takes a register entry through the ordinary calls, and `run` takes many. Registers are kept in
//! `register`, plans are decided in `yibao_domain::outage`.

mod calls;
pub(crate) mod care;
pub(crate) mod entry;
pub(crate) mod matching;
pub(crate) mod order;

use std::sync::LazyLock;
use yibao_domain::calendar::Calendar;
use yibao_policy::plan::national_calendar;

/// The official working-day calendar, by which deadlines are counted.
pub(crate) fn calendar() -> &'static Calendar {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(national_calendar);
    &CALENDAR
}
