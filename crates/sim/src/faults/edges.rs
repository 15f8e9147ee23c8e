//! Care at the edges of the windows: what is near one is moved to its very second, to the one before or to the one after.

use crate::dice::Dice;
use crate::life::{Event, Kind, Leaves};
use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};
use yibao_domain::outage::Plan;

/// How far from an edge care may be that is moved to it.
const NEAR: SignedDuration = SignedDuration::from_hours(14);
/// What stays between two events of a person.
const BETWEEN: SignedDuration = SignedDuration::from_mins(10);

/// Moves some of the care that is near an edge of the plan to the edge, whole, as long as the person's events stay in
/// their order. The history is one of both courses.
pub fn at_the_edges(seed: u64, plan: &Plan, history: &mut [Event]) {
    let windows = plan.rules.iter().filter_map(|rule| rule.window.as_ref());
    let edges: Vec<DateTime> =
        windows.flat_map(|window| [Some(window.closes.at), window.reopens.expected()]).flatten().collect();
    for at in 0..history.len() {
        let event = &history[at];
        let mut dice = Dice::of(seed ^ u64::from(event.id.ordinal) << 40, "edges", event.id.person);
        let ends = if dice.percent(50) { event.at } else { event.ended() };
        let near = edges.iter().filter(|edge| ends.duration_since(**edge).abs() <= NEAR);
        let Some(edge) = near.min_by_key(|edge| ends.duration_since(**edge).abs()).filter(|_| dice.percent(60)) else {
            continue;
        };
        let by = edge.saturating_add(dice.pick(&[-1_i64, 0, 1]).seconds()).duration_since(ends);
        let is_own = |other: &&Event| other.id.person == event.id.person;
        let after = at.checked_sub(1).and_then(|before| history.get(before)).filter(is_own);
        let before = history.get(at + 1).filter(is_own);
        let (begins, left) = (event.at.saturating_add(by), event.ended().saturating_add(by));
        let fits = after.is_none_or(|after| may_follow(&after.kind, after.ended(), begins))
            && before.is_none_or(|before| may_follow(&event.kind, left, before.at));
        if fits {
            moved(&mut history[at], by);
        }
    }
}

/// Whether care may begin then that follows what ended then: whoever leaves for another hospital arrives that day or the next.
fn may_follow(kind: &Kind, ended: DateTime, begins: DateTime) -> bool {
    let leads = matches!(kind, Kind::Stay { leaves, .. } if *leaves != Leaves::Home);
    begins.duration_since(ended) > BETWEEN && (!leads || begins.date() <= ended.date().saturating_add(1.day()))
}

fn moved(event: &mut Event, by: SignedDuration) {
    let shift = |at: &mut DateTime| *at = at.saturating_add(by);
    shift(&mut event.at);
    event.lines.iter_mut().for_each(|line| shift(&mut line.at));
    for at in [&mut event.claimed, &mut event.cancelled, &mut event.again] {
        at.iter_mut().for_each(shift);
    }
    if let Kind::Stay { until, part, .. } = &mut event.kind {
        shift(until);
        part.iter_mut().for_each(shift);
    }
}
