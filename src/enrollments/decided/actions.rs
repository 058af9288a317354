//! Applying decisions, inside the transaction of the feature that records them.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Applied, Decided, Decision, DecisionFault, Standing};
use super::queries;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, EnrollmentId, ProgramId};
use crate::enrollments::model::{EnrollmentStatus, ExitReason};
use crate::enrollments::places::{self, Claim, HeldFamily, Obstacle, Places};
use crate::enrollments::reserves;
use crate::enrollments::rules::{check_first_day, check_last_day, latest_last_day};
use crate::error::{Code, Result};
use crate::events::{self, NewEvent};
use crate::programs;

/// Applies every decision or none: the faults of all that cannot be, where there are any.
///
/// A family that is added must be one that the rule set in force says yes to, as in a run, and that has a place, once
/// those have left that are removed; that it left the program before does not matter, because the meeting names it. One
/// that is kept stays as it is, a paused one paused.
///
/// # Errors
/// `no_rule_set_in_force`, `invalid_fields`.
pub async fn apply(
    conn: &Conn,
    caller: &Caller,
    program_id: ProgramId,
    decided: &Decided<'_>,
) -> Result<Result<Applied, Vec<DecisionFault>>> {
    let (area_id, on) = (decided.area_id, decided.effective_on);
    check_first_day("/effective_on", on, db::today())?;
    let (rule_set, since) = programs::in_force_since(conn, program_id, on).await?;
    let given = places::give(conn, &caller.scope, (area_id, program_id), on).await?;
    let families: Vec<BeneficiaryId> = decided.decisions.iter().map(|(id, _)| *id).collect();
    let held = places::hold_families(conn, area_id, &families).await?;
    queries::lock(conn, area_id, &rule_set, &families).await?;
    let asked = std::iter::once((&rule_set, on)).chain(since.as_ref().map(|(now, today)| (now, *today)));
    let mut standings: Vec<Standing> = Vec::new();
    for (rules, day) in asked {
        let rule = rules.expression()?.sql(day, queries::RULE_FROM);
        let found = queries::standings(conn, area_id, (rules, &rule), &families).await?;
        standings = Standing::by_all(&standings, found);
    }
    for first_day in first_days_of_removed(decided, &standings) {
        check_last_day("/effective_on", on, latest_last_day(first_day, db::today()))?;
    }
    let faults = faults_of(decided, &standings);
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let now = db::now();
    let exits = exits_of(decided, &standings);
    queries::remove(conn, &caller.client_id, (area_id, on), &exits, now).await?;
    let claims = claims_of(decided, &held);
    let faults = kept_off(conn, &given, &claims).await?;
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let added = queries::add(conn, &caller.client_id, (decided, &rule_set), &claims, now).await?;
    let families: Vec<BeneficiaryId> = added.iter().map(|one| one.beneficiary_id).collect();
    let missed: Vec<DecisionFault> = claims
        .iter()
        .filter(|claim| !families.contains(&claim.beneficiary_id))
        .map(|claim| DecisionFault { beneficiary_id: claim.beneficiary_id, code: Code::AlreadyEnrolled })
        .collect();
    if !missed.is_empty() {
        return Ok(Err(missed));
    }
    let left = exits.iter().map(|(id, _)| {
        let standing = standings.iter().find(|standing| standing.enrollment_id == Some(*id));
        (*id, standing.map(|standing| standing.beneficiary_id))
    });
    tell(conn, (area_id, program_id), EnrollmentStatus::Exited, left).await?;
    let begun = EnrollmentStatus::beginning(on, db::today());
    tell(conn, (area_id, program_id), begun, added.iter().map(|one| (one.id, Some(one.beneficiary_id)))).await?;
    let hand = reserves::Hand { area_id, rule_set: &rule_set, client_id: &caller.client_id, now };
    reserves::take_all(conn, hand, &families).await?;
    let reserved = reserves::put(conn, hand, (&reserves_of(decided, &held), decided.decree_number)).await?;
    let kept = of(decided, |(_, decision)| (*decision == Decision::Keep).then_some(())).len();
    Ok(Ok(Applied { added: added.len(), kept, removed: exits.len(), reserved }))
}

