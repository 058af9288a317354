//! Lodging complaints and seeing to them: each inside a transaction, with audit row, step and event.

use chrono::NaiveDate;
use serde_json::json;
use uuid::Uuid;

use super::model::{
    About, Complainant, Complaint, ComplaintCommand, ComplaintRow, ComplaintState, ComplaintStatus, Desk, NewComplaint,
    NewComplaintAnswer, NewComplaintAssignment, NewComplaintClosure, NewComplaintReferral, Person,
};
use super::steps::{self, ComplaintStep, Told};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::auth::{self, AnswerComplaints, ReadComplaints, ReadSensitiveComplaints};
use crate::db::{self, Conn};
use crate::domain::{Caller, ComplaintId, ComplaintStepId, Note, Text};
use crate::error::{Code, Error, Result};
use crate::events::{self, NewEvent};
use crate::keys::Place;
use crate::regions;

/// Lodges a complaint for somebody.
///
/// # Errors
/// `invalid_fields`.
pub(super) async fn lodge(conn: &Conn, desk: Desk<'_>, new: &NewComplaint) -> Result<Complaint> {
    let received_on = new.received_on.unwrap_or_else(db::today);
    let faults = rules::faults_of(new, received_on, db::today());
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let village = regions::find_village(conn, &desk.caller.scope, &new.village_code).await?;
    let area_id = village.ok_or_else(|| Error::invalid_field("/village_code", Code::VillageUnknown))?.area_id;
    let about = about(conn, area_id, new).await?;
    check_people(conn, area_id, new).await?;
    let row = new_row(desk, (area_id, about), new, received_on)?;
    queries::insert(conn, &row).await?;
    tell(conn, desk.caller, ("lodge_complaint", "complaint.received"), None, &row).await?;
    show(desk, row)
}

/// What a complaint is about.
async fn about(conn: &Conn, area_id: i32, new: &NewComplaint) -> Result<About> {
    let named: [(&str, Option<Uuid>); 6] = [
        ("/beneficiary_id", new.beneficiary_id.map(|id| id.0)),
        ("/program_id", new.program_id.map(|id| id.0)),
        ("/cycle_id", new.cycle_id.map(|id| id.0)),
        ("/delivery_id", new.delivery_id.map(|id| id.0)),
        ("/pledge_id", new.pledge_id.map(|id| id.0)),
        ("/allocation_delivery_id", new.allocation_delivery_id.map(|id| id.0)),
    ];
    let Some((pointer, id)) = named.into_iter().find_map(|(pointer, id)| Some((pointer, id?))) else {
        return Ok(About::default());
    };
    let found = queries::about(conn, area_id, (pointer, id)).await?;
    found.ok_or_else(|| Error::invalid_field(pointer, Code::ReferenceUnknown))
}

/// Refuses a family that the area does not have, and a client that is none of its own.
async fn check_people(conn: &Conn, area_id: i32, new: &NewComplaint) -> Result<()> {
    if let Some(family) = new.complainant_beneficiary_id
        && !queries::has_family(conn, area_id, family).await?
    {
        return Err(Error::invalid_field("/complainant_beneficiary_id", Code::ReferenceUnknown));
    }
    if let Some(against) = &new.against_client_id
        && auth::allowed_in::<ReadComplaints>(conn, area_id, &[against.as_str()]).await?.is_empty()
    {
        return Err(Error::invalid_field("/against_client_id", Code::ReferenceUnknown));
    }
    Ok(())
}

fn new_row(
    desk: Desk<'_>,
    (area_id, about): (i32, About),
    new: &NewComplaint,
    received_on: NaiveDate,
) -> Result<ComplaintRow> {
    let (id, now) = (ComplaintId::new(), db::now());
    let person = new.complainant_name.clone().map(|name| Person { name, phone: new.complainant_phone.clone() });
    let complainant = match (&person, new.complainant_beneficiary_id) {
        (Some(_), _) => Complainant::Person,
        (None, Some(_)) => Complainant::Family,
        (None, None) => Complainant::Anonymous,
    };
    let seal = |person: Person| {
        let text = serde_json::to_string(&person).map_err(Error::internal)?;
        desk.vault.seal(Place::complainant(area_id, id), &text)
    };
    Ok(ComplaintRow {
        area_id,
        id,
        village_code: new.village_code.clone(),
        channel: new.channel,
        category: new.category,
        beneficiary_id: about.beneficiary_id,
        program_id: about.program_id,
        cycle_id: about.cycle_id,
        delivery_id: about.delivery_id,
        delivery_period: about.delivery_period,
        pledge_id: about.pledge_id,
        allocation_delivery_id: about.allocation_delivery_id,
        complainant,
        complainant_beneficiary_id: new.complainant_beneficiary_id,
        complainant_sealed: person.map(seal).transpose()?,
        description: new.description.clone(),
        against_client_id: new.against_client_id.as_ref().map(ToString::to_string),
        status: ComplaintStatus::Received,
        received_on,
        due_on: rules::due_on(new.category, received_on),
        assigned_to: None,
        referred_to: None,
        finding: None,
        answer: None,
        answered_on: None,
        answered_by: None,
        closed_by: None,
        is_reopened: false,
        lodged_by: desk.caller.client_id.clone(),
        version: 1,
        created_at: now,
        updated_at: now,
    })
}

