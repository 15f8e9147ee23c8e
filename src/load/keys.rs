//! Keys of rows and numbers of persons, kept as 96 bits each, so that a city of ten million fits in memory.
//!
//! Two different keys of ten million have the same 96 bits once in 10^15 loads; a fresh seed a run keeps anybody
//! from making such keys.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, BuildHasherDefault, Hash, Hasher, RandomState};

/// What stands for a key.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Key([u32; 3]);

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.0[0]) << 32 | u64::from(self.0[1]));
    }
}

/// Makes keys; those of one maker can be compared.
#[derive(Clone, Default)]
pub struct Keys {
    first: RandomState,
    second: RandomState,
}

impl Keys {
    /// The key of something.
    pub fn of(&self, what: impl Hash) -> Key {
        let [first, second] = [self.first.hash_one(&what), self.second.hash_one(&what)];
        // The three parts are cut out of 128 bits; dropping the rest is what makes them 96.
        let part = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(0);
        Key([part(first >> 32), part(first), part(second)])
    }
}

/// A map by key, which is spread well already.
pub type ByKey<V> = HashMap<Key, V, BuildHasherDefault<Spread>>;

/// Takes the bits of a [`Key`] as they are.
#[derive(Default)]
pub struct Spread(u64);

impl Hasher for Spread {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write_u64(&mut self, bits: u64) {
        self.0 = bits;
    }

    fn write(&mut self, _bytes: &[u8]) {
        unreachable!("a key hashes itself as one number")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_stands_for_its_parts_and_where_they_begin() {
        let keys = Keys::default();
        assert_eq!(keys.of(("P1", "310")), keys.of(("P1", "310")));
        assert_ne!(keys.of(("P1", "310")), keys.of(("P13", "10")));
        assert_ne!(keys.of("P1"), Keys::default().of("P1"), "another run, other keys");
    }

    #[test]
    fn keys_of_many_rows_differ() {
        let keys = Keys::default();
        let mut seen: ByKey<u32> = ByKey::default();
        for number in 0..100_000 {
            assert_eq!(seen.insert(keys.of(("520500", number)), number), None);
        }
    }
}
