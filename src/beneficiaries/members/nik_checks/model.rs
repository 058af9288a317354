//! Comparisons with the civil registry as requests.

use serde::Deserialize;
use utoipa::ToSchema;

use crate::beneficiaries::members::model::NikStatus;
use crate::domain::text_enum;

text_enum! {
    /// What came of comparing a NIK with the civil registry.
    NikCheckOutcome {
        /// It knows the NIK as this person.
        Matched "matched",
        /// It knows the NIK as somebody else, or not at all.
        Conflict "conflict",
    }
}

impl From<NikCheckOutcome> for NikStatus {
    fn from(outcome: NikCheckOutcome) -> Self {
        match outcome {
            NikCheckOutcome::Matched => Self::Matched,
            NikCheckOutcome::Conflict => Self::Conflict,
        }
    }
}

/// What the civil registry said.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "outcome": "matched" }))]
pub struct NewNikCheck {
    /// What came of it
    pub outcome: NikCheckOutcome,
    /// Version of the member that was compared; refused where the member has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: Option<i32>,
}
