//! Mappings as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::attributes::{AttributeName, AttributeSubject};
use crate::beneficiaries::imports::rules::Column;
use crate::domain::{DistrictCode, MappingId, Name, Text, text_enum};
use crate::error::{Error, Result};
use crate::http::{ById, given};
use crate::schema::import_mappings;

text_enum! {
    /// How dates are written in a file; `1990-01-31` is always read.
    DateForm {
        /// `1990-01-31`.
        YearMonthDay "year_month_day",
        /// `31/01/1990`, `31-1-1990` or `31.01.1990`.
        DayMonthYear "day_month_year",
        /// `01/31/1990`.
        MonthDayYear "month_day_year",
        /// `19900131`.
        Compact "compact",
    }
}

/// A column of a file and what it is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColumnName {
    /// Name in the header of the file; capitals, spaces and underscores do not matter
    #[schema(example = "NOKK")]
    pub from: Text<100>,
    /// Column of an import
    pub to: Column,
}

/// A value of a file and what it is here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ValueName {
    /// Column of an import
    pub column: Column,
    /// Value in the file; capitals, spaces and underscores do not matter
    #[schema(example = "KEPALA KELUARGA")]
    pub from: Text<100>,
    /// Value of an import
    #[schema(example = "head")]
    pub to: Text<100>,
}

/// A value that holds for every row whose cell is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Constant {
    /// Column of an import
    pub column: Column,
    /// Value of an import
    #[schema(example = "DTSEN")]
    pub value: Text<100>,
}

/// A value of a file and what the schema of an attribute calls it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeValue {
    /// Value in the file; capitals, spaces and underscores do not matter
    #[schema(example = "SENG")]
    pub from: Text<100>,
    /// Value of the attribute, written as in a cell
    #[schema(example = "zinc")]
    pub to: Text<100>,
}

/// A column of a file that tells an attribute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttributeColumn {
    /// Name in the header of the file; capitals, spaces and underscores do not matter
    #[schema(example = "ATAP")]
    pub from: Text<100>,
    /// Whose attribute it is; that of a family is the same on all its rows
    pub subject: AttributeSubject,
    /// Attribute of the newest schema of the subject
    #[schema(example = "roof")]
    pub attribute: AttributeName,
    /// Values that are called otherwise in the schema
    #[serde(default)]
    #[schema(max_items = 100)]
    pub values: Vec<AttributeValue>,
}

/// Columns, values and dates of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Layout {
    /// Columns that are read
    #[schema(min_items = 1, max_items = 20)]
    pub columns: Vec<ColumnName>,
    /// Columns that tell attributes; who says so and when stands in `attribute_source` and `attribute_observed_on`, which
    /// are then among `columns` or `constants`
    #[serde(default)]
    #[schema(max_items = 50)]
    pub attributes: Vec<AttributeColumn>,
    /// Values that are called otherwise here
    #[serde(default)]
    #[schema(max_items = 300)]
    pub values: Vec<ValueName>,
    /// Values that hold for the whole file
    #[serde(default)]
    #[schema(max_items = 20)]
    pub constants: Vec<Constant>,
    /// Columns that are read past; any other one is refused
    #[serde(default)]
    #[schema(max_items = 100)]
    pub ignored_columns: Vec<Text<100>>,
    /// How dates are written; `year_month_day` where left out
    pub date_form: Option<DateForm>,
}

/// A mapping as the database has it.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = import_mappings, treat_none_as_default_value = false)]
pub(super) struct MappingRow {
    pub(super) area_id: i32,
    pub(super) id: MappingId,
    pub(super) name: String,
    pub(super) layout: Value,
    pub(super) version: i32,
    pub(super) created_by: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// How the files of another system are read.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportMapping {
    /// Id of the mapping
    pub id: MappingId,
    /// Name, one in the sub-district
    #[schema(max_length = 120, example = "SIKS-NG")]
    pub name: String,
    /// Columns, values and dates
    pub layout: Layout,
    /// Client that made it
    #[schema(max_length = 63)]
    pub created_by: String,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was made
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

impl ImportMapping {
    /// Reads a row.
    pub(super) fn open(row: MappingRow) -> Result<Self> {
        let MappingRow { id, name, layout, version, created_by, created_at, updated_at, .. } = row;
        let layout = serde_json::from_value(layout).map_err(Error::internal)?;
        Ok(Self { id, name, layout, created_by, version, created_at, updated_at })
    }
}

/// A mapping to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "Daftar desa",
    "layout": {
        "columns": [
            { "from": "NO KK", "to": "card_number" }, { "from": "NIK", "to": "nik" }, { "from": "NAMA", "to": "name" },
            { "from": "JK", "to": "sex" }, { "from": "TGL LAHIR", "to": "born_on" },
            { "from": "HUBUNGAN", "to": "relationship" }, { "from": "KODE DESA", "to": "village_code" },
            { "from": "TGL DATA", "to": "attribute_observed_on" }
        ],
        "attributes": [{
            "from": "ATAP", "subject": "beneficiaries", "attribute": "roof", "values": [{ "from": "SENG", "to": "zinc" }]
        }],
        "values": [{ "column": "relationship", "from": "KEPALA KELUARGA", "to": "head" }],
        "constants": [{ "column": "attribute_source", "value": "Desa" }],
        "ignored_columns": ["KETERANGAN"],
        "date_form": "day_month_year"
    }
}))]
pub(super) struct NewMapping {
    /// Name, one in the sub-district
    pub(super) name: Name,
    /// Columns, values and dates
    pub(super) layout: Layout,
    /// Sub-district that it is for; needed where you act for several
    pub(super) district_code: Option<DistrictCode>,
}

/// What to change of a mapping; what is left out stays.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "Daftar desa (2027)" }))]
pub(super) struct MappingChanges {
    /// Name, one in the sub-district
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) name: Option<Name>,
    /// Columns, values and dates, as a whole
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) layout: Option<Layout>,
}

/// Which mappings.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MappingFilter {
    /// In which order; ids grow with time
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
