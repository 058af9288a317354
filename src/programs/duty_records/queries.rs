//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{BoxedSqlQuery, SqlQuery};
use diesel::sql_query;
use diesel::sql_types::{Array, BigInt, Date, Int4, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;

use super::model::{DutyRecord, DutyRecordFilter, Home, NewDutyRecord, Newest};
use crate::db::{Conn, Counted, Way};
use crate::domain::{Caller, DutyRecordId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{AsOf, ById, Limit};
use crate::schema::{beneficiaries, duty_records, memberships};

/// The family that a member lives in, held so that it does not end or move meanwhile.
pub(super) async fn hold_home(mut conn: &Conn, scope: &Scope, new: &NewDutyRecord) -> Result<Option<Home>> {
    let of_member = memberships::table
        .filter(memberships::area_id.eq_any(&scope.area_ids))
        .filter(memberships::member_id.eq(new.member_id))
        .filter(memberships::ended_on.is_null())
        .select(memberships::beneficiary_id);
    let family = beneficiaries::table
        .filter(beneficiaries::area_id.eq_any(&scope.area_ids))
        .filter(beneficiaries::status.eq("live"))
        .filter(beneficiaries::id.eq_any(of_member))
        .select((beneficiaries::area_id, beneficiaries::id));
    Ok(family.for_share().first(&mut conn).await.optional()?)
}

/// The newest record of the same member, duty and month.
pub(super) async fn find_newest(mut conn: &Conn, area_id: i32, new: &NewDutyRecord) -> Result<Option<Newest>> {
    let newest = duty_records::table
        .filter(duty_records::area_id.eq(area_id))
        .filter(duty_records::member_id.eq(new.member_id))
        .filter(duty_records::kind.eq(new.kind))
        .filter(duty_records::period.eq(new.period))
        .order(duty_records::version.desc())
        .select((duty_records::id, duty_records::version));
    Ok(newest.first(&mut conn).await.optional()?)
}

/// Adds a record. The constraint lets one of two that were sent at once be the version.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    (home, version): (Home, i32),
    new: &NewDutyRecord,
    now: DateTime<Utc>,
) -> Result<DutyRecord> {
    let row = (
        duty_records::area_id.eq(home.area_id),
        duty_records::id.eq(DutyRecordId::new()),
        duty_records::beneficiary_id.eq(home.beneficiary_id),
        duty_records::member_id.eq(new.member_id),
        duty_records::kind.eq(new.kind),
        duty_records::period.eq(new.period),
        duty_records::due_count.eq(new.due_count),
        duty_records::done_count.eq(new.done_count),
        duty_records::version.eq(version),
        duty_records::corrects.eq(new.corrects),
        duty_records::recorded_by.eq(&caller.client_id),
        duty_records::created_at.eq(now),
    );
    let insert = diesel::insert_into(duty_records::table).values(row).returning(DutyRecord::as_returning());
    let code = if version == 1 { Code::DutyAlreadyRecorded } else { Code::DutyRecordCorrected };
    insert.get_result(&mut conn).await.on_conflict(code)
}

/// Finds a record.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DutyRecordId) -> Result<Option<DutyRecord>> {
    let of_area = DutyRecord::query().filter(duty_records::area_id.eq_any(&scope.area_ids));
    Ok(of_area.filter(duty_records::id.eq(id)).first(&mut conn).await.optional()?)
}

/// Records that count, of those that a filter leaves. Only conditions that were asked for are written.
fn filtered(filter: &DutyRecordFilter) -> String {
    let conditions = [
        (filter.beneficiary_id.is_some(), "and r.beneficiary_id = $2"),
        (filter.member_id.is_some(), "and r.member_id = $3"),
        (filter.kind.is_some(), "and r.kind = $4"),
        (filter.period.is_some(), "and r.period = $5"),
        (filter.as_of.is_some(), "and r.created_at <= $6"),
    ];
    let asked: Vec<&str> = conditions.iter().filter(|(is_asked, _)| *is_asked).map(|(_, text)| *text).collect();
    format!(
        "from duty_records r where r.area_id = any ($1) {} and not exists (
            select from duty_records n where n.area_id = r.area_id and n.corrects = r.id
                and n.member_id = r.member_id and n.kind = r.kind and n.period = r.period
                and ($6 is null or n.created_at <= $6))",
        asked.join(" ")
    )
}

/// A statement whose first six placeholders are those of [`filtered`].
fn bound<'a>(statement: String, scope: &'a Scope, filter: &'a DutyRecordFilter) -> BoxedSqlQuery<'a, Pg, SqlQuery> {
    sql_query(statement)
        .into_boxed::<Pg>()
        .bind::<Array<Int4>, _>(&scope.area_ids)
        .bind::<Nullable<SqlUuid>, _>(filter.beneficiary_id)
        .bind::<Nullable<SqlUuid>, _>(filter.member_id)
        .bind::<Nullable<Text>, _>(filter.kind)
        .bind::<Nullable<Date>, _>(filter.period)
        .bind::<Nullable<Timestamptz>, _>(filter.as_of.map(|AsOf(at)| at))
}

/// Counts records.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &DutyRecordFilter) -> Result<i64> {
    let statement = format!("select count(*) as total {}", filtered(filter));
    Ok(bound(statement, scope, filter).get_result::<Counted>(&mut conn).await?.total)
}

/// Lists records by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DutyRecordFilter,
    (limit, after): (Limit, Option<DutyRecordId>),
) -> Result<Vec<DutyRecord>> {
    let Way { order, beyond } = Way::of(filter.sort != Some(ById::Up));
    let rows = filtered(filter);
    let statement = format!("select r.* {rows} and ($7 is null or r.id {beyond} $7) order by r.id {order} limit $8");
    let query =
        bound(statement, scope, filter).bind::<Nullable<SqlUuid>, _>(after).bind::<BigInt, _>(limit.rows_to_fetch());
    Ok(query.load(&mut conn).await?)
}
