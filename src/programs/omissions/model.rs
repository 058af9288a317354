//! Omissions as answers.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, CycleId, EnrollmentId, VillageCode};
use crate::http::ByFamily;
use crate::programs::benefits::{OmissionReason, Share};
use crate::schema::cycle_omissions;

/// A family on the program that gets nothing in a cycle.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct CycleOmission {
    /// Cycle
    pub(super) cycle_id: CycleId,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Its enrollment
    pub(super) enrollment_id: EnrollmentId,
    /// Village where the family lived when the list froze
    pub(super) village_code: VillageCode,
    /// Why it gets nothing
    pub(super) reason: OmissionReason,
    /// What was cut, where all of it was
    #[schema(max_items = 50)]
    pub(super) breakdown: Vec<Share>,
}

/// The same as a row.
#[derive(Debug, HasQuery)]
#[diesel(table_name = cycle_omissions)]
pub(super) struct OmissionRow {
    pub(super) cycle_id: CycleId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) enrollment_id: EnrollmentId,
    pub(super) village_code: VillageCode,
    pub(super) reason: OmissionReason,
    pub(super) breakdown: Value,
}

impl TryFrom<OmissionRow> for CycleOmission {
    type Error = serde_json::Error;

    fn try_from(row: OmissionRow) -> Result<Self, Self::Error> {
        let OmissionRow { cycle_id, beneficiary_id, enrollment_id, village_code, reason, breakdown, .. } = row;
        let breakdown = serde_json::from_value(breakdown)?;
        Ok(Self { cycle_id, beneficiary_id, enrollment_id, village_code, reason, breakdown })
    }
}

/// Which omissions of a cycle.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OmissionFilter {
    /// Families that get nothing for this reason
    #[param(inline)]
    pub(super) reason: Option<OmissionReason>,
    /// Families that lived in this village when the list froze
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// In which order
    #[param(inline, default = "beneficiary_id")]
    pub(super) sort: Option<ByFamily>,
}
