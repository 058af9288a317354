//! Sessions and marks as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Int4, Nullable, Text as SqlText, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Line, MemberId, TrainingId, TrainingParticipantId, TrainingSessionId, text_enum};
use crate::http::{ById, ByParticipant};
use crate::schema::training_sessions;

text_enum! {
    /// Whether a participant came to a session.
    AttendanceMark {
        /// It came.
        Present "present",
        /// It told why it did not; the hours count as missed.
        Excused "excused",
        /// It did not come.
        Absent "absent",
    }
}

/// A session of a training.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = training_sessions, treat_none_as_default_value = false)]
pub(super) struct TrainingSession {
    /// Id of the session
    pub(super) id: TrainingSessionId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Training
    pub(super) training_id: TrainingId,
    /// Day
    pub(super) held_on: NaiveDate,
    /// Lesson hours (jam pelajaran), in which attendance is counted
    #[schema(minimum = 1, maximum = 16)]
    pub(super) lesson_hours: i16,
    /// What it is about
    #[schema(example = "Mengenal mesin jahit")]
    pub(super) topic: Line,
    /// Where it is not at the place of the training
    pub(super) place: Option<Line>,
    /// Client that added it
    #[schema(max_length = 63)]
    pub(super) scheduled_by: String,
    /// When it was added
    pub(super) created_at: DateTime<Utc>,
}

/// A session to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "held_on": "2026-11-03", "lesson_hours": 8, "topic": "Mengenal mesin jahit" }))]
pub(super) struct NewTrainingSession {
    /// Day, within those of the training
    pub(super) held_on: NaiveDate,
    /// Lesson hours (jam pelajaran), in which attendance is counted
    #[schema(minimum = 1, maximum = 16)]
    pub(super) lesson_hours: i16,
    /// What it is about
    pub(super) topic: Line,
    /// Where it is not at the place of the training
    pub(super) place: Option<Line>,
}

/// Who came to a session.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "marks": [{ "participant_id": "019b7542-7400-7000-8000-000000602115", "mark": "present" }]
}))]
pub(super) struct NewAttendance {
    /// Each participant once; of who is not named, nothing changes
    #[schema(min_items = 1, max_items = 500)]
    pub(super) marks: Vec<NewAttendanceMark>,
}

/// Whether one participant came.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAttendanceMark {
    /// Participant with a seat
    pub(super) participant_id: TrainingParticipantId,
    /// Whether it came
    pub(super) mark: AttendanceMark,
}

/// The mark of a participant of a session.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(super) struct Attendance {
    /// Participant
    #[diesel(sql_type = SqlUuid)]
    pub(super) participant_id: TrainingParticipantId,
    /// Member who it is
    #[diesel(sql_type = SqlUuid)]
    pub(super) member_id: MemberId,
    /// Whether it came; `null` where nothing is recorded
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) mark: Option<AttendanceMark>,
    /// How often it was recorded: from 2 on it is a correction
    #[diesel(sql_type = Nullable<Int4>)]
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// Client that recorded it last
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub(super) recorded_by: Option<String>,
    /// When it was recorded last
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) recorded_at: Option<DateTime<Utc>>,
}

/// What was recorded of a session at once.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RecordedAttendance {
    /// Session
    pub(super) session_id: TrainingSessionId,
    /// Marks that are new or other than before
    #[schema(minimum = 0, maximum = 500)]
    pub(super) changed: usize,
    /// The marks of all who were named, as they count now
    #[schema(max_items = 500)]
    pub(super) items: Vec<Attendance>,
}

/// Which sessions.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SessionFilter {
    /// On this day
    pub(super) held_on: Option<NaiveDate>,
    /// In which order
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// Which marks.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AttendanceFilter {
    /// Of this kind
    #[param(inline)]
    pub(super) mark: Option<AttendanceMark>,
    /// In which order
    #[param(inline, default = "participant_id")]
    pub(super) sort: Option<ByParticipant>,
}
