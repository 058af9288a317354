//! One statement a function, for one area.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Date, Integer, Numeric, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use crate::db::Conn;
use crate::domain::{AllocationId, NeedId, PledgeId, PledgeLineId, Quantity, Scope};
use crate::error::{Error, Result};
use crate::schema::allocations;

/// Allocations that one transaction releases at most.
pub(super) const AT_ONCE: usize = 1_000;

/// Pledges of which something is reserved beyond its day, each with its area.
pub(super) async fn overdue_pledges(mut conn: &Conn, scope: &Scope, today: NaiveDate) -> Result<Vec<(i32, PledgeId)>> {
    let overdue = allocations::table
        .filter(allocations::area_id.eq_any(&scope.area_ids))
        .filter(allocations::status.eq("reserved"))
        .filter(allocations::expires_on.lt(today))
        .select((allocations::area_id, allocations::pledge_id))
        .distinct()
        .order((allocations::area_id, allocations::pledge_id));
    Ok(overdue.load(&mut conn).await?)
}

/// Something that is reserved beyond its day, and held until the transaction ends.
#[derive(Debug, QueryableByName)]
pub(super) struct Overdue {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: AllocationId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) pledge_line_id: PledgeLineId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) need_id: NeedId,
    /// What is still reserved of it.
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
}

/// Holds what of a pledge is reserved beyond its day; what somebody hands over or releases at this moment is passed over.
pub(super) async fn lock_overdue(
    mut conn: &Conn,
    (area_id, pledge_id): (i32, PledgeId),
    today: NaiveDate,
) -> Result<Vec<Overdue>> {
    let overdue = diesel::sql_query(
        "select id, pledge_line_id, need_id, quantity - delivered_quantity as quantity from allocations
         where area_id = $1 and pledge_id = $2 and status = 'reserved' and expires_on < $3
         order by id limit $4 for no key update skip locked",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(pledge_id)
    .bind::<Date, _>(today)
    .bind::<BigInt, _>(i64::try_from(AT_ONCE).map_err(Error::internal)?)
    .load(&mut conn)
    .await?;
    Ok(overdue)
}

/// Writes of locked allocations that their time ran out.
pub(super) async fn expire(mut conn: &Conn, area_id: i32, overdue: &[Overdue], at: DateTime<Utc>) -> Result<()> {
    diesel::sql_query(
        "update allocations set status = 'released', release_reason = 'expired', released_at = $3,
             version = version + 1, updated_at = $3
         where area_id = $1 and id = any ($2)",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(overdue.iter().map(|one| one.id).collect::<Vec<_>>())
    .bind::<Timestamptz, _>(at)
    .execute(&mut conn)
    .await?;
    Ok(())
}
