//! Brings together the records that share a key.

use std::ops::Range;

use super::columns::Column;
use super::hash;
use super::keys::{Cut, Hashes, KeyPlan, take_cells};
use super::radix::sort_by_bits;
use super::records::Records;
use super::texts::{at, number};

/// Of so many rows at a time the keys are made: what is taken of their fields is still at hand for all of them.
const STRETCH: u32 = 256;

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

/// The blocks of each of several ways to bring records together.
#[must_use]
pub(super) fn blocks(plans: &[KeyPlan], records: &Records, limit: usize) -> Vec<Blocks> {
    let mut spare = Vec::new();
    entries(plans, records).into_iter().map(|entries| Blocks::of(entries, &mut spare, limit)).collect()
}

/// The keys of all records, of each way in the order of rows. What two ways take of one field is taken once.
fn entries(plans: &[KeyPlan], records: &Records) -> Vec<Vec<u64>> {
    let mut parts: Vec<(usize, Cut)> = plans.iter().flat_map(KeyPlan::parts).copied().collect();
    parts.sort_unstable();
    parts.dedup();
    let place = |part: &(usize, Cut)| parts.binary_search(part).ok();
    let places: Vec<Vec<usize>> = plans.iter().map(|plan| plan.parts().iter().filter_map(place).collect()).collect();
    let mut all: Vec<Vec<u64>> = plans.iter().map(|_| Vec::with_capacity(2 * at(records.count()))).collect();
    let mut first = 0;
    while first < records.count() {
        let rows = first..records.count().min(first + STRETCH);
        let taken: Vec<Hashes> = parts.iter().map(|part| taken(records, rows.clone(), *part)).collect();
        for ((plan, places), entries) in plans.iter().zip(&places).zip(&mut all) {
            let hashes = plan.of_parts(places.iter().filter_map(|part| taken.get(*part)));
            for (hashes, row) in hashes.each().zip(rows.clone()) {
                let entry = |hash: &u64| (hash::finished(*hash) & 0xffff_ffff_0000_0000) | u64::from(row);
                entries.extend(hashes.iter().map(entry));
            }
        }
        first = rows.end;
    }
    all
}

/// What is taken of one field of a stretch of rows.
fn taken(records: &Records, rows: Range<u32>, part: (usize, Cut)) -> Hashes {
    let mut hashes = Hashes::default();
    let Some(column) = records.columns.get(part.0) else { return hashes };
    if let Column::Name(column) = column {
        column.fetch(rows.clone().map(|row| records.cells.record(row).number(part.0)));
    }
    take_cells(column, rows.map(|row| records.cells.record(row)), part, &mut hashes);
    hashes
}

impl Blocks {
    /// Brings together the rows of equal keys, which come in their order.
    fn of(mut entries: Vec<u64>, spare: &mut Vec<u64>, limit: usize) -> Self {
        sort_by_bits(&mut entries, spare, 32, 32);
        entries.dedup();
        spare.clear();
        let mut skipped = Skipped::default();
        for block in entries.chunk_by(|one, other| one >> 32 == other >> 32) {
            if block.len() > limit {
                skipped.blocks += 1;
                skipped.records += number(block.len());
            } else if block.len() > 1 {
                spare.extend_from_slice(block);
            }
        }
        Self { entries: spare.clone(), skipped }
    }

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

/// The row that is the lower half of an entry.
pub(super) fn row(entry: u64) -> u32 {
    u32::try_from(entry & 0xffff_ffff).unwrap_or(u32::MAX)
}
