//! Previews as answers.

use chrono::{DateTime, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{CycleId, Period, ProgramId, Quantity, VillageCode};

/// What an order would hold, by the records of one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct OrderPreview {
    /// Program
    pub(super) program_id: ProgramId,
    /// What is counted
    #[schema(max_length = 20, example = "kg")]
    pub(super) unit: String,
    /// The moment whose records were read
    pub(super) taken_at: DateTime<Utc>,
    /// All of it together
    pub(super) total: WouldHold,
    /// By cycle and village, the earliest period first
    #[schema(max_items = 10_000)]
    pub(super) parts: Vec<PreviewPart>,
}

/// How much would be held.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WouldHold {
    /// Families
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) families: i64,
    /// Entitlements
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) entitlements: i64,
    /// What is due of them, not delivered, and not held by another order
    pub(super) quantity: Quantity,
}

/// What would be held of a cycle in a village.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PreviewPart {
    /// Cycle
    pub(super) cycle_id: CycleId,
    /// Its period
    pub(super) period: Period,
    /// Village where the families lived when the list froze
    pub(super) village_code: VillageCode,
    /// What would be held there
    #[serde(flatten)]
    pub(super) held: WouldHold,
}

/// What would be held of a cycle in a village, or of all of them where those are null.
#[derive(Debug, QueryableByName)]
pub(super) struct PreviewRow {
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) cycle_id: Option<CycleId>,
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) period: Option<Period>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) village_code: Option<VillageCode>,
    #[diesel(sql_type = BigInt)]
    pub(super) families: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) entitlements: i64,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
}
