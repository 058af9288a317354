//! Giving and freeing seats, and assessing: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{
    AssessedParticipants, NewAssessment, NewAssessments, NewTrainingParticipant, ReleasedSeats, TrainingParticipant,
};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{AidId, BeneficiaryId, Caller, Note, TrainingId, TrainingParticipantId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::trainings::model::Training;
use crate::trainings::rules::TrainingCommand;
use crate::trainings::{self, actions::begin};

/// Gives a member a seat. Locks the training, so that seats are counted once, then shares the family, and locks the aid
/// that the seat is of.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `beneficiary_not_verified`, `member_age_unknown`,
/// `member_too_young`, `seats_of_aid_taken`, `training_full`, `participant_already_registered`.
pub(super) async fn register(
    conn: &Conn,
    caller: &Caller,
    id: TrainingId,
    new: &NewTrainingParticipant,
) -> Result<TrainingParticipant> {
    let training = begin(conn, caller, id, TrainingCommand::Register).await?;
    let candidate = queries::hold_candidate(conn, training.area_id, new.member_id).await?;
    let candidate = candidate.ok_or_else(|| Error::invalid_field("/member_id", Code::ReferenceUnknown))?;
    let family = candidate.beneficiary_id;
    if let Some(aid_id) = new.aid_id {
        be_of_aid(conn, &training, (aid_id, family)).await?;
    }
    rules::check(&candidate, training.begins_on)?;
    let participant = queries::insert(conn, caller, (&training, family), new, db::now()).await?;
    if trainings::queries::seats_taken(conn, &training).await? > i64::from(training.seats) {
        return Err(Code::TrainingFull.into());
    }
    trainings::queries::renew(conn, &training).await?;
    let participant = queries::find(conn, &caller.scope, participant).await?.ok_or(Code::NotFound)?;
    tell(conn, caller, ("register_participant", "training_participant.registered"), (None, &participant)).await?;
    Ok(participant)
}

/// The aid is the family's, and has a seat that nobody has.
async fn be_of_aid(conn: &Conn, training: &Training, (aid_id, family): (AidId, BeneficiaryId)) -> Result<()> {
    let seats = queries::hold_aid(conn, training, (aid_id, family)).await?;
    let seats = seats.ok_or_else(|| Error::invalid_field("/aid_id", Code::ReferenceUnknown))?;
    let taken = queries::seats_of_aid(conn, training.area_id, aid_id).await?;
    if taken < seats { Ok(()) } else { Err(Error::from(Code::SeatsOfAidTaken).about(format!("{taken} / {seats}"))) }
}

/// Frees a seat.
///
/// # Errors
/// `not_found`, `command_not_possible`, `participant_withdrawn`.
pub(super) async fn withdraw(
    conn: &Conn,
    caller: &Caller,
    id: TrainingParticipantId,
    reason: &Note,
) -> Result<TrainingParticipant> {
    let found = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let training = begin(conn, caller, found.training_id, TrainingCommand::Withdraw).await?;
    let before = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    if before.withdrawn_at.is_some() {
        return Err(Code::ParticipantWithdrawn.into());
    }
    queries::withdraw(conn, caller, &before, (reason, db::next_instant(before.updated_at))).await?;
    trainings::queries::renew(conn, &training).await?;
    let after = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    tell(conn, caller, ("withdraw_participant", "training_participant.withdrawn"), (Some(&before), &after)).await?;
    Ok(after)
}

/// Frees the seats of those who are in no family of the sub-district any more, except of those who attended enough for the
/// certificate. Families are not locked: who comes back at the same moment came after.
///
/// # Errors
/// `not_found`, `command_not_possible`.
pub(super) async fn release(conn: &Conn, caller: &Caller, id: TrainingId, reason: &Note) -> Result<ReleasedSeats> {
    let training = begin(conn, caller, id, TrainingCommand::Withdraw).await?;
    let left = queries::of_leavers(conn, &training).await?;
    let has_earned = |one: &TrainingParticipant| rules::has_earned(one, training.minimum_attendance_percent);
    let (kept, leaving): (Vec<_>, Vec<_>) = left.into_iter().partition(has_earned);
    if leaving.is_empty() {
        return Ok(ReleasedSeats { released: leaving, kept });
    }
    let ids: Vec<TrainingParticipantId> = leaving.iter().map(|one| one.id).collect();
    queries::release(conn, caller, (&training, &ids), (reason, db::now())).await?;
    trainings::queries::renew(conn, &training).await?;
    let released = queries::of_ids(conn, training.area_id, &ids).await?;
    let write = Write::of("release_seats", "trainings", training.id.0, training.area_id);
    let write = Write { record_count: i32::try_from(released.len()).map_err(Error::internal)?, ..write };
    audit::record(conn, caller, write, Some(&leaving), Some(&released)).await?;
    events::emit_all(conn, released.iter().map(|one| event("training_participant.withdrawn", one)).collect()).await?;
    Ok(ReleasedSeats { released, kept })
}

/// Records what an assessor found of some participants.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`.
pub(super) async fn assess(
    conn: &Conn,
    caller: &Caller,
    id: TrainingId,
    new: &NewAssessments,
) -> Result<AssessedParticipants> {
    let faults = rules::faults_of(&new.results);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let training = begin(conn, caller, id, TrainingCommand::Assess).await?;
    let written = queries::assess(conn, caller, &training, (&new.results, db::now())).await?;
    let is_known = |one: &NewAssessment| written.contains(&one.participant_id);
    let faults = Fault::of_unknown("/results/*/participant_id", &new.results, is_known, Code::ReferenceUnknown);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let assessed = AssessedParticipants { items: queries::of_ids(conn, training.area_id, &written).await? };
    let write = Write::of("record_assessments", "trainings", training.id.0, training.area_id);
    let write = Write { record_count: i32::try_from(written.len()).map_err(Error::internal)?, ..write };
    audit::record(conn, caller, write, None, Some(&assessed)).await?;
    let data = json!({ "participants": written.len() });
    let event = trainings::actions::event("training.assessed", &training, data);
    events::emit(conn, NewEvent { company_id: None, ..event }).await?;
    Ok(assessed)
}

async fn tell(
    conn: &Conn,
    caller: &Caller,
    (operation, kind): (&str, &'static str),
    (before, after): (Option<&TrainingParticipant>, &TrainingParticipant),
) -> Result<()> {
    let write = Write::of(operation, "training_participants", after.id.0, after.area_id);
    audit::record(conn, caller, write, before, Some(after)).await?;
    events::emit(conn, event(kind, after)).await
}

/// An event about one participant, which no company is told of.
fn event<'a>(kind: &'a str, participant: &TrainingParticipant) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "training_participants",
        subject_id: participant.id.0,
        area_id: participant.area_id,
        company_id: None,
        data: json!({ "training_id": participant.training_id, "beneficiary_id": participant.beneficiary_id }),
    }
}
