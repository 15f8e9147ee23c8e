//! The clock of review (审核时限): working days within which an agency finishes what it has taken in. Where a plan stops it (P-14,
//! `review_clock_stops`), it stands while the business is closed.
//!
//! Like the first day of any count, a day counts that the business is open for from its beginning to its end.

use super::deadline::BEYOND_CALENDAR;
use super::{DueAt, Plan, Question, Reopens, Window};
use crate::calendar::Calendar;
use crate::time::{Date, DateTime};

/// The end of so many working days from an intake on, for the business of a question, as these plans let the clock run.
pub fn review_ends<'a>(
    plans: impl IntoIterator<Item = &'a Plan>,
    question: &Question,
    intake: DateTime,
    days: u32,
    calendar: &Calendar,
) -> DueAt {
    let stopping = plans.into_iter().filter(|plan| plan.switches.review_clock_stops && question.concerns(&plan.pool));
    let windows: Vec<Window> =
        stopping.flat_map(|plan| plan.closings(question)).map(|closing| closing.window).collect();
    let is_open = |day: Date| !windows.iter().any(|window| is_closed_on(window, day));
    let Some(ends) = calendar.add_working_days_that(intake, days, is_open) else {
        return DueAt::Unknowable(BEYOND_CALENDAR);
    };
    // Nobody knows for how long the clock stands.
    let endless = |window: &Window| matches!(window.reopens, Reopens::Awaits { .. }) && window.closes < ends;
    if windows.iter().any(endless) { DueAt::NotYetKnown } else { DueAt::At(ends) }
}

/// Whether a window that ends closes the business at any time of a day. One that never ends has nothing to be finished.
fn is_closed_on(window: &Window, day: Date) -> bool {
    let (begins, ends) = (day.at(0, 0, 0, 0), day.tomorrow().map_or(DateTime::MAX, |next| next.at(0, 0, 0, 0)));
    window.closes < ends && window.reopens.moment().is_some_and(|reopens| begins < reopens)
}
