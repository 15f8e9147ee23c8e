//! What the engine tells those who watch it; counted by `web` as metrics.

use yibao_domain::time::DateTime;

/// Receives measurements. Called by whoever drives the engine; must not block.
pub trait Observer: Send + Sync {
    /// A write transaction was committed with so many calls in it.
    fn batch_committed(&self, pool: &str, calls: usize);
    /// So many calls wait in a pool's queue now.
    fn queue_depth(&self, pool: &str, waiting: usize);
    /// Something that works by itself has had a round.
    fn round_ended(&self, round: &Round<'_>);
    /// So many published plans of a pool cannot be read now; what they govern stays closed.
    fn unreadable_plans(&self, pool: &str, plans: usize);
}

/// A round of something that works by itself.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round<'a> {
    /// What works.
    pub reconciler: &'static str,
    /// For which pool.
    pub pool: &'a str,
    /// When, by the platform's time.
    pub at: DateTime,
    /// What failed in this round.
    pub failures: u64,
    /// Whether nothing that failed in this round or before it still waits to be tried again.
    pub in_order: bool,
}

/// Watches nothing.
pub struct Unobserved;

impl Observer for Unobserved {
    fn batch_committed(&self, _pool: &str, _calls: usize) {}
    fn queue_depth(&self, _pool: &str, _waiting: usize) {}
    fn round_ended(&self, _round: &Round<'_>) {}
    fn unreadable_plans(&self, _pool: &str, _plans: usize) {}
}
