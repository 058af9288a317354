//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::NaiveDate;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{AssetCheck, AssetCheckFilter, ByCheckDay, DueAssetCheck, DueAssetCheckFilter, DueCheckPlace};
use crate::db::{Conn, Counted, Way, walk};
use crate::domain::{AssetCheckId, CustodyId, Scope, VillageCode};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::{asset_checks, custodies};

/// Finds a check.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AssetCheckId) -> Result<Option<AssetCheck>> {
    let own = AssetCheck::query().filter(asset_checks::area_id.eq_any(&scope.area_ids));
    Ok(own.filter(asset_checks::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Village of a custody.
pub(super) async fn village_of(mut conn: &Conn, area_id: i32, id: CustodyId) -> Result<VillageCode> {
    let row = custodies::table.find((area_id, id)).select(custodies::village_code);
    Ok(row.first(&mut conn).await?)
}

/// Adds a check.
pub(super) async fn insert(mut conn: &Conn, new: &AssetCheck) -> Result<()> {
    diesel::insert_into(asset_checks::table).values(new).execute(&mut conn).await?;
    Ok(())
}

/// Checks that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a AssetCheckFilter) -> asset_checks::BoxedQuery<'a, Pg> {
    let mut query = asset_checks::table.filter(asset_checks::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(asset_id) = filter.asset_id {
        query = query.filter(asset_checks::asset_id.eq(asset_id));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(asset_checks::village_code.eq(village_code));
    }
    if let Some(condition) = filter.condition {
        query = query.filter(asset_checks::condition.eq(condition));
    }
    query
}

/// Counts checks.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &AssetCheckFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists checks by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &AssetCheckFilter,
    (limit, after): (Limit, Option<(i32, AssetCheckId)>),
) -> Result<Vec<AssetCheck>> {
    let query = filtered(scope, filter).select(AssetCheck::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, asset_checks::{area_id, id}).load(&mut conn).await?)
}

/// What is due; the placeholders are those of [`due_bound`].
const DUE: &str = "
    select a.area_id, a.id as asset_id, a.asset_number, a.kind, a.next_check_on, a.last_checked_on, a.status,
        a.condition, a.custody_id, c.beneficiary_id, c.village_code, c.place
    from assets a left join custodies c on c.area_id = a.area_id and c.id = a.custody_id
    where a.area_id = any ($1) and a.status not in ('lost', 'retired') and a.next_check_on <= $2
        and ($3 is null or c.village_code = $3) and ($4 is null or a.kind = $4)";

fn due_bound<'a>(
    statement: String,
    scope: &'a Scope,
    (filter, on): (&'a DueAssetCheckFilter, NaiveDate),
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Date, _>(on)
        .bind::<Nullable<Text>, _>(filter.village_code.as_ref())
        .bind::<Nullable<Text>, _>(filter.kind.as_ref())
}

/// Counts what is due on a day.
pub(super) async fn count_due(mut conn: &Conn, scope: &Scope, asked: (&DueAssetCheckFilter, NaiveDate)) -> Result<i64> {
    let statement = format!("select count(*) as total from ({DUE}) as due");
    Ok(due_bound(statement, scope, asked).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists what is due on a day by since when, area and piece, after a place.
pub(super) async fn list_due(
    mut conn: &Conn,
    scope: &Scope,
    asked: (&DueAssetCheckFilter, NaiveDate),
    (limit, after): (Limit, Option<DueCheckPlace>),
) -> Result<Vec<DueAssetCheck>> {
    let Way { order, beyond } = Way::of(asked.0.sort == Some(ByCheckDay::Down));
    let statement = format!(
        "select * from ({DUE}) as due where $5 is null or (next_check_on, area_id, asset_id) {beyond} ($5, $6, $7)
         order by next_check_on {order}, area_id {order}, asset_id {order} limit $8"
    );
    let (day, area_id, asset_id) = match after {
        Some((day, area_id, asset_id)) => (Some(day), Some(area_id), Some(asset_id)),
        None => (None, None, None),
    };
    let query = due_bound(statement, scope, asked)
        .bind::<Nullable<Date>, _>(day)
        .bind::<Nullable<Int4>, _>(area_id)
        .bind::<Nullable<SqlUuid>, _>(asset_id)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
