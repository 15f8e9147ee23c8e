//! Entries and events for the tests of the registers.

use super::{Action, Entry, Event, Source, State};
use crate::money::Money;
use crate::outage::{Business, RegisterKind};
use jiff::civil::date;
use std::collections::BTreeMap;

/// An entry of a hospital's person on 12 September 2020.
pub(super) fn entry(kind: RegisterKind, fields: &[(&str, &str)]) -> Entry {
    let mut entry = Entry {
        number: "TJ1".into(),
        plan: "p".into(),
        rule: "r".into(),
        kind,
        business: Business::named("settlement.outpatient.ordinary"),
        fixmedins_code: "H1".into(),
        admdvs: "510402".into(),
        psn_no: "51".into(),
        certno: String::new(),
        mdtrt_id: String::new(),
        care_from: date(2020, 9, 12).at(9, 0, 0, 0),
        care_until: None,
        invono: String::new(),
        charged: Money::ZERO,
        refunded: Money::ZERO,
        setl_id: String::new(),
        state: State::Waiting,
        reason: String::new(),
        source: Source::Page,
        taken_at: date(2020, 9, 12).at(9, 0, 0, 0),
        taken_by: "a".into(),
        details: BTreeMap::new(),
        version: 1,
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
