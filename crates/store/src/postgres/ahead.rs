//! What is loaded ahead of a call: one round trip takes the turns of its persons and asks what calls usually ask
//! ([`Ahead`]).

use super::line::{Answer, Parameter, Step};
use super::transaction::{PostgresTx, read_all};
use crate::ahead::{Ahead, EncounterAhead, PersonAhead};
use crate::encounter::{Diagnosis, Encounter, FeeLine, Setting};
use crate::engine::{once, sql};
use crate::fault::Fault;
use crate::filing::Filing;
use crate::message::{Message, MessageReversal};
use crate::person::{Attribute, Insurance, Person, PersonFacts, RunningTotalRow, SpecialDisease};
use crate::record::{Columns, Read, Record};
use crate::seam::{Mode, Subjects};
use crate::settlement::asked::read_round;
use crate::value::Unreadable;
use serde_json::Value as Json;
use tokio_postgres::Row;
use yibao_domain::money::Money;
use yibao_domain::time::Date;

/// In one order, so that two calls about the same two persons never wait for each other. A row's lock, not an advisory
/// one: it also holds where processes reach the row by different ways.
const LOCK: &str = "SELECT psn_no FROM person WHERE psn_no = ANY($1) ORDER BY psn_no FOR NO KEY UPDATE";
const LOCK_OF_ENCOUNTERS: &str = "SELECT psn_no FROM person
     WHERE psn_no = ANY($1::text[] || ARRAY(SELECT psn_no FROM encounter WHERE mdtrt_id = ANY($2)))
     ORDER BY psn_no FOR NO KEY UPDATE";

/// One row: the message and its reversal, each a JSON array or NULL, and the persons, each with what hangs on them.
fn general(persons: &str, periods: &str) -> String {
    let one = |list: String, table: &str, msgid: &str, infno: &str| {
        format!(
            "(SELECT json_build_array({list})::text FROM {table}
              WHERE party = $1 AND {msgid} = $2 AND {infno} = $3)"
        )
    };
    let all = |list: String, order: &str, table: &str, also: &str| {
        format!(
            "(SELECT json_agg(json_build_array({list}) ORDER BY {order})
              FROM {table} WHERE {table}.psn_no = person.psn_no{also})"
        )
    };
    format!(
        "SELECT {}, {},
                (SELECT json_agg(json_build_array(json_build_array({}), {}, {}, {},
                    (SELECT balance_fen FROM account WHERE account.psn_no = person.psn_no), {}, {}))::text
                 FROM person WHERE psn_no = ANY({persons}))",
        one(Message::list(), "message", "msgid", "infno"),
        one(MessageReversal::list(), "message_reversal", "omsgid", "oinfno"),
        Person::list(),
        all(Insurance::list(), "begndate, insutype", "insurance", ""),
        all(Attribute::list(), "begndate, psn_idet_type", "attribute", ""),
        all(SpecialDisease::list(), "begndate, opsp_dise_code", "special_disease", ""),
        all(RunningTotalRow::list(), "insutype, name", "running_total", &format!(" AND period = ANY({periods})")),
        all(Filing::list(), "begndate, filed_at, trt_dcla_detl_sn", "filing", " AND cancelled_at IS NULL")
    )
}

fn general_of_persons() -> &'static str {
    once!(String, general("$4::text[]", "$5::text[]"))
}

/// The persons of the encounters too, with the totals of the periods in which their care began and ended.
fn general_of_encounters() -> &'static str {
    once!(
        String,
        general(
            "$4::text[] || ARRAY(SELECT psn_no FROM encounter WHERE mdtrt_id = ANY($6))",
            "$5::text[] || ARRAY(SELECT to_char(moment, form)
                                 FROM encounter, unnest(ARRAY[begntime, endtime]) AS moment,
                                      (VALUES ('YYYY'), ('YYYY-MM-DD')) AS forms (form)
                                 WHERE mdtrt_id = ANY($6) AND moment IS NOT NULL)",
        )
    )
}

