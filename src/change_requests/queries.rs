//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Int4, Nullable, Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{ChangeFilter, ChangeRow, ChangeStatus, SeenRequest};
use crate::db::{Conn, Counted, Way};
use crate::domain::{ChangeRequestId, Scope};
use crate::error::Result;
use crate::http::{ById, Limit};
use crate::schema::change_requests;

/// What follows for a pending request from the record as it is now, and from the other pending ones.
///
/// A NIK is shown masked, so a request that changes one is held to the version of the whole record.
const SEEN: &str = "
    c.*,
    c.status = 'pending' and (
        present.record is null or 'nik' = any (c.fields) and present.version <> c.base_version
        or exists (
            select from jsonb_each(c.before) as f
            where f.key <> 'nik' and f.value is distinct from present.record -> f.key
        )
    ) as is_stale,
    array(
        select o.id from change_requests o
        where c.status = 'pending' and o.area_id = c.area_id and o.status = 'pending' and o.id <> c.id
            and o.fields && c.fields and (
                o.member_id = c.member_id
                or c.member_id is null and o.member_id is null and o.beneficiary_id = c.beneficiary_id
            )
        order by o.id limit 200
    ) as conflicts_with";

/// The record of a request as it is now; none where it is no longer live.
const PRESENT: &str = "
    left join lateral (
        select to_jsonb(b) as record, b.version from beneficiaries b
        where c.member_id is null and b.area_id = c.area_id and b.id = c.beneficiary_id and b.status = 'live'
        union all
        select to_jsonb(m) || jsonb_build_object('relationship', s.relationship), m.version
        from members m
        join memberships s on s.area_id = m.area_id and s.member_id = m.id and s.ended_on is null
        where m.area_id = c.area_id and m.id = c.member_id
    ) as present on true";

/// The requests of the areas `$1`, each with what follows for it.
pub(crate) fn seen() -> String {
    format!("select {SEEN} from change_requests c {PRESENT} where c.area_id = any ($1)")
}

/// Inserts a request.
pub(super) async fn insert(mut conn: &Conn, row: &ChangeRow) -> Result<()> {
    diesel::insert_into(change_requests::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Keeps others from deciding a request until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: ChangeRequestId) -> Result<Option<ChangeRow>> {
    let query = change_requests::table
        .filter(change_requests::area_id.eq_any(&scope.area_ids))
        .filter(change_requests::id.eq(id))
        .select(ChangeRow::as_select())
        .for_no_key_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a request.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: ChangeRequestId) -> Result<Option<SeenRequest>> {
    let query =
        sql_query(format!("{} and c.id = $2", seen())).bind::<Array<Int4>, _>(&scope.area_ids).bind::<SqlUuid, _>(id);
    Ok(query.get_result(&mut conn).await.optional()?)
}

/// A statement over the requests that a filter leaves: `what` of them `from`, and after them `rest`. Five placeholders
/// are taken.
fn asked<'a>(
    scope: &'a Scope,
    filter: &'a ChangeFilter,
    (what, from): (&str, &str),
    rest: &str,
) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    let statement = format!(
        "select {what} from change_requests c {from}
         where c.area_id = any ($1) and ($2 is null or c.status = $2) and ($3 is null or c.beneficiary_id = $3)
             and ($4 is null or c.member_id = $4) and ($5 is null or c.visit_id = $5) {rest}"
    );
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<Text>, _>(filter.status)
        .bind::<Nullable<SqlUuid>, _>(filter.beneficiary_id)
        .bind::<Nullable<SqlUuid>, _>(filter.member_id)
        .bind::<Nullable<SqlUuid>, _>(filter.visit_id)
}

/// Counts requests.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &ChangeFilter) -> Result<i64> {
    Ok(asked(scope, filter, ("count(*) as total", ""), "").get_result::<Counted>(&mut conn).await?.total)
}

/// Lists requests by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &ChangeFilter,
    (limit, after): (Limit, Option<ChangeRequestId>),
) -> Result<Vec<SeenRequest>> {
    let Way { order, beyond } = Way::of(filter.sort == Some(ById::Down));
    let rest = format!("and ($6 is null or c.id {beyond} $6) order by c.id {order} limit $7");
    let query = asked(scope, filter, (SEEN, PRESENT), &rest)
        .bind::<Nullable<SqlUuid>, _>(after)
        .bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}

/// What was decided of a request.
pub(super) struct Decision<'a> {
    pub(super) status: ChangeStatus,
    pub(super) client_id: &'a str,
    pub(super) reason: Option<String>,
    pub(super) now: DateTime<Utc>,
}

/// Writes the decision over a locked request; a NIK that was proposed is let go.
pub(super) async fn decide(mut conn: &Conn, row: &ChangeRow, decision: &Decision<'_>) -> Result<()> {
    diesel::update(change_requests::table.find((row.area_id, row.id)))
        .set((
            change_requests::status.eq(decision.status),
            change_requests::decided_by.eq(decision.client_id),
            change_requests::decided_at.eq(decision.now),
            change_requests::decision_reason.eq(&decision.reason),
            change_requests::nik_sealed.eq(None::<Vec<u8>>),
            change_requests::version.eq(row.version + 1),
            change_requests::updated_at.eq(decision.now),
        ))
        .execute(&mut conn)
        .await?;
    Ok(())
}
