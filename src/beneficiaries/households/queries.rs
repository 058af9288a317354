//! One statement a function: what rests on a family ends with it.
//!
//! Enrollments, needs, custodies and empowerment plans belong to features further down. Their rows end here all the same,
//! in the transaction that ends the family, whichever way it ended: no other place sees them all.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{EndedEnrollment, EndedNeed};
use crate::beneficiaries::model::BeneficiaryRow;
use crate::db::Conn;
use crate::domain::{AllocationId, BeneficiaryId, CustodyId, EmpowermentPlanId, ReserveId, Scope};
use crate::error::Result;
use crate::schema::{allocations, beneficiaries};

/// Locks families in the order of their ids, so that two commands about the same two cannot wait for each other.
pub(super) async fn lock_all(mut conn: &Conn, scope: &Scope, ids: [BeneficiaryId; 2]) -> Result<Vec<BeneficiaryRow>> {
    let rows = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq_any(ids))
        .order((beneficiaries::id, beneficiaries::version.desc()))
        .for_update()
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Ends the enrollments of a family, each with its version before kept.
pub(super) async fn end_enrollments(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    (exit_reason, on): (&str, NaiveDate),
    (client_id, at): (&str, DateTime<Utc>),
) -> Result<Vec<EndedEnrollment>> {
    let ended = diesel::sql_query(
        "with ending as (
            select * from enrollments where area_id = $1 and beneficiary_id = $2 and status <> 'exited' for update
        ), kept as (
            insert into enrollments_history (area_id, id, valid_from, valid_to, version, record, client_id)
            select area_id, id, updated_at, greatest($3, updated_at + interval '1 microsecond'), version, to_jsonb(e), $4
            from ending e
        )
        update enrollments e
        set status = 'exited', suspension_reason = null, exit_reason = $5, ended_on = greatest($6, e.started_on),
            version = e.version + 1, updated_at = greatest($3, e.updated_at + interval '1 microsecond')
        from ending where e.area_id = $1 and e.area_id = ending.area_id and e.id = ending.id
        returning e.id as enrollment_id, e.program_id, ending.status = 'suspended' as was_suspended,
            exists (
                select from enrollments other where other.area_id = $1 and other.beneficiary_id = $7
                    and other.program_id = e.program_id and other.status <> 'exited'
            ) as is_continued",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Timestamptz, _>(at)
    .bind::<Text, _>(client_id)
    .bind::<Text, _>(exit_reason)
    .bind::<Date, _>(on)
    .bind::<Nullable<SqlUuid>, _>(family.continued_in_id)
    .load(&mut conn)
    .await?;
    Ok(ended)
}

/// A family that ended, with its area, and the family that goes on, where there is one.
pub(super) type Left = (i32, BeneficiaryId, Option<BeneficiaryId>);

/// Withdraws the needs of a family that are open or that something is reserved for; the family that goes on, where there is
/// one, needs what was lacking. Nothing is handed over to a family that ended, so what is reserved is lacking.
pub(super) async fn end_needs(
    mut conn: &Conn,
    (area_id, id, continued_in_id): Left,
    reason: &str,
    (client_id, at): (&str, DateTime<Utc>),
) -> Result<Vec<EndedNeed>> {
    let ended = diesel::sql_query(
        "with resting as (
            select n.id, case n.status when 'open' then n.quantity - n.met_quantity else 0 end + coalesce((
                select sum(a.quantity - a.delivered_quantity) from allocations a
                where a.area_id = $1 and a.beneficiary_id = $2 and a.need_id = n.id and a.status = 'reserved'
            ), 0) as lacking
            from needs n where n.area_id = $1 and n.beneficiary_id = $2
        ), ending as (
            update needs n
            set status = 'withdrawn', withdrawal_reason = coalesce(n.withdrawal_reason, $3), version = n.version + 1,
                updated_at = $4
            from resting r where n.area_id = $1 and n.id = r.id and (n.status = 'open' or r.lacking > 0)
            returning n.id, n.kind, r.lacking
        ), carried as (
            insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
            select $1, derive_id($5, e.id), $6, e.kind, least(e.lacking, k.family_quantity_max), 'open', $7, $4, $4
            from (
                select kind, (array_agg(id order by id))[1] as id, sum(lacking) as lacking from ending group by kind
            ) as e join need_kinds k on k.code = e.kind
            where $6 is not null
            on conflict (area_id, beneficiary_id, kind) where status = 'open' do nothing
            returning id, kind
        )
        select ending.id as need_id, ending.kind, ending.lacking, carried.id as carried_to_id
        from ending left join carried on carried.kind = ending.kind order by ending.id",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(reason)
    .bind::<Timestamptz, _>(at)
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Nullable<SqlUuid>, _>(continued_in_id)
    .bind::<Text, _>(client_id)
    .load(&mut conn)
    .await?;
    Ok(ended)
}

