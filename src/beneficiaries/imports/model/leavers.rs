//! Members whom a full list no longer names.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::model::Relationship;
use crate::domain::{BeneficiaryId, MemberId, VillageCode};
use crate::http::ById;

/// A leaver as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::beneficiaries::imports) struct LeaverRow {
    #[diesel(sql_type = sql_types::Uuid)]
    pub(in crate::beneficiaries::imports) member_id: MemberId,
    #[diesel(sql_type = sql_types::Uuid)]
    pub(in crate::beneficiaries::imports) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = sql_types::Text)]
    pub(in crate::beneficiaries::imports) village_code: VillageCode,
    #[diesel(sql_type = sql_types::Text)]
    pub(in crate::beneficiaries::imports) name: String,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Date>)]
    pub(in crate::beneficiaries::imports) born_on: Option<NaiveDate>,
    #[diesel(sql_type = sql_types::Text)]
    pub(in crate::beneficiaries::imports) relationship: Relationship,
}

/// A member whom a full list did not name when it was checked.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportLeaver {
    /// Id of the person
    pub id: MemberId,
    /// Family that the person would leave
    pub beneficiary_id: BeneficiaryId,
    /// Village of the family
    pub village_code: VillageCode,
    /// Name
    #[schema(max_length = 120)]
    pub name: String,
    /// Birth date
    pub born_on: Option<NaiveDate>,
    /// Relationship to the head
    pub relationship: Relationship,
}

impl From<LeaverRow> for ImportLeaver {
    fn from(row: LeaverRow) -> Self {
        let LeaverRow { member_id, beneficiary_id, village_code, name, born_on, relationship } = row;
        Self { id: member_id, beneficiary_id, village_code, name, born_on, relationship }
    }
}

/// Which leavers of an import.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::beneficiaries::imports) struct LeaverFilter {
    /// In which order: by id of the person
    #[param(inline, default = "id")]
    pub(in crate::beneficiaries::imports) sort: Option<ById>,
}
