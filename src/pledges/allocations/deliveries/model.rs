//! Which handovers are read.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use crate::domain::{AllocationId, BeneficiaryId, DeliveryId, PledgeId, PledgeLineId};
use crate::http::ById;

/// Which handovers.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AllocationDeliveryFilter {
    /// Handovers of this allocation
    #[param(inline)]
    pub(super) allocation_id: Option<AllocationId>,
    /// Handovers of aid from this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Handovers of aid from this line
    #[param(inline)]
    pub(super) pledge_line_id: Option<PledgeLineId>,
    /// Handovers to this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Handed over on this day or later
    pub(super) from: Option<NaiveDate>,
    /// Handed over on this day or before
    pub(super) to: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// Place of a handover in the list.
pub(super) type DeliveryPlace = (i32, DeliveryId);