fn encounters_with_rounds() -> &'static str {
    sql!(
        "SELECT json_build_array({})::text,
                (SELECT json_agg(json_build_array(round, setl_id, mid_stay,
                            NOT EXISTS (SELECT FROM cancellation WHERE cancellation.setl_id = settlement.setl_id))
                                 ORDER BY round)::text
                 FROM settlement WHERE settlement.mdtrt_id = encounter.mdtrt_id),
                (SELECT json_agg(json_build_array({}) ORDER BY inout_diag_type, diag_srt_no)::text
                 FROM diagnosis WHERE diagnosis.mdtrt_id = encounter.mdtrt_id)
         FROM encounter WHERE mdtrt_id = ANY($1)",
        Encounter::list(),
        Diagnosis::list()
    )
}

fn lines_of_visits() -> &'static str {
    sql!(
        "SELECT {} FROM fee_line
         WHERE mdtrt_id = ANY(ARRAY(SELECT mdtrt_id FROM encounter WHERE mdtrt_id = ANY($1) AND setting <> 'inpatient'))
         ORDER BY seq",
        FeeLine::list()
    )
}

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
        let party = message.as_ref().map(|key| key.party.to_string());
        let (msgid, infno) = (message.as_ref().map(|key| &key.msgid), message.as_ref().map(|key| &key.infno));
        let locks = mode == Mode::Write && (has_encounters || !persons.is_empty());
        let mut steps = Vec::new();
        if locks {
            steps.push(match has_encounters {
                false => Step::Ask(LOCK, vec![persons]),
                true => Step::Ask(LOCK_OF_ENCOUNTERS, vec![persons, encounters]),
            });
        }
        let mut general: Vec<Parameter<'_>> = vec![&party, &msgid, &infno, persons, &periods];
        steps.push(match has_encounters {
            false => Step::Ask(general_of_persons(), general),
            true => {
                general.push(encounters);
                Step::Ask(general_of_encounters(), general)
            }
        });
        if has_encounters {
            steps.push(Step::Ask(encounters_with_rounds(), vec![encounters]));
            steps.push(Step::Ask(lines_of_visits(), vec![encounters]));
        }
        let mut answers = self.send((DOING, ""), &steps, false)?.into_iter().map(Answer::rows);
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
            let lines = read_all(DOING, "", &next(), FeeLine::read)?;
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
            let message = some_json(row, 0)?.map(|json| Message::read(&mut Columns::of_json(&json)?)).transpose()?;
            let reversal =
                some_json(row, 1)?.map(|json| MessageReversal::read(&mut Columns::of_json(&json)?)).transpose()?;
            self.messages.insert(key.clone(), (message, reversal));
        }
        self.persons.extend(subjects.persons.iter().map(|psn_no| (psn_no.clone(), None)));
        let persons = some_json(row, 2)?;
        for person in persons.as_ref().and_then(Json::as_array).into_iter().flatten() {
            let known = person_of_json(person)?;
            self.persons.insert(known.facts.person.psn_no.clone(), Some(known));
        }
        Ok(())
    }

    fn take_encounters(&mut self, named: &[String], rows: &[Row]) -> Result<(), Unreadable> {
        self.encounters.extend(named.iter().map(|mdtrt_id| (mdtrt_id.clone(), None)));
        for row in rows {
            let encounter = some_json(row, 0)?.ok_or("an encounter without columns")?;
            let encounter = Encounter::read(&mut Columns::of_json(&encounter)?)?;
            for moment in [Some(encounter.begntime), encounter.endtime].into_iter().flatten() {
                self.periods.extend(periods_of(moment.date()));
            }
            let rounds = read_array(some_json(row, 1)?.as_ref(), read_round)?;
            let diagnoses = read_array(some_json(row, 2)?.as_ref(), Diagnosis::read)?;
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

fn person_of_json(person: &Json) -> Result<PersonAhead, Unreadable> {
    let part = |index: usize| person.get(index);
    let facts = PersonFacts {
        person: Person::read(&mut Columns::of_json(part(0).ok_or("a person without columns")?)?)?,
        insurances: read_array(part(1), Insurance::read)?,
        attributes: read_array(part(2), Attribute::read)?,
        special_diseases: read_array(part(3), SpecialDisease::read)?,
        balance: part(4).and_then(Json::as_i64).map(Money::fen),
        totals: read_array(part(5), RunningTotalRow::read)?,
    };
    Ok(PersonAhead { facts, filings: read_array(part(6), Filing::read)? })
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
