//! One simulation (推演): a seed makes a city and its weeks, which are played with the outage of a plan and without, judged
//! and compared.

use crate::attribution::{self, Attribution};
use crate::city::{City, Stock};
use crate::faults::{Level, at_the_edges, republished};
use crate::judge::{Wrong, judged};
use crate::life::{Event, EventId, born, lived};
use crate::office::Ground;
use crate::twins::{Difference, Setting, differences};
use crate::world::{Course, Met, World};
use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use std::collections::BTreeMap;
use std::sync::Arc;
use yibao_domain::code::Scheme;
use yibao_domain::outage::Plan;
use yibao_domain::register::WorkTable;
use yibao_policy::rules::RuleBook;
use yibao_store::Fault;

/// Days before the first closing at which the time of a city begins.
const AHEAD: i64 = 14;
/// Days after the last event by which everybody has come who comes: two long stays one after the other, settled late,
/// cancelled and settled anew.
const AFTER: i64 = 65;

/// What is to be simulated.
#[derive(Clone, Debug)]
pub struct Wish {
    /// The plan of the outage.
    pub plan: Plan,
    /// The text that it was read from.
    pub text: String,
    /// How many people.
    pub persons: u64,
    /// Where all chance comes from.
    pub seed: u64,
    /// Days of business.
    pub days: i64,
    /// Only these events of the history; none: all.
    pub only: Vec<EventId>,
    /// How much goes wrong.
    pub faults: Level,
}

/// What became of events that met the outage, by the way that the notice gave them.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Way {
    /// How many.
    pub events: u64,
    /// What they charged, in fen.
    pub charged: i64,
    /// What the funds paid for them, in fen.
    pub funds: i64,
}

/// The first message or deed after which something is not as it must be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Step {
    /// When.
    pub at: DateTime,
    /// Of which event.
    pub event: EventId,
    /// The transaction; `register` for a desk, empty where no client was told of it.
    pub by: String,
}

/// What came of it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Outcome {
    /// Events of the history.
    pub events: u64,
    /// By the way and its clauses, of those that met the outage.
    pub ways: BTreeMap<(&'static str, String), Way>,
    /// Everything that must not be, in the course with the outage.
    pub wrong: Vec<Wrong>,
    /// Differences between the courses that nothing allows.
    pub differences: Vec<Difference>,
    /// Where it begins, if anything is wrong.
    pub first: Option<Step>,
    /// Why a course could not go on, where one could not; nothing was judged then.
    pub stuck: Option<String>,
}

impl Outcome {
    /// With what another group of the same city came to.
    pub(crate) fn join(&mut self, other: Outcome) {
        self.events += other.events;
        for (way, of) in other.ways {
            let own = self.ways.entry(way).or_default();
            own.events += of.events;
            own.charged += of.charged;
            own.funds += of.funds;
        }
        self.wrong.extend(other.wrong);
        self.differences.extend(other.differences);
    }

    /// Of courses of which one could not go on: the platform had a fault, or somebody panicked.
    pub fn stuck(why: String) -> Outcome {
        Outcome { stuck: Some(why), ..Outcome::default() }
    }

    /// Whether everything is as it must be.
    pub fn holds(&self) -> bool {
        self.stuck.is_none() && self.wrong.is_empty() && self.differences.is_empty()
    }
}

/// The history of a wish, for who wants to tell it.
pub fn history(wish: &Wish, city: &City) -> Vec<Event> {
    let mut all: Vec<Event> = city.numbers().flat_map(|number| lived(city, &city.person(number), wish.days)).collect();
    if wish.faults >= Level::All {
        at_the_edges(wish.seed, &wish.plan, &mut all);
    }
    all.retain(|event| wish.only.is_empty() || wish.only.contains(&event.id));
    all
}

/// The first day of a city that goes by a plan.
pub fn begins(plan: &Plan) -> Date {
    plan.first_closing().date().saturating_sub(AHEAD.days())
}

/// The city of a wish, with who is born in it; nothing where no rules know its pool.
pub fn city(wish: &Wish, rules: &RuleBook) -> Option<City> {
    let mut city = childless(wish, rules)?;
    for number in 0..city.persons {
        let mother = city.person(number);
        let births = if mother.can_give_birth(city.begins) { lived(&city, &mother, wish.days) } else { Vec::new() };
        let born: Vec<DateTime> = births.iter().filter_map(|event| born(&city, event)).collect();
        born.into_iter().for_each(|born| city.gives_birth(number, born));
    }
    Some(city)
}

/// The same city, in which nobody is born.
pub(crate) fn childless(wish: &Wish, rules: &RuleBook) -> Option<City> {
    let divisions: Vec<String> = rules.pool(&wish.plan.pool)?.areas.iter().map(|area| area.code.clone()).collect();
    let begins = begins(&wish.plan);
    let two_diseases = rules.rules(&wish.plan.pool, begins).is_some_and(|of| of.resident.two_disease.ratio.is_some());
    let city = City::drawn(wish.seed, wish.plan.pool.clone(), &divisions, wish.persons, begins, Stock::usual());
    Some(City { two_diseases, ..city })
}

