//! Routes of duty compliance.

use actix_web::get;
use actix_web::web::Data;

use super::model::{ComplianceFilter, DutyCompliance};
use super::queries::{self, Asked};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::{self, Conn, Db};
use crate::domain::{Period, ProgramId, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{CursorKey, Id, List, Page, Routes};
use crate::keys::Keys;
use crate::programs;
use crate::programs::benefits::Plan;

/// What the rule set in force asks of families in the period; nothing where it asks for no duties.
async fn plan(conn: &Conn, scope: &Scope, id: ProgramId, period: Option<Period>) -> Result<Option<Plan>> {
    programs::find(conn, scope, id).await?.ok_or(Code::NotFound)?;
    let on = period.map_or_else(db::today, Period::first_day);
    let rule_set = programs::in_force(conn, id, on).await?;
    let length = rule_set.benefit_period;
    let present = || length.around(on).filter(|present| period.is_none_or(|period| period == *present));
    let period = present().ok_or_else(|| Error::invalid_field("period", Code::PeriodUnfit))?;
    let plan = Plan::of(&rule_set.benefit, length, period)?;
    Ok(plan.map(|plan| plan.with_own_duties(length, period)))
}

/// List duty compliance
///
/// Whether families on a program did their duties in a period, member by member, by the records that count: met, not met,
/// or not recorded, which costs nothing. What was not met is cut from the component in the next period.
#[utoipa::path(
    tag = "duties", params(("id" = ProgramId, Path, description = "Id of the program"), ComplianceFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<DutyCompliance>)),
)]
#[get("/v1/programs/{id}/duty-compliance")]
async fn list_duty_compliance(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<ProgramId>,
    list: List<ComplianceFilter, DutyCompliance>,
) -> Result<Page<DutyCompliance>> {
    let operation = "list_duty_compliance";
    let cursors = CursorKey::new(&keys.cursors, operation, &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let place = |row: &DutyCompliance| (row.area_id, row.beneficiary_id, row.member_id, row.kind);
    let Some(plan) = plan(&conn, &caller.scope, id.0, list.filter.period).await? else {
        let total = list.total(async { Ok(0) }).await?;
        return list.page((Vec::new(), total), &cursors, place);
    };
    let asked = Asked { program_id: id.0, filter: &list.filter, plan };
    let rows = queries::list(&conn, &caller.scope, &asked, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &asked)).await?;
    let page = list.page((rows, total), &cursors, place)?;
    reads.record(Read::new(&caller, operation, "duty_records", None).of(page.items.len())).await;
    Ok(page)
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_duty_compliance);
}
