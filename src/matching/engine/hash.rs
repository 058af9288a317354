//! Hashes that are the same on every machine and in every run: keys are stored by them.

use std::hash::Hasher;

const START: u64 = 0xcbf2_9ce4_8422_2325;
const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;

/// The hash of a text.
#[must_use]
pub(super) fn of_text(text: &str) -> u64 {
    let mut hash = START;
    let mut chunks = text.as_bytes().chunks_exact(8);
    for chunk in &mut chunks {
        hash = with(hash, chunk.try_into().map_or(0, u64::from_le_bytes));
    }
    let mut last = [0_u8; 8];
    for (into, from) in last.iter_mut().zip(chunks.remainder()) {
        *into = *from;
    }
    let length = u64::try_from(text.len()).unwrap_or_default();
    finished(with(with(hash, u64::from_le_bytes(last)), length))
}

/// A hash and one value more.
#[must_use]
pub(super) fn with(hash: u64, value: u64) -> u64 {
    (hash.rotate_left(23) ^ value).wrapping_mul(FACTOR)
}

/// Spreads what was gathered over all bits.
#[must_use]
pub(super) fn finished(hash: u64) -> u64 {
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    let hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// The hasher of maps whose keys are numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mixer(u64);

impl Hasher for Mixer {
    fn finish(&self) -> u64 {
        finished(self.0)
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = with(self.0, u64::from(*byte));
        }
    }

    fn write_u32(&mut self, value: u32) {
        self.0 = with(self.0, u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.0 = with(self.0, value);
    }

    fn write_usize(&mut self, value: usize) {
        self.0 = with(self.0, u64::try_from(value).unwrap_or_default());
    }
}

/// Builds hashers that start alike in every run.
pub(super) type Mixing = std::hash::BuildHasherDefault<Mixer>;

/// A map from numbers.
pub(super) type Map<K, V> = std::collections::HashMap<K, V, Mixing>;
/// A set of numbers.
pub(super) type Set<K> = std::collections::HashSet<K, Mixing>;
