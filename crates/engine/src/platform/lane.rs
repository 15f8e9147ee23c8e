//! Which lane of its queue a message waits in: by the days of care that it names, else by those of its encounter.
//!
//! A settlement (2207, 2304) names no day, so the days that earlier messages named of an encounter are remembered while
//! they lie before today: what an outage left behind waits in one lane from the registration to the settlement, and a
//! message never overtakes those before it. Of an encounter that is not remembered the care is taken to be of today.

use crate::call::Call;
use crate::platform::queue::Lane;
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use yibao_interface::Fields;

/// Where messages say when care was given.
const DAYS: [&str; 4] = ["begntime", "endtime", "dscgTime", "fee_ocur_time"];
/// Encounters in one generation; the two latest generations are remembered.
const GENERATION: usize = 50_000;

/// Encounters whose care, as far as messages have said, lies on an earlier day.
#[derive(Default)]
pub(crate) struct EarlierCare(Mutex<Generations>);

#[derive(Default)]
struct Generations {
    present: HashSet<String>,
    former: HashSet<String>,
}

impl EarlierCare {
    /// The lane of a call; what names neither a day nor an encounter that is remembered is of today.
    pub fn lane(&self, call: &Call) -> Lane {
        let today = call.now.date().to_string();
        // Days are written as yyyy-MM-dd and so order as text.
        let mut lane = None;
        for day in first_rows(call).flat_map(|row| DAYS.map(|name| row.text(name))).filter(|day| !day.is_empty()) {
            let of_day = if day < today.as_str() { Lane::Earlier } else { Lane::Today };
            // The latest day counts: a stay is of the day of its discharge.
            lane = if lane == Some(Lane::Today) { lane } else { Some(of_day) };
        }
        let Some(encounter) = first_rows(call).map(|row| row.text("mdtrt_id")).find(|id| !id.is_empty()) else {
            return lane.unwrap_or(Lane::Today);
        };
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match lane {
            Some(lane) => {
                known.learn(encounter, lane);
                lane
            }
            None if known.has(encounter) => Lane::Earlier,
            None => Lane::Today,
        }
    }
}

impl Generations {
    fn has(&self, encounter: &str) -> bool {
        self.present.contains(encounter) || self.former.contains(encounter)
    }

    fn learn(&mut self, encounter: &str, lane: Lane) {
        if lane == Lane::Today {
            self.present.remove(encounter);
            self.former.remove(encounter);
        } else if !self.present.contains(encounter) {
            if self.present.len() >= GENERATION {
                self.former = std::mem::take(&mut self.present);
            }
            self.present.insert(encounter.to_owned());
        }
    }
}

fn first_rows(call: &Call) -> impl Iterator<Item = &Fields> {
    call.input.names().filter_map(|name| call.input.nodes(name).first())
}
