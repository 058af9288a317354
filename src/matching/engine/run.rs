//! A run: brings records together, learns the weights, weighs every pair, and decides.

use std::thread;

use super::blocks::{Blocks, Skipped, blocks, row};
use super::compare::{Comparing, MOST_FIELDS};
use super::config::{ConfigFault, Schema};
use super::hash::{self, Map};
use super::keys::{KeyPlan, plans};
use super::radix::sort_by_bits;
use super::records::{BATCH, Records};
use super::sift::Sift;
use super::weights::{Bits, Pattern, Weights};

/// About so many pairs are enough to learn from.
const LEARNT_FROM: usize = 400_000;

/// A pair and how sure it is.
#[derive(Debug, Clone, Copy)]
pub struct Scored {
    /// The lower row.
    pub one: u32,
    /// The higher row.
    pub other: u32,
    /// How sure it is that they are one person.
    pub bits: Bits,
}

/// What came of weighing all pairs that share a key.
#[derive(Debug)]
pub struct Weighed {
    /// The pairs worth deciding on, in the order of their rows.
    pub pairs: Vec<Scored>,
    /// The weights used.
    pub weights: Weights,
    /// How often two records were brought together, by however many keys.
    pub compared: usize,
    /// Of each key, what was left out.
    pub skipped: Vec<(String, Skipped)>,
}

impl Weighed {
    /// What a pair was weighed at, if it is among those kept.
    #[must_use]
    pub fn bits(&self, one: u32, other: u32) -> Option<Bits> {
        let found = self.pairs.binary_search_by_key(&(one, other), |pair| (pair.one, pair.other)).ok()?;
        self.pairs.get(found).map(|pair| pair.bits)
    }
}

/// Weighs the pairs of all records that share a key, by what these records teach.
///
/// # Errors
/// Where the schema names what there is not.
pub fn weigh(schema: &Schema, records: &Records) -> Result<(Comparing, Weighed), ConfigFault> {
    weigh_by(schema, records, (None, usize::MAX))
}

/// Weighs the pairs of all records that share a key by weights that are known; learns them where there are none. Memory
/// goes by the pairs, 16 bytes each: of more than `most` none is weighed.
///
/// # Errors
/// Where the schema names what there is not, and where there are more pairs.
pub fn weigh_by(
    schema: &Schema,
    records: &Records,
    (known, most): (Option<&Weights>, usize),
) -> Result<(Comparing, Weighed), ConfigFault> {
    let plans = plans(schema)?;
    let comparing = Comparing::new(schema)?;
    let blocks = all_blocks(&plans, records, schema.decision.block_limit);
    let compared = blocks.iter().map(Blocks::pairs).sum();
    if compared > most {
        return Err(ConfigFault::new(format!("{compared} pairs share a key, of {most} that are weighed")));
    }
    let pairs = pairs(&blocks, records, compared);
    let learn = || {
        let sample = sample(&pairs, compared);
        Weights::learn(&comparing, &patterns(&comparing, records, &sample))
    };
    let weights = known.cloned().unwrap_or_else(learn);
    let skipped = plans.iter().zip(&blocks).map(|(plan, blocks)| (plan.name.clone(), blocks.skipped)).collect();
    let weighing = Weighing { records, comparing: &comparing, weights: &weights, from: schema.decision.look_bits };
    let pairs = weighing.all(&pairs);
    Ok((comparing, Weighed { pairs, weights, compared, skipped }))
}

/// The blocks of every key; of half the keys at a time.
fn all_blocks(plans: &[KeyPlan], records: &Records, limit: usize) -> Vec<Blocks> {
    let (first, second) = plans.split_at(plans.len() / 2);
    thread::scope(|scope| {
        let other = scope.spawn(|| blocks(second, records, limit));
        let mut all = blocks(first, records, limit);
        all.extend(other.join().unwrap_or_default());
        all
    })
}

/// Every pair that shares a key, once, as one number: the lower row above the higher. They come in the order of rows:
/// most true pairs share many keys, and a row that is compared with several is still at hand.
fn pairs(blocks: &[Blocks], records: &Records, compared: usize) -> Vec<u64> {
    let mut pairs = Vec::with_capacity(compared);
    for blocks in blocks {
        blocks.each_pair(|one, other| {
            if records.may_pair(one, other) {
                pairs.push(u64::from(one) << 32 | u64::from(other));
            }
        });
    }
    let bits = u32::BITS - records.count().leading_zeros();
    let mut spare = Vec::new();
    for from in [0, 32] {
        sort_by_bits(&mut pairs, &mut spare, from, bits);
    }
    pairs.dedup();
    pairs
}

