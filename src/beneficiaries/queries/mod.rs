//! One statement a function. Each takes the scope: there is no unscoped way to a family.

pub(super) mod claims;
mod finder;

use chrono::{DateTime, Utc};
use diesel::deserialize::QueryableByName;
use diesel::dsl::sql;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::history::Why;
use super::model::{Beneficiary, BeneficiaryFilter, BeneficiaryRow, FamilyOrder, ListPlace, ListedFamily, NewRank};
use crate::db::{Conn, Counted, walk};
use crate::domain::{BeneficiaryId, Scope};
use crate::error::{Code, Result};
use crate::http::{AsOf, Limit, Whole};
use crate::keys::Vault;
use crate::schema::{beneficiaries, beneficiary_locators, welfare_ranks};

pub use finder::Finder;

/// Versions of families that held at `$2` in the areas `$1`, the current ones and the past ones, under more conditions.
///
/// A condition on what a past version says reads all of them: one on its key stands on the key.
macro_rules! versions {
    ($of_current:literal, $of_past:literal) => {
        concat!(
            "select b.* from beneficiaries b where b.area_id = any ($1) and b.valid_from <= $2 ",
            $of_current,
            " union all
            select p.* from beneficiaries_history h cross join lateral jsonb_populate_record(
                null::beneficiaries,
                '{\"warnings\": []}'::jsonb || h.record
                || jsonb_build_object('card_sealed', h.card_sealed, 'card_digest', ''::bytea)
            ) as p
            where h.area_id = any ($1) and h.valid_from <= $2 and h.valid_to > $2 ",
            $of_past
        )
    };
}

/// Versions of all families.
pub(crate) const VERSIONS_AS_OF: &str = versions!("", "");
/// The version of the family `$3`: two look-ups by key.
pub(crate) const VERSION_AS_OF: &str = versions!("and b.id = $3", "and h.id = $3");

/// Finds a family; of one that moved between areas of the scope the record that goes on, which has the last version.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<BeneficiaryRow>> {
    let row = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .order(beneficiaries::version.desc())
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// A family as it is shown, its card number masked.
///
/// # Errors
/// Where the database refuses, or the number cannot be opened.
pub async fn show(conn: &Conn, scope: &Scope, vault: &Vault, id: BeneficiaryId) -> Result<Option<Beneficiary>> {
    let found = find(conn, scope, id).await?;
    found.map(|row| Beneficiary::open(row, vault)).transpose()
}

/// Finds families.
pub(super) async fn of(mut conn: &Conn, scope: &Scope, ids: &[BeneficiaryId]) -> Result<Vec<BeneficiaryRow>> {
    let rows = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq_any(ids))
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Finds a family as it was at an instant.
pub(super) async fn find_as_of(
    conn: &Conn,
    scope: &Scope,
    id: BeneficiaryId,
    at: DateTime<Utc>,
) -> Result<Option<BeneficiaryRow>> {
    let statement = format!("select * from ({VERSION_AS_OF}) as version order by version desc");
    Ok(read_as_of(conn, statement, scope, at, id.0).await?.into_iter().next())
}

/// Reads what a statement answers of the areas `$1` at the instant `$2` about the id `$3`.
pub(super) async fn read_as_of<T: QueryableByName<Pg> + Send + 'static>(
    mut conn: &Conn,
    statement: String,
    scope: &Scope,
    at: DateTime<Utc>,
    id: Uuid,
) -> Result<Vec<T>> {
    let rows = diesel::sql_query(statement)
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Timestamptz, _>(at)
        .bind::<SqlUuid, _>(id)
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Finds a family and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: BeneficiaryId) -> Result<Option<BeneficiaryRow>> {
    let row = BeneficiaryRow::query()
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::id.eq(id))
        .order(beneficiaries::version.desc())
        .for_update()
        .first(&mut conn)
        .await
        .optional()?;
    Ok(row)
}

/// Families that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a BeneficiaryFilter) -> beneficiaries::BoxedQuery<'a, Pg> {
    let query = beneficiaries::table.into_boxed();
    // Within one area an index that begins with it is in the order of what follows.
    let mut query = match scope.only_area() {
        Some(area_id) => query.filter(beneficiaries::area_id.eq(area_id)),
        None => query.filter(beneficiaries::area_id.eq_any(&scope.area_ids)),
    };
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
    query
}

/// Counts families, as of the instant of the filter where it names one.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &BeneficiaryFilter) -> Result<i64> {
    match filter.as_of {
        None => Ok(filtered(scope, filter).count().get_result(&mut conn).await?),
        Some(AsOf(at)) => {
            let query = as_of("count(*) as total", scope, filter, (at, ""));
            Ok(query.get_result::<Counted>(&mut conn).await?.total)
        }
    }
}

