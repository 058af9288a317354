//! Losses as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    DeliveryLossId, Name, Note, ProgramId, Quantity, StockLossId, StockLotId, StockSiteId, Text, text_enum,
};
use crate::http::ById;
use crate::schema::stock_losses;

text_enum! {
    /// Why goods in stock are gone.
    StockLossReason {
        /// Stolen.
        Theft "theft",
        /// An accident, such as a boat that turned over.
        Accident "accident",
        /// Weather, such as a flood.
        Weather "weather",
        /// Spoiled.
        Spoilage "spoilage",
        /// Less in the sack than is written on it.
        ShortWeight "short_weight",
        /// Eaten by rats or insects.
        Pests "pests",
        /// Past its last day.
        Expired "expired",
        /// Something else; the remark says what.
        Other "other",
    }
}

text_enum! {
    /// What became of a loss that was proposed.
    StockLossStatus {
        /// It waits for a second person.
        Proposed "proposed",
        /// A second person agreed: it is booked.
        Agreed "agreed",
        /// A second person refused: nothing is booked.
        Refused "refused",
    }
}

/// Goods in stock that are gone.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = stock_losses)]
pub(super) struct StockLoss {
    /// Id of the loss
    pub(super) id: StockLossId,
    /// Lot
    pub(super) stock_lot_id: StockLotId,
    /// Site where they were
    pub(super) stock_site_id: StockSiteId,
    /// How much
    pub(super) quantity: Quantity,
    /// Why
    pub(super) reason: StockLossReason,
    /// What else there is to say
    #[schema(max_length = 2000)]
    pub(super) remark: Option<String>,
    /// Day they were lost or found missing
    pub(super) lost_on: NaiveDate,
    /// Number of the minutes of the loss (berita acara)
    #[schema(max_length = 80)]
    pub(super) minutes_number: String,
    /// Office, carrier or post that answers for it; not the name of a person
    #[schema(max_length = 120)]
    pub(super) liable: String,
    /// Loss of a cycle that it was told with
    pub(super) delivery_loss_id: Option<DeliveryLossId>,
    /// What became of it
    pub(super) status: StockLossStatus,
    /// Client that proposed it
    #[schema(max_length = 63)]
    pub(super) proposed_by: String,
    /// Client that agreed or refused
    #[schema(max_length = 63)]
    pub(super) decided_by: Option<String>,
    /// When it was agreed or refused
    pub(super) decided_at: Option<DateTime<Utc>>,
    /// Why it was refused
    #[schema(max_length = 2000)]
    pub(super) decision_reason: Option<String>,
    /// When it was proposed
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// Goods to say of that they are gone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "stock_lot_id": "019b7542-7400-7000-8000-000000601921", "stock_site_id": "019b7542-7400-7000-8000-000000601911",
    "quantity": "15", "reason": "pests", "lost_on": "2026-01-18", "minutes_number": "BA/SINTETIS/2026/014",
    "liable": "Seksi Kesejahteraan Sosial (contoh sintetis)"
}))]
pub(super) struct StockLossProposal {
    /// Lot
    pub(super) stock_lot_id: StockLotId,
    /// Site where they were
    pub(super) stock_site_id: StockSiteId,
    /// How much
    pub(super) quantity: Quantity,
    /// Why
    pub(super) reason: StockLossReason,
    /// What else there is to say; asked for where the reason is `other`
    pub(super) remark: Option<Note>,
    /// Day they were lost or found missing
    pub(super) lost_on: NaiveDate,
    /// Number of the minutes of the loss (berita acara)
    pub(super) minutes_number: Text<80>,
    /// Office, carrier or post that answers for it; not the name of a person
    pub(super) liable: Name,
}

/// What a loss of a cycle takes from stock.
#[derive(Debug, Clone)]
pub(crate) struct Missing<'a> {
    pub(crate) area_id: i32,
    pub(crate) lot_id: StockLotId,
    pub(crate) site_id: StockSiteId,
    pub(crate) delivery_loss_id: DeliveryLossId,
    /// Program of the cycle, and its unit.
    pub(crate) program: (ProgramId, &'a str),
    pub(crate) quantity: &'a Quantity,
    pub(crate) reason: StockLossReason,
    pub(crate) remark: Option<&'a str>,
    pub(crate) lost_on: NaiveDate,
    pub(crate) minutes_number: &'a str,
    pub(crate) liable: &'a str,
}

/// The agreement of a second person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({}))]
pub(super) struct StockLossAgreement {}

/// The refusal of a second person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Hasil hitung ulang tidak kurang" }))]
pub(super) struct StockLossRefusal {
    /// Why
    pub(super) reason: Note,
}

/// Which losses.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockLossFilter {
    /// Losses with this status
    #[param(inline)]
    pub(super) status: Option<StockLossStatus>,
    /// Losses of this lot
    #[param(inline)]
    pub(super) stock_lot_id: Option<StockLotId>,
    /// Losses at this site
    #[param(inline)]
    pub(super) stock_site_id: Option<StockSiteId>,
    /// Losses for this reason
    #[param(inline)]
    pub(super) reason: Option<StockLossReason>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