#[derive(QueryableByName)]
struct Removed {
    #[diesel(sql_type = SqlUuid)]
    id: ReserveId,
}

/// Takes a family off the reserve lists that it waits on.
pub(super) async fn end_reserves(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    reason: &str,
    at: DateTime<Utc>,
) -> Result<Vec<ReserveId>> {
    let removed: Vec<Removed> = diesel::sql_query(
        "update reserves set status = 'removed', removal_reason = $3, version = version + 1, updated_at = $4
        where area_id = $1 and beneficiary_id = $2 and status = 'waiting' returning id",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Text, _>(reason)
    .bind::<Timestamptz, _>(at)
    .load(&mut conn)
    .await?;
    Ok(removed.into_iter().map(|row| row.id).collect())
}

/// Hands the equipment that a family has over to the family that goes on, where there is one; the live custodies.
pub(super) async fn carry_custodies(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    at: DateTime<Utc>,
) -> Result<Vec<CustodyId>> {
    let carried: Vec<Kept> = diesel::sql_query(
        "with live as (
            select area_id, id from custodies
            where area_id = $1 and beneficiary_id = $2 and ended_on is null order by id for no key update
        ), carried as (
            update custodies c set beneficiary_id = $3, version = c.version + 1,
                updated_at = greatest($4, c.updated_at + interval '1 microsecond')
            from live where c.area_id = live.area_id and c.id = live.id and $3 is not null
        )
        select id from live",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Nullable<SqlUuid>, _>(family.continued_in_id)
    .bind::<Timestamptz, _>(at)
    .load(&mut conn)
    .await?;
    Ok(carried.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct Kept {
    #[diesel(sql_type = SqlUuid)]
    id: CustodyId,
}

/// A plan of a family that ended, and whether another family goes on with it.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(in crate::beneficiaries) struct LeftPlan {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::beneficiaries) id: EmpowermentPlanId,
    #[diesel(sql_type = Bool)]
    pub(in crate::beneficiaries) goes_on: bool,
}

/// Hands the plans in progress of a family over to the family that goes on, where there is one without a plan of the
/// program; the others end.
pub(super) async fn leave_plans(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    (reason, on): (&str, NaiveDate),
    (client_id, at): (&str, DateTime<Utc>),
) -> Result<Vec<LeftPlan>> {
    let left = diesel::sql_query(
        "with live as (
            select id, program_id from empowerment_plans
            where area_id = $1 and beneficiary_id = $2 and status = 'in_progress' order by id for no key update
        ), going as (
            select id, $3 is not null and not exists (
                select from empowerment_plans o where o.area_id = $1 and o.beneficiary_id = $3
                    and o.program_id = live.program_id and o.status = 'in_progress'
            ) as goes_on from live
        )
        update empowerment_plans p set version = p.version + 1,
            updated_at = greatest($4, p.updated_at + interval '1 microsecond'),
            beneficiary_id = case when g.goes_on then $3 else p.beneficiary_id end,
            status = case when g.goes_on then p.status else 'ended' end,
            ended_on = case when not g.goes_on then greatest($5, p.started_on) end,
            end_reason = case when not g.goes_on then $6 end, ended_by = case when not g.goes_on then $7 end
        from going as g where p.area_id = $1 and p.id = g.id returning p.id, g.goes_on",
    );
    let left = left
        .bind::<Integer, _>(family.area_id)
        .bind::<SqlUuid, _>(family.id)
        .bind::<Nullable<SqlUuid>, _>(family.continued_in_id)
        .bind::<Timestamptz, _>(at)
        .bind::<Date, _>(on)
        .bind::<Text, _>(reason)
        .bind::<Text, _>(client_id);
    Ok(left.load(&mut conn).await?)
}

/// Holds what is reserved for families, and then their needs, until the transaction ends: nobody hands over, releases or
/// reserves anything for them meanwhile.
pub(crate) async fn hold_reserved(mut conn: &Conn, area_id: i32, ids: &[BeneficiaryId]) -> Result<()> {
    for held in [
        "select 1 from allocations where area_id = $1 and beneficiary_id = any ($2) and status = 'reserved' order by id
            for no key update",
        "select 1 from needs where area_id = $1 and beneficiary_id = any ($2) order by id for no key update",
    ] {
        let held = diesel::sql_query(held).bind::<Integer, _>(area_id).bind::<Array<SqlUuid>, _>(ids);
        held.execute(&mut conn).await?;
    }
    Ok(())
}

/// What is reserved for a family.
pub(super) async fn reserved(mut conn: &Conn, area_id: i32, id: BeneficiaryId) -> Result<Vec<AllocationId>> {
    let reserved = allocations::table
        .filter(allocations::area_id.eq(area_id))
        .filter(allocations::beneficiary_id.eq(id))
        .filter(allocations::status.eq("reserved"))
        .order(allocations::id)
        .select(allocations::id);
    Ok(reserved.load(&mut conn).await?)
}
