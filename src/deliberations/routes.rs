//! Routes of deliberations.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Deliberation, DeliberationFilter, NewApplication, NewDeliberation, NewLetter};
use super::{actions, decisions, queries};
use crate::auth::{Allowed, ApplyDeliberations, ReadEnrollments, WriteDeliberations};
use crate::db::Db;
use crate::domain::DeliberationId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List deliberations
///
/// Meetings of the villages of your sub-district, the one recorded last first.
#[utoipa::path(
    tag = "deliberations", params(DeliberationFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Deliberation>)),
)]
#[get("/v1/deliberations")]
async fn list_deliberations(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<DeliberationFilter, Deliberation>,
) -> Result<Page<Deliberation>> {
    let cursors = CursorKey::new(&keys.cursors, "list_deliberations", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get a deliberation
#[utoipa::path(
    tag = "deliberations", params(("id" = DeliberationId, Path, description = "Id of the meeting")),
    security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Deliberation, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/deliberations/{id}")]
async fn get_deliberation(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<DeliberationId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let meeting = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, meeting.version, &meeting))
}

/// Record a deliberation
///
/// A village meeting (musdes) that decided the list of a program, with its minutes and what it decided of each
/// family. Nothing changes on the program until the decisions are applied.
#[utoipa::path(
    tag = "deliberations", request_body = NewDeliberation, security(("oauth2" = ["deliberations:write"])),
    responses((status = 201, body = Deliberation)),
)]
#[post("/v1/deliberations")]
async fn record_deliberation(
    caller: Allowed<WriteDeliberations>,
    db: Data<Db>,
    command: Once<NewDeliberation>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let meeting = actions::record(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/deliberations/{}", meeting.id), &meeting)?.with_version(meeting.version))
        })
        .await
}

/// Apply a deliberation
///
/// All decisions or none, in one transaction; `errors` names each that stands against it by its place in the list. A
/// family that is added has to be eligible by the rule set in force; it may have left the program before. One that is
/// kept stays as it is: a meeting never resumes a paused family. One that is removed exits for its reason. The
/// reserve list is recorded only.
#[utoipa::path(
    tag = "deliberations", request_body = NewApplication,
    params(("id" = DeliberationId, Path, description = "Id of the meeting")),
    security(("oauth2" = ["deliberations:apply"])), responses((status = 200, body = Deliberation)),
)]
#[post("/v1/deliberations/{id}/applications")]
async fn apply_deliberation(
    caller: Allowed<ApplyDeliberations>,
    db: Data<Db>,
    id: Id<DeliberationId>,
    command: Once<NewApplication>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| answer(&actions::apply(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

/// Report a deliberation to the camat
///
/// Notes the village's letter; what it encloses is at `/report`.
#[utoipa::path(
    tag = "deliberations", request_body = NewLetter,
    params(("id" = DeliberationId, Path, description = "Id of the meeting")),
    security(("oauth2" = ["deliberations:write"])), responses((status = 200, body = Deliberation)),
)]
#[post("/v1/deliberations/{id}/reports")]
async fn report_deliberation(
    caller: Allowed<WriteDeliberations>,
    db: Data<Db>,
    id: Id<DeliberationId>,
    command: Once<NewLetter>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, letter: &_| answer(&actions::report(conn, &caller, id.0, letter).await?);
    command.run(&db, &caller, act).await
}

/// Forward a deliberation to the regent
///
/// Notes the camat's letter, after the village has reported.
#[utoipa::path(
    tag = "deliberations", request_body = NewLetter,
    params(("id" = DeliberationId, Path, description = "Id of the meeting")),
    security(("oauth2" = ["deliberations:apply"])), responses((status = 200, body = Deliberation)),
)]
#[post("/v1/deliberations/{id}/forwardings")]
async fn forward_deliberation(
    caller: Allowed<ApplyDeliberations>,
    db: Data<Db>,
    id: Id<DeliberationId>,
    command: Once<NewLetter>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, letter: &_| answer(&actions::forward(conn, &caller, id.0, letter).await?);
    command.run(&db, &caller, act).await
}

fn answer(meeting: &Deliberation) -> Result<Answer> {
    Ok(Answer::ok(meeting)?.with_version(meeting.version))
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_deliberations)
        .service(get_deliberation)
        .service(record_deliberation)
        .service(apply_deliberation)
        .service(report_deliberation)
        .service(forward_deliberation)
        .configure(decisions::routes);
}
