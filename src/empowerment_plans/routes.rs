//! Routes of plans.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{EmpowermentPlan, EmpowermentPlanFilter, NewEmpowermentPlan, NewEmpowermentPlanEnd};
use super::{actions, counts, milestones, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEmpowermentPlans, WriteEmpowermentPlans};
use crate::db::Db;
use crate::domain::EmpowermentPlanId;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List empowerment plans
///
/// With their milestones as they stand. Those that are late with `overdue_on`, those whose evidence does not hold any
/// more with `has_lapsed=true`.
#[utoipa::path(
    tag = "empowerment-plans", params(EmpowermentPlanFilter), security(("oauth2" = ["empowerment_plans:read"])),
    responses((status = 200, body = Page<EmpowermentPlan>)),
)]
#[get("/v1/empowerment-plans")]
async fn list_empowerment_plans(
    caller: Allowed<ReadEmpowermentPlans>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<EmpowermentPlanFilter, EmpowermentPlan>,
) -> Result<Page<EmpowermentPlan>> {
    let cursors = CursorKey::new(&keys.cursors, "list_empowerment_plans", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list(&conn, &caller.scope, &list.filter, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &list.filter)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.area_id, row.id))?;
    reads.record(Read::new(&caller, "list_empowerment_plans", "empowerment_plans", None).of(page.items.len())).await;
    Ok(page)
}

/// Get an empowerment plan
///
/// A milestone is `lapsed` where what showed it does not hold any more: `lapse_reason` says why.
#[utoipa::path(
    tag = "empowerment-plans", params(("id" = EmpowermentPlanId, Path, description = "Id of the plan")),
    security(("oauth2" = ["empowerment_plans:read"])),
    responses((status = 200, body = EmpowermentPlan), (status = 304)),
)]
#[get("/v1/empowerment-plans/{id}")]
async fn get_empowerment_plan(
    caller: Allowed<ReadEmpowermentPlans>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<EmpowermentPlanId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let plan = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_empowerment_plan", "empowerment_plans", Some(id.0.0))).await;
    not_modified_content(&request, &plan)
}

/// Plan a package for a family
///
/// The package of the rule set in force on the first day, for a family that is active on the program. Its milestones
/// are kept as they are then, each with the day by which it is due. A family has one plan of a program in progress.
#[utoipa::path(
    tag = "empowerment-plans", request_body = NewEmpowermentPlan, security(("oauth2" = ["empowerment_plans:write"])),
    responses((status = 201, body = EmpowermentPlan)),
)]
#[post("/v1/empowerment-plans")]
async fn plan_empowerment(
    caller: Allowed<WriteEmpowermentPlans>,
    db: Data<Db>,
    command: Once<NewEmpowermentPlan>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let plan = actions::plan(conn, &caller, new).await?;
            Ok(Answer::created(format!("/v1/empowerment-plans/{}", plan.id), &plan)?.with_content_tag())
        })
        .await
}

/// End an empowerment plan
///
/// Before all of it was reached: the family moved, does not want it, or is no more. What was reached stays on record.
#[utoipa::path(
    tag = "empowerment-plans", request_body = NewEmpowermentPlanEnd,
    params(("id" = EmpowermentPlanId, Path, description = "Id of the plan")),
    security(("oauth2" = ["empowerment_plans:write"])), responses((status = 200, body = EmpowermentPlan)),
)]
#[post("/v1/empowerment-plans/{id}/terminations")]
async fn end_empowerment_plan(
    caller: Allowed<WriteEmpowermentPlans>,
    db: Data<Db>,
    id: Id<EmpowermentPlanId>,
    command: Once<NewEmpowermentPlanEnd>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let plan = actions::end(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&plan)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub fn routes(config: &mut Routes<'_, '_>) {
    config
        .service(list_empowerment_plans)
        .service(get_empowerment_plan)
        .service(plan_empowerment)
        .service(end_empowerment_plan);
    milestones::routes(config);
    counts::routes(config);
}
