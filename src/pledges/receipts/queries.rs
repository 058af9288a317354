//! One statement a function, for a pledge that the caller was found to reach.

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{Receipt, ReceiptFilter};
use crate::db::Conn;
use crate::domain::{PledgeId, ReceiptId};
use crate::error::Result;
use crate::schema::receipts;

/// Writes a receipt.
pub(super) async fn insert(mut conn: &Conn, receipt: &Receipt) -> Result<()> {
    diesel::insert_into(receipts::table).values(receipt).execute(&mut conn).await?;
    Ok(())
}

/// Lists receipts of a pledge by id, after an id.
pub(super) async fn list(
    mut conn: &Conn,
    pledge_id: PledgeId,
    filter: &ReceiptFilter,
    after: Option<ReceiptId>,
) -> Result<Vec<Receipt>> {
    let mut query = Receipt::query()
        .filter(receipts::pledge_id.eq(pledge_id))
        .order(receipts::id)
        .limit(filter.limit.rows_to_fetch())
        .into_boxed();
    if let Some(line_id) = filter.pledge_line_id {
        query = query.filter(receipts::pledge_line_id.eq(line_id));
    }
    if let Some(id) = after {
        query = query.filter(receipts::id.gt(id));
    }
    Ok(query.load(&mut conn).await?)
}
