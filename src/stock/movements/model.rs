//! Movements as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    CycleId, DeliveryId, DeliveryReturnId, Note, ProgramId, Quantity, StockLossId, StockLotId, StockMovementId,
    StockSiteId, Text, text_enum,
};
use crate::http::ById;
use crate::ledger::{AccountKind, TransferCode};
use crate::schema::stock_movements;
use crate::stock::lots::StockLot;

text_enum! {
    /// Why goods in stock moved.
    StockMovementKind {
        /// It came in.
        Receive "receive",
        /// From one site to another.
        Transfer "transfer",
        /// To a hand-over day of a cycle, in bulk.
        HandOut "hand_out",
        /// From a hand-over day, what was left over.
        TakeBack "take_back",
        /// To a family, by name.
        Deliver "deliver",
        /// From a family, usable.
        PutBack "put_back",
        /// To the supplier.
        Return "return",
        /// It is gone, as two persons say.
        Lose "lose",
        /// A count differed, or did not.
        Count "count",
    }
}

impl StockMovementKind {
    /// Its reason as the ledger has it.
    pub(super) fn code(self) -> TransferCode {
        match self {
            Self::Receive => TransferCode::Receive,
            Self::Transfer => TransferCode::Transfer,
            Self::HandOut => TransferCode::HandOut,
            Self::TakeBack => TransferCode::TakeBack,
            Self::Deliver => TransferCode::Deliver,
            Self::PutBack => TransferCode::PutBack,
            Self::Return => TransferCode::Return,
            Self::Lose => TransferCode::Lose,
            Self::Count => TransferCode::Count,
        }
    }

    /// The operation that records it, as the audit has it.
    pub(super) fn operation(self) -> &'static str {
        match self {
            Self::Receive => "receive_stock_lot",
            Self::Transfer => "transfer_stock",
            Self::HandOut => "hand_out_stock",
            Self::TakeBack => "take_stock_back",
            Self::Deliver => "record_delivery",
            Self::PutBack => "record_delivery_return",
            Self::Return => "return_stock",
            Self::Lose => "agree_to_stock_loss",
            Self::Count => "count_stock",
        }
    }

    /// The account of the lot at the end that is no site.
    pub(super) fn other_end(self) -> AccountKind {
        match self {
            Self::Receive => AccountKind::Supply,
            Self::HandOut | Self::TakeBack => AccountKind::HandedOut,
            Self::Deliver | Self::PutBack => AccountKind::Delivered,
            Self::Return => AccountKind::Returned,
            Self::Lose => AccountKind::Lost,
            Self::Count => AccountKind::Counted,
            Self::Transfer => AccountKind::Stock,
        }
    }
}

/// A movement to book.
#[derive(Debug, Clone)]
pub(in crate::stock) struct Move<'a> {
    pub(in crate::stock) lot: &'a StockLot,
    pub(in crate::stock) kind: StockMovementKind,
    pub(in crate::stock) from: Option<StockSiteId>,
    pub(in crate::stock) to: Option<StockSiteId>,
    pub(in crate::stock) quantity: Quantity,
    pub(in crate::stock) counted: Option<Quantity>,
    pub(in crate::stock) on: NaiveDate,
    pub(in crate::stock) document_number: String,
    pub(in crate::stock) remark: Option<String>,
    pub(in crate::stock) cycle_id: Option<CycleId>,
    pub(in crate::stock) delivery_id: Option<DeliveryId>,
    pub(in crate::stock) delivery_return_id: Option<DeliveryReturnId>,
    pub(in crate::stock) stock_loss_id: Option<StockLossId>,
}

impl<'a> Move<'a> {
    /// Nothing of a lot yet, from nowhere to nowhere.
    pub(in crate::stock) fn of(lot: &'a StockLot, kind: StockMovementKind) -> Self {
        Self {
            lot,
            kind,
            from: None,
            to: None,
            quantity: Quantity::zero(),
            counted: None,
            on: lot.received_on,
            document_number: String::new(),
            remark: None,
            cycle_id: None,
            delivery_id: None,
            delivery_return_id: None,
            stock_loss_id: None,
        }
    }
}

