//! What a re-plan (改期) changes, and for whom: two versions of a plan compared entry by entry.
//!
//! Entries are the same where part and id are; each is taken apart into facts in words, deadlines with the moment that they
//! come to, so that a deadline moves with the reopening that it counts from. Invariant: two plans without a change say the
//! same to everybody at every moment, whatever the order in their files.

mod facts;
mod part;

use super::{Plan, moment_name};
use crate::calendar::Calendar;
use crate::time::DateTime;
use facts::{Entry, Fact, entries, staged_deadlines};
pub use part::Part;
use std::borrow::Cow;

/// What becomes of an entry.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is no longer there.
    Removed,
    /// One of its facts is another.
    Changed {
        /// Which fact, in Chinese: `恢复时刻`.
        aspect: &'static str,
        /// What the earlier plan says; empty: nothing.
        before: String,
        /// What the later plan says; empty: nothing.
        after: String,
        /// The moments, where the fact is one.
        moved: Option<Moved>,
    },
}

/// A moment that is another in the later plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    /// In the earlier plan; `None`: not known, or never.
    pub from: Option<DateTime>,
    /// In the later plan; `None`: not known, or never.
    pub to: Option<DateTime>,
    /// Whether it ends a right (a deadline), rather than a window.
    pub is_deadline: bool,
}

impl Moved {
    /// Whether a right that had expired at `at` is alive again.
    pub fn revives(&self, at: DateTime) -> bool {
        self.is_deadline && self.from.is_some_and(|from| from <= at) && self.to.is_none_or(|to| at < to)
    }

    /// Whether a right that was alive at `at` has expired.
    pub fn expires(&self, at: DateTime) -> bool {
        self.is_deadline && self.from.is_none_or(|from| at < from) && self.to.is_some_and(|to| to <= at)
    }

    /// In words: `推迟3天`, `提前4小时`; empty where one of the moments is not known.
    pub fn name(&self) -> String {
        let (Some(from), Some(to)) = (self.from, self.to) else { return String::new() };
        let (word, minutes) = match from.duration_until(to).as_mins() {
            0 => return String::new(),
            minutes if minutes > 0 => ("推迟", minutes),
            minutes => ("提前", -minutes),
        };
        let parts = [(minutes / 1440, "天"), (minutes / 60 % 24, "小时"), (minutes % 60, "分钟")];
        let parts = parts.iter().filter(|(count, _)| *count > 0).map(|(count, unit)| format!("{count}{unit}"));
        word.to_owned() + &parts.collect::<String>()
    }
}

/// One difference between two plans.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Change {
    /// The part of the plan.
    pub part: Part,
    /// The entry's id.
    pub id: String,
    /// Where it stands: in the later file, or in the earlier one where it is removed.
    pub line: u32,
    /// The businesses that it is about, in Chinese; none: all, or none in particular.
    pub businesses: Vec<String>,
    /// For whom, in Chinese; empty: for everybody.
    pub whom: String,
    /// Of a moment that moves: those of them who go by a stage instead (分批恢复), which has changes of its own.
    pub staged: Vec<String>,
    /// What becomes of it.
    pub kind: ChangeKind,
}

/// Every difference, in the order of the later plan's parts and lines; what is removed stands last in its part.
///
/// The calendar gives deadlines in working days their moments.
pub fn difference(old: &Plan, new: &Plan, calendar: &Calendar) -> Vec<Change> {
    // Deadlines counted from the planned reopening stay where they were when the later version moves it.
    let follows = (&new.pool, &new.id) == (&old.pool, &old.id) && new.version > old.version;
    let new = if follows { Cow::Owned(new.after(old)) } else { Cow::Borrowed(new) };
    let (mut before, mut after) = (entries(old, calendar), entries(&new, calendar));
    let (staged_before, staged_after) = staged_deadlines(old, &new, calendar);
    before.extend(staged_before);
    after.extend(staged_after);
    let same = |one: &Entry, other: &Entry| one.part == other.part && one.id == other.id;
    let mut changes = Vec::new();
    for entry in &after {
        match before.iter().find(|earlier| same(earlier, entry)) {
            Some(earlier) => changes.extend(changes_between(earlier, entry)),
            None => changes.push(entry.change(ChangeKind::Added)),
        }
    }
    let removed = before.iter().filter(|earlier| !after.iter().any(|entry| same(earlier, entry)));
    changes.extend(removed.map(|entry| entry.change(ChangeKind::Removed)));
    changes.sort_by_key(|change| (change.part, change.kind == ChangeKind::Removed, change.line));
    changes
}

