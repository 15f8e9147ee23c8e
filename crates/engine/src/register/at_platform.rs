//! The stay or visit at the platform that an entry is about: the one it names, or a stay of that day.

use crate::call::Stop;
use crate::facts::EVERY;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::{Entry, field};
use yibao_domain::time::DateTime;
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterFilter, EncounterState, Setting};

/// The stay or visit; none where the platform does not know it yet.
pub(crate) fn encounter_of(tx: &mut dyn Tx, entry: &Entry) -> Result<Option<Encounter>, Stop> {
    if entry.kind != RegisterKind::CashVisit {
        return stay_of(tx, entry);
    }
    let known = if entry.mdtrt_id.is_empty() { None } else { tx.encounter(&entry.mdtrt_id)? };
    Ok(known.filter(|of| of.setting == Setting::Outpatient && of.state != EncounterState::Cancelled))
}

/// The stay that the entry names, or that of the person at this provider from that day.
fn stay_of(tx: &mut dyn Tx, entry: &Entry) -> Result<Option<Encounter>, Stop> {
    let is_stay = |of: &Encounter| of.setting == Setting::Inpatient && of.state != EncounterState::Cancelled;
    if !entry.mdtrt_id.is_empty() {
        return Ok(tx.encounter(&entry.mdtrt_id)?.filter(is_stay));
    }
    let filter = EncounterFilter {
        fixmedins_code: Some(entry.fixmedins_code.clone()),
        psn_no: Some(entry.psn_no.clone()).filter(|psn_no| !psn_no.is_empty()),
        ..EncounterFilter::default()
    };
    if filter.psn_no.is_none() {
        return Ok(None);
    }
    let found = tx.encounters(&filter, EVERY)?.into_iter();
    Ok(found.filter(is_stay).find(|of| of.begntime.date() == entry.care_from.date()))
}

/// The entry with the insurance of the stay that it is about, where it states none: somebody may have two.
pub(crate) fn insured_as_its_stay(tx: &mut dyn Tx, entry: &Entry) -> Result<Entry, Stop> {
    let mut of = entry.clone();
    if entry.kind.is_stay()
        && !field::INSUTYPE.is_stated(entry)
        && let Some(stay) = stay_of(tx, entry)?
    {
        field::INSUTYPE.put(&mut of.details, stay.insutype.as_str());
    }
    Ok(of)
}

/// When a stay was left: as the register says, else as the hospital has told (2402).
pub(crate) fn left_at(entry: &Entry, stay: Option<&Encounter>) -> Option<DateTime> {
    let told = stay.filter(|stay| stay.state == EncounterState::Discharged);
    entry.care_until.or(told.and_then(|stay| stay.endtime))
}
