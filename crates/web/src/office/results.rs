//! The verdicts of imports, kept in memory for whoever imported to take them away: the latest of each clerk, whatever others import.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use yibao_engine::desks::users::SignedIn;

/// How many are kept of one clerk, and how much all of them may be: 10,000 rows of an office's sheet are about a megabyte.
pub(super) const OF_CLERK_MAX: usize = 5;
const BYTES_MAX: usize = 256 * 1024 * 1024;

/// Results of imports, kept in memory for whoever imported.
#[derive(Default)]
pub(crate) struct Results {
    kept: Mutex<Kept>,
}

/// Pool and login.
type Whose = (String, String);

#[derive(Default)]
struct Kept {
    /// By number, which grows.
    files: BTreeMap<u64, (Whose, Vec<u8>)>,
    of: BTreeMap<Whose, VecDeque<u64>>,
    bytes: usize,
    last: u64,
}

impl Kept {
    fn drop_file(&mut self, id: u64) {
        let Some((whose, file)) = self.files.remove(&id) else { return };
        self.bytes -= file.len();
        if let Some(own) = self.of.get_mut(&whose) {
            own.retain(|known| *known != id);
            if own.is_empty() {
                self.of.remove(&whose);
            }
        }
    }

    fn keep(&mut self, whose: Whose, file: Vec<u8>) -> u64 {
        self.last += 1;
        let id = self.last;
        let own = self.of.entry(whose.clone()).or_default();
        own.push_back(id);
        let beyond = if own.len() > OF_CLERK_MAX { own.front().copied() } else { None };
        self.bytes += file.len();
        self.files.insert(id, (whose, file));
        if let Some(oldest) = beyond {
            self.drop_file(oldest);
        }
        // The last one is kept however large it is.
        while self.bytes > BYTES_MAX && self.files.len() > 1 {
            let Some(oldest) = self.files.keys().next().copied() else { break };
            self.drop_file(oldest);
        }
        id
    }

    fn find(&self, whose: &Whose, id: u64) -> Option<Vec<u8>> {
        self.files.get(&id).filter(|(own, _)| own == whose).map(|(_, file)| file.clone())
    }
}

impl Results {
    pub(super) fn keep(&self, user: &SignedIn, file: Vec<u8>) -> u64 {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).keep(whose(user), file)
    }

    pub(super) fn find(&self, user: &SignedIn, id: u64) -> Option<Vec<u8>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).find(&whose(user), id)
    }
}

fn whose(user: &SignedIn) -> Whose {
    (user.pool.to_string(), user.login.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(login: &str) -> Whose {
        ("520500".to_owned(), login.to_owned())
    }

    #[test]
    fn nobody_loses_a_result_to_the_imports_of_others() {
        let mut kept = Kept::default();
        let first = kept.keep(of("zhao"), vec![1]);
        for _ in 0..100 {
            kept.keep(of("qian"), vec![2]);
        }
        assert_eq!(kept.find(&of("zhao"), first), Some(vec![1]));
        assert_eq!(kept.find(&of("qian"), first), None, "it is somebody else's");
        assert_eq!(kept.files.len(), 1 + OF_CLERK_MAX);
        let mine: Vec<u64> = (0..OF_CLERK_MAX).map(|_| kept.keep(of("zhao"), vec![3])).collect();
        assert_eq!(kept.find(&of("zhao"), first), None, "of one's own the latest are kept");
        assert!(mine.iter().all(|id| kept.find(&of("zhao"), *id).is_some()));
    }

    #[test]
    fn all_of_them_stay_within_their_bound_and_the_last_one_is_there() {
        let mut kept = Kept::default();
        let large = || vec![0; BYTES_MAX / 2 + 1];
        let (first, last) = (kept.keep(of("zhao"), large()), kept.keep(of("qian"), large()));
        assert_eq!((kept.find(&of("zhao"), first).is_some(), kept.find(&of("qian"), last).is_some()), (false, true));
        assert_eq!(kept.of.len(), 1);
    }
}
