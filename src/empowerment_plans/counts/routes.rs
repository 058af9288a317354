//! Route of counts.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{EmpowermentPlanCountFilter, EmpowermentPlanCounts};
use super::queries;
use crate::auth::{Allowed, ReadEmpowermentPlans};
use crate::db::{self, Db};
use crate::error::Result;
use crate::http::{Query, Routes};

/// Count empowerment plans
///
/// By program and village: plans in progress, completed and ended, and milestones reached, waived, lapsed and overdue.
#[utoipa::path(
    tag = "empowerment-plans", params(EmpowermentPlanCountFilter), security(("oauth2" = ["empowerment_plans:read"])),
    responses((status = 200, body = EmpowermentPlanCounts)),
)]
#[get("/v1/empowerment-plan-counts")]
async fn count_empowerment_plans(
    caller: Allowed<ReadEmpowermentPlans>,
    db: Data<Db>,
    filter: Query<EmpowermentPlanCountFilter>,
) -> Result<Json<EmpowermentPlanCounts>> {
    let on = filter.0.on.unwrap_or_else(db::today);
    let conn = db.read(&caller.scope).await?;
    Ok(Json(EmpowermentPlanCounts { items: queries::list(&conn, &caller.scope, (&filter.0, on)).await? }))
}

/// Registers the route.
pub(in crate::empowerment_plans) fn routes(config: &mut Routes<'_, '_>) {
    config.service(count_empowerment_plans);
}
