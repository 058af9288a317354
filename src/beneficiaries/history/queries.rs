//! One statement a function over current and past versions.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Origin, VersionFilter, VersionRow};
use crate::db::{Conn, Counted, Way};
use crate::domain::Scope;
use crate::error::Result;
use crate::http::{ByVersion, Limit};

/// Every version of the family `$2` in the areas `$1`. Who replaced a version, and why, stands with the one replaced.
pub(super) const OF_FAMILY: &str = "
    select area_id, version, valid_from, null::timestamptz as valid_to,
        to_jsonb(b) - '{card_sealed,card_digest}'::text [] as record, card_sealed as sealed,
        null as client_id, null as operation, null as reason
    from beneficiaries b where area_id = any ($1) and id = $2
    union all
    select area_id, version, valid_from, valid_to, record, card_sealed, client_id, operation, reason
    from beneficiaries_history where area_id = any ($1) and id = $2";

/// Every version of the person `$2` in the areas `$1`, each with the tie that it had.
pub(super) const OF_MEMBER: &str = "
    select m.area_id, m.version, m.valid_from, null::timestamptz as valid_to,
        to_jsonb(m) - '{nik_sealed,nik_digest}'::text [] || tie.record as record, m.nik_sealed as sealed,
        null as client_id, null as operation, null as reason
    from members m cross join lateral (
        select jsonb_build_object('beneficiary_id', s.beneficiary_id, 'relationship', s.relationship,
            'ended_on', s.ended_on, 'end_reason', s.end_reason) as record
        from (
            select live.* from memberships live
            where live.area_id = m.area_id and live.member_id = m.id and live.ended_on is null
            union all
            select former.* from memberships former
            where former.area_id = m.area_id and former.member_id = m.id and former.ended_on is not null
                and former.beneficiary_id = (
                    select (h.record ->> 'beneficiary_id')::uuid from members_history h
                    where h.area_id = m.area_id and h.id = m.id order by h.valid_from desc limit 1
                )
        ) as s
        order by s.ended_on desc nulls first, s.id desc limit 1
    ) as tie
    where m.area_id = any ($1) and m.id = $2
    union all
    select area_id, version, valid_from, valid_to, record, nik_sealed, client_id, operation, reason
    from members_history where area_id = any ($1) and id = $2";

/// Counts versions.
pub(super) async fn count(mut conn: &Conn, versions: &str, scope: &Scope, id: Uuid) -> Result<i64> {
    let counted = diesel::sql_query(format!("select count(*) as total from ({versions}) as version"))
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(id)
        .get_result::<Counted>(&mut conn)
        .await?;
    Ok(counted.total)
}

/// Lists versions, each beside the one that it replaced, after a version.
pub(super) async fn list(
    mut conn: &Conn,
    versions: &str,
    (scope, id): (&Scope, Uuid),
    filter: &VersionFilter,
    (limit, after): (Limit, Option<i32>),
) -> Result<Vec<VersionRow>> {
    let Way { order, beyond } = Way::of(filter.sort != Some(ByVersion::Up));
    let statement = format!(
        "select * from (
            select area_id, version, valid_from, coalesce(valid_to, lead(valid_from) over chain) as valid_to, record,
                sealed, lag(client_id) over chain as client_id, lag(operation) over chain as operation,
                lag(reason) over chain as reason, lag(area_id) over chain as area_before,
                lag(record) over chain as before, lag(sealed) over chain as sealed_before
            from ({versions}) as version window chain as (order by version)
        ) as linked
        where $3 is null or version {beyond} $3 order by version {order} limit $4"
    );
    let rows = diesel::sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Integer>, _>(after)
        .bind::<BigInt, _>(limit.rows_to_fetch())
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Longest that a record of a write stands after the version that it made.
const LATER: TimeDelta = TimeDelta::minutes(1);

/// Who wrote the first version of one of some records, which begins at `at`, by the record of writes.
pub(super) async fn find_origin(
    mut conn: &Conn,
    area_id: i32,
    ids: &[Uuid],
    at: DateTime<Utc>,
) -> Result<Option<Origin>> {
    let origin = diesel::sql_query(
        "select client_id, operation from audit_records
        where area_id = $1 and at >= $2 and at < $3 and resource_id = any ($4) and after_digest is not null
        order by at limit 1",
    )
    .bind::<Integer, _>(area_id)
    .bind::<Timestamptz, _>(at)
    .bind::<Timestamptz, _>(at + LATER)
    .bind::<Array<SqlUuid>, _>(ids)
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(origin)
}
