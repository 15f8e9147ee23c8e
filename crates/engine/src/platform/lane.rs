//! Which lane of its queue a message waits in: by the days of care that it names, else by its encounter.
//!
//! A settlement (2207, 2304) names no day. Its encounter does: a reader looks it up before the message takes its place, so
//! that the writer is asked nothing, and after a restart, or where another process has answered the messages before, the lane
//! is the same. What this process has just recorded as care of today needs no looking up; what only asks is not looked up.

use crate::call::{Call, ReplyTo};
use crate::platform::queue::Lane;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::time::Date;
use yibao_interface::Fields;
use yibao_store::encounter::{Encounter, EncounterState, Setting};

/// Where messages say when care was given.
const DAYS: [&str; 4] = ["begntime", "endtime", "dscgTime", "fee_ocur_time"];
/// Where a message about an encounter says when that was: fees may be of later days.
const OF_ENCOUNTER: [&str; 2] = ["begntime", "endtime"];
/// Encounters in one generation; the two latest generations are remembered.
const GENERATION: usize = 50_000;

/// The lane that a message names by its days of care, the latest of them: a stay is of the day of its discharge.
pub(crate) fn named(call: &Call) -> Option<Lane> {
    let today = call.now.date().to_string();
    // Days are written as yyyy-MM-dd and so order as text.
    let days = first_rows(call).filter_map(|row| latest_day(row, &DAYS));
    days.max().map(|latest| if latest < today.as_str() { Lane::Earlier } else { Lane::Today })
}

/// The encounter that a message names; empty where it names none.
pub(crate) fn encounter_of(call: &Call) -> &str {
    first_rows(call).map(|row| row.text("mdtrt_id")).find(|id| !id.is_empty()).unwrap_or_default()
}

/// The lane of what names no day, by its encounter. An unknown encounter is nobody's earlier care.
pub(crate) fn of_encounter(encounter: Option<&Encounter>, today: Date) -> Lane {
    let Some(of) = encounter else { return Lane::Today };
    let goes_on = of.setting == Setting::Inpatient && of.state == EncounterState::Open;
    let day = if goes_on { today } else { of.endtime.unwrap_or(of.begntime).date() };
    if day < today { Lane::Earlier } else { Lane::Today }
}

/// Encounters that this process has recorded as care of their day.
#[derive(Clone, Default)]
pub(crate) struct CareOfToday(Arc<Mutex<Generations>>);

#[derive(Default)]
struct Generations {
    present: HashMap<String, Date>,
    former: HashMap<String, Date>,
}

impl CareOfToday {
    /// Whether the encounter is known to be of this day.
    pub fn has(&self, encounter: &str, day: Date) -> bool {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        [&known.present, &known.former].iter().any(|generation| generation.get(encounter) == Some(&day))
    }

    /// Learns what the call says of its encounter's time, once it has been recorded.
    pub fn learning(&self, call: &Call, reply: ReplyTo) -> ReplyTo {
        let encounter = encounter_of(call);
        let said = first_rows(call).filter_map(|row| latest_day(row, &OF_ENCOUNTER)).max();
        let Some(said) = said.filter(|_| !encounter.is_empty()) else { return reply };
        let today = call.now.date();
        let day = (said == today.to_string()).then_some(today);
        let (known, encounter) = (self.clone(), encounter.to_owned());
        Box::new(move |outcome| {
            if outcome.is_ok() {
                known.0.lock().unwrap_or_else(PoisonError::into_inner).learn(encounter, day);
            }
            reply(outcome);
        })
    }
}

impl Generations {
    fn learn(&mut self, encounter: String, day: Option<Date>) {
        let Some(day) = day else {
            self.present.remove(&encounter);
            self.former.remove(&encounter);
            return;
        };
        if self.present.len() >= GENERATION {
            self.former = std::mem::take(&mut self.present);
        }
        self.present.insert(encounter, day);
    }
}

/// The day in the latest of these fields of a row.
fn latest_day<'a>(row: &'a Fields, names: &[&str]) -> Option<&'a str> {
    let days = names.iter().filter_map(|name| row.text(name).get(.."yyyy-MM-dd".len()));
    days.max()
}

fn first_rows(call: &Call) -> impl Iterator<Item = &Fields> {
    call.input.names().filter_map(|name| call.input.nodes(name).first())
}
