//! One statement a function, over the view `realisations`. Each takes the scope; a company is told villages folded.
//!
//! Placeholders: $1 areas, $2 own company, $3 year, $4 company, $5 field; of the list $6 village, $7 to $12 a place,
//! $13 rows. The first five part the view along its keys, so that what is folded is the same under every filter.

use diesel::pg::Pg;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Int4, Nullable, SmallInt, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{Realisation, RealisationFilter, RealisationPlace, RealisationTotal, RealisationTotalFilter};
use crate::db::{Conn, Counted, Way};
use crate::domain::{CompanyId, Scope};
use crate::error::Result;
use crate::http::{ByYear, Limit, Whole};
use crate::needs::{self, AidField, FAMILIES_SHOWN_FROM};

/// What a caller reaches of the view.
const REACHED: &str = "
    select * from realisations
    where area_id = any ($1) and ($2 is null or company_id = $2) and ($3 is null or year = $3)
        and ($4 is null or company_id = $4) and ($5 is null or field = $5)";

/// The same with the smallest villages put into the row without one: those of fewer than five families, and the next
/// one where they have fewer than five together.
fn folded() -> String {
    format!(
        "select area_id, year, company_id, field, unit, village_code, sum(promised) as promised,
             sum(committed) as committed, sum(received) as received, sum(allocated) as allocated,
             sum(delivered) as delivered, sum(returned) as returned, sum(lost) as lost, sum(cancelled) as cancelled,
             sum(written_off) as written_off, sum(promised_value) as promised_value,
             sum(committed_value) as committed_value, sum(received_value) as received_value,
             sum(delivered_value) as delivered_value, sum(families)::bigint as families
         from (
             select area_id, year, company_id, field, unit, promised, committed, received, allocated, delivered, returned,
                 lost, cancelled, written_off, promised_value, committed_value, received_value, delivered_value,
                 families, case when families >= {FAMILIES_SHOWN_FROM}
                     and (smaller = 0 or smaller >= {FAMILIES_SHOWN_FROM}) then village_code end as village_code
             from (
                 select *, coalesce(sum(families) over (
                     partition by area_id, year, company_id, field, unit order by families, village_code
                     rows between unbounded preceding and 1 preceding
                 ), 0) as smaller
                 from ({REACHED}) as reached
             ) as sized
         ) as told
         group by area_id, year, company_id, field, unit, village_code"
    )
}

/// The rows that a caller is told, all columns of them.
fn told(scope: &Scope, with_village: bool) -> String {
    let rows = if scope.company_id.is_some() { folded() } else { REACHED.to_owned() };
    let village = if with_village { "where r.village_code = $6" } else { "" };
    let families = families(scope, "r.families");
    format!(
        "select r.year, r.company_id, c.name as company_name, r.field, r.unit, d.name as sub_district, r.area_id,
             r.village_code, coalesce(r.village_code, '') as place, r.promised, r.committed, r.received, r.allocated,
             r.delivered, r.returned, r.lost, r.cancelled, r.written_off, {}, {families} as families_reached
         from ({rows}) as r
         join companies c on c.id = r.company_id
         join areas d on d.area_id = r.area_id {village}",
        rupiah(|step| format!("r.{step}_value")),
    )
}

/// A count of families as a caller is told it.
fn families(scope: &Scope, count: &str) -> String {
    if scope.company_id.is_none() {
        return count.to_owned();
    }
    format!("case when {count} = 0 then 0 else {} end", needs::at_least_of(count))
}

/// The four values, as far as an amount holds them.
fn rupiah(value: impl Fn(&str) -> String) -> String {
    let steps = ["promised", "committed", "received", "delivered"].map(|step| {
        let value = value(step);
        format!("case when {value} <= 1e15 then round({value})::bigint end as {step}_rupiah")
    });
    steps.join(", ")
}

/// What parts the view along its keys.
type Parts = (Option<Whole<2020, 2100>>, Option<CompanyId>, Option<AidField>);

fn bound(statement: String, scope: &Scope, (year, company_id, field): Parts) -> BoxedSqlQuery<'_, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<SqlUuid>, _>(scope.company_id)
        .bind::<Nullable<SmallInt>, _>(year.map(Whole::small))
        .bind::<Nullable<SqlUuid>, _>(company_id)
        .bind::<Nullable<Text>, _>(field)
}

fn listed<'a>(statement: String, scope: &'a Scope, filter: &'a RealisationFilter) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let query = bound(statement, scope, (filter.year, filter.company_id, filter.field));
    query.bind::<Nullable<Text>, _>(filter.village_code.as_ref())
}

/// Counts the rows that a filter leaves.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &RealisationFilter) -> Result<i64> {
    let told = told(scope, filter.village_code.is_some());
    let statement = format!("select count(*) as total from ({told}) as told");
    Ok(listed(statement, scope, filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists rows by year, company, field, unit, sub-district and village, the row without one first, after a place.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &RealisationFilter,
    (limit, after): (Limit, Option<RealisationPlace>),
) -> Result<Vec<Realisation>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ByYear::Down));
    let columns = ["year", "company_id", "field", "unit", "area_id", "place"];
    let place = match after {
        Some(_) => format!("where ({}) {beyond} ($7, $8, $9, $10, $11, $12)", columns.join(", ")),
        None => String::new(),
    };
    let statement = format!(
        "select * from ({}) as told {place} order by {} limit $13",
        told(scope, filter.village_code.is_some()),
        columns.map(|column| format!("{column} {order}")).join(", ")
    );
    let (year, company_id, field, unit, area_id, village) = match after {
        Some((year, company_id, field, unit, area_id, village)) => {
            (Some(year), Some(company_id), Some(field), Some(unit), Some(area_id), Some(village))
        }
        None => (None, None, None, None, None, None),
    };
    let query = listed(statement, scope, filter)
        .bind::<Nullable<SmallInt>, _>(year)
        .bind::<Nullable<SqlUuid>, _>(company_id)
        .bind::<Nullable<Text>, _>(field)
        .bind::<Nullable<Text>, _>(unit)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<Text>, _>(village)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// Adds the rows up by year, company and field; families are counted anew, each once.
pub(super) async fn totals(
    mut conn: &Conn,
    scope: &Scope,
    filter: &RealisationTotalFilter,
) -> Result<Vec<RealisationTotal>> {
    let statement = format!(
        "select r.year, r.company_id, c.name as company_name, r.field, {}, {} as families_reached
         from ({REACHED}) as r
         join companies c on c.id = r.company_id
         left join (
             select p.year, p.company_id, l.field, count(distinct (a.area_id, a.beneficiary_id)) as families
             from allocations a
             join pledge_lines l on l.id = a.pledge_line_id
             join pledges p on p.id = l.pledge_id and p.area_id = a.area_id
             where a.area_id = any ($1) and p.area_id = any ($1) and a.delivered_quantity > a.returned_quantity
             group by p.year, p.company_id, l.field
         ) as f on f.year = r.year and f.company_id = r.company_id and f.field = r.field
         group by r.year, r.company_id, c.name, r.field, f.families
         order by r.year, c.name, r.company_id, r.field",
        rupiah(|step| format!("sum(r.{step}_value)")),
        families(scope, "coalesce(f.families, 0)"),
    );
    Ok(bound(statement, scope, (filter.year, filter.company_id, filter.field)).load(&mut conn).await?)
}
