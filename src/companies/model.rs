//! Companies as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{CompanyId, Name, Text};
use crate::http::{ByCreation, given, present};
use crate::schema::companies;

/// A company that pledges aid.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = companies, treat_none_as_default_value = false)]
pub struct Company {
    /// Id of the company
    pub id: CompanyId,
    /// Name
    #[schema(example = "PT Contoh Sawit Belayan")]
    pub name: Name,
    /// NIB, business registration number, as the company gave it
    pub registration_number: Option<Text<40>>,
    /// Field of work, such as `palm_oil` or `mining`
    #[schema(example = "palm_oil")]
    pub sector: Text<40>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was added
    pub created_at: DateTime<Utc>,
    /// When it last changed
    pub updated_at: DateTime<Utc>,
}

/// A company to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "name": "PT Contoh Kebun Lestari", "registration_number": "0000000000001", "sector": "palm_oil"
}))]
pub struct NewCompany {
    /// Name
    pub name: Name,
    /// NIB, business registration number
    pub registration_number: Option<Text<40>>,
    /// Field of work, such as `palm_oil` or `mining`
    pub sector: Text<40>,
}

/// What to correct of a company.
#[derive(Debug, Clone, Deserialize, ToSchema, AsChangeset)]
#[diesel(table_name = companies)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "registration_number": "0000000000001" }))]
pub(super) struct CompanyChanges {
    /// Name
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) name: Option<Name>,
    /// NIB, business registration number; `null` clears it
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Option<Text<40>>)]
    #[expect(clippy::option_option, reason = "absent leaves it, null clears it")]
    pub(super) registration_number: Option<Option<Text<40>>>,
    /// Field of work, such as `palm_oil` or `mining`
    #[serde(default, deserialize_with = "given")]
    #[schema(nullable = false)]
    pub(super) sector: Option<Text<40>>,
}

impl CompanyChanges {
    /// True where nothing is to change.
    pub(super) fn is_empty(&self) -> bool {
        self.name.is_none() && self.registration_number.is_none() && self.sector.is_none()
    }
}

/// Which companies.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct CompanyFilter {
    /// Companies with this field of work
    #[param(inline)]
    pub(super) sector: Option<Text<40>>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}
