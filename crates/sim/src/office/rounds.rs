//! What the platform does by itself, as those hear of it who watch it.

use std::sync::{Mutex, PoisonError};
use yibao_engine::{Observer, Round};

/// Rounds in which something failed that are remembered.
const REMEMBERED: usize = 20;

/// The rounds in which something failed.
#[derive(Default)]
pub struct Rounds(Mutex<Vec<String>>);

impl Rounds {
    /// Those since this was last asked, in words.
    pub(super) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Observer for Rounds {
    fn batch_committed(&self, _pool: &str, _calls: usize) {}
    fn queue_depth(&self, _pool: &str, _waiting: usize) {}
    fn unreadable_plans(&self, _pool: &str, _plans: usize) {}

    fn round_ended(&self, round: &Round<'_>) {
        let mut failed = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if round.failures > 0 && failed.len() < REMEMBERED {
            let Round { reconciler, pool, at, failures, .. } = round;
            failed.push(format!("at {at}: {reconciler} of {pool} failed {failures} times"));
        }
    }
}
