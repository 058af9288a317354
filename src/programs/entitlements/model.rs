//! Entitlements as answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Int4, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, CycleId, EnrollmentId, EntitlementId, Period, ProgramId, Quantity, RuleSetId, VillageCode,
};
use crate::http::ById;
use crate::programs::benefits::Share;

/// What a cycle's list was decided on.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct Snapshot {
    /// Welfare rank of the family then
    #[schema(minimum = 1, maximum = 10)]
    pub decile: Option<i16>,
    /// Who ranked it
    #[schema(max_length = 40)]
    pub decile_source: Option<String>,
    /// Period the rank was for
    pub decile_period: Option<NaiveDate>,
    /// Live members then
    #[schema(minimum = 0, maximum = 50)]
    pub member_count: i32,
    /// Rule set that said how much
    pub rule_set_id: Option<RuleSetId>,
    /// Its number
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub rule_set_number: i32,
}

/// What is due to one family in one cycle. Quantities are in the unit of the program.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Entitlement {
    /// Id of the entitlement
    pub id: EntitlementId,
    /// Cycle whose list it is on
    pub cycle_id: CycleId,
    /// Program
    pub program_id: ProgramId,
    /// Period of the cycle
    pub period: Period,
    /// Family
    pub beneficiary_id: BeneficiaryId,
    /// Enrollment it rests on
    pub enrollment_id: EnrollmentId,
    /// Village where the family lived when the list froze
    pub village_code: VillageCode,
    /// Due
    pub quantity: Quantity,
    /// What is counted
    #[schema(example = "kg", max_length = 20)]
    pub unit: String,
    /// Handed over, less what came back
    pub delivered: Quantity,
    /// Kept back by a suspension order in force
    pub held: Quantity,
    /// Lapsed, reduced away or voided by suspension orders, or returned and not due again: never delivered
    pub withdrawn: Quantity,
    /// Due and neither delivered nor withdrawn
    pub left: Quantity,
    /// Its parts, by member and component; one where it is for the family as a whole
    #[schema(max_items = 50)]
    pub breakdown: Vec<Share>,
    /// What the list was decided on
    pub snapshot: Snapshot,
}

/// An entitlement with its sums, as the database adds them up.
#[derive(Debug, QueryableByName)]
pub(super) struct EntitlementRow {
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: EntitlementId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) cycle_id: CycleId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) program_id: ProgramId,
    #[diesel(sql_type = Date)]
    pub(super) period: Period,
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) enrollment_id: EnrollmentId,
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = Text)]
    pub(super) unit: String,
    #[diesel(sql_type = Numeric)]
    pub(super) delivered: Quantity,
    #[diesel(sql_type = Numeric)]
    pub(super) held: Quantity,
    #[diesel(sql_type = Numeric)]
    pub(super) withdrawn: Quantity,
    #[diesel(sql_type = Numeric)]
    pub(super) left_over: Quantity,
    #[diesel(sql_type = Jsonb)]
    pub(super) snapshot: Value,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(super) breakdown: Option<Value>,
}

impl TryFrom<EntitlementRow> for Entitlement {
    type Error = serde_json::Error;

    fn try_from(row: EntitlementRow) -> Result<Self, Self::Error> {
        let breakdown = match row.breakdown {
            Some(shares) => serde_json::from_value(shares)?,
            None => vec![Share::of_family(&row.quantity)],
        };
        Ok(Self {
            id: row.id,
            cycle_id: row.cycle_id,
            program_id: row.program_id,
            period: row.period,
            beneficiary_id: row.beneficiary_id,
            enrollment_id: row.enrollment_id,
            village_code: row.village_code,
            quantity: row.quantity,
            unit: row.unit,
            delivered: row.delivered,
            held: row.held,
            withdrawn: row.withdrawn,
            left: row.left_over,
            breakdown,
            snapshot: serde_json::from_value(row.snapshot)?,
        })
    }
}

/// Which entitlements.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EntitlementFilter {
    /// Entitlements of this cycle
    #[param(inline)]
    pub(super) cycle_id: Option<CycleId>,
    /// Entitlements of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Entitlements of this period
    #[param(inline)]
    pub(super) period: Option<Period>,
    /// Entitlements of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Entitlements of families that lived in this village when the list froze
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
