//! Planning a training and the steps of its life: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{NewTraining, PayingLine, Training, TrainingChanges, TrainingStatus};
use super::queries;
use super::rules::{self, TrainingCommand};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, Note, PledgeLineId, Quantity, Text, TrainingId};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::ledger::{self, AccountKind};
use crate::{needs, programs, regions};

/// Plans a training.
///
/// # Errors
/// `invalid_fields`, `not_enough_left` beyond the seats of the line that pays.
pub(super) async fn plan(conn: &Conn, caller: &Caller, new: &NewTraining) -> Result<Training> {
    let faults = rules::faults_of(new);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let place = regions::find_village(conn, &caller.scope, &new.village_code).await?;
    let area_id = place.ok_or_else(|| Error::invalid_field("/village_code", Code::VillageUnknown))?.area_id;
    let line = check_source(conn, caller, new, area_id).await?;
    let now = db::now();
    let training = Training {
        id: TrainingId::new(),
        area_id,
        title: new.title.clone(),
        kind: new.kind.clone(),
        provider: new.provider.clone(),
        program_id: new.program_id,
        pledge_line_id: line.map(|line| line.id),
        pledge_id: line.map(|line| line.pledge_id),
        company_id: line.map(|line| line.company_id),
        village_code: new.village_code.clone(),
        place: new.place.clone(),
        seats: new.seats,
        begins_on: new.begins_on,
        ends_on: new.ends_on,
        competence_standard: new.competence_standard.clone(),
        minimum_attendance_percent: new.minimum_attendance_percent,
        status: TrainingStatus::Planned,
        cancellation_reason: None,
        participants: 0,
        certificates: 0,
        planned_by: caller.client_id.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
    };
    queries::insert(conn, &training).await?;
    tell(conn, caller, ("plan_training", "training.planned"), None, &training).await?;
    Ok(training)
}

/// The kind is one of trainings, the program serves the area, the line is of the kind and the area.
async fn check_source(conn: &Conn, caller: &Caller, new: &NewTraining, area_id: i32) -> Result<Option<PayingLine>> {
    let kind = needs::find_kind(conn, &new.kind).await?;
    if kind.is_none_or(|kind| kind.category != "training") {
        return Err(Error::invalid_field("/kind", Code::ValueUnknown));
    }
    if let Some(id) = new.program_id {
        let program = programs::find(conn, &caller.scope, id).await?;
        if !program.is_some_and(|program| program.serves(area_id)) {
            return Err(Error::invalid_field("/program_id", Code::ReferenceUnknown));
        }
    }
    let Some(id) = new.pledge_line_id else { return Ok(None) };
    let line = queries::find_line(conn, &caller.scope, (id, &new.kind)).await?.filter(|line| line.area_id == area_id);
    let line = line.ok_or_else(|| Error::invalid_field("/pledge_line_id", Code::ReferenceUnknown))?;
    check_seats(conn, (area_id, id, &new.kind), None, new.seats).await?;
    Ok(Some(line))
}

/// Refuses more seats than a line gives, all its trainings together: what is committed of it and not called off, given
/// back or lost; of packages the seats in them.
async fn check_seats(
    conn: &Conn,
    (area_id, line_id, kind): (i32, PledgeLineId, &Text<40>),
    besides: Option<TrainingId>,
    seats: i16,
) -> Result<()> {
    use AccountKind::{Commitment, Delivered, Reserved, Stock};
    let planned = queries::seats_planned(conn, area_id, line_id, besides).await?;
    let balances = ledger::balances(conn, &[line_id.0]).await?;
    let own = balances.get(&line_id.0).cloned().unwrap_or_default();
    let places = [Commitment, Stock, Reserved, Delivered].map(|kind| own.of(kind));
    let given = places.iter().fold(Quantity::zero(), |sum, quantity| sum.plus(quantity));
    let whole = |count: i64| u32::try_from(count).map(Quantity::whole).map_err(Error::internal);
    let seats_each = queries::seats_each(conn, line_id, kind).await?;
    let left = given.many(seats_each).beyond(&whole(planned)?);
    if whole(seats.into())? <= left {
        return Ok(());
    }
    Err(Error::from(Code::NotEnoughLeft).about(format!("{left} seats of the line are in no training, {seats} asked")))
}