/// A movement of goods in stock.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = stock_movements)]
pub(in crate::stock) struct StockMovement {
    /// Id of the movement, and of its transfer in the ledger
    pub(in crate::stock) id: StockMovementId,
    /// Lot
    pub(super) stock_lot_id: StockLotId,
    /// Why it moved
    pub(super) kind: StockMovementKind,
    /// Site that it left
    pub(super) from_site_id: Option<StockSiteId>,
    /// Site that it came to
    pub(super) to_site_id: Option<StockSiteId>,
    /// How much; nothing where a count did not differ, which the ledger then has no transfer of
    pub(super) quantity: Quantity,
    /// What was counted, in a count
    pub(super) counted_quantity: Option<Quantity>,
    /// Day it moved
    pub(super) moved_on: NaiveDate,
    /// Number of the paper: delivery note, letter, or minutes (BAST, berita acara)
    #[schema(max_length = 80)]
    pub(super) document_number: String,
    /// What else there is to say
    #[schema(max_length = 2000)]
    pub(super) remark: Option<String>,
    /// Cycle whose hand-over day it went to or came back from
    pub(super) cycle_id: Option<CycleId>,
    /// Delivery to a family that it went to or came back from
    pub(super) delivery_id: Option<DeliveryId>,
    /// Return that brought it back
    pub(super) delivery_return_id: Option<DeliveryReturnId>,
    /// Loss that two persons agreed on
    pub(super) stock_loss_id: Option<StockLossId>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(in crate::stock) area_id: i32,
}

/// Goods to bring to another site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "from_site_id": "019b7542-7400-7000-8000-000000601911", "to_site_id": "019b7542-7400-7000-8000-000000601912",
    "quantity": "50", "moved_on": "2026-01-12", "document_number": "SJ/SINTETIS/2026/041"
}))]
pub(super) struct NewStockTransfer {
    /// Site that they leave
    pub(super) from_site_id: StockSiteId,
    /// Site that they come to
    pub(super) to_site_id: StockSiteId,
    /// How much
    pub(super) quantity: Quantity,
    /// Day they move
    pub(super) moved_on: NaiveDate,
    /// Number of the waybill (surat jalan)
    pub(super) document_number: Text<80>,
    /// What else there is to say
    pub(super) remark: Option<Note>,
}

/// Goods to take to a hand-over day, or what is left over of them.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "stock_site_id": "019b7542-7400-7000-8000-000000601911", "cycle_id": "019b7542-7400-7000-8000-0000000000e2",
    "quantity": "10", "moved_on": "2026-01-15", "document_number": "BAST/SINTETIS/2026/051"
}))]
pub(super) struct NewStockHandOut {
    /// Site that they leave, or come back to
    pub(super) stock_site_id: StockSiteId,
    /// Cycle that the families get it in
    pub(super) cycle_id: CycleId,
    /// How much
    pub(super) quantity: Quantity,
    /// Day they move
    pub(super) moved_on: NaiveDate,
    /// Number of the minutes (BAST)
    pub(super) document_number: Text<80>,
    /// What else there is to say
    pub(super) remark: Option<Note>,
}

/// Goods to give back to the supplier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "stock_site_id": "019b7542-7400-7000-8000-000000601911", "quantity": "5", "moved_on": "2026-01-15",
    "document_number": "RETUR/SINTETIS/2026/003", "remark": "Karung basah"
}))]
pub(super) struct NewStockReturn {
    /// Site that they leave
    pub(super) stock_site_id: StockSiteId,
    /// How much
    pub(super) quantity: Quantity,
    /// Day they leave
    pub(super) moved_on: NaiveDate,
    /// Number of the letter or minutes
    pub(super) document_number: Text<80>,
    /// Why
    pub(super) remark: Note,
}

/// What was counted of a lot at a site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "stock_site_id": "019b7542-7400-7000-8000-000000601912", "counted_quantity": "60", "counted_on": "2026-01-20",
    "minutes_number": "BA-SO/SINTETIS/2026/001"
}))]
pub(super) struct NewStockCount {
    /// Site that was counted
    pub(super) stock_site_id: StockSiteId,
    /// What is there
    pub(super) counted_quantity: Quantity,
    /// Day it was counted
    pub(super) counted_on: NaiveDate,
    /// Number of the minutes of the count (berita acara stock opname)
    pub(super) minutes_number: Text<80>,
    /// What explains the difference
    pub(super) remark: Option<Note>,
}

/// A cycle that goods are handed out in.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct HandOutCycle {
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub(super) status: String,
    #[diesel(sql_type = diesel::sql_types::Uuid)]
    pub(super) program_id: ProgramId,
    #[diesel(sql_type = diesel::sql_types::Text)]
    pub(super) unit: String,
}

/// Which movements.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockMovementFilter {
    /// Movements of this lot
    #[param(inline)]
    pub(super) stock_lot_id: Option<StockLotId>,
    /// Movements from or to this site
    #[param(inline)]
    pub(super) stock_site_id: Option<StockSiteId>,
    /// Movements of this kind
    #[param(inline)]
    pub(super) kind: Option<StockMovementKind>,
    /// Movements to and from hand-over days of this cycle
    #[param(inline)]
    pub(super) cycle_id: Option<CycleId>,
    /// Movements on this day or later
    pub(super) from: Option<NaiveDate>,
    /// Movements on this day or before
    pub(super) to: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
