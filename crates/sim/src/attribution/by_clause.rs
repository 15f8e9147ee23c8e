//! What an outage changed, in a few lines (按条款归类): each event under the first thing that became of it, and what allows that.

use super::{Attribution, Change, Line, Reason};
use std::collections::{BTreeMap, BTreeSet};

/// What a line is of.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Heading {
    /// The events follow from another of the same person, whose change this is.
    pub follows: bool,
    /// What became of the event; nothing where nothing allows the difference.
    pub change: Option<Change>,
    /// The clauses and decisions that allow it.
    pub by: String,
}

impl Heading {
    /// What became of such an event, for somebody who has never seen the platform.
    pub fn name(&self) -> &'static str {
        match (self.follows, self.change) {
            (true, _) => "同一人的另一次就诊变了，累计跟着变",
            (_, Some(Change::LeftOut)) => "没有在医院、药店结算：付了现金，或到经办机构报销",
            (_, Some(Change::WithoutPart)) => "住院中途那次没有结算，出院时一起结",
            (_, Some(Change::NotCancelled)) => "要撤销时停着，没有撤销",
            (_, Some(Change::PutInOrder)) => "恢复后补结，按看病的先后计入累计；不停机按结算的先后",
            (_, Some(Change::ClaimedLater)) => "推迟记账",
            (_, Some(Change::AnewLater)) => "推迟重结",
            (_, Some(Change::NotInsured)) => "核实不在待遇期，由本人自费",
            (_, Some(Change::WithoutAccount)) => "个人账户停用，没有用账户支付",
            (_, Some(Change::NotInOrder)) => "次序不能更正",
            (_, None) => "没有依据",
        }
    }
}

impl Heading {
    /// Whether each clause is a line of its own. The others stand in one line: what closed while somebody was in hospital is most of
    /// a notice, and says little.
    fn is_by_clause(&self) -> bool {
        !self.follows && matches!(self.change, None | Some(Change::LeftOut | Change::PutInOrder))
    }
}

/// What differs between a course with an outage and one in which nothing is left out.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct ByClause(pub BTreeMap<Heading, Line>);

impl ByClause {
    /// With that of other people.
    pub fn join(&mut self, other: ByClause) {
        for (heading, line) in other.0 {
            self.0.entry(heading).or_default().join(line);
        }
    }

    /// In few lines, the largest difference first.
    pub fn in_short(&self) -> Vec<(Heading, Line)> {
        let mut lines: Vec<(Heading, Line)> = Vec::new();
        for (heading, line) in &self.0 {
            let same = |other: &&mut (Heading, Line)| !heading.is_by_clause() && other.0.name() == heading.name();
            match lines.iter_mut().find(same) {
                Some((known, sum)) => {
                    known.by = both(&known.by, &heading.by);
                    sum.join(line.clone());
                }
                None => lines.push((heading.clone(), line.clone())),
            }
        }
        lines.sort_by_key(|(_, line)| std::cmp::Reverse((line.without - line.with).abs()));
        lines
    }
}

/// The clauses of both, each once.
fn both(some: &str, others: &str) -> String {
    let all: BTreeSet<&str> = some.split('、').chain(others.split('、')).collect();
    Vec::from_iter(all).join("、")
}

impl Line {
    /// With another.
    pub fn join(&mut self, other: Line) {
        self.events += other.events;
        self.persons.extend(other.persons);
        (self.with, self.without) = (self.with + other.with, self.without + other.without);
    }
}

impl Attribution {
    /// By what became of an event and what allows it, what differs.
    pub fn by_clause(&self) -> ByClause {
        let own: BTreeMap<_, &[Reason]> = self.sides.iter().map(|side| (side.event, side.own.as_slice())).collect();
        let mut lines = ByClause::default();
        for side in self.sides.iter().filter(|side| side.differs()) {
            let reasons = side.follows.and_then(|id| own.get(&id).copied()).unwrap_or(side.own.as_slice());
            let first = reasons.iter().min();
            let heading = Heading {
                follows: side.follows.is_some(),
                change: first.map(|reason| reason.change),
                by: first.map_or_else(String::new, |reason| reason.by.clone()),
            };
            let (with, without) = side.paid();
            let line = Line { events: 1, persons: [side.event.person].into(), with, without };
            lines.0.entry(heading).or_default().join(line);
        }
        lines
    }
}
