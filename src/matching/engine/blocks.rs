//! Brings together the records that share a key.

use super::hash;
use super::keys::KeyPlan;
use super::records::Records;
use super::texts::{at, number};

/// The records that share keys of one way: each entry a key's hash above the row.
#[derive(Debug)]
pub(super) struct Blocks {
    entries: Vec<u64>,
    /// The blocks of too many records to compare each with each.
    pub skipped: Skipped,
}

/// What was left out and is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Skipped {
    /// Keys that too many records share.
    pub blocks: u32,
    /// The records of these keys.
    pub records: u32,
}

/// The blocks of one way to bring records together.
#[must_use]
pub(super) fn blocks(plan: &KeyPlan, records: &Records, limit: usize) -> Blocks {
    let mut entries = entries(plan, records);
    entries.sort_unstable();
    entries.dedup();
    let mut kept = Vec::new();
    let mut skipped = Skipped::default();
    for block in entries.chunk_by(|one, other| one >> 32 == other >> 32) {
        if block.len() > limit {
            skipped.blocks += 1;
            skipped.records += number(block.len());
        } else if block.len() > 1 {
            kept.extend_from_slice(block);
        }
    }
    kept.shrink_to_fit();
    Blocks { entries: kept, skipped }
}

fn entries(plan: &KeyPlan, records: &Records) -> Vec<u64> {
    let mut entries = Vec::with_capacity(at(records.count()));
    for row in 0..records.count() {
        for hash in plan.of_row(&records.columns, records.cells.record(row)).values() {
            entries.push((hash::finished(*hash) & 0xffff_ffff_0000_0000) | u64::from(row));
        }
    }
    entries
}

impl Blocks {
    /// Hands over each pair of rows that share a key, the lower row first.
    pub(super) fn each_pair(&self, mut take: impl FnMut(u32, u32)) {
        for block in self.entries.chunk_by(|one, other| one >> 32 == other >> 32) {
            for (place, one) in block.iter().enumerate() {
                for other in block.get(place + 1..).unwrap_or_default() {
                    take(row(*one), row(*other));
                }
            }
        }
    }

    /// How many pairs there are.
    #[must_use]
    pub(super) fn pairs(&self) -> usize {
        let blocks = self.entries.chunk_by(|one, other| one >> 32 == other >> 32);
        blocks.map(|block| block.len() * (block.len() - 1) / 2).sum()
    }
}

fn row(entry: u64) -> u32 {
    u32::try_from(entry & 0xffff_ffff).unwrap_or(u32::MAX)
}
