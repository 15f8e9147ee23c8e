//! Judges (判定): the statements that have to hold at the end, asked of the books and of what the clients were told. They know the
//! history and the books, and nothing of how the course was played or of what the platform means to do.
//!
//! 1. Nothing is lost: each event of a closed window ends in exactly one of settled, reimbursed (here: to be claimed),
//!    refused with a reason, withdrawn.
//! 2. Nothing is counted twice.
//! 3. Nobody is better or worse off than the plan says: see [`crate::twins`].
//! 4. Each deadline is kept, or what missed it is on a list with a reason.

use crate::city::{City, psn_no};
use crate::life::{Event, Kind};
use crate::world::{Case, Met, World};
use std::collections::{BTreeMap, BTreeSet};
use yibao_domain::register::Bucket;
use yibao_store::Fault;
use yibao_store::encounter::{Encounter, EncounterFilter, EncounterState};
use yibao_store::register::EntryFilter;
use yibao_store::settlement::PastSettlement;

/// Rows of one person that are asked for.
const OF_PERSON: usize = 10_000;

/// Something that must not be.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Wrong {
    /// Which of the four statements, 1 to 4; 0 where the book itself is not sound.
    pub statement: u8,
    /// Whose; `None` where it is the whole book's.
    pub person: Option<u64>,
    /// What.
    pub what: String,
}

/// Judges a course: everything that is wrong with it.
pub fn judged(world: &World<'_>, city: &City, history: &[Event]) -> Result<Vec<Wrong>, Fault> {
    let mut wrong = people_judged(world, city, history)?;
    wrong.extend(book_judged(world)?);
    Ok(wrong)
}

/// What is wrong with what the people of a history had.
pub fn people_judged(world: &World<'_>, city: &City, history: &[Event]) -> Result<Vec<Wrong>, Fault> {
    let mut wrong = Vec::new();
    let mut of_person: BTreeMap<u64, Vec<&Event>> = BTreeMap::new();
    for event in history {
        of_person.entry(event.id.person).or_default().push(event);
    }
    for (person, events) in of_person {
        let psn_no = psn_no(city.pool.as_str(), person);
        let filter = EncounterFilter { psn_no: Some(psn_no.clone()), ..EncounterFilter::default() };
        let encounters = world.office.look(|tx| tx.encounters(&filter, OF_PERSON))?;
        let past = world.office.look(|tx| tx.settlements_of_person(&psn_no, city.begins.year() - 1))?;
        let mut found = Of { city, person, wrong: &mut wrong };
        found.of_events(&events, &encounters, &past, world);
        found.of_nobody(&events, &encounters, &past);
    }
    wrong.extend(world.surprises.iter().map(|what| Wrong { statement: 1, person: None, what: what.clone() }));
    Ok(wrong)
}

/// What is wrong with the book as a whole.
pub fn book_judged(world: &World<'_>) -> Result<Vec<Wrong>, Fault> {
    let mut wrong = Vec::new();
    registers(world, &mut wrong)?;
    let mut book = world.office.store.open(&world.office.pool)?;
    for check in book.verify(&world.office.work)? {
        for broken in check.broken {
            wrong.push(Wrong { statement: 0, person: None, what: format!("{}: {broken:?}", check.name) });
        }
    }
    Ok(wrong)
}

struct Of<'a> {
    city: &'a City,
    person: u64,
    wrong: &'a mut Vec<Wrong>,
}