/// Changes a planned training.
///
/// # Errors
/// `not_found`, `command_not_possible`, `version_stale`, `invalid_fields`, `not_enough_left`.
pub(super) async fn edit(
    conn: &Conn,
    caller: &Caller,
    id: TrainingId,
    (changes, version): (&TrainingChanges, i32),
) -> Result<Training> {
    let before = begin(conn, caller, id, TrainingCommand::Edit).await?;
    if before.version != version {
        return Err(Code::VersionStale.into());
    }
    let after = changed(&before, changes);
    let days = (after.begins_on, after.ends_on);
    let faults = rules::range_faults(after.seats, after.minimum_attendance_percent, days);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let place = regions::find_village(conn, &caller.scope, &after.village_code).await?;
    if place.is_none_or(|place| place.area_id != before.area_id) {
        return Err(Error::invalid_field("/village_code", Code::VillageUnknown));
    }
    if let Some(line_id) = before.pledge_line_id.filter(|_| after.seats > before.seats) {
        check_seats(conn, (before.area_id, line_id, &before.kind), Some(id), after.seats).await?;
    }
    if !queries::sessions_fit(conn, &after).await? {
        return Err(Code::SessionOutsideTraining.into());
    }
    store(conn, caller, ("update_training", "training.changed"), &before, after).await
}

/// A training with what is sent of it in place of what was.
fn changed(before: &Training, changes: &TrainingChanges) -> Training {
    let before = before.clone();
    let TrainingChanges { title, provider, village_code, place, .. } = changes.clone();
    Training {
        title: title.unwrap_or(before.title),
        provider: provider.unwrap_or(before.provider),
        village_code: village_code.unwrap_or(before.village_code),
        place: place.unwrap_or(before.place),
        seats: changes.seats.unwrap_or(before.seats),
        begins_on: changes.begins_on.unwrap_or(before.begins_on),
        ends_on: changes.ends_on.unwrap_or(before.ends_on),
        competence_standard: changes.competence_standard.clone().unwrap_or(before.competence_standard),
        minimum_attendance_percent: changes.minimum_attendance_percent.unwrap_or(before.minimum_attendance_percent),
        ..before
    }
}

/// Lets families take seats.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn open(conn: &Conn, caller: &Caller, id: TrainingId) -> Result<Training> {
    let before = begin(conn, caller, id, TrainingCommand::Open).await?;
    let after = Training { status: TrainingStatus::Open, ..before.clone() };
    store(conn, caller, ("open_training", "training.opened"), &before, after).await
}

/// Says that all sessions are over.
///
/// # Errors
/// `not_found`, `command_not_possible`, `training_sessions_ahead` also where there is none.
pub(super) async fn hold(conn: &Conn, caller: &Caller, id: TrainingId) -> Result<Training> {
    let before = begin(conn, caller, id, TrainingCommand::Hold).await?;
    let last = queries::last_session(conn, &before).await?;
    if last.is_none_or(|last| last > db::today()) {
        return Err(Code::TrainingSessionsAhead.into());
    }
    let after = Training { status: TrainingStatus::Held, ..before.clone() };
    store(conn, caller, ("hold_training", "training.held"), &before, after).await
}

/// Says that nothing is left to do.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn close(conn: &Conn, caller: &Caller, id: TrainingId) -> Result<Training> {
    let before = begin(conn, caller, id, TrainingCommand::Close).await?;
    let after = Training { status: TrainingStatus::Closed, ..before.clone() };
    store(conn, caller, ("close_training", "training.closed"), &before, after).await
}

/// Calls a training off.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn cancel(conn: &Conn, caller: &Caller, id: TrainingId, reason: &Note) -> Result<Training> {
    let before = begin(conn, caller, id, TrainingCommand::Cancel).await?;
    let cancellation_reason = Some(reason.clone());
    let after = Training { status: TrainingStatus::Cancelled, cancellation_reason, ..before.clone() };
    store(conn, caller, ("cancel_training", "training.cancelled"), &before, after).await
}

/// Locks a training that takes the command.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn begin(conn: &Conn, caller: &Caller, id: TrainingId, command: TrainingCommand) -> Result<Training> {
    let training = queries::lock(conn, &caller.scope, id).await?;
    rules::allow(training.status, command)?;
    Ok(training)
}

async fn store(
    conn: &Conn,
    caller: &Caller,
    told: (&str, &'static str),
    before: &Training,
    after: Training,
) -> Result<Training> {
    let after = Training { version: before.version + 1, updated_at: db::next_instant(before.updated_at), ..after };
    let after = queries::update(conn, &after).await?;
    tell(conn, caller, told, Some(before), &after).await?;
    Ok(after)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&Training>,
    after: &Training,
) -> Result<()> {
    let write = Write::of(operation, "trainings", after.id.0, after.area_id);
    let write = Write { company_id: after.company_id, ..write };
    audit::record(conn, caller, write, before, Some(after)).await?;
    let data = json!({ "status": after.status, "seats": after.seats, "participants": after.participants });
    events::emit(conn, event(kind, after, data)).await
}

/// An event about a training as a whole, which its company is told of; what is of a person never goes into `data`.
pub(super) fn event<'a>(kind: &'a str, training: &Training, data: serde_json::Value) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "trainings",
        subject_id: training.id.0,
        area_id: training.area_id,
        company_id: training.company_id,
        data,
    }
}
