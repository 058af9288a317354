//! One statement a function.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Int4, Nullable, Text, Timestamptz};
use diesel_async::RunQueryDsl;

use super::model::{CoverageFilter, VillageCoverage};
use crate::db::{Conn, Counted, Way};
use crate::domain::{Scope, VillageCode};
use crate::error::Result;
use crate::http::{ByVillage, Limit};

/// Villages with their families and the last visit of each, counted in one pass.
const COVERAGE: &str = "
    select b.village_code, count(*) as families, count(*) filter (where v.at >= $2) as visited,
        count(*) filter (where v.at < $2) as stale, count(*) filter (where v.at is null) as never_visited,
        min(v.at) as oldest_visit_at
    from beneficiaries b
    left join (
        select area_id, beneficiary_id, max(visited_at) as at from family_visits
        where area_id = any ($1) and finding in ('confirmed', 'corrected') group by area_id, beneficiary_id
    ) as v on v.area_id = b.area_id and v.beneficiary_id = b.id
    where b.area_id = any ($1) and b.status = 'live'
    group by b.village_code";

/// A statement over [`COVERAGE`], whose placeholders are the first two.
fn bound(statement: String, scope: &Scope, since: DateTime<Utc>) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
    sql_query(statement).into_boxed::<Pg>().bind::<Array<Int4>, _>(&scope.area_ids).bind::<Timestamptz, _>(since)
}

/// Counts the villages that have families.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, since: DateTime<Utc>) -> Result<i64> {
    let statement = format!("select count(*) as total from ({COVERAGE}) as village");
    Ok(bound(statement, scope, since).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists villages by code, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &CoverageFilter,
    (limit, after): (Limit, Option<VillageCode>),
    since: DateTime<Utc>,
) -> Result<Vec<VillageCoverage>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByVillage::Down));
    let statement = format!(
        "select * from ({COVERAGE}) as village where $3 is null or village_code {beyond} $3
         order by village_code {order} limit $4"
    );
    let query =
        bound(statement, scope, since).bind::<Nullable<Text>, _>(after).bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