impl Of<'_> {
    fn say(&mut self, statement: u8, what: String) {
        self.wrong.push(Wrong { statement, person: Some(self.person), what });
    }

    /// The encounters of an event: of its place and minute.
    fn is_of(&self, event: &Event, encounter: &Encounter) -> bool {
        encounter.fixmedins_code == self.city.places[event.place].code && encounter.begntime == event.at
    }

    /// Each event ends in exactly one way.
    fn of_events(&mut self, events: &[&Event], encounters: &[Encounter], past: &[PastSettlement], world: &World<'_>) {
        for event in events {
            let Some(case) = world.cases.get(&event.id) else { continue };
            let own: Vec<&Encounter> = encounters.iter().filter(|of| self.is_of(event, of)).collect();
            let ids: BTreeSet<&str> = own.iter().map(|of| of.mdtrt_id.as_str()).collect();
            let standing: Vec<&PastSettlement> =
                past.iter().filter(|row| row.stands() && ids.contains(row.settlement.mdtrt_id.as_str())).collect();
            let charged: i64 = standing.iter().map(|row| row.settlement.medfee_sumamt.as_fen()).sum();
            let ends = standing.iter().filter(|row| !row.settlement.mid_stay).count();
            let told = || format!("{:?} of {} ({:?})", event.id, event.at, event.kind);
            match ends {
                0 => self.unsettled(event, case, charged),
                1 if charged == event.total() => {}
                1 => {
                    let what = format!("{}: charged {charged} fen in the books, {} in fact", told(), event.total());
                    self.say(2, what);
                }
                more => self.say(2, format!("{}: settled {more} times", told())),
            }
            self.told(event, case, past);
        }
    }

    /// An event without a standing settlement has a reason.
    fn unsettled(&mut self, event: &Event, case: &Case, charged: i64) {
        let told = || format!("{:?} of {} ({:?})", event.id, event.at, event.kind);
        let cancelled = event.cancelled.is_some() && case.settled.last().is_some_and(|last| last.cancelled);
        let elsewhere = matches!(case.met, Some(Met::ToClaim { .. } | Met::NoRoute { .. }));
        if !cancelled && !elsewhere {
            self.say(1, format!("{}: not settled: {}", told(), case.stuck));
        }
        if elsewhere && charged != 0 {
            self.say(2, format!("{}: settled in part and left to another way", told()));
        }
    }

    /// What a client was told stands in the books, for the same event.
    fn told(&mut self, event: &Event, case: &Case, past: &[PastSettlement]) {
        for settled in &case.settled {
            let row = past.iter().find(|row| row.settlement.setl_id == settled.setl_id);
            let Some(row) = row else {
                self.say(1, format!("{:?}: told of {}, which is not in the books", event.id, settled.setl_id));
                continue;
            };
            if row.settlement.mdtrt_id != case.mdtrt_id {
                self.say(2, format!("{:?}: told of {}, which is another's", event.id, settled.setl_id));
            }
            let funds = row.settlement.fund_pay_sumamt.as_fen();
            let by_message = settled.by != "register";
            if by_message && settled.funds.is_some_and(|told| told != funds) {
                self.say(3, format!("{:?}: told {:?} fen by the funds, booked {funds}", event.id, settled.funds));
            }
        }
    }

    /// Nothing stands in the books that nobody had.
    fn of_nobody(&mut self, events: &[&Event], encounters: &[Encounter], past: &[PastSettlement]) {
        for encounter in encounters.iter().filter(|of| of.state != EncounterState::Cancelled) {
            if events.iter().any(|event| self.is_of(event, encounter)) {
                continue;
            }
            let stands = past.iter().any(|row| row.stands() && row.settlement.mdtrt_id == encounter.mdtrt_id);
            if stands {
                self.say(2, format!("{} of {} is nobody's care", encounter.mdtrt_id, encounter.begntime));
            }
        }
        let stays = events.iter().filter(|event| matches!(event.kind, Kind::Stay { .. })).count();
        let at_platform = encounters.iter().filter(|of| {
            of.setting == yibao_store::encounter::Setting::Inpatient && of.state != EncounterState::Cancelled
        });
        if at_platform.count() > stays {
            self.say(2, "more stays than the person had".to_owned());
        }
    }
}

/// The sum closes, and what is open is overdue with a reason or has time.
fn registers(world: &World<'_>, wrong: &mut Vec<Wrong>) -> Result<(), Fault> {
    for plan in world.plans().iter() {
        let board = world
            .office
            .board(&World::agency(), &plan.id)
            .map_err(|why| Fault::new("looking at the board", &plan.id, why.to_string()))?;
        if !board.total.sum.closes() {
            let what = format!("the sum of {} does not close: {:?}", plan.id, board.total.sum);
            wrong.push(Wrong { statement: 1, person: None, what });
        }
        let filter = EntryFilter { plan: Some(plan.id.clone()), ..EntryFilter::default() };
        let entries = world.office.look(|tx| tx.entries(&filter, usize::MAX >> 1))?;
        for entry in entries.iter().filter(|entry| entry.kind.is_settled()) {
            if entry.state.bucket() == Bucket::Refused && entry.reason.is_empty() {
                let what = format!("{} is refused without a reason", entry.number);
                wrong.push(Wrong { statement: 1, person: None, what });
            }
        }
    }
    Ok(())
}
