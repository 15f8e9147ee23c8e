//! A step taken (已办的一步): an entry before and after, and what is told about it.
//!
//! Only this crate makes one, and only where the table of steps allows it; who records entries takes nothing else. Invariant:
//! the entry after it has one version more and the state that the table names.

use super::{Action, Books, Entry, Promise, Role, Stated, WorkTable, booking, field};
use crate::ledger::{Journal, SourceKind};
use crate::money::Money;
use crate::refusal::{Code, Refusal};

/// A step taken.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Deed {
    pub(super) before: Entry,
    pub(super) entry: Entry,
    pub(super) action: Action,
    pub(super) stated: Stated,
    pub(super) remarks: Vec<String>,
    pub(super) books: Books,
}

impl Deed {
    /// Takes a step of the table with what it changes besides the state; nothing where the table has none for this role.
    pub(super) fn of(
        table: &WorkTable,
        before: &Entry,
        action: Action,
        role: Role,
        change: impl FnOnce(&mut Entry),
    ) -> Option<Deed> {
        Deed::judged(table, before, action, role, None, change)
    }

    /// The same where it was judged anew whether the plan promises anything.
    fn judged(
        table: &WorkTable,
        before: &Entry,
        action: Action,
        role: Role,
        promised: Option<Promise>,
        change: impl FnOnce(&mut Entry),
    ) -> Option<Deed> {
        let step = table.step_of(before, action, role)?;
        let mut entry = before.clone();
        change(&mut entry);
        entry.state = step.after(before.state, promised);
        entry.version = before.version + 1;
        let (before, books) = (before.clone(), step.books);
        Some(Deed { before, entry, action, stated: Stated::new(), remarks: Vec::new(), books })
    }

    /// The same with what is told about it.
    pub(super) fn telling(mut self, stated: Stated) -> Deed {
        self.stated = stated;
        self
    }

    /// The entry as it stood.
    pub fn before(&self) -> &Entry {
        &self.before
    }

    /// The entry as it stands after the step.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// What was done.
    pub fn action(&self) -> Action {
        self.action
    }

    /// What is stated with it, completed.
    pub fn stated(&self) -> &Stated {
        &self.stated
    }

    /// What is to be looked at, for people.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }

    /// What it does to the books besides.
    pub fn books(&self) -> Books {
        self.books
    }

    /// The journal entry that it books as one of this source kind; refuses where what is stated does not give one.
    pub fn booked(&self, source: SourceKind) -> Result<Journal, Refusal> {
        match booking(source) {
            Some(book) => book(&self.stated),
            None => {
                let text = format!("“{}”还不能由台账记账；请改由对应的业务办理", source.name());
                Err(Refusal::new(Code::NotProvided, text))
            }
        }
    }
}

/// A statement that was judged anew.
pub struct Rejudged {
    /// The entry as it would be registered now.
    pub entry: Entry,
    /// What the plan promises for it; `None`: what was judged before stands.
    pub promised: Option<Promise>,
    /// What is to be looked at, for people.
    pub remarks: Vec<String>,
}

/// Corrects what was stated (更正): the fields `named` are as the new judgement has them; nothing where the table has no such
/// step from here for this role.
pub fn corrected<'a>(
    table: &WorkTable,
    before: &Entry,
    judged: Rejudged,
    named: impl Iterator<Item = &'a str>,
    role: Role,
    told: Stated,
) -> Option<Deed> {
    let Rejudged { entry: judged, promised, remarks } = judged;
    let mut deed = Deed::judged(table, before, Action::Correct, role, promised, |entry| {
        for name in named {
            match judged.details.get(name) {
                Some(value) => entry.details.insert(name.to_owned(), value.clone()),
                None => entry.details.remove(name),
            };
        }
        let details = std::mem::take(&mut entry.details);
        *entry = Entry {
            psn_no: judged.psn_no,
            certno: judged.certno,
            mdtrt_id: judged.mdtrt_id,
            invono: judged.invono,
            business: judged.business,
            plan: judged.plan,
            rule: judged.rule,
            care_from: judged.care_from,
            care_until: judged.care_until.or(entry.care_until),
            charged: judged.charged,
            details,
            ..entry.clone()
        };
    })?;
    deed.remarks = remarks;
    let told = with_what_stood(before, &deed.entry, told);
    Some(deed.telling(told))
}

/// Begins the name of a field of a correction that tells what stood there before.
pub const WAS: &str = "was.";

/// Of the fields that a correction states those that differ, each with what stood before it.
fn with_what_stood(before: &Entry, after: &Entry, stated: Stated) -> Stated {
    let mut told = Stated::new();
    for (name, value) in stated {
        let stood = before.value(&name);
        if stood != after.value(&name) {
            told.insert(format!("{WAS}{name}"), stood);
            told.insert(name, value);
        }
    }
    told
}

/// Replaces the fee lines that are kept with an entry: `count` lines that come to `sum`.
pub fn lines_replaced(table: &WorkTable, before: &Entry, role: Role, count: usize, sum: Money) -> Option<Deed> {
    let deed = Deed::of(table, before, Action::Correct, role, |_| ())?;
    Some(deed.telling([field::LINES.with(&count.to_string()), field::LINES_SUM.with(sum)].into()))
}
