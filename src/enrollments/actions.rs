//! Confirming, activating, pausing, resuming and leaving: each inside a transaction, with audit row and event.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::model::{
    Confirmed, Enrollment, EnrollmentStatus, ExitReason, NewConfirmation, NewExit, NewState, NewSuspension,
};
use super::places::{self, Claim, HeldFamily, Places};
use super::rules::{self, Step};
use super::{queries, reserves};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, EnrollmentId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::programs::{self, RuleSet};

/// Confirms a family that was proposed: it gets a place, as far as overlap rules and quotas let it.
///
/// # Errors
/// `not_found`, `invalid_fields`, `command_not_possible`, `no_rule_set_in_force`, `beneficiary_not_live`, `no_longer_eligible`,
/// `program_overlaps`, `quota_full`.
pub(super) async fn confirm(
    conn: &Conn,
    caller: &Caller,
    id: EnrollmentId,
    new: &NewConfirmation,
) -> Result<Enrollment> {
    let found = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let started_on = new.started_on.unwrap_or_else(db::today);
    rules::check_first_day("/started_on", started_on, db::today())?;
    let (rule_set, since) = programs::in_force_since(conn, found.program_id, started_on).await?;
    let given = places::give(conn, &caller.scope, (found.area_id, found.program_id), started_on).await?;
    let held = places::hold_families(conn, found.area_id, &[found.beneficiary_id]).await?;
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check(Step::Confirm, before.status)?;
    let by = (&rule_set, since.as_ref());
    let claim = Claim::from(check_family(conn, &given, by, (&held, before.beneficiary_id)).await?);
    check_place(conn, caller, &given, &claim).await?;
    let now = queries::keep_version(conn, &before, &caller.client_id).await?;
    let confirmed = Confirmed {
        status: EnrollmentStatus::Confirmed,
        rule_set_id: rule_set.id,
        decided_by: &caller.client_id,
        decree_number: new.decree_number.as_str(),
        started_on,
        quota_village_code: claim.village_code,
    };
    let after = queries::confirm(conn, &before, &confirmed, now).await?;
    reserves::take(conn, &after, now).await?;
    tell(conn, caller, told_as(Step::Confirm), Some(&before), &after).await?;
    Ok(after)
}

/// Refuses a held family that does not live any more, or that the rule set does not say yes to, on its day or today.
///
/// # Errors
/// `beneficiary_not_live`, `no_longer_eligible`.
pub(super) async fn check_family(
    conn: &Conn,
    given: &Places,
    (rule_set, since): (&RuleSet, Option<&(RuleSet, NaiveDate)>),
    (held, id): (&[HeldFamily], BeneficiaryId),
) -> Result<HeldFamily> {
    let family = held.iter().find(|family| family.id == id && family.is_live).ok_or(Code::BeneficiaryNotLive)?;
    let asked = std::iter::once((rule_set, given.on)).chain(since.map(|(now, today)| (now, *today)));
    for (rule_set, on) in asked {
        if !queries::is_eligible(conn, (given.area_id, id), rule_set, on).await? {
            return Err(Code::NoLongerEligible.into());
        }
    }
    Ok(family.clone())
}

/// Refuses a place that overlap rules or quotas stand against.
///
/// # Errors
/// `program_overlaps`, `quota_full`.
pub(super) async fn check_place(conn: &Conn, caller: &Caller, given: &Places, claim: &Claim) -> Result<()> {
    let found = places::obstacles(conn, given, std::slice::from_ref(claim)).await?;
    match found.first() {
        Some((_, obstacle)) => Err(places::refusal(conn, &caller.scope, *obstacle).await?),
        None => Ok(()),
    }
}

/// Lets a confirmed family get what is due to it, once its first day has come.
///
/// # Errors
/// `not_found`, `command_not_possible`, `enrollment_not_begun`.
pub(super) async fn activate(conn: &Conn, caller: &Caller, id: EnrollmentId) -> Result<Enrollment> {
    let found = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if found.status == EnrollmentStatus::Confirmed && found.started_on > db::today() {
        return Err(Error::from(Code::EnrollmentNotBegun).about(found.started_on.to_string()));
    }
    let status = EnrollmentStatus::Active;
    let state = NewState { status, suspension_reason: None, exit_reason: None, ended_on: None };
    take(conn, caller, id, (Step::Activate, state)).await
}

