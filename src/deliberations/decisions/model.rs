//! Decisions as rows, requests and answers.

use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, SmallInt, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::deliberations::model::Deliberation;
use crate::domain::{BeneficiaryId, Line, VillageCode, text_enum};
use crate::enrollments::{EnrollmentStatus, ExitReason};
use crate::http::ByNumber;

text_enum! {
    /// What a meeting decided of a family.
    DecisionKind {
        /// It comes onto the program.
        Add "add",
        /// It stays.
        Keep "keep",
        /// It leaves.
        Remove "remove",
        /// It waits on the reserve list.
        Reserve "reserve",
    }
}

/// A decision to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::deliberations) struct NewDecision {
    /// Family
    pub(in crate::deliberations) beneficiary_id: BeneficiaryId,
    /// What was decided
    pub(in crate::deliberations) decision: DecisionKind,
    /// Why
    #[schema(example = "Kepala keluarga perempuan, lansia tunggal")]
    pub(in crate::deliberations) reason: Line,
    /// For `remove`: what the enrollment ends with
    pub(in crate::deliberations) exit_reason: Option<ExitReason>,
    /// For `reserve`: place on the reserve list, 1 first
    #[schema(minimum = 1, maximum = 1000)]
    pub(in crate::deliberations) reserve_order: Option<i16>,
}

/// A decision with the family as it is now; no NIK and no family card number.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(in crate::deliberations) struct DecidedFamily {
    /// Place in the list, 1 first
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 1, maximum = 1000)]
    pub(in crate::deliberations) number: i16,
    /// Family
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::deliberations) beneficiary_id: BeneficiaryId,
    /// Name of the head of the family
    #[diesel(sql_type = Text)]
    #[schema(max_length = 120)]
    pub(in crate::deliberations) head_name: String,
    /// Village where it lives
    #[diesel(sql_type = Text)]
    pub(in crate::deliberations) village_code: VillageCode,
    /// Latest welfare rank, 1 poorest to 10
    #[diesel(sql_type = Nullable<SmallInt>)]
    #[schema(minimum = 1, maximum = 10)]
    pub(in crate::deliberations) decile: Option<i16>,
    /// What was decided
    #[diesel(sql_type = Text)]
    pub(in crate::deliberations) decision: DecisionKind,
    /// Why
    #[diesel(sql_type = Text)]
    #[schema(max_length = 200)]
    pub(in crate::deliberations) reason: String,
    /// For `remove`: what the enrollment ends with
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::deliberations) exit_reason: Option<ExitReason>,
    /// For `reserve`: place on the reserve list
    #[diesel(sql_type = Nullable<SmallInt>)]
    #[schema(minimum = 1, maximum = 1000)]
    pub(in crate::deliberations) reserve_order: Option<i16>,
    /// Where its enrollment in the program stands now; null where it is not on it
    #[diesel(sql_type = Nullable<Text>)]
    pub(in crate::deliberations) enrollment_status: Option<EnrollmentStatus>,
    /// It was confirmed by an officer
    #[diesel(sql_type = Bool)]
    pub(in crate::deliberations) is_verified: bool,
}

/// Which decisions.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DecisionFilter {
    /// Only these
    #[param(inline)]
    pub(super) decision: Option<DecisionKind>,
    /// In which order
    #[param(inline, default = "number")]
    pub(super) sort: Option<ByNumber>,
}

/// What a letter to the camat or the regent encloses.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct DeliberationReport {
    /// The meeting, with the counts of its decisions
    pub(super) deliberation: Deliberation,
    /// Name of the village
    #[schema(max_length = 120)]
    pub(super) village_name: String,
    /// Name of the program
    #[schema(max_length = 120)]
    pub(super) program_name: String,
    /// Every family in the order of the list; no NIK and no family card number
    #[schema(max_items = 1000)]
    pub(super) families: Vec<DecidedFamily>,
}
