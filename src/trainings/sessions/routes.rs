//! Routes of sessions and attendance.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    Attendance, AttendanceFilter, NewAttendance, NewTrainingSession, RecordedAttendance, SessionFilter, TrainingSession,
};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadTrainingParticipants, WriteAttendance, WriteTrainings};
use crate::db::Db;
use crate::domain::{TrainingId, TrainingSessionId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;
use crate::trainings;

/// List sessions of a training
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training"), SessionFilter),
    security(("oauth2" = ["training_participants:read"])),
    responses((status = 200, body = Page<TrainingSession>)),
)]
#[get("/v1/trainings/{id}/sessions")]
async fn list_training_sessions(
    caller: Allowed<ReadTrainingParticipants>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<TrainingId>,
    list: List<SessionFilter, TrainingSession>,
) -> Result<Page<TrainingSession>> {
    let operation = "list_training_sessions";
    let cursors = CursorKey::new(&keys.cursors, operation, &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    trainings::queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let asked = (id.0, &list.filter);
    let rows = queries::list(&conn, &caller.scope, asked, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, asked)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get a session
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingSessionId, Path, description = "Id of the session")),
    security(("oauth2" = ["training_participants:read"])),
    responses((status = 200, body = TrainingSession), (status = 304)),
)]
#[get("/v1/training-sessions/{id}")]
async fn get_training_session(
    caller: Allowed<ReadTrainingParticipants>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<TrainingSessionId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let session = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, 1, &session))
}

/// Add a session
///
/// On one of the days of the training, before it is held.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = NewTrainingSession, security(("oauth2" = ["trainings:write"])),
    responses((status = 201, body = TrainingSession)),
)]
#[post("/v1/trainings/{id}/sessions")]
async fn schedule_training_session(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<NewTrainingSession>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let session = actions::schedule(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/training-sessions/{}", session.id), &session)
        })
        .await
}

/// List who came to a session
///
/// Every participant with a seat, with the mark that counts; what it took the place of stays in the audit log.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingSessionId, Path, description = "Id of the session"), AttendanceFilter),
    security(("oauth2" = ["training_participants:read"])),
    responses((status = 200, body = Page<Attendance>)),
)]
#[get("/v1/training-sessions/{id}/attendance")]
async fn list_attendance(
    caller: Allowed<ReadTrainingParticipants>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<TrainingSessionId>,
    list: List<AttendanceFilter, Attendance>,
) -> Result<Page<Attendance>> {
    let cursors = CursorKey::new(&keys.cursors, "list_attendance", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let asked = (id.0, &list.filter);
    let rows = queries::list_marks(&conn, &caller.scope, asked, (list.limit, after)).await?;
    let total = list.total(queries::count_marks(&conn, &caller.scope, asked)).await?;
    let page = list.page((rows, total), &cursors, |row| row.participant_id)?;
    reads.record(Read::new(&caller, "list_attendance", "training_participants", None).of(page.items.len())).await;
    Ok(page)
}

/// Record who came to a session
///
/// Of many participants at once, from the day of the session on. Recorded again, the new mark counts and the old one is
/// kept with who and when; a mark that is the same changes nothing. Totals follow from the marks.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingSessionId, Path, description = "Id of the session")),
    request_body = NewAttendance, security(("oauth2" = ["attendance:write"])),
    responses((status = 200, body = RecordedAttendance)),
)]
#[post("/v1/training-sessions/{id}/attendance")]
async fn record_attendance(
    caller: Allowed<WriteAttendance>,
    db: Data<Db>,
    id: Id<TrainingSessionId>,
    command: Once<NewAttendance>,
) -> Result<HttpResponse> {
    let attend =
        async |conn: &mut _, new: &NewAttendance| Answer::ok(&actions::attend(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, attend).await
}

/// Registers the routes.
pub(in crate::trainings) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_training_sessions)
        .service(get_training_session)
        .service(schedule_training_session)
        .service(list_attendance)
        .service(record_attendance);
}
