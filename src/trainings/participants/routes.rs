//! Routes of participants.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    AssessedParticipants, NewAssessments, NewTrainingParticipant, ParticipantFilter, ReleasedSeats, SeatWithdrawal,
    TrainingParticipant,
};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadTrainingParticipants, WriteTrainingParticipants, WriteTrainings};
use crate::db::Db;
use crate::domain::{TrainingId, TrainingParticipantId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;
use crate::trainings;

/// List participants of a training
///
/// Who has a seat and who withdrew, each with what it attended so far.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training"), ParticipantFilter),
    security(("oauth2" = ["training_participants:read"])),
    responses((status = 200, body = Page<TrainingParticipant>)),
)]
#[get("/v1/trainings/{id}/participants")]
async fn list_training_participants(
    caller: Allowed<ReadTrainingParticipants>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<TrainingId>,
    list: List<ParticipantFilter, TrainingParticipant>,
) -> Result<Page<TrainingParticipant>> {
    let operation = "list_training_participants";
    let cursors = CursorKey::new(&keys.cursors, operation, &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    trainings::queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let asked = (id.0, &list.filter);
    let rows = queries::list(&conn, &caller.scope, asked, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, asked)).await?;
    let page = list.page((rows, total), &cursors, |row| row.id)?;
    reads.record(Read::new(&caller, operation, "training_participants", None).of(page.items.len())).await;
    Ok(page)
}

/// Get a participant
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingParticipantId, Path, description = "Id of the participant")),
    security(("oauth2" = ["training_participants:read"])),
    responses((status = 200, body = TrainingParticipant), (status = 304)),
)]
#[get("/v1/training-participants/{id}")]
async fn get_training_participant(
    caller: Allowed<ReadTrainingParticipants>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<TrainingParticipantId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let participant = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let read = Read::new(&caller, "get_training_participant", "training_participants", Some(id.0.0));
    reads.record(read).await;
    not_modified_content(&request, &participant)
}

/// Give a member a seat
///
/// Of a verified family, 15 years or older on the first day, once in a training; never more than there are seats. Where
/// the seat is of an entitlement or an allocation of the family, `aid_id` names it.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = NewTrainingParticipant, security(("oauth2" = ["training_participants:write"])),
    responses((status = 201, body = TrainingParticipant)),
)]
#[post("/v1/trainings/{id}/participants")]
async fn register_participant(
    caller: Allowed<WriteTrainingParticipants>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<NewTrainingParticipant>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let participant = actions::register(conn, &caller, id.0, new).await?;
            Answer::created(format!("/v1/training-participants/{}", participant.id), &participant)
        })
        .await
}

/// Withdraw a participant
///
/// Its seat is free for another one. What it attended stays recorded.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingParticipantId, Path, description = "Id of the participant")),
    request_body = SeatWithdrawal, security(("oauth2" = ["training_participants:write"])),
    responses((status = 200, body = TrainingParticipant)),
)]
#[post("/v1/training-participants/{id}/withdrawals")]
async fn withdraw_participant(
    caller: Allowed<WriteTrainingParticipants>,
    db: Data<Db>,
    id: Id<TrainingParticipantId>,
    command: Once<SeatWithdrawal>,
) -> Result<HttpResponse> {
    let withdraw = async |conn: &mut _, withdrawal: &SeatWithdrawal| {
        Answer::ok(&actions::withdraw(conn, &caller, id.0, &withdrawal.reason).await?)
    };
    command.run(&db, &caller, withdraw).await
}

/// Release the seats of those who left
///
/// Of all who are in no family of the sub-district any more, at once: they died, moved away, or were taken off their family.
/// Who attended enough for the certificate already keeps the seat, so record the marks of past sessions first.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = SeatWithdrawal, security(("oauth2" = ["training_participants:write"])),
    responses((status = 200, body = ReleasedSeats)),
)]
#[post("/v1/trainings/{id}/seat-releases")]
async fn release_seats(
    caller: Allowed<WriteTrainingParticipants>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<SeatWithdrawal>,
) -> Result<HttpResponse> {
    let release = async |conn: &mut _, withdrawal: &SeatWithdrawal| {
        Answer::ok(&actions::release(conn, &caller, id.0, &withdrawal.reason).await?)
    };
    command.run(&db, &caller, release).await
}

/// Record assessments
///
/// What an assessor found, of many participants at once; found again, the new result counts. Who is not yet competent gets
/// no certificate; who was not assessed gets it by attendance alone.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = NewAssessments, security(("oauth2" = ["trainings:write"])),
    responses((status = 200, body = AssessedParticipants)),
)]
#[post("/v1/trainings/{id}/assessments")]
async fn record_assessments(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<NewAssessments>,
) -> Result<HttpResponse> {
    let assess =
        async |conn: &mut _, new: &NewAssessments| Answer::ok(&actions::assess(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, assess).await
}

/// Registers the routes.
pub(in crate::trainings) fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_training_participants)
        .service(get_training_participant)
        .service(register_participant)
        .service(withdraw_participant)
        .service(release_seats)
        .service(record_assessments);
}
