//! What the agency has decided about late care (特殊情况请示, P-20): that it has agreed, where it ever has, else its latest decision.

use crate::call::Stop;
use crate::facts::{EVERY, entries};
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::field::{self, Decision};
use yibao_domain::register::{Action, Entry, State};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::register::EntryFilter;

/// About this person's care at this provider, whatever plan governs it now.
pub(crate) fn about_care(
    tx: &mut dyn Tx,
    psn_no: &str,
    fixmedins_code: &str,
    care: Option<DateTime>,
) -> Result<Option<Decision>, Stop> {
    if psn_no.is_empty() {
        return Ok(None);
    }
    let mut of_care = entries::of_person(tx, psn_no)?;
    of_care.retain(|entry| entry.place() == fixmedins_code);
    of_care.retain(|entry| care.is_none_or(|begun| entry.care_day() == Some(begun.date())));
    let mut escalations = Vec::new();
    for entry in of_care {
        escalations.extend(about(tx, &entry.number)?);
    }
    decided(tx, &escalations)
}

/// About an entry.
pub(crate) fn about_entry(tx: &mut dyn Tx, number: &str) -> Result<Option<Decision>, Stop> {
    let escalations = about(tx, number)?;
    decided(tx, &escalations)
}

/// About papers that come late: those of the care, or of the person where they name no entry, because there is none yet.
pub(crate) fn about_papers(
    tx: &mut dyn Tx,
    psn_no: &str,
    care_provider: &str,
    care: Option<DateTime>,
) -> Result<Option<Decision>, Stop> {
    if let Some(Decision::Agreed) = about_care(tx, psn_no, care_provider, care)? {
        return Ok(Some(Decision::Agreed));
    }
    let mut of_person = if psn_no.is_empty() { Vec::new() } else { entries::of_person(tx, psn_no)? };
    of_person.retain(|entry| {
        entry.kind == RegisterKind::Escalation && entry.state == State::Done && entry.about().is_empty()
    });
    decided(tx, &of_person)
}

fn about(tx: &mut dyn Tx, number: &str) -> Result<Vec<Entry>, Stop> {
    let about_it = EntryFilter {
        kind: Some(RegisterKind::Escalation),
        states: vec![State::Done],
        of_entry: Some(number.to_owned()),
        ..EntryFilter::default()
    };
    Ok(tx.entries(&about_it, EVERY)?)
}

fn decided(tx: &mut dyn Tx, escalations: &[Entry]) -> Result<Option<Decision>, Stop> {
    let mut latest: Option<(DateTime, Decision)> = None;
    for escalation in escalations {
        let history = tx.history(&escalation.number)?;
        let Some(event) = history.into_iter().rfind(|event| event.action == Action::Decide) else { continue };
        let Some(decision) = field::DECISION.of(&event) else { continue };
        if decision == Decision::Agreed {
            return Ok(Some(decision));
        }
        if latest.as_ref().is_none_or(|(at, _)| *at <= event.at) {
            latest = Some((event.at, decision));
        }
    }
    Ok(latest.map(|(_, decision)| decision))
}
