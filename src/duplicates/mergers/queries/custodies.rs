//! Equipment that the families have, which goes over with a household.

use diesel::sql_types::{Array, Integer, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::rows::{Hand, Id};
use crate::db::Conn;
use crate::domain::BeneficiaryId;
use crate::error::Result;

/// Locks the live custodies of locked families: nobody takes equipment back between what is kept and what is written.
pub(in crate::duplicates::mergers) async fn hold_custodies(
    mut conn: &Conn,
    area_id: i32,
    families: &[BeneficiaryId],
) -> Result<()> {
    diesel::sql_query(
        "select id from custodies where area_id = $1 and beneficiary_id = any ($2) and ended_on is null
        order by id for no key update",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Array<SqlUuid>, _>(families)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Hands the equipment of a family over to the one that goes on; ids of the custodies. What it gave back stays its past.
pub(in crate::duplicates::mergers) async fn carry_custodies(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<Vec<Uuid>> {
    let rows: Vec<Id> = diesel::sql_query(
        "update custodies set beneficiary_id = $3, version = version + 1,
            updated_at = greatest($4, updated_at + interval '1 microsecond')
        where area_id = $1 and beneficiary_id = $2 and ended_on is null returning id",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .bind::<Timestamptz, _>(hand.at)
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}
