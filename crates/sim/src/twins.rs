//! The same weeks twice (双生对照): with the outage of a plan, and without. What the outage left out for good, by a rule of the
//! notice, is left out of the other course as well; then every event and every total must be the same to the fen.

use crate::city::City;
use crate::faults::{Level, republished};
use crate::life::{Event, EventId};
use crate::office::{Furnishing, Ground, Office};
use crate::world::{Course, World};
use jiff::ToSpan;
use jiff::civil::DateTime;
use std::sync::Arc;
use yibao_domain::outage::{AfterDeadline, Due, Plan, Start, Unit};
use yibao_domain::register::WorkTable;
use yibao_policy::rules::RuleBook;
use yibao_store::Fault;
use yibao_store::settlement::Settlement;

/// Days after the reopening on which the agency enters what is left, at most: notices give ten working days.
const RUN_AFTER: i64 = 9;
/// Days after the reopening until which registers are looked at every hour, and shown.
pub const WATCHED_AFTER: i64 = 12;

/// What both courses are played with.
#[derive(Clone)]
pub struct Setting<'a> {
    /// The city.
    pub city: &'a City,
    /// The history of all its people.
    pub history: &'a [Event],
    /// Benefit rules.
    pub rules: Arc<RuleBook>,
    /// Kinds of work.
    pub work: Arc<WorkTable>,
    /// The plan.
    pub plan: &'a Plan,
    /// Its text.
    pub text: &'a str,
    /// When the books of the outage are closed.
    pub closes: DateTime,
    /// Whether the pool pays for special drugs apart.
    pub special_drugs: bool,
    /// How much goes wrong in the course with the outage.
    pub faults: Level,
}

/// A difference that nothing allows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Difference {
    /// Whose.
    pub person: u64,
    /// The event, where it is one of an event.
    pub event: Option<EventId>,
    /// With the outage.
    pub with: String,
    /// Without.
    pub without: String,
}

impl<'a> Setting<'a> {
    /// Plays the history with the outage, and closes its books.
    pub fn with_outage(&self, ground: impl Into<Ground>) -> Result<World<'a>, Fault> {
        self.played(ground.into(), vec![self.plan.clone()], Course::default(), self.faults)
    }

    /// Plays the history without, leaving out what the other course has left out.
    pub fn without_outage(&self, ground: impl Into<Ground>, course: Course) -> Result<World<'a>, Fault> {
        self.played(ground.into(), Vec::new(), course, Level::None)
    }

    /// When the agency has its run, with these plans in force.
    pub(crate) fn agency_comes(&self, plans: &[Plan]) -> DateTime {
        let expected = |plan: &Plan| plan.window.reopens.expected();
        let reopened = plans.iter().chain([self.plan]).filter_map(expected).max().unwrap_or(self.closes);
        reopened.saturating_add(run_after(self.plan).days()).min(self.closes)
    }

    fn played(&self, ground: Ground, plans: Vec<Plan>, course: Course, faults: Level) -> Result<World<'a>, Fault> {
        let furnishing = Furnishing { ground, rules: self.rules.clone(), work: self.work.clone(), plans, faults };
        let office = Office::open(self.city, furnishing)?;
        let mut world = World::new(self.city, office, self.history, course, self.special_drugs);
        if faults >= Level::All {
            let begins = self.city.begins.at(0, 0, 0, 0);
            let republished = republished(self.city.seed, begins, self.plan, self.text);
            world.play(republished.at)?;
            world.publish(&republished.text)?;
        }
        let agency_comes = self.agency_comes(&world.plans());
        world.play(agency_comes)?;
        world.enter_the_rest()?;
        world.play(self.closes)?;
        world.close()?;
        Ok(world)
    }
}

