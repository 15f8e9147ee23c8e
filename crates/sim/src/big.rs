//! A large city (大城市): its people in groups, each played by a thread of its own, at one platform.
//!
//! A life depends on nobody else's, so the groups meet in the books only. All play the same hour of virtual time; then the
//! platform does what it does by itself, and what stands in the registers is noted. The writer takes what waits of all groups
//! into one transaction. Which of two persons is recorded first is therefore the machine's to say, and numbers of
//! settlements differ from run to run; what everybody is paid does not.

mod course;
mod step;
mod sums;

pub use step::{Phase, Step};
pub use sums::{Hour, Path, Paths, Register, Sum};

use crate::attribution::{self, ByClause};
use crate::city::{City, Pace, number_of};
use crate::judge::{Found, Kept, Wrong, book_judged, kept, people_judged};
use crate::life::{Event, lived};
use crate::run::{Outcome, Wish, ways};
use crate::twins::{Setting, differences};
use crate::world::{Course, Met};
use course::{Played, each_in_turn};
use jiff::civil::DateTime;
use std::collections::BTreeSet;
use std::sync::Arc;
use step::Counter;
use yibao_domain::register::{Entry, State, WorkTable};
use yibao_policy::rules::RuleBook;
use yibao_store::register::EntryFilter;
use yibao_store::{Fault, Store};

/// Groups of people: as many messages wait for the writer at once.
const GROUPS: u64 = 64;
/// More entries than a city has.
const EVERY: usize = 1 << 32;
/// Entries that are named of those that still wait at the end.
const NAMED: usize = 100;
/// How many people the course is played for in which nothing is left out: whole groups, and at least one.
const COMPARED: u64 = 100_000;

/// What a large city came to.
#[derive(Clone, Debug)]
pub struct Told {
    /// What was found.
    pub outcome: Outcome,
    /// Persons that had an event.
    pub persons: u64,
    /// Messages that were sent, in both courses.
    pub messages: u64,
    /// The course with the outage, hour by hour.
    pub hours: Vec<Hour>,
    /// What was paid in it, by the way it went.
    pub paths: Paths,
    /// Some of the entries that still wait when the books are closed and should not, and how many do in all; what nobody came for
    /// in time waits for ever, and is not among them.
    pub waiting: (Vec<Entry>, u64),
    /// When the books are closed.
    pub closed: DateTime,
    /// What the outage changed, against a course in which nothing is left out.
    pub changed: Changed,
}

/// What the outage changed for some of the people.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// The first so many.
    pub persons: u64,
    /// What differs.
    pub by_clause: ByClause,
}

/// The city of a wish at a pace; nothing where no rules know its pool.
pub fn city(wish: &Wish, rules: &RuleBook, pace: Pace) -> Option<City> {
    Some(City { pace, ..crate::run::childless(wish, rules)? })
}

/// Plays and compares both courses of a large city, and for some of its people a third in which nothing is left out, each on a
/// store that is empty. `watch` is told how far it has come.
pub fn run(
    wish: &Wish,
    rules: &Arc<RuleBook>,
    work: &Arc<WorkTable>,
    city: &City,
    stores: [Arc<dyn Store>; 3],
    watch: &(dyn Fn(Step) + Sync),
) -> Result<Told, Fault> {
    let histories = drawn(wish, city, watch)?;
    let setting = crate::run::setting(wish, rules, work, city, &[])?;
    let [with, without, whole] = stores;
    let blank = vec![Course::default(); histories.len()];
    let mut with = Played::with_outage(&setting, &histories, blank, with, watch)?;
    let courses = with.worlds.iter().map(crate::world::World::course).collect();
    let mut without = Played::without(&setting, &histories, courses, without, watch)?;
    let mut told = judged(&setting, &histories, &mut with, &mut without, watch)?;
    drop(without);
    told.changed = changed(&setting, &histories, &mut with, (whole, watch), &mut told.outcome.wrong)?;
    told.closed = setting.closes;
    Ok(told)
}

