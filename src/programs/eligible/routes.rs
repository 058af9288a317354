//! Routes of eligibility.

use actix_web::get;
use actix_web::web::{Data, Json};
use chrono::{DateTime, NaiveDate, Utc};

use super::model::{
    BenefitReasons, DayFilter, EligibilityCounts, EligibilityReasons, EligibleBeneficiary, EligibleFilter, ReasonFilter,
};
use super::queries::{self, Asked};
use crate::audit::{Read, ReadLog};
use crate::auth::{Allowed, ReadEnrollments};
use crate::db::{self, Conn, Db};
use crate::domain::{BeneficiaryId, ProgramId, Scope};
use crate::error::{Code, Error, Result};
use crate::http::{AsOf, CursorKey, Id, Ids, List, Page, Query, Routes};
use crate::keys::Keys;
use crate::programs::benefits::{BenefitPeriod, Plan};
use crate::programs::eligibility::{Answer, Facts};
use crate::programs::entitlements::passed;
use crate::programs::{self, RuleSet, rule_sets};

/// The rule set of a program that the caller sees, in force on a day or today as it was known at an instant or is now,
/// with that day.
async fn rule_set_on(
    conn: &Conn,
    scope: &Scope,
    program_id: ProgramId,
    (on, at): (Option<NaiveDate>, Option<DateTime<Utc>>),
) -> Result<(RuleSet, NaiveDate)> {
    programs::find(conn, scope, program_id).await?.ok_or(Code::NotFound)?;
    let on = on.unwrap_or_else(db::today);
    Ok((rule_sets::in_force_as_of(conn, program_id, (on, at)).await?, on))
}

/// Count eligible families
///
/// Of all live families, by village, by the rule set in force on a day. The total is the sum of the villages.
#[utoipa::path(
    tag = "programs", params(("id" = ProgramId, Path, description = "Id of the program"), DayFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = EligibilityCounts)),
)]
#[get("/v1/programs/{id}/eligibility")]
async fn count_eligible_beneficiaries(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    id: Id<ProgramId>,
    filter: Query<DayFilter>,
) -> Result<Json<EligibilityCounts>> {
    let conn = db.read(&caller.scope).await?;
    let (rule_set, on) = rule_set_on(&conn, &caller.scope, id.0, (filter.0.on, None)).await?;
    let rule = rule_set.expression()?.population_sql(on, queries::AREAS, queries::AREAS + 1);
    let villages = queries::count_villages(&conn, &caller.scope, &rule).await?;
    Ok(Json(EligibilityCounts::of(&rule_set, on, villages)))
}

/// List eligible families
///
/// By village, by the rule set in force on a day; those on the program already are among them and marked.
#[utoipa::path(
    tag = "programs", params(("id" = ProgramId, Path, description = "Id of the program"), EligibleFilter),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = Page<EligibleBeneficiary>)),
)]
#[get("/v1/programs/{id}/eligible-beneficiaries")]
async fn list_eligible_beneficiaries(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    keys: Data<Keys>,
    reads: Data<ReadLog>,
    id: Id<ProgramId>,
    list: List<EligibleFilter, EligibleBeneficiary>,
) -> Result<Page<EligibleBeneficiary>> {
    let operation = "list_eligible_beneficiaries";
    let cursors = CursorKey::new(&keys.cursors, operation, &caller.client_id, &(id.0, &list.filter))?;
    let after = cursors.read(list.cursor.as_ref())?;
    let conn = db.read(&caller.scope).await?;
    let (rule_set, on) = rule_set_on(&conn, &caller.scope, id.0, (list.filter.on, None)).await?;
    let rule = rule_set.expression()?.sql(on, Asked::RULE_FROM);
    let asked = Asked { program_id: id.0, filter: &list.filter, rule };
    let rows = queries::list(&conn, &caller.scope, &asked, (list.limit, after)).await?;
    let total = list.total(queries::count(&conn, &caller.scope, &asked)).await?;
    let place = |row: &EligibleBeneficiary| (row.area_id, row.village_code.clone(), row.beneficiary_id);
    let page = list.page((rows, total), &cursors, place)?;
    reads.record(Read::new(&caller, operation, "beneficiaries", None).of(page.items.len())).await;
    Ok(page)
}

