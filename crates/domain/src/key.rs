//! A key by which things are found in a map. Tests count how often two of them are compared: what finding costs.

use std::hash::{Hash, Hasher};

/// A key.
#[derive(Clone, Copy, Eq, Debug)]
pub(crate) struct Key<T>(pub T);

impl<T: Hash> Hash for Key<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl<T: PartialEq> PartialEq for Key<T> {
    fn eq(&self, other: &Key<T>) -> bool {
        #[cfg(test)]
        compared::COUNT.set(compared::COUNT.get() + 1);
        self.0 == other.0
    }
}

#[cfg(test)]
pub(crate) mod compared {
    use std::cell::Cell;

    thread_local! {
        pub static COUNT: Cell<u64> = const { Cell::new(0) };
    }

    /// How often keys are compared by this.
    pub fn by(act: impl FnOnce()) -> u64 {
        COUNT.set(0);
        act();
        COUNT.get()
    }
}
