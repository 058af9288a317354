//! One statement a function.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Date, Int4, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Delivery, DeliveryFilter, Due, Given, NewDelivery};
use crate::db::{Conn, walk};
use crate::domain::{Caller, CollectorKind, DeliveryId, EntitlementId, Scope, Text};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::{cycles, deliveries, entitlements};

/// Finds what is due.
pub(super) async fn find_due(mut conn: &Conn, scope: &Scope, id: EntitlementId) -> Result<Option<Due>> {
    let query = Due::query().filter(entitlements::area_id.eq_any(&scope.area_ids)).filter(entitlements::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Shares the cycle of what is due, so that no order is laid and no closure made meanwhile; answers its status.
pub(super) async fn share_cycle(mut conn: &Conn, due: &Due) -> Result<String> {
    let cycle = cycles::table.filter(cycles::area_id.eq(due.area_id)).filter(cycles::id.eq(due.cycle_id));
    Ok(cycle.select(cycles::status).for_share().first(&mut conn).await?)
}

/// Locks what is due: other deliveries and returns of it wait until the transaction ends.
pub(super) async fn lock_due(mut conn: &Conn, due: &Due) -> Result<()> {
    let row = entitlements::table
        .filter(entitlements::area_id.eq(due.area_id))
        .filter(entitlements::period.eq(due.period))
        .filter(entitlements::id.eq(due.id));
    row.select(entitlements::id).for_update().first::<EntitlementId>(&mut conn).await?;
    Ok(())
}

/// What was given of it, less what came back.
pub(super) async fn given(mut conn: &Conn, due: &Due) -> Result<Given> {
    let query = diesel::sql_query(
        "select coalesce(sum(quantity), 0) as quantity, coalesce(sum(withdrawn), 0) as withdrawn from aid_given
         where area_id = $1 and period = $2 and entitlement_id = $3",
    );
    let query = query.bind::<Int4, _>(due.area_id).bind::<Date, _>(due.period).bind::<SqlUuid, _>(due.id);
    Ok(query.get_result(&mut conn).await?)
}

/// Adds a delivery.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    (due, id): (&Due, DeliveryId),
    new: &NewDelivery,
    now: DateTime<Utc>,
) -> Result<Delivery> {
    let row = (
        deliveries::area_id.eq(due.area_id),
        deliveries::period.eq(due.period),
        deliveries::id.eq(id),
        deliveries::entitlement_id.eq(due.id),
        deliveries::program_id.eq(due.program_id),
        deliveries::beneficiary_id.eq(due.beneficiary_id),
        deliveries::quantity.eq(&new.quantity),
        deliveries::component.eq(new.component.as_ref().map(Text::as_str)),
        deliveries::delivered_on.eq(new.delivered_on),
        deliveries::collector_kind.eq(CollectorKind::of(new.collector_member_id)),
        deliveries::collector_member_id.eq(new.collector_member_id),
        deliveries::power_of_attorney.eq(&new.power_of_attorney),
        deliveries::receiver_name.eq(&new.receiver_name),
        deliveries::handover_number.eq(&new.handover_number),
        deliveries::proof_digest.eq(&new.proof_digest),
        deliveries::proof_media_type.eq(&new.proof_media_type),
        deliveries::stock_lot_id.eq(new.stock_lot_id),
        deliveries::stock_site_id.eq(new.stock_site_id),
        deliveries::recorded_by.eq(&caller.client_id),
        deliveries::created_at.eq(now),
    );
    let insert = diesel::insert_into(deliveries::table).values(row);
    Ok(insert.returning(Delivery::as_returning()).get_result(&mut conn).await?)
}

/// Finds a delivery.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliveryId) -> Result<Option<Delivery>> {
    let query = Delivery::query().filter(deliveries::area_id.eq_any(&scope.area_ids)).filter(deliveries::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Deliveries that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a DeliveryFilter) -> deliveries::BoxedQuery<'a, Pg> {
    let mut query = deliveries::table.filter(deliveries::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(program_id) = filter.program_id {
        query = query.filter(deliveries::program_id.eq(program_id));
    }
    if let Some(period) = filter.period {
        query = query.filter(deliveries::period.eq(period));
    }
    if let Some(entitlement_id) = filter.entitlement_id {
        query = query.filter(deliveries::entitlement_id.eq(entitlement_id));
    }
    if let Some(import_id) = filter.delivery_import_id {
        query = query.filter(deliveries::delivery_import_id.eq(import_id));
    }
    if let Some(beneficiary_id) = filter.beneficiary_id {
        query = query.filter(deliveries::beneficiary_id.eq(beneficiary_id));
    }
    query
}

/// Counts deliveries.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &DeliveryFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists deliveries by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DeliveryFilter,
    (limit, after): (Limit, Option<DeliveryId>),
) -> Result<Vec<Delivery>> {
    let query = filtered(scope, filter).select(Delivery::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, deliveries::{id}).load(&mut conn).await?)
}
