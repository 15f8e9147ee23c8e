//! Wrong passwords, counted in memory: after five of them a login waits.

use jiff::ToSpan;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use yibao_domain::code::Pool;
use yibao_domain::time::DateTime;

/// Wrong passwords that are let pass.
const FREE: u32 = 5;
/// How long a login then waits.
const MINUTES: i64 = 5;
/// How many logins are remembered; beyond them the oldest guesses are forgotten.
const LOGINS_MAX: usize = 10_000;

#[derive(Default)]
pub(crate) struct Guesses {
    wrong: Mutex<HashMap<(Pool, String), Wrong>>,
}

struct Wrong {
    times: u32,
    last: DateTime,
}

impl Guesses {
    /// How many seconds a login has to wait; `None` where it may try.
    pub fn wait(&self, pool: &Pool, login: &str, now: DateTime) -> Option<i64> {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (pool.clone(), login.to_owned());
        let guesses = wrong.get(&key)?;
        let left = guesses.last.saturating_add(MINUTES.minutes()).duration_since(now).as_secs();
        // A clock that was set back must not make anybody wait longer.
        if left <= 0 || guesses.last > now {
            wrong.remove(&key);
            return None;
        }
        (guesses.times >= FREE).then_some(left)
    }

    /// Counts a wrong password.
    pub fn wrong(&self, pool: &Pool, login: &str, now: DateTime) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        if wrong.len() >= LOGINS_MAX {
            let oldest = wrong.iter().min_by_key(|(key, guesses)| (guesses.last, *key)).map(|(key, _)| key.clone());
            oldest.map(|key| wrong.remove(&key));
        }
        let guesses = wrong.entry((pool.clone(), login.to_owned())).or_insert(Wrong { times: 0, last: now });
        guesses.times += 1;
        guesses.last = now;
    }

    /// Forgets the wrong ones.
    pub fn right(&self, pool: &Pool, login: &str) {
        let mut wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        wrong.remove(&(pool.clone(), login.to_owned()));
    }
}
