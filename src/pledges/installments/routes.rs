//! Route of installments.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};

use super::model::{InstallmentSchedule, ScheduleFilter};
use super::{queries, rules};
use crate::auth::{Allowed, ReadPledges};
use crate::db::{self, Db};
use crate::domain::{PledgeId, Quantity};
use crate::error::Result;
use crate::http::{Id, Query, Routes, not_modified_content};
use crate::pledges::queries as pledges;

/// Get what is due of a pledge
///
/// Each line with its installments, what of them is still to come, what is late, and what is due next, late or not:
/// at the end of a day, worked out when it is asked. What was received, called off or given up covers the earliest
/// first. A line without installments is due by the end of the pledge's year. A day that has gone by is told by what was
/// promised then: later amendments, lines that came later and earmarks that changed later are not in it, and of a pledge
/// that was not accepted by then nothing is due.
#[utoipa::path(
    tag = "pledges", params(("id" = PledgeId, Path, description = "Id of the pledge"), ScheduleFilter),
    security(("oauth2" = ["pledges:read"])), responses((status = 200, body = InstallmentSchedule), (status = 304)),
)]
#[get("/v1/pledges/{id}/installments")]
async fn get_pledge_installments(
    caller: Allowed<ReadPledges>,
    request: HttpRequest,
    db: Data<Db>,
    id: Id<PledgeId>,
    filter: Query<ScheduleFilter>,
) -> Result<HttpResponse> {
    let on = filter.0.on.unwrap_or_else(db::today);
    let conn = db.read(&caller.scope).await?;
    let pledge = pledges::find(&conn, &caller.scope, id.0).await?;
    let mut outstanding = queries::outstanding_on(&conn, &pledge, on).await?;
    let mut plans = queries::plans_on(&conn, id.0, on).await?;
    let was_binding = pledge.accepted_at.is_some_and(|at| db::day_of(at) <= on);
    let lines = if was_binding { pledges::lines(&conn, &[id.0]).await? } else { Vec::new() };
    let lines = lines.into_iter().filter_map(|line| {
        let plan = plans.remove(&line.id);
        rules::as_planned(line, plan.map(|plan| (plan.quantity, plan.installments)))
    });
    let lines = lines.map(|line| {
        let left = outstanding.remove(&line.id).unwrap_or_else(Quantity::zero);
        rules::schedule(&line, pledge.year, left, on)
    });
    not_modified_content(&request, &InstallmentSchedule { pledge_id: id.0, on, lines: lines.collect() })
}

/// Registers the route.
pub(in crate::pledges) fn routes(config: &mut Routes<'_, '_>) {
    config.service(get_pledge_installments);
}
