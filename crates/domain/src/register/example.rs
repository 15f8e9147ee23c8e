//! Entries and events for the tests of the registers.

use super::{Action, Entry, Event, Source, State};
use crate::outage::{Business, RegisterKind};
use jiff::civil::date;
use std::collections::BTreeMap;

/// An entry of a hospital's person on 12 September 2020.
pub(super) fn entry(kind: RegisterKind, fields: &[(&str, &str)]) -> Entry {
    let (business, care) = (Business::named("settlement.outpatient.ordinary"), date(2020, 9, 12).at(9, 0, 0, 0));
    let mut entry = Entry {
        number: "TJ1".into(),
        plan: "p".into(),
        rule: "r".into(),
        fixmedins_code: "H1".into(),
        admdvs: "510402".into(),
        psn_no: "51".into(),
        ..Entry::draft(kind, business, care, Source::Page, "a", care)
    };
    let stated = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    super::lay_out(&mut entry, &stated);
    entry
}

/// A step that somebody has taken.
pub(super) fn event(action: Action, actor: &str, by: &str) -> Event {
    let at = date(2020, 9, 12).at(9, 0, 0, 0);
    Event { seq: 1, at, by: by.into(), actor: actor.into(), action, state: State::Waiting, fields: BTreeMap::new() }
}
