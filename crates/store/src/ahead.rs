//! What is known of a call's subjects before it asks, where an engine has looked ahead.
//!
//! The answers only save questions. They are forgotten as soon as a record may have changed them, and what they do not
//! hold is asked as if nothing had been foreseen.

use crate::encounter::{Diagnosis, Encounter, FeeLine};
use crate::filing::Filing;
use crate::message::{Message, MessageKey, MessageReversal};
use crate::person::PersonFacts;
use crate::settlement::Round;
use std::collections::{HashMap, HashSet};

/// What is known without asking again.
#[derive(Default)]
pub(crate) struct Ahead {
    pub(crate) messages: HashMap<MessageKey, (Option<Message>, Option<MessageReversal>)>,
    pub(crate) persons: HashMap<String, Option<PersonAhead>>,
    pub(crate) encounters: HashMap<String, Option<EncounterAhead>>,
    /// Of encounters that are no stays: those have few lines, and most calls about a stay ask for none.
    pub(crate) lines: HashMap<String, Vec<FeeLine>>,
    /// The periods whose running totals are there.
    pub(crate) periods: HashSet<String>,
}

pub(crate) struct PersonAhead {
    pub(crate) facts: PersonFacts,
    pub(crate) filings: Vec<Filing>,
}

pub(crate) struct EncounterAhead {
    pub(crate) encounter: Encounter,
    pub(crate) rounds: Vec<Round>,
    pub(crate) diagnoses: Vec<Diagnosis>,
}

impl Ahead {
    /// Nothing is known any more.
    pub(crate) fn forget(&mut self) {
        *self = Ahead::default();
    }

    /// A record was made: persons, encounters and lines may have changed.
    pub(crate) fn forget_rows(&mut self) {
        self.persons.clear();
        self.encounters.clear();
        self.lines.clear();
        self.periods.clear();
    }

    /// A message or its reversal was recorded.
    pub(crate) fn forget_message(&mut self, key: &MessageKey) {
        self.messages.remove(key);
    }

    /// The message with this key, where it was foreseen.
    pub(crate) fn message(&self, key: &MessageKey) -> Option<Option<Message>> {
        self.messages.get(key).map(|known| known.0.clone())
    }

    /// The reversal of the message with this key, where it was foreseen.
    pub(crate) fn message_reversal(&self, key: &MessageKey) -> Option<Option<MessageReversal>> {
        self.messages.get(key).map(|known| known.1.clone())
    }

    /// The person with the running totals of these periods, where both were foreseen.
    pub(crate) fn person_facts(&self, psn_no: &str, periods: &[String]) -> Option<Option<PersonFacts>> {
        let known = self.persons.get(psn_no)?;
        if !periods.iter().all(|period| self.periods.contains(period)) {
            return None;
        }
        Some(known.as_ref().map(|known| {
            let of_period = |period: &String| {
                known.facts.totals.iter().filter(|row| row.period == *period).cloned().collect::<Vec<_>>()
            };
            PersonFacts { totals: periods.iter().flat_map(of_period).collect(), ..known.facts.clone() }
        }))
    }

    /// The person's filings that stand, where the person was foreseen.
    pub(crate) fn filings(&self, psn_no: &str, kind: Option<&str>) -> Option<Vec<Filing>> {
        let known = self.persons.get(psn_no)?;
        let wanted = |filing: &&Filing| kind.is_none_or(|kind| filing.kind == kind);
        Some(known.iter().flat_map(|known| known.filings.iter().filter(wanted)).cloned().collect())
    }

    /// The encounter, where it was foreseen.
    pub(crate) fn encounter(&self, mdtrt_id: &str) -> Option<Option<Encounter>> {
        self.encounters.get(mdtrt_id).map(|known| known.as_ref().map(|known| known.encounter.clone()))
    }

    /// Its settlements, where it was foreseen.
    pub(crate) fn rounds(&self, mdtrt_id: &str) -> Option<Vec<Round>> {
        let known = self.encounters.get(mdtrt_id)?;
        Some(known.as_ref().map(|known| known.rounds.clone()).unwrap_or_default())
    }

    /// Its diagnoses, where it was foreseen.
    pub(crate) fn diagnoses(&self, mdtrt_id: &str) -> Option<Vec<Diagnosis>> {
        let known = self.encounters.get(mdtrt_id)?;
        Some(known.as_ref().map(|known| known.diagnoses.clone()).unwrap_or_default())
    }

    /// Its fee lines, where they were loaded.
    pub(crate) fn fee_lines(&self, mdtrt_id: &str) -> Option<Vec<FeeLine>> {
        self.lines.get(mdtrt_id).cloned()
    }
}
