//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::sql_types::{Array, Int4, Nullable, Text as SqlText, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Asset, AssetFilter, AssetState, Origin};
use crate::db::{Conn, Counted, walk};
use crate::domain::{AssetId, DeliveryId, Scope, Text};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ById, Limit};
use crate::schema::{assets, custodies};

/// Finds a piece of equipment.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AssetId) -> Result<Option<Asset>> {
    let own = Asset::query().filter(assets::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(assets::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Finds a piece of equipment and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: AssetId) -> Result<Option<Asset>> {
    let own = Asset::query().filter(assets::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(assets::id.eq(id)).for_no_key_update().first(&mut conn).await.optional()?)
}

/// Pieces that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a AssetFilter) -> assets::BoxedQuery<'a, Pg> {
    let mut query = assets::table.filter(assets::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(asset_number) = &filter.asset_number {
        query = query.filter(assets::asset_number.eq(asset_number));
    }
    if let Some(kind) = &filter.kind {
        query = query.filter(assets::kind.eq(kind));
    }
    if let Some(status) = filter.status {
        query = query.filter(assets::status.eq(status));
    }
    if let Some(condition) = filter.condition {
        query = query.filter(assets::condition.eq(condition));
    }
    if let Some(source) = filter.source {
        query = query.filter(assets::source.eq(source));
    }
    if let Some(aid_id) = filter.aid_id {
        query = query.filter(assets::aid_id.eq(aid_id));
    }
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(assets::pledge_id.eq(pledge_id));
    }
    if filter.beneficiary_id.is_some() || filter.village_code.is_some() {
        query = query.filter(assets::custody_id.eq_any(kept(scope, filter)));
    }
    query
}

/// Live custodies of a family, in a village.
fn kept<'a>(scope: &'a Scope, filter: &'a AssetFilter) -> custodies::BoxedQuery<'a, Pg, Nullable<SqlUuid>> {
    let live = custodies::table
        .filter(custodies::area_id.eq_any(&scope.area_ids))
        .filter(custodies::ended_on.is_null())
        .select(custodies::id.nullable());
    let mut live = live.into_boxed();
    if let Some(beneficiary_id) = filter.beneficiary_id {
        live = live.filter(custodies::beneficiary_id.eq(beneficiary_id));
    }
    if let Some(village_code) = &filter.village_code {
        live = live.filter(custodies::village_code.eq(village_code));
    }
    live
}

/// Counts equipment.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &AssetFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists equipment by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AssetFilter,
    (limit, after): (Limit, Option<(i32, AssetId)>),
) -> Result<Vec<Asset>> {
    let query = filtered(scope, filter).select(Asset::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort == Some(ById::Down);
    Ok(walk!(query, is_down, after, assets::{area_id, id}).load(&mut conn).await?)
}

/// The delivery of an equipment program, its entitlement locked.
pub(super) async fn hold_delivery(mut conn: &Conn, scope: &Scope, id: DeliveryId) -> Result<Option<Origin>> {
    let held = sql_query(
        "select e.area_id, e.period, e.id as aid_id, e.program_id, null::uuid as pledge_id, null::text as kind,
            1 as pieces
        from deliveries d
        join entitlements e on e.area_id = d.area_id and e.period = d.period and e.id = d.entitlement_id
        join programs p on p.id = e.program_id and p.kind = 'equipment'
        where d.area_id = any ($1) and d.id = $2 for no key update of e",
    );
    let held = held.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(held.get_result(&mut conn).await.optional()?)
}

/// The handover of a pledge of equipment, or of a package with some in it, its allocation locked.
pub(super) async fn hold_handover(
    mut conn: &Conn,
    scope: &Scope,
    (id, kind): (DeliveryId, &Text<40>),
) -> Result<Option<Origin>> {
    let held = sql_query(
        "select a.area_id, null::date as period, a.id as aid_id, null::uuid as program_id, a.pledge_id,
            coalesce(c.kind, l.kind) as kind, coalesce(c.units, 1) as pieces
        from allocation_deliveries d
        join allocations a on a.area_id = d.area_id and a.id = d.allocation_id
        join pledge_lines l on l.id = a.pledge_line_id
        left join need_kind_contents c on c.package = l.kind and c.kind = $3
        where d.area_id = any ($1) and d.id = $2 for no key update of a",
    );
    let held = held.bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id).bind::<SqlText, _>(kind);
    Ok(held.get_result(&mut conn).await.optional()?)
}

/// How many pieces of a kind came by a delivery or a handover that is held, and are not registered.
pub(super) async fn unregistered(mut conn: &Conn, (id, kind): (DeliveryId, &Text<40>), origin: &Origin) -> Result<i64> {
    let counted = sql_query(
        "select (
            coalesce((select floor(sum(g.quantity)) from aid_given g where g.area_id = $1 and g.delivery_id = $2), 0)
            + coalesce((
                select floor(sum(g.quantity)) from pledged_aid_given g
                where g.area_id = $1 and g.allocation_delivery_id = $2
            ), 0) * $3
            - (select count(*) from assets a where a.area_id = $1 and a.delivery_id = $2)
            - (select count(*) from assets a where a.area_id = $1 and a.allocation_delivery_id = $2 and a.kind = $4)
        )::bigint as total",
    );
    let counted = counted.bind::<Int4, _>(origin.area_id).bind::<SqlUuid, _>(id);
    let counted = counted.bind::<Int4, _>(origin.pieces).bind::<SqlText, _>(kind);
    Ok(counted.get_result::<Counted>(&mut conn).await?.total)
}

/// Adds a piece of equipment.
///
/// # Errors
/// `asset_number_taken`.
pub(super) async fn insert(mut conn: &Conn, new: &Asset) -> Result<()> {
    let written = diesel::insert_into(assets::table).values(new).execute(&mut conn).await;
    written.on_conflict(Code::AssetNumberTaken).map(|_| ())
}

/// Writes what changed of a piece that is locked.
pub(super) async fn put(mut conn: &Conn, before: &Asset, state: &AssetState, now: DateTime<Utc>) -> Result<Asset> {
    let row = assets::table.find((before.area_id, before.id)).filter(assets::version.eq(before.version));
    let after = diesel::update(row)
        .set((state, assets::version.eq(before.version + 1), assets::updated_at.eq(now)))
        .returning(Asset::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    after.ok_or_else(|| Code::VersionStale.into())
}
