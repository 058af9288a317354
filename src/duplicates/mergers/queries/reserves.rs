//! Places on reserve lists, which go over with a household.

use diesel::sql_types::{Integer, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::rows::Hand;
use crate::db::Conn;
use crate::domain::BeneficiaryId;
use crate::error::Result;

/// In this order, with the area, the family that ends, the one that goes on, and the instant: what it is on now it does not
/// wait for; where it does not wait itself it gets the other one's place; what is left is taken off.
const STATEMENTS: [&str; 3] = [
    "update reserves r set status = 'taken', enrollment_id = e.id, version = r.version + 1, updated_at = $4
    from enrollments e
    where r.area_id = $1 and r.beneficiary_id = $3 and $2 is not null and r.status = 'waiting' and e.area_id = $1
        and e.beneficiary_id = $3 and e.program_id = r.program_id and e.status not in ('proposed', 'exited')",
    "update reserves r set beneficiary_id = $3, version = r.version + 1, updated_at = $4
    where r.area_id = $1 and r.beneficiary_id = $2 and r.status = 'waiting'
        and not exists (select from reserves o where o.area_id = $1 and o.beneficiary_id = $3
            and o.program_id = r.program_id and o.status = 'waiting')
        and not exists (select from enrollments o where o.area_id = $1 and o.beneficiary_id = $3
            and o.program_id = r.program_id and o.status not in ('proposed', 'exited'))",
    "update reserves r set status = 'removed', removal_reason = 'The family was registered twice.',
        version = r.version + 1, updated_at = $4
    where r.area_id = $1 and r.beneficiary_id = $2 and $3 is not null and r.status = 'waiting'",
];

/// Hands the places on reserve lists over, as far as the other family can wait in them.
pub(in crate::duplicates::mergers) async fn carry_reserves(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<()> {
    for statement in STATEMENTS {
        diesel::sql_query(statement)
            .bind::<Integer, _>(hand.area_id)
            .bind::<SqlUuid, _>(from)
            .bind::<SqlUuid, _>(to)
            .bind::<Timestamptz, _>(hand.at)
            .execute(&mut conn)
            .await?;
    }
    Ok(())
}
