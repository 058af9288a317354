//! One statement a function: what rests on a family ends with it.
//!
//! Enrollments, needs and custodies belong to features further down. Their rows end here all the same, in the transaction that
//! ends the family, whichever way it ended: no other place sees them all.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{EndedEnrollment, EndedNeed};
use crate::beneficiaries::model::BeneficiaryRow;
use crate::db::Conn;
use crate::domain::{AllocationId, BeneficiaryId, CustodyId, ReserveId, Scope};
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

/// Withdraws the open needs of a family; the family that goes on, where there is one, needs what was unmet.
pub(super) async fn end_needs(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    reason: &str,
    (client_id, at): (&str, DateTime<Utc>),
) -> Result<Vec<EndedNeed>> {
    let ended = diesel::sql_query(
        "with ending as (
            update needs
            set status = 'withdrawn', withdrawal_reason = $3, version = version + 1, updated_at = $4
            where area_id = $1 and beneficiary_id = $2 and status = 'open'
            returning id, kind, quantity - met_quantity as unmet
        ), carried as (
            insert into needs (area_id, id, beneficiary_id, kind, quantity, status, recorded_by, created_at, updated_at)
            select $1, derive_id($5, id), $6, kind, unmet, 'open', $7, $4, $4 from ending where $6 is not null
            on conflict (area_id, beneficiary_id, kind) where status = 'open' do nothing
            returning id, kind
        )
        select ending.id as need_id, ending.kind, carried.id as carried_to_id
        from ending left join carried on carried.kind = ending.kind",
    )
    .bind::<Integer, _>(family.area_id)
    .bind::<SqlUuid, _>(family.id)
    .bind::<Text, _>(reason)
    .bind::<Timestamptz, _>(at)
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Nullable<SqlUuid>, _>(family.continued_in_id)
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

/// What is reserved for a family.
pub(super) async fn reserved(mut conn: &Conn, family: &BeneficiaryRow) -> Result<Vec<AllocationId>> {
    let reserved = allocations::table
        .filter(allocations::area_id.eq(family.area_id))
        .filter(allocations::beneficiary_id.eq(family.id))
        .filter(allocations::status.eq("reserved"))
        .order(allocations::id)
        .select(allocations::id);
    Ok(reserved.load(&mut conn).await?)
}