/// Says who sees to a complaint.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields` where the client may not answer such.
pub(super) async fn assign(
    conn: &Conn,
    desk: Desk<'_>,
    id: ComplaintId,
    new: &NewComplaintAssignment,
) -> Result<Complaint> {
    let before = hold(conn, desk, id, ComplaintCommand::Assign).await?;
    let assigned_to = new.assigned_to.as_ref().map_or(desk.caller.client_id.as_str(), Text::as_str);
    let mut able = auth::allowed_in::<AnswerComplaints>(conn, before.area_id, &[assigned_to]).await?;
    if before.category.is_sensitive() {
        able = auth::allowed_in::<ReadSensitiveComplaints>(conn, before.area_id, &as_texts(&able)).await?;
    }
    if able.is_empty() || before.against_client_id.as_deref() == Some(assigned_to) {
        return Err(Error::invalid_field("/assigned_to", Code::ReferenceUnknown));
    }
    let assigned_to = Some(assigned_to.to_owned());
    let state = ComplaintState { assigned_to, ..ComplaintState::at(&before, ComplaintStatus::Assigned) };
    let told = Told { note: new.note.clone(), ..Told::default() };
    step(conn, desk, (ComplaintCommand::Assign, &before), &state, told).await
}

fn as_texts(ids: &[String]) -> Vec<&str> {
    ids.iter().map(String::as_str).collect()
}

/// Answers who complained.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn answer(
    conn: &Conn,
    desk: Desk<'_>,
    id: ComplaintId,
    new: &NewComplaintAnswer,
) -> Result<Complaint> {
    let before = hold(conn, desk, id, ComplaintCommand::Answer).await?;
    let state = ComplaintState {
        finding: Some(new.finding),
        answer: Some(new.answer.clone()),
        answered_on: Some(db::today()),
        answered_by: Some(desk.caller.client_id.clone()),
        ..ComplaintState::at(&before, ComplaintStatus::Answered)
    };
    step(conn, desk, (ComplaintCommand::Answer, &before), &state, Told::why(&new.answer)).await
}

/// Says that a complaint is done with; of one that was found unfounded, a second person does.
///
/// # Errors
/// `not_found`, `command_not_possible`, `second_person_needed`, `invalid_fields`.
pub(super) async fn close(
    conn: &Conn,
    desk: Desk<'_>,
    id: ComplaintId,
    new: &NewComplaintClosure,
) -> Result<Complaint> {
    let before = hold(conn, desk, id, ComplaintCommand::Close).await?;
    rules::check_closing(&before, &desk.caller.client_id)?;
    let found = steps::outcome(conn, before.area_id, new).await?;
    let missing = [
        ("/change_request_id", new.change_request_id.is_some() && !found.has_change_request),
        ("/replacement_id", new.replacement_id.is_some() && !found.has_replacement),
        ("/delivery_id", new.delivery_id.is_some() && found.delivery_period.is_none()),
    ];
    if let Some((pointer, _)) = missing.into_iter().find(|(_, is_missing)| *is_missing) {
        return Err(Error::invalid_field(pointer, Code::ReferenceUnknown));
    }
    let told = Told {
        change_request_id: new.change_request_id,
        replacement_id: new.replacement_id,
        delivery: new.delivery_id.zip(found.delivery_period),
        ..Told::why(&new.outcome)
    };
    let closed_by = Some(desk.caller.client_id.clone());
    let state = ComplaintState { closed_by, ..ComplaintState::at(&before, ComplaintStatus::Closed) };
    step(conn, desk, (ComplaintCommand::Close, &before), &state, told).await
}

/// Refers a complaint to another body, which answers through whoever referred it.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn refer(
    conn: &Conn,
    desk: Desk<'_>,
    id: ComplaintId,
    new: &NewComplaintReferral,
) -> Result<Complaint> {
    let before = hold(conn, desk, id, ComplaintCommand::Refer).await?;
    let referred_to = Some(new.referred_to.clone());
    let state = ComplaintState { referred_to, ..ComplaintState::at(&before, ComplaintStatus::Referred) };
    step(conn, desk, (ComplaintCommand::Refer, &before), &state, Told::why(&new.reason)).await
}

