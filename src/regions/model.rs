//! Regions as the API shows them.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{RegionCode, Text, text_enum};
use crate::http::ByCode;
use crate::schema::regions;

text_enum! {
    /// How far down a region stands.
    RegionLevel {
        /// Provinsi.
        Province "province",
        /// Kabupaten or kota.
        Regency "regency",
        /// Kecamatan.
        District "district",
        /// Desa, kelurahan or desa adat.
        Village "village",
    }
}

/// A region of the current edition.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = regions)]
pub struct Region {
    /// Official code (Kemendagri)
    pub code: RegionCode,
    /// How far down it stands
    pub level: RegionLevel,
    /// Official name
    #[schema(example = "Kembang Janggut", max_length = 200)]
    pub name: String,
    /// Code of the region one level up; absent for a province
    pub parent_code: Option<RegionCode>,
    /// Code of the statistics office, where it is known
    #[schema(example = "6403110", max_length = 20, pattern = "^[0-9]+$")]
    pub bps_code: Option<String>,
    /// Decree that fixed the code
    #[schema(example = "Kepmendagri 300.2.2-2138 Tahun 2025", max_length = 200)]
    pub edition: String,
}

/// Which regions.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RegionFilter {
    /// Regions of this level
    #[param(inline)]
    pub(super) level: Option<RegionLevel>,
    /// Regions right below this one
    #[param(inline)]
    pub(super) parent_code: Option<RegionCode>,
    /// Regions whose name begins so, in capitals or not
    #[param(inline)]
    pub(super) name_prefix: Option<Text<60>>,
    /// In which order
    #[param(inline, default = "code")]
    pub(super) sort: Option<ByCode>,
}
