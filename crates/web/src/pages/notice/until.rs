//! A deadline as the notice says it: with its date where that is known.

use super::words::{deadline_words, late_words, moment_words, sentence, stage_words};
use jiff::civil::DateTime;
use yibao_domain::calendar::Calendar;
use yibao_domain::outage::{Deadline, Due, FallbackWhen, Plan, Rule, Whose};
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

/// One end of a deadline, in the pieces between which a line may break.
pub(super) struct Line<'a> {
    /// For whom; empty for most.
    pub whom: &'a str,
    /// `10月9日（星期五）24时前`.
    pub pieces: Vec<&'a str>,
    /// Where the rest stands.
    pub rest: &'a str,
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
    /// A line for most, and one for each stage.
    pub(super) fn lines(&self) -> Vec<Line<'_>> {
        let line = |part: &'_ str| {
            let (whom, at) =
                part.rsplit_once('：').map_or((0, 0), |(whom, _)| (whom.len(), whom.len() + '：'.len_utf8()));
            let ends = part.find("（分批").unwrap_or(part.len());
            (whom, at, ends)
        };
        let lines = self.text.split('；').map(|part| {
            let (whom, at, ends) = line(part);
            Line { whom: &part[..whom], pieces: part[at..ends].split_inclusive('，').collect(), rest: &part[ends..] }
        });
        lines.collect()
    }

    /// As a sentence: `10月9日（星期五）24时前，逾期请联系经办机构。`
    pub(super) fn sentence(&self) -> String {
        if self.late.is_empty() { format!("{}。", self.text) } else { format!("{}，{}", self.text, self.late) }
    }
}

/// A deadline of those whom a scope covers, and the first moment where that is later than the reopening.
pub(super) fn until<'a>(
    deadline: Option<&Deadline>,
    whose: impl Into<Whose<'a>>,
    not_before: Option<Moment>,
    plan: &Plan,
    calendar: &Calendar,
    stages: Stages,
) -> Option<Until> {
    let from = not_before.map(|moment| format!("{}起", moment_words(moment, plan.issued)));
    let Some(deadline) = deadline else {
        return from.map(|text| Until { moment: None, text, late: String::new() });
    };
    let (moment, text) = end(&deadline.due, whose, plan, calendar, stages);
    let text = from.map_or(text.clone(), |from| format!("{from}，{text}"));
    Some(Until { moment, text, late: late_words(deadline.after).to_owned() })
}

/// The deadline of a rule. Who is late there and has a way of his or her own is told that way, and nothing else.
pub(super) fn until_of(rule: &Rule, plan: &Plan, calendar: &Calendar, stages: Stages) -> Option<Until> {
    let mut until = until(rule.deadline.as_ref(), rule, rule.not_before, plan, calendar, stages)?;
    let late = rule.fallbacks.iter().find(|fallback| fallback.when.contains(&FallbackWhen::DeadlineMissed));
    if let Some(fallback) = late {
        let begins = fallback.advice.starts_with("逾期") || fallback.advice.contains("未办");
        until.late = format!("{}{}", if begins { "" } else { "逾期的：" }, sentence(&fallback.advice));
    }
    Some(until)
}

/// The end of a deadline: its moment for most of those concerned, where it is known, and words for it and for the stages.
pub(super) fn end<'a>(
    due: &Due,
    whose: impl Into<Whose<'a>>,
    plan: &Plan,
    calendar: &Calendar,
    stages: Stages,
) -> (Option<DateTime>, String) {
    let ends = plan.staged_ends(due, whose, calendar);
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
