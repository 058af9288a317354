//! One statement a function. Each takes the scope, or the area that was found by it.

use diesel::dsl::{exists, not};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::model::{PayingLine, Training, TrainingFilter, TrainingStatus};
use crate::db::{self, Conn, walk};
use crate::domain::{PledgeLineId, Scope, Text, TrainingId};
use crate::error::{Code, Error, Result};
use crate::http::{ById, Limit};
use crate::schema::{need_kind_contents, pledge_lines, pledges, training_participants, training_sessions, trainings};

/// Trainings of a scope; of a company those that its own lines pay for.
fn visible(scope: &Scope) -> trainings::BoxedQuery<'_, Pg> {
    let query = trainings::table.filter(trainings::area_id.eq_any(&scope.area_ids)).into_boxed();
    match scope.company_id {
        Some(company_id) => query.filter(trainings::company_id.eq(company_id)),
        None => query,
    }
}

/// Finds a training.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: TrainingId) -> Result<Option<Training>> {
    let query = visible(scope).filter(trainings::id.eq(id)).select(Training::as_select());
    Ok(query.first(&mut conn).await.optional()?)
}

/// Finds a training and keeps others from changing it, or taking a seat, until the transaction ends. Its figures are
/// those of before the wait.
///
/// # Errors
/// `not_found`.
pub(super) async fn lock(mut conn: &Conn, scope: &Scope, id: TrainingId) -> Result<Training> {
    let query = Training::query().filter(trainings::area_id.eq_any(&scope.area_ids)).filter(trainings::id.eq(id));
    let found = query.for_no_key_update().first(&mut conn).await.optional()?;
    found.ok_or_else(|| Code::NotFound.into())
}

/// The line of a committed pledge of the scope, where it gives seats of a kind of training, or packages with some in them.
pub(super) async fn find_line(
    mut conn: &Conn,
    scope: &Scope,
    (id, kind): (PledgeLineId, &Text<40>),
) -> Result<Option<PayingLine>> {
    let packages = need_kind_contents::table.filter(need_kind_contents::kind.eq(kind));
    let packages = packages.select(need_kind_contents::package);
    let line = pledge_lines::table
        .inner_join(pledges::table)
        .filter(pledge_lines::id.eq(id))
        .filter(pledge_lines::kind.eq(kind).or(pledge_lines::kind.eq_any(packages)))
        .filter(pledges::area_id.eq_any(&scope.area_ids))
        .filter(pledges::status.eq("committed"))
        .select((pledge_lines::id, pledges::id, pledges::company_id, pledges::area_id));
    Ok(line.first(&mut conn).await.optional()?)
}

/// Seats of a kind that one unit of a line gives: one, or those in a package.
pub(super) async fn seats_each(mut conn: &Conn, line_id: PledgeLineId, kind: &Text<40>) -> Result<u64> {
    let in_package = pledge_lines::table
        .inner_join(need_kind_contents::table.on(need_kind_contents::package.eq(pledge_lines::kind)))
        .filter(pledge_lines::id.eq(line_id))
        .filter(need_kind_contents::kind.eq(kind))
        .select(need_kind_contents::units);
    let seats: Option<i32> = in_package.first(&mut conn).await.optional()?;
    u64::try_from(seats.unwrap_or(1)).map_err(Error::internal)
}

/// Seats of trainings that a line pays for, those of one training left out; others plan none for it until the transaction
/// ends.
pub(super) async fn seats_planned(
    mut conn: &Conn,
    area_id: i32,
    line_id: PledgeLineId,
    besides: Option<TrainingId>,
) -> Result<i64> {
    let line = pledge_lines::table.find(line_id).select(pledge_lines::id).for_no_key_update();
    line.execute(&mut conn).await?;
    let seats: Option<i64> = trainings::table
        .filter(trainings::area_id.eq(area_id))
        .filter(trainings::pledge_line_id.eq(line_id))
        .filter(trainings::status.ne(TrainingStatus::Cancelled))
        .filter(trainings::id.nullable().is_distinct_from(besides))
        .select(diesel::dsl::sum(trainings::seats))
        .get_result(&mut conn)
        .await?;
    Ok(seats.unwrap_or_default())
}

/// Adds a training.
pub(super) async fn insert(mut conn: &Conn, new: &Training) -> Result<()> {
    let what = (
        trainings::area_id.eq(new.area_id),
        trainings::id.eq(new.id),
        trainings::title.eq(&new.title),
        trainings::kind.eq(&new.kind),
        trainings::provider.eq(&new.provider),
        trainings::program_id.eq(new.program_id),
        trainings::pledge_line_id.eq(new.pledge_line_id),
        trainings::pledge_id.eq(new.pledge_id),
        trainings::company_id.eq(new.company_id),
    );
    let when = (
        trainings::village_code.eq(&new.village_code),
        trainings::place.eq(&new.place),
        trainings::seats.eq(new.seats),
        trainings::begins_on.eq(new.begins_on),
        trainings::ends_on.eq(new.ends_on),
        trainings::competence_standard.eq(&new.competence_standard),
        trainings::minimum_attendance_percent.eq(new.minimum_attendance_percent),
        trainings::status.eq(new.status),
        trainings::planned_by.eq(&new.planned_by),
        trainings::created_at.eq(new.created_at),
        trainings::updated_at.eq(new.updated_at),
    );
    diesel::insert_into(trainings::table).values((what, when)).execute(&mut conn).await?;
    Ok(())
}

