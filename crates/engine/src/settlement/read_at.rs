//! What a decision was read at (读取版本): so that a reader may decide what the writer records.
//!
//! The writer asks again how far the book has come with the person, which is little beside deciding anew. What only grows is
//! compared by its numbers ([`Progress`]), what may change in place by itself. A provider's record is no part of it: a live
//! call, too, knows one from a moment ago. Invariant: where it still holds, deciding again gives the same result.

use crate::call::Stop;
use crate::facts::EVERY;
use crate::policies::Policies;
use std::collections::BTreeMap;
use std::sync::Arc;
use yibao_domain::outage::Plan;
use yibao_store::Tx;
use yibao_store::encounter::{Diagnosis, Encounter, EncounterFilter};
use yibao_store::filing::Filing;
use yibao_store::person::{PersonFacts, RunningTotalRow};
use yibao_store::register::Hold;
use yibao_store::settlement::Progress;

/// What a decision about a person was read at.
#[derive(Clone, PartialEq)]
pub(crate) struct ReadAt {
    psn_no: String,
    progress: Progress,
    person: Option<PersonFacts>,
    totals: Vec<RunningTotalRow>,
    encounters: Vec<Encounter>,
    /// Of the encounters that are decided about.
    diagnoses: BTreeMap<String, Vec<Diagnosis>>,
    filings: Vec<Filing>,
    holds: Vec<Hold>,
    plans: Arc<Vec<Plan>>,
}

impl ReadAt {
    /// Reads it, in the transaction in which these encounters of the person are decided about.
    pub fn take<'a>(
        tx: &mut dyn Tx,
        policies: &Policies,
        psn_no: &str,
        encounters: impl IntoIterator<Item = &'a str>,
    ) -> Result<ReadAt, Stop> {
        let mut diagnoses = BTreeMap::new();
        for mdtrt_id in encounters {
            diagnoses.insert(mdtrt_id.to_owned(), tx.diagnoses(mdtrt_id)?);
        }
        let of_person = EncounterFilter { psn_no: Some(psn_no.to_owned()), ..EncounterFilter::default() };
        Ok(ReadAt {
            psn_no: psn_no.to_owned(),
            progress: tx.progress(psn_no)?,
            person: tx.person_facts(psn_no, &[])?,
            totals: tx.running_totals(psn_no)?,
            encounters: tx.encounters(&of_person, EVERY)?,
            diagnoses,
            filings: tx.filings(psn_no, None)?,
            holds: tx.holds(psn_no)?,
            plans: policies.plans(),
        })
    }

    /// Whether it is all still so.
    pub fn still_hold(&self, tx: &mut dyn Tx, policies: &Policies) -> Result<bool, Stop> {
        let encounters = self.diagnoses.keys().map(String::as_str);
        Ok(ReadAt::take(tx, policies, &self.psn_no, encounters)? == *self)
    }
}
