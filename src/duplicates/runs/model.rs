//! Runs as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bool, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::{
    BeneficiaryId, DistrictCode, DuplicateClusterId, DuplicatePairId, DuplicateRunId, ImportId, MemberId, VillageCode,
    text_enum,
};
use crate::http::ByCreation;
use crate::matching::registry::Registry;
use crate::schema::{duplicate_clusters, duplicate_runs};

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
    pub(super) pairs_left_out: i32,
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
    /// Pairs that it found and left out, the least sure ones, as there were more than a run tells; none of them is cleared
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub(super) pairs_left_out: i32,
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
            pairs_left_out: row.pairs_left_out,
            is_learnt: row.is_learnt,
            normalisation: row.normalisation,
            skipped: skipped.unwrap_or_default(),
            created_at: row.created_at,
            finished_at: row.finished_at,
        }
    }
}

/// A look for records of one person, with what it compared them by.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct WeighedDuplicateRun {
    /// The run
    #[serde(flatten)]
    pub(super) run: DuplicateRun,
    /// What the fields said to it; none before it is done
    #[schema(max_items = 16)]
    pub(super) weights: Vec<FieldWeights>,
}

/// What each level of likeness of a field said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FieldWeights {
    /// Name of the field
    #[schema(example = "born_on", max_length = 40)]
    pub(super) field: String,
    /// By level: missing in one of the two, equal, then less and less alike
    #[schema(max_items = 10)]
    pub(super) levels: Vec<LevelWeights>,
}

/// How probable a level is, as binary logarithms: what it says for one person is `same` less one of the others.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
pub(super) struct LevelWeights {
    /// Among pairs that are one person
    #[schema(minimum = -1000, maximum = 1000, example = -0.5)]
    pub(super) same: f64,
    /// Among pairs of strangers
    #[schema(minimum = -1000, maximum = 1000, example = -6.25)]
    pub(super) stranger: f64,
    /// Among pairs of one household
    #[schema(minimum = -1000, maximum = 1000, example = -5.75)]
    pub(super) kin: f64,
}

/// What of the weights of a run is shown, as they are kept.
#[derive(Debug, Deserialize)]
struct KeptWeights {
    same: Vec<Vec<f64>>,
    stranger: Vec<Vec<f64>>,
    kin: Vec<Vec<f64>>,
}

impl FieldWeights {
    /// The weights that a run kept, field by field; none where it kept none.
    pub(super) fn of(registry: &Registry, kept: Option<Value>) -> Vec<Self> {
        let Some(kept) = kept.and_then(|kept| serde_json::from_value::<KeptWeights>(kept).ok()) else {
            return Vec::new();
        };
        let tables = kept.same.into_iter().zip(kept.stranger).zip(kept.kin);
        let fields = registry.fields().zip(tables);
        fields.map(|(field, ((same, stranger), kin))| Self::told(field, same, (stranger, kin))).collect()
    }

    fn told(field: &str, same: Vec<f64>, (stranger, kin): (Vec<f64>, Vec<f64>)) -> Self {
        let levels = same.into_iter().zip(stranger).zip(kin);
        let levels = levels.map(|((same, stranger), kin)| LevelWeights { same, stranger, kin });
        Self { field: field.to_owned(), levels: levels.collect() }
    }
}

/// Records that a run took for one person.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = duplicate_clusters)]
pub(super) struct DuplicateCluster {
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Id of the group
    pub(super) id: DuplicateClusterId,
    /// Run that found it
    pub(super) run_id: DuplicateRunId,
    /// The records
    #[schema(
        min_items = 2, max_items = 64,
        example = json!(["019b7542-7400-7000-8000-00000000b101", "019b7542-7400-7000-8000-00000000b102"])
    )]
    pub(super) member_ids: Vec<MemberId>,
    /// Families that they were of then, each once
    #[schema(min_items = 1, max_items = 64)]
    pub(super) beneficiary_ids: Vec<BeneficiaryId>,
    /// How many records it has
    #[schema(minimum = 2, maximum = 64)]
    pub(super) member_count: i32,
}

/// A pair that stands as found, and that a run did not find.
#[derive(Debug, QueryableByName)]
pub(super) struct Unfound {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: DuplicatePairId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) one_member_id: Uuid,
    #[diesel(sql_type = SqlUuid)]
    pub(super) other_member_id: Uuid,
    /// Whether one of the two is a live member no longer, whom no run reads.
    #[diesel(sql_type = Bool)]
    pub(super) is_gone: bool,
}

text_enum! {
    /// Orders of groups.
    ByMemberCount {
        /// The smallest first.
        Up "member_count",
        /// The largest first.
        Down "-member_count",
    }
}

/// In which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ClusterFilter {
    /// In which order
    #[param(inline, default = "-member_count")]
    pub(super) sort: Option<ByMemberCount>,
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
