//! Lots as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Numeric;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Balance, Name, Note, ProgramId, Quantity, StockLotId, StockSiteId, Text, text_enum};
use crate::http::ById;
use crate::schema::{programs, stock_lots};

text_enum! {
    /// Where goods come from.
    StockSource {
        /// Reserve of the state, such as rice kept by Bulog.
        GovernmentReserve "government_reserve",
        /// Bought.
        Procurement "procurement",
        /// Given, outside of any pledge.
        Donation "donation",
        /// Something else.
        Other "other",
    }
}

text_enum! {
    /// How goods were when they came.
    StockQuality {
        /// As ordered.
        Good "good",
        /// Usable, with faults.
        Fair "fair",
        /// Hardly usable.
        Poor "poor",
    }
}

/// Goods that came in together, and where they are by now.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = stock_lots)]
pub(in crate::stock) struct StockLot {
    /// Id of the lot
    pub(in crate::stock) id: StockLotId,
    /// What it is
    #[schema(max_length = 80, example = "Beras medium")]
    pub(in crate::stock) item: String,
    /// What is counted
    #[schema(max_length = 20, example = "kg")]
    pub(in crate::stock) unit: String,
    /// Half a unit means nothing
    pub(in crate::stock) counts_whole_units: bool,
    /// Program that it is for; none where it is for any that counts in its unit
    pub(in crate::stock) program_id: Option<ProgramId>,
    /// Site that it came to
    pub(super) stock_site_id: StockSiteId,
    /// How much came
    pub(super) quantity: Quantity,
    /// Of it, what is at sites now
    #[diesel(select_expression = at_sites(), select_expression_type = SqlLiteral<Numeric>)]
    pub(super) in_stock: Quantity,
    /// Of it, what was taken to hand-over days in bulk and not taken back
    #[diesel(select_expression = standing_in("handed_out"), select_expression_type = SqlLiteral<Numeric>)]
    pub(super) handed_out: Quantity,
    /// Of it, what was delivered to families by name and did not come back to a site
    #[diesel(select_expression = standing_in("delivered"), select_expression_type = SqlLiteral<Numeric>)]
    pub(super) delivered: Quantity,
    /// Of it, what went back to the supplier
    #[diesel(select_expression = standing_in("returned"), select_expression_type = SqlLiteral<Numeric>)]
    pub(super) returned: Quantity,
    /// Of it, what was lost, with a second person's agreement
    #[diesel(select_expression = standing_in("lost"), select_expression_type = SqlLiteral<Numeric>)]
    pub(super) lost: Quantity,
    /// Of it, what counts found missing; below zero where they found more than there should be
    #[diesel(select_expression = standing_in("counted"), select_expression_type = SqlLiteral<Numeric>)]
    pub(super) counted_missing: Balance,
    /// Where it comes from
    pub(super) source: StockSource,
    /// Office, firm or donor that brought it; not the name of a person
    #[schema(max_length = 120)]
    pub(super) supplier: String,
    /// Number of the delivery note
    #[schema(max_length = 80)]
    pub(super) delivery_note_number: String,
    /// Day it came
    pub(in crate::stock) received_on: NaiveDate,
    /// Last day it may be handed out
    pub(in crate::stock) expires_on: Option<NaiveDate>,
    /// How it was when it came
    pub(super) quality: StockQuality,
    /// What else there is to say
    #[schema(max_length = 2000)]
    pub(super) remark: Option<String>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(in crate::stock) area_id: i32,
}

/// What of the lot of the row is at any site.
fn at_sites() -> SqlLiteral<Numeric> {
    sql("(select coalesce(sum(b.posted), 0) from stock_places p
          join ledger_accounts a on a.owner_id = p.id and a.kind = 'stock' and a.area_id = p.area_id
          join ledger_balances b on b.account_id = a.id
          where p.area_id = stock_lots.area_id and p.stock_lot_id = stock_lots.id)")
}

/// What of the lot of the row stands in its account of a kind; the kind is one of our own words.
fn standing_in(kind: &str) -> SqlLiteral<Numeric> {
    sql(&format!(
        "coalesce((select b.posted from ledger_accounts a join ledger_balances b on b.account_id = a.id
          where a.owner_id = stock_lots.id and a.kind = '{kind}' and a.area_id = stock_lots.area_id), 0)"
    ))
}

/// Goods that came.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "stock_site_id": "019b7542-7400-7000-8000-000000601911", "item": "Beras medium", "unit": "kg",
    "program_id": "019b7542-7400-7000-8000-0000000000d1", "quantity": "500", "source": "government_reserve",
    "supplier": "Bulog (contoh sintetis)", "delivery_note_number": "SJ/SINTETIS/2026/031", "received_on": "2026-01-08",
    "expires_on": "2026-12-31", "quality": "good"
}))]
pub(super) struct NewStockLot {
    /// Site that it came to
    pub(super) stock_site_id: StockSiteId,
    /// What it is
    pub(super) item: Text<80>,
    /// What is counted; the program's unit, where it is for one
    pub(super) unit: Text<20>,
    /// Half a unit means nothing; follows from the program, where it is for one
    pub(super) counts_whole_units: Option<bool>,
    /// Program of goods or equipment that it is for; any that counts in its unit where left out
    pub(super) program_id: Option<ProgramId>,
    /// How much came
    pub(super) quantity: Quantity,
    /// Where it comes from
    pub(super) source: StockSource,
    /// Office, firm or donor that brought it; not the name of a person
    pub(super) supplier: Name,
    /// Number of the delivery note: one for each item and supplier
    pub(super) delivery_note_number: Text<80>,
    /// Day it came
    pub(super) received_on: NaiveDate,
    /// Last day it may be handed out
    pub(super) expires_on: Option<NaiveDate>,
    /// How it was when it came
    pub(super) quality: StockQuality,
    /// What else there is to say
    pub(super) remark: Option<Note>,
}

/// What a program gives, as far as goods must fit it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = programs)]
pub(super) struct GoodsOfProgram {
    pub(super) kind: String,
    pub(super) unit: String,
}

/// Which lots.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockLotFilter {
    /// Lots for this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Lots of this item
    #[param(inline)]
    pub(super) item: Option<Text<80>>,
    /// Lots from this source
    #[param(inline)]
    pub(super) source: Option<StockSource>,
    /// Lots of this quality
    #[param(inline)]
    pub(super) quality: Option<StockQuality>,
    /// Lots that came on this day or later
    pub(super) from: Option<NaiveDate>,
    /// Lots that came on this day or before
    pub(super) to: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
