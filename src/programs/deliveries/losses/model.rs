//! Losses as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    CycleId, DeliveryLossId, EntitlementId, Name, Note, ProgramId, Quantity, StockLotId, StockSiteId, Text,
    VillageCode, text_enum,
};
use crate::http::ById;
use crate::schema::{cycles, delivery_losses};
use crate::stock::StockLossReason;

text_enum! {
    /// Where something was when it was lost.
    LossStage {
        /// In store.
        Storage "storage",
        /// On the way.
        Transport "transport",
        /// Where it is handed out.
        DistributionPoint "distribution_point",
    }
}

text_enum! {
    /// Why something was lost.
    LossReason {
        /// It was stolen.
        Theft "theft",
        /// A vehicle or boat had an accident.
        Accident "accident",
        /// Flood, rain or wind.
        Weather "weather",
        /// It is not fit for use any more.
        Spoilage "spoilage",
        /// Less was in it than was written on it.
        ShortWeight "short_weight",
        /// Something else; the remark says what.
        Other "other",
    }
}

impl LossReason {
    /// The same reason as stock has it.
    pub(super) fn in_stock(self) -> StockLossReason {
        match self {
            Self::Theft => StockLossReason::Theft,
            Self::Accident => StockLossReason::Accident,
            Self::Weather => StockLossReason::Weather,
            Self::Spoilage => StockLossReason::Spoilage,
            Self::ShortWeight => StockLossReason::ShortWeight,
            Self::Other => StockLossReason::Other,
        }
    }
}

/// What was lost on the way; it stays due to the families.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = delivery_losses)]
pub(super) struct DeliveryLoss {
    /// Id of the loss
    pub(super) id: DeliveryLossId,
    /// Cycle it was for
    pub(super) cycle_id: CycleId,
    /// Program
    pub(super) program_id: ProgramId,
    /// Village it was for, where it was for one
    pub(super) village_code: Option<VillageCode>,
    /// Entitlement it was for, where it was packed for one family
    pub(super) entitlement_id: Option<EntitlementId>,
    /// How much, in the unit of the program
    pub(super) quantity: Quantity,
    /// Where it was
    pub(super) stage: LossStage,
    /// Why
    pub(super) reason: LossReason,
    /// What else there is to say
    #[schema(max_length = 2000)]
    pub(super) remark: Option<String>,
    /// Day it was lost or found missing
    pub(super) lost_on: NaiveDate,
    /// Office, carrier or post that answers for it
    #[schema(max_length = 120)]
    pub(super) liable: String,
    /// Number of the report to the police
    #[schema(max_length = 80)]
    pub(super) police_report_number: Option<String>,
    /// Number of the minutes of the loss (BAST)
    #[schema(max_length = 80)]
    pub(super) handover_number: Option<String>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// A loss to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "quantity": "50", "stage": "transport", "reason": "accident", "lost_on": "2026-01-19",
    "village_code": "64.02.10.2004", "liable": "Angkutan sungai (contoh sintetis)",
    "police_report_number": "LP/SINTETIS/2026/012"
}))]
pub(super) struct NewLoss {
    /// How much, in the unit of the program
    pub(super) quantity: Quantity,
    /// Where it was
    pub(super) stage: LossStage,
    /// Why
    pub(super) reason: LossReason,
    /// What else there is to say; asked for where the reason is `other`
    pub(super) remark: Option<Note>,
    /// Day it was lost or found missing
    pub(super) lost_on: NaiveDate,
    /// Village it was for, where it was for one: one with families on the list of the cycle
    pub(super) village_code: Option<VillageCode>,
    /// Entitlement of the cycle it was for, where it was packed for one family
    pub(super) entitlement_id: Option<EntitlementId>,
    /// Office, carrier or post that answers for it; not the name of a person
    pub(super) liable: Name,
    /// Number of the report to the police
    pub(super) police_report_number: Option<Text<80>>,
    /// Number of the minutes of the loss (BAST)
    pub(super) handover_number: Option<Text<80>>,
    /// Lot that it was of, where it was still in stock: a loss of stock is proposed with it, for another person to agree
    /// to. The number of the minutes is asked for then
    pub(super) stock_lot_id: Option<StockLotId>,
    /// Site where it was; both or neither
    pub(super) stock_site_id: Option<StockSiteId>,
}

/// The cycle that something was lost of.
#[derive(Debug, HasQuery)]
#[diesel(table_name = cycles)]
pub(super) struct LossCycle {
    pub(super) area_id: i32,
    pub(super) id: CycleId,
    pub(super) program_id: ProgramId,
    pub(super) status: String,
    pub(super) entitled_quantity: Quantity,
}

/// Which losses.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct LossFilter {
    /// Losses of this cycle
    #[param(inline)]
    pub(super) cycle_id: Option<CycleId>,
    /// Losses of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Losses of what was for this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Losses of what was for this entitlement
    #[param(inline)]
    pub(super) entitlement_id: Option<EntitlementId>,
    /// Losses for this reason
    #[param(inline)]
    pub(super) reason: Option<LossReason>,
    /// Losses on this day or later
    pub(super) from: Option<NaiveDate>,
    /// Losses on this day or before
    pub(super) to: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
