//! The draw (抽样): who comes, and where to.
//!
//! Decides which person and which provider a journey of a given number has, so that some collide as in a city: a few
//! persons come often, and big providers have most of the traffic. Invariant: seed and number alone decide.

use fastrand::Rng;

/// Of 100 draws so many go to the few who come often.
const OFTEN_PERCENT: u64 = 20;
/// One person in so many comes often.
const OFTEN_ONE_IN: u64 = 100;
/// Of 100 draws so many go to the big providers.
const BIG_PERCENT: u64 = 50;
/// One provider in so many is big.
const BIG_ONE_IN: u64 = 10;

/// The random numbers of one journey.
pub(crate) fn of_journey(seed: u64, number: u64) -> Rng {
    // An odd multiplier takes different numbers to different seeds.
    Rng::with_seed(seed ^ number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

/// A person out of `count`, from 0 on.
pub(crate) fn person(random: &mut Rng, count: u64) -> u64 {
    skewed(random, count, OFTEN_PERCENT, OFTEN_ONE_IN)
}

/// A provider out of `count`, from 0 on.
pub(crate) fn provider(random: &mut Rng, count: u64) -> u64 {
    skewed(random, count, BIG_PERCENT, BIG_ONE_IN)
}

/// One of `count`; `percent` of the draws fall on the first `1 / one_in` of them.
fn skewed(random: &mut Rng, count: u64, percent: u64, one_in: u64) -> u64 {
    let few = (count / one_in).max(1);
    if random.u64(..100) < percent { random.u64(..few) } else { random.u64(..count) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn persons(seed: u64, count: u64) -> Vec<u64> {
        (0..10_000).map(|number| person(&mut of_journey(seed, number), count)).collect()
    }

    #[test]
    fn one_seed_draws_the_same_people_and_another_seed_others() {
        assert_eq!(persons(7, 20_000), persons(7, 20_000));
        assert_ne!(persons(7, 20_000), persons(8, 20_000));
    }

    #[test]
    fn one_person_in_a_hundred_makes_about_a_fifth_of_the_journeys() {
        let often = persons(1, 20_000).iter().filter(|person| **person < 200).count();
        // 20 % of the draws, and 1 % of the other 80 %: 2,080 of 10,000, whose standard deviation is 41.
        assert!((1_900..2_260).contains(&often), "{often}");
    }

    #[test]
    fn everybody_is_of_the_city_however_small() {
        for count in [1, 2, 99, 100] {
            assert!(persons(3, count).iter().all(|person| *person < count));
        }
    }

    #[test]
    fn a_tenth_of_the_providers_has_more_than_half_of_the_traffic() {
        let draws = (0..10_000).map(|number| provider(&mut of_journey(1, number), 2_400));
        let big = draws.filter(|provider| *provider < 240).count();
        // 50 %, and a tenth of the other half: 5,500 of 10,000, whose standard deviation is 50.
        assert!((5_250..5_750).contains(&big), "{big}");
    }
}
