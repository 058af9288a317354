//! One statement a function. Each takes the scope.

use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Jsonb, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Component, EntitlementFilter, EntitlementRow};
use crate::db::{Conn, Counted, Way};
use crate::domain::{Document, EntitlementId, Period, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};

/// What became of an entitlement `e`: of its quantity `t` passed to another family, `d` was delivered or withdrawn, and `h`
/// is held or was withdrawn by orders, what passed included.
pub(crate) const SUMS: &str = "
    cross join lateral (
        select coalesce(max(quantity), 0) as passed, (array_agg(new_entitlement_id)) [1] as passed_to
        from passed_entitlements where area_id = e.area_id and entitlement_id = e.id
    ) as t
    cross join lateral (
        select coalesce(sum(quantity), 0) as delivered, coalesce(sum(withdrawn), 0) as withdrawn from aid_given
        where area_id = e.area_id and period = e.period and entitlement_id = e.id
    ) as d
    cross join lateral (
        select coalesce(sum(quantity) filter (where status = 'held'), 0) as held,
            coalesce(sum(withdrawn_quantity), 0) as withdrawn
        from holds where area_id = e.area_id and entitlement_id = e.id
    ) as h";

/// The components of an entitlement `e` with what is told of each, as JSON in the order of its breakdown.
const COMPONENTS: &str = "
    select coalesce(jsonb_agg(jsonb_build_object('component', s.component,
            'quantity', trim_scale(s.quantity - coalesce(p.quantity, 0))::text,
            'delivered', trim_scale(g.delivered)::text, 'withdrawn', trim_scale(g.withdrawn + h.withdrawn)::text,
            'held', trim_scale(h.held)::text) order by s.place), '[]') as components
    from (
        select share.value ->> 'component' as component, min(share.place) as place,
            sum((share.value ->> 'quantity')::numeric) as quantity
        from jsonb_array_elements(e.breakdown) with ordinality as share (value, place)
        where share.value ->> 'component' is not null group by share.value ->> 'component'
    ) as s
    left join lateral (
        select sum((share.value ->> 'quantity')::numeric) as quantity from passed_entitlements t
        join entitlements n on n.area_id = t.area_id and n.period = t.period and n.id = t.new_entitlement_id
        cross join jsonb_array_elements(n.breakdown) as share (value)
        where t.area_id = e.area_id and t.entitlement_id = e.id and share.value ->> 'component' = s.component
    ) as p on true
    cross join lateral (
        select coalesce(sum(quantity), 0) as delivered, coalesce(sum(withdrawn), 0) as withdrawn
        from component_aid_given
        where area_id = e.area_id and period = e.period and entitlement_id = e.id and component = s.component
    ) as g
    cross join lateral (
        select coalesce(sum(t.quantity) filter (where t.status = 'held'), 0) as held,
            coalesce(sum(t.withdrawn_quantity), 0) as withdrawn
        from holds t join suspension_orders o on o.area_id = t.area_id and o.id = t.suspension_order_id
        where t.area_id = e.area_id and t.entitlement_id = e.id and o.component = s.component
    ) as h";

/// What is told of each component of an entitlement. Lock it before where something depends on it.
pub(in crate::programs) async fn components(
    mut conn: &Conn,
    area_id: i32,
    (period, id): (Period, EntitlementId),
) -> Result<Vec<Component>> {
    let statement = format!(
        "select k.components from entitlements e cross join lateral ({COMPONENTS}) as k
         where e.area_id = $1 and e.period = $2 and e.id = $3"
    );
    let query = sql_query(statement).bind::<Int4, _>(area_id).bind::<Date, _>(period).bind::<SqlUuid, _>(id);
    Ok(query.get_result::<ComponentsRow>(&mut conn).await?.components.0)
}

#[derive(QueryableByName)]
struct ComponentsRow {
    #[diesel(sql_type = Jsonb)]
    components: Document<Vec<Component>>,
}

/// Adds up what became of each entitlement of `page`, which is a query over `entitlements e`.
///
/// The page is cut first: sums are made of the rows that are shown, not of the whole list.
fn with_sums(page: &str, way: Way) -> String {
    let Way { order, .. } = way;
    format!(
        "select e.area_id, e.id, e.cycle_id, e.program_id, e.period, e.beneficiary_id, e.enrollment_id,
             e.village_code, e.quantity - t.passed as quantity, p.unit, t.passed, t.passed_to, f.entitlement_id as passed_from,
             e.snapshot, e.breakdown, d.delivered, h.held, h.withdrawn + d.withdrawn - t.passed as withdrawn,
             e.quantity - d.delivered - h.withdrawn - d.withdrawn as left_over, k.components
         from ({page}) as e
         join programs p on p.id = e.program_id
         left join passed_entitlements f on f.area_id = e.area_id and f.new_entitlement_id = e.id
         {SUMS}
         cross join lateral ({COMPONENTS}) as k
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