/// Takes a complaint back for who complained.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn withdraw(conn: &Conn, desk: Desk<'_>, id: ComplaintId, reason: &Note) -> Result<Complaint> {
    let before = hold(conn, desk, id, ComplaintCommand::Withdraw).await?;
    let state = ComplaintState::at(&before, ComplaintStatus::Withdrawn);
    step(conn, desk, (ComplaintCommand::Withdraw, &before), &state, Told::why(reason)).await
}

/// Opens a complaint again whose answer did not content, once: the days to the next answer count from today.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn reopen(conn: &Conn, desk: Desk<'_>, id: ComplaintId, reason: &Note) -> Result<Complaint> {
    let before = hold(conn, desk, id, ComplaintCommand::Reopen).await?;
    let state = ComplaintState {
        status: ComplaintStatus::Reopened,
        due_on: rules::due_on(before.category, db::today()),
        assigned_to: None,
        referred_to: None,
        finding: None,
        answer: None,
        answered_on: None,
        answered_by: None,
        closed_by: None,
        is_reopened: true,
    };
    step(conn, desk, (ComplaintCommand::Reopen, &before), &state, Told::why(reason)).await
}

/// A complaint of which the command is possible; nobody else changes it until the transaction ends.
async fn hold(conn: &Conn, desk: Desk<'_>, id: ComplaintId, command: ComplaintCommand) -> Result<ComplaintRow> {
    let row = queries::lock(conn, desk.sight(), id).await?.ok_or(Code::NotFound)?;
    rules::check(command, &row)?;
    Ok(row)
}

/// Writes a step.
async fn step(
    conn: &Conn,
    desk: Desk<'_>,
    (command, before): (ComplaintCommand, &ComplaintRow),
    state: &ComplaintState,
    told: Told,
) -> Result<Complaint> {
    let now = db::next_instant(before.updated_at);
    let after = queries::put(conn, before, state, now).await?;
    let (delivery_id, delivery_period) = told.delivery.unzip();
    let step = ComplaintStep {
        area_id: after.area_id,
        id: ComplaintStepId::new(),
        complaint_id: after.id,
        command,
        from_status: before.status,
        to_status: after.status,
        assigned_to: after.assigned_to.clone().filter(|_| command == ComplaintCommand::Assign),
        referred_to: after.referred_to.clone().filter(|_| command == ComplaintCommand::Refer),
        finding: after.finding.filter(|_| command == ComplaintCommand::Answer),
        note: told.note,
        change_request_id: told.change_request_id,
        replacement_id: told.replacement_id,
        delivery_id,
        delivery_period,
        recorded_by: desk.caller.client_id.clone(),
        created_at: now,
    };
    steps::insert(conn, &step).await?;
    tell(conn, desk.caller, names(command), Some(before), &after).await?;
    show(desk, after)
}

/// Operation and event of a command.
fn names(command: ComplaintCommand) -> (&'static str, &'static str) {
    match command {
        ComplaintCommand::Assign => ("assign_complaint", "complaint.assigned"),
        ComplaintCommand::Answer => ("answer_complaint", "complaint.answered"),
        ComplaintCommand::Close => ("close_complaint", "complaint.closed"),
        ComplaintCommand::Refer => ("refer_complaint", "complaint.referred"),
        ComplaintCommand::Withdraw => ("withdraw_complaint", "complaint.withdrawn"),
        ComplaintCommand::Reopen => ("reopen_complaint", "complaint.reopened"),
    }
}

/// The complaint with the name of who complains.
pub(super) fn show(desk: Desk<'_>, mut row: ComplaintRow) -> Result<Complaint> {
    let place = Place::complainant(row.area_id, row.id);
    let opened = row.complainant_sealed.take().map(|sealed| desk.vault.open(place, &sealed)).transpose()?;
    let read = |text: String| serde_json::from_str::<Person>(&text).map_err(Error::internal);
    let person = opened.map(read).transpose()?;
    let (name, phone) = person.map(|person| (person.name, person.phone)).unzip();
    Ok(Complaint { complainant_name: name, complainant_phone: phone.flatten(), ..row.into() })
}

/// Leaves the audit row, and the event where the complaint is not kept close: the feed is read by all of the sub-district.
async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    before: Option<&ComplaintRow>,
    after: &ComplaintRow,
) -> Result<()> {
    let write = Write::of(operation, "complaints", after.id.0, after.area_id);
    let before = before.cloned().map(Complaint::from);
    audit::record(conn, caller, write, before.as_ref(), Some(&Complaint::from(after.clone()))).await?;
    if after.category.is_sensitive() {
        return Ok(());
    }
    let event = NewEvent {
        kind,
        subject: "complaints",
        subject_id: after.id.0,
        area_id: after.area_id,
        company_id: None,
        data: json!({
            "village_code": after.village_code, "category": after.category, "status": after.status,
            "due_on": after.due_on, "program_id": after.program_id, "pledge_id": after.pledge_id,
        }),
    };
    events::emit(conn, event).await
}
