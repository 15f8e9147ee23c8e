//! Filings (备案): what somebody applied for is filed once, as of the day of asking where nothing was closed; else as of the day that
//! the notice says, by papers that were taken in and done (B-16, P-17, P-18).

use crate::city::Citizen;
use crate::judge::Wrong;
use crate::life::Applied;
use crate::till::application_ends;
use crate::world::{Filed, World, filing_question};
use jiff::civil::DateTime;
use yibao_domain::outage::{Closing, Effective, Plan, Question, RegisterKind};
use yibao_domain::register::{Entry, State};
use yibao_domain::time::Date;
use yibao_store::Fault;

/// Judges what one person applied for.
pub(super) fn of_person(
    world: &World<'_>,
    plans: &[Plan],
    person: &Citizen,
    entries: &[Entry],
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    let Some(filed) = world.filings.get(&person.number) else { return Ok(()) };
    let asked = filing_question(world, person, filed);
    let came = filed.application.at;
    let closing = closing_at(plans, &asked, came);
    let mut say = |statement: u8, what: String| {
        let at = Some(came);
        wrong.push(Wrong { at, ..Wrong::of(statement, person.number, format!("the filing of {came}: {what}")) });
    };
    // A window may have moved since.
    let stands = plans.iter().all(|plan| plan.version == 1 && plan.replaces.is_none());
    match (&closing, filed.closed.first()) {
        (Some(_), None) if stands => say(4, "it was taken while it was closed".to_owned()),
        (None, Some((_, text))) if stands => say(4, format!("it was refused as closed, and was not: {text}")),
        _ => {}
    }
    let kind = match filed.application.what {
        Applied::Disease => "special_disease",
        Applied::Designated => "designated",
    };
    let rows = world.office.look(|tx| tx.filings(&person.psn_no, Some(kind)))?;
    let standing: Vec<_> = rows.iter().filter(|row| row.cancelled_at.is_none()).collect();
    let must = begins(filed, closing.as_ref());
    match standing.as_slice() {
        [] => say(1, "it is not filed".to_owned()),
        [row] if must.is_some_and(|must| must != row.begndate) => {
            say(3, format!("{} holds from {} and must from {must:?}", row.trt_dcla_detl_sn, row.begndate));
        }
        [row] if row.enddate != application_ends(person, row.begndate) => {
            say(3, format!("{} ends on {:?}", row.trt_dcla_detl_sn, row.enddate));
        }
        [_] => {}
        more => say(2, format!("it is filed {} times", more.len())),
    }
    if filed.application.what == Applied::Disease {
        let facts = world.office.look(|tx| tx.person_facts(&person.psn_no, &[]))?;
        let held = facts.iter().flat_map(|facts| &facts.special_diseases);
        let own = person.recognised();
        let applied = held.filter(|row| !own.iter().any(|(code, ..)| *code == row.opsp_dise_code));
        let held: Vec<Date> = applied.map(|row| row.begndate).collect();
        let filed: Vec<Date> = standing.iter().map(|row| row.begndate).collect();
        if held != filed {
            say(3, format!("the disease is recognised from {held:?} and filed from {filed:?}"));
        }
    }
    let papers: Vec<&Entry> = entries.iter().filter(|entry| entry.kind == RegisterKind::Papers).collect();
    let (done, handed_in) =
        (papers.iter().filter(|entry| entry.state == State::Done).count(), filed.handed_in.is_some());
    if papers.len() != usize::from(handed_in) || done != papers.len() {
        say(1, format!("{} of {} papers are done, handed in: {handed_in}", done, papers.len()));
    }
    Ok(())
}

fn closing_at<'a>(plans: &'a [Plan], asked: &Question, at: DateTime) -> Option<Closing<'a>> {
    let concerned = plans.iter().filter(|plan| asked.concerns(&plan.pool));
    concerned.flat_map(|plan| plan.closings(asked)).find(|closing| closing.window.contains(at))
}

/// From when on it has to hold; nothing where the window has moved since.
fn begins(filed: &Filed, closing: Option<&Closing<'_>>) -> Option<Date> {
    let (_, sent) = filed.filed.as_ref()?;
    if filed.closed.is_empty() {
        return Some(filed.application.at.date());
    }
    let Closing { rule, window, .. } = closing?;
    match rule.effective {
        Some(Effective::Intake) => filed.handed_in.map(|at| at.date()),
        // The day on which it was done, and that not before the reopening.
        _ => filed.effective.or(Some(sent.date())).max(window.reopens.expected().map(DateTime::date)),
    }
}
