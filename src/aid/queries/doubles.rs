//! Aid of one kind that a family has from several sources: one statement over all families of the caller's areas. What a
//! family was due where it lived before counts: it left there.
//!
//! Placeholders behind those of the list: $10 village, $11 whether some is still due, $12 to $15 a place, $16 rows.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{BigInt, Bool, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::list::{Elsewhere, SUMS_OF_ONE, WITH_SUMS, bound, listed};
use crate::aid::model::{AidFilter, DoubleAid, DoubleAidFilter, DoublePlace};
use crate::db::{Conn, Counted, Way};
use crate::domain::Scope;
use crate::error::Result;
use crate::http::{ByFamily, Limit};

/// The family that each record was merged into, through mergers of mergers.
const OWNERS: &str = "
    with recursive step as (
        select area_id, id, continued_in_id as owner_id from beneficiaries
        where area_id = any ($1) and continued_in_id is not null
        union
        select s.area_id, s.id, b.continued_in_id from step s
        join beneficiaries b on b.area_id = s.area_id and b.id = s.owner_id and b.continued_in_id is not null
    )";

/// Families with their double aid: what `listed` says is counted by family, kind and unit.
fn doubles(asked: &AidFilter, filter: &DoubleAidFilter) -> String {
    let village = if filter.village_code.is_some() { "and b.village_code = $10" } else { "" };
    let ahead = if filter.is_ahead.is_some() { "and bool_or(a.left_over > 0) = $11" } else { "" };
    format!(
        "{OWNERS}
         select b.area_id, b.id as beneficiary_id, b.village_code, a.kind, a.unit,
             array_agg(distinct a.title order by a.title) as titles,
             coalesce(array_agg(distinct a.program_id) filter (where a.program_id is not null), '{{}}') as program_ids,
             coalesce(array_agg(distinct a.pledge_id) filter (where a.pledge_id is not null), '{{}}') as pledge_ids,
             sum(a.delivered) as delivered, sum(a.left_over) as left_over, bool_or(a.left_over > 0) as is_ahead
         from (select {WITH_SUMS} from ({}) as a {SUMS_OF_ONE}) as a
         left join step s on s.area_id = a.area_id and s.id = a.beneficiary_id
         join beneficiaries b on b.area_id = a.area_id and b.id = coalesce(s.owner_id, a.beneficiary_id)
         where b.area_id = any ($1) and b.status = 'live' and a.delivered + a.left_over > 0 {village}
         group by b.area_id, b.id, a.kind, a.unit
         having count(distinct coalesce(a.program_id, a.pledge_id)) > 1 {ahead}",
        listed(asked, Elsewhere::All, "")
    )
}

/// The aid that counts: due from a day on, of any source.
fn asked(filter: &DoubleAidFilter, from: NaiveDate) -> AidFilter {
    AidFilter {
        beneficiary_id: filter.beneficiary_id,
        village_code: None,
        source: None,
        kind: filter.kind,
        program_id: None,
        pledge_id: None,
        from: Some(from),
        to: None,
        as_of: None,
        sort: None,
    }
}

fn with_own<'a>(
    query: BoxedSqlQuery<'a, Pg, SqlQuery>,
    filter: &'a DoubleAidFilter,
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    query.bind::<Nullable<Text>, _>(filter.village_code.as_ref()).bind::<Nullable<Bool>, _>(filter.is_ahead)
}

/// Counts the double aid that a filter leaves.
pub(in crate::aid) async fn count(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DoubleAidFilter,
    from: NaiveDate,
) -> Result<i64> {
    let asked = asked(filter, from);
    let statement = format!("select count(*) as total from ({}) as double", doubles(&asked, filter));
    Ok(with_own(bound(statement, scope, &asked), filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists it by area, family, kind and unit, after a place.
pub(in crate::aid) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    (filter, from): (&DoubleAidFilter, NaiveDate),
    (limit, after): (Limit, Option<DoublePlace>),
) -> Result<Vec<DoubleAid>> {
    let asked = asked(filter, from);
    let Way { order, beyond } = Way::of(filter.sort == Some(ByFamily::Down));
    let columns = "area_id, beneficiary_id, kind, unit";
    let place =
        if after.is_some() { format!("where ({columns}) {beyond} ($12, $13, $14, $15)") } else { String::new() };
    let statement = format!(
        "select * from ({}) as double {place}
         order by area_id {order}, beneficiary_id {order}, kind {order}, unit {order} limit $16",
        doubles(&asked, filter)
    );
    let (area_id, id, kind, unit) = match after {
        Some((area_id, id, kind, unit)) => (Some(area_id), Some(id), Some(kind), Some(unit)),
        None => (None, None, None, None),
    };
    let query = with_own(bound(statement, scope, &asked), filter)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(id)
        .bind::<Nullable<Text>, _>(kind)
        .bind::<Nullable<Text>, _>(unit)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
