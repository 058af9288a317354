//! One statement a function. Each takes the scope or the area that it gave.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, Numeric, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Allocation, AllocationDelivery, AllocationFilter, AllocationPlace, AllocationStatus};
use crate::db::{Conn, kept, walk};
use crate::domain::{AllocationId, BeneficiaryId, NeedId, PledgeLineId, Quantity, Scope, VillageCode};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::{allocation_deliveries, allocations, beneficiaries};

/// A need that an officer chose, with what decides whether it may be served.
#[derive(Debug, QueryableByName)]
pub(super) struct ChosenNeed {
    #[diesel(sql_type = Integer)]
    pub(super) area_id: i32,
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = Text)]
    pub(super) kind: String,
    #[diesel(sql_type = Numeric)]
    pub(super) unmet: Quantity,
    #[diesel(sql_type = Bool)]
    pub(super) is_open: bool,
    #[diesel(sql_type = Bool)]
    pub(super) is_live: bool,
    #[diesel(sql_type = Bool)]
    pub(super) is_verified: bool,
}

/// Holds a need until the transaction ends.
pub(super) async fn lock_need(mut conn: &Conn, scope: &Scope, id: NeedId) -> Result<Option<ChosenNeed>> {
    let lock = diesel::sql_query(
        "select n.area_id, n.beneficiary_id, b.village_code, n.kind, n.quantity - n.met_quantity as unmet,
             n.status = 'open' as is_open, b.status = 'live' as is_live, b.verified_at is not null as is_verified
         from needs n join beneficiaries b on b.area_id = n.area_id and b.id = n.beneficiary_id
         where n.area_id = any ($1) and b.area_id = any ($1) and n.id = $2 for no key update of n",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<SqlUuid, _>(id);
    Ok(kept(lock).get_result(&mut conn).await.optional()?)
}

/// Writes an allocation.
pub(super) async fn insert(mut conn: &Conn, allocation: &Allocation) -> Result<()> {
    diesel::insert_into(allocations::table).values(allocation).execute(&mut conn).await?;
    Ok(())
}

/// Finds an allocation.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AllocationId) -> Result<Option<Allocation>> {
    let query = Allocation::query().filter(allocations::area_id.eq_any(&scope.area_ids)).filter(allocations::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Holds an allocation until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: AllocationId) -> Result<Option<Allocation>> {
    let locked = allocations::table
        .filter(allocations::area_id.eq_any(&scope.area_ids))
        .filter(allocations::id.eq(id))
        .select(Allocation::as_select())
        .for_no_key_update()
        .first(&mut conn)
        .await
        .optional()?;
    Ok(locked)
}

/// Allocations that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a AllocationFilter) -> allocations::BoxedQuery<'a, Pg> {
    let mut query = allocations::table.filter(allocations::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(allocations::pledge_id.eq(pledge_id));
    }
    if let Some(line_id) = filter.pledge_line_id {
        query = query.filter(allocations::pledge_line_id.eq(line_id));
    }
    if let Some(run_id) = filter.run_id {
        query = query.filter(allocations::run_id.eq(run_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(allocations::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(allocations::village_code.eq(village_code));
    }
    if let Some(status) = filter.status {
        query = query.filter(allocations::status.eq(status));
    }
    if let Some(expires_by) = filter.expires_by {
        query = query.filter(allocations::expires_on.le(expires_by));
    }
    query
}

/// Counts allocations.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &AllocationFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists allocations by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AllocationFilter,
    (limit, after): (Limit, Option<AllocationPlace>),
) -> Result<Vec<Allocation>> {
    let query = filtered(scope, filter).select(Allocation::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, allocations::{area_id, id}).load(&mut conn).await?)
}

/// The first day that something of a line was received, or of the lines that its stock came from; a receipt that was
/// taken back is none.
pub(super) async fn first_receipt(mut conn: &Conn, id: PledgeLineId) -> Result<Option<NaiveDate>> {
    #[derive(QueryableByName)]
    struct First {
        #[diesel(sql_type = Nullable<Date>)]
        received_on: Option<NaiveDate>,
    }
    let first: First = diesel::sql_query(
        "with recursive origin as (
             select id, source_line_id from pledge_lines where id = $1
             union
             select l.id, l.source_line_id from pledge_lines l join origin o on l.id = o.source_line_id
         )
         select min(r.received_on) as received_on from receipts r join origin o on o.id = r.pledge_line_id
         where not exists (select from ledger_transfers t where t.corrects_id = r.transfer_id)",
    )
    .bind::<SqlUuid, _>(id)
    .get_result(&mut conn)
    .await?;
    Ok(first.received_on)
}

/// True where the family is live.
pub(super) async fn is_live(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<bool> {
    let status = beneficiaries::table.find((area_id, id)).select(beneficiaries::status.eq("live"));
    Ok(status.first(&mut conn).await.optional()?.unwrap_or(false))
}

/// Writes a delivery.
pub(super) async fn insert_delivery(mut conn: &Conn, delivery: &AllocationDelivery) -> Result<()> {
    diesel::insert_into(allocation_deliveries::table).values(delivery).execute(&mut conn).await?;
    Ok(())
}

/// Writes what became of a locked allocation.
pub(super) async fn update(mut conn: &Conn, allocation: &Allocation, at: DateTime<Utc>) -> Result<Allocation> {
    let updated = diesel::update(allocations::table.find((allocation.area_id, allocation.id)))
        .set((
            allocations::delivered_quantity.eq(&allocation.delivered_quantity),
            allocations::returned_quantity.eq(&allocation.returned_quantity),
            allocations::status.eq::<AllocationStatus>(allocation.status),
            allocations::release_reason.eq(&allocation.release_reason),
            allocations::released_at.eq(allocation.released_at),
            allocations::version.eq(allocation.version + 1),
            allocations::updated_at.eq(at),
        ))
        .returning(Allocation::as_returning())
        .get_result(&mut conn)
        .await?;
    Ok(updated)
}
