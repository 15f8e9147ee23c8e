//! An entry that is about to be registered (登记): by whomever, it begins where the table of steps says.
//!
//! Only this crate makes one, and only where the table lets this role begin such an entry; who records entries takes nothing else.

use super::{Entry, Promise, Role, Stated, WorkTable};

/// An entry without a number, with what is told about its registration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Draft {
    entry: Entry,
    stated: Stated,
    remarks: Vec<String>,
}

impl Draft {
    /// Begins an entry by the table's first step; nothing where it has none for this role, or none for what the plan does not
    /// promise. What the entry says of itself is what is stated.
    pub fn of(table: &WorkTable, role: Role, entry: Entry, promised: Promise) -> Option<Draft> {
        let step = table.first_step(entry.kind, role)?;
        let state = match promised {
            Promise::Nothing => step.unpromised?,
            Promise::Claimed => step.claimed.or(step.to)?,
            Promise::MadeGood => step.to?,
        };
        let stated = entry.details.clone();
        Some(Draft { entry: Entry { state, version: 1, ..entry }, stated, remarks: Vec::new() })
    }

    /// The same with what is told about it.
    #[must_use]
    pub fn telling(self, stated: Stated, remarks: Vec<String>) -> Draft {
        Draft { stated, remarks, ..self }
    }

    /// The entry, still without a number.
    pub fn entry(&self) -> &Entry {
        &self.entry
    }

    /// The entry under its number.
    pub fn numbered(&self, number: String) -> Entry {
        Entry { number, ..self.entry.clone() }
    }

    /// What is stated with it.
    pub fn stated(&self) -> &Stated {
        &self.stated
    }

    /// What is to be looked at, for people.
    pub fn remarks(&self) -> &[String] {
        &self.remarks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outage::RegisterKind;
    use crate::register::{Action, Books, State, Step, example};

    fn table(unpromised: Option<State>) -> WorkTable {
        let step = Step {
            kinds: vec![RegisterKind::CashVisit],
            action: Action::Register,
            from: Vec::new(),
            to: Some(State::Approved),
            unpromised,
            claimed: None,
            roles: vec![Role::Provider],
            other_than: Vec::new(),
            books: Books::Nothing,
            sum: None,
        };
        WorkTable { steps: vec![step], ..WorkTable::default() }
    }

    #[test]
    fn an_entry_begins_where_the_table_says_and_nowhere_without_a_row() {
        let entry = || example::entry(RegisterKind::CashVisit, &[]);
        let begun = |table: &WorkTable, role, promised| {
            Draft::of(table, role, entry(), promised).map(|draft| draft.entry().state)
        };
        let (plain, both) = (table(None), table(Some(State::Outside)));
        assert_eq!(
            begun(&plain, Role::Provider, Promise::MadeGood),
            Some(State::Approved),
            "whatever the entry said of itself"
        );
        assert_eq!(begun(&plain, Role::Platform, Promise::MadeGood), None);
        assert_eq!(begun(&plain, Role::Provider, Promise::Nothing), None);
        assert_eq!(begun(&both, Role::Provider, Promise::Nothing), Some(State::Outside));
    }
}
