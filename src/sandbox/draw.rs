//! Seeded draws. Written here because the generators of `rand` may change between releases, and a
//! sandbox must be the same bytes for the same seed, for years.

/// A `SplitMix64` stream: 64 bits of state, the same on every machine.
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

const STEP: u64 = 0x9E37_79B9_7F4A_7C15;

impl Draw {
    /// Starts the stream of one item, so that an item does not depend on the ones before it.
    pub(super) fn of(seed: u64, item: u64) -> Self {
        let mut start = Self(seed);
        let mixed = start.next() ^ item.wrapping_mul(STEP);
        Self(mixed)
    }

    /// The next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(STEP);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not with, `limit`; 0 where `limit` is 0.
    pub(super) fn below(&mut self, limit: u32) -> u32 {
        let scaled = (self.next() >> 32).wrapping_mul(u64::from(limit)) >> 32;
        u32::try_from(scaled).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included; `low` where the range is empty.
    pub(super) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low) + 1)
    }

    /// True for `permille` of a thousand draws.
    pub(super) fn chance(&mut self, permille: u32) -> bool {
        self.below(1000) < permille
    }

    /// One text of a list; an empty text where the list is empty.
    pub(super) fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        self.one_of(list).unwrap_or_default()
    }

    /// One item of a list; none where the list is empty.
    pub(super) fn one_of<T: Copy>(&mut self, list: &[T]) -> Option<T> {
        list.get(self.place(list.len())).copied()
    }

    /// The value whose weight the draw falls on; `fallback` where all weights are 0.
    pub(super) fn weighted<T: Copy>(&mut self, choices: &[(T, u32)], fallback: T) -> T {
        let mut left = self.below(choices.iter().map(|choice| choice.1).sum());
        for &(value, weight) in choices {
            if left < weight {
                return value;
            }
            left -= weight;
        }
        fallback
    }

    /// Eighty bits for the random part of an id.
    pub(super) fn id_bits(&mut self) -> [u8; 10] {
        let mut bits = [0; 10];
        let words = self.next().to_be_bytes().into_iter().chain(self.next().to_be_bytes());
        for (slot, byte) in bits.iter_mut().zip(words) {
            *slot = byte;
        }
        bits
    }

    fn place(&mut self, length: usize) -> usize {
        let limit = u32::try_from(length).unwrap_or(u32::MAX);
        usize::try_from(self.below(limit)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_the_same_for_ever() {
        let mut draw = Draw::of(7, 3);
        let first: Vec<u64> = (0..3).map(|_| draw.next()).collect();
        assert_eq!(first, [Draw::of(7, 3).next(), first[1], first[2]]);
        // The published first outputs of SplitMix64 for the state 1234567.
        let mut known = Draw(1_234_567);
        assert_eq!(known.next(), 6_457_827_717_110_365_317);
        assert_eq!(known.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn draws_keep_to_their_range_and_weights() {
        let mut draw = Draw::of(1, 1);
        assert!((0..1000).all(|_| (3..=5).contains(&draw.between(3, 5))));
        assert_eq!(draw.below(0), 0);
        let ones = (0..10_000).filter(|_| draw.weighted(&[(1, 1), (2, 3)], 0) == 1).count();
        assert!((2_300..2_700).contains(&ones), "{ones}");
    }
}
