//! Seeds beside each other, with an outcome that does not depend on which thread was quicker.

use std::ops::Range;
use std::sync::{Mutex, PoisonError};
use std::thread;

struct State<T> {
    next: u64,
    /// The lowest seed that ends it all, so far.
    ended: Option<(u64, T)>,
}

/// Plays the seeds on so many threads until one ends it all, and says the lowest of those that do. Seeds are taken in
/// their order, so that all below it have been played.
#[expect(clippy::disallowed_methods, reason = "each seed is played on one thread, and knows of no other")]
pub fn side_by_side<T: Send>(
    jobs: usize,
    seeds: Range<u64>,
    play: impl Fn(u64) -> T + Sync,
    ends: impl Fn(&T) -> bool + Sync,
) -> Option<(u64, T)> {
    let state = Mutex::new(State { next: seeds.start, ended: None });
    let locked = || state.lock().unwrap_or_else(PoisonError::into_inner);
    let take = || {
        let mut state = locked();
        let seed = state.next;
        let goes_on = seed < seeds.end && state.ended.is_none();
        goes_on.then(|| {
            state.next += 1;
            seed
        })
    };
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while let Some(seed) = take() {
                    let outcome = play(seed);
                    let mut state = locked();
                    if ends(&outcome) && state.ended.as_ref().is_none_or(|(lowest, _)| seed < *lowest) {
                        state.ended = Some((seed, outcome));
                    }
                }
            });
        }
    });
    state.into_inner().unwrap_or_else(PoisonError::into_inner).ended
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lowest_seed_that_ends_it_is_told_however_many_play() {
        for jobs in [1, 2, 8] {
            let played = Mutex::new(Vec::new());
            let play = |seed: u64| {
                played.lock().unwrap().push(seed);
                seed
            };
            let ended = side_by_side(jobs, 1..1_000, play, |seed| seed % 20 >= 17);
            assert_eq!(ended, Some((17, 17)), "{jobs} jobs");
            let mut played = played.into_inner().unwrap();
            played.sort_unstable();
            assert_eq!(played[..17], (1..18).collect::<Vec<u64>>());
            assert_eq!(side_by_side(jobs, 1..17, |seed| seed, |seed| *seed >= 17), None);
        }
    }
}
