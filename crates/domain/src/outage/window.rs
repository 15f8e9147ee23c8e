//! When a business is closed: its window, how it reopens, and the stages in which it does.
//!
//! A reopening may be a moment, wait for an event that a person enters (验收通过), or never come (业务终止). Stages give
//! some businesses, people or providers a reopening of their own. What closes the business of a question is found in `closing`.
//! Invariant: a window is half-open, and one without a known end is closed until the end is known.

use super::{Actor, Business, Pattern, Scope, Specificity};
use crate::code::Pool;
use crate::time::{DateTime, Moment, moment_name};

/// How a closed business comes back (恢复方式). Ordered by when: known moments first, then awaited, then never.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Reopens {
    /// At this moment: the first open one.
    At(Moment),
    /// Once this event has been entered; until then nobody knows when.
    Awaits {
        /// The event's id.
        event: String,
        /// Its Chinese name.
        name: String,
        /// When it is expected, where the notice says so.
        expected: Option<Moment>,
    },
    /// Not at all: the business ends (业务终止).
    Never,
}

impl Reopens {
    /// The first open moment, where it is known.
    pub fn moment(&self) -> Option<DateTime> {
        match self {
            Reopens::At(moment) => Some(moment.at),
            Reopens::Awaits { .. } | Reopens::Never => None,
        }
    }

    /// The moment, or the one that is expected.
    pub fn expected(&self) -> Option<DateTime> {
        match self {
            Reopens::At(moment) => Some(moment.at),
            Reopens::Awaits { expected, .. } => expected.map(|expected| expected.at),
            Reopens::Never => None,
        }
    }

    /// For people: `2021-07-15 24:00恢复`, `待“验收通过”后恢复(预计2021-07-15 24:00)`, `不再恢复`.
    pub fn name(&self) -> String {
        match self {
            Reopens::At(moment) => format!("{}恢复", moment_name(*moment)),
            Reopens::Awaits { name, expected: None, .. } => format!("待“{name}”后恢复"),
            Reopens::Awaits { name, expected: Some(expected), .. } => {
                format!("待“{name}”后恢复（预计{}）", moment_name(*expected))
            }
            Reopens::Never => "不再恢复".to_owned(),
        }
    }

    /// The same, with each midnight written as 24:00.
    pub(super) fn in_one_way(&self) -> Reopens {
        match self {
            Reopens::At(moment) => Reopens::At(moment.at.into()),
            Reopens::Awaits { event, name, expected } => {
                let expected = expected.map(|expected| expected.at.into());
                Reopens::Awaits { event: event.clone(), name: name.clone(), expected }
            }
            Reopens::Never => Reopens::Never,
        }
    }

    /// What people are told at `now`: an expected moment that has gone by is told to nobody.
    pub fn as_told_at(&self, now: DateTime) -> Reopens {
        match self {
            Reopens::Awaits { event, name, expected } => {
                let expected = expected.filter(|expected| now < *expected);
                Reopens::Awaits { event: event.clone(), name: name.clone(), expected }
            }
            Reopens::At(_) | Reopens::Never => self.clone(),
        }
    }

    /// Whether what is closed until then is closed at `now`, if it has closed.
    pub fn is_after(&self, now: DateTime) -> bool {
        self.moment().is_none_or(|moment| now < moment)
    }
}

/// A half-open stretch of time: closed from `closes` on, open again at the reopening itself.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Window {
    /// The first closed moment.
    pub closes: Moment,
    /// How and when it opens again.
    pub reopens: Reopens,
}

impl Window {
    /// A window that ends at a known moment.
    pub fn between(closes: DateTime, reopens: DateTime) -> Window {
        Window { closes: closes.into(), reopens: Reopens::At(reopens.into()) }
    }

    /// Whether it is closed at `now`.
    pub fn contains(&self, now: DateTime) -> bool {
        self.closes <= now && self.reopens.is_after(now)
    }

    /// Whether the two share a moment.
    pub fn overlaps(&self, other: &Window) -> bool {
        other.reopens.is_after(self.closes.at) && self.reopens.is_after(other.closes.at)
    }

    /// Whether the two overlap or follow each other without a break.
    pub fn touches(&self, other: &Window) -> bool {
        let reaches = |one: &Window, other: &Window| one.reopens.moment().is_none_or(|end| other.closes <= end);
        reaches(self, other) && reaches(other, self)
    }

    /// For people: `2021-07-09 24:00起停办,2021-07-15 24:00恢复`.
    pub fn name(&self) -> String {
        format!("{}起停办，{}", moment_name(self.closes), self.reopens.name())
    }
}

/// Something that has to happen before a business reopens (恢复条件), entered by a person.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Event {
    /// Unique in the plan.
    pub id: String,
    /// What people call it: 验收通过.
    pub name: String,
    /// Who says that it has happened.
    pub who: Vec<Actor>,
    /// When the last of what waits for it closes; nothing where nothing waits.
    pub closes: Option<DateTime>,
    /// Where it stands in the file.
    pub line: u32,
}

/// An event that has happened: from `at` on, what waits for it is open.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EventEntered {
    /// Whose plan.
    pub pool: Pool,
    /// The plan's id.
    pub plan: String,
    /// The event's id.
    pub event: String,
    /// The first open moment of what waits for it.
    pub at: DateTime,
}

/// A stage of reopening (分批恢复): a reopening of its own for some businesses, people or providers, earlier or later
/// than their rule's.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stage {
    /// Unique in the plan.
    pub id: String,
    /// The notice's clauses it comes from; may be none.
    pub clauses: Vec<String>,
    /// Where it stands in the file.
    pub line: u32,
    /// The businesses it names; none: whatever is closed.
    pub businesses: Vec<Pattern>,
    /// For whom and where.
    pub scope: Scope,
    /// Whether it wins over every stage that does not.
    pub prevails: bool,
    /// Their reopening.
    pub reopens: Reopens,
    /// What had been planned for them before it was moved; `None`: what `reopens` says.
    pub planned_reopens: Option<DateTime>,
    /// Added by a re-plan: what had been planned for them is what their rule says.
    pub added: bool,
    /// What else those of the stage are told, after the rule's advice.
    pub advice: Option<String>,
}

impl Stage {
    /// How specific the stage is about a business; `None` where it does not name it.
    pub fn specificity(&self, business: &Business) -> Option<Specificity> {
        let covering = self.businesses.iter().filter(|pattern| pattern.covers(business));
        let depth = if self.businesses.is_empty() { 0 } else { covering.map(Pattern::depth).max()? };
        Some(Specificity { prevails: self.prevails, ..self.scope.specificity(depth) })
    }
}