/// The facts that differ; both entries are of one part, so their facts stand in one order.
fn changes_between(earlier: &Entry, later: &Entry) -> Vec<Change> {
    let pairs = earlier.facts.iter().zip(&later.facts).filter(|(before, after)| before != after);
    let change = |(before, after): (&Fact, &Fact)| {
        let moments = before.moment.is_some() || after.moment.is_some();
        let moved = Moved { from: before.moment, to: after.moment, is_deadline: after.is_deadline };
        later.change(ChangeKind::Changed {
            aspect: after.aspect,
            before: before.text.clone(),
            after: after.text.clone(),
            moved: (moments && before.moment != after.moment).then_some(moved),
        })
    };
    pairs.map(change).collect()
}

impl Entry {
    fn change(&self, kind: ChangeKind) -> Change {
        Change {
            part: self.part,
            id: self.id.clone(),
            line: self.line,
            businesses: self.businesses.clone(),
            whom: self.whom.clone(),
            staged: if is_of_reopening(&kind) { self.staged.clone() } else { Vec::new() },
            kind,
        }
    }
}

/// Whether it is a reopening that moves, or what is counted from one.
fn is_of_reopening(kind: &ChangeKind) -> bool {
    const ASPECTS: [&str; 2] = ["恢复时刻", "期限"];
    matches!(kind, ChangeKind::Changed { aspect, moved: Some(_), .. } if ASPECTS.contains(aspect))
}

impl Change {
    /// Whom it concerns, in Chinese: `全部（兰东区按各自的分批恢复）`.
    pub fn concerned(&self) -> String {
        let whom = if self.whom.is_empty() { "全部" } else { &self.whom };
        match self.staged.as_slice() {
            [] => whom.to_owned(),
            staged => format!("{whom}（{}按各自的分批恢复）", staged.join("、")),
        }
    }

    /// In words: `恢复时刻 2021-07-15 24:00恢复 → 2021-07-18 24:00恢复，推迟3天`, `新增`, `取消`.
    pub fn name(&self) -> String {
        match &self.kind {
            ChangeKind::Added => "新增".to_owned(),
            ChangeKind::Removed => "取消".to_owned(),
            ChangeKind::Changed { aspect, before, after, moved } => {
                let stated = |text: &str| if text.is_empty() { "（无）".to_owned() } else { text.to_owned() };
                let moved = moved.map(|moved| moved.name()).filter(|name| !name.is_empty());
                let moved = moved.map(|name| format!("，{name}")).unwrap_or_default();
                format!("{aspect} {} → {}{moved}", stated(before), stated(after))
            }
        }
    }

    /// What it means at this moment for who had missed the earlier deadline, or still had time; `None` where nothing.
    pub fn at(&self, at: DateTime) -> Option<String> {
        let ChangeKind::Changed { moved: Some(moved), .. } = &self.kind else { return None };
        let until = moved.to.map_or("期限待定".to_owned(), |to| format!("至{}", moment_name(to)));
        if moved.revives(at) {
            Some(format!("已逾期的重新可以办理（{until}）"))
        } else if moved.expires(at) {
            Some("未办的已经逾期".to_owned())
        } else {
            None
        }
    }
}
