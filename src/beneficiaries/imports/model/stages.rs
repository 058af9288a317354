//! What moves an import from one stage to the next.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::Note;

/// Somebody's word that what an import would do has been looked at.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "note": "Counts agree with the village" }))]
pub(in crate::beneficiaries::imports) struct NewReview {
    /// What was looked at
    pub(in crate::beneficiaries::imports) note: Option<Note>,
}

/// The word to write what an import would do.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(in crate::beneficiaries::imports) struct NewImportApplication {
    /// How many members leave, as the import tells; needed where a full list has leavers
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(in crate::beneficiaries::imports) members_leaving: Option<i32>,
}

/// The word to call an import off.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(in crate::beneficiaries::imports) struct NewImportCancellation {}
