//! Entitlements as answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Date, Int4, Jsonb, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, CycleId, Document, EnrollmentId, EntitlementId, Period, ProgramId, Quantity, RuleSetId, VillageCode,
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
    /// Due, without what passed to another family
    pub quantity: Quantity,
    /// What is counted
    #[schema(example = "kg", max_length = 20)]
    pub unit: String,
    /// Was due as well until it passed to the family that took the place of this one
    pub passed: Quantity,
    /// Entitlement that it is due by now; null where nothing passed
    pub passed_to: Option<EntitlementId>,
    /// Entitlement of the family before, from which all of this passed; null where the approval of the cycle made it
    pub passed_from: Option<EntitlementId>,
    /// Handed over, less what came back
    pub delivered: Quantity,
    /// Kept back by a suspension order in force
    pub held: Quantity,
    /// Lapsed, reduced away or voided by suspension orders, or returned and not due again: never delivered
    pub withdrawn: Quantity,
    /// Due and neither delivered nor withdrawn
    pub left: Quantity,
    /// Its parts, by member and component, with what passed; one where it is for the family as a whole. What passed from
    /// another family has no members, as those were of that family
    #[schema(max_items = 50)]
    pub breakdown: Vec<Share>,
    /// How each component stands, in the order of the rule set; empty where the benefit has none
    #[schema(max_items = 50)]
    pub components: Vec<ComponentState>,
    /// What the list was decided on
    pub snapshot: Snapshot,
}

/// How what is due for one component stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ComponentState {
    /// The component
    #[schema(max_length = 40, example = "pregnancy")]
    pub component: String,
    /// Due for it, without what passed to another family
    pub quantity: Quantity,
    /// Handed over for it, less what came back
    pub delivered: Quantity,
    /// Of that, what no delivery says was for it: reckoned for the components in their order, after what deliveries name
    pub delivered_unnamed: Quantity,
    /// Kept back: by orders on it, and its part of what orders on all of the program hold
    pub held: Quantity,
    /// Withdrawn: by orders on it, by returns of what was for it, and its part of the rest
    pub withdrawn: Quantity,
    /// Due for it and neither delivered nor withdrawn
    pub left: Quantity,
}

/// What is known of one component: what was told of just this one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::programs) struct Component {
    /// Which one.
    #[serde(rename = "component")]
    pub(in crate::programs) name: String,
    /// Due for it.
    pub(in crate::programs) quantity: Quantity,
    /// What deliveries that name it gave, less what came back.
    pub(in crate::programs) delivered: Quantity,
    /// Withdrawn by orders on it, and by returns of deliveries that name it.
    pub(in crate::programs) withdrawn: Quantity,
    /// Held by orders on it.
    pub(in crate::programs) held: Quantity,
}

impl Component {
    /// What can still be delivered for it, what is held of it included.
    pub(in crate::programs) fn left(&self) -> Quantity {
        let gone = self.delivered.plus(&self.withdrawn);
        self.quantity.beyond(&gone)
    }
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
    pub(super) passed: Quantity,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) passed_to: Option<EntitlementId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) passed_from: Option<EntitlementId>,
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
    #[diesel(sql_type = Jsonb)]
    pub(super) components: Document<Vec<Component>>,
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
