//! Adding sessions and recording who came: each inside a transaction, with audit row and event.

use serde_json::json;

use super::model::{NewAttendance, NewTrainingSession, RecordedAttendance, TrainingSession};
use super::{queries, rules};
use crate::audit::{self, Write};
use crate::db::{self, Conn};
use crate::domain::{Caller, TrainingId, TrainingParticipantId, TrainingSessionId};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, NewEvent};
use crate::trainings::actions::begin;
use crate::trainings::rules::TrainingCommand;

/// Adds a session.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `session_outside_training`.
pub(super) async fn schedule(
    conn: &Conn,
    caller: &Caller,
    id: TrainingId,
    new: &NewTrainingSession,
) -> Result<TrainingSession> {
    let training = begin(conn, caller, id, TrainingCommand::Schedule).await?;
    if !(1..=16).contains(&new.lesson_hours) {
        return Err(Error::invalid_field("/lesson_hours", Code::WrongType));
    }
    rules::check_day(new, &training)?;
    let session = TrainingSession {
        id: TrainingSessionId::new(),
        area_id: training.area_id,
        training_id: training.id,
        held_on: new.held_on,
        lesson_hours: new.lesson_hours,
        topic: new.topic.clone(),
        place: new.place.clone(),
        scheduled_by: caller.client_id.clone(),
        created_at: db::now(),
    };
    queries::insert(conn, &session).await?;
    let write = Write::of("schedule_training_session", "training_sessions", session.id.0, session.area_id);
    audit::record(conn, caller, write, None, Some(&session)).await?;
    let data = json!({ "training_id": training.id, "held_on": session.held_on });
    events::emit(conn, event("training_session.scheduled", &session, data)).await?;
    Ok(session)
}

/// Records who came, or puts right what was recorded. Locks the training, so that two who record one after the other
/// each see what counts.
///
/// # Errors
/// `not_found`, `command_not_possible`, `invalid_fields`, `session_ahead`.
pub(super) async fn attend(
    conn: &Conn,
    caller: &Caller,
    id: TrainingSessionId,
    new: &NewAttendance,
) -> Result<RecordedAttendance> {
    let faults = rules::faults_of(&new.marks);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let session = queries::find(conn, &caller.scope, id).await?.ok_or(Code::NotFound)?;
    let training = begin(conn, caller, session.training_id, TrainingCommand::Attend).await?;
    if session.held_on > db::today() {
        return Err(Code::SessionAhead.into());
    }
    let ids: Vec<TrainingParticipantId> = new.marks.iter().map(|one| one.participant_id).collect();
    let seated = queries::seated(conn, &training, &ids).await?;
    let is_known = |id: &TrainingParticipantId| seated.contains(id);
    let faults = Fault::of_unknown("/marks/*/participant_id", &ids, is_known, Code::ReferenceUnknown);
    if !faults.is_empty() {
        return Err(Error::invalid(faults));
    }
    let changed = queries::mark(conn, caller, &session, (&new.marks, db::now())).await?;
    let items = queries::marks_of(conn, &caller.scope, id, ids).await?;
    let recorded = RecordedAttendance { session_id: id, changed, items };
    if changed > 0 {
        tell(conn, caller, &session, &recorded).await?;
    }
    Ok(recorded)
}

async fn tell(conn: &Conn, caller: &Caller, session: &TrainingSession, recorded: &RecordedAttendance) -> Result<()> {
    let write = Write::of("record_attendance", "training_sessions", session.id.0, session.area_id);
    let write = Write { record_count: i32::try_from(recorded.changed).map_err(Error::internal)?, ..write };
    audit::record(conn, caller, write, None, Some(recorded)).await?;
    let data = json!({ "training_id": session.training_id, "changed": recorded.changed });
    events::emit(conn, event("training_session.attended", session, data)).await
}

fn event<'a>(kind: &'a str, session: &TrainingSession, data: serde_json::Value) -> NewEvent<'a> {
    NewEvent {
        kind,
        subject: "training_sessions",
        subject_id: session.id.0,
        area_id: session.area_id,
        company_id: None,
        data,
    }
}
