//! Routes of readiness.

use actix_web::get;
use actix_web::web::{Data, Json};

use super::model::{CandidateFilter, GraduationCandidate, GraduationReadiness, ReadinessFilter};
use super::queries::{self, Asked};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::{self, Db};
use crate::domain::BeneficiaryId;
use crate::error::{Code, Result};
use crate::graduations::criteria;
use crate::http::{AsOf, CursorKey, Id, List, Page, Query, Routes};
use crate::keys::Keys;
use crate::programs::eligibility::Answer;
use crate::{programs, regions};

/// List families that are ready to graduate
///
/// Live families with a place in some program to whom the criteria in force on a day say yes, by village; those that have
/// graduated and not come back are not among them.
#[utoipa::path(
    tag = "graduations", params(CandidateFilter), security(("oauth2" = ["enrollments:read"])),
    responses((status = 200, body = Page<GraduationCandidate>)),
)]
#[get("/v1/graduation-candidates")]
async fn list_graduation_candidates(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    list: List<CandidateFilter, GraduationCandidate>,
) -> Result<Page<GraduationCandidate>> {
    let operation = "list_graduation_candidates";
    let cursors = CursorKey::new(&keys.cursors, operation, &caller.client_id, &list.filter)?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let area_id = regions::acting_area(&conn, &caller.scope, list.filter.district_code.as_ref()).await?;
    let on = list.filter.on.unwrap_or_else(db::today);
    let rule = criteria::in_force(&conn, area_id, on).await?.expression()?.sql(on, Asked::RULE_FROM);
    let asked = Asked { area_id, filter: &list.filter, rule };
    let rows = queries::list(&conn, &asked, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &asked)).await?;
    let page = list.page((rows, total), &cursors, |row| (row.village_code.clone(), row.beneficiary_id))?;
    reads.record(Read::new(&caller, operation, "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// Explain a family's readiness
///
/// Each part of the criteria with its answer and the facts it read, and the smallest change of facts that would turn the
/// answer: what to work on with the family. With `as_of`, by the facts that were recorded then. Members stand by their ids.
#[utoipa::path(
    tag = "graduations",
    params(("beneficiary_id" = BeneficiaryId, Path, description = "Id of the family"), ReadinessFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = GraduationReadiness)),
)]
#[get("/v1/graduation-candidates/{beneficiary_id}")]
async fn explain_graduation(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    reads: Data<ReadLog>,
    id: Id<BeneficiaryId>,
    filter: Query<ReadinessFilter>,
) -> Result<Json<GraduationReadiness>> {
    let at = filter.0.as_of.map(|AsOf(at)| at);
    let on = filter.0.on.or_else(|| at.map(db::day_of)).unwrap_or_else(db::today);
    let conn = db.read(&caller.scope).await?;
    let area_id = queries::area_of(&conn, &caller.scope, id.0).await?.ok_or(Code::NotFound)?;
    let facts = programs::facts_of(&conn, &caller.scope, id.0, at).await?.ok_or(Code::NotFound)?;
    let criteria = criteria::in_force(&conn, area_id, on).await?;
    reads.record(Read::new(&caller, "explain_graduation", "beneficiaries", Some(id.0.0))).await;
    let expression = criteria.expression()?;
    let reasons = expression.explain(&facts, on);
    let (answer, is_ready) = (reasons.answer, reasons.answer == Answer::Yes);
    let smallest_change = expression.smallest_change(&facts, on);
    Ok(Json(GraduationReadiness {
        beneficiary_id: id.0,
        on,
        is_ready,
        answer,
        criteria_id: criteria.id,
        decree_number: criteria.decree_number,
        reasons,
        smallest_change,
    }))
}

/// Registers the routes.
pub(in crate::graduations) fn routes(config: &mut Routes<'_, '_>) {
    config.service(list_graduation_candidates).service(explain_graduation);
}
