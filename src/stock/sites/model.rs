//! Sites as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Name, StockSiteId, VillageCode, text_enum};
use crate::http::{ById, given};
use crate::schema::stock_sites;

text_enum! {
    /// What a site is.
    StockSiteKind {
        /// A store of the sub-district or rented for it (gudang).
        Warehouse "warehouse",
        /// An office, such as the sub-district's.
        Office "office",
        /// A village hall.
        VillageHall "village_hall",
        /// A post where goods are handed out.
        Post "post",
        /// A boat on its way.
        Boat "boat",
        /// Something else.
        Other "other",
    }
}

/// A site that keeps goods of programs.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = stock_sites)]
pub(super) struct StockSite {
    /// Id of the site
    pub(super) id: StockSiteId,
    /// Name; yours alone in your sub-district
    pub(super) name: Name,
    /// What it is
    pub(super) kind: StockSiteKind,
    /// Village where it stands, or where a boat is at home
    pub(super) village_code: VillageCode,
    /// Office that answers for what is there; not the name of a person
    pub(super) keeper: Name,
    /// Day from which on nothing is kept there; none while it is open
    pub(super) closed_on: Option<NaiveDate>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was added
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// A site to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Gudang Balai Desa (contoh)", "kind": "village_hall", "village_code": "64.02.10.2004",
    "keeper": "Kasi Kesejahteraan Desa"
}))]
pub(super) struct NewStockSite {
    /// Name; yours alone in your sub-district
    pub(super) name: Name,
    /// What it is
    pub(super) kind: StockSiteKind,
    /// Village where it stands, or where a boat is at home
    pub(super) village_code: VillageCode,
    /// Office that answers for what is there; not the name of a person
    pub(super) keeper: Name,
}

/// Changes of a site. The village stays: a store elsewhere is another site.
#[derive(Debug, Clone, Deserialize, ToSchema, AsChangeset)]
#[diesel(table_name = stock_sites)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "keeper": "Kasi Pemberdayaan Kecamatan" }))]
pub(super) struct StockSiteChanges {
    /// Name
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) name: Option<Name>,
    /// What it is
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) kind: Option<StockSiteKind>,
    /// Office that answers for what is there; not the name of a person
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) keeper: Option<Name>,
}

impl StockSiteChanges {
    /// True where nothing is to change.
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none() && self.kind.is_none() && self.keeper.is_none()
    }
}

/// The end of a site.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "closed_on": "2026-01-31" }))]
pub(super) struct NewStockSiteClosure {
    /// Day from which on nothing is kept there
    pub(super) closed_on: NaiveDate,
}

/// Which sites.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StockSiteFilter {
    /// Sites of this kind
    #[param(inline)]
    pub(super) kind: Option<StockSiteKind>,
    /// Sites in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Sites that are closed, or those that are open
    pub(super) is_closed: Option<bool>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
