//! A block of the chain, and its head.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::leaf::instant;
use super::merkle::{self, Hash};
use crate::domain::Digest;
use crate::error::{Error, Result};
use crate::keys::{SigningKey, VerifyingKey, sha256};
use crate::schema::audit_blocks;

/// What comes before the first block.
pub(super) const NOTHING_BEFORE: Hash = [0; 32];

/// A block as the database has it, without the hashes of its rows.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = audit_blocks)]
pub(crate) struct Block {
    /// Place in the chain, from 1.
    pub(crate) number: i64,
    /// Rows in it.
    pub(crate) row_count: i32,
    /// Root of their tree.
    pub(crate) merkle_root: Digest,
    /// Hash of the block before.
    pub(crate) previous_hash: Digest,
    /// Hash of the head.
    pub(crate) hash: Digest,
    /// When it was sealed.
    pub(crate) sealed_at: DateTime<Utc>,
    /// Key that signed the head.
    pub(crate) key_id: String,
    /// Its signature.
    pub(crate) signature: String,
}

/// Where the rows of a block end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Last {
    pub(super) transaction_number: i64,
    pub(super) id: Uuid,
}

impl Block {
    /// Seals rows by their hashes, after a block or as the first.
    ///
    /// # Errors
    /// Where the head cannot be signed.
    pub(super) fn seal(
        before: Option<(i64, Digest)>,
        leaves: &[Hash],
        now: DateTime<Utc>,
        key: &SigningKey,
    ) -> Result<Self> {
        let (last_number, previous_hash) = before.unwrap_or((0, NOTHING_BEFORE.into()));
        let mut block = Self {
            number: last_number + 1,
            row_count: i32::try_from(leaves.len()).map_err(Error::internal)?,
            merkle_root: merkle::root(leaves).into(),
            previous_hash,
            hash: NOTHING_BEFORE.into(),
            sealed_at: now,
            key_id: key.kid.clone(),
            signature: String::new(),
        };
        let head = block.head();
        block.hash = sha256(head.as_bytes()).into();
        block.signature = key.sign(head.as_bytes())?;
        Ok(block)
    }

    /// What is hashed and signed: one line. No token begins so: a head can never be taken for one.
    #[must_use]
    pub(crate) fn head(&self) -> String {
        let Self { number, row_count, merkle_root, previous_hash, sealed_at, .. } = self;
        format!("sinergi audit block {number} {row_count} {merkle_root} {previous_hash} {}", instant(*sealed_at))
    }

    /// True where the hash is that of the head.
    #[must_use]
    pub(crate) fn is_whole(&self) -> bool {
        self.hash == Digest::from(sha256(self.head().as_bytes()))
    }

    /// True where one of the keys signed the head.
    #[must_use]
    pub(crate) fn is_signed_by(&self, keys: &[VerifyingKey]) -> bool {
        let named = keys.iter().filter(|key| key.kid == self.key_id);
        named.into_iter().any(|key| key.verifies(self.head().as_bytes(), &self.signature))
    }
}

/// A block of sealed audit records.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AuditBlock {
    /// Place in the chain, 1 first, without gaps
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64, example = 1)]
    pub number: i64,
    /// Records in the block, of all areas
    #[schema(minimum = 1, maximum = 65_536, example = 7)]
    pub row_count: i32,
    /// Root of the Merkle tree of the records (RFC 6962), in hexadecimal
    pub merkle_root: Digest,
    /// `hash` of the block before; sixty-four zeros for the first
    pub previous_hash: Digest,
    /// When it was sealed
    pub sealed_at: DateTime<Utc>,
    /// The line that is hashed and signed: number, row count, root, previous hash, time
    #[schema(
        max_length = 250,
        pattern = "^sinergi audit block [0-9]+ [0-9]+ [0-9a-f]{64} [0-9a-f]{64} [0-9T:.Z-]{27}$",
        example = "sinergi audit block 1 7 \
                   9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 \
                   0000000000000000000000000000000000000000000000000000000000000000 2026-03-14T02:30:00.000000Z"
    )]
    pub head: String,
    /// SHA-256 of `head`
    pub hash: Digest,
    /// `kid` of the key that signed `head`, as in the JWKS of that day
    #[schema(
        max_length = 43,
        pattern = "^[A-Za-z0-9_-]{43}$",
        example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    )]
    pub key_id: String,
    /// Ed25519 signature of `head`, in base64url
    #[schema(
        max_length = 86,
        pattern = "^[A-Za-z0-9_-]{86}$",
        example = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    )]
    pub signature: String,
}

impl From<Block> for AuditBlock {
    fn from(block: Block) -> Self {
        Self {
            head: block.head(),
            number: block.number,
            row_count: block.row_count,
            merkle_root: block.merkle_root,
            previous_hash: block.previous_hash,
            sealed_at: block.sealed_at,
            hash: block.hash,
            key_id: block.key_id,
            signature: block.signature,
        }
    }
}
