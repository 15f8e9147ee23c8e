//! What is loaded ahead of a call: one round trip takes the turns of its persons and asks what calls usually ask.
//!
//! The answers only save questions. They are forgotten as soon as a record may have changed them, and what they do not
//! hold is asked as if nothing had been foreseen.

use super::encounter::{read_diagnosis, read_encounter, read_round};
use super::fee_line::read_fee_line;
use super::filing::read_filing;
use super::line::{Step, Value};
use super::message::{read_message, read_reversal};
use super::person::{read_attribute, read_insurance, read_person, read_running_total, read_special_disease};
use super::transaction::{PostgresTx, Read, read_all};
use super::value::{Columns, Unreadable};
use crate::encounter::{Diagnosis, Encounter, FeeLine, Setting, encounter_columns, fee_line_columns};
use crate::fault::Fault;
use crate::filing::Filing;
use crate::message::{Message, MessageReversal};
use crate::person::PersonFacts;
use crate::seam::{Mode, Subjects};
use crate::settlement::Round;
use serde_json::Value as Json;
use std::collections::{HashMap, HashSet};
use tokio_postgres::Row;
use yibao_domain::money::Money;
use yibao_domain::time::Date;

/// What is known without asking again.
#[derive(Default)]
pub(super) struct Ahead {
    messages: HashMap<(String, String), (Option<Message>, Option<MessageReversal>)>,
    persons: HashMap<String, Option<PersonAhead>>,
    encounters: HashMap<String, Option<EncounterAhead>>,
    /// Of encounters that are no stays: those have few lines, and most calls about a stay ask for none.
    lines: HashMap<String, Vec<FeeLine>>,
    /// The periods whose running totals are there.
    periods: HashSet<String>,
}

struct PersonAhead {
    facts: PersonFacts,
    filings: Vec<Filing>,
}

struct EncounterAhead {
    encounter: Encounter,
    rounds: Vec<Round>,
    diagnoses: Vec<Diagnosis>,
}

impl Ahead {
    /// Nothing is known any more.
    pub(super) fn forget(&mut self) {
        *self = Ahead::default();
    }

    /// A record was made: persons, encounters and lines may have changed.
    pub(super) fn forget_rows(&mut self) {
        self.persons.clear();
        self.encounters.clear();
        self.lines.clear();
        self.periods.clear();
    }

    /// A message or its reversal was recorded.
    pub(super) fn forget_message(&mut self, fixmedins_code: &str, msgid: &str) {
        self.messages.remove(&(fixmedins_code.to_owned(), msgid.to_owned()));
    }

    /// The message with this key, where it was foreseen.
    pub(super) fn message(&self, fixmedins_code: &str, msgid: &str) -> Option<Option<Message>> {
        self.messages.get(&(fixmedins_code.to_owned(), msgid.to_owned())).map(|known| known.0.clone())
    }

    /// The reversal of the message with this key, where it was foreseen.
    pub(super) fn message_reversal(&self, fixmedins_code: &str, msgid: &str) -> Option<Option<MessageReversal>> {
        self.messages.get(&(fixmedins_code.to_owned(), msgid.to_owned())).map(|known| known.1.clone())
    }

