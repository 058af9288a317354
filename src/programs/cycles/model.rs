//! Cycles as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Numeric, Text};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{CycleId, DistrictCode, Line, Period, ProgramId, Quantity, RuleSetId, VillageCode, text_enum};
use crate::http::ByPeriod;
use crate::schema::cycles;

text_enum! {
    /// Where a cycle stands.
    CycleStatus {
        /// It waits for a second officer.
        Planned "planned",
        /// Its list is frozen; what is due may be delivered.
        Approved "approved",
        /// Nothing more is delivered.
        Closed "closed",
        /// It was given up before it was approved; its period is free for another one.
        Cancelled "cancelled",
    }
}

/// One period of a program in a sub-district.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
pub struct Cycle {
    /// Id of the cycle
    pub id: CycleId,
    /// Program
    pub program_id: ProgramId,
    /// Rule set that says how much is due
    pub rule_set_id: RuleSetId,
    /// First day of the month, quarter or year
    pub period: Period,
    /// Where it stands
    pub status: CycleStatus,
    /// Client that opened it
    #[schema(max_length = 63)]
    pub planned_by: String,
    /// Client that approved it, another one
    #[schema(max_length = 63)]
    pub approved_by: Option<String>,
    /// When its list froze
    pub approved_at: Option<DateTime<Utc>>,
    /// Families on the list
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub entitlement_count: i32,
    /// Due to all of them, in the unit of the program
    pub entitled_quantity: Quantity,
    /// Families on the program that get nothing in it, also those that had before what is given once; see `/v1/cycles/{id}/omissions`
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub omission_count: i32,
    /// Its list may come to no more than this; null where nothing holds it
    pub ceiling_quantity: Option<Quantity>,
    /// Client that closed it
    #[schema(max_length = 63)]
    pub closed_by: Option<String>,
    /// When it was closed
    pub closed_at: Option<DateTime<Utc>>,
    /// Client that cancelled it
    #[schema(max_length = 63)]
    pub cancelled_by: Option<String>,
    /// When it was cancelled
    pub cancelled_at: Option<DateTime<Utc>>,
    /// Why
    #[schema(max_length = 200)]
    pub cancellation_reason: Option<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was opened
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub area_id: i32,
}

/// A cycle to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "period": "2026-08-01" }))]
pub(super) struct NewCycle {
    /// First day of the month, quarter or year, whichever the rule set in force then says
    pub(super) period: Period,
    /// Its list may come to no more than this, in the unit of the program: an approval beyond it is refused
    pub(super) ceiling_quantity: Option<Quantity>,
    /// Sub-district; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// The approval of a cycle.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewApproval {}

/// The end of a cycle before it is approved.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Opened with a ceiling below the budget" }))]
pub(super) struct NewCycleCancellation {
    /// Why; no personal data
    pub(super) reason: Line,
}

/// The end of a cycle.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct NewClosure {}

/// Which cycles of a program.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CycleFilter {
    /// Cycles that stand so
    #[param(inline)]
    pub(super) status: Option<CycleStatus>,
    /// The cycle of this period
    #[param(inline)]
    pub(super) period: Option<Period>,
    /// In which order
    #[param(inline, default = "-period")]
    pub(super) sort: Option<ByPeriod>,
}

/// Families of a list that count for the quota of a village.
#[derive(Debug, QueryableByName)]
pub(super) struct Listed {
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = BigInt)]
    pub(super) families: i64,
}

/// How much a frozen list comes to.
#[derive(Debug, QueryableByName)]
pub(super) struct Frozen {
    #[diesel(sql_type = BigInt)]
    pub(super) count: i64,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    /// Families on the program that get nothing.
    #[diesel(sql_type = BigInt)]
    pub(super) omitted: i64,
}
