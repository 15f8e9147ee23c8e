//! Chance (随机), all of it from one seed: each matter has a stream of its own, so that what one draws moves no other.
//!
//! The events of one person do not change because another has one more, and a clerk who forgets forgets the same entry
//! whatever else is left out of the history. So a history that fails can be made smaller.

use jiff::civil::DateTime;
use jiff::{SignedDuration, ToSpan};

/// A stream of chance.
#[derive(Clone, Debug)]
pub struct Dice(fastrand::Rng);

impl Dice {
    /// The stream of a matter, such as the life of the person with this number.
    pub fn of(seed: u64, matter: &str, number: u64) -> Dice {
        let mut state = stirred(seed);
        for byte in matter.bytes() {
            state = stirred(state ^ u64::from(byte));
        }
        Dice(fastrand::Rng::with_seed(stirred(state ^ number)))
    }

    /// A whole number below `end`, which is above 0.
    pub fn below(&mut self, end: u64) -> u64 {
        self.0.u64(..end)
    }

    /// A whole number from `least` to `most`.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.i64(least..=most)
    }

    /// True once in so many times.
    pub fn one_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }

    /// True so many times out of a hundred.
    pub fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }

    /// One of these, which are some.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.0.usize(..from.len())]
    }

    /// One of these by its weight; the weights are not all 0.
    pub fn weighed<T: Copy>(&mut self, from: &[(T, u64)]) -> T {
        let mut place = self.below(from.iter().map(|(_, weight)| weight).sum());
        for (one, weight) in from {
            match place.checked_sub(*weight) {
                Some(rest) => place = rest,
                None => return *one,
            }
        }
        from[0].0
    }

    /// A moment from `from` on and before `until`, to the second.
    pub fn moment(&mut self, from: DateTime, until: DateTime) -> DateTime {
        let seconds = until.duration_since(from).max(SignedDuration::from_secs(1)).as_secs();
        from.saturating_add(self.between(0, seconds - 1).seconds())
    }
}

/// Mixes the bits of a number (splitmix64): neighbours come out far apart.
fn stirred(number: u64) -> u64 {
    let mut state = number.wrapping_add(0x9E37_79B9_7F4A_7C15);
    state = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state = (state ^ (state >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    state ^ (state >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ten(mut dice: Dice) -> Vec<u64> {
        (0..10).map(|_| dice.below(1_000)).collect()
    }

    #[test]
    fn a_stream_is_the_same_each_time_and_no_two_matters_share_one() {
        assert_eq!(ten(Dice::of(7, "life", 3)), ten(Dice::of(7, "life", 3)));
        for other in [Dice::of(8, "life", 3), Dice::of(7, "lift", 3), Dice::of(7, "life", 4)] {
            assert_ne!(ten(Dice::of(7, "life", 3)), ten(other));
        }
    }

    #[test]
    fn weights_are_kept() {
        let mut dice = Dice::of(1, "weights", 0);
        let drawn = (0..10_000).filter(|_| dice.weighed(&[(true, 1), (false, 9)])).count();
        assert!((900..1_100).contains(&drawn), "{drawn}");
        assert!((0..100).all(|_| dice.weighed(&[('a', 0), ('b', 2)]) == 'b'));
    }
}
