//! Runs as requests and answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Integer, Numeric, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::domain::{BeneficiaryId, NeedId, PledgeId, PledgeLineId, Quantity, Text, TransferId, VillageCode};

/// The policy of a run, as its answer names it.
pub(in crate::pledges) const POLICY: &str = "decile ascending, none last; months since the last aid descending, twelve at most; \
    sha256(seed || need id)";

/// A run to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "is_preview": true }))]
pub(crate) struct NewRun {
    /// Lines to allocate from; all lines where it is left out
    #[schema(min_items = 1, max_items = 50)]
    pub(crate) pledge_line_ids: Option<Vec<PledgeLineId>>,
    /// Last day that it is kept for the families, at most a year ahead; ninety days where it is not said
    pub(crate) expires_on: Option<NaiveDate>,
    /// Whether only to tell what a run would do now
    #[serde(default)]
    pub(crate) is_preview: bool,
}

/// What a run did, or would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct AllocationRun {
    /// Id of the run; absent in a preview
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) id: Option<Uuid>,
    /// Pledge it is of
    pub(crate) pledge_id: PledgeId,
    /// Whether nothing was changed
    pub(crate) is_preview: bool,
    /// Order in which families were served
    #[schema(max_length = 200)]
    pub(crate) policy: &'static str,
    /// What became of each line
    #[schema(max_items = 200)]
    pub(crate) lines: Vec<RunLine>,
}

/// What a run did with one line.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RunLine {
    /// Line
    pub(crate) pledge_line_id: PledgeLineId,
    /// Kind of help
    #[schema(example = "hand_tractor")]
    pub(crate) kind: Text<40>,
    /// Unit that is counted
    #[schema(example = "unit", max_length = 20)]
    pub(crate) unit: String,
    /// Seed of the hash that decides between equals
    #[schema(max_length = 36, example = "019b7542-7400-7000-8000-0000000000f3")]
    pub(crate) seed: String,
    /// What was free before
    pub(crate) free_quantity: Quantity,
    /// What is reserved now
    pub(crate) allocated_quantity: Quantity,
    /// Families it is reserved for
    #[schema(minimum = 0, maximum = 10_000_000)]
    pub(crate) family_count: i64,
    /// Transfer that reserved it, one for all families; absent where nothing was
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) transfer_id: Option<TransferId>,
}

/// A family that gets something, in the order of the policy.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Chosen {
    #[diesel(sql_type = SqlUuid)]
    pub(super) need_id: NeedId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = Integer)]
    pub(super) place: i32,
}
