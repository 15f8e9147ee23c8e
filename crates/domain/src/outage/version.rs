//! Which plans are in force: of several versions of a plan the highest (改期), with the events that have happened.
//!
//! A re-plan states everything anew; what it takes over from the version before is when things had been planned to reopen,
//! so that deadlines counted from the planned reopening keep their place. Invariant: pure; the same plans and events
//! always give the same plans in force, in whatever order they come.

use super::{EventEntered, Plan, Reopens};
use crate::code::Pool;
use crate::time::{DateTime, Moment};
use std::collections::BTreeMap;

/// The plans that hold: the latest versions, with the events entered.
pub fn in_force(plans: Vec<Plan>, events: &[EventEntered]) -> Vec<Plan> {
    latest(plans).iter().map(|plan| plan.with_events(events)).collect()
}

/// Of each pool and id the highest version, following the ones before it. Two pools may call their plans alike.
pub fn latest(plans: Vec<Plan>) -> Vec<Plan> {
    let mut by_name: BTreeMap<(String, Pool), BTreeMap<u32, Plan>> = BTreeMap::new();
    for plan in plans {
        by_name.entry((plan.id.clone(), plan.pool.clone())).or_default().insert(plan.version, plan);
    }
    by_name
        .into_values()
        .filter_map(|versions| versions.into_values().reduce(|earlier, later| later.after(&earlier)))
        .collect()
}

/// The plan that a pool's book calls by this name.
pub fn plan_named<'a>(plans: &'a [Plan], pool: &Pool, name: &str) -> Option<&'a Plan> {
    plans.iter().find(|plan| plan.is_named(pool, name))
}

impl Plan {
    /// What a pool's book calls the plan: its own by their ids, those of another pool, whose persons are treated here, with that
    /// pool before it.
    pub fn name_in(&self, pool: &Pool) -> String {
        if self.pool == *pool { self.id.clone() } else { format!("{}/{}", self.pool, self.id) }
    }

    fn is_named(&self, pool: &Pool, name: &str) -> bool {
        if self.pool == *pool { self.id == name } else { self.name_in(pool) == name }
    }

    /// The plan with what has happened: windows and stages that await an entered event reopen at its moment. What had been
    /// expected stays as what was planned. Of several entries of one event the last one counts.
    pub fn with_events(&self, events: &[EventEntered]) -> Plan {
        let happened = |reopens: &mut Reopens| -> Option<DateTime> {
            let Reopens::Awaits { event, expected, .. } = reopens else { return None };
            let entered = events
                .iter()
                .rfind(|entered| entered.pool == self.pool && entered.plan == self.id && entered.event == *event)?;
            let expected = expected.map(|expected| expected.at);
            *reopens = Reopens::At(Moment::beginning(entered.at));
            expected
        };
        let mut plan = self.clone();
        let expected = happened(&mut plan.window.reopens);
        plan.planned_reopens = plan.planned_reopens.or(expected);
        for rule in &mut plan.rules {
            let expected = rule.window.as_mut().and_then(|window| happened(&mut window.reopens));
            rule.planned_reopens = rule.planned_reopens.or(expected);
        }
        for stage in &mut plan.stages {
            let expected = happened(&mut stage.reopens);
            stage.planned_reopens = stage.planned_reopens.or(expected);
        }
        plan
    }

    /// This plan as the one that follows `earlier`: rules and stages of the same id keep what had been planned for them,
    /// and whoever falls under a stage that is new keeps what had been planned by the rule.
    pub fn after(&self, earlier: &Plan) -> Plan {
        let mut plan = self.clone();
        let planned = earlier.planned_reopens.or_else(|| earlier.window.reopens.expected());
        plan.planned_reopens = plan.planned_reopens.or(planned);
        for rule in &mut plan.rules {
            let before = earlier.rules.iter().find(|before| before.id == rule.id);
            let planned = before.and_then(|before| before.planned_reopens);
            // What is new in this version was never planned otherwise.
            let first = before.map_or(&rule.window, |before| &before.window);
            let expected = first.as_ref().and_then(|window| window.reopens.expected());
            rule.planned_reopens = rule.planned_reopens.or(planned).or(expected);
        }
        for stage in &mut plan.stages {
            match earlier.stages.iter().find(|before| before.id == stage.id) {
                Some(before) => {
                    let planned = before.planned_reopens.or_else(|| before.reopens.expected());
                    stage.planned_reopens = stage.planned_reopens.or(planned);
                    stage.added = before.added;
                }
                None => stage.added = stage.planned_reopens.is_none(),
            }
        }
        plan
    }
}
