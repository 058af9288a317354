//! Routes of milestones.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};

use super::model::{
    DueEmpowermentMilestone, DueMilestoneFilter, EmpowermentMilestone, NewAttainment, NewMilestoneWaiver,
};
use super::{actions, queries};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReachMilestones, ReadEmpowermentPlans, WaiveMilestones};
use crate::db::{self, Db};
use crate::domain::EmpowermentMilestoneId;
use crate::empowerment_plans::model::EmpowermentPlan;
use crate::error::{Code, Result};
use crate::http::{Answer, CursorKey, Id, List, Once, Page, Routes, not_modified_content};
use crate::keys::Keys;

/// List due milestones
///
/// Of all plans in progress, what is to be reached by a day, or again where it has lapsed. `is_ready` tells which of it
/// can be recorded now. Facilitators find their round with `village_code`.
#[utoipa::path(
    tag = "empowerment-plans", params(DueMilestoneFilter), security(("oauth2" = ["empowerment_plans:read"])),
    responses((status = 200, body = Page<DueEmpowermentMilestone>)),
)]
#[get("/v1/due-empowerment-milestones")]
async fn list_due_milestones(
    caller: Allowed<ReadEmpowermentPlans>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<DueMilestoneFilter, DueEmpowermentMilestone>,
) -> Result<Page<DueEmpowermentMilestone>> {
    let on = list.filter.on.unwrap_or_else(db::today);
    let cursors = CursorKey::new(&keys.cursors, "list_due_milestones", &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let rows = queries::list_due(&conn, &caller.scope, (&list.filter, on), (list.limit, after)).await?;
    let total = list.total(queries::count_due(&conn, &caller.scope, (&list.filter, on))).await?;
    let page = list.page((rows, total), &cursors, |row| (row.due_on, row.area_id, row.milestone_id))?;
    let read = Read::new(&caller, "list_due_milestones", "empowerment_milestones", None);
    reads.record(read.of(page.items.len())).await;
    Ok(page)
}

/// Get a milestone
#[utoipa::path(
    tag = "empowerment-plans", params(("id" = EmpowermentMilestoneId, Path, description = "Id of the milestone")),
    security(("oauth2" = ["empowerment_plans:read"])),
    responses((status = 200, body = EmpowermentMilestone), (status = 304)),
)]
#[get("/v1/empowerment-milestones/{id}")]
async fn get_milestone(
    caller: Allowed<ReadEmpowermentPlans>,
    request: HttpRequest,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<EmpowermentMilestoneId>,
) -> Result<HttpResponse> {
    let conn = db.read(&caller.scope).await?;
    let milestone = queries::find(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    reads.record(Read::new(&caller, "get_milestone", "empowerment_milestones", Some(id.0.0))).await;
    not_modified_content(&request, &milestone)
}

/// Record that a milestone is reached
///
/// By a record of the family: a certificate that holds, a custody that lasts, a delivery that was not returned, a visit that
/// met it. What comes first is reached first: else 409 with its numbers in `lacking`. The last one completes the plan.
#[utoipa::path(
    tag = "empowerment-plans", request_body = NewAttainment,
    params(("id" = EmpowermentMilestoneId, Path, description = "Id of the milestone")),
    security(("oauth2" = ["milestones:write"])), responses((status = 200, body = EmpowermentPlan)),
)]
#[post("/v1/empowerment-milestones/{id}/attainments")]
async fn reach_milestone(
    caller: Allowed<ReachMilestones>,
    db: Data<Db>,
    id: Id<EmpowermentMilestoneId>,
    command: Once<NewAttainment>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let plan = actions::reach(conn, &caller, id.0, new).await?;
            Ok(Answer::ok(&plan)?.with_content_tag())
        })
        .await
}

/// Waive a milestone
///
/// By another officer than the one who made the plan, where the family does not need it or cannot get it any more. It
/// counts as reached for what comes after.
#[utoipa::path(
    tag = "empowerment-plans", request_body = NewMilestoneWaiver,
    params(("id" = EmpowermentMilestoneId, Path, description = "Id of the milestone")),
    security(("oauth2" = ["milestones:waive"])), responses((status = 200, body = EmpowermentPlan)),
)]
#[post("/v1/empowerment-milestones/{id}/waivers")]
async fn waive_milestone(
    caller: Allowed<WaiveMilestones>,
    db: Data<Db>,
    id: Id<EmpowermentMilestoneId>,
    command: Once<NewMilestoneWaiver>,
) -> Result<HttpResponse> {
    command
        .run(&db, &caller, async |conn, new| {
            let plan = actions::waive(conn, &caller, id.0, &new.reason).await?;
            Ok(Answer::ok(&plan)?.with_content_tag())
        })
        .await
}

/// Registers the routes.
pub(in crate::empowerment_plans) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_due_milestones).service(get_milestone).service(reach_milestone).service(waive_milestone);
}
