//! Balances as answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Date, Int4, Nullable, Numeric, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{ProgramId, Quantity, StockLotId, StockPlaceId, StockSiteId, Text};
use crate::http::{AsOf, ById};

/// What of a lot is at a site.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(super) struct StockBalance {
    /// Id of the lot at the site; it owns an account of the ledger
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: StockPlaceId,
    /// Site
    #[diesel(sql_type = SqlUuid)]
    pub(super) stock_site_id: StockSiteId,
    /// Name of the site
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 120)]
    pub(super) site_name: String,
    /// Lot
    #[diesel(sql_type = SqlUuid)]
    pub(super) stock_lot_id: StockLotId,
    /// What it is
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 80)]
    pub(super) item: String,
    /// Program that it is for; none where it is for any that counts in its unit
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) program_id: Option<ProgramId>,
    /// How much is there
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    /// What is counted
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 20)]
    pub(super) unit: String,
    /// Day it came to the sub-district
    #[diesel(sql_type = Date)]
    pub(super) received_on: NaiveDate,
    /// Last day it may be handed out
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) expires_on: Option<NaiveDate>,
    /// That day has passed
    #[diesel(sql_type = Bool)]
    pub(super) is_expired: bool,
    /// Sub-district; not shown.
    #[serde(skip)]
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
}

/// Which balances.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockBalanceFilter {
    /// What is at this site
    #[param(inline)]
    pub(super) stock_site_id: Option<StockSiteId>,
    /// What is there of this lot
    #[param(inline)]
    pub(super) stock_lot_id: Option<StockLotId>,
    /// What is for this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// What is there of this item
    #[param(inline)]
    pub(super) item: Option<Text<80>>,
    /// What may be handed out on this day at the latest, or an earlier one
    pub(super) expires_by: Option<NaiveDate>,
    /// What was there then (RFC 3339), not what is there now
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
