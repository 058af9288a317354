//! Enrolling, pausing, resuming and leaving: each inside a transaction, with audit row and event.

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::{
    Enrollment, EnrollmentRun, EnrollmentStatus, NewEnrollmentRun, NewExit, NewState, NewSuspension, RunCounts,
};
use super::queries::{self, Basis};
use super::rules::{self, Step};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, EnrollmentId, ProgramId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::{programs, regions};

/// Most families that one run names.
const MOST_NAMED: usize = 1_000;
/// Most villages that one run names.
const MOST_VILLAGES: usize = 300;

/// Enrols the families that the rule set in force says yes to.
///
/// # Errors
/// `not_found`, `no_rule_set_in_force`, `invalid_fields` where a village or family is not of the sub-district.
pub(super) async fn run(
    conn: &Conn,
    caller: &Caller,
    program_id: ProgramId,
    new: &NewEnrollmentRun,
) -> Result<EnrollmentRun> {
    let program = programs::find(conn, &caller.scope, program_id).await?.ok_or(Code::NotFound)?;
    let area_id = programs::acting_area(conn, &caller.scope, &program, new.district_code.as_ref()).await?;
    check_named(conn, area_id, new).await?;
    let started_on = new.started_on.unwrap_or_else(db::today);
    let rule_set = programs::in_force(conn, program_id, started_on).await?;
    let rule = &rule_set.expression()?.sql(started_on, queries::RUN_PARAMETERS);
    let (run_id, now) = (Uuid::now_v7(), db::now());
    let basis = Basis { area_id, rule_set: &rule_set, rule, started_on, run_id, now };
    let counts = queries::enrol(conn, caller, &basis, new).await?;
    let done = EnrollmentRun {
        program_id,
        rule_set_id: rule_set.id,
        rule_set_number: rule_set.number,
        started_on,
        decree_number: new.decree_number.to_string(),
        counts,
    };
    tell_run(conn, caller, &basis, &done).await?;
    Ok(done)
}

async fn check_named(conn: &Conn, area_id: i32, new: &NewEnrollmentRun) -> Result<()> {
    let mut faults = Vec::new();
    if let Some(codes) = &new.village_codes {
        let known = regions::villages_of(conn, area_id).await?;
        faults.extend(faults_of("/village_codes", (codes, MOST_VILLAGES), &known, Code::VillageUnknown));
    }
    if let Some(ids) = &new.beneficiary_ids {
        let live = queries::live_among(conn, area_id, ids).await?;
        faults.extend(faults_of("/beneficiary_ids", (ids, MOST_NAMED), &live, Code::ReferenceUnknown));
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid(faults)) }
}

fn faults_of<T: PartialEq>(pointer: &str, (named, most): (&[T], usize), known: &[T], code: Code) -> Vec<Fault> {
    if named.len() > most {
        return vec![Fault::new(pointer, Code::WrongType)];
    }
    let unknown = named.iter().enumerate().filter(|(_, one)| !known.contains(one));
    unknown.map(|(index, _)| Fault::new(format!("{pointer}/{index}"), code)).collect()
}

async fn tell_run(conn: &Conn, caller: &Caller, basis: &Basis<'_>, run: &EnrollmentRun) -> Result<()> {
    let RunCounts { considered, enrolled, .. } = run.counts;
    let record_count = i32::try_from(enrolled).map_err(Error::internal)?;
    let write =
        Write { record_count, ..Write::of("enrol_eligible_beneficiaries", "enrollments", basis.run_id, basis.area_id) };
    audit::record(conn, caller, write, None, Some(run)).await?;
    let event = NewEvent {
        kind: "program.families_enrolled",
        subject: "programs",
        subject_id: run.program_id.0,
        area_id: basis.area_id,
        company_id: None,
        data: json!({ "rule_set_number": run.rule_set_number, "considered": considered, "enrolled": enrolled }),
    };
    events::emit(conn, event).await
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

/// Ends an enrollment.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields` where its last day lies before its first.
pub(super) async fn exit(conn: &Conn, caller: &Caller, id: EnrollmentId, new: &NewExit) -> Result<Enrollment> {
    let state = NewState {
        status: EnrollmentStatus::Exited,
        suspension_reason: None,
        exit_reason: Some(new.reason),
        ended_on: Some(new.ended_on.unwrap_or_else(db::today)),
    };
    take(conn, caller, id, (Step::Exit, state)).await
}

async fn take(conn: &Conn, caller: &Caller, id: EnrollmentId, (step, state): (Step, NewState)) -> Result<Enrollment> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check(step, before.status)?;
    if state.ended_on.is_some_and(|ended_on| ended_on < before.started_on) {
        return Err(Error::invalid_field("/ended_on", Code::DatesOutOfOrder));
    }
    let now = db::now();
    queries::keep_version(conn, &before, &caller.client_id, now).await?;
    let after = queries::update(conn, &before, &state, now).await?;
    let (operation, kind) = match step {
        Step::Suspend => ("suspend_enrollment", "enrollment.suspended"),
        Step::Resume => ("resume_enrollment", "enrollment.resumed"),
        Step::Exit => ("exit_enrollment", "enrollment.exited"),
    };
    let write = Write::of(operation, "enrollments", id.0, before.area_id);
    audit::record(conn, caller, write, Some(&before), Some(&after)).await?;
    events::emit(conn, told(kind, &after)).await?;
    Ok(after)
}

fn told(kind: &'static str, enrollment: &Enrollment) -> NewEvent<'static> {
    let data: Value = json!({
        "program_id": enrollment.program_id, "beneficiary_id": enrollment.beneficiary_id, "status": enrollment.status,
    });
    let (subject_id, area_id) = (enrollment.id.0, enrollment.area_id);
    NewEvent { kind, subject: "enrollments", subject_id, area_id, company_id: None, data }
}
