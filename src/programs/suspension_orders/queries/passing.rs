//! What is held of what passes to another family is held on there.

use chrono::{DateTime, Utc};
use diesel::sql_query;
use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::db::Conn;
use crate::domain::ReplacementId;
use crate::error::Result;

/// Ends the holds of what passed by a replacement where a part of them passed: each order holds that part of the new
/// entitlement from now on, and the rest of the old one. What it holds of both is as much as it held.
///
/// Hold the entitlements and share their cycles before: who lays or releases an order waits.
///
/// # Errors
/// Where the database refuses.
pub async fn pass(
    mut conn: &Conn,
    (area_id, replacement_id): (i32, ReplacementId),
    digits: u8,
    now: DateTime<Utc>,
) -> Result<()> {
    let query = sql_query(
        "with counted as (
            select h.id, h.suspension_order_id, h.period, h.entitlement_id, h.beneficiary_id, h.quantity,
                p.new_entitlement_id, p.new_beneficiary_id, p.held_quantity,
                sum(h.quantity) over (partition by h.entitlement_id order by h.id) as up_to,
                sum(h.quantity) over (partition by h.entitlement_id) as of_all
            from passed_entitlements p
            join holds h on h.area_id = p.area_id and h.entitlement_id = p.entitlement_id and h.status = 'held'
            where p.area_id = $1 and h.area_id = $1 and p.replacement_id = $2
        ), part as (
            select *, trunc(held_quantity * up_to / of_all, $3) - trunc(held_quantity * (up_to - quantity) / of_all, $3)
                as passes
            from counted
        ), ended as (
            update holds set status = 'passed', ended_at = $4, passed_quantity = part.passes
            from part where holds.area_id = $1 and holds.id = part.id and part.passes > 0
        )
        insert into holds (area_id, id, suspension_order_id, period, entitlement_id, beneficiary_id, quantity, status,
            created_at)
        select $1, derive_id(derive_id($5, suspension_order_id), entitlement_id), suspension_order_id, period,
            entitlement_id, beneficiary_id, quantity, 'held', $4
        from (
            select suspension_order_id, period, entitlement_id, beneficiary_id, sum(quantity - passes) as quantity
            from part where passes > 0 group by suspension_order_id, period, entitlement_id, beneficiary_id
            union all
            select suspension_order_id, period, new_entitlement_id, new_beneficiary_id, sum(passes)
            from part where passes > 0 group by suspension_order_id, period, new_entitlement_id, new_beneficiary_id
        ) as next
        where quantity > 0",
    );
    let query = query.bind::<Integer, _>(area_id).bind::<SqlUuid, _>(replacement_id);
    let query = query.bind::<Integer, _>(i32::from(digits)).bind::<Timestamptz, _>(now);
    query.bind::<SqlUuid, _>(Uuid::now_v7()).execute(&mut conn).await?;
    Ok(())
}
