//! Needs that a merger recorded.

use diesel::sql_types::{Integer, Jsonb, Text, Timestamptz};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::rows::Hand;
use crate::db::Conn;
use crate::error::Result;

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