/// Days after the reopening on which the agency enters what is left: before any deadline is over that turns the late away.
pub fn run_after(plan: &Plan) -> i64 {
    let days = plan.rules.iter().filter_map(|rule| rule.deadline.as_ref()).filter_map(|deadline| {
        let turns_away = deadline.after != AfterDeadline::Listed;
        match deadline.due {
            Due::Counted { count, unit: Unit::CalendarDays | Unit::WorkingDays, from: Start::Reopening { .. } }
                if turns_away =>
            {
                Some(i64::from(count) - 1)
            }
            _ => None,
        }
    });
    days.min().unwrap_or(RUN_AFTER).clamp(1, RUN_AFTER)
}

/// What stands of an event: every amount, and what it adds to the totals.
fn standing(settlement: &Settlement) -> String {
    let funds: Vec<String> =
        settlement.funds.iter().map(|share| format!("{}={}", share.fund_pay_type, share.fund_payamt)).collect();
    let added: Vec<String> =
        settlement.accumulations.iter().map(|one| format!("{} {} {}", one.period, one.name, one.delta)).collect();
    // A part in mid-stay ends on the day on which it is settled, which a lost message may move past midnight.
    let until = if settlement.mid_stay { "today".to_owned() } else { settlement.enddate.to_string() };
    format!(
        "part {} until {until}: funds {} account {} cash {} deductible {} {funds:?} {added:?}",
        settlement.mid_stay,
        settlement.fund_pay_sumamt,
        settlement.acct_pay,
        settlement.psn_cash_pay,
        settlement.act_pay_dedc,
    )
}

/// Everything of a person in a course: by event, and in all.
fn of_person(world: &World<'_>, person: u64, year: i16) -> Result<(Vec<(EventId, String)>, String), Fault> {
    let psn_no = crate::city::psn_no(world.office.pool.as_str(), person);
    // One by one: those of a person come without the shares of the funds.
    let past = world.office.look(|tx| {
        let all = tx.settlements_of_person(&psn_no, year)?;
        let whole = all.iter().filter(|row| row.stands()).map(|row| tx.settlement(&row.settlement.setl_id));
        whole.collect::<Result<Vec<_>, _>>()
    })?;
    let ids = EventId { person, ordinal: 0 }..=EventId { person, ordinal: u32::MAX };
    let mut events = Vec::new();
    for (id, case) in world.cases.range(ids) {
        let own = past.iter().flatten().filter(|row| row.settlement.mdtrt_id == case.mdtrt_id);
        let mut told: Vec<String> = own.map(|row| standing(&row.settlement)).collect();
        told.sort();
        events.push((*id, told.join("; ")));
    }
    let totals = world.office.look(|tx| {
        let balance = tx.person_facts(&psn_no, &[])?.and_then(|facts| facts.balance);
        let mut totals = tx.running_totals(&psn_no)?;
        totals.retain(|total| total.value != 0);
        Ok(format!("{totals:?} {balance:?}"))
    })?;
    Ok((events, totals))
}

/// Every difference between the two courses, of these persons.
pub fn differences(
    with: &World<'_>,
    without: &World<'_>,
    persons: impl IntoIterator<Item = u64>,
    year: i16,
) -> Result<Vec<Difference>, Fault> {
    let mut found = Vec::new();
    // Whose order cannot be put right has it otherwise, and the judges have priced it so.
    let is_in_order = |person: &u64| !with.unordered.contains(person) && with.frozen(*person).is_empty();
    for person in persons.into_iter().filter(is_in_order) {
        let (of_events, totals) = of_person(with, person, year)?;
        let (expected, expected_totals) = of_person(without, person, year)?;
        for (event, told) in &of_events {
            let other = expected.iter().find(|(id, _)| id == event).map(|(_, told)| told.clone()).unwrap_or_default();
            if *told != other {
                found.push(Difference { person, event: Some(*event), with: told.clone(), without: other });
            }
        }
        if totals != expected_totals {
            found.push(Difference { person, event: None, with: totals, without: expected_totals });
        }
    }
    Ok(found)
}
