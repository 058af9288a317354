//! Recording meetings, applying what they decided, and taking the report up: each inside a transaction, with audit row
//! and event.

use serde_json::json;

use super::decisions::{self, DecisionKind, NewRow};
use super::model::{Deliberation, NewApplication, NewDeliberation, NewLetter};
use super::queries;
use super::rules::{self, Step};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{BeneficiaryId, Caller, DeliberationId};
use crate::enrollments::{self, Decided, Decision, DecisionFault};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::{programs, regions};

/// Records a meeting with its decisions.
///
/// # Errors
/// `invalid_fields`, `minutes_already_recorded`.
pub(super) async fn record(conn: &Conn, caller: &Caller, new: &NewDeliberation) -> Result<Deliberation> {
    let unknown = |pointer, code| Error::invalid_field(pointer, code);
    let program = programs::find(conn, &caller.scope, new.program_id).await?;
    let program = program.ok_or_else(|| unknown("/program_id", Code::ReferenceUnknown))?;
    let area_id = programs::acting_area(conn, &caller.scope, &program, new.district_code.as_ref()).await?;
    let village = regions::find_village(conn, &caller.scope, &new.village_code).await?;
    if village.is_none_or(|village| village.area_id != area_id) {
        return Err(unknown("/village_code", Code::VillageUnknown));
    }
    let ids: Vec<BeneficiaryId> = new.decisions.iter().map(|decision| decision.beneficiary_id).collect();
    let homes = decisions::known_families(conn, area_id, &ids).await?.into_iter().collect();
    let faults = rules::faults_of(new, &homes, db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let meeting = queries::insert(conn, caller, area_id, new, db::now()).await?;
    decisions::insert(conn, &rows_of(&meeting, new)).await?;
    let record_count = i32::try_from(new.decisions.len()).map_err(Error::internal)?;
    tell(conn, caller, ("record_deliberation", "deliberation.recorded", record_count), None, &meeting).await?;
    Ok(meeting)
}

fn rows_of<'a>(meeting: &Deliberation, new: &'a NewDeliberation) -> Vec<NewRow<'a>> {
    let row = |(number, one): (i16, &'a decisions::NewDecision)| NewRow {
        area_id: meeting.area_id,
        deliberation_id: meeting.id,
        number,
        beneficiary_id: one.beneficiary_id,
        decision: one.decision,
        reason: &one.reason,
        exit_reason: one.exit_reason,
        reserve_order: one.reserve_order,
    };
    (1_i16..).zip(&new.decisions).map(row).collect()
}

/// Applies every decision of a meeting to the enrollments, or none.
///
/// # Errors
/// `not_found`, `command_not_possible`, `no_rule_set_in_force`, `invalid_fields` with the decisions at fault.
pub(super) async fn apply(
    conn: &Conn,
    caller: &Caller,
    id: DeliberationId,
    new: &NewApplication,
) -> Result<Deliberation> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check(Step::Apply, &before)?;
    let decree = new.decree_number.as_ref().map(ToString::to_string).or_else(|| before.decree_number.clone());
    let decree = decree.ok_or_else(|| Error::invalid_field("/decree_number", Code::Required))?;
    let effective_on = new.effective_on.unwrap_or_else(db::today);
    if effective_on < before.held_on {
        return Err(Error::invalid_field("/effective_on", Code::DatesOutOfOrder));
    }
    let recorded = decisions::all(conn, &before).await?;
    let decided: Vec<(BeneficiaryId, Decision)> = recorded
        .iter()
        .filter_map(|(_, family, kind, exit_reason, reserve_order)| match kind {
            DecisionKind::Add => Some((*family, Decision::Add)),
            DecisionKind::Keep => Some((*family, Decision::Keep)),
            DecisionKind::Remove => Some((*family, Decision::Remove((*exit_reason)?))),
            DecisionKind::Reserve => Some((*family, Decision::Reserve((*reserve_order)?))),
        })
        .collect();
    let (area_id, decree_number) = (before.area_id, decree.as_str());
    let decided = Decided { area_id, effective_on, decree_number, decisions: &decided };
    let applied = enrollments::apply_decisions(conn, caller, before.program_id, &decided).await?;
    let applied = applied.map_err(|faults| {
        let number_of =
            |fault: &DecisionFault| recorded.iter().find(|one| one.1 == fault.beneficiary_id).map_or(0, |one| one.0);
        // Pointers lead into the list as it was recorded, whose places begin with 0.
        Error::invalid(faults.iter().map(|fault| at_decision(number_of(fault), fault.code)).collect())
    })?;
    let meeting = queries::apply(conn, caller, &before, (&decree, effective_on), db::now()).await?;
    let record_count = i32::try_from(applied.added + applied.removed + applied.reserved).map_err(Error::internal)?;
    let operation = ("apply_deliberation", "deliberation.applied", record_count);
    tell(conn, caller, operation, Some(&before), &meeting).await?;
    Ok(meeting)
}

fn at_decision(number: i16, code: Code) -> Fault {
    Fault::new(format!("/decisions/{}/beneficiary_id", number - 1), code)
}

/// Notes that the village reported the meeting to the camat.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn report(
    conn: &Conn,
    caller: &Caller,
    id: DeliberationId,
    letter: &NewLetter,
) -> Result<Deliberation> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check(Step::Report, &before)?;
    rules::check_letter(letter, before.held_on, db::today())?;
    let meeting = queries::report(conn, caller, &before, letter, db::now()).await?;
    let operation = ("report_deliberation", "deliberation.reported_to_camat", 1);
    tell(conn, caller, operation, Some(&before), &meeting).await?;
    Ok(meeting)
}

/// Notes that the camat passed the report on to the regent.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn forward(
    conn: &Conn,
    caller: &Caller,
    id: DeliberationId,
    letter: &NewLetter,
) -> Result<Deliberation> {
    let before = queries::lock(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    rules::check(Step::Forward, &before)?;
    rules::check_letter(letter, before.camat_letter_on.unwrap_or(before.held_on), db::today())?;
    let meeting = queries::forward(conn, caller, &before, letter, db::now()).await?;
    let operation = ("forward_deliberation", "deliberation.forwarded_to_regent", 1);
    tell(conn, caller, operation, Some(&before), &meeting).await?;
    Ok(meeting)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind, record_count): (&str, &str, i32),
    before: Option<&Deliberation>,
    meeting: &Deliberation,
) -> Result<()> {
    let write = Write { record_count, ..Write::of(operation, "deliberations", meeting.id.0, meeting.area_id) };
    audit::record(conn, caller, write, before, Some(meeting)).await?;
    let event = NewEvent {
        kind,
        subject: "deliberations",
        subject_id: meeting.id.0,
        area_id: meeting.area_id,
        company_id: None,
        data: json!({
            "program_id": meeting.program_id, "village_code": meeting.village_code, "status": meeting.status,
            "report_status": meeting.report_status, "add_count": meeting.add_count,
            "keep_count": meeting.keep_count, "remove_count": meeting.remove_count,
            "reserve_count": meeting.reserve_count,
        }),
    };
    events::emit(conn, event).await
}
