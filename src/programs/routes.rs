//! Routes of programs.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, patch, post};

use super::model::{NewProgram, Program, ProgramChanges, ProgramFilter};
use super::{actions, queries};
use crate::auth::{Allowed, ReadPrograms, WritePrograms};
use crate::db::Db;
use crate::domain::ProgramId;
use crate::error::{Code, Result};
use crate::http::{Answer, Change, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;

/// List programs
///
/// Programs of the state and those of your sub-district.
#[utoipa::path(
    tag = "programs", params(ProgramFilter), security(("oauth2" = ["programs:read"])),
    responses((status = 200, body = Page<Program>)),
)]
#[get("/v1/programs")]
async fn list_programs(
    caller: Allowed<ReadPrograms>,
    db: Data<Db>,
    keys: Data<Keys>,
    list: List<ProgramFilter, Program>,
) -> Result<Page<Program>> {
    let cursors = CursorKey::new(&keys.cursors, "list_programs", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| row.id)
}

/// Get a program
#[utoipa::path(
    tag = "programs", params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["programs:read"])),
    responses((status = 200, body = Program, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/programs/{id}")]
async fn get_program(
    caller: Allowed<ReadPrograms>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<ProgramId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let program = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, program.version, &program))
}

/// Define a program
///
/// For your sub-district. Its rules follow as rule sets, each with its dates and legal basis.
#[utoipa::path(
    tag = "programs", request_body = NewProgram, security(("oauth2" = ["programs:write"])),
    responses((status = 201, body = Program)),
)]
#[post("/v1/programs")]
async fn define_program(
    caller: Allowed<WritePrograms>,
    db: Data<Db>,
    command: Once<NewProgram>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let program = actions::define(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/programs/{}", program.id), &program)?.with_version(program.version))
        })
        .await
}

/// Update a program
///
/// Name and description; only what your sub-district defined. Rules are never changed: add a rule set.
#[utoipa::path(
    tag = "programs", params(("id" = ProgramId, Path, description = "Id of the program")),
    request_body(content = ProgramChanges, content_type = "application/merge-patch+json"),
    security(("oauth2" = ["programs:write"])), responses((status = 200, body = Program)),
)]
#[patch("/v1/programs/{id}")]
async fn update_program(
    caller: Allowed<WritePrograms>,
    db: Data<Db>,
    id: Id<ProgramId>,
    change: Change<ProgramChanges>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _| actions::update(conn, &caller, id.0, change.version, &change.changes).await;
    let program = db.transaction(&caller.scope, act).await?;
    Ok(Answer::ok(&program)?.with_version(program.version).respond())
}

/// Registers the routes.
pub(super) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_programs).service(get_program).service(define_program).service(update_program);
}