/// Lets an enrollment rest.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn suspend(conn: &Conn, caller: &Caller, id: EnrollmentId, new: &NewSuspension) -> Result<Enrollment> {
    let state = NewState {
        status: EnrollmentStatus::Suspended,
        suspension_reason: Some(new.reason.to_string()),
        exit_reason: None,
        ended_on: None,
    };
    take(conn, caller, id, (Step::Suspend, state)).await
}

/// Ends the rest of an enrollment.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn resume(conn: &Conn, caller: &Caller, id: EnrollmentId) -> Result<Enrollment> {
    let status = EnrollmentStatus::Active;
    let state = NewState { status, suspension_reason: None, exit_reason: None, ended_on: None };
    take(conn, caller, id, (Step::Resume, state)).await
}

/// Ends an enrollment, on its last day or later: its place is free, and no list has it, from now on.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields` where its last day lies before its first or is to come.
pub(super) async fn exit(conn: &Conn, caller: &Caller, id: EnrollmentId, new: &NewExit) -> Result<Enrollment> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let latest = rules::latest_last_day(before.started_on, db::today());
    let ended_on = new.ended_on.unwrap_or(latest);
    rules::check_last_day("/ended_on", ended_on, latest)?;
    let state = NewState {
        status: EnrollmentStatus::Exited,
        suspension_reason: None,
        exit_reason: Some(new.reason),
        ended_on: Some(ended_on),
    };
    change(conn, caller, &before, (Step::Exit, state)).await
}

/// Ends all that a family has in programs, proposals as well; the caller holds the family, so that it gets no place
/// meanwhile. Answers what it had, in the order of ids.
///
/// # Errors
/// `invalid_fields` where one of them began later than its last day.
pub async fn leave_all(
    conn: &Conn,
    caller: &Caller,
    (area_id, family): (i32, BeneficiaryId),
    (reason, ended_on): (ExitReason, NaiveDate),
) -> Result<Vec<EnrollmentId>> {
    let enrollments = queries::live_ids(conn, (area_id, family)).await?;
    let exit = NewExit { reason, ended_on: Some(ended_on) };
    for id in &enrollments {
        self::exit(conn, caller, *id, &exit).await?;
    }
    Ok(enrollments)
}

async fn take(conn: &Conn, caller: &Caller, id: EnrollmentId, (step, state): (Step, NewState)) -> Result<Enrollment> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    change(conn, caller, &before, (step, state)).await
}

/// Takes a step of an enrollment that is locked.
async fn change(
    conn: &Conn,
    caller: &Caller,
    before: &Enrollment,
    (step, state): (Step, NewState),
) -> Result<Enrollment> {
    rules::check(step, before.status)?;
    if state.ended_on.is_some_and(|ended_on| ended_on < before.started_on) {
        return Err(Error::invalid_field("/ended_on", Code::DatesOutOfOrder));
    }
    let now = queries::keep_version(conn, before, &caller.client_id).await?;
    let after = queries::update(conn, before, &state, now).await?;
    tell(conn, caller, told_as(step), Some(before), &after).await?;
    Ok(after)
}

/// Operation and event of a step.
fn told_as(step: Step) -> (&'static str, &'static str) {
    match step {
        Step::Confirm => ("confirm_enrollment", "enrollment.confirmed"),
        Step::Activate => ("activate_enrollment", "enrollment.activated"),
        Step::Suspend => ("suspend_enrollment", "enrollment.suspended"),
        Step::Resume => ("resume_enrollment", "enrollment.resumed"),
        Step::Exit => ("exit_enrollment", "enrollment.exited"),
    }
}

/// Records a step of an enrollment and tells it.
pub(super) async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&Enrollment>,
    after: &Enrollment,
) -> Result<()> {
    audit::record(conn, caller, Write::of(operation, "enrollments", after.id.0, after.area_id), before, Some(after))
        .await?;
    events::emit(conn, told(kind, after)).await
}

fn told(kind: &'static str, enrollment: &Enrollment) -> NewEvent<'static> {
    let data: Value = json!({
        "program_id": enrollment.program_id, "beneficiary_id": enrollment.beneficiary_id, "status": enrollment.status,
    });
    let (subject_id, area_id) = (enrollment.id.0, enrollment.area_id);
    NewEvent { kind, subject: "enrollments", subject_id, area_id, company_id: None, data }
}