    /// The person with the running totals of these periods, where both were foreseen.
    pub(super) fn person_facts(&self, psn_no: &str, periods: &[String]) -> Option<Option<PersonFacts>> {
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
    pub(super) fn filings(&self, psn_no: &str, kind: Option<&str>) -> Option<Vec<Filing>> {
        let known = self.persons.get(psn_no)?;
        let wanted = |filing: &&Filing| kind.is_none_or(|kind| filing.kind == kind);
        Some(known.iter().flat_map(|known| known.filings.iter().filter(wanted)).cloned().collect())
    }

    /// The encounter, where it was foreseen.
    pub(super) fn encounter(&self, mdtrt_id: &str) -> Option<Option<Encounter>> {
        self.encounters.get(mdtrt_id).map(|known| known.as_ref().map(|known| known.encounter.clone()))
    }

    /// Its settlements, where it was foreseen.
    pub(super) fn rounds(&self, mdtrt_id: &str) -> Option<Vec<Round>> {
        let known = self.encounters.get(mdtrt_id)?;
        Some(known.as_ref().map(|known| known.rounds.clone()).unwrap_or_default())
    }

    /// Its diagnoses, where it was foreseen.
    pub(super) fn diagnoses(&self, mdtrt_id: &str) -> Option<Vec<Diagnosis>> {
        let known = self.encounters.get(mdtrt_id)?;
        Some(known.as_ref().map(|known| known.diagnoses.clone()).unwrap_or_default())
    }

    /// Its fee lines, where they were loaded.
    pub(super) fn fee_lines(&self, mdtrt_id: &str) -> Option<Vec<FeeLine>> {
        self.lines.get(mdtrt_id).cloned()
    }
}

/// In one order, so that two calls about the same two persons never wait for each other. A row's lock, not an advisory
/// one: it also holds where processes reach the row by different ways.
const LOCK: &str = "SELECT psn_no FROM person WHERE psn_no = ANY($1) ORDER BY psn_no FOR NO KEY UPDATE";
const LOCK_OF_ENCOUNTERS: &str = "SELECT psn_no FROM person
     WHERE psn_no = ANY($1::text[] || ARRAY(SELECT psn_no FROM encounter WHERE mdtrt_id = ANY($2)))
     ORDER BY psn_no FOR NO KEY UPDATE";

/// One row: the message and its reversal, each a JSON array or NULL, and the persons, each with what hangs on them.
macro_rules! general {
    ($persons:literal, $periods:literal) => {
        concat!(
            "SELECT
                (SELECT json_build_array(fixmedins_code, msgid, infno, digest, output, warn_msg, effect,
                                         recorded_at)::text
                 FROM message WHERE fixmedins_code = $1 AND msgid = $2),
                (SELECT json_build_array(fixmedins_code, omsgid, oinfno, psn_no, msgid, recorded_at)::text
                 FROM message_reversal WHERE fixmedins_code = $1 AND omsgid = $2),
                (SELECT json_agg(json_build_array(
                    json_build_array(psn_no, psn_cert_type, certno, psn_name, gend, brdy, naty, card_no),
                    (SELECT json_agg(json_build_array(psn_no, insutype, psn_type, insuplc_admdvs, begndate, enddate,
                                                      paused_from, emp_name, continuous_years, cvlserv_flag)
                                     ORDER BY begndate, insutype)
                     FROM insurance WHERE insurance.psn_no = person.psn_no),
                    (SELECT json_agg(json_build_array(psn_no, psn_idet_type, begndate, enddate)
                                     ORDER BY begndate, psn_idet_type)
                     FROM attribute WHERE attribute.psn_no = person.psn_no),
                    (SELECT json_agg(json_build_array(psn_no, opsp_dise_code, opsp_dise_name, begndate, enddate,
                                                      trt_dcla_detl_sn)
                                     ORDER BY begndate, opsp_dise_code)
                     FROM special_disease WHERE special_disease.psn_no = person.psn_no),
                    (SELECT balance_fen FROM account WHERE account.psn_no = person.psn_no),
                    (SELECT json_agg(json_build_array(insutype, period, name, value) ORDER BY insutype, name)
                     FROM running_total
                     WHERE running_total.psn_no = person.psn_no AND period = ANY(",
            $periods,
            ")),
                    (SELECT json_agg(json_build_array(trt_dcla_detl_sn, psn_no, kind, insutype, care_admdvs,
                                                      fixmedins_code, fixmedins_name, begndate, enddate, filed_by,
                                                      filed_at, cancelled_at, details)
                                     ORDER BY begndate, filed_at, trt_dcla_detl_sn)
                     FROM filing WHERE filing.psn_no = person.psn_no AND cancelled_at IS NULL)))::text
                 FROM person WHERE psn_no = ANY(",
            $persons,
            "))"
        )
    };
}

const GENERAL: &str = general!("$3::text[]", "$4::text[]");
/// The persons of the encounters too, with the totals of the periods in which their care began and ended.
const GENERAL_OF_ENCOUNTERS: &str = general!(
    "$3::text[] || ARRAY(SELECT psn_no FROM encounter WHERE mdtrt_id = ANY($5))",
    "$4::text[] || ARRAY(SELECT to_char(moment, form)
                         FROM encounter, unnest(ARRAY[begntime, endtime]) AS moment,
                              (VALUES ('YYYY'), ('YYYY-MM-DD')) AS forms (form)
                         WHERE mdtrt_id = ANY($5) AND moment IS NOT NULL)"
);

const ENCOUNTERS: &str = concat!(
    "SELECT json_build_array(",
    encounter_columns!(),
    ")::text,
       (SELECT json_agg(json_build_array(round, setl_id, mid_stay,
                   NOT EXISTS (SELECT FROM cancellation WHERE cancellation.setl_id = settlement.setl_id))
                        ORDER BY round)::text
        FROM settlement WHERE settlement.mdtrt_id = encounter.mdtrt_id),
       (SELECT json_agg(json_build_array(mdtrt_id, inout_diag_type, diag_srt_no, diag_type, maindiag_flag, diag_code,
                                         diag_name, valid, details)
                        ORDER BY inout_diag_type, diag_srt_no)::text
        FROM diagnosis WHERE diagnosis.mdtrt_id = encounter.mdtrt_id)
     FROM encounter WHERE mdtrt_id = ANY($1)"
);

const LINES: &str = concat!(
    "SELECT ",
    fee_line_columns!(),
    " FROM fee_line
      WHERE mdtrt_id = ANY(ARRAY(SELECT mdtrt_id FROM encounter WHERE mdtrt_id = ANY($1) AND setting <> 'inpatient'))
      ORDER BY seq"
);

const DOING: &str = "looking ahead";

impl PostgresTx<'_> {
    /// Locks the persons where the transaction records, and loads what calls usually ask.
    pub(super) fn look_ahead(&mut self, subjects: &Subjects, mode: Mode) -> Result<(), Fault> {
        let Subjects { message, persons, encounters, days } = subjects;
        let has_encounters = !encounters.is_empty();
        if message.is_none() && persons.is_empty() && !has_encounters {
            return Ok(());
        }
        self.ahead.forget();
        let periods: Vec<String> = days.iter().flat_map(|day| periods_of(*day)).collect();
        let (sender, msgid) = match message {
            Some((sender, msgid)) => (Some(sender), Some(msgid)),
            None => (None, None),
        };
        let locks = mode == Mode::Write && (has_encounters || !persons.is_empty());
        let mut steps = Vec::new();
        if locks {
            steps.push(match has_encounters {
                false => Step::Ask(LOCK, vec![persons]),
                true => Step::Ask(LOCK_OF_ENCOUNTERS, vec![persons, encounters]),
            });
        }
        let mut general: Vec<Value<'_>> = vec![&sender, &msgid, persons, &periods];
        steps.push(match has_encounters {
            false => Step::Ask(GENERAL, general),
            true => {
                general.push(encounters);
                Step::Ask(GENERAL_OF_ENCOUNTERS, general)
            }
        });
        if has_encounters {
            steps.push(Step::Ask(ENCOUNTERS, vec![encounters]));
            steps.push(Step::Ask(LINES, vec![encounters]));
        }
        let mut answers = self.ask(DOING, "", &steps)?.into_iter();
        if locks {
            answers.next();
        }
        let mut next = || answers.next().unwrap_or_default();
        let unreadable = |cause| Fault::new(DOING, "", cause);
        let general = next();
        self.ahead.take_general(subjects, &general).map_err(unreadable)?;
        self.ahead.periods = periods.into_iter().collect();
        if has_encounters {
            self.ahead.take_encounters(encounters, &next()).map_err(unreadable)?;
            let lines = read_all(DOING, "", &next(), read_fee_line)?;
            self.ahead.take_lines(lines);
        }
        Ok(())
    }
}

/// A day of care counts in its benefit year and by itself.
fn periods_of(day: Date) -> [String; 2] {
    [format!("{:04}", day.year()), day.to_string()]
}

impl Ahead {
    fn take_general(&mut self, subjects: &Subjects, rows: &[Row]) -> Result<(), Unreadable> {
        let row = rows.first().ok_or("no row came back")?;
        if let Some(key) = &subjects.message {
            let message = some_json(row, 0)?.map(|json| read_message(&mut Columns::of_json(&json)?)).transpose()?;
            let reversal = some_json(row, 1)?.map(|json| read_reversal(&mut Columns::of_json(&json)?)).transpose()?;
            self.messages.insert(key.clone(), (message, reversal));
        }
        self.persons.extend(subjects.persons.iter().map(|psn_no| (psn_no.clone(), None)));
        let persons = some_json(row, 2)?;
        for person in persons.as_ref().and_then(Json::as_array).into_iter().flatten() {
            let known = PersonAhead::of_json(person)?;
            self.persons.insert(known.facts.person.psn_no.clone(), Some(known));
        }
        Ok(())
    }

    fn take_encounters(&mut self, named: &[String], rows: &[Row]) -> Result<(), Unreadable> {
        self.encounters.extend(named.iter().map(|mdtrt_id| (mdtrt_id.clone(), None)));
        for row in rows {
            let encounter = some_json(row, 0)?.ok_or("an encounter without columns")?;
            let encounter = read_encounter(&mut Columns::of_json(&encounter)?)?;
            for moment in [Some(encounter.begntime), encounter.endtime].into_iter().flatten() {
                self.periods.extend(periods_of(moment.date()));
            }
            let rounds = read_array(some_json(row, 1)?.as_ref(), read_round)?;
            let diagnoses = read_array(some_json(row, 2)?.as_ref(), read_diagnosis)?;
            if encounter.setting != Setting::Inpatient {
                self.lines.insert(encounter.mdtrt_id.clone(), Vec::new());
            }
            let known = EncounterAhead { encounter, rounds, diagnoses };
            self.encounters.insert(known.encounter.mdtrt_id.clone(), Some(known));
        }
        Ok(())
    }

    fn take_lines(&mut self, lines: Vec<FeeLine>) {
        for line in lines {
            self.lines.entry(line.mdtrt_id.clone()).or_default().push(line);
        }
    }
}

impl PersonAhead {
    fn of_json(person: &Json) -> Result<PersonAhead, Unreadable> {
        let part = |index: usize| person.get(index);
        let facts = PersonFacts {
            person: read_person(&mut Columns::of_json(part(0).ok_or("a person without columns")?)?)?,
            insurances: read_array(part(1), read_insurance)?,
            attributes: read_array(part(2), read_attribute)?,
            special_diseases: read_array(part(3), read_special_disease)?,
            balance: part(4).and_then(Json::as_i64).map(Money::fen),
            totals: read_array(part(5), read_running_total)?,
        };
        Ok(PersonAhead { facts, filings: read_array(part(6), read_filing)? })
    }
}

/// The JSON of a column, where it has any.
fn some_json(row: &Row, index: usize) -> Result<Option<Json>, Unreadable> {
    row.try_get::<_, Option<&str>>(index)?.map(|text| Ok(serde_json::from_str(text)?)).transpose()
}

/// The rows of a JSON array of arrays; none where the server found none.
fn read_array<T>(rows: Option<&Json>, read: Read<T>) -> Result<Vec<T>, Unreadable> {
    let rows = rows.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| read(&mut Columns::of_json(row)?)).collect()
}
