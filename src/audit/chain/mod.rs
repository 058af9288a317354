//! Sealed rows: a chain of blocks, each a Merkle tree over rows whose transactions have ended.
//!
//! A row is sealed in the order of the transaction that wrote it, not of its time: every transaction below the horizon
//! has ended, so no row can appear below it any more. Nothing is skipped, however late it commits, nothing is sealed
//! twice, and no writer waits. `docs/decisions/0013` says why it is done so.

mod block;
mod leaf;
mod merkle;
mod proof;
mod queries;
mod sealer;

pub use block::AuditBlock;
pub(super) use block::Block;
pub(super) use leaf::{Hexadecimal, Leaf, hexadecimal};
pub(super) use merkle::{Hash, leaf_hash, root};
pub use proof::InclusionProof;
pub(super) use proof::prove;
pub(super) use queries::{BlockFilter, count, list};
pub use sealer::{MOST_ROWS, keep_sealing, seal};