/// What both courses of a wish are played with.
pub fn setting<'a>(
    wish: &'a Wish,
    rules: &Arc<RuleBook>,
    work: &Arc<WorkTable>,
    city: &'a City,
    history: &'a [Event],
) -> Result<Setting<'a>, Fault> {
    let closes = city.begins.saturating_add((wish.days + AFTER).days()).at(12, 0, 0, 0);
    let in_force = rules.rules(&city.pool, city.begins).ok_or_else(|| unknown(wish))?;
    let special_drugs = in_force.scheme(Scheme::Employee).special_drug.ratio.is_some();
    let (rules, work) = (rules.clone(), work.clone());
    Ok(Setting {
        city,
        history,
        rules,
        work,
        plan: &wish.plan,
        text: &wish.text,
        closes,
        special_drugs,
        faults: wish.faults,
    })
}

fn unknown(wish: &Wish) -> Fault {
    Fault::new("simulating", wish.plan.pool.as_str(), "no rules know this pool")
}

/// Plays and compares both courses, each on a store that is empty.
pub fn run(wish: &Wish, rules: &Arc<RuleBook>, work: &Arc<WorkTable>, grounds: [Ground; 2]) -> Result<Outcome, Fault> {
    let city = city(wish, rules).ok_or_else(|| unknown(wish))?;
    let history = history(wish, &city);
    let setting = setting(wish, rules, work, &city, &history)?;
    let [with, without] = grounds;
    let with = setting.with_outage(with)?;
    let mut outcome = Outcome { events: history.len() as u64, ways: ways(&with, &history), ..Outcome::default() };
    let plans = goes_by(wish, &city, &with)?;
    outcome.wrong = judged(&with, &setting, &plans)?;
    crate::judge::text::judge(&wish.plan, &wish.text, &mut outcome.wrong);
    attribution::reasons(&with, &plans, &history, &mut outcome.wrong);
    let without = setting.without_outage(without, with.course())?;
    for wrong in judged(&without, &setting, &[])? {
        let what = format!("without the outage: {}", wrong.what);
        outcome.wrong.push(Wrong { what, ..wrong });
    }
    outcome.differences = differences(&with, &without, city.numbers(), city.begins.year())?;
    outcome.first = first_step(&outcome, &with);
    Ok(outcome)
}

/// Plays the history with the outage, and without and nothing left out, and says what allows each difference.
pub fn attributed(
    wish: &Wish,
    rules: &Arc<RuleBook>,
    work: &Arc<WorkTable>,
    grounds: [Ground; 2],
) -> Result<Attribution, Fault> {
    let city = city(wish, rules).ok_or_else(|| unknown(wish))?;
    let history = history(wish, &city);
    let setting = setting(wish, rules, work, &city, &history)?;
    let [with, without] = grounds;
    let with = setting.with_outage(with)?;
    let without = setting.without_outage(without, Course::default())?;
    attribution::compared(&with, &without, &goes_by(wish, &city, &with)?, &history)
}

/// The plans that a course has to go by: that of the wish with what was entered of it, or what was published in its place.
fn goes_by(wish: &Wish, city: &City, with: &World<'_>) -> Result<Vec<Plan>, Fault> {
    if wish.faults < Level::All {
        return Ok(with.went_by(&wish.plan));
    }
    let begins = city.begins.at(0, 0, 0, 0);
    Ok(vec![republished(wish.seed, begins, &wish.plan, &wish.text).plan_after(&wish.plan)?])
}

/// Of everything that is wrong with an event, what was recorded first.
fn first_step(outcome: &Outcome, with: &World<'_>) -> Option<Step> {
    let of_wrong = outcome.wrong.iter().filter_map(|one| Some((one.at?, one.event?)));
    let of_differences = outcome.differences.iter().filter_map(|one| {
        let event = one.event?;
        Some((with.cases.get(&event)?.settled.first()?.at, event))
    });
    let (at, event) = of_wrong.chain(of_differences).min()?;
    let told = with.cases.get(&event).and_then(|case| case.settled.iter().find(|told| told.at == at));
    Some(Step { at, event, by: told.map_or_else(String::new, |told| told.by.clone()) })
}

pub(crate) fn ways(world: &World<'_>, history: &[Event]) -> BTreeMap<(&'static str, String), Way> {
    let mut ways: BTreeMap<(&'static str, String), Way> = BTreeMap::new();
    for event in history {
        let Some(case) = world.cases.get(&event.id) else { continue };
        let key = match &case.met {
            None => continue,
            Some(Met::Waited { clauses }) => ("补录结算", clauses.join("、")),
            Some(Met::ToClaim { clauses }) => ("待报销", clauses.join("、")),
            Some(Met::NoRoute { clauses }) => ("现金、未规定补报", clauses.join("、")),
            Some(Met::SelfPays { clauses, .. }) if clauses.is_empty() => continue,
            Some(Met::SelfPays { clauses, .. }) => ("不在待遇期、自费", clauses.join("、")),
            Some(Met::TooLate { clauses }) => ("逾期未补录", clauses.join("、")),
        };
        let way = ways.entry(key).or_default();
        way.events += 1;
        way.charged += event.total();
        way.funds += case.settled.iter().filter(|one| !one.cancelled).filter_map(|one| one.funds).sum::<i64>();
    }
    for filed in world.filings.values().filter(|filed| filed.handed_in.is_some()) {
        ways.entry(("备案先收件、后补办", filed.clauses.join("、"))).or_default().events += 1;
    }
    ways
}
