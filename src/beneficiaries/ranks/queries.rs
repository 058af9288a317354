//! One statement a function over ranks.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Text as SqlText};
use diesel_async::RunQueryDsl;

use super::model::{RankFilter, WelfareRank};
use crate::beneficiaries::model::{BeneficiaryRow, NewRank};
use crate::db::{Conn, walk};
use crate::domain::{BeneficiaryId, Period, Scope};
use crate::error::Result;
use crate::http::{AsOf, ByPeriod, Limit};
use crate::schema::welfare_ranks;

/// Place of a rank in the series of a family.
pub(super) type RankPlace = (Period, String);

/// Ranks of a family that a filter leaves.
fn filtered<'a>(scope: &'a Scope, id: BeneficiaryId, filter: &'a RankFilter) -> welfare_ranks::BoxedQuery<'a, Pg> {
    let mut query = welfare_ranks::table
        .filter(welfare_ranks::area_id.eq_any(&scope.area_ids))
        .filter(welfare_ranks::beneficiary_id.eq(id))
        .into_boxed();
    if let Some(source) = &filter.source {
        query = query.filter(welfare_ranks::source.eq(source));
    }
    if let Some(AsOf(at)) = filter.as_of {
        query = query.filter(welfare_ranks::recorded_at.le(at));
    }
    query
}

/// Counts ranks of a family.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, id: BeneficiaryId, filter: &RankFilter) -> Result<i64> {
    Ok(filtered(scope, id, filter).count().get_result(&mut conn).await?)
}

/// Lists ranks of a family by period and source, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    id: BeneficiaryId,
    filter: &RankFilter,
    (limit, after): (Limit, Option<RankPlace>),
) -> Result<Vec<WelfareRank>> {
    let query = filtered(scope, id, filter).select(WelfareRank::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByPeriod::Up);
    Ok(walk!(query, is_down, after, welfare_ranks::{period, source}).load(&mut conn).await?)
}

#[derive(QueryableByName)]
struct Source {
    #[diesel(sql_type = SqlText)]
    source: String,
}

/// Those of some names that are sources of ranks in the scope.
///
/// # Errors
/// Where the database cannot be read.
pub async fn sources_of(mut conn: &Conn, scope: &Scope, names: &[String]) -> Result<Vec<String>> {
    let found: Vec<Source> = diesel::sql_query(
        "select named.source from unnest($2) as named (source)
        where exists (select from welfare_ranks r where r.area_id = any ($1) and r.source = named.source)",
    )
    .bind::<Array<Integer>, _>(&scope.area_ids)
    .bind::<Array<SqlText>, _>(names)
    .load(&mut conn)
    .await?;
    Ok(found.into_iter().map(|one| one.source).collect())
}

/// Adds a rank to the series of a family; nothing where the source has ranked it for the period.
pub(super) async fn insert(
    mut conn: &Conn,
    family: &BeneficiaryRow,
    rank: &NewRank,
    now: DateTime<Utc>,
) -> Result<Option<WelfareRank>> {
    let added = diesel::insert_into(welfare_ranks::table)
        .values((
            welfare_ranks::area_id.eq(family.area_id),
            welfare_ranks::beneficiary_id.eq(family.id),
            welfare_ranks::source.eq(&rank.source),
            welfare_ranks::period.eq(rank.period),
            welfare_ranks::decile.eq(rank.decile),
            welfare_ranks::recorded_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .returning(WelfareRank::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    Ok(added)
}

/// The rank that a source gave a family for a period.
pub(super) async fn find(mut conn: &Conn, family: &BeneficiaryRow, rank: &NewRank) -> Result<Option<WelfareRank>> {
    let found = WelfareRank::query()
        .filter(welfare_ranks::area_id.eq(family.area_id))
        .filter(welfare_ranks::beneficiary_id.eq(family.id))
        .filter(welfare_ranks::source.eq(&rank.source))
        .filter(welfare_ranks::period.eq(rank.period))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(found)
}
