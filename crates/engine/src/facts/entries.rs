//! The register entries of a person (本人的台账): those under the number, and those that know the person by the document alone.
//!
//! Of a document that several persons have (a newborn may have the mother's) the name that an entry states says whose it is, then the
//! kind of document; where they do not, the entry is nobody's until people have said whose it is.

use crate::call::Stop;
use crate::facts::person::Said;
use crate::facts::{EVERY, person};
use yibao_domain::register::{Entry, State, field};
use yibao_store::Tx;
use yibao_store::encounter::Encounter;
use yibao_store::register::EntryFilter;

/// All of a person, in the order of care; none of nobody.
pub(crate) fn of_person(tx: &mut dyn Tx, psn_no: &str) -> Result<Vec<Entry>, Stop> {
    if psn_no.is_empty() {
        return Ok(Vec::new());
    }
    let mut found = tx.entries(&EntryFilter { psn_no: Some(psn_no.to_owned()), ..EntryFilter::default() }, EVERY)?;
    let Some(known) = tx.person(psn_no)? else { return Ok(found) };
    let mut unnumbered = of_document(tx, &known.certno)?;
    unnumbered.retain(|entry| entry.psn_no.is_empty());
    if unnumbered.is_empty() {
        return Ok(found);
    }
    let persons = person::by_document(tx, &known.certno)?;
    unnumbered.retain(|entry| {
        let theirs = person::the_one(persons.clone(), said(entry));
        matches!(theirs, Ok(Some(only)) if only.psn_no == psn_no && said(entry).names(&only))
    });
    found.append(&mut unnumbered);
    found.sort_by(|one, other| (one.care_from, &one.number).cmp(&(other.care_from, &other.number)));
    Ok(found)
}

/// What is written down of a stay that the platform knows, but for what was withdrawn.
pub(crate) fn of_stay(tx: &mut dyn Tx, of: &Encounter) -> Result<Vec<Entry>, Stop> {
    let mut found = of_person(tx, &of.psn_no)?;
    found.retain(|entry| {
        let is_its = match entry.mdtrt_id.as_str() {
            "" => entry.fixmedins_code == of.fixmedins_code && entry.care_from.date() == of.begntime.date(),
            known => known == of.mdtrt_id,
        };
        entry.kind.is_stay() && entry.state != State::Withdrawn && is_its
    });
    Ok(found)
}

/// What an entry says of its person besides the document.
pub(crate) fn said(entry: &Entry) -> Said<'_> {
    Said { psn_name: field::PSN_NAME.of(entry), psn_cert_type: field::PSN_CERT_TYPE.of(entry) }
}

/// All that state this document, however it is written.
pub(crate) fn of_document(tx: &mut dyn Tx, certno: &str) -> Result<Vec<Entry>, Stop> {
    let mut found = Vec::new();
    for certno in person::writings(certno) {
        found.append(&mut tx.entries(&EntryFilter { certno: Some(certno), ..EntryFilter::default() }, EVERY)?);
    }
    Ok(found)
}

/// The same as if each stated this number, for comparing them.
pub(crate) fn under_number(mut entries: Vec<Entry>, psn_no: &str) -> Vec<Entry> {
    for entry in &mut entries {
        psn_no.clone_into(&mut entry.psn_no);
    }
    entries
}
