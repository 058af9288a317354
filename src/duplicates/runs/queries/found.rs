//! Statements that merge what a run found into the queue.

use chrono::{DateTime, Utc};
use diesel::sql_types::{Array, Integer, Jsonb, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::beneficiaries::Finding;
use crate::db::{Conn, Counted};
use crate::domain::{DuplicatePairId, DuplicateRunId};
use crate::duplicates::runs::compute::FoundPair;
use crate::duplicates::runs::model::Unfound;
use crate::error::{Error, Result};

/// Makes the table that the pairs of a run stand in until they are merged into the queue.
pub(in crate::duplicates::runs) async fn stage(mut conn: &Conn) -> Result<()> {
    diesel::sql_query(
        "create temporary table found_pair (
            one_member_id uuid, other_member_id uuid, one_beneficiary_id uuid, other_beneficiary_id uuid,
            finding text, centibits int, fields jsonb
        ) on commit drop",
    )
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Adds pairs to that table.
pub(in crate::duplicates::runs) async fn add(mut conn: &Conn, pairs: &[FoundPair]) -> Result<()> {
    let ids = |of: fn(&FoundPair) -> Uuid| pairs.iter().map(of).collect::<Vec<_>>();
    diesel::sql_query("insert into found_pair select * from unnest($1, $2, $3, $4, $5, $6, $7)")
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.one_member_id))
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.other_member_id))
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.one_beneficiary_id))
        .bind::<Array<SqlUuid>, _>(ids(|pair| pair.other_beneficiary_id))
        .bind::<Array<Text>, _>(pairs.iter().map(|pair| pair.finding).collect::<Vec<Finding>>())
        .bind::<Array<Integer>, _>(pairs.iter().map(|pair| pair.centibits).collect::<Vec<_>>())
        .bind::<Array<Jsonb>, _>(pairs.iter().map(|pair| &pair.fields).collect::<Vec<&Value>>())
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// What a run writes by.
#[derive(Debug, Clone, Copy)]
pub(in crate::duplicates::runs) struct Basis {
    pub(in crate::duplicates::runs) area_id: i32,
    pub(in crate::duplicates::runs) id: DuplicateRunId,
    pub(in crate::duplicates::runs) now: DateTime<Utc>,
}

/// Tells known pairs anew, of which run they are as well: one that was cleared is open again, what people decided stays as
/// it is. Those of which nothing else is new keep their version, and are not counted.
pub(in crate::duplicates::runs) async fn renew(mut conn: &Conn, basis: Basis) -> Result<usize> {
    let renewed = diesel::sql_query(
        "with renewed as (
        update duplicate_pairs p set
            finding = f.finding, centibits = f.centibits, fields = f.fields, is_found = true,
            one_beneficiary_id = f.one_beneficiary_id, other_beneficiary_id = f.other_beneficiary_id,
            status = case when p.status = 'cleared' then 'open' else p.status end, run_id = $2,
            version = p.version + f.is_news::int, updated_at = case when f.is_news then $3 else p.updated_at end
        from (
            select f.*, not k.is_found or k.status = 'cleared'
                or (k.finding, k.centibits, k.one_beneficiary_id, k.other_beneficiary_id)
                is distinct from (f.finding, f.centibits, f.one_beneficiary_id, f.other_beneficiary_id) as is_news
            from found_pair f
            join duplicate_pairs k on k.area_id = $1
                and k.one_member_id = f.one_member_id and k.other_member_id = f.other_member_id
        ) as f
        where p.area_id = $1 and p.one_member_id = f.one_member_id and p.other_member_id = f.other_member_id
            and p.status <> 'merged' returning f.is_news
        )
        select count(*) filter (where is_news) as total from renewed",
    )
    .bind::<Integer, _>(basis.area_id)
    .bind::<SqlUuid, _>(basis.id)
    .bind::<Timestamptz, _>(basis.now)
    .get_result::<Counted>(&mut conn)
    .await?;
    usize::try_from(renewed.total).map_err(Error::internal)
}

/// Opens pairs that are new.
pub(in crate::duplicates::runs) async fn open(mut conn: &Conn, basis: Basis) -> Result<usize> {
    let opened = diesel::sql_query(
        "insert into duplicate_pairs (area_id, id, one_member_id, other_member_id, one_beneficiary_id,
            other_beneficiary_id, finding, is_found, centibits, fields, status, run_id, created_at, updated_at)
        select $1, derive_id($2, derive_id(f.one_member_id, f.other_member_id)), f.one_member_id, f.other_member_id,
            f.one_beneficiary_id, f.other_beneficiary_id, f.finding, true, f.centibits, f.fields, 'open', $2, $3, $3
        from found_pair f
        on conflict (area_id, one_member_id, other_member_id) do nothing",
    )
    .bind::<Integer, _>(basis.area_id)
    .bind::<SqlUuid, _>(basis.id)
    .bind::<Timestamptz, _>(basis.now)
    .execute(&mut conn)
    .await?;
    Ok(opened)
}

/// The pairs that stand as found and that the run did not find, whether it looked at them or not.
pub(in crate::duplicates::runs) async fn unfound(mut conn: &Conn, area_id: i32) -> Result<Vec<Unfound>> {
    let rows = diesel::sql_query(
        "select p.id, p.one_member_id, p.other_member_id, (
            select count(*) from memberships t
            join beneficiaries b on b.area_id = t.area_id and b.id = t.beneficiary_id and b.status = 'live'
            where t.area_id = $1 and t.member_id in (p.one_member_id, p.other_member_id) and t.ended_on is null
        ) < 2 as is_gone
        from duplicate_pairs p
        where p.area_id = $1 and p.is_found and p.status <> 'merged' and not exists (select from found_pair f
            where f.one_member_id = p.one_member_id and f.other_member_id = p.other_member_id)",
    )
    .bind::<Integer, _>(area_id)
    .load(&mut conn)
    .await?;
    Ok(rows)
}

/// Clears pairs that the run looked at and did not find; what people decided is kept, and told as no longer found.
pub(in crate::duplicates::runs) async fn clear(
    mut conn: &Conn,
    basis: Basis,
    pairs: &[DuplicatePairId],
) -> Result<usize> {
    let cleared = diesel::sql_query(
        "update duplicate_pairs p set is_found = false, run_id = $2, version = p.version + 1, updated_at = $3,
            status = case when p.status = 'open' then 'cleared' else p.status end
        where p.area_id = $1 and p.id = any ($4) and p.is_found and p.status <> 'merged'",
    )
    .bind::<Integer, _>(basis.area_id)
    .bind::<SqlUuid, _>(basis.id)
    .bind::<Timestamptz, _>(basis.now)
    .bind::<Array<SqlUuid>, _>(pairs)
    .execute(&mut conn)
    .await?;
    Ok(cleared)
}
