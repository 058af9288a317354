//! Runs as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DistrictCode, DuplicateRunId, ImportId, VillageCode, text_enum};
use crate::http::ByCreation;
use crate::schema::duplicate_runs;

text_enum! {
    /// What became of a run.
    RunStatus {
        /// Still at it.
        Running "running",
        /// Its pairs are in the queue.
        Done "done",
        /// It came to nothing and changed nothing; start another.
        Failed "failed",
    }
}

text_enum! {
    /// What a run does.
    RunStep {
        /// Members are read into memory.
        Reading "reading",
        /// They are compared.
        Weighing "weighing",
        /// The pairs are written.
        Writing "writing",
        /// Nothing any more.
        Over "over",
    }
}

/// A run to start.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "village_codes": ["64.02.10.2004"] }))]
pub(super) struct NewDuplicateRun {
    /// Only members of these villages; all of the sub-district where left out
    #[schema(min_items = 1, max_items = 300)]
    pub(super) village_codes: Option<Vec<VillageCode>>,
    /// Sub-district; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// A run as the database has it, without its weights.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = duplicate_runs, treat_none_as_default_value = false)]
pub(super) struct RunRow {
    pub(super) area_id: i32,
    pub(super) id: DuplicateRunId,
    pub(super) client_id: String,
    pub(super) import_id: Option<ImportId>,
    pub(super) village_codes: Option<Vec<VillageCode>>,
    pub(super) status: RunStatus,
    pub(super) step: RunStep,
    pub(super) members_read: i32,
    pub(super) comparisons: i64,
    pub(super) pairs_same: i32,
    pub(super) pairs_look: i32,
    pub(super) persons_registered_again: i32,
    pub(super) families_same: i32,
    pub(super) pairs_cleared: i32,
    pub(super) is_learnt: bool,
    pub(super) normalisation: i16,
    pub(super) skipped: Option<Value>,
    pub(super) created_at: DateTime<Utc>,
    pub(super) finished_at: Option<DateTime<Utc>>,
}

/// A look for records of one person.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct DuplicateRun {
    /// Id of the run
    pub(super) id: DuplicateRunId,
    /// Client that started it
    #[schema(max_length = 63)]
    pub(super) client_id: String,
    /// Import that it follows
    pub(super) import_id: Option<ImportId>,
    /// Villages whose members were compared; all where `null`
    #[schema(max_items = 300)]
    pub(super) village_codes: Option<Vec<VillageCode>>,
    /// What became of it
    pub(super) status: RunStatus,
    /// What it does now
    pub(super) step: RunStep,
    /// Members read so far
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) members_read: i32,
    /// How often two of them were compared
    #[schema(minimum = 0)]
    pub(super) comparisons: i64,
    /// Pairs that are one person, as far as records can tell
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) pairs_same: i32,
    /// Pairs that somebody should look at
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) pairs_look: i32,
    /// Groups of records that are one person
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) persons_registered_again: i32,
    /// Pairs of families that are one household
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) families_same: i32,
    /// Pairs of earlier runs that are unlike by now
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) pairs_cleared: i32,
    /// Whether the weights were learnt from these records; of fewer than five thousand they are those shipped
    pub(super) is_learnt: bool,
    /// Version of the normalisation of names
    #[schema(minimum = 1, maximum = 32_767)]
    pub(super) normalisation: i16,
    /// Keys by which nobody was compared, as too many share a value
    #[schema(max_items = 30)]
    pub(super) skipped: Vec<SkippedValues>,
    /// When it was started
    pub(super) created_at: DateTime<Utc>,
    /// When it ended
    pub(super) finished_at: Option<DateTime<Utc>>,
}

/// Values of a key that too many share.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct SkippedValues {
    /// What the key is made of
    #[schema(max_length = 200, example = "born_on + village_code")]
    pub(super) key: String,
    /// Values that were left out
    #[schema(minimum = 0)]
    pub(super) values: u32,
    /// Records that have them
    #[schema(minimum = 0)]
    pub(super) records: u32,
}

impl From<RunRow> for DuplicateRun {
    fn from(row: RunRow) -> Self {
        let skipped = row.skipped.and_then(|told| serde_json::from_value(told).ok());
        Self {
            id: row.id,
            client_id: row.client_id,
            import_id: row.import_id,
            village_codes: row.village_codes,
            status: row.status,
            step: row.step,
            members_read: row.members_read,
            comparisons: row.comparisons,
            pairs_same: row.pairs_same,
            pairs_look: row.pairs_look,
            persons_registered_again: row.persons_registered_again,
            families_same: row.families_same,
            pairs_cleared: row.pairs_cleared,
            is_learnt: row.is_learnt,
            normalisation: row.normalisation,
            skipped: skipped.unwrap_or_default(),
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

/// Which runs, in which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RunFilter {
    /// Runs with this status
    #[param(inline)]
    pub(super) status: Option<RunStatus>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}
