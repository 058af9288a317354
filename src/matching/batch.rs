//! A batch of the registry's persons, each compared with all who share a key with it; pure arithmetic, for as long as it
//! takes.

use super::engine::{
    Clusters, Comparing, ConfigFault, Reading, Records, Weighed, Weighing, cluster, families, link, weigh_by,
};
use super::registry::{Compared, Registry, UNCOUNTED_LINK_BITS};

/// Of fewer persons it cannot be counted how seldom a value is, and nothing be learnt.
const ENOUGH_TO_LEARN: u32 = 5_000;

/// Brings the persons of a batch to the form in which they are compared.
#[must_use]
pub fn formed(reading: Reading<'_>) -> Records {
    if reading.count() < ENOUGH_TO_LEARN { reading.finish_few() } else { reading.finish() }
}

/// Persons who were compared with each other, and who of them is one.
#[derive(Debug)]
pub struct Batch<'a> {
    registry: &'a Registry,
    records: &'a Records,
    comparing: Comparing,
    /// The pairs worth deciding on, and the weights that they were weighed by.
    pub weighed: Weighed,
    /// Who is one person.
    pub clusters: Clusters,
    /// Whether the weights were learnt from these persons; of a few they are those shipped.
    pub is_learnt: bool,
}

impl<'a> Batch<'a> {
    /// Compares the persons and decides, where no more than `most` pairs of them share a key.
    ///
    /// # Errors
    /// Where the built-in configuration is at fault, and where there are more.
    pub fn decide(registry: &'a Registry, records: &'a Records, most: usize) -> Result<Self, ConfigFault> {
        let schema = &registry.schema;
        let is_learnt = records.count() >= ENOUGH_TO_LEARN;
        let known = (!is_learnt).then_some(&registry.first_weights);
        let (comparing, weighed) = weigh_by(schema, records, (known, most))?;
        let mut decision = schema.decision.clone();
        if !is_learnt {
            decision.link_bits = UNCOUNTED_LINK_BITS;
        }
        let weighing = Weighing::new(records, &comparing, &weighed.weights);
        let links = link(&weighing, &weighed.pairs, &decision);
        let clusters = cluster(&weighing, &links, decision.join_bits);
        Ok(Self { registry, records, comparing, weighed, clusters, is_learnt })
    }

    fn weighing(&self) -> Weighing<'_> {
        Weighing::new(self.records, &self.comparing, &self.weighed.weights)
    }

    /// Each two rows that are one person, the lower first.
    #[must_use]
    pub fn same_pairs(&self) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for group in self.clusters.groups() {
            for (place, one) in group.iter().enumerate() {
                pairs.extend(group.iter().skip(place + 1).map(|other| (*one, *other)));
            }
        }
        pairs
    }

    /// Each two rows that are alike and were not joined, the lower first.
    pub fn look_pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let is_apart = |one, other| self.clusters.group(one) != self.clusters.group(other);
        let apart = self.weighed.pairs.iter().filter(move |pair| is_apart(pair.one, pair.other));
        apart.map(|pair| (pair.one, pair.other))
    }

    /// How two rows compare.
    #[must_use]
    pub fn compared(&self, one: u32, other: u32) -> Compared {
        self.registry.compared(&self.weighing(), one, other)
    }

    /// How sure it is that two rows are one person, in bits.
    #[must_use]
    pub fn bits(&self, one: u32, other: u32) -> f32 {
        self.weighing().bits(one, other).all
    }

    /// How many pairs of cards are one household.
    ///
    /// # Errors
    /// Where the built-in configuration is at fault.
    pub fn households(&self) -> Result<usize, ConfigFault> {
        Ok(families(&self.registry.schema, self.records, &self.clusters)?.len())
    }
}
