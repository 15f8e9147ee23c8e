//! A deadline as the notice says it: with its date where that is known.

use super::words::{deadline_words, late_words, moment_words, stage_words};
use jiff::civil::DateTime;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Deadline, Due, Plan, Scope};

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

/// A deadline of those whom a scope covers, and the first moment where that is later than the reopening. Those of a stage who
/// have another end are told theirs behind it.
pub(super) fn until(
    deadline: Option<&Deadline>,
    scope: &Scope,
    not_before: Option<DateTime>,
    plan: &Plan,
    calendar: &Calendar,
) -> Option<Until> {
    let from = not_before.map(|moment| format!("{}起", moment_words(moment, plan.issued)));
    let Some(deadline) = deadline else {
        return from.map(|text| Until { moment: None, text, late: String::new() });
    };
    let (moment, text) = end(&deadline.due, scope, plan, calendar);
    let text = from.map_or(text.clone(), |from| format!("{from}，{text}"));
    Some(Until { moment, text, late: late_words(deadline.after).to_owned() })
}

/// The end of a deadline: its moment for most of those concerned, where it is known, and words for it and for the stages.
pub(super) fn end(due: &Due, scope: &Scope, plan: &Plan, calendar: &Calendar) -> (Option<DateTime>, String) {
    let ends = plan.staged_ends(due, scope, calendar);
    let mut text = String::new();
    for end in &ends {
        let words = end.at.moment().map_or_else(|| due.name(), |moment| deadline_words(moment, plan.issued));
        match end.stage {
            None => text.push_str(&words),
            Some(stage) => text.push_str(&format!("；{}：{words}", stage_words(stage, plan))),
        }
    }
    (ends.first().and_then(|end| end.at.moment()), text)
}
