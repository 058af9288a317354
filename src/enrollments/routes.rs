//! Routes of enrollments.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    Enrollment, EnrollmentFilter, NewActivation, NewConfirmation, NewExit, NewResumption, NewSuspension,
};
use super::{actions, overlaps, places, queries, replacements, reserves, runs};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments, WriteEnrollments};
use crate::db::Db;
use crate::domain::EnrollmentId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List enrollments
///
/// In the order they were made.
#[utoipa::path(
    tag = "enrollments", params(EnrollmentFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<Enrollment>)),
)]
#[get("/v1/enrollments")]
async fn list_enrollments(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<EnrollmentFilter, Enrollment>,
) -> Result<Page<Enrollment>> {
    let cursors = CursorKey::new(&keys.cursors, "list_enrollments", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_enrollments", "enrollments", None).of(page.items.len())).await;
    Ok(page)
}

/// Get an enrollment
#[utoipa::path(
    tag = "enrollments", params(("id" = EnrollmentId, Path, description = "Id of the enrollment")),
    security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Enrollment, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/enrollments/{id}")]
async fn get_enrollment(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<EnrollmentId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let enrollment = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_enrollment", "enrollments", Some(id.0.0))).await;
    Ok(not_modified(&request, enrollment.version, &enrollment))
}

/// Confirm an enrollment
///
/// Gives a family that was proposed its place. 409 where another program keeps it off, with the rule and its legal basis,
/// or where the quota is full.
#[utoipa::path(
    tag = "enrollments", request_body = NewConfirmation,
    params(("id" = EnrollmentId, Path, description = "Id of the enrollment")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = Enrollment)),
)]
#[post("/v1/enrollments/{id}/confirmations")]
async fn confirm_enrollment(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<EnrollmentId>,
    command: Once<NewConfirmation>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| answer(&actions::confirm(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

/// Activate an enrollment
///
/// From now on cycles give the family what is due. It has its place already, so no rule is asked again; before its first
/// day it is 409 `enrollment_not_begun`.
#[utoipa::path(
    tag = "enrollments", request_body = NewActivation,
    params(("id" = EnrollmentId, Path, description = "Id of the enrollment")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = Enrollment)),
)]
#[post("/v1/enrollments/{id}/activations")]
async fn activate_enrollment(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<EnrollmentId>,
    command: Once<NewActivation>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, _: &_| answer(&actions::activate(conn, &caller, id.0).await?);
    command.run(&db, &caller, act).await
}

/// Suspend an enrollment
///
/// The family rests: later cycles leave it out until it is resumed. Nothing else resumes it.
#[utoipa::path(
    tag = "enrollments", request_body = NewSuspension,
    params(("id" = EnrollmentId, Path, description = "Id of the enrollment")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = Enrollment)),
)]
#[post("/v1/enrollments/{id}/suspensions")]
async fn suspend_enrollment(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<EnrollmentId>,
    command: Once<NewSuspension>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| answer(&actions::suspend(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

/// Resume an enrollment
#[utoipa::path(
    tag = "enrollments", request_body = NewResumption,
    params(("id" = EnrollmentId, Path, description = "Id of the enrollment")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = Enrollment)),
)]
#[post("/v1/enrollments/{id}/resumptions")]
async fn resume_enrollment(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<EnrollmentId>,
    command: Once<NewResumption>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, _: &_| answer(&actions::resume(conn, &caller, id.0).await?);
    command.run(&db, &caller, act).await
}

/// Exit an enrollment
///
/// The family leaves the program. What was due in cycles approved before stays due.
#[utoipa::path(
    tag = "enrollments", request_body = NewExit,
    params(("id" = EnrollmentId, Path, description = "Id of the enrollment")),
    security(("oauth2" = ["enrollments:write"])), responses((status = 200, body = Enrollment)),
)]
#[post("/v1/enrollments/{id}/exits")]
async fn exit_enrollment(
    caller: Allowed<WriteEnrollments>,
    db: Data<Db>,
    id: Id<EnrollmentId>,
    command: Once<NewExit>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| answer(&actions::exit(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

fn answer(enrollment: &Enrollment) -> Result<Answer> {
    Ok(Answer::ok(enrollment)?.with_version(enrollment.version))
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_enrollments)
        .service(get_enrollment)
        .service(confirm_enrollment)
        .service(activate_enrollment)
        .service(suspend_enrollment)
        .service(resume_enrollment)
        .service(exit_enrollment);
    runs::routes(config);
    places::routes(config);
    overlaps::routes(config);
    reserves::routes(config);
    replacements::routes(config);
}
