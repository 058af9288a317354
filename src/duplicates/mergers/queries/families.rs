//! What the family that goes on takes of the one that ends: fields of its record, and welfare ranks.

use diesel::sql_types::{Array, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::rows::Hand;
use crate::db::Conn;
use crate::domain::BeneficiaryId;
use crate::duplicates::mergers::model::TakenFamilyField;
use crate::error::Result;

/// Gives a family what it lacks, what is to be taken from the one that ends, and the rank of the later period.
pub(in crate::duplicates::mergers) async fn take_family(
    mut conn: &Conn,
    area_id: i32,
    (from, to): (BeneficiaryId, BeneficiaryId),
    take: &[TakenFamilyField],
) -> Result<()> {
    let take: Vec<&str> = take.iter().map(|field| field.as_str()).collect();
    diesel::sql_query(
        "update beneficiaries k set
            village_code = case when 'village_code' = any ($4) then g.village_code else k.village_code end,
            address = case when 'address' = any ($4) then g.address else coalesce(k.address, g.address) end,
            phone = case when 'phone' = any ($4) then g.phone else coalesce(k.phone, g.phone) end,
            verified_at = case when t.is_verification then g.verified_at else k.verified_at end,
            verified_by = case when t.is_verification then g.verified_by else k.verified_by end,
            decile = case when t.is_rank then g.decile else k.decile end,
            decile_source = case when t.is_rank then g.decile_source else k.decile_source end,
            decile_period = case when t.is_rank then g.decile_period else k.decile_period end
        from (
            select one.id, one.verified_at is null or 'verification' = any ($4) as is_verification,
                one.decile_period is null or other.decile_period > one.decile_period as is_rank
            from beneficiaries one cross join beneficiaries other
            where one.area_id = $1 and one.id = $3 and other.area_id = $1 and other.id = $2
        ) as t, beneficiaries g
        where k.area_id = $1 and k.id = t.id and g.area_id = $1 and g.id = $2",
    )
    .bind::<Integer, _>(area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .bind::<Array<Text>, _>(take)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Adds the ranks of the family that ends, of the sources and periods that the other one has none of.
pub(in crate::duplicates::mergers) async fn carry_ranks(
    mut conn: &Conn,
    hand: Hand<'_>,
    (from, to): (BeneficiaryId, BeneficiaryId),
) -> Result<()> {
    diesel::sql_query(
        "insert into welfare_ranks (area_id, beneficiary_id, source, period, decile, recorded_at)
        select area_id, $3, source, period, decile, $4 from welfare_ranks where area_id = $1 and beneficiary_id = $2
        on conflict (area_id, beneficiary_id, source, period) do nothing",
    )
    .bind::<Integer, _>(hand.area_id)
    .bind::<SqlUuid, _>(from)
    .bind::<SqlUuid, _>(to)
    .bind::<Timestamptz, _>(hand.at)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Takes away the ranks that a merger had added; none where it was made before ranks were carried.
pub(in crate::duplicates::mergers) async fn take_back_ranks(
    mut conn: &Conn,
    area_id: i32,
    (before, after): (&Value, &Value),
) -> Result<()> {
    diesel::sql_query(
        "delete from welfare_ranks w
        using jsonb_populate_recordset(null::welfare_ranks, $3 -> 'welfare_ranks') as a
        where w.area_id = $1 and a.area_id = $1
            and w.beneficiary_id = a.beneficiary_id and w.source = a.source and w.period = a.period
            and not exists (
                select from jsonb_populate_recordset(null::welfare_ranks, $2 -> 'welfare_ranks') as b
                where b.beneficiary_id = a.beneficiary_id and b.source = a.source and b.period = a.period)",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Jsonb, _>(before)
    .bind::<Jsonb, _>(after)
    .execute(&mut conn)
    .await?;
    Ok(())
}
