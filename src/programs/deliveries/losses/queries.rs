//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::dsl::exists;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{DeliveryLoss, LossCycle, LossFilter};
use crate::db::{Conn, walk};
use crate::domain::{CycleId, DeliveryLossId, Scope, VillageCode};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::{cycles, delivery_losses, entitlements};

/// Finds a cycle.
pub(super) async fn find_cycle(mut conn: &Conn, scope: &Scope, id: CycleId) -> Result<Option<LossCycle>> {
    let query = LossCycle::query().filter(cycles::area_id.eq_any(&scope.area_ids)).filter(cycles::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// True where the list of a cycle has a family of the village.
pub(super) async fn has_village(mut conn: &Conn, cycle: &LossCycle, village_code: &VillageCode) -> Result<bool> {
    let of_it = entitlements::table
        .filter(entitlements::area_id.eq(cycle.area_id))
        .filter(entitlements::cycle_id.eq(cycle.id))
        .filter(entitlements::village_code.eq(village_code));
    Ok(diesel::select(exists(of_it)).get_result(&mut conn).await?)
}

/// Adds a loss.
pub(super) async fn insert(mut conn: &Conn, loss: &DeliveryLoss) -> Result<()> {
    diesel::insert_into(delivery_losses::table).values(loss).execute(&mut conn).await?;
    Ok(())
}

/// Finds a loss.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliveryLossId) -> Result<Option<DeliveryLoss>> {
    let query = DeliveryLoss::query().filter(delivery_losses::area_id.eq_any(&scope.area_ids));
    Ok(query.filter(delivery_losses::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Losses that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a LossFilter) -> delivery_losses::BoxedQuery<'a, Pg> {
    let mut query = delivery_losses::table.filter(delivery_losses::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(cycle_id) = filter.cycle_id {
        query = query.filter(delivery_losses::cycle_id.eq(cycle_id));
    }
    if let Some(program_id) = filter.program_id {
        query = query.filter(delivery_losses::program_id.eq(program_id));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(delivery_losses::village_code.eq(village_code));
    }
    if let Some(entitlement_id) = filter.entitlement_id {
        query = query.filter(delivery_losses::entitlement_id.eq(entitlement_id));
    }
    if let Some(reason) = filter.reason {
        query = query.filter(delivery_losses::reason.eq(reason));
    }
    if let Some(from) = filter.from {
        query = query.filter(delivery_losses::lost_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(delivery_losses::lost_on.le(to));
    }
    query
}

/// Counts losses.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &LossFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists losses by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &LossFilter,
    (limit, after): (Limit, Option<(i32, DeliveryLossId)>),
) -> Result<Vec<DeliveryLoss>> {
    let query = filtered(scope, filter).select(DeliveryLoss::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, delivery_losses::{area_id, id}).load(&mut conn).await?)
}
