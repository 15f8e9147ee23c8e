//! The registers (台账) of an outage: entries with their history, lines and claim rights.

use crate::fault::Fault;
use serde_json::Value as Json;
use std::collections::BTreeMap;
use yibao_domain::money::Money;
use yibao_domain::outage::{Business, RegisterKind};
use yibao_domain::register::{Entry, EntryLine, Event, State};
use yibao_domain::time::{Date, DateTime};

/// The columns of an entry, in the order of [`Entry`].
macro_rules! entry_columns {
    () => {
        "number, plan, rule, kind, business, fixmedins_code, admdvs, psn_no, certno, mdtrt_id, care_from, care_until, \
         invono, charged_fen, refunded_fen, setl_id, state, reason, source, taken_at, taken_by, details, version"
    };
}
pub(crate) use entry_columns;

/// Fields as one JSON object, by name: the same text for the same fields.
pub(crate) fn fields_text(fields: &BTreeMap<String, String>) -> String {
    Json::Object(fields.iter().map(|(name, value)| (name.clone(), Json::String(value.clone()))).collect()).to_string()
}

/// What [`fields_text`] has written.
pub(crate) fn fields_of_text(text: &str) -> serde_json::Result<BTreeMap<String, String>> {
    serde_json::from_str(text)
}

/// Which entries to list; a part that is `None` or empty selects all. Ranges are inclusive.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
#[allow(missing_docs, reason = "the names are those of `Entry`")]
pub struct EntryFilter {
    pub plan: Option<String>,
    pub kind: Option<RegisterKind>,
    pub states: Vec<State>,
    pub fixmedins_code: Option<String>,
    pub psn_no: Option<String>,
    pub mdtrt_id: Option<String>,
    pub setl_id: Option<String>,
    pub care_day: Option<Date>,
    /// The entry that they are about: of escalations and debtors' cases.
    pub of_entry: Option<String>,
    /// Entries after this one in the order of care (`care_from`, `number`); for paging.
    pub after: Option<(DateTime, String)>,
}

/// How many entries stand where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntryCount {
    /// Register.
    pub kind: RegisterKind,
    /// Business.
    pub business: Business,
    /// Provider; empty where the agency is responsible.
    pub fixmedins_code: String,
    /// State.
    pub state: State,
    /// How many.
    pub count: u64,
    /// What was charged.
    pub charged: Money,
    /// What was refunded.
    pub refunded: Money,
}

/// A hold on a debtor's later benefits (P-26).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hold {
    /// The person.
    pub psn_no: String,
    /// The entry of the register that it comes from.
    pub number: String,
    /// From when.
    pub since: DateTime,
    /// Until when; `None` while it stands.
    pub until: Option<DateTime>,
}

/// Questions and records about registers.
pub trait Registers {
    /// Records a new entry; its number must be new.
    fn add_entry(&mut self, entry: &Entry) -> Result<(), Fault>;
    /// Records an entry's new state and fields. Its `version` is one more than the stored one, or nothing changes
    /// and that is a fault.
    fn update_entry(&mut self, entry: &Entry) -> Result<(), Fault>;
    /// One entry.
    fn entry(&mut self, number: &str) -> Result<Option<Entry>, Fault>;
    /// Entries of a selection in the order of care (`care_from`, then `number`), at most `limit`.
    fn entries(&mut self, filter: &EntryFilter, limit: usize) -> Result<Vec<Entry>, Fault>;
    /// Counts of a plan's entries by register, business, provider and state.
    fn count_entries(&mut self, plan: &str) -> Result<Vec<EntryCount>, Fault>;

    /// Adds to an entry's history; `seq` is the next one, or nothing changes and that is a fault.
    fn add_event(&mut self, number: &str, event: &Event) -> Result<(), Fault>;
    /// An entry's history, oldest first.
    fn history(&mut self, number: &str) -> Result<Vec<Event>, Fault>;

    /// The fee lines kept with an entry, in the order of recording.
    fn entry_lines(&mut self, number: &str) -> Result<Vec<EntryLine>, Fault>;
    /// Replaces the fee lines kept with an entry.
    fn put_entry_lines(&mut self, number: &str, lines: &[EntryLine]) -> Result<(), Fault>;

    /// Who holds a claim key.
    fn claim_holder(&mut self, key: &str) -> Result<Option<String>, Fault>;
    /// Takes a claim key for an entry, which is recorded already; one that is taken is a fault (ask [`Registers::claim_holder`] first).
    fn take_claim(&mut self, key: &str, number: &str) -> Result<(), Fault>;
    /// Gives an entry's claim keys back.
    fn release_claims(&mut self, number: &str) -> Result<(), Fault>;

    /// A person's holds, oldest first.
    fn holds(&mut self, psn_no: &str) -> Result<Vec<Hold>, Fault>;
    /// Begins a hold of an entry that holds nothing.
    fn add_hold(&mut self, hold: &Hold) -> Result<(), Fault>;
    /// Ends the hold of an entry, where one stands.
    fn end_hold(&mut self, number: &str, at: DateTime) -> Result<(), Fault>;
}
