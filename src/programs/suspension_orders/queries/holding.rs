//! What is held of entitlements: how much an order reaches, keeps back, and lets go or withdraws in the end.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Date, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Conn;
use crate::domain::{CycleId, EntitlementId, Period, ProgramId, Quantity};
use crate::error::Result;
use crate::programs::suspension_orders::model::{HoldStatus, InForce, Outcome, Part, SuspensionOrder, Within};
use crate::schema::holds;

/// An order `o` reaches a cycle `c` of a rule set `r`.
const REACHES: &str = "order_reaches(o.effective_from, o.effective_to, o.cycle_ids, c.id, c.period, r.benefit_period)";

/// The order in force that stops something of an entitlement: one that stops all of it before one that stops a
/// component, the component asked for before others, then the first that was laid.
///
/// Share the cycle before: an order that is being laid waits for the lock, one that was laid is seen.
///
/// # Errors
/// Where the database cannot be read.
pub async fn in_force(
    mut conn: &Conn,
    area_id: i32,
    (period, id): (Period, EntitlementId),
    component: Option<&str>,
) -> Result<Option<InForce>> {
    let statement = format!(
        "select o.id, o.directive_title, o.directive_number, o.component is null as is_whole
         from entitlements e
         join cycles c on c.area_id = e.area_id and c.id = e.cycle_id
         join rule_sets r on r.id = c.rule_set_id
         join suspension_orders o on o.area_id = e.area_id and o.program_id = e.program_id and o.status = 'in_force'
         where e.area_id = $1 and e.period = $2 and e.id = $3 and {REACHES}
             and (o.village_codes = '{{}}' or e.village_code = any (o.village_codes))
             and (o.component is null
                 or e.breakdown @> jsonb_build_array(jsonb_build_object('component', o.component)))
         order by o.component is not null, o.component is distinct from $4, o.id
         limit 1"
    );
    let query = diesel::sql_query(statement).bind::<Integer, _>(area_id).bind::<Date, _>(period);
    let query = query.bind::<SqlUuid, _>(id).bind::<Nullable<Text>, _>(component);
    Ok(query.get_result(&mut conn).await.optional()?)
}

/// What of entitlements orders have still to keep back, as a query with a row for each order and entitlement.
///
/// `orders` is a query of orders, the last laid having the greatest id. An order without a component reaches all that is
/// left; one with a component reaches what that brings, less what of it passed to another family, what deliveries that name
/// it gave and what orders on it took away already, and no more than is left. Nothing is held twice: each order takes, in
/// the order of ids, what those before it leave.
///
/// Placeholders: $1 area, $2 program, $3 cycle, $4 period and $5 id of an entitlement.
pub(in crate::programs::suspension_orders) fn open_part(orders: &str, within: Within) -> String {
    let (of_cycle, of_entitlement) = match within {
        Within::Program => ("", ""),
        Within::Cycle(_) => ("and c.id = $3", ""),
        Within::Entitlement(..) => ("and c.period = $4", "and e.id = $5"),
    };
    format!(
        "with reached as (
            select o.id as order_id, o.component, e.area_id, e.period, e.id, e.cycle_id, e.village_code,
                e.beneficiary_id, e.quantity, part.quantity as of_component
            from ({orders}) as o
            join cycles c on c.area_id = o.area_id and c.program_id = o.program_id and c.status = 'approved'
            join rule_sets r on r.id = c.rule_set_id
            join entitlements e on e.area_id = c.area_id and e.cycle_id = c.id and e.period = c.period
            left join lateral (
                select sum((share ->> 'quantity')::numeric) as quantity from jsonb_array_elements(e.breakdown) as share
                where o.component is not null and share ->> 'component' = o.component
            ) as part on true
            where {REACHES} {of_cycle} {of_entitlement}
                and (o.village_codes = '{{}}' or e.village_code = any (o.village_codes))
                and (o.component is null or part.quantity > 0)
        ), known as (
            select r.*, r.quantity - coalesce(d.gone, 0) - coalesce(h.taken, 0) as room,
                case when r.component is null then r.quantity
                    else greatest(r.of_component - n.of_component - v.of_component - coalesce(h.of_component, 0), 0)
                    end as wanted
            from reached r
            cross join lateral (
                select coalesce(sum(quantity + withdrawn), 0) as of_component from component_aid_given
                where r.component is not null and area_id = r.area_id and period = r.period and entitlement_id = r.id
                    and component = r.component
            ) v
            cross join lateral (
                select coalesce(sum((share ->> 'quantity')::numeric), 0) as of_component
                from passed_entitlements p
                join entitlements w on w.area_id = p.area_id and w.period = p.period and w.id = p.new_entitlement_id
                cross join jsonb_array_elements(w.breakdown) as share
                where r.component is not null and p.area_id = r.area_id and p.entitlement_id = r.id
                    and share ->> 'component' = r.component
            ) n
            left join lateral (
                select sum(quantity + withdrawn) as gone from aid_given
                where area_id = r.area_id and period = r.period and entitlement_id = r.id
            ) d on true
            left join lateral (
                select sum(t.taken) as taken, sum(t.taken) filter (where o.component = r.component) as of_component
                from (
                    select suspension_order_id, case status when 'held' then quantity else withdrawn_quantity end as taken
                    from holds where area_id = r.area_id and entitlement_id = r.id
                ) t
                join suspension_orders o on o.area_id = r.area_id and o.id = t.suspension_order_id
            ) h on true
        ), in_turn as (
            select k.*, sum(wanted) over (partition by k.id order by k.order_id) as up_to
            from (
                select *, row_number() over (partition by id, component order by order_id) as place from known
            ) k
            where room > 0 and place = 1
        )
        select order_id, period, id, cycle_id, village_code, beneficiary_id,
            least(room, up_to) - least(room, up_to - wanted) as quantity
        from in_turn"
    )
}

