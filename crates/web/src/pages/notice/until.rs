//! A deadline as the notice says it: with its date where that is known.

use super::words::{deadline_words, late_words, moment_words, stage_words};
use jiff::civil::DateTime;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Deadline, Due, Plan, Scope};
use yibao_domain::time::Moment;

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

/// Where those of a stage are told their own end of a deadline.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Stages {
    /// Here, behind the end for most.
    Here,
    /// In the table of deadlines, to which a word points.
    InTheTable,
}

impl Until {
    /// As a sentence: `10月9日（星期五）24时前，逾期请联系经办机构。`
    pub(super) fn sentence(&self) -> String {
        if self.late.is_empty() { format!("{}。", self.text) } else { format!("{}，{}", self.text, self.late) }
    }
}

/// A deadline of those whom a scope covers, and the first moment where that is later than the reopening.
pub(super) fn until(
    deadline: Option<&Deadline>,
    scope: &Scope,
    not_before: Option<Moment>,
    plan: &Plan,
    calendar: &Calendar,
    stages: Stages,
) -> Option<Until> {
    let from = not_before.map(|moment| format!("{}起", moment_words(moment, plan.issued)));
    let Some(deadline) = deadline else {
        return from.map(|text| Until { moment: None, text, late: String::new() });
    };
    let (moment, text) = end(&deadline.due, scope, plan, calendar, stages);
    let text = from.map_or(text.clone(), |from| format!("{from}，{text}"));
    Some(Until { moment, text, late: late_words(deadline.after).to_owned() })
}

/// The end of a deadline: its moment for most of those concerned, where it is known, and words for it and for the stages.
pub(super) fn end(
    due: &Due,
    scope: &Scope,
    plan: &Plan,
    calendar: &Calendar,
    stages: Stages,
) -> (Option<DateTime>, String) {
    let ends = plan.staged_ends(due, scope, calendar);
    let mut text = String::new();
    for end in &ends {
        let words = match (due, end.at.moment()) {
            (Due::By(by), _) => deadline_words(*by, plan.issued),
            (_, Some(moment)) => deadline_words(moment, plan.issued),
            (_, None) => due.name(),
        };
        match end.stage {
            None => text.push_str(&words),
            Some(_) if stages == Stages::InTheTable => continue,
            Some(stage) => text.push_str(&format!("；{}：{words}", stage_words(stage, plan))),
        }
    }
    if ends.len() > 1 && stages == Stages::InTheTable {
        text.push_str("（分批恢复的见“期限”一节）");
    }
    (ends.first().and_then(|end| end.at.moment()), text)
}