/// Those that are added, in the order of the list, with the villages that they live in.
fn claims_of(decided: &Decided<'_>, held: &[HeldFamily]) -> Vec<Claim> {
    let family = |id: BeneficiaryId| held.iter().find(|family| family.id == id).cloned();
    of(decided, |(id, decision)| (*decision == Decision::Add).then(|| family(*id)).flatten().map(Claim::from))
}

/// Those that wait, in the order that the meeting gave them.
fn reserves_of(decided: &Decided<'_>, held: &[HeldFamily]) -> Vec<Claim> {
    let family = |id: BeneficiaryId| held.iter().find(|family| family.id == id).cloned();
    let mut reserves = of(decided, |(id, decision)| match decision {
        Decision::Reserve(order) => Some((*order, Claim::from(family(*id)?))),
        Decision::Add | Decision::Keep | Decision::Remove(_) => None,
    });
    reserves.sort_by_key(|(order, _)| *order);
    reserves.into_iter().map(|(_, claim)| claim).collect()
}

/// What overlap rules and quotas have against those that are added.
async fn kept_off(conn: &Conn, given: &Places, claims: &[Claim]) -> Result<Vec<DecisionFault>> {
    let found = places::obstacles(conn, given, claims).await?;
    let fault = |(beneficiary_id, obstacle): &(BeneficiaryId, Obstacle)| DecisionFault {
        beneficiary_id: *beneficiary_id,
        code: match obstacle {
            Obstacle::Overlap(..) => Code::ProgramOverlaps,
            Obstacle::VillageFull(_) | Obstacle::DistrictFull(_) => Code::QuotaFull,
        },
    };
    Ok(found.iter().map(fault).collect())
}

fn of<T>(decided: &Decided<'_>, pick: impl Fn(&(BeneficiaryId, Decision)) -> Option<T>) -> Vec<T> {
    decided.decisions.iter().filter_map(pick).collect()
}

fn standing_of(standings: &[Standing], family: BeneficiaryId) -> Option<&Standing> {
    standings.iter().find(|standing| standing.beneficiary_id == family)
}

fn faults_of(decided: &Decided<'_>, standings: &[Standing]) -> Vec<DecisionFault> {
    of(decided, |(family, decision)| {
        let standing = standing_of(standings, *family);
        let code = standing.map_or(Some(Code::ReferenceUnknown), |one| one.against(*decision, decided.effective_on))?;
        Some(DecisionFault { beneficiary_id: *family, code })
    })
}

fn first_days_of_removed(decided: &Decided<'_>, standings: &[Standing]) -> Vec<NaiveDate> {
    of(decided, |(family, decision)| match decision {
        Decision::Remove(_) => standing_of(standings, *family)?.started_on,
        Decision::Add | Decision::Keep | Decision::Reserve(_) => None,
    })
}

fn exits_of(decided: &Decided<'_>, standings: &[Standing]) -> Vec<(EnrollmentId, ExitReason)> {
    of(decided, |(family, decision)| match decision {
        Decision::Remove(reason) => Some((standing_of(standings, *family)?.enrollment_id?, *reason)),
        Decision::Add | Decision::Keep | Decision::Reserve(_) => None,
    })
}

/// Tells each step as one that was made by itself, in one statement.
async fn tell(
    conn: &Conn,
    (area_id, program_id): (i32, ProgramId),
    status: EnrollmentStatus,
    enrollments: impl Iterator<Item = (EnrollmentId, Option<BeneficiaryId>)>,
) -> Result<()> {
    let kind = if status == EnrollmentStatus::Exited { "enrollment.exited" } else { "enrollment.confirmed" };
    let told = enrollments.map(|(id, family)| NewEvent {
        kind,
        subject: "enrollments",
        subject_id: id.0,
        area_id,
        company_id: None,
        data: json!({ "program_id": program_id, "beneficiary_id": family, "status": status }),
    });
    events::emit_all(conn, told.collect()).await
}
