//! Returns as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, CycleId, DeliveryId, DeliveryReturnId, EntitlementId, Note, Period, ProgramId, Quantity,
    StockSiteId, Text, text_enum,
};
use crate::http::ById;
use crate::schema::delivery_returns;

text_enum! {
    /// Why something came back.
    ReturnReason {
        /// It was handed to somebody else than the family.
        WrongRecipient "wrong_recipient",
        /// The family should not have had it.
        NotEntitled "not_entitled",
        /// It is spoiled or broken.
        Damaged "damaged",
        /// More was handed over than was meant.
        Excess "excess",
        /// The family does not want it.
        Refused "refused",
        /// The family was not there; a bank or post sends the money back.
        NotCollected "not_collected",
        /// Something else; the remark says what.
        Other "other",
    }
}

/// What came back of a delivery.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = delivery_returns)]
pub(super) struct DeliveryReturn {
    /// Id of the return
    pub(super) id: DeliveryReturnId,
    /// Delivery it is of
    pub(super) delivery_id: DeliveryId,
    /// Entitlement that was delivered
    pub(super) entitlement_id: EntitlementId,
    /// Cycle
    pub(super) cycle_id: CycleId,
    /// Period of the entitlement
    pub(super) period: Period,
    /// Program
    pub(super) program_id: ProgramId,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// How much came back, in the unit of the program
    pub(super) quantity: Quantity,
    /// Component that the delivery was for; null where nobody told
    #[schema(max_length = 40, example = "pregnancy")]
    pub(super) component: Option<String>,
    /// It is due to the family again; otherwise it is never delivered
    pub(super) is_due_again: bool,
    /// Day of the delivery
    pub(super) delivered_on: NaiveDate,
    /// Day it came back
    pub(super) returned_on: NaiveDate,
    /// Why
    pub(super) reason: ReturnReason,
    /// What else there is to say
    #[schema(max_length = 2000)]
    pub(super) remark: Option<String>,
    /// Number of the minutes of the return (BAST)
    #[schema(max_length = 80)]
    pub(super) handover_number: Option<String>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
    /// Nothing of the delivery stays with the family; not shown.
    #[serde(skip)]
    pub(super) takes_rest: bool,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// A return to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "quantity": "2.5", "returned_on": "2026-01-22", "reason": "damaged", "is_due_again": true,
    "handover_number": "BAST-R/SINTETIS/2026/003"
}))]
pub(super) struct NewReturn {
    /// How much came back, in the unit of the program
    pub(super) quantity: Quantity,
    /// Day it came back
    pub(super) returned_on: NaiveDate,
    /// Why
    pub(super) reason: ReturnReason,
    /// It is due to the family again; otherwise it is never delivered
    pub(super) is_due_again: bool,
    /// What else there is to say; asked for where the reason is `other`
    pub(super) remark: Option<Note>,
    /// Number of the minutes of the return (BAST)
    pub(super) handover_number: Option<Text<80>>,
    /// Site where it is kept again, usable, in the lot that it came from; only where it came from stock. The number of
    /// the minutes is asked for then
    pub(super) stock_site_id: Option<StockSiteId>,
}

/// Which returns.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReturnFilter {
    /// Returns in this cycle
    #[param(inline)]
    pub(super) cycle_id: Option<CycleId>,
    /// Returns in this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Returns of this delivery
    #[param(inline)]
    pub(super) delivery_id: Option<DeliveryId>,
    /// Returns of deliveries of this entitlement
    #[param(inline)]
    pub(super) entitlement_id: Option<EntitlementId>,
    /// Returns from this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Returns for this reason
    #[param(inline)]
    pub(super) reason: Option<ReturnReason>,
    /// What is due again, or what is not
    pub(super) is_due_again: Option<bool>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
