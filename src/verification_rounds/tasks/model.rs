//! Families of a list and counts of them, as answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text as SqlText, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, Text, VerificationRoundId, VerificationTaskId, VillageCode, VisitId};
use crate::http::ByVillage;
use crate::verification_rounds::visits::VisitFinding;

/// A family on the list of a round.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct Task {
    /// Id of the task
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: VerificationTaskId,
    /// Round
    #[diesel(sql_type = SqlUuid)]
    pub(super) round_id: VerificationRoundId,
    /// Family
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village where it lived when the list froze
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    /// Welfare rank when the list froze, 1 poorest to 10
    #[diesel(sql_type = Nullable<SmallInt>)]
    #[schema(minimum = 1, maximum = 10)]
    pub(super) decile: Option<i16>,
    /// Name of the head of the family now
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 120)]
    pub(super) head_name: String,
    /// Address now
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 200)]
    pub(super) address: Option<String>,
    /// Client that is to visit; null for whoever comes
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub(super) assigned_to: Option<String>,
    /// What the last visit found; null before one
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) finding: Option<VisitFinding>,
    /// The last visit
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) visit_id: Option<VisitId>,
    /// When it was
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub(super) visited_at: Option<DateTime<Utc>>,
}

/// Which families of a list.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TaskFilter {
    /// Families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Families that this client is to visit
    #[param(inline)]
    pub(super) assigned_to: Option<Text<63>>,
    /// Families that were visited, or that were not
    pub(super) is_visited: Option<bool>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}

/// How far a round is.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RoundProgress {
    /// Round
    pub(super) round_id: VerificationRoundId,
    /// Counts of the whole list
    #[serde(flatten)]
    pub(super) counts: TaskCounts,
    /// The same by village and visitor; they add up to the whole
    pub(super) parts: Vec<PartProgress>,
}

impl RoundProgress {
    /// Sums the parts up.
    pub(super) fn of(round_id: VerificationRoundId, parts: Vec<PartProgress>) -> Self {
        let counts = parts.iter().fold(TaskCounts::default(), |sum, part| sum.plus(&part.counts));
        Self { round_id, counts, parts }
    }
}

/// How far one visitor is in one village.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct PartProgress {
    /// Village
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    /// Client that is to visit; null for whoever comes
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub(super) assigned_to: Option<String>,
    /// Counts
    #[diesel(embed)]
    #[serde(flatten)]
    pub(super) counts: TaskCounts,
}

/// Families by what their last visit found.
#[derive(Debug, Clone, Default, Serialize, ToSchema, QueryableByName)]
pub(super) struct TaskCounts {
    /// Families on the list
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) tasks: i64,
    /// Visited, whatever the visit found
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) visited: i64,
    /// Found as recorded
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) confirmed: i64,
    /// Found otherwise than recorded
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) corrected: i64,
    /// Moved away
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) moved: i64,
    /// Died out
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) deceased: i64,
    /// Not met
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) not_found: i64,
    /// Did not want the visit
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) refused: i64,
}

impl TaskCounts {
    fn plus(&self, other: &Self) -> Self {
        Self {
            tasks: self.tasks + other.tasks,
            visited: self.visited + other.visited,
            confirmed: self.confirmed + other.confirmed,
            corrected: self.corrected + other.corrected,
            moved: self.moved + other.moved,
            deceased: self.deceased + other.deceased,
            not_found: self.not_found + other.not_found,
            refused: self.refused + other.refused,
        }
    }
}
