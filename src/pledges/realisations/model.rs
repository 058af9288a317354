//! Realisations as rows and filters.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Int4, Nullable, Numeric, SmallInt, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{CompanyId, Quantity, Rupiah, VillageCode};
use crate::http::{ByYear, Whole};
use crate::needs::AidField;

/// What became of the pledges of one company in one field and unit, in one village or not with a family yet.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct Realisation {
    /// Year of the pledges
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 2020, maximum = 2100)]
    pub(super) year: i16,
    /// Company that pledged
    #[diesel(sql_type = SqlUuid)]
    pub(super) company_id: CompanyId,
    /// Its name
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 200, example = "PT Contoh Sawit")]
    company_name: String,
    /// Field (bidang) of the regional law
    #[diesel(sql_type = SqlText)]
    pub(super) field: AidField,
    /// Unit that is counted
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 20, example = "unit")]
    pub(super) unit: String,
    /// Sub-district that the pledges were made to
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 120, example = "Kembang Janggut")]
    sub_district: String,
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Village of the families that got it; `null` for what is with no family yet, and for what a company is not told by
    /// village
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) village_code: Option<VillageCode>,
    /// Promised, accepted or not
    #[diesel(sql_type = Numeric)]
    promised: Quantity,
    /// Accepted by two officers
    #[diesel(sql_type = Numeric)]
    committed: Quantity,
    /// Given by the company
    #[diesel(sql_type = Numeric)]
    received: Quantity,
    /// Reserved for families, handed over or not
    #[diesel(sql_type = Numeric)]
    allocated: Quantity,
    /// Handed over
    #[diesel(sql_type = Numeric)]
    delivered: Quantity,
    /// Received and given back to the company
    #[diesel(sql_type = Numeric)]
    returned: Quantity,
    /// Received and lost
    #[diesel(sql_type = Numeric)]
    lost: Quantity,
    /// Committed and called off before it was received
    #[diesel(sql_type = Numeric)]
    cancelled: Quantity,
    /// Committed and given up before it was received
    #[diesel(sql_type = Numeric)]
    written_off: Quantity,
    /// Value of what was promised; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    promised_rupiah: Option<Rupiah>,
    /// Value of what was committed; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    committed_rupiah: Option<Rupiah>,
    /// Value of what was received; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    received_rupiah: Option<Rupiah>,
    /// Value of what was handed over; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    delivered_rupiah: Option<Rupiah>,
    /// Families that got some of it; a company is told them in steps of five, and `null` from one to four
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    families_reached: Option<i64>,
}

/// The same for a company and a field, in rupiah: units differ.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct RealisationTotal {
    /// Year of the pledges
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 2020, maximum = 2100)]
    pub(super) year: i16,
    /// Company that pledged
    #[diesel(sql_type = SqlUuid)]
    pub(super) company_id: CompanyId,
    /// Its name
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 200, example = "PT Contoh Sawit")]
    company_name: String,
    /// Field (bidang) of the regional law
    #[diesel(sql_type = SqlText)]
    pub(super) field: AidField,
    /// Value of what was promised; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    promised_rupiah: Option<Rupiah>,
    /// Value of what was committed; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    committed_rupiah: Option<Rupiah>,
    /// Value of what was received; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    received_rupiah: Option<Rupiah>,
    /// Value of what was handed over; `null` beyond a thousand million million
    #[diesel(sql_type = Nullable<BigInt>)]
    delivered_rupiah: Option<Rupiah>,
    /// Families that got some of it; a company is told them in steps of five, and `null` from one to four
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    families_reached: Option<i64>,
}

/// All totals: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RealisationTotals {
    /// By year, company and field
    pub(super) items: Vec<RealisationTotal>,
}

/// Which realisations.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RealisationFilter {
    /// Of pledges for this year
    #[param(inline)]
    pub(super) year: Option<Whole<2020, 2100>>,
    /// Of pledges of this company
    #[param(inline)]
    pub(super) company_id: Option<CompanyId>,
    /// Of this field
    #[param(inline)]
    pub(super) field: Option<AidField>,
    /// With families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// In which order
    #[param(inline, default = "year")]
    pub(super) sort: Option<ByYear>,
}

/// Which totals.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RealisationTotalFilter {
    /// Of pledges for this year
    #[param(inline)]
    pub(super) year: Option<Whole<2020, 2100>>,
    /// Of pledges of this company
    #[param(inline)]
    pub(super) company_id: Option<CompanyId>,
    /// Of this field
    #[param(inline)]
    pub(super) field: Option<AidField>,
}

/// Place of a row in the list; the village is empty where there is none.
pub(super) type RealisationPlace = (i16, CompanyId, AidField, String, i32, String);

impl Realisation {
    /// Where it stands in the list.
    pub(super) fn place(&self) -> RealisationPlace {
        let village = self.village_code.as_ref().map(ToString::to_string).unwrap_or_default();
        (self.year, self.company_id, self.field, self.unit.clone(), self.area_id, village)
    }
}