/// What the outage changed for the people of the first groups.
fn changed(
    setting: &Setting<'_>,
    histories: &[Vec<Event>],
    with: &mut Played<'_>,
    (store, watch): (Arc<dyn Store>, &(dyn Fn(Step) + Sync)),
    wrong: &mut Vec<Wrong>,
) -> Result<Changed, Fault> {
    let size = size_of_group(setting.city);
    let groups = usize::try_from((COMPARED / size).max(1)).unwrap_or(histories.len()).min(histories.len());
    let persons = (size * groups as u64).min(setting.city.persons);
    let histories = &histories[..groups];
    let mut whole = Played::whole(setting, histories, (store, persons), watch)?;
    let plans = std::slice::from_ref(setting.plan);
    let worlds = histories.iter().zip(with.worlds.iter_mut().zip(&mut whole.worlds));
    let found = each_in_turn(worlds, |(history, (with, whole))| {
        let all = attribution::side_by_side(with, whole, plans, history)?;
        Ok((all.by_clause(), all.wrong))
    })?;
    let mut changed = Changed { persons, ..Changed::default() };
    for (by_clause, found) in found {
        changed.by_clause.join(by_clause);
        // What the judges have found before is not said again.
        let new: Vec<Wrong> = found.into_iter().filter(|one| !wrong.contains(one)).collect();
        wrong.extend(new);
    }
    Ok(changed)
}

/// People of one group.
fn size_of_group(city: &City) -> u64 {
    city.persons.div_ceil(GROUPS).max(1)
}

/// The history of everybody, by groups.
fn drawn(wish: &Wish, city: &City, watch: &(dyn Fn(Step) + Sync)) -> Result<Vec<Vec<Event>>, Fault> {
    let size = size_of_group(city);
    let done = Counter::new(Phase::Drawing, city.persons, watch);
    let groups = (0..city.persons).step_by(usize::try_from(size).unwrap_or(usize::MAX));
    each_in_turn(groups, |first| {
        let persons = first..city.persons.min(first + size);
        let count = persons.end - first;
        let all = persons.flat_map(|number| lived(city, &city.person(number), wish.days));
        let history = all.filter(|event| wish.only.is_empty() || wish.only.contains(&event.id)).collect();
        done.add(count);
        Ok(history)
    })
}

/// What the judges say of one group.
struct OfGroup {
    outcome: Outcome,
    found: [Found; 2],
    persons: u64,
    settlements: u64,
    paths: Paths,
    settled: Vec<DateTime>,
}

fn judged(
    setting: &Setting<'_>,
    histories: &[Vec<Event>],
    with: &mut Played<'_>,
    without: &mut Played<'_>,
    watch: &(dyn Fn(Step) + Sync),
) -> Result<Told, Fault> {
    let of = histories.iter().map(|history| history.len() as u64).sum();
    let done = Counter::new(Phase::Judging, of, watch);
    let (year, plans) = (setting.city.begins.year(), with.worlds[0].went_by(setting.plan));
    let plans = plans.as_slice();
    let kept_with = of_groups(kept(&with.worlds[0])?, histories);
    let kept_without = of_groups(kept(&without.worlds[0])?, histories);
    let groups = histories
        .iter()
        .zip(kept_with.into_iter().zip(kept_without))
        .zip(with.worlds.iter_mut().zip(&mut without.worlds));
    let groups = each_in_turn(groups, |((history, (kept_with, kept_without)), (with, without))| {
        let (with, without) = (&*with, &*without);
        let mut outcome = Outcome { events: history.len() as u64, ways: ways(with, history), ..Outcome::default() };
        let setting = Setting { history, ..setting.clone() };
        let (wrong, found) = people_judged(with, &setting, plans, kept_with)?;
        outcome.wrong = wrong;
        attribution::reasons(with, plans, history, &mut outcome.wrong);
        let (wrong, other) = people_judged(without, &setting, &[], kept_without)?;
        outcome.wrong.extend(wrong.into_iter().map(of_the_other));
        let persons: BTreeSet<u64> = history.iter().map(|event| event.id.person).collect();
        let count = persons.len() as u64;
        outcome.differences = differences(with, without, persons, year)?;
        let (paths, settlements) = sums::paths(with, history, year)?;
        let settled = sums::settled(with);
        done.add(outcome.events);
        Ok(OfGroup { outcome, found: [found, other], persons: count, settlements, paths, settled })
    })?;
    let first = &with.worlds[0];
    let mut told = Told {
        outcome: Outcome::default(),
        persons: 0,
        messages: with.sent() + without.sent(),
        hours: Vec::new(),
        paths: Paths::default(),
        waiting: waiting(with)?,
        closed: first.office.now(),
        changed: Changed::default(),
    };
    let (mut settlements, mut settled) = (0, Vec::new());
    let mut found = [Found::default(), Found::default()];
    for group in groups {
        told.outcome.join(group.outcome);
        told.persons += group.persons;
        told.paths.join(&group.paths);
        settlements += group.settlements;
        found.iter_mut().zip(group.found).for_each(|(all, own)| all.join(own));
        settled.extend(group.settled);
    }
    let [found, other] = found;
    told.outcome.wrong.extend(book_judged(first, setting, plans, found)?);
    told.outcome.wrong.extend(book_judged(&without.worlds[0], setting, &[], other)?.into_iter().map(of_the_other));
    told.outcome.wrong.extend(nobodys(with, settlements)?);
    told.outcome.wrong.extend(still_waits(&told.waiting));
    told.hours = sums::hours(&with.noted, histories, &settled);
    Ok(told)
}

