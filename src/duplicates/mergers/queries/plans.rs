//! Empowerment plans of the families: those in progress go over with a household.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::rows::Hand;
use crate::db::Conn;
use crate::domain::{BeneficiaryId, EmpowermentPlanId};
use crate::error::Result;

/// Locks the plans of locked families that are in progress: no milestone of them is reached between what is kept and
/// what is written.
pub(in crate::duplicates::mergers) async fn hold_plans(
    mut conn: &Conn,
    area_id: i32,
    families: &[BeneficiaryId],
) -> Result<()> {
    diesel::sql_query(
        "select id from empowerment_plans where area_id = $1 and beneficiary_id = any ($2) and status = 'in_progress'
        order by id for no key update",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(families)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// A plan, and whether it goes on.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(in crate::duplicates::mergers) struct CarriedPlan {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::duplicates::mergers) id: EmpowermentPlanId,
    #[diesel(sql_type = Bool)]
    pub(in crate::duplicates::mergers) goes_on: bool,
}

/// Hands the plans of a family over to the one that goes on; where that has one of the program itself, the plan ends.
pub(in crate::duplicates::mergers) async fn carry_plans(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<Vec<CarriedPlan>> {
    let carried = diesel::sql_query(
        "update empowerment_plans p set version = p.version + 1,
            updated_at = greatest($4, p.updated_at + interval '1 microsecond'),
            beneficiary_id = case when k.goes_on then $3 else p.beneficiary_id end,
            status = case when k.goes_on then p.status else 'ended' end,
            ended_on = case when not k.goes_on then greatest($5, p.started_on) end,
            end_reason = case when not k.goes_on then 'merged' end, ended_by = case when not k.goes_on then $6 end
        from (
            select f.id, not exists (
                select from empowerment_plans o where o.area_id = $1 and o.beneficiary_id = $3
                    and o.program_id = f.program_id and o.status = 'in_progress'
            ) as goes_on
            from empowerment_plans f
            where f.area_id = $1 and f.beneficiary_id = $2 and f.status = 'in_progress'
        ) as k
        where p.area_id = $1 and p.id = k.id returning p.id, k.goes_on",
    );
    let carried = carried
        .bind::<Integer, _>(hand.area_id)
        .bind::<SqlUuid, _>(from)
        .bind::<SqlUuid, _>(to)
        .bind::<Timestamptz, _>(hand.at)
        .bind::<Date, _>(hand.today)
        .bind::<Text, _>(hand.client_id);
    Ok(carried.load(&mut conn).await?)
}
