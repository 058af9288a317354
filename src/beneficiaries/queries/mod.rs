//! One statement a function. Each takes the scope: there is no unscoped way to a family.

pub(super) mod claims;

use chrono::{DateTime, Utc};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{BeneficiaryFilter, BeneficiaryRow, ListPlace, NewRank};
use crate::db::Conn;
use crate::domain::{BeneficiaryId, Scope};
use crate::error::{Code, Result};
use crate::http::Whole;
use crate::schema::{beneficiaries, beneficiary_locators, welfare_ranks};

/// Versions of families that held at `$2` in the areas `$1`: the current ones and the past ones.
const VERSIONS_AS_OF: &str = "
    select b.* from beneficiaries b where b.area_id = any ($1) and b.valid_from <= $2
    union all
    select p.* from beneficiaries_history h cross join lateral jsonb_populate_record(
        null::beneficiaries,
        h.record || jsonb_build_object('card_sealed', h.card_sealed, 'card_digest', ''::bytea)
    ) as p
    where h.area_id = any ($1) and h.valid_from <= $2 and h.valid_to > $2";

/// Finds a family.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<BeneficiaryRow>> {
    let row = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Finds a family as it was at an instant.
pub(super) async fn find_as_of(
    mut conn: &Conn,
    scope: &Scope,
    id: BeneficiaryId,
    at: DateTime<Utc>,
) -> Result<Option<BeneficiaryRow>> {
    let row = diesel::sql_query(format!("select * from ({VERSIONS_AS_OF}) as version where id = $3"))
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Timestamptz, _>(at)
        .bind::<SqlUuid, _>(id)
        .get_result(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Finds a family and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<BeneficiaryRow>> {
    let row = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .for_update()
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Lists families by area, village and id, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &BeneficiaryFilter,
    after: Option<ListPlace>,
) -> Result<Vec<BeneficiaryRow>> {
    let mut query = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .order((beneficiaries::area_id, beneficiaries::village_code, beneficiaries::id))
        .limit(filter.limit.rows_to_fetch())
        .into_boxed();
    if let Some(village_code) = &filter.village_code {
        query = query.filter(beneficiaries::village_code.eq(village_code));
    }
    if let Some(status) = filter.status {
        query = query.filter(beneficiaries::status.eq(status));
    }
    if let Some(decile_max) = filter.decile_max {
        query = query.filter(beneficiaries::decile.le(decile_max.small()));
    }
    if let Some(is_verified) = filter.is_verified {
        query = query.filter(beneficiaries::verified_at.is_not_null().eq(is_verified));
    }
    if let Some((area_id, village_code, id)) = after {
        let later = sql::<Bool>("(area_id, village_code, id) > (")
            .bind::<Integer, _>(area_id)
            .sql(", ")
            .bind::<Text, _>(village_code)
            .sql(", ")
            .bind::<SqlUuid, _>(id)
            .sql(")");
        query = query.filter(later);
    }
    Ok(query.load(&mut conn).await?)
}

/// The same list as it was at an instant; it reads the whole history of the areas.
pub(super) async fn list_as_of(
    mut conn: &Conn,
    scope: &Scope,
    filter: &BeneficiaryFilter,
    after: Option<ListPlace>,
    at: DateTime<Utc>,
) -> Result<Vec<BeneficiaryRow>> {
    let (area_id, village_code, id) = after.map_or((None, None, None), |(a, v, i)| (Some(a), Some(v), Some(i)));
    let statement = format!(
        "select * from ({VERSIONS_AS_OF}) as version
        where ($3 is null or village_code = $3) and ($4 is null or status = $4) and ($5 is null or decile <= $5)
            and ($6 is null or (verified_at is not null) = $6)
            and ($7 is null or (area_id, village_code, id) > ($7, $8, $9))
        order by area_id, village_code, id limit $10"
    );
    let rows = diesel::sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Timestamptz, _>(at)
        .bind::<Nullable<Text>, _>(&filter.village_code)
        .bind::<Nullable<Text>, _>(filter.status)
        .bind::<Nullable<SmallInt>, _>(filter.decile_max.map(Whole::small))
        .bind::<Nullable<Bool>, _>(filter.is_verified)
        .bind::<Nullable<Integer>, _>(area_id)
        .bind::<Nullable<Text>, _>(village_code)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<BigInt, _>(filter.limit.rows_to_fetch())
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Inserts a family.
pub(super) async fn insert(mut conn: &Conn, row: &BeneficiaryRow) -> Result<()> {
    diesel::insert_into(beneficiaries::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Tells which area holds a new family.
pub(super) async fn insert_locator(mut conn: &Conn, row: &BeneficiaryRow) -> Result<()> {
    diesel::insert_into(beneficiary_locators::table)
        .values((beneficiary_locators::beneficiary_id.eq(row.id), beneficiary_locators::area_id.eq(row.area_id)))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Adds a rank to the series of a new family.
pub(super) async fn insert_rank(mut conn: &Conn, row: &BeneficiaryRow, rank: &NewRank) -> Result<()> {
    diesel::insert_into(welfare_ranks::table)
        .values((
            welfare_ranks::area_id.eq(row.area_id),
            welfare_ranks::beneficiary_id.eq(row.id),
            welfare_ranks::source.eq(&rank.source),
            welfare_ranks::period.eq(rank.period),
            welfare_ranks::decile.eq(rank.decile),
            welfare_ranks::recorded_at.eq(row.valid_from),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}

/// Keeps the version that is in force, before another one replaces it at `until`.
pub(super) async fn keep(mut conn: &Conn, row: &BeneficiaryRow, until: DateTime<Utc>, client_id: &str) -> Result<()> {
    diesel::sql_query(
        "insert into beneficiaries_history
            (area_id, id, valid_from, valid_to, version, record, card_sealed, client_id)
        select area_id, id, valid_from, $3, version, to_jsonb(b) - '{card_sealed,card_digest}'::text [], card_sealed, $4
        from beneficiaries b where area_id = $1 and id = $2",
    )
    .bind::<Integer, _>(row.area_id)
    .bind::<SqlUuid, _>(row.id)
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(client_id)
    .execute(&mut conn)
    .await?;
    Ok(())
}

/// Replaces the version before this one.
///
/// # Errors
/// `version_stale` where another change came first.
pub(super) async fn replace(mut conn: &Conn, row: &BeneficiaryRow) -> Result<()> {
    let replaced = diesel::update(beneficiaries::table.find((row.area_id, row.id)))
        .filter(beneficiaries::version.eq(row.version - 1))
        .set(row)
        .execute(&mut conn)
        .await?;
    if replaced == 1 { Ok(()) } else { Err(Code::VersionStale.into()) }
}
