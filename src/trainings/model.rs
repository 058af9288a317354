//! Trainings as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    CompanyId, Line, Name, Note, PledgeId, PledgeLineId, ProgramId, Text, TrainingId, VillageCode, text_enum,
};
use crate::http::{ById, given, present};
use crate::schema::trainings;

text_enum! {
    /// Where a training stands.
    TrainingStatus {
        /// It can still be changed; nobody has a seat.
        Planned "planned",
        /// Members of families take seats, and sessions are held.
        Open "open",
        /// All sessions are over; certificates are issued.
        Held "held",
        /// Nothing is left to do.
        Closed "closed",
        /// It was called off.
        Cancelled "cancelled",
    }
}

/// A training, with its figures.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = trainings)]
pub(super) struct Training {
    /// Id of the training
    pub(super) id: TrainingId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// What it is about
    #[schema(example = "Menjahit pakaian dasar")]
    pub(super) title: Line,
    /// Kind of help that a seat is
    #[schema(example = "training_seat")]
    pub(super) kind: Text<40>,
    /// Who gives it
    #[schema(example = "BLK Kutai Kartanegara")]
    pub(super) provider: Name,
    /// Program that it belongs to
    pub(super) program_id: Option<ProgramId>,
    /// Line of a pledge that pays for it
    pub(super) pledge_line_id: Option<PledgeLineId>,
    /// Pledge of that line
    pub(super) pledge_id: Option<PledgeId>,
    /// Company of that pledge
    pub(super) company_id: Option<CompanyId>,
    /// Village where it is held
    pub(super) village_code: VillageCode,
    /// Where in the village
    pub(super) place: Line,
    /// How many may take part
    #[schema(minimum = 1, maximum = 500)]
    pub(super) seats: i16,
    /// First day
    pub(super) begins_on: NaiveDate,
    /// Last day
    pub(super) ends_on: NaiveDate,
    /// Unit of the national competence standards (SKKNI)
    #[schema(example = "C.141110.001.01")]
    pub(super) competence_standard: Option<Text<80>>,
    /// Percent of the lesson hours that the certificate needs
    #[schema(minimum = 1, maximum = 100)]
    pub(super) minimum_attendance_percent: i16,
    /// Where it stands
    pub(super) status: TrainingStatus,
    /// Why it was called off
    pub(super) cancellation_reason: Option<Note>,
    /// Seats that are taken
    #[diesel(select_expression = sql::<BigInt>(PARTICIPANTS))]
    #[diesel(select_expression_type = SqlLiteral<BigInt>)]
    #[schema(minimum = 0, maximum = 500)]
    pub(super) participants: i64,
    /// Certificates that were issued and not revoked
    #[diesel(select_expression = sql::<BigInt>(CERTIFICATES))]
    #[diesel(select_expression_type = SqlLiteral<BigInt>)]
    #[schema(minimum = 0, maximum = 500)]
    pub(super) certificates: i64,
    /// Client that planned it
    #[schema(max_length = 63)]
    pub(super) planned_by: String,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was planned
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

const PARTICIPANTS: &str = "(
    select count(*) from training_participants as p
    where p.area_id = trainings.area_id and p.training_id = trainings.id and p.withdrawn_at is null)";
const CERTIFICATES: &str = "(
    select count(*) from training_certificates as c
    where c.area_id = trainings.area_id and c.training_id = trainings.id and c.revoked_at is null)";

fn usual_percent() -> i16 {
    80
}

/// A training to plan.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "title": "Menjahit pakaian dasar", "kind": "training_seat", "provider": "BLK Kutai Kartanegara",
    "village_code": "64.02.10.2003", "place": "Balai Desa Hambau", "seats": 20, "begins_on": "2026-11-02",
    "ends_on": "2026-11-20", "competence_standard": "C.141110.001.01"
}))]
pub(super) struct NewTraining {
    /// What it is about
    pub(super) title: Line,
    /// Kind of help that a seat is: one of the category `training`, see `/v1/need-kinds`
    pub(super) kind: Text<40>,
    /// Who gives it
    pub(super) provider: Name,
    /// Program that it belongs to; not with a pledge line
    pub(super) program_id: Option<ProgramId>,
    /// Line of a committed pledge that pays for it: of the same kind, or of packages with seats in them; not with a program
    pub(super) pledge_line_id: Option<PledgeLineId>,
    /// Village where it is held
    pub(super) village_code: VillageCode,
    /// Where in the village
    pub(super) place: Line,
    /// How many may take part
    #[schema(minimum = 1, maximum = 500)]
    pub(super) seats: i16,
    /// First day
    pub(super) begins_on: NaiveDate,
    /// Last day
    pub(super) ends_on: NaiveDate,
    /// Unit of the national competence standards (SKKNI)
    pub(super) competence_standard: Option<Text<80>>,
    /// Percent of the lesson hours that the certificate needs
    #[serde(default = "usual_percent")]
    #[schema(minimum = 1, maximum = 100, default = 80)]
    pub(super) minimum_attendance_percent: i16,
}

/// What to change of a planned training.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "seats": 25, "ends_on": "2026-12-20" }))]
pub(super) struct TrainingChanges {
    /// What it is about
    #[serde(default, deserialize_with = "given")]
    pub(super) title: Option<Line>,
    /// Who gives it
    #[serde(default, deserialize_with = "given")]
    pub(super) provider: Option<Name>,
    /// Village where it is held, in the same sub-district
    #[serde(default, deserialize_with = "given")]
    pub(super) village_code: Option<VillageCode>,
    /// Where in the village
    #[serde(default, deserialize_with = "given")]
    pub(super) place: Option<Line>,
    /// How many may take part
    #[serde(default, deserialize_with = "given")]
    #[schema(minimum = 1, maximum = 500)]
    pub(super) seats: Option<i16>,
    /// First day
    #[serde(default, deserialize_with = "given")]
    pub(super) begins_on: Option<NaiveDate>,
    /// Last day
    #[serde(default, deserialize_with = "given")]
    pub(super) ends_on: Option<NaiveDate>,
    /// Unit of the national competence standards (SKKNI); `null` clears it
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Text<80>>)]
    #[expect(clippy::option_option, reason = "absent leaves it, null clears it")]
    pub(super) competence_standard: Option<Option<Text<80>>>,
    /// Percent of the lesson hours that the certificate needs
    #[serde(default, deserialize_with = "given")]
    #[schema(minimum = 1, maximum = 100)]
    pub(super) minimum_attendance_percent: Option<i16>,
}

/// Takes a step that needs nothing more: the body is `{}`.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct TrainingStep {}

/// Why a training is called off.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Pelatih berhalangan dan tidak ada pengganti" }))]
pub(super) struct TrainingCancellation {
    /// Why
    pub(super) reason: Note,
}

/// The line of a pledge that pays for a training.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct PayingLine {
    pub(super) id: PledgeLineId,
    pub(super) pledge_id: PledgeId,
    pub(super) company_id: CompanyId,
    pub(super) area_id: i32,
}

/// Which trainings.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TrainingFilter {
    /// Those that stand there
    #[param(inline)]
    pub(super) status: Option<TrainingStatus>,
    /// Held in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// That end on this day or later
    pub(super) from: Option<NaiveDate>,
    /// That begin on this day or earlier
    pub(super) to: Option<NaiveDate>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
