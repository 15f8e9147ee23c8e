//! What was in flight at the instants of the plans (时点清零), counted at most once a minute: it walks over all encounters of a book.

use jiff::ToSpan;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use yibao_domain::time::DateTime;
use yibao_store::encounter::InFlight;
use yibao_store::{Fault, Tx};

/// How long a count serves, in seconds.
const FRESH: i64 = 60;

/// A count and when it was made.
type Counted = (DateTime, Arc<Vec<InFlight>>);

/// Counts by the instant that they are of.
#[derive(Default)]
pub(crate) struct KnownInFlight {
    by_instant: Mutex<HashMap<DateTime, Counted>>,
}

impl KnownInFlight {
    /// What was in flight at an instant, or is now where that is still to come.
    pub fn at(&self, tx: &mut dyn Tx, instant: DateTime, now: DateTime) -> Result<Arc<Vec<InFlight>>, Fault> {
        let known = self.by_instant.lock().unwrap_or_else(PoisonError::into_inner).get(&instant).cloned();
        if let Some((counted, found)) = known {
            let is_of_its_time = counted >= instant || now < instant;
            if is_of_its_time && counted <= now && now < counted.saturating_add(FRESH.seconds()) {
                return Ok(found);
            }
        }
        let found = Arc::new(tx.in_flight(instant.min(now))?);
        let mut all = self.by_instant.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(instant, (now, found.clone()));
        Ok(found)
    }
}
