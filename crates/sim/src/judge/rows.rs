//! The settlements of one person in the book, told by what they are of: each belongs to an event of the history, or to nobody.

use crate::judge::actuary::{Actuary, due_at};
use crate::judge::row::Row;
use crate::judge::ways::{account_stopped, frozen, of_plan, waited, way_back};
use crate::life::Event;
use crate::notice;
use crate::till::FIRST_BATCH;
use crate::world::World;
use jiff::civil::DateTime;
use yibao_domain::outage::{Plan, Question, Stood};
use yibao_store::Fault;
use yibao_store::encounter::Encounter;

/// The rows of a person's book in the order of recording; what belongs to no event is left to others.
pub(super) fn rows<'a>(
    world: &'a World<'_>,
    plans: &[Plan],
    actuary: &Actuary<'_>,
    events: &[&'a Event],
    encounters: &[Encounter],
) -> Result<Vec<Row<'a>>, Fault> {
    let (city, psn_no) = (actuary.city, &actuary.person.psn_no);
    let year = city.begins.year() - 1;
    let past = world.office.look(|tx| {
        let past = tx.settlements_of_person(psn_no, year)?;
        let rows = past.iter().map(|row| tx.settlement(&row.settlement.setl_id));
        rows.collect::<Result<Vec<_>, _>>()
    })?;
    let mut rows: Vec<Row<'a>> = Vec::new();
    for booked in past.into_iter().flatten() {
        let of = encounters.iter().find(|of| of.mdtrt_id == booked.settlement.mdtrt_id);
        let event = of.and_then(|of| {
            let is_of = |event: &&&Event| city.places[event.place].code == of.fixmedins_code && event.at == of.begntime;
            events.iter().find(is_of)
        });
        let Some(event) = event.copied() else { continue };
        let Some(case) = world.cases.get(&event.id) else { continue };
        let part = booked.settlement.mid_stay || booked.settlement.chrg_bchno == FIRST_BATCH;
        let lines = if part { &event.lines[..case.parted] } else { &event.lines[case.parted..] };
        let at = rows.len();
        let counts_at = booked.settlement.setl_time;
        let last_day = if booked.settlement.mid_stay { counts_at.date() } else { event.ended().date() };
        let asked = question(world, event);
        let is_stopped = account_stopped(plans, &asked, counts_at).is_some();
        let frozen = frozen(plans, &asked, booked.settlement.setl_time, world.office.now());
        let frozen_since = frozen.map(|freeze| freeze.at.at);
        let uses_account = world.uses_account(event, part) && !is_stopped;
        let mut row =
            Row { event, case, part, lines, uses_account, frozen_since, counts_at, last_day, first: at, booked };
        let before = rows.iter().rposition(|other| other.is_same_bill(&row));
        // What its sender has taken back is his own, though he never heard of it.
        let is_correction =
            (!row.is_told() || row.is_of_the_register()) && !world.office.has_taken_back(&row.booked.settlement.msgid);
        match before.filter(|_| is_correction) {
            // What no client has asked for is a correction of order: it counts where the one before it did.
            Some(before) => {
                (row.first, row.counts_at) = (rows[before].first, rows[before].counts_at);
                (row.last_day, row.uses_account) = (rows[before].last_day, rows[before].uses_account);
            }
            None => row.counts_at = due(world, plans, actuary, &row, &rows),
        }
        rows.push(row);
    }
    Ok(rows)
}

/// What is asked of a notice about an event.
pub(crate) fn question(world: &World<'_>, event: &Event) -> Question {
    let (city, business) = (world.city, notice::business(event, world.special_drugs));
    notice::question(city, &city.person(event.id.person), &city.places[event.place], business, event.at.date())
}

/// When a settlement counts: what the outage kept back at its care, all else when it is recorded (`decisions` 6, 7); a leg of a
/// transfer not before the one that it came from (19).
fn due(world: &World<'_>, plans: &[Plan], actuary: &Actuary<'_>, row: &Row<'_>, rows: &[Row<'_>]) -> DateTime {
    let recorded = row.recorded_at();
    let setl_id = &row.booked.settlement.setl_id;
    let by_desk = row.case.settled.iter().any(|told| told.by == "register" && told.setl_id == *setl_id);
    // What was registered under a window that has moved since counts at its care all the same; what is only on a list was not.
    let question = question(world, row.event);
    let has_closed = |plan: &Plan| of_plan(plan, &question).iter().any(|shut| shut.closes <= recorded);
    let has_moved = plans.iter().any(|plan| plan.version > 1 || plan.replaces.is_some());
    let by_desk =
        by_desk || has_moved && row.case.met.is_some() && !row.case.entry.is_empty() && plans.iter().any(has_closed);
    if row.part {
        return recorded;
    }
    let since = if by_desk || way_back(plans, &question, row.event).is_some() {
        due_at(row.event)
    } else if let Some(since) = waited_since(plans, &question, row, rows) {
        since
    } else {
        return recorded;
    };
    let stood = |leg: &&Row<'_>| leg.cancelled_at().is_none_or(|at| recorded < at);
    let legs = actuary.legs_before(row.event);
    let legs = rows.iter().filter(|leg| legs.contains(&leg.event.id)).filter(stood);
    let after_leg = legs.map(|leg| leg.counts_at).max();
    since.min(recorded).max(after_leg.unwrap_or(DateTime::MIN))
}

/// Since when a closing has kept a stay, that was over and not settled, from being settled.
fn waited_since(plans: &[Plan], question: &Question, row: &Row<'_>, rows: &[Row<'_>]) -> Option<DateTime> {
    let earlier = rows.iter().filter(|other| other.is_same_bill(row));
    let stood = earlier.map(|other| Stood { recorded: other.recorded_at(), cancelled: other.cancelled_at() });
    let stood: Vec<Stood> = stood.collect();
    waited(plans, question, row.event, &stood, row.recorded_at()).map(|(_, since)| since)
}
