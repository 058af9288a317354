//! One statement a function over memberships.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Bool, Integer, Nullable, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use super::model::{Membership, MembershipFilter};
use crate::db::{Conn, Counted, Way, walk};
use crate::domain::{BeneficiaryId, Scope};
use crate::error::Result;
use crate::http::{AsOf, ById, Limit};
use crate::schema::memberships;

/// Memberships of a family that a filter leaves.
fn filtered<'a>(scope: &'a Scope, family: BeneficiaryId, filter: &MembershipFilter) -> memberships::BoxedQuery<'a, Pg> {
    let query = memberships::table
        .filter(memberships::area_id.eq_any(&scope.area_ids))
        .filter(memberships::beneficiary_id.eq(family))
        .into_boxed();
    match filter.is_ended {
        Some(true) => query.filter(memberships::ended_on.is_not_null()),
        Some(false) => query.filter(memberships::ended_on.is_null()),
        None => query,
    }
}

/// A statement over the memberships of a family that a filter leaves of those of an instant: `what` of them, and after
/// them `rest`. Its first four placeholders are taken.
///
/// A membership is never of another family: the rows that there are now lead to what they were.
fn as_of<'a>(
    what: &str,
    (scope, family): (&'a Scope, BeneficiaryId),
    filter: &MembershipFilter,
    (at, rest): (DateTime<Utc>, &str),
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let statement = format!(
        "select {what} from (
            select t.* from memberships t where t.area_id = any ($1) and t.beneficiary_id = $3 and t.valid_from <= $2
            union all
            select p.* from memberships t join memberships_history h on h.area_id = t.area_id and h.id = t.id
            cross join lateral jsonb_populate_record(null::memberships, h.record) as p
            where t.area_id = any ($1) and t.beneficiary_id = $3 and h.valid_from <= $2 and h.valid_to > $2
        ) as version
        where ($4 is null or (ended_on is not null) = $4) {rest}"
    );
    diesel::sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Timestamptz, _>(at)
        .bind::<SqlUuid, _>(family)
        .bind::<Nullable<Bool>, _>(filter.is_ended)
}

/// Counts memberships of a family, as of the instant of the filter where it names one.
pub(super) async fn count(
    mut conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    filter: &MembershipFilter,
) -> Result<i64> {
    if let Some(AsOf(at)) = filter.as_of {
        let query = as_of("count(*) as total", (scope, family), filter, (at, ""));
        return Ok(query.get_result::<Counted>(&mut conn).await?.total);
    }
    Ok(filtered(scope, family, filter).count().get_result(&mut conn).await?)
}

/// Lists memberships of a family by id, after one; as of the instant of the filter where it names one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    family: BeneficiaryId,
    filter: &MembershipFilter,
    (limit, after): (Limit, Option<Uuid>),
) -> Result<Vec<Membership>> {
    let is_down = filter.sort == Some(ById::Down);
    if let Some(AsOf(at)) = filter.as_of {
        let Way { order, beyond } = Way::of(is_down);
        let rest = format!("and ($5 is null or id {beyond} $5) order by id {order} limit $6");
        let query = as_of("*", (scope, family), filter, (at, &rest))
            .bind::<Nullable<SqlUuid>, _>(after)
            .bind::<BigInt, _>(limit.rows_to_fetch());
        return Ok(query.load(&mut conn).await?);
    }
    let query = filtered(scope, family, filter).select(Membership::as_select()).limit(limit.rows_to_fetch());
    Ok(walk!(query, is_down, after, memberships::{id}).load(&mut conn).await?)
}
