//! One statement a function over changes of card numbers.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{CardChange, CardChangeFilter};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, CardChangeId, Scope};
use crate::error::Result;
use crate::http::{ByCreation, Limit};
use crate::schema::card_changes;

/// Place of a change in the list of a family.
pub(super) type CardChangePlace = (DateTime<Utc>, CardChangeId);

/// Records a change.
pub(super) async fn insert(mut conn: &Conn, change: &CardChange) -> Result<()> {
    diesel::insert_into(card_changes::table).values(change).execute(&mut conn).await?;
    Ok(())
}

/// Changes of a family that a filter leaves.
fn filtered<'a>(scope: &'a Scope, id: BeneficiaryId, filter: &CardChangeFilter) -> card_changes::BoxedQuery<'a, Pg> {
    let query = card_changes::table
        .filter(card_changes::area_id.eq_any(&scope.area_ids))
        .filter(card_changes::beneficiary_id.eq(id))
        .into_boxed();
    match filter.reason {
        Some(reason) => query.filter(card_changes::reason.eq(reason)),
        None => query,
    }
}

/// Counts changes of a family.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, id: BeneficiaryId, filter: &CardChangeFilter) -> Result<i64> {
    Ok(filtered(scope, id, filter).count().get_result(&mut conn).await?)
}

/// Lists changes of a family by when they were recorded, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    id: BeneficiaryId,
    filter: &CardChangeFilter,
    (limit, after): (Limit, Option<CardChangePlace>),
) -> Result<Vec<CardChange>> {
    let query = filtered(scope, id, filter).select(CardChange::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, card_changes::{created_at, id}).load(&mut conn).await?)
}
