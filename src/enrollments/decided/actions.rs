//! Applying decisions, inside the transaction of the feature that records them.

use serde_json::json;

use super::model::{Applied, Decided, Decision, DecisionFault, Standing};
use super::queries;
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, EnrollmentId, ProgramId};
use crate::enrollments::model::ExitReason;
use crate::error::{Code, Result};
use crate::events::{self, NewEvent};
use crate::programs;

/// Applies every decision or none: the faults of all that cannot be, where there are any.
///
/// A family that is added must be one that the rule set in force says yes to, as in a run; that it left the program
/// before does not matter, because the meeting names it. One that is kept stays as it is, a paused one paused.
///
/// # Errors
/// `no_rule_set_in_force`.
pub async fn apply(
    conn: &Conn,
    caller: &Caller,
    program_id: ProgramId,
    decided: &Decided<'_>,
) -> Result<Result<Applied, Vec<DecisionFault>>> {
    let rule_set = programs::in_force(conn, program_id, decided.effective_on).await?;
    let families: Vec<BeneficiaryId> = decided.decisions.iter().map(|(id, _)| *id).collect();
    queries::lock(conn, decided.area_id, &rule_set, &families).await?;
    let rule = rule_set.expression()?.sql(decided.effective_on, queries::RULE_FROM);
    let standings = queries::standings(conn, decided.area_id, (&rule_set, &rule), &families).await?;
    let faults = faults_of(decided, &standings);
    if !faults.is_empty() {
        return Ok(Err(faults));
    }
    let now = db::now();
    let adds: Vec<BeneficiaryId> = of(decided, |(id, decision)| (*decision == Decision::Add).then_some(*id));
    let added = queries::add(conn, &caller.client_id, (decided, &rule_set), &adds, now).await?;
    let missed: Vec<DecisionFault> = adds
        .iter()
        .filter(|id| !added.contains(id))
        .map(|id| DecisionFault { beneficiary_id: *id, code: Code::AlreadyEnrolled })
        .collect();
    if !missed.is_empty() {
        return Ok(Err(missed));
    }
    let exits = exits_of(decided, &standings);
    queries::remove(conn, &caller.client_id, (decided.area_id, decided.effective_on), &exits, now).await?;
    tell_exits(conn, decided.area_id, program_id, (&exits, &standings)).await?;
    let kept = decided.decisions.len() - added.len() - exits.len();
    Ok(Ok(Applied { added: added.len(), kept, removed: exits.len() }))
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

fn exits_of(decided: &Decided<'_>, standings: &[Standing]) -> Vec<(EnrollmentId, ExitReason)> {
    of(decided, |(family, decision)| match decision {
        Decision::Remove(reason) => Some((standing_of(standings, *family)?.enrollment_id?, *reason)),
        Decision::Add | Decision::Keep => None,
    })
}

/// Tells each exit as one that was made by itself, in one statement.
async fn tell_exits(
    conn: &Conn,
    area_id: i32,
    program_id: ProgramId,
    (exits, standings): (&[(EnrollmentId, ExitReason)], &[Standing]),
) -> Result<()> {
    let told = exits.iter().map(|(id, _)| {
        let family = standings.iter().find(|standing| standing.enrollment_id == Some(*id));
        NewEvent {
            kind: "enrollment.exited",
            subject: "enrollments",
            subject_id: id.0,
            area_id,
            company_id: None,
            data: json!({
                "program_id": program_id, "beneficiary_id": family.map(|family| family.beneficiary_id),
                "status": "exited",
            }),
        }
    });
    events::emit_all(conn, told.collect()).await
}
