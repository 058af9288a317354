//! The whole chain read anew, row by row: what an auditor runs who trusts nobody here.
//!
//! Blocks are taken in their order and followed one by one; the rows of a few blocks at a time are hashed beside the
//! reading, so that memory holds those blocks only, and the first fault in the order of the chain is the one told.

mod database;
mod fault;
mod file;
mod rows;

use std::collections::VecDeque;

use serde_json::Value;
use tokio::task::{JoinHandle, spawn_blocking};

use super::chain::{Block, Hash, root};
use crate::domain::Digest;
use crate::error::Error;
use crate::keys::VerifyingKey;

pub use database::check_database;
pub use fault::{Fault, Stopped};
pub use file::{check_file, export};
use rows::Rows;

/// Blocks whose rows are hashed at a time: two for each core of a small machine.
const AT_ONCE: usize = 4;

/// What was found in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    /// Blocks of the chain.
    pub blocks: i64,
    /// Rows in them.
    pub rows: u64,
    /// Rows after the last block, which are not sealed yet.
    pub waiting: u64,
    /// Hash of the last block: keep it, and no change of what is sealed now goes unseen.
    pub hash: Digest,
}

/// A block, the hashes that were sealed and the rows that are there now.
struct Sealed {
    block: Block,
    leaf_hashes: Vec<u8>,
    rows: Rows,
}

/// Follows a chain.
struct Checker {
    keys: Vec<VerifyingKey>,
    expected: Option<Digest>,
    found: Checked,
    running: VecDeque<JoinHandle<Result<(), Stopped>>>,
}

impl Checker {
    /// A checker that takes these public keys for the service's; `expected` is the hash of a block that must be met.
    fn new(keys: &[Value], expected: Option<Digest>) -> Self {
        Self {
            keys: keys.iter().filter_map(VerifyingKey::from_jwk).collect(),
            expected,
            found: Checked { blocks: 0, rows: 0, waiting: 0, hash: Hash::default().into() },
            running: VecDeque::new(),
        }
    }

    /// Takes the next block; what is wrong with its rows may be told by a later call.
    async fn take(&mut self, sealed: Sealed) -> Result<(), Stopped> {
        if let Err(fault) = self.follow(&sealed.block) {
            return Err(self.stop(fault).await);
        }
        self.running.push_back(spawn_blocking(move || compare(&sealed)));
        self.settle(AT_ONCE).await
    }

    /// What to tell of a fault found in reading: one of an earlier block goes first.
    async fn stop(&mut self, found: impl Into<Stopped>) -> Stopped {
        match self.settle(0).await {
            Ok(()) => found.into(),
            Err(earlier) => earlier,
        }
    }

    /// Ends the check.
    async fn finish(mut self, waiting: u64) -> Result<Checked, Stopped> {
        self.settle(0).await?;
        match self.expected {
            Some(expected) => Err(Fault::NotMet(expected).into()),
            None => Ok(Checked { waiting, ..self.found }),
        }
    }

    fn follow(&mut self, block: &Block) -> Result<(), Fault> {
        let number = self.found.blocks + 1;
        if block.number != number {
            return Err(Fault::BlockMissing(number));
        }
        if !block.is_whole() {
            return Err(Fault::HeadChanged(number));
        }
        if block.previous_hash != self.found.hash {
            return Err(Fault::NotAfterTheOneBefore(number));
        }
        if !block.is_signed_by(&self.keys) {
            return Err(Fault::NotSigned(number));
        }
        self.found.blocks = number;
        self.found.rows += u64::try_from(block.row_count).unwrap_or_default();
        self.found.hash = block.hash;
        self.expected = self.expected.filter(|expected| *expected != block.hash);
        Ok(())
    }

    /// Waits until at most so many blocks are being compared.
    async fn settle(&mut self, most: usize) -> Result<(), Stopped> {
        while self.running.len() > most {
            if let Some(oldest) = self.running.pop_front() {
                oldest.await.map_err(Error::internal)??;
            }
        }
        Ok(())
    }
}

/// Compares the rows of a block with what was sealed.
fn compare(sealed: &Sealed) -> Result<(), Stopped> {
    let Sealed { block, leaf_hashes, rows } = sealed;
    let (leaves, rest) = leaf_hashes.as_chunks();
    let is_whole = rest.is_empty() && i32::try_from(leaves.len()).is_ok_and(|count| count == block.row_count);
    if !is_whole || Digest::from(root(leaves)) != block.merkle_root {
        return Err(Fault::LeavesChanged(block.number).into());
    }
    let found = rows.hashes()?;
    match (0..leaves.len()).find(|place| found.get(*place) != leaves.get(*place)) {
        Some(place) => Err(Fault::of_row(block.number, place, rows.id_at(place), (&found, leaves)).into()),
        None => Ok(()),
    }
}