/// A statement whose first five placeholders are those of [`open_part`].
pub(in crate::programs::suspension_orders) fn bound(
    statement: String,
    (area_id, program_id): (i32, ProgramId),
    within: Within,
) -> BoxedSqlQuery<'static, Pg, SqlQuery> {
    let (cycle_id, period, id): (Option<CycleId>, Option<Period>, Option<EntitlementId>) = match within {
        Within::Program => (None, None, None),
        Within::Cycle(cycle_id) => (Some(cycle_id), None, None),
        Within::Entitlement(period, id) => (None, Some(period), Some(id)),
    };
    diesel::sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Integer, _>(area_id)
        .bind::<SqlUuid, _>(program_id)
        .bind::<Nullable<SqlUuid>, _>(cycle_id)
        .bind::<Nullable<Date>, _>(period)
        .bind::<Nullable<SqlUuid>, _>(id)
}

/// Orders on a program in an area that are in force.
pub(in crate::programs::suspension_orders) const IN_FORCE: &str = "
    select id, area_id, program_id, component, village_codes, cycle_ids, effective_from, effective_to
    from suspension_orders where area_id = $1 and program_id = $2 and status = 'in_force'";

/// Holds what is due, not delivered and not held yet in the approved cycles of a program that orders in force reach.
/// Returns how many holds were made; doing it again makes none.
///
/// Under two orders the first one holds; when it is released, the other takes over what is left. Hold the cycles, or what
/// is held alone, before: whoever else adds holds to them waits.
///
/// # Errors
/// Where the database refuses.
pub async fn hold(
    mut conn: &Conn,
    (area_id, program_id): (i32, ProgramId),
    within: Within,
    now: DateTime<Utc>,
) -> Result<usize> {
    let statement = format!(
        "insert into holds (area_id, id, suspension_order_id, period, entitlement_id, beneficiary_id, quantity, status,
            created_at)
         select $1, derive_id(derive_id($6, order_id), id), order_id, period, id, beneficiary_id, quantity, 'held', $7
         from ({}) as open_part
         where quantity > 0",
        open_part(IN_FORCE, within)
    );
    let query = bound(statement, (area_id, program_id), within).bind::<SqlUuid, _>(Uuid::now_v7());
    Ok(query.bind::<Timestamptz, _>(now).execute(&mut conn).await?)
}

/// What is held of an entitlement. Lock it before.
///
/// # Errors
/// Where the database cannot be read.
pub async fn held(mut conn: &Conn, area_id: i32, entitlement_id: EntitlementId) -> Result<Quantity> {
    let of_it = holds::table.filter(holds::area_id.eq(area_id)).filter(holds::entitlement_id.eq(entitlement_id));
    let sum = diesel::dsl::sum(holds::quantity);
    let total: Option<Quantity> = of_it.filter(holds::status.eq(HoldStatus::Held)).select(sum).first(&mut conn).await?;
    Ok(total.unwrap_or_else(Quantity::zero))
}