/// Entries by the groups of people that they are of; what is nobody's is left to the first.
fn of_groups(kept: Kept, histories: &[Vec<Event>]) -> Vec<Kept> {
    let mut groups = vec![Kept::new(); histories.len()];
    for (psn_no, entries) in kept {
        let person = number_of(&psn_no);
        let is_of = |history: &Vec<Event>| {
            let (Some(first), Some(last)) = (history.first(), history.last()) else { return false };
            person.is_some_and(|person| (first.id.person..=last.id.person).contains(&person))
        };
        let group = histories.iter().position(is_of).unwrap_or(0);
        groups[group].insert(psn_no, entries);
    }
    groups
}

fn of_the_other(wrong: Wrong) -> Wrong {
    Wrong { what: format!("without the outage: {}", wrong.what), ..wrong }
}

/// Who had no event has no rows: the book has no more settlements than those who had one.
fn nobodys(played: &Played<'_>, settlements: u64) -> Result<Option<Wrong>, Fault> {
    let office = &played.worlds[0].office;
    let census = office.store.open(&office.pool)?.census()?;
    let rows = census.iter().find(|figure| figure.name == "结算").map(|figure| figure.value);
    let expected = i64::try_from(settlements).ok();
    let what = || format!("the book has {rows:?} settlements, those who had care {settlements}");
    Ok((rows != expected).then(|| Wrong::of_book(2, what())))
}

/// What of the registers of claims still waits, but for what nobody came for in time.
fn waiting(played: &Played<'_>) -> Result<(Vec<Entry>, u64), Fault> {
    let world = &played.worlds[0];
    let states: Vec<State> = State::KNOWN.iter().copied().filter(sums::waits).collect();
    let cases = played.worlds.iter().flat_map(|world| world.cases.values());
    let too_late: BTreeSet<&str> =
        cases.filter(|case| matches!(case.met, Some(Met::TooLate { .. }))).map(|case| case.entry.as_str()).collect();
    let mut waiting = Vec::new();
    for plan in world.plans().iter() {
        let filter = EntryFilter { plan: Some(plan.id.clone()), states: states.clone(), ..EntryFilter::default() };
        let found = world.office.look(|tx| tx.entries(&filter, EVERY))?;
        let is_wrong = |entry: &Entry| entry.kind.is_settled() && !too_late.contains(entry.number.as_str());
        waiting.extend(found.into_iter().filter(is_wrong));
    }
    let count = waiting.len() as u64;
    waiting.truncate(NAMED);
    Ok((waiting, count))
}

/// Nothing waits when the books are closed.
fn still_waits((named, count): &(Vec<Entry>, u64)) -> Option<Wrong> {
    let first = named.first()?;
    let what = format!(
        "{count} entries still wait when the books are closed, the first is {} ({}, {})",
        first.number,
        first.kind.name(),
        first.state.name()
    );
    Some(Wrong::of_book(4, what))
}
