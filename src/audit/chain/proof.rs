//! That a record is in a block, so that anyone can check it.

use serde::Serialize;
use utoipa::ToSchema;

use super::block::AuditBlock;
use super::merkle::{self, Hash};
use super::{queries, sealer};
use crate::audit::list::Row;
use crate::db::Conn;
use crate::domain::Digest;
use crate::error::{Code, Error, Refusal, Result};

/// Proves that a record is among those of a sealed block, and has not been changed since.
#[derive(Debug, Serialize, ToSchema)]
pub struct InclusionProof {
    /// The record as it was sealed: every column, as one line of JSON; hash these bytes as they are
    #[schema(
        max_length = 20_000,
        pattern = "^[{].*[}]$",
        example = r#"{"area_id":10,"at":"2026-01-01T00:00:00.000000Z","id":"0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01"}"#
    )]
    pub leaf: String,
    /// SHA-256 of a zero byte and `leaf`
    pub leaf_hash: Digest,
    /// Place of the record in the block, from 0
    #[schema(minimum = 0, maximum = 65_535, example = 0)]
    pub leaf_index: u32,
    /// Records in the block
    #[schema(minimum = 1, maximum = 65_536, example = 1)]
    pub tree_size: i32,
    /// Hashes beside the way from the record up to the root, the lowest first
    #[schema(max_items = 16)]
    pub siblings: Vec<Digest>,
    /// The block, whose `merkle_root` the way leads to
    pub block: AuditBlock,
}

/// Proves that a row is sealed.
///
/// # Errors
/// `audit_record_not_sealed` while the row waits for its block, `audit_record_altered` where it is not the one that
/// was sealed.
pub(crate) async fn prove(conn: &Conn, row: &Row) -> Result<InclusionProof> {
    let leaf = row.leaf().text()?;
    let leaf_hash = merkle::leaf_hash(leaf.as_bytes());
    let Some((block, hashes)) = queries::block_of(conn, row).await? else { return Err(not_sealed()) };
    let leaves: Vec<Hash> = hashes.as_chunks().0.to_vec();
    let Some(index) = leaves.iter().position(|one| *one == leaf_hash) else {
        log::error!(block = block.number, id:% = row.id; "an audit record is not the one that was sealed");
        return Err(Code::AuditRecordAltered.into());
    };
    Ok(InclusionProof {
        leaf,
        leaf_hash: leaf_hash.into(),
        leaf_index: u32::try_from(index).map_err(Error::internal)?,
        tree_size: block.row_count,
        siblings: merkle::path(&leaves, index).into_iter().map(Digest::from).collect(),
        block: block.into(),
    })
}

fn not_sealed() -> Error {
    let refusal = Refusal { retry_after_seconds: Some(sealer::PAUSE.as_secs()), ..Code::AuditRecordNotSealed.into() };
    Error::Refused(Box::new(refusal))
}
