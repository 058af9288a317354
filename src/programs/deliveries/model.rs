//! Deliveries as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Numeric, Timestamptz};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, CollectorKind, CycleId, DeliveryId, DeliveryImportId, Digest, EntitlementId, MemberId, Name, Period,
    ProgramId, Quantity, StockLotId, StockSiteId, Text,
};
use crate::http::ById;
use crate::schema::{deliveries, entitlements};

/// What was handed over.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = deliveries)]
pub struct Delivery {
    /// Id of the delivery
    pub id: DeliveryId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub area_id: i32,
    /// Entitlement it is of
    pub entitlement_id: EntitlementId,
    /// Period of the entitlement
    pub period: Period,
    /// Program
    pub program_id: ProgramId,
    /// Family
    pub beneficiary_id: BeneficiaryId,
    /// How much, in the unit of the program
    pub quantity: Quantity,
    /// Component of the benefit that it was for; null where nobody told
    #[schema(max_length = 40, example = "pregnancy")]
    pub component: Option<String>,
    /// Of it, what came back
    #[diesel(select_expression = returned(), select_expression_type = SqlLiteral<Numeric>)]
    pub returned: Quantity,
    /// Day it was handed over
    pub delivered_on: NaiveDate,
    /// Who took it
    pub collector_kind: CollectorKind,
    /// The member who took it
    pub collector_member_id: Option<MemberId>,
    /// Number of the power of attorney of an alternate
    #[schema(max_length = 80)]
    pub power_of_attorney: Option<String>,
    /// Name of the alternate, where the paper was not on record; else the collectors of the family tell it
    pub receiver_name: Option<Name>,
    /// Number of the handover minutes (BAST)
    #[schema(max_length = 80)]
    pub handover_number: String,
    /// SHA-256 of the signature or photo that the village keeps
    pub proof_digest: Option<Digest>,
    /// What the proof is, such as `image/jpeg`
    #[schema(max_length = 80)]
    pub proof_media_type: Option<String>,
    /// File of results that it came with
    pub delivery_import_id: Option<DeliveryImportId>,
    /// Lot that it came from, where it came from stock
    pub stock_lot_id: Option<StockLotId>,
    /// Site that it came from
    pub stock_site_id: Option<StockSiteId>,
    /// Client that recorded it
    #[schema(max_length = 64)]
    pub recorded_by: String,
    /// When it was recorded
    pub created_at: DateTime<Utc>,
}

/// What came back of the delivery of the row.
fn returned() -> SqlLiteral<Numeric> {
    sql("(select coalesce(sum(r.quantity), 0) from delivery_returns r
          where r.area_id = deliveries.area_id and r.delivery_id = deliveries.id)")
}

/// A delivery to record. Either a member of the family took it, or an alternate with power of attorney.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "entitlement_id": "019b7542-7400-7000-8000-0000000000e4", "quantity": "5", "delivered_on": "2026-01-20",
    "collector_member_id": "019b7542-7400-7000-8000-0000000000a1", "handover_number": "BAST/01/2026/017",
    "proof_digest": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "proof_media_type": "image/jpeg"
}))]
pub struct NewDelivery {
    /// Entitlement it is of
    pub entitlement_id: EntitlementId,
    /// How much, in the unit of the program
    pub quantity: Quantity,
    /// Component of the benefit that it is for, where it is for one: no more than is left of that. Where left out it is
    /// reckoned for the components in the order of the rule set
    #[schema(example = "pregnancy")]
    pub component: Option<Text<40>>,
    /// Day it was handed over
    pub delivered_on: NaiveDate,
    /// Member of the family who took it
    pub collector_member_id: Option<MemberId>,
    /// Number of the paper that let an alternate take it
    pub power_of_attorney: Option<Text<80>>,
    /// Name of the alternate; needed where the paper is not on record among the collectors of the family
    pub receiver_name: Option<Name>,
    /// Number of the handover minutes (BAST)
    pub handover_number: Text<80>,
    /// SHA-256 of the signature or photo that the village keeps
    pub proof_digest: Option<Digest>,
    /// Media type of it; both or neither
    #[schema(example = "image/jpeg")]
    pub proof_media_type: Option<Text<80>>,
    /// Lot that it comes from, where it is taken from stock
    pub stock_lot_id: Option<StockLotId>,
    /// Site that it comes from; both or neither
    pub stock_site_id: Option<StockSiteId>,
}

/// The entitlement that something is delivered of.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = entitlements)]
pub(super) struct Due {
    pub(super) area_id: i32,
    pub(super) period: Period,
    pub(super) id: EntitlementId,
    pub(super) cycle_id: CycleId,
    pub(super) program_id: ProgramId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) quantity: Quantity,
    /// When the list froze, or when it passed from another family.
    #[diesel(select_expression = listed_at(), select_expression_type = SqlLiteral<Nullable<Timestamptz>>)]
    pub(super) listed_at: Option<DateTime<Utc>>,
    /// First day of the family, where it passed from another one.
    #[diesel(select_expression = taken_over_on(), select_expression_type = SqlLiteral<Nullable<Date>>)]
    pub(super) taken_over_on: Option<NaiveDate>,
}

/// When the list of the row was approved, or the row passed.
fn listed_at() -> SqlLiteral<Nullable<Timestamptz>> {
    sql("coalesce(
        (select p.created_at from passed_entitlements p
         where p.area_id = entitlements.area_id and p.new_entitlement_id = entitlements.id),
        (select c.approved_at from cycles c where c.area_id = entitlements.area_id and c.id = entitlements.cycle_id))")
}

/// First day of the family that the row passed to.
fn taken_over_on() -> SqlLiteral<Nullable<Date>> {
    sql("(select p.taken_over_on from passed_entitlements p
          where p.area_id = entitlements.area_id and p.new_entitlement_id = entitlements.id)")
}

/// What a family has of an entitlement, and what is never delivered of it because it came back.
#[derive(Debug, QueryableByName)]
pub(super) struct Given {
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = Numeric)]
    pub(super) withdrawn: Quantity,
}

/// Which deliveries.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DeliveryFilter {
    /// Deliveries of this program
    pub(super) program_id: Option<ProgramId>,
    /// Deliveries of entitlements of this period
    pub(super) period: Option<Period>,
    /// Deliveries of this entitlement
    pub(super) entitlement_id: Option<EntitlementId>,
    /// Deliveries that came with this file of results
    pub(super) delivery_import_id: Option<DeliveryImportId>,
    /// Deliveries to this family
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
