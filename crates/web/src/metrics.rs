//! Counters for Prometheus: calls and latency by transaction, refusals by reason, faults, queues, commits, and what the
//! platform does by itself.
//!
//! Labels are transaction numbers of the national table, published reason codes and pools: a bounded set
//! without personal data.

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::{Family, MetricConstructor};
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use yibao_domain::refusal::Code;
use yibao_domain::time::DateTime;
use yibao_engine::{Observer, Round};

/// Upper bounds in seconds: a caller notices from 100 ms, the strictest client gives up at 10 s.
const SECONDS: [f64; 13] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0];
/// Upper bounds of calls in one commit.
const BATCH: [f64; 9] = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct CallLabels {
    transaction: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct TransactionLabel {
    transaction: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct ReasonLabel {
    reason: &'static str,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct PoolLabel {
    pool: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, PartialOrd, Ord, EncodeLabelSet)]
struct ReconcilerLabels {
    reconciler: &'static str,
    pool: String,
}

/// Makes a histogram with these upper bounds for each new label.
#[derive(Clone)]
struct Buckets(&'static [f64]);

impl MetricConstructor<Histogram> for Buckets {
    fn new_metric(&self) -> Histogram {
        Histogram::new(self.0.iter().copied())
    }
}

/// The platform's counters. Made first, given to the platform as its observer and to the web as its page.
pub struct Metrics {
    registry: Registry,
    calls: Family<CallLabels, Counter>,
    seconds: Family<TransactionLabel, Histogram, Buckets>,
    refusals: Family<ReasonLabel, Counter>,
    faults: Counter,
    waiting: Family<PoolLabel, Gauge>,
    batch: Family<PoolLabel, Histogram, Buckets>,
    rounds: Family<ReconcilerLabels, Counter>,
    failures: Family<ReconcilerLabels, Counter>,
    age: Family<ReconcilerLabels, Gauge>,
    unreadable: Family<PoolLabel, Gauge>,
    /// When each reconciler was last in order, by the platform's time; before that, when it was first heard of.
    in_order: Mutex<BTreeMap<ReconcilerLabels, DateTime>>,
}

impl Default for Metrics {
    fn default() -> Self {
        Metrics::new()
    }
}

impl Metrics {
    /// Counters at zero.
    pub fn new() -> Metrics {
        let mut metrics = Metrics {
            registry: Registry::with_prefix("yibao"),
            calls: Family::default(),
            seconds: Family::new_with_constructor(Buckets(&SECONDS)),
            refusals: Family::default(),
            faults: Counter::default(),
            waiting: Family::default(),
            batch: Family::new_with_constructor(Buckets(&BATCH)),
            rounds: Family::default(),
            failures: Family::default(),
            age: Family::default(),
            unreadable: Family::default(),
            in_order: Mutex::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("calls", "Calls by transaction and outcome", metrics.calls.clone());
        registry.register("call_seconds", "Time from the whole body to the reply", metrics.seconds.clone());
        registry.register("refusals", "Refusals by published reason", metrics.refusals.clone());
        registry.register("faults", "Calls that could not be answered", metrics.faults.clone());
        registry.register("queue_depth", "Calls waiting for a pool's workers", metrics.waiting.clone());
        registry.register("commit_batch_calls", "Calls in one commit of a pool's book", metrics.batch.clone());
        registry.register("rounds", "Rounds of what works by itself", metrics.rounds.clone());
        registry.register("round_failures", "What failed in rounds and is tried again", metrics.failures.clone());
        let age = "Seconds since nothing that failed waited to be tried again";
        registry.register("in_order_age_seconds", age, metrics.age.clone());
        let unreadable = "Published plans whose latest version cannot be read";
        registry.register("unreadable_plans", unreadable, metrics.unreadable.clone());
        metrics
    }

    /// Counts one answered call. `transaction` is a number of the national table, or `unknown`.
    pub(crate) fn answered(&self, transaction: &'static str, outcome: &'static str, took: Duration) {
        self.calls.get_or_create(&CallLabels { transaction, outcome }).inc();
        self.seconds.get_or_create(&TransactionLabel { transaction }).observe(took.as_secs_f64());
    }

    /// Counts one refusal by its reason.
    pub(crate) fn refused(&self, code: Code) {
        self.refusals.get_or_create(&ReasonLabel { reason: code.as_str() }).inc();
    }

    /// Counts one fault.
    pub(crate) fn faulted(&self) {
        self.faults.inc();
    }

    /// All counters in OpenMetrics text, at this time of the platform.
    pub(crate) fn text(&self, now: DateTime) -> String {
        for (labels, at) in &*self.in_order.lock().unwrap_or_else(PoisonError::into_inner) {
            self.age.get_or_create(labels).set(now.duration_since(*at).as_secs().max(0));
        }
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("writing into a text cannot fail");
        text
    }
}

impl Observer for Metrics {
    #[expect(clippy::cast_precision_loss, reason = "a batch has at most some hundred calls")]
    fn batch_committed(&self, pool: &str, calls: usize) {
        self.batch.get_or_create(&PoolLabel { pool: pool.to_owned() }).observe(calls as f64);
    }

    fn queue_depth(&self, pool: &str, waiting: usize) {
        let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
        self.waiting.get_or_create(&PoolLabel { pool: pool.to_owned() }).set(waiting);
    }

    fn round_ended(&self, round: &Round<'_>) {
        let labels = ReconcilerLabels { reconciler: round.reconciler, pool: round.pool.to_owned() };
        self.rounds.get_or_create(&labels).inc();
        self.failures.get_or_create(&labels).inc_by(round.failures);
        let mut in_order = self.in_order.lock().unwrap_or_else(PoisonError::into_inner);
        let at = in_order.entry(labels).or_insert(round.at);
        if round.in_order {
            *at = round.at;
        }
    }

    fn unreadable_plans(&self, pool: &str, plans: usize) {
        let plans = i64::try_from(plans).unwrap_or(i64::MAX);
        self.unreadable.get_or_create(&PoolLabel { pool: pool.to_owned() }).set(plans);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_count_appears_with_its_label() {
        let metrics = Metrics::new();
        metrics.answered("2207", "refused", Duration::from_millis(3));
        metrics.refused(Code::Closed);
        metrics.faulted();
        metrics.batch_committed("520500", 5);
        metrics.queue_depth("520500", 7);
        let noon = date(2021, 7, 7).at(12, 0, 0, 0);
        let round = Round { reconciler: "plans", pool: "520500", at: noon, failures: 0, in_order: true };
        metrics.round_ended(&round);
        metrics.round_ended(&Round { at: date(2021, 7, 7).at(12, 0, 9, 0), failures: 2, in_order: false, ..round });
        metrics.unreadable_plans("520500", 1);
        let text = metrics.text(date(2021, 7, 7).at(12, 1, 0, 0));
        for line in [
            r#"yibao_calls_total{transaction="2207",outcome="refused"} 1"#,
            r#"yibao_call_seconds_bucket{le="0.005",transaction="2207"} 1"#,
            r#"yibao_refusals_total{reason="E401"} 1"#,
            "yibao_faults_total 1",
            r#"yibao_queue_depth{pool="520500"} 7"#,
            r#"yibao_commit_batch_calls_sum{pool="520500"} 5.0"#,
            r#"yibao_rounds_total{reconciler="plans",pool="520500"} 2"#,
            r#"yibao_round_failures_total{reconciler="plans",pool="520500"} 2"#,
            r#"yibao_in_order_age_seconds{reconciler="plans",pool="520500"} 60"#,
            r#"yibao_unreadable_plans{pool="520500"} 1"#,
        ] {
            assert!(text.contains(line), "{line} is not in\n{text}");
        }
    }
}
