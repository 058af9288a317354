//! Routes of cycles.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{Cycle, CycleFilter, NewApproval, NewClosure, NewCycle, NewCycleCancellation};
use super::{actions, queries};
use crate::auth::{Allowed, ApproveCycles, PlanCycles, ReadEnrollments};
use crate::db::Db;
use crate::domain::{CycleId, ProgramId};
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified};
use crate::keys::Keys;
use crate::programs;

/// List cycles of a program
///
/// Those of your sub-district, the latest period first.
#[utoipa::path(
    tag = "cycles", params(("id" = ProgramId, Path, description = "Id of the program"), CycleFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<Cycle>)),
)]
#[get("/v1/programs/{id}/cycles")]
async fn list_cycles(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    id: Id<ProgramId>,
    list: List<CycleFilter, Cycle>,
) -> Result<Page<Cycle>> {
    let cursors = CursorKey::new(&keys.cursors, "list_cycles", &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    programs::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let rows = queries::list(&conn, &caller.scope, id.0, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, id.0, &list.filter)).await?;
    list.page((rows, total), &cursors, |row| (row.period, row.id))
}

/// Get a cycle
#[utoipa::path(
    tag = "cycles", params(("id" = CycleId, Path, description = "Id of the cycle")),
    security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Cycle, headers(("ETag" = String, description = "Version"))), (status = 304)),
)]
#[get("/v1/cycles/{id}")]
async fn get_cycle(
    caller: Allowed<ReadEnrollments>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<CycleId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let cycle = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    Ok(not_modified(&request, cycle.version, &cycle))
}

/// Open a cycle
///
/// For one period of the program in your sub-district, by the rule set in force on its first day. It waits until
/// another person approves it, or it is cancelled. No two stand for the same month: 409 `cycle_exists`, whose `related` is
/// the cycle that does.
#[utoipa::path(
    tag = "cycles", request_body = NewCycle, params(("id" = ProgramId, Path, description = "Id of the program")),
    security(("oauth2" = ["cycles:write"])), responses((status = 201, body = Cycle)),
)]
#[post("/v1/programs/{id}/cycles")]
async fn open_cycle(
    caller: Allowed<PlanCycles>,
    db: Data<Db>,
    id: Id<ProgramId>,
    command: Once<NewCycle>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let cycle = actions::open(conn, &caller, id.0, new).await?;
            Ok(Answer::created(format!("/v1/cycles/{}", cycle.id), &cycle)?.with_version(cycle.version))
        })
        .await
}

/// Approve a cycle
///
/// By another person than the one who opened it. The list freezes: each family with an active enrollment is entitled
/// to what the rule set says, and what changes of it later moves nothing. Where that goes by members, a family without
/// any gets nothing and stands in the omissions of the cycle; duties that were not met in the period before are cut.
/// Where the rule set gives once, whoever had it is left out as `already_given`. Refused where the list comes to more than
/// the ceiling of the cycle, or has more families than a quota has places. Under a suspension order it is held at once.
#[utoipa::path(
    tag = "cycles", request_body = NewApproval, params(("id" = CycleId, Path, description = "Id of the cycle")),
    security(("oauth2" = ["cycles:approve"])), responses((status = 200, body = Cycle)),
)]
#[post("/v1/cycles/{id}/approvals")]
async fn approve_cycle(
    caller: Allowed<ApproveCycles>,
    db: Data<Db>,
    id: Id<CycleId>,
    command: Once<NewApproval>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, _: &_| answer(&actions::approve(conn, &caller, id.0).await?);
    command.run(&db, &caller, act).await
}

/// Close a cycle
///
/// Nothing more of it is delivered. Refused while a suspension order holds a part of it.
#[utoipa::path(
    tag = "cycles", request_body = NewClosure, params(("id" = CycleId, Path, description = "Id of the cycle")),
    security(("oauth2" = ["cycles:write"])), responses((status = 200, body = Cycle)),
)]
#[post("/v1/cycles/{id}/closures")]
async fn close_cycle(
    caller: Allowed<PlanCycles>,
    db: Data<Db>,
    id: Id<CycleId>,
    command: Once<NewClosure>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, _: &_| answer(&actions::close(conn, &caller, id.0).await?);
    command.run(&db, &caller, act).await
}

/// Cancel a cycle
///
/// One that waits for approval: its ceiling is too low, or a rule set was added since. Its period is free again.
#[utoipa::path(
    tag = "cycles", request_body = NewCycleCancellation,
    params(("id" = CycleId, Path, description = "Id of the cycle")),
    security(("oauth2" = ["cycles:write"])), responses((status = 200, body = Cycle)),
)]
#[post("/v1/cycles/{id}/cancellations")]
async fn cancel_cycle(
    caller: Allowed<PlanCycles>,
    db: Data<Db>,
    id: Id<CycleId>,
    command: Once<NewCycleCancellation>,
) -> Result<HttpResponse> {
    let act = async |conn: &mut _, new: &_| answer(&actions::cancel(conn, &caller, id.0, new).await?);
    command.run(&db, &caller, act).await
}

fn answer(cycle: &Cycle) -> Result<Answer> {
    Ok(Answer::ok(cycle)?.with_version(cycle.version))
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_cycles).service(get_cycle).service(open_cycle);
    config.service(approve_cycle).service(cancel_cycle).service(close_cycle);
}
