//! What a merger writes of memberships; each keeps what it was.

use diesel::sql_types::{Array, Date, Integer, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::rows::Hand;
use crate::db::Conn;
use crate::domain::{BeneficiaryId, MemberId};
use crate::error::Result;

/// Keeps what the live memberships of members are, before they change.
pub(in crate::duplicates::mergers) async fn keep_ties(
    mut conn: &Conn,
    hand: Hand<'_>,
    members: &[MemberId],
) -> Result<()> {
    diesel::sql_query(
        "insert into memberships_history (area_id, id, valid_from, valid_to, record, client_id)
        select area_id, id, valid_from, greatest($3, valid_from + interval '1 microsecond'), to_jsonb(t), $4
        from memberships t where area_id = $1 and member_id = any ($2) and ended_on is null",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(members)
    .bind::<Timestamptz, _>(hand.at)
    .bind::<Text, _>(hand.client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Ends the memberships of members: their record is continued in another, or in another family.
pub(in crate::duplicates::mergers) async fn end_ties(
    mut conn: &Conn,
    hand: Hand<'_>,
    members: &[MemberId],
) -> Result<()> {
    diesel::sql_query(
        "update memberships set ended_on = greatest($3, started_on), end_reason = 'merged',
            valid_from = greatest($4, valid_from + interval '1 microsecond')
        where area_id = $1 and member_id = any ($2) and ended_on is null",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(members)
    .bind::<Date, _>(hand.today)
    .bind::<Timestamptz, _>(hand.at)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Ties members to another family; who was a head there is other kin here.
pub(in crate::duplicates::mergers) async fn move_ties(
    mut conn: &Conn,
    hand: Hand<'_>,
    (members, to): (&[MemberId], BeneficiaryId),
) -> Result<()> {
    diesel::sql_query(
        "with ended as (
            update memberships set ended_on = greatest($3, started_on), end_reason = 'merged',
                valid_from = greatest($6, valid_from + interval '1 microsecond')
            where area_id = $1 and member_id = any ($2) and ended_on is null
            returning member_id, relationship, valid_from
        )
        insert into memberships (area_id, id, beneficiary_id, member_id, relationship, started_on, valid_from)
        select $1, derive_id($5, member_id), $4, member_id,
            case relationship when 'head' then 'other_kin' else relationship end, $3, valid_from
        from ended",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<Array<SqlUuid>, _>(members)
    .bind::<Date, _>(hand.today)
    .bind::<SqlUuid, _>(to)
    .bind::<SqlUuid, _>(Uuid::now_v7())
    .bind::<Timestamptz, _>(hand.at)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Makes a member the head of its family.
pub(in crate::duplicates::mergers) async fn succeed(mut conn: &Conn, hand: Hand<'_>, member: MemberId) -> Result<()> {
    diesel::sql_query(
        "update memberships set relationship = 'head', valid_from = greatest($3, valid_from + interval '1 microsecond')
        where area_id = $1 and member_id = $2 and ended_on is null",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<SqlUuid, _>(member)
    .bind::<Timestamptz, _>(hand.at)
    .execute(&mut conn)
    .await?;
    Ok(())
}
