//! The call list (电话清单): who has left hospital unsettled, and is to be told that it can be settled now.
//!
//! Nobody is called whose stay is not settled at the hospital: who has to claim (B-09), who chose to (B-10), and whose papers are
//! with the agency already.

use crate::backfill::entry::claims_by_plan;
use crate::call::Stop;
use crate::desks::registers::Registers;
use crate::desks::registers::list::{ListFilter, ListRow, each};
use crate::policies::Policies;
use crate::register::Actor;
use crate::register::at_platform::{encounter_of, left_at};
use crate::register::problem::NotDone;
use yibao_domain::outage::RegisterKind;
use yibao_domain::register::field::{self, CallOutcome};
use yibao_domain::register::{Action, Bucket, Entry, State};
use yibao_domain::time::DateTime;
use yibao_store::Tx;

impl Registers<'_> {
    /// Everybody who is to be called: who has not been reached first, the nearest deadline before the others.
    pub fn calls(&self, by: &Actor, now: DateTime) -> Result<Vec<ListRow>, NotDone> {
        let by = by.clone();
        self.read(by.party(), move |tx, policies| calls(tx, policies, &by, now)).wait()
    }
}

fn calls(tx: &mut dyn Tx, policies: &Policies, by: &Actor, now: DateTime) -> Result<Vec<ListRow>, NotDone> {
    let mut found = Vec::new();
    for kind in policies.work.kinds_with(Action::Call) {
        let filter = ListFilter { kind: Some(kind), bucket: Some(Bucket::Waiting), ..ListFilter::default() };
        each(tx, policies, by, now, &filter, &mut |row| found.push(row))?;
    }
    let mut rows = Vec::new();
    for row in found {
        if is_called(tx, policies, &row.entry)? {
            rows.push(row);
        }
    }
    let reached = |row: &ListRow| field::CALL_OUTCOME.of(&row.entry).is_some_and(CallOutcome::is_reached);
    rows.sort_by_key(|row| (reached(row), row.due.moment().unwrap_or(DateTime::MAX)));
    Ok(rows)
}

fn is_called(tx: &mut dyn Tx, policies: &Policies, entry: &Entry) -> Result<bool, Stop> {
    if entry.state == State::Reimbursing || entry.claims_afterwards() {
        return Ok(false);
    }
    // Where the register does not tell the discharge, the hospital's own message may.
    let stay = if entry.kind.is_stay() && entry.care_until.is_none() { encounter_of(tx, entry)? } else { None };
    // Who is still in hospital is not called; where nobody is in hospital, everybody is.
    let is_stay = entry.kind.is_stay() && entry.kind != RegisterKind::DeferredDischarge;
    let has_left = !is_stay || left_at(entry, stay.as_ref()).is_some();
    Ok(has_left && !claims_by_plan(policies, entry, stay.as_ref()))
}
