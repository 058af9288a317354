//! Statements over pairs of opinions, for all families of the areas at once.

use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_types::{Array, BigInt, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Against, DisagreementFilter, DisagreementPlace, RankDisagreement, RankDisagreementCount};
use crate::beneficiaries::queries::VERSIONS_AS_OF;
use crate::db::{Conn, Counted, Way};
use crate::domain::{Scope, VillageCode};
use crate::error::Result;
use crate::http::{AsOf, ByVillage, Limit};

/// Families of the areas `$1`.
const FAMILIES: &str = "select * from beneficiaries where area_id = any ($1)";

/// Pairs of opinions on the live families of the areas `$1`: the latest of each source, and what the field says; at the
/// instant `$2` where one is named. `$3` names a village, `$4` a source on either side, `$5` whether the field has to be
/// in the pair.
///
/// Another kind of finding is another arm of the union.
fn pairs(as_of: Option<AsOf>) -> String {
    let families = if as_of.is_some() { VERSIONS_AS_OF } else { FAMILIES };
    format!(
        "with opinion as (
            select * from (
                select distinct on (r.area_id, r.beneficiary_id, r.source)
                    r.area_id, r.beneficiary_id, r.source, r.period, r.decile, false as is_field
                from welfare_ranks r where r.area_id = any ($1) and ($2 is null or r.recorded_at <= $2)
                order by r.area_id, r.beneficiary_id, r.source, r.period desc
            ) as latest
            union all
            select b.area_id, b.id, 'field: ' || (b.attributes #>> '{{assessed_decile,source}}'),
                date_trunc('month', (b.attributes #>> '{{assessed_decile,observed_on}}')::date)::date,
                (b.attributes #>> '{{assessed_decile,value}}')::smallint, true
            from ({families}) as b where b.attributes #>> '{{assessed_decile,value}}' ~ '^([1-9]|10)$'
                and b.attributes #>> '{{assessed_decile,observed_on}}' ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$'
        )
        select b.village_code, b.id as beneficiary_id, b.head_name,
            one.source, one.period, one.decile,
            other.source as other_source, other.period as other_period, other.decile as other_decile,
            abs(one.decile - other.decile)::smallint as difference
        from opinion one
        join opinion other on other.area_id = one.area_id and other.beneficiary_id = one.beneficiary_id
            and one.source < other.source
        join ({families}) as b on b.area_id = one.area_id and b.id = one.beneficiary_id and b.status = 'live'
        where ($3 is null or b.village_code = $3) and ($4 is null or $4 in (one.source, other.source))
            and ($5 is null or (one.is_field <> other.is_field) = $5) and not (one.is_field and other.is_field)"
    )
}

type Boxed<'a> = BoxedSqlQuery<'a, Pg, SqlQuery>;

/// A statement whose first six placeholders are taken; the sixth is the least difference.
fn statement<'a>(text: String, scope: &'a Scope, filter: &'a DisagreementFilter) -> Boxed<'a> {
    diesel::sql_query(text)
        .into_boxed::<Pg>()
        .bind::<Array<Integer>, _>(&scope.area_ids)
        .bind::<Nullable<Timestamptz>, _>(filter.as_of.map(|AsOf(at)| at))
        .bind::<Nullable<Text>, _>(&filter.village_code)
        .bind::<Nullable<Text>, _>(&filter.source)
        .bind::<Nullable<diesel::sql_types::Bool>, _>(filter.against.map(|against| against == Against::Field))
        .bind::<SmallInt, _>(filter.min_difference.small())
}

fn apart(as_of: Option<AsOf>, rest: &str) -> String {
    format!("select * from ({}) as pair where difference >= $6 {rest}", pairs(as_of))
}

/// Counts disagreements.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &DisagreementFilter) -> Result<i64> {
    let text = format!("select count(*) as total from ({}) as pair", apart(filter.as_of, ""));
    Ok(statement(text, scope, filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists disagreements by village and family, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DisagreementFilter,
    (limit, after): (Limit, Option<DisagreementPlace>),
) -> Result<Vec<RankDisagreement>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByVillage::Down));
    let rest = format!(
        "and ($7 is null or (village_code, beneficiary_id, source, other_source) {beyond} ($7, $8, $9, $10))
        order by village_code {order}, beneficiary_id {order}, source {order}, other_source {order} limit $11"
    );
    let text = apart(filter.as_of, &rest);
    let query = statement(text, scope, filter)
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.village_code.clone()))
        .bind::<Nullable<SqlUuid>, _>(after.as_ref().map(|place| place.beneficiary_id))
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.source.clone()))
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.other_source.clone()))
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

fn counts(as_of: Option<AsOf>, rest: &str) -> String {
    let pairs = pairs(as_of);
    format!(
        "select * from (
            select village_code, source, other_source, count(*) as families_compared,
                count(*) filter (where difference >= $6) as families_apart, max(difference) as largest_difference
            from ({pairs}) as pair group by village_code, source, other_source
        ) as counted {rest}"
    )
}

/// How many villages and pairs of sources there are to compare.
pub(super) async fn count_counts(mut conn: &Conn, scope: &Scope, filter: &DisagreementFilter) -> Result<i64> {
    let text = format!("select count(*) as total from ({}) as counted", counts(filter.as_of, ""));
    Ok(statement(text, scope, filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists counts by village and pair of sources, after a place.
pub(super) async fn list_counts(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DisagreementFilter,
    (limit, after): (Limit, Option<(VillageCode, String, String)>),
) -> Result<Vec<RankDisagreementCount>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByVillage::Down));
    let rest = format!(
        "where $7 is null or (village_code, source, other_source) {beyond} ($7, $8, $9)
        order by village_code {order}, source {order}, other_source {order} limit $10"
    );
    let text = counts(filter.as_of, &rest);
    let query = statement(text, scope, filter)
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.0.clone()))
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.1.clone()))
        .bind::<Nullable<Text>, _>(after.as_ref().map(|place| place.2.clone()))
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
