//! Routes of trainings.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};

use super::model::{NewTraining, Training, TrainingCancellation, TrainingChanges, TrainingFilter, TrainingStep};
use super::{actions, certificates, participants, queries, sessions};
use crate::auth::{Allowed, ReadTrainings, WriteTrainings};
use crate::db::Db;
use crate::domain::TrainingId;
use crate::error::{Code, Result};
use crate::http::{Answer, Change, CursorKey, Id, List, Once, Page, Routes, etag, not_modified};
use crate::keys::Keys;

/// List trainings
///
/// Of your sub-district, the newest first, each with its figures; a company sees those that its own pledge lines pay for.
#[utoipa::path(
    tag = "trainings", params(TrainingFilter), security(("oauth2" = ["trainings:read"])),
    responses((status = 200, body = Page<Training>)),
)]
#[get("/v1/trainings")]
async fn list_trainings(
    caller: Allowed<ReadTrainings>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<TrainingFilter, Training>,
) -> Result<Page<Training>> {
    let cursors = CursorKey::new(&keys.cursors, "list_trainings", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.area_id, row.id))
}

/// Get a training
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    security(("oauth2" = ["trainings:read"])),
    responses((status = 200, body = Training, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/trainings/{id}")]
async fn get_training(
    caller: Allowed<ReadTrainings>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<TrainingId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let training = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, training.version, &training))
}

/// Plan a training
///
/// What it is about, by whom, where and when, for how many. It belongs to a program or to the line of a pledge that pays
/// for it, to one of them at most. Nobody has a seat before it is opened.
#[utoipa::path(
    tag = "trainings", request_body = NewTraining, security(("oauth2" = ["trainings:write"])),
    responses((status = 201, body = Training)),
)]
#[post("/v1/trainings")]
async fn plan_training(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    command: Once<NewTraining>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let training = actions::plan(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/trainings/{}", training.id), &training)?.with_version(training.version))
        })
        .await
}

/// Change a planned training
#[utoipa::path(
    tag = "trainings",
    params(("id" = TrainingId, Path, description = "Id of the training"), ("If-Match" = String, Header)),
    request_body(content = TrainingChanges, content_type = "application/merge-patch+json"),
    security(("oauth2" = ["trainings:write"])),
    responses((status = 200, body = Training, headers(("ETag" = String, description = "Version")))),
)]
#[patch("/v1/trainings/{id}")]
async fn update_training(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    id: Id<TrainingId>,
    change: Change<TrainingChanges>,
) -> Result<HttpResponse> {
    let Change { changes, version } = change;
    let edit = async |conn: &mut _| actions::edit(conn, &caller, id.0, (&changes, version)).await;
    let training = db.transaction(&caller.scope, edit).await?;
    Ok(HttpResponse::Ok().insert_header(("ETag", etag(training.version))).json(training))
}

fn answer(training: &Training) -> Result<Answer> {
    Ok(Answer::ok(training)?.with_version(training.version))
}

/// Open a training
///
/// From now on members of families take seats.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = TrainingStep, security(("oauth2" = ["trainings:write"])),
    responses((status = 200, body = Training)),
)]
#[post("/v1/trainings/{id}/openings")]
async fn open_training(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<TrainingStep>,
) -> Result<HttpResponse> {
    command.run(&db, &caller, async |conn, TrainingStep {}| answer(&actions::open(conn, &caller, id.0).await?)).await
}

/// Say that a training was held
///
/// There is at least one session, and the day of the last one has come. Nobody gets or leaves a seat any more; certificates can
/// be issued.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = TrainingStep, security(("oauth2" = ["trainings:write"])),
    responses((status = 200, body = Training)),
)]
#[post("/v1/trainings/{id}/completions")]
async fn hold_training(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<TrainingStep>,
) -> Result<HttpResponse> {
    command.run(&db, &caller, async |conn, TrainingStep {}| answer(&actions::hold(conn, &caller, id.0).await?)).await
}

/// Close a training
///
/// It was held and nothing is left to do: marks stay as they are, and no more certificates are issued. A certificate can still
/// be revoked.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = TrainingStep, security(("oauth2" = ["trainings:write"])),
    responses((status = 200, body = Training)),
)]
#[post("/v1/trainings/{id}/closures")]
async fn close_training(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<TrainingStep>,
) -> Result<HttpResponse> {
    command.run(&db, &caller, async |conn, TrainingStep {}| answer(&actions::close(conn, &caller, id.0).await?)).await
}

/// Cancel a training
///
/// With the reason, as long as it was not held.
#[utoipa::path(
    tag = "trainings", params(("id" = TrainingId, Path, description = "Id of the training")),
    request_body = TrainingCancellation, security(("oauth2" = ["trainings:write"])),
    responses((status = 200, body = Training)),
)]
#[post("/v1/trainings/{id}/cancellations")]
async fn cancel_training(
    caller: Allowed<WriteTrainings>,
    db: Data<Db>,
    id: Id<TrainingId>,
    command: Once<TrainingCancellation>,
) -> Result<HttpResponse> {
    let cancel = async |conn: &mut _, cancellation: &TrainingCancellation| {
        answer(&actions::cancel(conn, &caller, id.0, &cancellation.reason).await?)
    };
    command.run(&db, &caller, cancel).await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_trainings)
        .service(get_training)
        .service(plan_training)
        .service(update_training)
        .service(open_training)
        .service(hold_training)
        .service(close_training)
        .service(cancel_training);
    config.configure(participants::routes).configure(sessions::routes).configure(certificates::routes);
}
