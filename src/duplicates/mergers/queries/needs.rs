//! Needs of the families: those that nothing is reserved for go over with a household.

use diesel::sql_types::{Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use super::rows::{Hand, Id};
use crate::db::Conn;
use crate::domain::BeneficiaryId;
use crate::error::Result;

/// Hands over open needs of kinds that the other family has none of and nothing is reserved for; their ids.
pub(in crate::duplicates::mergers) async fn carry_needs(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<Vec<Uuid>> {
    let rows: Vec<Id> = diesel::sql_query(
        "update needs n set beneficiary_id = $3, version = n.version + 1, updated_at = $4
        where n.area_id = $1 and n.beneficiary_id = $2 and n.status = 'open' and n.met_quantity = 0
            and not exists (select from needs o where o.area_id = $1 and o.beneficiary_id = $3
                and o.kind = n.kind and o.status = 'open')
            and not exists (select from allocations a
                where a.area_id = $1 and a.beneficiary_id = $2 and a.need_id = n.id)
        returning n.id",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .bind::<Timestamptz, _>(hand.at)
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Withdraws the needs that a merger recorded for the family that goes on: what was lacking is needed where it was before.
pub(in crate::duplicates::mergers) async fn withdraw_carried_needs(
    mut conn: &Conn,
    hand: Hand<'_>,
    (before, after): (&Value, &Value),
) -> Result<()> {
    diesel::sql_query(
        "update needs n set status = 'withdrawn', withdrawal_reason = $5, version = n.version + 1,
            updated_at = greatest($4, n.updated_at + interval '1 microsecond')
        from jsonb_populate_recordset(null::needs, $3 -> 'needs') as a
        where n.area_id = $1 and n.id = a.id and not exists (
            select from jsonb_populate_recordset(null::needs, $2 -> 'needs') as b where b.id = a.id)",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Jsonb, _>(before)
    .bind::<Jsonb, _>(after)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<Text, _>("The merger was undone.")
    .execute(&mut conn)
    .await?;
    Ok(())
}
