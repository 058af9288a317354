//! One statement a function. Each takes the scope, or the area that was found by it.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::decisions::DecisionKind;
use super::model::{Deliberation, DeliberationFilter, DeliberationStatus, NewDeliberation, NewLetter, ReportStatus};
use crate::db::{Conn, walk};
use crate::domain::{Caller, DeliberationId, Scope};
use crate::error::{Code, OnConflict, Result};
use crate::http::{ByCreation, Limit};
use crate::schema::deliberations;

/// Finds a meeting.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: DeliberationId) -> Result<Option<Deliberation>> {
    let query =
        Deliberation::query().filter(deliberations::area_id.eq_any(&scope.area_ids)).filter(deliberations::id.eq(id));
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a meeting and keeps others from changing it until the transaction ends.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: DeliberationId) -> Result<Option<Deliberation>> {
    let query = Deliberation::query()
        .filter(deliberations::area_id.eq_any(&scope.area_ids))
        .filter(deliberations::id.eq(id))
        .for_no_key_update();
    Ok(query.first(&mut conn).await.optional()?)
}

/// Meetings that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a DeliberationFilter) -> deliberations::BoxedQuery<'a, Pg> {
    let mut query = deliberations::table.filter(deliberations::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(village_code) = &filter.village_code {
        query = query.filter(deliberations::village_code.eq(village_code));
    }
    if let Some(program_id) = filter.program_id {
        query = query.filter(deliberations::program_id.eq(program_id));
    }
    if let Some(status) = filter.status {
        query = query.filter(deliberations::status.eq(status));
    }
    if let Some(is_special) = filter.is_special {
        query = query.filter(deliberations::is_special.eq(is_special));
    }
    if let Some(report_status) = filter.report_status {
        query = query.filter(deliberations::report_status.eq(report_status));
    }
    query
}

/// Counts meetings.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &DeliberationFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists meetings by id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &DeliberationFilter,
    (limit, after): (Limit, Option<DeliberationId>),
) -> Result<Vec<Deliberation>> {
    let query = filtered(scope, filter).select(Deliberation::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByCreation::Up);
    Ok(walk!(query, is_down, after, deliberations::{id}).load(&mut conn).await?)
}

/// Inserts a meeting.
pub(super) async fn insert(
    mut conn: &Conn,
    caller: &Caller,
    area_id: i32,
    new: &NewDeliberation,
    now: DateTime<Utc>,
) -> Result<Deliberation> {
    let count =
        |kind| i32::try_from(new.decisions.iter().filter(|one| one.decision == kind).count()).unwrap_or(i32::MAX);
    diesel::insert_into(deliberations::table)
        .values((
            deliberations::area_id.eq(area_id),
            deliberations::id.eq(DeliberationId::new()),
            deliberations::village_code.eq(&new.village_code),
            deliberations::program_id.eq(new.program_id),
            deliberations::held_on.eq(new.held_on),
            deliberations::is_special.eq(new.is_special),
            deliberations::minutes_number.eq(&new.minutes_number),
            deliberations::minutes_digest.eq(new.minutes_digest),
            deliberations::minutes_media_type.eq(&new.minutes_media_type),
            deliberations::attendee_count.eq(new.attendee_count),
            deliberations::decree_number.eq(&new.decree_number),
            deliberations::add_count.eq(count(DecisionKind::Add)),
            deliberations::keep_count.eq(count(DecisionKind::Keep)),
            deliberations::remove_count.eq(count(DecisionKind::Remove)),
            deliberations::reserve_count.eq(count(DecisionKind::Reserve)),
            deliberations::status.eq(DeliberationStatus::Recorded),
            deliberations::report_status.eq(ReportStatus::Recorded),
            deliberations::recorded_by.eq(&caller.client_id),
            deliberations::created_at.eq(now),
            deliberations::updated_at.eq(now),
        ))
        .returning(Deliberation::as_returning())
        .get_result(&mut conn)
        .await
        .on_conflict(Code::MinutesAlreadyRecorded)
}

/// A locked meeting as a row to update, with what every change of it sets.
macro_rules! update {
    ($conn:ident, $before:ident, $now:ident, $changes:expr) => {{
        let row = deliberations::table.find(($before.area_id, $before.id));
        diesel::update(row)
            .set(($changes, deliberations::version.eq($before.version + 1), deliberations::updated_at.eq($now)))
            .returning(Deliberation::as_returning())
            .get_result(&mut $conn)
            .await?
    }};
}

/// Notes that a locked meeting is applied.
pub(super) async fn apply(
    mut conn: &Conn,
    caller: &Caller,
    before: &Deliberation,
    (decree_number, effective_on): (&str, NaiveDate),
    now: DateTime<Utc>,
) -> Result<Deliberation> {
    let changes = (
        deliberations::status.eq(DeliberationStatus::Applied),
        deliberations::decree_number.eq(decree_number),
        deliberations::effective_on.eq(effective_on),
        deliberations::applied_by.eq(&caller.client_id),
        deliberations::applied_at.eq(now),
    );
    Ok(update!(conn, before, now, changes))
}

/// Notes the village's letter to the camat.
pub(super) async fn report(
    mut conn: &Conn,
    caller: &Caller,
    before: &Deliberation,
    letter: &NewLetter,
    now: DateTime<Utc>,
) -> Result<Deliberation> {
    let changes = (
        deliberations::report_status.eq(ReportStatus::ReportedToCamat),
        deliberations::camat_letter_number.eq(&letter.letter_number),
        deliberations::camat_letter_on.eq(letter.dated_on),
        deliberations::reported_by.eq(&caller.client_id),
        deliberations::reported_at.eq(now),
    );
    Ok(update!(conn, before, now, changes))
}

/// Notes the camat's letter to the regent.
pub(super) async fn forward(
    mut conn: &Conn,
    caller: &Caller,
    before: &Deliberation,
    letter: &NewLetter,
    now: DateTime<Utc>,
) -> Result<Deliberation> {
    let changes = (
        deliberations::report_status.eq(ReportStatus::ForwardedToRegent),
        deliberations::regent_letter_number.eq(&letter.letter_number),
        deliberations::regent_letter_on.eq(letter.dated_on),
        deliberations::forwarded_by.eq(&caller.client_id),
        deliberations::forwarded_at.eq(now),
    );
    Ok(update!(conn, before, now, changes))
}
