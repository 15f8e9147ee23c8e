//! What became of each event (去向): one way, once, for its own bill.

use crate::city::City;
use crate::judge::Wrong;
use crate::life::{Event, Kind, Line};
use crate::till::FIRST_BATCH;
use crate::world::{Case, Met, World};
use std::collections::BTreeSet;
use yibao_store::encounter::{Encounter, EncounterState, Setting};
use yibao_store::settlement::PastSettlement;

/// Judges what became of a person's events.
pub(super) fn judge(
    city: &City,
    person: u64,
    events: &[&Event],
    encounters: &[Encounter],
    past: &[PastSettlement],
    world: &World<'_>,
    wrong: &mut Vec<Wrong>,
) {
    let mut found = Of { city, person, wrong };
    found.of_events(events, encounters, past, world);
    found.of_nobody(events, encounters, past);
}

struct Of<'a> {
    city: &'a City,
    person: u64,
    wrong: &'a mut Vec<Wrong>,
}

impl Of<'_> {
    fn say(&mut self, statement: u8, what: String) {
        self.wrong.push(Wrong::of(statement, self.person, what));
    }

    fn say_of(&mut self, statement: u8, event: &Event, what: String) {
        let what = format!("{:?} of {} ({:?}): {what}", event.id, event.at, event.kind);
        let (event, at) = (Some(event.id), Some(event.at));
        self.wrong.push(Wrong { event, at, ..Wrong::of(statement, self.person, what) });
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
            let is_part = |row: &PastSettlement| row.settlement.mid_stay || row.settlement.chrg_bchno == FIRST_BATCH;
            let ends = standing.iter().filter(|row| !is_part(row)).count();
            match ends {
                0 => self.unsettled(event, case, charged, world),
                1 if charged == event.total() => {}
                1 => self.say_of(2, event, format!("charged {charged} fen in the books, {} in fact", event.total())),
                more => self.say_of(2, event, format!("settled {more} times")),
            }
            self.told(event, case, past);
        }
    }

    /// An event without a standing settlement has a reason.
    fn unsettled(&mut self, event: &Event, case: &Case, charged: i64, world: &World<'_>) {
        let cancelled = event.cancelled.is_some() && case.settled.last().is_some_and(|last| last.cancelled);
        let elsewhere = matches!(case.met, Some(Met::ToClaim { .. } | Met::NoRoute { .. } | Met::TooLate { .. }));
        // Whether it was insured is another judge's question.
        let self_pays = matches!(case.met, Some(Met::SelfPays { .. })) || world.is_left_open(event.id);
        if !cancelled && !elsewhere && !self_pays {
            self.say_of(1, event, format!("not settled: {}", case.stuck));
        }
        // What was settled in mid-stay before the closing stands; the rest alone goes another way.
        let in_part: i64 = event.lines[..case.parted].iter().map(Line::sum).sum();
        if elsewhere && charged != in_part {
            let what =
                format!("left to another way, with {charged} fen in the books and {in_part} settled in mid-stay");
            self.say_of(2, event, what);
        }
    }

    /// What a client was told stands in the books, for the same event.
    fn told(&mut self, event: &Event, case: &Case, past: &[PastSettlement]) {
        for settled in &case.settled {
            match past.iter().find(|row| row.settlement.setl_id == settled.setl_id) {
                None => self.say_of(1, event, format!("told of {}, which is not in the books", settled.setl_id)),
                Some(row) if row.settlement.mdtrt_id != case.mdtrt_id => {
                    self.say_of(2, event, format!("told of {}, which is another's", settled.setl_id));
                }
                Some(_) => {}
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
        let at_platform =
            encounters.iter().filter(|of| of.setting == Setting::Inpatient && of.state != EncounterState::Cancelled);
        if at_platform.count() > stays {
            self.say(2, "more stays than the person had".to_owned());
        }
    }
}