/// Writes the next version of a locked training.
pub(super) async fn update(mut conn: &Conn, after: &Training) -> Result<Training> {
    let row = trainings::table.find((after.area_id, after.id)).filter(trainings::version.eq(after.version - 1));
    let written = diesel::update(row)
        .set((
            trainings::title.eq(&after.title),
            trainings::provider.eq(&after.provider),
            trainings::village_code.eq(&after.village_code),
            trainings::place.eq(&after.place),
            trainings::seats.eq(after.seats),
            trainings::begins_on.eq(after.begins_on),
            trainings::ends_on.eq(after.ends_on),
            trainings::competence_standard.eq(&after.competence_standard),
            trainings::minimum_attendance_percent.eq(after.minimum_attendance_percent),
            trainings::status.eq(after.status),
            trainings::cancellation_reason.eq(&after.cancellation_reason),
            trainings::version.eq(after.version),
            trainings::updated_at.eq(after.updated_at),
        ))
        .returning(Training::as_returning())
        .get_result(&mut conn)
        .await
        .optional()?;
    written.ok_or_else(|| Code::VersionStale.into())
}

/// Writes that the figures of a locked training changed, so that nobody goes on reading the old ones by its `ETag`.
pub(super) async fn renew(mut conn: &Conn, before: &Training) -> Result<Training> {
    let renewed = diesel::update(trainings::table.find((before.area_id, before.id)))
        .set((trainings::version.eq(before.version + 1), trainings::updated_at.eq(db::next_instant(before.updated_at))))
        .returning(Training::as_returning());
    Ok(renewed.get_result(&mut conn).await?)
}

/// Whether all days of the sessions of a locked training lie within its own; sessions are added under the same lock.
pub(super) async fn sessions_fit(mut conn: &Conn, training: &Training) -> Result<bool> {
    let outside = training_sessions::table
        .filter(training_sessions::area_id.eq(training.area_id))
        .filter(training_sessions::training_id.eq(training.id))
        .filter(training_sessions::held_on.lt(training.begins_on).or(training_sessions::held_on.gt(training.ends_on)));
    Ok(diesel::select(not(exists(outside))).get_result(&mut conn).await?)
}

/// Days of the sessions of a locked training: the last one, where there is any.
pub(super) async fn last_session(mut conn: &Conn, training: &Training) -> Result<Option<chrono::NaiveDate>> {
    let days = training_sessions::table
        .filter(training_sessions::area_id.eq(training.area_id))
        .filter(training_sessions::training_id.eq(training.id))
        .select(diesel::dsl::max(training_sessions::held_on));
    Ok(days.get_result(&mut conn).await?)
}

/// Seats of a locked training that are taken, counted after the wait for the lock.
pub(super) async fn seats_taken(mut conn: &Conn, training: &Training) -> Result<i64> {
    let taken = training_participants::table
        .filter(training_participants::area_id.eq(training.area_id))
        .filter(training_participants::training_id.eq(training.id))
        .filter(training_participants::withdrawn_at.is_null());
    Ok(taken.count().get_result(&mut conn).await?)
}

/// Trainings that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a TrainingFilter) -> trainings::BoxedQuery<'a, Pg> {
    let mut query = visible(scope);
    if let Some(status) = filter.status {
        query = query.filter(trainings::status.eq(status));
    }
    if let Some(village_code) = &filter.village_code {
        query = query.filter(trainings::village_code.eq(village_code));
    }
    if let Some(program_id) = filter.program_id {
        query = query.filter(trainings::program_id.eq(program_id));
    }
    if let Some(pledge_id) = filter.pledge_id {
        query = query.filter(trainings::pledge_id.eq(pledge_id));
    }
    if let Some(from) = filter.from {
        query = query.filter(trainings::ends_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(trainings::begins_on.le(to));
    }
    query
}

/// Counts trainings.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &TrainingFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists trainings by area and id, after one.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &TrainingFilter,
    (limit, after): (Limit, Option<(i32, TrainingId)>),
) -> Result<Vec<Training>> {
    let query = filtered(scope, filter).select(Training::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ById::Up);
    Ok(walk!(query, is_down, after, trainings::{area_id, id}).load(&mut conn).await?)
}
