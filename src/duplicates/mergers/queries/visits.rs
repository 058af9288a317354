//! What a merger of whole families does to visits, and to lists of families to visit.

use diesel::sql_types::{Array, Integer, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::rows::{Hand, Id};
use crate::db::Conn;
use crate::domain::BeneficiaryId;
use crate::error::Result;

/// What the family that ends has yet to be visited for, locked: its tasks of open rounds that the other is not on.
pub(in crate::duplicates::mergers) async fn open_tasks(
    mut conn: &Conn,
    area_id: i32,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<Vec<Uuid>> {
    let rows: Vec<Id> = diesel::sql_query(
        "select t.id from verification_tasks t
        join verification_rounds r on r.area_id = t.area_id and r.id = t.round_id and r.status = 'open'
        where t.area_id = $1 and t.beneficiary_id = $2 and t.finding is null and not exists (
            select from verification_tasks o
            where o.area_id = $1 and o.round_id = t.round_id and o.beneficiary_id = $3)
        order by t.id for update of t",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Hands locked tasks over to the family that goes on.
pub(in crate::duplicates::mergers) async fn carry_tasks(
    mut conn: &Conn,
    hand: Hand<'_>,
    (tasks, to): (&[Uuid], BeneficiaryId),
) -> Result<()> {
    diesel::sql_query("update verification_tasks set beneficiary_id = $3 where area_id = $1 and id = any ($2)")
        .bind::<Integer, _>(hand.area_id)
        .bind::<Array<SqlUuid>, _>(tasks)
        .bind::<SqlUuid, _>(to)
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Lets the visits of a family count for the one that goes on as well.
pub(in crate::duplicates::mergers) async fn carry_visits(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<()> {
    diesel::sql_query(
        "insert into carried_visits (area_id, beneficiary_id, visit_id)
        select $1, $3, id from family_visits where area_id = $1 and beneficiary_id = $2
        on conflict (area_id, beneficiary_id, visit_id) do nothing",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .execute(&mut conn)
    .await?;
    Ok(())
}
