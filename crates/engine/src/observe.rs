//! What the engine tells those who watch it; counted by `web` as metrics.

/// Receives measurements. Called from worker threads; must not block.
pub trait Observer: Send + Sync {
    /// A write transaction was committed with so many calls in it.
    fn batch_committed(&self, pool: &str, calls: usize);
    /// So many calls wait in a pool's queue now.
    fn queue_depth(&self, pool: &str, waiting: usize);
}

/// Watches nothing.
pub struct Unobserved;

impl Observer for Unobserved {
    fn batch_committed(&self, _pool: &str, _calls: usize) {}
    fn queue_depth(&self, _pool: &str, _waiting: usize) {}
}