/// What a rule set gives a family in the period that a day is in.
async fn benefit(
    conn: &Conn,
    scope: &Scope,
    (family, facts): (BeneficiaryId, &Facts),
    (rule_set, on, at): (&RuleSet, NaiveDate, Option<DateTime<Utc>>),
) -> Result<BenefitReasons> {
    let length = rule_set.benefit_period;
    let period = length.around(on).ok_or_else(|| Error::invalid_field("on", Code::DateMalformed))?;
    let is_once = length == BenefitPeriod::Once;
    if is_once && queries::has_been_given(conn, scope, family, (rule_set, period, at)).await? {
        return Ok(BenefitReasons::already_given(period));
    }
    let Some(plan) = Plan::of(&rule_set.benefit, length, period)? else {
        return Ok(BenefitReasons::fixed(period, &rule_set.benefit_quantity));
    };
    let members = facts.members.iter().map(|member| member.id).collect();
    let attended = queries::attended(conn, scope, (family, members), (&plan, at)).await?;
    Ok(BenefitReasons::planned(period, plan.due(family.0, facts, &attended)))
}

/// Explain a family's eligibility
///
/// Each part of the rule with its answer, the facts it read, their sources and dates, the legal basis of the rule
/// set, what the family gets by it, and the smallest change of facts that would turn the answer: what an officer needs to
/// answer the family. With `as_of`, by the rule set and the facts that were recorded then. Members stand by their ids.
#[utoipa::path(
    tag = "programs",
    params(
        ("id" = ProgramId, Path, description = "Id of the program"),
        ("beneficiary_id" = BeneficiaryId, Path, description = "Id of the family"),
        ReasonFilter,
    ),
    security(("oauth2" = ["enrollments:read"])), responses((status = 200, body = EligibilityReasons)),
)]
#[get("/v1/programs/{id}/eligibility/{beneficiary_id}")]
async fn explain_eligibility(
    caller: Allowed<ReadEnrollments>,
    db: Data<Db>,
    reads: Data<ReadLog>,
    ids: Ids<ProgramId, BeneficiaryId>,
    filter: Query<ReasonFilter>,
) -> Result<Json<EligibilityReasons>> {
    let Ids(program_id, beneficiary_id) = ids;
    let at = filter.0.as_of.map(|AsOf(at)| at);
    let conn = db.read(&caller.scope).await?;
    let on = filter.0.on.or_else(|| at.map(db::day_of));
    let facts = queries::facts(&conn, &caller.scope, beneficiary_id, at).await?.ok_or(Code::NotFound)?;
    let (rule_set, on) = rule_set_on(&conn, &caller.scope, program_id, (on, at)).await?;
    reads.record(Read::new(&caller, "explain_eligibility", "beneficiaries", Some(beneficiary_id.0))).await;
    let expression = rule_set.expression()?;
    let reasons = expression.explain(&facts, on);
    let (answer, is_eligible) = (reasons.answer, reasons.answer == Answer::Yes);
    let smallest_change = expression.smallest_change(&facts, on);
    let benefit = benefit(&conn, &caller.scope, (beneficiary_id, &facts), (&rule_set, on, at)).await?;
    let passed = passed::of_family(&conn, &caller.scope, (program_id, beneficiary_id), at).await?;
    Ok(Json(EligibilityReasons {
        beneficiary_id,
        on,
        is_eligible,
        answer,
        rule_set,
        reasons,
        benefit,
        passed,
        smallest_change,
    }))
}

/// Registers the routes.
pub(in crate::programs) fn routes(config: &mut Routes<'_, '_>) {
    config.service(count_eligible_beneficiaries).service(list_eligible_beneficiaries).service(explain_eligibility);
}
