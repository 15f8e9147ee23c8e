//! The claim right (报销权): used once across all routes, so that nobody is refunded at the hospital and again elsewhere.

use super::Entry;
use crate::outage::RegisterKind;

/// The keys that an entry takes; each may be taken by one entry at a time. Work lists claim their stay or person, cash its invoice.
pub fn claim_keys(entry: &Entry) -> Vec<String> {
    let mut keys = Vec::new();
    let kind = entry.kind.word();
    match entry.kind {
        RegisterKind::InpatientNotice | RegisterKind::StayConversion => {
            keys.push(format!("{kind}:{}:{}", entry.plan, entry.mdtrt_id));
        }
        RegisterKind::Publicity => keys.push(format!("{kind}:{}:{}", entry.plan, entry.fixmedins_code)),
        RegisterKind::Supply => {
            keys.push(format!("{kind}:{}:{}:{}", entry.plan, entry.psn_no, entry.business));
        }
        RegisterKind::NotEntitled => keys.push(format!("{kind}:{}:{}", entry.plan, entry.field("of_entry"))),
        RegisterKind::Admission | RegisterKind::Transfer | RegisterKind::DeferredDischarge => {
            keys.push(format!("stay:{}:{}:{}", person(entry), entry.fixmedins_code, entry.care_from.date()));
        }
        RegisterKind::CashVisit | RegisterKind::Papers | RegisterKind::Escalation | RegisterKind::Incident => {}
    }
    if !entry.invono.is_empty() {
        keys.push(format!("invoice:{}", normalised(&entry.invono)));
    }
    keys
}

/// The person by number, else by identity document.
fn person(entry: &Entry) -> &str {
    if entry.psn_no.is_empty() { &entry.certno } else { &entry.psn_no }
}

/// An invoice number without spaces and dashes, in capitals, leading zeros kept.
fn normalised(invono: &str) -> String {
    invono.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// How likely two entries are the same care.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Duplicate {
    /// Different care.
    No,
    /// The very same statement, sent again: nothing is added.
    SentAgain,
    /// The same care for all we can tell: it has to be told apart (two invoices) or it is refused.
    SameCare,
}

/// Whether a new entry is the same care as one that stands. Two visits of one day are told apart by invoice or minute.
pub fn duplicate_of(new: &Entry, standing: &Entry) -> Duplicate {
    let same_person = person(new) == person(standing) && !person(new).is_empty();
    let same_place = new.fixmedins_code == standing.fixmedins_code;
    if new.kind == standing.kind && same_person && same_place && new.care_from == standing.care_from {
        let same_statement = new.business == standing.business
            && new.invono == standing.invono
            && new.charged == standing.charged
            && new.details == standing.details;
        if same_statement {
            return Duplicate::SentAgain;
        }
    }
    let told_apart = !new.invono.is_empty()
        && !standing.invono.is_empty()
        && normalised(&new.invono) != normalised(&standing.invono);
    let comparable = |entry: &Entry| matches!(entry.kind, RegisterKind::CashVisit);
    let same_care = comparable(new)
        && comparable(standing)
        && same_person
        && same_place
        && new.care_from.date() == standing.care_from.date()
        && new.business == standing.business;
    if same_care && !told_apart && standing.state.keeps_claim() { Duplicate::SameCare } else { Duplicate::No }
}
