//! Returns as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Numeric, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    AllocationId, AllocationReturnId, BeneficiaryId, DeliveryId, Note, PledgeId, PledgeLineId, Quantity, Text,
    TransferId, text_enum,
};
use crate::http::ById;
use crate::schema::allocation_returns;

text_enum! {
    /// Why a family gave something back.
    AllocationReturnReason {
        /// The family moves away, or is no more.
        FamilyMoved "family_moved",
        /// Another thing was handed over than was meant.
        WrongGoods "wrong_goods",
        /// It was handed to somebody else than the family.
        WrongRecipient "wrong_recipient",
        /// The family should not have had it.
        NotEntitled "not_entitled",
        /// It is spoiled or broken.
        Damaged "damaged",
        /// More was handed over than was meant.
        Excess "excess",
        /// The family does not use it, or does not want it.
        NotUsed "not_used",
        /// Something else; the remark says what.
        Other "other",
    }
}

/// What a family gave back of what a company gave it.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = allocation_returns, treat_none_as_default_value = false)]
pub(super) struct AllocationReturn {
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Id of the return
    pub(super) id: AllocationReturnId,
    /// Allocation that was handed over
    pub(super) allocation_id: AllocationId,
    /// Handover that it is of
    pub(super) allocation_delivery_id: DeliveryId,
    /// Pledge it came from
    pub(super) pledge_id: PledgeId,
    /// Line of the pledge
    pub(super) pledge_line_id: PledgeLineId,
    /// Family that gave it back
    pub(super) beneficiary_id: BeneficiaryId,
    /// How much came back
    pub(super) quantity: Quantity,
    /// It is free for other families again; otherwise it is lost
    pub(super) is_usable: bool,
    /// The family still needs it: its need is open again by as much
    pub(super) is_still_needed: bool,
    /// Nothing of the handover stays with the family; not shown.
    #[serde(skip)]
    pub(super) takes_rest: bool,
    /// Day of the handover
    pub(super) delivered_on: NaiveDate,
    /// Day it came back
    pub(super) returned_on: NaiveDate,
    /// Why
    pub(super) reason: AllocationReturnReason,
    /// What else there is to say
    pub(super) remark: Option<Note>,
    /// Number of the minutes of the return (BAST)
    pub(super) handover_number: Text<80>,
    /// Transfer that put it back into the stock of the line
    pub(super) transfer_id: TransferId,
    /// Transfer that took it out again as lost; absent where it is usable
    pub(super) loss_transfer_id: Option<TransferId>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
}

/// Something of an allocation that came back.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "quantity": "1", "returned_on": "2026-11-20", "reason": "family_moved", "is_usable": true, "is_still_needed": false,
    "handover_number": "BAST-R/031/2026"
}))]
pub(super) struct NewAllocationReturn {
    /// Handover that it is of; needed where there were several
    pub(super) allocation_delivery_id: Option<DeliveryId>,
    /// How much came back, at most what the family still has of the handover
    pub(super) quantity: Quantity,
    /// Day it came back
    pub(super) returned_on: NaiveDate,
    /// Why
    pub(super) reason: AllocationReturnReason,
    /// It can be given to another family, and is free of the line again; otherwise it is lost
    pub(super) is_usable: bool,
    /// The family still needs it, such as where the wrong thing was given: its need is open again by as much
    pub(super) is_still_needed: bool,
    /// What else there is to say, without names or numbers of persons; asked for where the reason is `other`
    pub(super) remark: Option<Note>,
    /// Number of the minutes of the return (BAST)
    pub(super) handover_number: Text<80>,
}

/// A handover with what of it came back until now.
#[derive(Debug, QueryableByName)]
pub(super) struct Handed {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: DeliveryId,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    #[diesel(sql_type = Numeric)]
    pub(super) returned: Quantity,
    #[diesel(sql_type = Date)]
    pub(super) delivered_on: NaiveDate,
    #[diesel(sql_type = SqlText)]
    pub(super) recorded_by: String,
}

impl Handed {
    /// What the family still has of it.
    pub(super) fn kept(&self) -> Quantity {
        self.quantity.beyond(&self.returned)
    }
}

/// Which returns.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AllocationReturnFilter {
    /// Returns of this allocation
    #[param(inline)]
    pub(super) allocation_id: Option<AllocationId>,
    /// Returns of aid from this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Returns of aid from this line
    #[param(inline)]
    pub(super) pledge_line_id: Option<PledgeLineId>,
    /// Returns from this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Returns for this reason
    #[param(inline)]
    pub(super) reason: Option<AllocationReturnReason>,
    /// What is free again, or what is lost
    pub(super) is_usable: Option<bool>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
