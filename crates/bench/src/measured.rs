//! What was measured (测得): a latency histogram a transaction, and what it cost.

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// Longer answers than this count as this: twice the time after which a till gives up.
const LONGEST_US: u64 = 60_000_000;

/// Latencies in microseconds, three digits kept.
#[derive(Clone, Debug)]
pub(crate) struct Latencies(Histogram<u64>);

impl Default for Latencies {
    #[expect(clippy::expect_used, reason = "the bounds are constants that the library accepts")]
    fn default() -> Latencies {
        Latencies(Histogram::new_with_bounds(1, LONGEST_US, 3).expect("bounds in order"))
    }
}

impl Latencies {
    /// One more.
    pub(crate) fn add(&mut self, latency: Duration) {
        self.add_us(u64::try_from(latency.as_micros()).unwrap_or(LONGEST_US), 1);
    }

    fn add_us(&mut self, latency_us: u64, count: u64) {
        self.0.saturating_record_n(latency_us.clamp(1, LONGEST_US), count);
    }

    /// How many.
    pub(crate) fn count(&self) -> u64 {
        self.0.len()
    }

    /// The latency in microseconds that so many thousandths do not exceed.
    pub(crate) fn permille_us(&self, permille: u64) -> u64 {
        // Of n values the k-th smallest, k = n × permille / 1000 rounded up.
        let wanted = (self.count() * permille).div_ceil(1_000).max(1);
        let mut seen = 0;
        for bucket in self.0.iter_recorded() {
            seen += bucket.count_at_value();
            if seen >= wanted {
                return bucket.value_iterated_to().min(self.0.max());
            }
        }
        0
    }

    /// The latency in microseconds that this share does not exceed; between 0 and 1.
    pub(crate) fn quantile_us(&self, share: f64) -> u64 {
        self.0.value_at_quantile(share)
    }

    /// All of another measurement's too.
    pub(crate) fn merge(&mut self, other: &Latencies) {
        for (latency_us, count) in other.counts() {
            self.add_us(latency_us, count);
        }
    }

    /// Latency and how often, for a process to tell another.
    pub(crate) fn counts(&self) -> Vec<(u64, u64)> {
        self.0.iter_recorded().map(|bucket| (bucket.value_iterated_to(), bucket.count_at_value())).collect()
    }

    /// What [`Latencies::counts`] told.
    pub(crate) fn of_counts(counts: &[(u64, u64)]) -> Latencies {
        let mut latencies = Latencies::default();
        counts.iter().for_each(|(latency_us, count)| latencies.add_us(*latency_us, *count));
        latencies
    }
}

/// One round of one side.
#[derive(Clone, Default, Debug)]
pub(crate) struct Round {
    /// Latencies by number of the transaction.
    pub calls: BTreeMap<String, Latencies>,
    /// Journeys that came to their settlement.
    pub settled: u64,
    /// How long was counted.
    pub took: Duration,
    /// What the platform, or the reference's process, used.
    pub server: Cost,
    /// What the driver used; nothing for the reference, which has none.
    pub driver: Cost,
    /// What the database's processes used.
    pub database: Cost,
    /// Words of refusals and errors, and how often.
    pub refused: BTreeMap<String, u64>,
}

/// What a side of a round cost.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cost {
    /// CPU time in milliseconds.
    pub cpu_ms: u64,
    /// Bytes of file pages made dirty.
    pub written: u64,
    /// Flushes; unknown without a C compiler.
    pub flushes: Option<u64>,
    /// Most memory so far in KiB, of one process.
    pub memory_kib: Option<u64>,
}

impl Cost {
    /// What was used after `earlier`.
    pub(crate) fn since(self, earlier: Cost) -> Cost {
        Cost {
            cpu_ms: self.cpu_ms.saturating_sub(earlier.cpu_ms),
            written: self.written.saturating_sub(earlier.written),
            flushes: self.flushes.zip(earlier.flushes).map(|(now, then)| now.saturating_sub(then)),
            memory_kib: self.memory_kib,
        }
    }
}

impl Round {
    /// All calls of all transactions.
    pub(crate) fn count(&self) -> u64 {
        self.calls.values().map(Latencies::count).sum()
    }

    /// Settlements in 1,000 seconds.
    pub(crate) fn settled_in_1000_s(&self) -> u64 {
        per_1000_s(self.settled, self.took)
    }
}

/// How many come in 1,000 seconds, where `count` came in `took`.
pub(crate) fn per_1000_s(count: u64, took: Duration) -> u64 {
    let microseconds = took.as_micros().max(1);
    u64::try_from(u128::from(count) * 1_000_000_000 / microseconds).unwrap_or(u64::MAX)
}

/// The median; of an even number the lower of the two in the middle.
pub(crate) fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len().saturating_sub(1) / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_values_that_were_measured_within_a_thousandth() {
        let mut latencies = Latencies::default();
        (1..=1_000).for_each(|milliseconds| latencies.add(Duration::from_millis(milliseconds)));
        for (permille, expected_us) in [(500, 500_000), (900, 900_000), (990, 990_000), (1_000, 1_000_000)] {
            let measured = latencies.permille_us(permille);
            assert!(measured.abs_diff(expected_us) <= expected_us / 1_000, "{permille}: {measured}");
        }
    }

    #[test]
    fn of_few_values_the_percentile_is_the_next_greater_one() {
        let latencies = Latencies::of_counts(&[(10, 1), (20, 1), (30, 1)]);
        assert_eq!([1, 333, 334, 667, 1_000].map(|permille| latencies.permille_us(permille)), [10, 10, 20, 30, 30]);
        assert_eq!(Latencies::default().permille_us(500), 0);
    }

    #[test]
    fn what_one_process_tells_another_is_the_same_histogram() {
        let mut latencies = Latencies::default();
        [1, 17, 900, 123_456, 99_000_000].into_iter().for_each(|us| latencies.add(Duration::from_micros(us)));
        let told = Latencies::of_counts(&latencies.counts());
        assert_eq!(told.counts(), latencies.counts());
        assert_eq!(told.permille_us(1_000), told.permille_us(999));
        let mut both = told.clone();
        both.merge(&latencies);
        assert_eq!(both.count(), 10);
    }

    #[test]
    fn rates_are_counted_by_the_time_that_passed() {
        assert_eq!(per_1000_s(10, Duration::from_secs(4)), 2_500);
        assert_eq!(per_1000_s(10, Duration::ZERO), 10_000_000_000);
        assert_eq!(median(vec![9, 1, 5]), 5);
        assert_eq!(median(vec![9, 1]), 1);
        assert_eq!(median(vec![]), 0);
    }
}
