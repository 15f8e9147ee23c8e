//! What a course has left out, moved or put in another order because of its outage, so that another course can do the same.

use super::{Case, Course, Met, Settled, World};
use crate::judge::rows::question;
use crate::judge::ways::{account_stopped, frozen};
use crate::life::{Event, EventId, Kind};
use jiff::ToSpan;

impl World<'_> {
    /// What this course has left out because of its outage.
    pub fn course(&self) -> Course {
        let (mut course, plans) = (self.course.clone(), self.plans());
        for (id, case) in &self.cases {
            if matches!(case.met, Some(Met::ToClaim { .. } | Met::NoRoute { .. } | Met::TooLate { .. })) {
                // What was settled in mid-stay before the closing stands; the rest goes another way.
                let left_out = if case.parted > 0 { &mut course.without_end } else { &mut course.without };
                left_out.insert(*id);
            }
            let put_off = match case.met {
                Some(Met::SelfPays { put_off, .. }) => put_off || self.waited_for_no_leg(&self.events[id], &course),
                _ => false,
            };
            if put_off {
                // What was settled before it was found out stands.
                let left_out = match case.settled.is_empty() {
                    true => &mut course.without,
                    false if case.parted > 0 => &mut course.without_end,
                    false => &mut course.without_again,
                };
                left_out.insert(*id);
            }
            // What a desk has entered comes in one bill.
            let is_stay = matches!(self.events[id].kind, Kind::Stay { .. });
            if case.without_part || !is_stay && case.parted == 0 {
                course.without_part.insert(*id);
            }
            let asked = question(self, &self.events[id]);
            let is_without = |one: &&Settled| !one.cancelled && account_stopped(&plans, &asked, one.sent).is_some();
            let (parts, ends) = case.settled.split_at(case.settled.len() - case.ends().len());
            for (settled, without) in
                [(parts, &mut course.without_account_in_part), (ends, &mut course.without_account)]
            {
                if self.events[id].uses_account && settled.iter().any(|one| is_without(&one)) {
                    without.insert(*id);
                }
            }
            if case.without_cancellation {
                course.without_cancellation.insert(*id);
            }
            let has_waited = case.ends().first().is_some_and(|first| first.waited_since.is_some());
            if let (Some(planned), Some(anew)) = (self.events[id].again, case.anew()) {
                if has_waited {
                    // Made anew it counts where it did: as if it had not been cancelled.
                    course.without_cancellation.insert(*id);
                } else if let Some(since) = anew.waited_since {
                    course.again.insert(*id, since.saturating_add(1.minute()));
                } else if anew.at != planned {
                    course.again.insert(*id, anew.at);
                }
            }
            let planned = self.events[id].claimed.unwrap_or(self.events[id].at);
            // Whoever was refused came another day; who only heard nothing sent again within minutes.
            if let (false, None, Some(first)) = (is_stay, &case.met, case.settled.first())
                && first.at > planned.saturating_add(1.hour())
            {
                course.claimed.insert(*id, first.at);
            }
            // What an outage kept back counts at its care, however late it was to be claimed (decision 7).
            if matches!(case.met, Some(Met::Waited { .. })) || has_waited {
                if is_stay {
                    course.at_discharge.insert(*id);
                } else {
                    course.claimed.insert(*id, self.events[id].at);
                }
            }
        }
        self.held_up_by_legs(&mut course);
        course
    }

    /// The clauses that keep anything of a person as it was settled before the switch, where something else was put into its order.
    pub(crate) fn frozen(&self, person: u64) -> Vec<String> {
        let (plans, now) = (self.plans(), self.office.now());
        let of_person = EventId { person, ordinal: 0 }..=EventId { person, ordinal: u32::MAX };
        let cases = || self.cases.range(of_person.clone());
        let has_moved = |(_, case): (&EventId, &Case)| {
            matches!(case.met, Some(Met::Waited { .. })) || case.settled.iter().any(|one| one.waited_since.is_some())
        };
        if plans.iter().all(|plan| plan.freezes.is_empty()) || !cases().any(has_moved) {
            return Vec::new();
        }
        let mut clauses = Vec::new();
        for (id, case) in cases() {
            let asked = question(self, &self.events[id]);
            let of = case.settled.iter().filter_map(|one| frozen(&plans, &asked, one.at, now));
            clauses.extend(of.flat_map(|freeze| freeze.clauses.iter().cloned()));
        }
        clauses
    }

    /// A stay waits for no leg that is left out: so it was insured by all that was known when it was over.
    fn waited_for_no_leg(&self, event: &Event, course: &Course) -> bool {
        let is_left_out = |leg: &Event| course.without.contains(&leg.id);
        self.leg_before(event).is_some_and(is_left_out)
            && event.is_entitled(&self.person(event), World::own_time(event))
    }

    /// A stay that came from a leg which has waited was settled after it: ordinary, and so by when that was (decision 6).
    fn held_up_by_legs(&self, course: &mut Course) {
        for (id, case) in &self.cases {
            let event = &self.events[id];
            let Kind::Stay { until, settled_after, .. } = event.kind else { continue };
            let has_moved = |leg: &Event| course.at_discharge.contains(&leg.id) || course.claimed.contains_key(&leg.id);
            let is_held_up = self.leg_before(event).is_some_and(has_moved) && !course.at_discharge.contains(id);
            let due = until.saturating_add(settled_after.seconds());
            if let Some(first) = case.ends().first().filter(|first| is_held_up && first.at > due) {
                course.claimed.insert(*id, first.at);
            }
        }
    }
}
