//! A deadline as the notice says it: with its date where that is known.

use super::words::{deadline_words, moment_words, sentence};
use jiff::civil::DateTime;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Deadline, Due, Moments, Plan};

/// A deadline in words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Until {
    /// Its moment, where it is known.
    pub moment: Option<DateTime>,
    /// `10月9日（星期五）24时前`, or how it is counted: `恢复后10个工作日内`.
    pub text: String,
    /// What happens to who is late; a sentence.
    pub late: String,
}

/// A deadline, and the first moment where that is later than the reopening.
pub(super) fn until(
    deadline: Option<&Deadline>,
    not_before: Option<DateTime>,
    plan: &Plan,
    calendar: &Calendar,
) -> Option<Until> {
    let from = not_before.map(|moment| format!("{}起", moment_words(moment, plan.issued)));
    let Some(deadline) = deadline else {
        return from.map(|text| Until { moment: None, text, late: String::new() });
    };
    let (moment, text) = end(&deadline.due, plan, calendar);
    let text = from.map_or(text.clone(), |from| format!("{from}，{text}"));
    Some(Until { moment, text, late: sentence(deadline.after.name()) })
}

/// The end of a deadline: its moment, where it is known, and words for it.
pub(super) fn end(due: &Due, plan: &Plan, calendar: &Calendar) -> (Option<DateTime>, String) {
    let moment = plan.end_of(due, &Moments::default(), calendar).moment();
    let text = moment.map_or_else(|| due.name(), |moment| deadline_words(moment, plan.issued));
    (moment, text)
}
