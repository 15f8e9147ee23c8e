//! What a reopening waits for (恢复条件): the agency enters that it has happened, some hours before or days after it was
//! expected.

use super::{World, after::fault};
use crate::dice::Dice;
use crate::office::{Told, Turn};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::collections::BTreeMap;
use yibao_domain::outage::{EventEntered, Plan, Reopens, in_force};
use yibao_store::Fault;

/// Days after a closing on which it happens, where a notice expects nothing.
const USUAL_DAYS: i64 = 5;

impl World<'_> {
    /// Enters what has happened by now, and is not entered.
    pub(crate) fn enter_events(&mut self) -> Result<(), Fault> {
        let now = self.office.now();
        for plan in self.plans().iter() {
            for (event, due) in awaited(self.city.seed, plan) {
                if due <= now {
                    self.enter_event(plan, event, now)?;
                }
            }
        }
        Ok(())
    }

    /// A plan as the course went by it, with what was entered of it.
    pub fn went_by(&self, plan: &Plan) -> Vec<Plan> {
        in_force(vec![plan.clone()], &self.entered)
    }

    fn enter_event(&mut self, plan: &Plan, event: String, now: DateTime) -> Result<(), Fault> {
        let at = now.with().second(0).subsec_nanosecond(0).build().unwrap_or(now);
        match self.office.enter_event(self.office.turn(Turn::AGENCY), &World::agency(), (&plan.id, &event), at) {
            Ok(()) => self.entered.push(EventEntered { pool: plan.pool.clone(), plan: plan.id.clone(), event, at }),
            Err(Told::Refused(refusal)) => {
                self.surprises.push(format!("{event} of {} is not entered: {}", plan.id, refusal.text));
            }
            Err(told) => return Err(fault("entering an event", told)),
        }
        Ok(())
    }
}

/// Every event that something of a plan still waits for, with when it happens.
fn awaited(seed: u64, plan: &Plan) -> BTreeMap<String, DateTime> {
    let of_rules =
        plan.rules.iter().filter_map(|rule| rule.window.as_ref()).map(|window| (&window.reopens, window.closes.at));
    let of_stages = plan.stages.iter().map(|stage| (&stage.reopens, plan.window.closes.at));
    let all = std::iter::once((&plan.window.reopens, plan.window.closes.at)).chain(of_rules).chain(of_stages);
    let mut found = BTreeMap::new();
    for (reopens, closes) in all {
        let Reopens::Awaits { event, expected, .. } = reopens else { continue };
        let usual = || closes.saturating_add(USUAL_DAYS.days());
        let expected = expected.map_or_else(usual, |expected| expected.at);
        let hours = Dice::of(seed, event, 0).between(-10, 60);
        found
            .entry(event.clone())
            .or_insert_with(|| expected.saturating_add(hours.hours()).max(closes.saturating_add(1.hour())));
    }
    found
}