/// Ends the holds of an order; what each releases and withdraws adds up to what it held.
///
/// What is counted up of an entitlement is cut, not each hold, so that two holds of one come to what a single one would. An
/// entitlement of which something passed is for the months before, the one that it passed to for those from then on.
pub(in crate::programs::suspension_orders) async fn end(
    mut conn: &Conn,
    order: &SuspensionOrder,
    (outcome, part): (Outcome, &Part),
    now: DateTime<Utc>,
) -> Result<usize> {
    let statement = "
        with counted as (
            select h.id, h.entitlement_id, h.quantity, n.months,
                greatest((extract(year from n.up_to) - extract(year from n.since)) * 12
                    + extract(month from n.up_to) - extract(month from n.since), 0) as lapsed_months,
                sum(h.quantity) over (partition by h.entitlement_id order by h.id) as up_to
            from holds h
            join entitlements e on e.area_id = h.area_id and e.period = h.period and e.id = h.entitlement_id
            join cycles c on c.area_id = e.area_id and c.id = e.cycle_id
            join rule_sets r on r.id = c.rule_set_id
            left join passed_entitlements f on f.area_id = h.area_id and f.new_entitlement_id = h.entitlement_id
            left join passed_entitlements t on t.area_id = h.area_id and t.entitlement_id = h.entitlement_id
            cross join lateral (
                select r.benefit_period <> 'once' as is_by_month,
                    (h.period + make_interval(months => months_of(r.benefit_period)))::date as beyond
            ) m
            cross join lateral (
                select
                    greatest(h.period, case when m.is_by_month
                        then date_trunc('month', f.taken_over_on::timestamp)::date end) as first_month,
                    least(m.beyond, case when m.is_by_month
                        then date_trunc('month', t.taken_over_on::timestamp)::date end) as beyond
            ) w
            cross join lateral (
                select
                    greatest((extract(year from w.beyond) - extract(year from w.first_month)) * 12
                        + extract(month from w.beyond) - extract(month from w.first_month), 1) as months,
                    greatest(w.first_month, date_trunc('month', $9::timestamp)::date) as since,
                    case when $8 is null then w.first_month else least(w.beyond,
                        date_trunc('month', $8::timestamp),
                        date_trunc('month', $10::timestamp) + interval '1 month')::date end as up_to
            ) n
            where h.area_id = $1 and h.suspension_order_id = $2 and h.status = 'held'
        ), kept as (
            select *, trunc(up_to * (months - lapsed_months) / months, $7) as kept_up_to from counted
        ), let_go as (
            select *, case $3 when 'released' then kept_up_to when 'voided' then 0
                else least(kept_up_to, coalesce($5, trunc(kept_up_to * $6, $7))) end as released_up_to
            from kept
        ), ended as (
            select id, kept_up_to - lag(kept_up_to, 1, 0::numeric) over of_one as kept,
                released_up_to - lag(released_up_to, 1, 0::numeric) over of_one as released
            from let_go window of_one as (partition by entitlement_id order by id)
        )
        update holds
        set status = $3, ended_at = $4, released_quantity = o.released, withdrawn_quantity = quantity - o.released,
            lapsed_quantity = quantity - o.kept
        from ended as o
        where holds.area_id = $1 and holds.id = o.id";
    let query = diesel::sql_query(statement).bind::<Integer, _>(order.area_id).bind::<SqlUuid, _>(order.id);
    let query = query.bind::<Text, _>(outcome).bind::<Timestamptz, _>(now);
    let query = query.bind::<Nullable<Numeric>, _>(part.each.as_ref());
    let query = query.bind::<Nullable<Numeric>, _>(part.factor.as_ref()).bind::<Integer, _>(part.digits);
    let query = query.bind::<Nullable<Date>, _>(part.resumes_on).bind::<Date, _>(order.effective_from);
    Ok(query.bind::<Nullable<Date>, _>(order.effective_to).execute(&mut conn).await?)
}

/// What holds have taken away from an entitlement for good: it is never delivered.
///
/// # Errors
/// Where the database cannot be read.
pub async fn withdrawn(mut conn: &Conn, area_id: i32, entitlement_id: EntitlementId) -> Result<Quantity> {
    let sum = diesel::dsl::sum(holds::withdrawn_quantity);
    let of_it = holds::table.filter(holds::area_id.eq(area_id)).filter(holds::entitlement_id.eq(entitlement_id));
    let total: Option<Quantity> = of_it.select(sum).first(&mut conn).await?;
    Ok(total.unwrap_or_else(Quantity::zero))
}
