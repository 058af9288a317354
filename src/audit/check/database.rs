//! A chain straight from the database.

use std::collections::VecDeque;
use std::pin::Pin;

use diesel::prelude::*;
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use futures_util::stream::Fuse;
use futures_util::{StreamExt as _, TryStreamExt as _};
use serde_json::Value;
use tokio_postgres::{Client, CopyOutStream, NoTls};

use super::rows::{COLUMNS, Rows};
use super::{Checked, Checker, Sealed, Stopped};
use crate::audit::chain::Block;
use crate::domain::Digest;
use crate::error::{Error, Result};
use crate::schema::audit_blocks;

/// Blocks fetched at a time.
const PAGE: i64 = 16;
/// What a binary COPY begins with: signature, flags, length of an extension that nobody has.
const HEADER_BYTES: usize = 19;
/// What it ends with.
const TRAILER: [u8; 2] = [255, 255];

/// Checks the chain of a database, at the address of the owner of the tables: it alone sees the rows of all areas.
///
/// `keys` are the public keys of the service as JSON Web Keys; a block of the hash `expected` must be met, where it is
/// given.
///
/// # Errors
/// The first fault, or that the database cannot be read.
pub async fn check_database(
    owner_url: &str,
    keys: &[Value],
    expected: Option<Digest>,
) -> std::result::Result<Checked, Stopped> {
    let mut checker = Checker::new(keys, expected);
    let mut stored = Stored::open(owner_url).await?;
    while let Some(sealed) = stored.next().await? {
        checker.take(sealed).await?;
    }
    checker.finish(stored.count_rest().await?).await
}

/// Blocks and rows in their order, as of one moment.
pub(super) struct Stored {
    blocks: AsyncPgConnection,
    page: VecDeque<(Block, Vec<u8>)>,
    last: i64,
    end: i64,
    /// Asked again after its end where rows are gone, which the stream itself does not bear.
    rows: Pin<Box<Fuse<CopyOutStream>>>,
    is_begun: bool,
    _session: Client,
}

impl Stored {
    pub(super) async fn open(owner_url: &str) -> Result<Self> {
        let mut blocks = AsyncPgConnection::establish(owner_url).await.map_err(Error::unavailable)?;
        // Before the rows: those of every block counted here are committed when the rows are begun.
        let end: Option<i64> =
            audit_blocks::table.select(diesel::dsl::max(audit_blocks::number)).first(&mut blocks).await?;
        let (session, connection) = tokio_postgres::connect(owner_url, NoTls).await.map_err(Error::unavailable)?;
        tokio::spawn(connection);
        // The index gives the order; to sort a year of rows would take more room than they do.
        session.batch_execute("set enable_sort = off; set enable_seqscan = off").await.map_err(Error::unavailable)?;
        let copy = format!(
            "copy (select {COLUMNS} from audit_records order by transaction_number, id) to stdout (format binary)"
        );
        let rows = Box::pin(session.copy_out(&copy).await.map_err(Error::unavailable)?.fuse());
        let (page, end) = (VecDeque::new(), end.unwrap_or_default());
        Ok(Self { blocks, page, last: i64::MIN, end, rows, is_begun: false, _session: session })
    }

    /// The next block with as many of the following rows as it says that it has.
    pub(super) async fn next(&mut self) -> Result<Option<Sealed>> {
        if self.page.is_empty() {
            let next = audit_blocks::table
                .filter(audit_blocks::number.gt(self.last).and(audit_blocks::number.le(self.end)))
                .order(audit_blocks::number)
                .select((Block::as_select(), audit_blocks::leaf_hashes))
                .limit(PAGE);
            self.page = next.load(&mut self.blocks).await?.into();
        }
        let Some((block, leaf_hashes)) = self.page.pop_front() else { return Ok(None) };
        self.last = block.number;
        let mut tuples = Vec::with_capacity(8 * leaf_hashes.len());
        for _ in 0..block.row_count {
            if !self.next_row(&mut tuples).await? {
                break;
            }
        }
        Ok(Some(Sealed { block, leaf_hashes, rows: Rows::Tuples(tuples) }))
    }

    /// Counts the rows after the last block.
    pub(super) async fn count_rest(&mut self) -> Result<u64> {
        let (mut count, mut row) = (0, Vec::new());
        while self.next_row(&mut row).await? {
            count += 1;
            row.clear();
        }
        Ok(count)
    }

    /// Adds the next row; false where there is none. Postgres sends each row as a message of its own.
    async fn next_row(&mut self, rows: &mut Vec<u8>) -> Result<bool> {
        while let Some(message) = self.rows.try_next().await.map_err(Error::unavailable)? {
            let skipped = if self.is_begun { 0 } else { HEADER_BYTES };
            self.is_begun = true;
            match message.get(skipped..).unwrap_or_default() {
                [] => {}
                row if row == TRAILER => {}
                row => {
                    rows.extend_from_slice(row);
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}
