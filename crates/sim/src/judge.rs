//! Judges (判定): the statements that have to hold at the end, asked of the books and of what the clients were told. They know the
//! history, the notice, the rules and the books, and nothing of how the course was played or of what the platform means to do.
//!
//! 1. Nothing is lost: each event of a closed window ends in exactly one of settled, reimbursed (here: to be claimed),
//!    refused with a reason, withdrawn.
//! 2. Nothing is counted twice.
//! 3. Nobody is better or worse off than the plan says: every settlement is priced anew ([`actuary`], [`priced`]), the books add
//!    up to the same ([`books`]), the clients were told the same ([`told`]), and the courses are compared ([`crate::twins`]).
//!    The registers say the same ([`entries`]), the gates were closed when the notice says so ([`gate`]), who was paid for was
//!    insured ([`entitled`]), and filings hold from the day that the notice says ([`filing`]).
//! 4. Each deadline is kept, or what missed it is on a list with a reason ([`deadline`]).

mod actuary;
mod ahead;
mod asked;
mod board;
mod books;
mod calendar;
mod counter;
mod deadline;
mod entitled;
mod entries;
mod fate;
mod filing;
pub(crate) mod gate;
mod legs;
mod offered;
mod order;
mod priced;
mod reach;
mod reckoned;
pub(crate) mod row;
pub(crate) mod rows;
mod tariff;
pub(crate) mod text;
mod told;
pub(crate) mod ways;
mod written;
mod wrong;

pub use tariff::read_from;
pub use wrong::Wrong;

use crate::city::City;
use crate::judge::actuary::Actuary;
use crate::judge::books::Sums;
use crate::judge::calendar::Calendar;
use crate::life::{Event, Kind};
use crate::twins::Setting;
use crate::world::World;
use std::collections::BTreeMap;
use yibao_domain::outage::Plan;
use yibao_domain::register::Entry;
use yibao_store::Fault;
use yibao_store::encounter::EncounterFilter;
use yibao_store::register::EntryFilter;

/// Rows of one person that are asked for.
const OF_PERSON: usize = 10_000;

/// Judges a course that went by these plans: everything that is wrong with it.
pub fn judged(world: &World<'_>, setting: &Setting<'_>, plans: &[Plan]) -> Result<Vec<Wrong>, Fault> {
    let (mut wrong, found) = people_judged(world, setting, plans, kept(world)?)?;
    wrong.extend(book_judged(world, setting, plans, found)?);
    Ok(wrong)
}

/// Register entries, by 人员编号.
pub type Kept = BTreeMap<String, Vec<Entry>>;

/// What was found out about people, by which the book as a whole is judged.
#[derive(Default)]
pub struct Found {
    sums: Sums,
    /// Entries that are nobody's of those who had care.
    nobodys: Kept,
}

impl Found {
    /// With what was found out about others.
    pub fn join(&mut self, other: Found) {
        self.sums.join(other.sums);
        self.nobodys.extend(other.nobodys);
    }
}

/// All register entries of a course.
pub fn kept(world: &World<'_>) -> Result<Kept, Fault> {
    let mut entries = Kept::new();
    for entry in world.office.look(|tx| tx.entries(&EntryFilter::default(), usize::MAX >> 1))? {
        entries.entry(known_as(world.city, &entry)).or_default().push(entry);
    }
    Ok(entries)
}

/// The number of the person of an entry, who may be known by the document alone.
fn known_as(city: &City, entry: &Entry) -> String {
    let named = || city.newborns.keys().map(|number| city.person(*number)).find(|child| child.certno == entry.certno);
    if entry.psn_no.is_empty() && !entry.certno.is_empty() {
        return named().map_or_else(String::new, |child| child.psn_no);
    }
    entry.psn_no.clone()
}

/// Judges what the people of a setting's history had, who have these entries.
pub fn people_judged(
    world: &World<'_>,
    setting: &Setting<'_>,
    plans: &[Plan],
    mut entries: Kept,
) -> Result<(Vec<Wrong>, Found), Fault> {
    let (city, mut wrong) = (setting.city, Vec::new());
    let mut of_person: BTreeMap<u64, Vec<&Event>> = BTreeMap::new();
    for event in setting.history {
        of_person.entry(event.id.person).or_default().push(event);
    }
    let (calendar, mut sums) = (Calendar::national(), Sums::default());
    for (person, events) in of_person {
        let citizen = city.person(person);
        let filter = EncounterFilter { psn_no: Some(citizen.psn_no.clone()), ..EncounterFilter::default() };
        let encounters = world.office.look(|tx| tx.encounters(&filter, OF_PERSON))?;
        let past = world.office.look(|tx| tx.settlements_of_person(&citizen.psn_no, city.begins.year() - 1))?;
        fate::judge(city, person, &events, &encounters, &past, world, &mut wrong);
        let known = |event: &&&Event| {
            matches!(event.kind, Kind::Stay { .. })
                && world.cases.get(&event.id).is_some_and(|case| !case.mdtrt_id.is_empty())
        };
        let actuary = Actuary {
            city,
            rules: &setting.rules,
            person: citizen,
            stays: events.iter().filter(known).copied().collect(),
            special_drugs: setting.special_drugs,
        };
        let rows = rows::rows(world, plans, &actuary, &events, &encounters)?;
        let is_unordered = world.unordered.contains(&person);
        let account = priced::priced(&actuary, &rows, is_unordered, &mut wrong);
        told::judge(world, &account, &mut wrong);
        legs::judge(world, &actuary, &account, &mut wrong);
        reach::judge(&account, &mut wrong);
        books::of_person(world, &actuary, &account, &mut sums, &mut wrong)?;
        gate::judge(world, plans, &account, &events, &mut wrong);
        ahead::judge(world, plans, &account, &mut wrong)?;
        let own = entries.remove(&actuary.person.psn_no).unwrap_or_default();
        entries::of_person(world, plans, &account, &events, &own, &mut wrong)?;
        filing::of_person(world, plans, &actuary.person, &own, &mut wrong)?;
        entitled::of_person(world, &actuary.person, &account, &events, &own, &mut wrong);
        deadline::of_person(world, plans, &calendar, &events, &own, &mut wrong)?;
        asked::of_person(world, &actuary.person, &account, &events, &encounters, &mut wrong)?;
        counter::judge(world, &actuary.person, &mut wrong);
    }
    wrong.extend(world.surprised().map(|(what, of)| match of {
        Some((event, at)) => Wrong { event: Some(event), at: Some(at), ..Wrong::of(1, event.person, what.to_owned()) },
        None => Wrong::of_book(1, what.to_owned()),
    }));
    Ok((wrong, Found { sums, nobodys: entries }))
}

/// Judges the book as a whole.
pub fn book_judged(
    world: &World<'_>,
    setting: &Setting<'_>,
    plans: &[Plan],
    found: Found,
) -> Result<Vec<Wrong>, Fault> {
    let mut wrong = Vec::new();
    books::of_all(world, setting.city, &found.sums, &mut wrong)?;
    entries::of_nobody(found.nobodys.into_values().flatten(), &mut wrong);
    board::judge(world, plans, &mut wrong)?;
    offered::judge(world, setting.city, &mut wrong)?;
    let mut book = world.office.store.open(&world.office.pool)?;
    for check in book.verify(&world.office.work)? {
        wrong.extend(check.broken.iter().map(|broken| Wrong::of_book(0, format!("{}: {broken:?}", check.name))));
    }
    Ok(wrong)
}
