//! Participants as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Int4, Nullable, Text as SqlText, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{AidId, BeneficiaryId, MemberId, Note, TrainingId, TrainingParticipantId, text_enum};
use crate::http::ById;

text_enum! {
    /// What an assessor found.
    AssessmentResult {
        /// The participant can do it.
        Competent "competent",
        /// Not yet.
        NotYetCompetent "not_yet_competent",
    }
}

/// A member with a seat in a training.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(super) struct TrainingParticipant {
    /// Id of the participant
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: TrainingParticipantId,
    /// Sub-district; not shown.
    #[serde(skip)]
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
    /// Training
    #[diesel(sql_type = SqlUuid)]
    pub(super) training_id: TrainingId,
    /// Family of the member when it was registered
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    /// Member
    #[diesel(sql_type = SqlUuid)]
    pub(super) member_id: MemberId,
    /// Entitlement or allocation that the seat is of
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) aid_id: Option<AidId>,
    /// Lesson hours of the sessions so far
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 100_000)]
    pub(super) held_hours: i64,
    /// Those that the participant was present for
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0, maximum = 100_000)]
    pub(super) attended_hours: i64,
    /// The same in percent, rounded down; `null` before the first session
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 100)]
    pub(super) attended_percent: Option<i64>,
    /// What an assessor found
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) assessment: Option<AssessmentResult>,
    /// Client that recorded it
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub(super) assessed_by: Option<String>,
    /// When it was recorded
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) assessed_at: Option<DateTime<Utc>>,
    /// Has a seat in an open training, and is in no family of the sub-district any more: died, moved away, or was taken
    /// off its family; the seat can be released
    #[diesel(sql_type = Bool)]
    #[schema(example = false)]
    pub(super) has_left: bool,
    /// When the seat was freed
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    /// Client that freed it
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub(super) withdrawn_by: Option<String>,
    /// Why
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 2000)]
    pub(super) withdrawal_reason: Option<String>,
    /// Client that gave the seat
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 63)]
    pub(super) registered_by: String,
    /// Grows with each change of the seat or the assessment
    #[diesel(sql_type = Int4)]
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When the seat was given
    #[diesel(sql_type = Timestamptz)]
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    #[diesel(sql_type = Timestamptz)]
    pub(super) updated_at: DateTime<Utc>,
}

/// A member to give a seat.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "member_id": "019b7542-7400-7000-8000-00000000a17b" }))]
pub(super) struct NewTrainingParticipant {
    /// Member of a verified family, 15 years or older on the first day
    pub(super) member_id: MemberId,
    /// Entitlement of the training's program, or allocation of its pledge line, to the member's family, where the seat is of one
    pub(super) aid_id: Option<AidId>,
}

/// Why a seat is freed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Bekerja di luar kota" }))]
pub(super) struct SeatWithdrawal {
    /// Why
    pub(super) reason: Note,
}

/// What became of the seats of those who are in no family of the sub-district any more.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReleasedSeats {
    /// Those whose seat was freed, as they are now
    #[schema(max_items = 500)]
    pub(super) released: Vec<TrainingParticipant>,
    /// Those who keep it, because they attended enough for the certificate
    #[schema(max_items = 500)]
    pub(super) kept: Vec<TrainingParticipant>,
}

/// What an assessor found of some participants.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "results": [{ "participant_id": "019b7542-7400-7000-8000-000000602117", "result": "competent" }]
}))]
pub(super) struct NewAssessments {
    /// Each participant once
    #[schema(min_items = 1, max_items = 500)]
    pub(super) results: Vec<NewAssessment>,
}

/// What an assessor found of one participant.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAssessment {
    /// Participant with a seat
    pub(super) participant_id: TrainingParticipantId,
    /// What was found
    pub(super) result: AssessmentResult,
}

/// Participants whose assessment was recorded.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AssessedParticipants {
    /// As they are now
    #[schema(max_items = 500)]
    pub(super) items: Vec<TrainingParticipant>,
}

/// A member as a seat asks for it.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Candidate {
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = Bool)]
    pub(super) is_verified: bool,
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) born_on: Option<NaiveDate>,
}

/// Which participants.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ParticipantFilter {
    /// Of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// With a seat, or those who withdrew
    pub(super) is_withdrawn: Option<bool>,
    /// With a seat that can be released, or the others
    pub(super) has_left: Option<bool>,
    /// In which order
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
