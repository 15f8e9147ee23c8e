//! A person is in one hospital at a time (不重复住院): stays of a person do not overlap beyond the day of a transfer.
//!
//! Held wherever a stay's days are stated: at its admission, its change, its discharge, and a settlement of a stay that has no
//! discharge yet. A register knows of discharges that the platform has not been told: who left in an outage is not kept in
//! hospital by it.

use crate::call::Stop;
use crate::facts::{EVERY, entries};
use yibao_domain::encounter::{Clash, StaySpan, clash};
use yibao_domain::refusal::{Code, Refusal};
use yibao_domain::register::{Entry, State};
use yibao_domain::time::{DateTime, moment_text};
use yibao_store::Tx;
use yibao_store::encounter::{Encounter, EncounterState};
use yibao_store::register::EntryFilter;

/// Refuses a stay whose days are another one's. `mdtrt_id` is the stay's own, empty for one to come.
pub(crate) fn must_be_in_no_other(
    tx: &mut dyn Tx,
    psn_no: &str,
    mdtrt_id: &str,
    begin: DateTime,
    end: Option<DateTime>,
) -> Result<(), Stop> {
    let others = others(tx, psn_no, mdtrt_id, begin)?;
    must_be_beside(tx, &others, begin, end)
}

/// Refuses to take a discharge back while a later stay of the person goes on: who is there has left here.
pub(crate) fn must_not_be_elsewhere_now(tx: &mut dyn Tx, stay: &Encounter) -> Result<(), Stop> {
    let others = others(tx, &stay.psn_no, &stay.mdtrt_id, stay.begntime)?;
    let is_there = |other: &&Encounter| other.state == EncounterState::Open && other.begntime >= stay.begntime;
    match others.iter().find(is_there) {
        Some(other) => Err(not_left(other)),
        None => must_be_beside(tx, &others, stay.begntime, None),
    }
}

fn must_be_beside(tx: &mut dyn Tx, others: &[Encounter], begin: DateTime, end: Option<DateTime>) -> Result<(), Stop> {
    let mut spans = Vec::with_capacity(others.len());
    for other in others {
        let end = match other.endtime {
            None if other.begntime <= begin => left_by_register(tx, other)?,
            stated => stated,
        };
        spans.push(StaySpan { begin: other.begntime, end });
    }
    let at = match clash(StaySpan { begin, end }, &spans) {
        None => return Ok(()),
        Some(Clash::NotLeft(at)) => return Err(not_left(&others[at])),
        Some(Clash::Overlaps(at)) => at,
    };
    let (since, hospital) = (moment_text(others[at].begntime), &others[at].fixmedins_code);
    let until = spans[at].end.map_or_else(|| "今".to_owned(), moment_text);
    let text = format!(
        "该人员 {since} 至 {until} 在机构 {hospital} 住院，与本次住院重叠（转院当日除外）；请核对入院、出院时间，或请该机构更正"
    );
    Err(Refusal::new(Code::Dates, text).into())
}

fn not_left(other: &Encounter) -> Stop {
    let (since, hospital) = (moment_text(other.begntime), &other.fixmedins_code);
    let text = format!("该人员自 {since} 起在机构 {hospital} 住院，尚未办理出院；请先由该机构办理出院（2402）");
    Refusal::new(Code::WrongState, text).into()
}

/// The person's other stays from `begin` on, and those that one without a discharge may have been followed by.
fn others(tx: &mut dyn Tx, psn_no: &str, mdtrt_id: &str, begin: DateTime) -> Result<Vec<Encounter>, Stop> {
    let mut found = tx.stays_not_over(psn_no, begin.date())?;
    found.retain(|stay| stay.mdtrt_id != mdtrt_id);
    let open = found.iter().filter(|stay| stay.endtime.is_none() && stay.begntime < begin).map(|stay| stay.begntime);
    if let Some(since) = open.min() {
        found = tx.stays_not_over(psn_no, since.date())?;
        found.retain(|stay| stay.mdtrt_id != mdtrt_id);
    }
    Ok(found)
}

/// When the person left, as a register has it.
fn left_by_register(tx: &mut dyn Tx, stay: &Encounter) -> Result<Option<DateTime>, Stop> {
    let day = stay.begntime.date();
    let is_of_stay = |entry: &&Entry| {
        entry.mdtrt_id == stay.mdtrt_id || (entry.mdtrt_id.is_empty() && entry.fixmedins_code == stay.fixmedins_code)
    };
    let stands = |entry: &&Entry| entry.kind.is_stay() && !matches!(entry.state, State::Refused | State::Withdrawn);
    let left =
        |entries: &[Entry]| entries.iter().filter(is_of_stay).filter(stands).filter_map(|it| it.care_until).max();
    let of_stay = EntryFilter { mdtrt_id: Some(stay.mdtrt_id.clone()), ..EntryFilter::default() };
    if let Some(left) = left(&tx.entries(&of_stay, EVERY)?) {
        return Ok(Some(left));
    }
    let mut of_day = entries::of_person(tx, &stay.psn_no)?;
    of_day.retain(|entry| entry.care_from.date() == day);
    Ok(left(&of_day))
}
