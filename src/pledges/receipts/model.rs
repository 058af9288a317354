//! Receipts as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Nullable, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{PledgeId, PledgeLineId, Quantity, ReceiptId, Text, TransferId};
use crate::http::ByCreation;
use crate::schema::receipts;

/// What a company gave.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = receipts)]
pub(crate) struct Receipt {
    /// Id of the receipt
    pub(crate) id: ReceiptId,
    /// Pledge it is for
    pub(crate) pledge_id: PledgeId,
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// How much was received
    pub(crate) quantity: Quantity,
    /// Number of the handover minutes (BAST) or the bank reference
    #[schema(example = "BAST/012/2026")]
    pub(crate) handover_number: Text<80>,
    /// Day it was received
    pub(crate) received_on: NaiveDate,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(crate) recorded_by: String,
    /// Transfer that moved it into stock
    pub(crate) transfer_id: TransferId,
    /// Transfer that took it back, by a correction; absent where it counts
    #[diesel(select_expression = sql::<Nullable<SqlUuid>>(CORRECTED_BY))]
    #[diesel(select_expression_type = SqlLiteral<Nullable<SqlUuid>>)]
    #[diesel(skip_insertion)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) corrected_by_id: Option<TransferId>,
    /// When it was recorded
    pub(crate) created_at: DateTime<Utc>,
}

const CORRECTED_BY: &str = "(select c.id from ledger_transfers as c where c.corrects_id = receipts.transfer_id)";

/// What a company gave, with what it still owes.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedReceipt {
    /// The receipt
    #[serde(flatten)]
    pub(crate) receipt: Receipt,
    /// How much of the line is still to come
    pub(crate) outstanding: Quantity,
    /// Receipt of what was more than that, where there was more
    pub(crate) surplus: Option<Receipt>,
}

/// A receipt to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "pledge_line_id": "019b7542-7400-7000-8000-0000000000f3", "quantity": "1",
    "handover_number": "BAST/012/2026", "received_on": "2026-11-02"
}))]
pub(crate) struct NewReceipt {
    /// Line of the pledge
    pub(crate) pledge_line_id: PledgeLineId,
    /// How much was received; more than is outstanding only where a surplus is taken
    pub(crate) quantity: Quantity,
    /// Number of the handover minutes (BAST) or the bank reference
    pub(crate) handover_number: Text<80>,
    /// Day it was received
    pub(crate) received_on: NaiveDate,
    /// Whether more than is outstanding is taken, on a new line for the same villages; refused otherwise
    #[serde(default)]
    pub(crate) is_surplus_taken: bool,
}

/// Which receipts.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReceiptFilter {
    /// Receipts of this line
    #[param(inline)]
    pub(super) pledge_line_id: Option<PledgeLineId>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}
