//! Statements about blocks and unsealed rows.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Integer, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::block::{Block, Last};
use super::merkle::Hash;
use crate::audit::list::Row;
use crate::db::{Conn, walk};
use crate::domain::Digest;
use crate::error::Result;
use crate::http::{ByNumber, Limit};
use crate::schema::audit_blocks;

/// In which order blocks are listed.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct BlockFilter {
    /// In which order
    #[param(inline, default = "number")]
    pub(crate) sort: Option<ByNumber>,
}

/// Counts blocks.
///
/// # Errors
/// Where the database cannot be read.
pub(crate) async fn count(mut conn: &Conn) -> Result<i64> {
    Ok(audit_blocks::table.count().get_result(&mut conn).await?)
}

/// Lists blocks after a place in the chain.
///
/// # Errors
/// Where the database cannot be read.
pub(crate) async fn list(
    mut conn: &Conn,
    filter: &BlockFilter,
    (limit, after): (Limit, Option<i64>),
) -> Result<Vec<Block>> {
    let query = audit_blocks::table.select(Block::as_select()).limit(limit.rows_to_fetch()).into_boxed();
    let is_down = filter.sort == Some(ByNumber::Down);
    Ok(walk!(query, is_down, after, audit_blocks::{number}).load(&mut conn).await?)
}

/// Number and hash of the last block.
pub(super) async fn last(mut conn: &Conn) -> Result<Option<(i64, Digest)>> {
    let last = audit_blocks::table.order(audit_blocks::number.desc());
    Ok(last.select((audit_blocks::number, audit_blocks::hash)).first(&mut conn).await.optional()?)
}

/// Rows of all areas that come next, at most so many.
pub(super) async fn unsealed(mut conn: &Conn, most: i32) -> Result<Vec<Row>> {
    let rows = diesel::sql_query("select * from unsealed_audit_records($1)").bind::<Integer, _>(most);
    Ok(rows.load(&mut conn).await?)
}

/// Adds a block.
pub(super) async fn add(mut conn: &Conn, block: &Block, last: Last, leaves: &[Hash]) -> Result<()> {
    diesel::insert_into(audit_blocks::table)
        .values((
            block,
            audit_blocks::last_transaction_number.eq(last.transaction_number),
            audit_blocks::last_id.eq(last.id),
            audit_blocks::leaf_hashes.eq(leaves.concat()),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// The block that a row belongs to, with the hashes of its rows; none while the row waits.
pub(super) async fn block_of(mut conn: &Conn, row: &Row) -> Result<Option<(Block, Vec<u8>)>> {
    let reaches = diesel::dsl::sql::<Bool>("(last_transaction_number, last_id) >= (")
        .bind::<BigInt, _>(row.transaction_number)
        .sql(", ")
        .bind::<SqlUuid, _>(row.id)
        .sql(")");
    let found = audit_blocks::table
        .filter(reaches)
        .order((audit_blocks::last_transaction_number, audit_blocks::last_id))
        .select((Block::as_select(), audit_blocks::leaf_hashes))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(found)
}
