//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Int4, Nullable, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Custody, CustodyEnd, CustodyFilter, Keeper};
use crate::assets::model::Asset;
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, CustodyId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::{beneficiaries, custodies};

/// Finds a custody.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: CustodyId) -> Result<Option<Custody>> {
    let own = Custody::query().filter(custodies::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(custodies::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Finds a live custody and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, area_id: i32, id: CustodyId) -> Result<Option<Custody>> {
    let live = Custody::query().filter(custodies::area_id.eq(area_id)).filter(custodies::id.eq(id));
    Ok(live.filter(custodies::ended_on.is_null()).for_no_key_update().first(&mut conn).await.optional()?)
}

/// Custodies that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a CustodyFilter) -> custodies::BoxedQuery<'a, Pg> {
    let mut query = custodies::table.filter(custodies::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(asset_id) = filter.asset_id {
        query = query.filter(custodies::asset_id.eq(asset_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(custodies::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(custodies::village_code.eq(village_code));
    }
    let live_family = beneficiaries::table
        .filter(beneficiaries::area_id.eq(custodies::area_id))
        .filter(beneficiaries::id.eq(custodies::beneficiary_id))
        .filter(beneficiaries::status.eq("live"));
    query = match filter.is_family_live {
        Some(true) => query.filter(exists(live_family)),
        Some(false) => query.filter(diesel::dsl::not(exists(live_family))),
        None => query,
    };
    match filter.is_live {
        Some(true) => query.filter(custodies::ended_on.is_null()),
        Some(false) => query.filter(custodies::ended_on.is_not_null()),
        None => query,
    }
}

/// Counts custodies.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &CustodyFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists custodies by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &CustodyFilter,
    (limit, after): (Limit, Option<(i32, CustodyId)>),
) -> Result<Vec<Custody>> {
    let query = filtered(scope, filter).select(Custody::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, custodies::{area_id, id}).load(&mut conn).await?)
}

/// Finds a family and keeps others from ending it until the transaction ends.
pub(super) async fn hold_family(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<Option<Keeper>> {
    let held = sql_query(
        "select village_code, status = 'live' as is_live from beneficiaries where area_id = $1 and id = $2 for share",
    );
    let held = held.bind::<Int4, _>(area_id).bind::<SqlUuid, _>(id);
    Ok(held.get_result(&mut conn).await.optional()?)
}

/// The family that a piece was delivered to and that still waits for it, or the one that goes on for it; nothing for a
/// piece that was bought, that somebody has had, or in whose place another one was given back.
pub(super) async fn find_first_keeper(mut conn: &Conn, asset: &Asset) -> Result<Option<BeneficiaryId>> {
    let waiting = sql_query(
        "with recursive came as (
            select d.beneficiary_id, (
                select sum(g.quantity) from aid_given g where g.area_id = $1 and g.delivery_id = $2) as kept
            from deliveries d where d.area_id = $1 and d.id = $2
            union all
            select d.beneficiary_id, (
                select sum(g.quantity) from pledged_aid_given g where g.area_id = $1 and g.allocation_delivery_id = $3)
            from allocation_deliveries d where d.area_id = $1 and d.id = $3
        ), line as (
            select b.id, b.continued_in_id, b.status, 0 as depth
            from came join beneficiaries b on b.area_id = $1 and b.id = came.beneficiary_id
            where came.kept > (
                select count(*) from assets a where a.area_id = $1 and (a.delivery_id = $2 or a.allocation_delivery_id = $3)
                    and exists (select from custodies c where c.area_id = $1 and c.asset_id = a.id))
            union all
            select b.id, b.continued_in_id, b.status, line.depth + 1
            from line join beneficiaries b on b.area_id = $1 and b.id = line.continued_in_id where line.depth < 50
        )
        select id from line where status = 'live'
            and not exists (select from custodies c where c.area_id = $1 and c.asset_id = $4) limit 1",
    );
    let waiting = waiting
        .bind::<Int4, _>(asset.area_id)
        .bind::<Nullable<SqlUuid>, _>(asset.delivery_id)
        .bind::<Nullable<SqlUuid>, _>(asset.allocation_delivery_id)
        .bind::<SqlUuid, _>(asset.id);
    Ok(waiting.get_result::<Waiting>(&mut conn).await.optional()?.map(|family| family.id))
}

#[derive(QueryableByName)]
struct Waiting {
    #[diesel(sql_type = SqlUuid)]
    id: BeneficiaryId,
}

/// Adds a custody, unless one of the piece is live.
///
/// # Errors
/// `asset_in_custody`.
pub(super) async fn insert(mut conn: &Conn, new: &Custody) -> Result<()> {
    let written = diesel::insert_into(custodies::table).values(new).execute(&mut conn).await;
    written.on_conflict(Code::AssetInCustody).map(|_| ())
}

/// Ends a custody that is locked.
pub(super) async fn end(
    mut conn: &Conn,
    before: &Custody,
    end: &CustodyEnd,
    (client_id, now): (&str, DateTime<Utc>),
) -> Result<Custody> {
    let row = custodies::table.find((before.area_id, before.id)).filter(custodies::version.eq(before.version));
    let after = diesel::update(row)
        .set((
            custodies::ended_on.eq(end.on),
            custodies::end_reason.eq(end.reason),
            custodies::return_condition.eq(end.condition),
            custodies::return_note.eq(&end.note),
            custodies::ended_by.eq(client_id),
            custodies::version.eq(before.version + 1),
            custodies::updated_at.eq(now),
        ))
        .returning(Custody::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
