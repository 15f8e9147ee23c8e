//! Deadlines (期限): what was entered in time carries no mark, what was late carries one or was refused, and what is open is known
//! to be late. The days are counted by the judge ([`super::calendar`]).

use crate::judge::Wrong;
use crate::judge::calendar::{Calendar, Care};
use crate::judge::entries::is_of;
use crate::judge::rows::question;
use crate::judge::ways::{rules_of, way_back};
use crate::life::{Event, Kind};
use crate::world::{Case, Met, World};
use jiff::ToSpan;
use jiff::civil::DateTime;
use yibao_domain::outage::{AfterDeadline, Deadline, Plan, Population, Question, Rule};
use yibao_domain::register::{Entry, Mark, State};
use yibao_domain::time::moment_text;
use yibao_store::Fault;

/// Judges the deadlines of one person's events.
pub(super) fn of_person(
    world: &World<'_>,
    plans: &[Plan],
    calendar: &Calendar,
    events: &[&Event],
    entries: &[Entry],
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    for event in events {
        let own: Vec<&Entry> = entries.iter().filter(|entry| is_of(world.city, event, entry)).collect();
        of_event(world, plans, calendar, event, &question(world, event), &own, wrong)?;
    }
    Ok(())
}

/// The deadline that governs the way back of an event, and what comes after it.
struct Governing<'a> {
    plan: &'a Plan,
    deadline: &'a Deadline,
    rule: &'a Rule,
}

fn of_event(
    world: &World<'_>,
    plans: &[Plan],
    calendar: &Calendar,
    event: &Event,
    asked: &Question,
    entries: &[&Entry],
    wrong: &mut Vec<Wrong>,
) -> Result<(), Fault> {
    let discharge = match event.kind {
        Kind::Stay { until, .. } => Some(until),
        _ => None,
    };
    let care = Care { begins: event.at, discharge };
    let governing = governing(plans, asked, event);
    let due = governing.as_ref().and_then(|of| calendar.ends(of.plan, of.deadline, asked, care));
    let after = governing.as_ref().map(|of| of.deadline.after);
    let mut say = |at: DateTime, what: String| {
        let (event, at) = (Some(event.id), Some(at));
        wrong.push(Wrong { event, at, ..Wrong::of(4, event.map_or(0, |id| id.person), what) });
    };
    let case = world.cases.get(&event.id);
    // When it was entered first: a settlement that takes its place, or comes after a cancellation, is no entering.
    let entered = case.and_then(|case| {
        let parts = usize::from(case.parted > 0);
        case.settled.get(parts).map(|first| first.at)
    });
    let is_late = due.zip(entered).is_some_and(|(due, entered)| due <= entered);
    // Of what came within the difference of two clocks before the deadline, a process may say that it is late.
    let ahead = |at: DateTime| at.saturating_add(world.office.clocks_differ().seconds());
    let may_be_late = due.zip(entered).is_some_and(|(due, entered)| due <= ahead(entered));
    let is_agreed = case.and_then(|case| case.agreed).zip(entered).is_some_and(|(agreed, entered)| agreed <= entered);
    if let (Some(due), Some(entered), true) = (due, entered, is_late)
        && after != Some(AfterDeadline::Listed)
        && !(after == Some(AfterDeadline::ByCase) && is_agreed)
    {
        say(entered, format!("{:?} was entered at {entered}, after its deadline {due}", event.id));
    }
    for entry in entries.iter().filter(|entry| entry.state == State::Settled) {
        let mark = entry.marked(Mark::Late);
        match (is_late, due) {
            (true, Some(due)) if !mark.contains(&moment_text(due)) => {
                say(entry.taken_at, format!("{} is late since {due} and marked “{mark}”", entry.number));
            }
            (false, _) if !mark.is_empty() && !may_be_late => {
                let what = format!("{} was entered at {entered:?}, due {due:?}, and is marked “{mark}”", entry.number);
                say(entry.taken_at, what);
            }
            _ => {}
        }
    }
    let too_late = case.into_iter().flat_map(|case| &case.closed).filter(|(_, text)| text.contains("届满"));
    for (at, text) in too_late {
        if after.is_none_or(|after| after == AfterDeadline::Listed) || due.is_none_or(|due| ahead(*at) < due) {
            say(*at, format!("{:?} was refused at {at} as late, due {due:?}: {text}", event.id));
        }
    }
    let is_left_out = |case: &&Case| matches!(case.met, Some(Met::TooLate { .. }));
    let was_sent_away = |due: DateTime, case: &Case| case.closed.iter().any(|(at, _)| due <= ahead(*at));
    if let Some(case) = case.filter(is_left_out)
        && !due.is_some_and(|due| was_sent_away(due, case))
    {
        say(event.at, format!("{:?} is left out as late, and nobody came after its deadline {due:?}", event.id));
    }
    for entry in entries.iter().filter(|entry| entry.state != State::Withdrawn) {
        // At a desk who shows a certificate is what it certifies (B-11).
        let mut asked = asked.clone();
        asked.populations.extend(entry.rests_on_certificate().then_some(Population::RegisteredPoor));
        let rules = rules_of(plans, &asked, event, entry.kind);
        if !rules.is_empty() && !rules.iter().any(|shut| shut.plan.id == entry.plan && shut.rule.id == entry.rule) {
            let must: Vec<&str> = rules.iter().map(|shut| shut.rule.id.as_str()).collect();
            say(entry.taken_at, format!("{} is under {} and must be under {must:?}", entry.number, entry.rule));
        }
    }
    let Some(of) = governing else { return Ok(()) };
    for entry in entries.iter().filter(|entry| entry.rule == of.rule.id && of.rule.keeps(entry.kind)) {
        let now = world.office.now();
        let view = world.office.entry(&World::agency(), &entry.number);
        let view = view.map_err(|why| Fault::new("looking at an entry", &entry.number, why.to_string()))?;
        if view.due.moment() != due {
            let must = due.map_or("without a deadline".to_owned(), |due| due.to_string());
            say(entry.taken_at, format!("{} is due {} and must be {must}", entry.number, view.due));
        }
        let overdue = !entry.state.is_final() && due.is_some_and(|due| due <= now);
        if view.overdue != overdue {
            say(entry.taken_at, format!("{} is told overdue: {}, due {due:?}", entry.number, view.overdue));
        }
    }
    Ok(())
}

/// The deadline of the rule that governs the way back; nothing for what is ordinary, or has no deadline.
fn governing<'a>(plans: &'a [Plan], asked: &Question, event: &Event) -> Option<Governing<'a>> {
    let shut = way_back(plans, asked, event)?;
    let (plan, rule) = (shut.plan, shut.rule);
    Some(Governing { plan, deadline: shut.deadline()?, rule })
}
