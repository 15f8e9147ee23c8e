//! The verdicts of imports, kept in memory for whoever imported to take them away.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};
use yibao_engine::desks::users::SignedIn;

/// How many are kept.
const RESULTS_MAX: usize = 20;

/// Results of imports, kept in memory for whoever imported.
#[derive(Default)]
pub(crate) struct Results {
    kept: Mutex<VecDeque<Kept>>,
    next: std::sync::atomic::AtomicU64,
}

struct Kept {
    id: u64,
    /// Pool and login.
    whose: (String, String),
    file: Vec<u8>,
}

impl Results {
    pub(super) fn keep(&self, user: &SignedIn, file: Vec<u8>) -> u64 {
        let id = self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        let whose = (user.pool.to_string(), user.login.clone());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push_back(Kept { id, whose, file });
        if kept.len() > RESULTS_MAX {
            kept.pop_front();
        }
        id
    }

    pub(super) fn find(&self, user: &SignedIn, id: u64) -> Option<Vec<u8>> {
        let whose = (user.pool.to_string(), user.login.clone());
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().find(|kept| kept.id == id && kept.whose == whose).map(|kept| kept.file.clone())
    }
}
