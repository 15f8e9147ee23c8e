//! Entries that say much the same (像是重复的): a suggestion beside the list and the entry, which refuses and holds up nothing.
//!
//! Care and papers are compared by the registers themselves, with marks that money waits for (`register/double`). Here is the rest: the
//! same person on the same day, or, where nobody is named, the same provider, day and matter.

use crate::policies::Policies;
use crate::register::Actor;
use std::collections::HashMap;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Bucket, Entry, field};
use yibao_domain::written::name::folded;
use yibao_domain::written::number::document_or_as_written;
use yibao_store::register::EntryFilter;
use yibao_store::{Fault, Tx};

/// Numbers of entries by what they say.
#[derive(Default)]
pub(crate) struct Alike(HashMap<String, Vec<String>>);

/// Whether entries of a register are compared here.
fn is_compared(kind: RegisterKind) -> bool {
    !kind.is_settled() && kind != RegisterKind::Papers && !kind.row().listed
}

/// What an entry has in common with those like it; `None` where there is nothing to compare.
fn key(entry: &Entry) -> Option<String> {
    if !is_compared(entry.kind) || matches!(entry.state.bucket(), Bucket::Withdrawn | Bucket::Refused) {
        return None;
    }
    let (kind, day) = (entry.kind.word(), entry.care_from.date());
    let subject = folded(field::SUBJECT.of(entry));
    match (entry.psn_no.as_str(), entry.certno.as_str()) {
        ("", "") if subject.is_empty() => None,
        ("", "") => Some(format!("{kind} {day} {} {subject}", entry.fixmedins_code)),
        ("", certno) => Some(format!("{kind} {day} {}", document_or_as_written(certno))),
        (psn_no, _) => Some(format!("{kind} {day} {psn_no}")),
    }
}

impl Alike {
    /// What a register has, for those who may see it; nothing where its entries are not compared here.
    pub fn of(
        tx: &mut dyn Tx,
        policies: &Policies,
        by: &Actor,
        kind: RegisterKind,
        chunk: usize,
    ) -> Result<Alike, Fault> {
        let mut alike = Alike::default();
        if !is_compared(kind) || !policies.work.kinds.contains(&kind) {
            return Ok(alike);
        }
        let own = by.role.keeps_to_its_own().then(|| by.fixmedins_code.clone());
        let mut filter = EntryFilter { kind: Some(kind), fixmedins_code: own, ..EntryFilter::default() };
        loop {
            let entries = tx.entries(&filter, chunk)?;
            let Some(last) = entries.last() else { return Ok(alike) };
            filter.after = Some((last.care_from, last.number.clone()));
            let is_last = entries.len() < chunk;
            for entry in &entries {
                if let Some(key) = key(entry) {
                    alike.0.entry(key).or_default().push(entry.number.clone());
                }
            }
            if is_last {
                return Ok(alike);
            }
        }
    }

    /// The others that say much the same as an entry.
    pub fn to(&self, entry: &Entry) -> Vec<String> {
        let like = key(entry).and_then(|key| self.0.get(&key));
        like.into_iter().flatten().filter(|number| **number != entry.number).cloned().collect()
    }
}
