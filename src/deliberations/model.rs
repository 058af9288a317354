//! Meetings as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::decisions::NewDecision;
use crate::domain::{DeliberationId, Digest, DistrictCode, ProgramId, Text, VillageCode, text_enum};
use crate::http::ByCreation;
use crate::schema::deliberations;

text_enum! {
    /// Whether what a meeting decided is carried out.
    DeliberationStatus {
        /// It is written down.
        Recorded "recorded",
        /// It is applied to the enrollments.
        Applied "applied",
    }
}

text_enum! {
    /// How far the report of a meeting has come.
    ReportStatus {
        /// Nobody was told yet.
        Recorded "recorded",
        /// The camat was.
        ReportedToCamat "reported_to_camat",
        /// The camat has passed it on to the regent.
        ForwardedToRegent "forwarded_to_regent",
    }
}

/// A village meeting (musdes) that decided the list of a program.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = deliberations)]
pub struct Deliberation {
    /// Id of the meeting
    pub id: DeliberationId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub area_id: i32,
    /// Village that met
    pub village_code: VillageCode,
    /// Program whose list it decided
    pub program_id: ProgramId,
    /// Day it was held
    pub held_on: NaiveDate,
    /// Called to change who receives (musdes khusus): replacements rest on such a one
    pub is_special: bool,
    /// Number of its minutes
    #[schema(max_length = 80)]
    pub minutes_number: String,
    /// SHA-256 of the minutes, which the village keeps
    pub minutes_digest: Digest,
    /// Media type of the minutes
    #[schema(max_length = 80)]
    pub minutes_media_type: String,
    /// How many attended
    #[schema(minimum = 1, maximum = 10000)]
    pub attendee_count: i32,
    /// Decree that makes the decisions law; null until it is issued
    #[schema(max_length = 80)]
    pub decree_number: Option<String>,
    /// Families that come onto the program
    #[schema(minimum = 0, maximum = 1000)]
    pub add_count: i32,
    /// Families that stay
    #[schema(minimum = 0, maximum = 1000)]
    pub keep_count: i32,
    /// Families that leave
    #[schema(minimum = 0, maximum = 1000)]
    pub remove_count: i32,
    /// Families on the reserve list
    #[schema(minimum = 0, maximum = 1000)]
    pub reserve_count: i32,
    /// Whether it is carried out
    pub status: DeliberationStatus,
    /// First day on the program of those added, last of those removed
    pub effective_on: Option<NaiveDate>,
    /// Client that applied it
    #[schema(max_length = 63)]
    pub applied_by: Option<String>,
    /// When it was applied
    pub applied_at: Option<DateTime<Utc>>,
    /// How far its report has come
    pub report_status: ReportStatus,
    /// Number of the village's letter to the camat
    #[schema(max_length = 80)]
    pub camat_letter_number: Option<String>,
    /// Date of it
    pub camat_letter_on: Option<NaiveDate>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub reported_by: Option<String>,
    /// When it was recorded
    pub reported_at: Option<DateTime<Utc>>,
    /// Number of the camat's letter to the regent
    #[schema(max_length = 80)]
    pub regent_letter_number: Option<String>,
    /// Date of it
    pub regent_letter_on: Option<NaiveDate>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub forwarded_by: Option<String>,
    /// When it was recorded
    pub forwarded_at: Option<DateTime<Utc>>,
    /// Client that recorded the meeting
    #[schema(max_length = 63)]
    pub recorded_by: String,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was recorded
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

/// A meeting to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "village_code": "64.02.10.2004", "program_id": "019b7542-7400-7000-8000-0000000000d3", "held_on": "2026-11-10",
    "minutes_number": "140/BA-MUSDES/11/2026",
    "minutes_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "minutes_media_type": "application/pdf", "attendee_count": 42,
    "decisions": [{
        "beneficiary_id": "019b7542-7400-7000-8000-00000000b12f", "decision": "keep",
        "reason": "Kepala keluarga perempuan, lansia tunggal"
    }]
}))]
pub(super) struct NewDeliberation {
    /// Village that met
    pub(super) village_code: VillageCode,
    /// Program whose list it decided
    pub(super) program_id: ProgramId,
    /// Day it was held
    pub(super) held_on: NaiveDate,
    /// Whether it was called to change who receives (musdes khusus)
    #[serde(default)]
    pub(super) is_special: bool,
    /// Number of its minutes
    pub(super) minutes_number: Text<80>,
    /// SHA-256 of the minutes, which the village keeps
    pub(super) minutes_digest: Digest,
    /// Media type of the minutes
    #[schema(example = "application/pdf")]
    pub(super) minutes_media_type: Text<80>,
    /// How many attended
    #[schema(minimum = 1, maximum = 10000)]
    pub(super) attendee_count: i32,
    /// Decree that makes the decisions law, where it is issued already
    pub(super) decree_number: Option<Text<80>>,
    /// What was decided of each family, each once
    #[schema(min_items = 1, max_items = 1000)]
    pub(super) decisions: Vec<NewDecision>,
    /// Sub-district; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// How the decisions are carried out.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decree_number": "7/KEPDES/2026" }))]
pub(super) struct NewApplication {
    /// Decree that makes the decisions law; needed unless the meeting names it
    pub(super) decree_number: Option<Text<80>>,
    /// First day on the program of those added, last of those removed, and then not to come; today in the sub-district's
    /// time where left out
    pub(super) effective_on: Option<NaiveDate>,
}

/// A letter that takes the report one step up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "letter_number": "140/031/2026", "dated_on": "2026-11-16" }))]
pub(super) struct NewLetter {
    /// Number of the letter
    pub(super) letter_number: Text<80>,
    /// Date it bears
    pub(super) dated_on: NaiveDate,
}

/// Which meetings.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliberationFilter {
    /// Meetings of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Meetings about this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Meetings that are carried out, or not
    #[param(inline)]
    pub(super) status: Option<DeliberationStatus>,
    /// Special meetings, or ordinary ones
    #[param(inline)]
    pub(super) is_special: Option<bool>,
    /// Meetings whose report has come so far
    #[param(inline)]
    pub(super) report_status: Option<ReportStatus>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}
