//! One statement a function. Each takes the scope.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{EntitlementFilter, EntitlementRow};
use crate::db::{Conn, Counted, Way};
use crate::domain::{EntitlementId, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};

/// Adds up what became of each entitlement of `page`, which is a query over `entitlements e`.
///
/// The page is cut first: sums are made of the rows that are shown, not of the whole list.
fn with_sums(page: &str, way: Way) -> String {
    let Way { order, .. } = way;
    format!(
        "select e.area_id, e.id, e.cycle_id, e.program_id, e.period, e.beneficiary_id, e.enrollment_id,
             e.village_code, e.quantity, p.unit, e.snapshot, e.breakdown, d.delivered, h.held,
             h.withdrawn + d.withdrawn as withdrawn, e.quantity - d.delivered - h.withdrawn - d.withdrawn as left_over
         from ({page}) as e
         join programs p on p.id = e.program_id
         cross join lateral (
             select coalesce(sum(quantity), 0) as delivered, coalesce(sum(withdrawn), 0) as withdrawn from aid_given
             where area_id = e.area_id and period = e.period and entitlement_id = e.id
         ) as d
         cross join lateral (
             select coalesce(sum(quantity) filter (where status = 'held'), 0) as held,
                 coalesce(sum(withdrawn_quantity), 0) as withdrawn
             from holds where area_id = e.area_id and entitlement_id = e.id
         ) as h
         order by e.area_id {order}, e.id {order}"
    )
}

/// Finds an entitlement.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: EntitlementId) -> Result<Option<EntitlementRow>> {
    let statement = with_sums("select * from entitlements where area_id = any ($1) and id = $2", Way::of(false));
    let query = sql_query(statement).bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(query.get_result(&mut conn).await.optional()?)
}

/// A statement over the entitlements that a filter leaves: its first six placeholders are those of [`filtered`].
fn bound<'a>(statement: String, scope: &'a Scope, filter: &'a EntitlementFilter) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<SqlUuid>, _>(filter.cycle_id)
        .bind::<Nullable<SqlUuid>, _>(filter.program_id)
        .bind::<Nullable<Date>, _>(filter.period)
        .bind::<Nullable<SqlUuid>, _>(filter.beneficiary_id)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref())
}

/// Counts entitlements.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &EntitlementFilter) -> Result<i64> {
    let statement = format!("select count(*) as total {}", filtered(filter));
    Ok(bound(statement, scope, filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists entitlements by area and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &EntitlementFilter,
    (limit, after): (Limit, Option<(i32, EntitlementId)>),
) -> Result<Vec<EntitlementRow>> {
    let way = Way::of(filter.sort == Some(ById::Down));
    let Way { order, beyond } = way;
    let place = if after.is_some() { format!("and (area_id, id) {beyond} ($7, $8)") } else { String::new() };
    let rows = filtered(filter);
    let page = format!("select * {rows} {place} order by area_id {order}, id {order} limit $9");
    let (area_id, id) = after.unzip();
    let query = bound(with_sums(&page, way), scope, filter)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// The rows that a filter leaves. Only conditions that were asked for are written, so that each finds its index.
fn filtered(filter: &EntitlementFilter) -> String {
    let conditions = [
        // The period of the cycle leaves one partition to read.
        (
            filter.cycle_id.is_some(),
            "and cycle_id = $2 and period = any (select period from cycles where area_id = any ($1) and id = $2)",
        ),
        (filter.program_id.is_some(), "and program_id = $3"),
        (filter.period.is_some(), "and period = $4"),
        (filter.beneficiary_id.is_some(), "and beneficiary_id = $5"),
        (filter.village_code.is_some(), "and village_code = $6"),
    ];
    let asked = conditions.iter().filter(|(is_asked, _)| *is_asked).map(|(_, condition)| *condition);
    let asked: Vec<&str> = asked.collect();
    format!("from entitlements where area_id = any ($1) {}", asked.join(" "))
}
