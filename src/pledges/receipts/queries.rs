//! One statement a function, for a pledge that the caller was found to reach.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{Receipt, ReceiptFilter};
use crate::db::{Conn, walk};
use crate::domain::{PledgeId, ReceiptId};
use crate::error::Result;
use crate::http::{ByCreation, Limit};
use crate::schema::receipts;

/// Writes a receipt.
pub(super) async fn insert(mut conn: &Conn, receipt: &Receipt) -> Result<()> {
    diesel::insert_into(receipts::table).values(receipt).execute(&mut conn).await?;
    Ok(())
}

/// Finds a receipt; whether the caller reaches its pledge is still to be asked.
pub(super) async fn find(mut conn: &Conn, id: ReceiptId) -> Result<Option<Receipt>> {
    Ok(Receipt::query().filter(receipts::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Receipts of a pledge that a filter leaves.
fn filtered(pledge_id: PledgeId, filter: &ReceiptFilter) -> receipts::BoxedQuery<'static, Pg> {
    let query = receipts::table.filter(receipts::pledge_id.eq(pledge_id)).into_boxed();
    match filter.pledge_line_id {
        Some(line_id) => query.filter(receipts::pledge_line_id.eq(line_id)),
        None => query,
    }
}

/// Counts receipts of a pledge.
pub(super) async fn count(mut conn: &Conn, pledge_id: PledgeId, filter: &ReceiptFilter) -> Result<i64> {
    Ok(filtered(pledge_id, filter).count().get_result(&mut conn).await?)
}

/// Lists receipts of a pledge by id, after an id.
pub(super) async fn list(
    mut conn: &Conn,
    pledge_id: PledgeId,
    filter: &ReceiptFilter,
    (limit, after): (Limit, Option<ReceiptId>),
) -> Result<Vec<Receipt>> {
    let query = filtered(pledge_id, filter).select(Receipt::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ByCreation::Down);
    Ok(walk!(query, is_down, after, receipts::{id}).load(&mut conn).await?)
}