/// The lower and the higher row of a pair that is one number.
pub(super) fn rows(pair: u64) -> (u32, u32) {
    (row(pair >> 32), row(pair))
}

/// Pairs drawn evenly from all.
fn sample(pairs: &[u64], compared: usize) -> Vec<u64> {
    let one_of = u64::try_from(compared / LEARNT_FROM + 1).unwrap_or(1);
    let is_drawn = |pair: &u64| {
        let (one, other) = rows(*pair);
        hash::finished(hash::with(u64::from(one), u64::from(other))).is_multiple_of(one_of)
    };
    pairs.iter().copied().filter(|pair| one_of == 1 || is_drawn(pair)).collect()
}

/// The levels of pairs, those alike counted together.
fn patterns(comparing: &Comparing, records: &Records, pairs: &[u64]) -> Vec<Pattern> {
    let (first, second) = pairs.split_at(pairs.len() / 2);
    let gather = |pairs: &[u64]| {
        let mut gathered: Map<u64, Pattern> = Map::default();
        for batch in pairs.chunks(BATCH) {
            let both = batch.iter().flat_map(|pair| [row(pair >> 32), row(*pair)]);
            records.fetch(both.clone());
            records.fetch_names(&both);
            for (one, other) in batch.iter().map(|pair| rows(*pair)) {
                let likeness = comparing.compare(records, one, other);
                let new = Pattern { levels: likeness.levels, count: 0.0, rarity: [0.0; MOST_FIELDS] };
                gathered.entry(likeness.levels).or_insert(new).add(1.0, &likeness.rarity);
            }
        }
        gathered
    };
    let (mut all, more) = thread::scope(|scope| {
        let other = scope.spawn(|| gather(second));
        (gather(first), other.join().unwrap_or_default())
    });
    for (levels, pattern) in more {
        let new = Pattern { levels, count: 0.0, rarity: [0.0; MOST_FIELDS] };
        all.entry(levels).or_insert(new).add(pattern.count, &pattern.rarity);
    }
    let mut patterns: Vec<Pattern> = all.into_values().collect();
    patterns.sort_unstable_by_key(|pattern| pattern.levels);
    patterns
}

impl Pattern {
    fn add(&mut self, count: f32, rarity: &[f32; MOST_FIELDS]) {
        self.count += count;
        for (sum, more) in self.rarity.iter_mut().zip(rarity) {
            *sum += more;
        }
    }
}

/// What is needed to weigh a pair.
pub struct Weighing<'a> {
    /// The records.
    pub records: &'a Records,
    /// What of them is compared.
    pub comparing: &'a Comparing,
    /// What the levels say.
    pub weights: &'a Weights,
    /// Pairs below are not kept.
    pub from: f32,
}

impl<'a> Weighing<'a> {
    /// Weighs pairs of these records.
    #[must_use]
    pub fn new(records: &'a Records, comparing: &'a Comparing, weights: &'a Weights) -> Self {
        Self { records, comparing, weights, from: f32::NEG_INFINITY }
    }

    /// How sure it is that two rows are one person, and what each field says for it, in bits.
    #[must_use]
    pub fn told(&self, one: u32, other: u32) -> (Bits, Vec<f32>) {
        let likeness = self.comparing.compare(self.records, one, other);
        let by_field = (0..self.comparing.fields).map(|field| self.weights.by_field(&likeness, field));
        (self.weights.bits(self.comparing, &likeness), by_field.collect())
    }

    /// How sure it is that two rows are one person.
    #[must_use]
    pub fn bits(&self, one: u32, other: u32) -> Bits {
        self.weights.bits(self.comparing, &self.comparing.compare(self.records, one, other))
    }

    /// Weighs each of the pairs; those that reach the bar, in the same order.
    fn all(&self, pairs: &[u64]) -> Vec<Scored> {
        let sift = Sift::new(self);
        let (first, second) = pairs.split_at(pairs.len() / 2);
        let (mut all, more) = thread::scope(|scope| {
            let other = scope.spawn(|| self.of_pairs(second, &sift));
            (self.of_pairs(first, &sift), other.join().unwrap_or_default())
        });
        all.extend(more);
        all
    }

    fn of_pairs(&self, pairs: &[u64], sift: &Sift<'_>) -> Vec<Scored> {
        let mut scored = Vec::new();
        sift.each(pairs, |one, other| {
            let bits = self.bits(one, other);
            if bits.all >= self.from {
                scored.push(Scored { one, other, bits });
            }
        });
        scored
    }
}