/// Lists families by area, village and id or by when they last changed, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &BeneficiaryFilter,
    (limit, after): (Limit, Option<ListPlace>),
) -> Result<Vec<ListedFamily>> {
    let query = filtered(scope, filter).select(ListedFamily::as_select()).limit(limit.rows_to_fetch());
    if let Some(order @ (FamilyOrder::OldestChange | FamilyOrder::LatestChange)) = filter.sort {
        let (is_down, after) = (order == FamilyOrder::LatestChange, after.map(|place| (place.updated_at, place.id)));
        return Ok(walk!(query, is_down, after, beneficiaries::{updated_at, id}).load(&mut conn).await?);
    }
    let mut query = query.order((beneficiaries::area_id, beneficiaries::village_code, beneficiaries::id));
    if let Some(place) = after {
        let later = sql::<Bool>("(area_id, village_code, id) > (")
            .bind::<Integer, _>(place.area_id)
            .sql(", ")
            .bind::<Text, _>(place.village_code)
            .sql(", ")
            .bind::<SqlUuid, _>(place.id)
            .sql(")");
        query = query.filter(later);
    }
    Ok(query.load(&mut conn).await?)
}

/// A statement over the families that a filter leaves of those of an instant: `what` of them, and after them `rest`.
/// Its first six placeholders are taken; it reads the whole history of the areas.
fn as_of<'a>(
    what: &str,
    scope: &'a Scope,
    filter: &'a BeneficiaryFilter,
    (at, rest): (DateTime<Utc>, &str),
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let statement = format!(
        "select {what} from ({VERSIONS_AS_OF}) as version
        where ($3 is null or village_code = $3) and ($4 is null or status = $4) and ($5 is null or decile <= $5)
            and ($6 is null or (verified_at is not null) = $6) {rest}"
    );
    diesel::sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Timestamptz, _>(at)
        .bind::<Nullable<Text>, _>(&filter.village_code)
        .bind::<Nullable<Text>, _>(filter.status)
        .bind::<Nullable<SmallInt>, _>(filter.decile_max.map(Whole::small))
        .bind::<Nullable<Bool>, _>(filter.is_verified)
}

/// The same list as it was at an instant.
pub(super) async fn list_as_of(
    mut conn: &Conn,
    scope: &Scope,
    filter: &BeneficiaryFilter,
    (limit, after): (Limit, Option<ListPlace>),
    at: DateTime<Utc>,
) -> Result<Vec<BeneficiaryRow>> {
    let (order, later) = match filter.sort.unwrap_or(FamilyOrder::Village) {
        FamilyOrder::Village => ("area_id, village_code, id", "(area_id, village_code, id) > ($8, $9, $7)"),
        FamilyOrder::OldestChange => ("updated_at, id", "(updated_at, id) > ($10, $7)"),
        FamilyOrder::LatestChange => ("updated_at desc, id desc", "(updated_at, id) < ($10, $7)"),
    };
    let rest = format!("and ($7 is null or {later}) order by {order} limit $11");
    let query = as_of("*", scope, filter, (at, &rest))
        .bind::<Nullable<SqlUuid>, _>(after.as_ref().map(|place| place.id))
        .bind::<Nullable<Integer>, _>(after.as_ref().map(|place| place.area_id))
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.village_code.clone()))
        .bind::<Nullable<Timestamptz>, _>(after.as_ref().map(|place| place.updated_at))
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
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

/// Keeps the version that is in force, with why another one replaces it at `until`.
pub(super) async fn keep(
    mut conn: &Conn,
    row: &BeneficiaryRow,
    until: DateTime<Utc>,
    client_id: &str,
    why: Why<'_>,
) -> Result<()> {
    diesel::sql_query(
        "insert into beneficiaries_history
            (area_id, id, valid_from, valid_to, version, record, card_sealed, client_id, operation, reason)
        select area_id, id, valid_from, $3, version, to_jsonb(b) - '{card_sealed,card_digest}'::text [], card_sealed,
            $4, $5, $6
        from beneficiaries b where area_id = $1 and id = $2",
    )
    .bind::<Integer, _>(row.area_id)
    .bind::<SqlUuid, _>(row.id)
    .bind::<Timestamptz, _>(until)
    .bind::<Text, _>(client_id)
    .bind::<Text, _>(why.operation)
    .bind::<Nullable<Text>, _>(why.reason)
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
