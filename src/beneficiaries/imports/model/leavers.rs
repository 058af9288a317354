//! Members whom a full list no longer names.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::model::Relationship;
use crate::domain::{AllocationId, BeneficiaryId, MemberId, VillageCode};
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
    #[diesel(sql_type = sql_types::Array<sql_types::Uuid>)]
    pub(in crate::beneficiaries::imports) reserved_allocation_ids: Vec<AllocationId>,
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
    /// What of pledged aid is reserved for the family, the first hundred: if nobody stays in it, nobody can receive it, and
    /// it is released before or after
    #[schema(max_items = 100)]
    pub reserved_allocation_ids: Vec<AllocationId>,
}

impl From<LeaverRow> for ImportLeaver {
    fn from(row: LeaverRow) -> Self {
        Self {
            id: row.member_id,
            beneficiary_id: row.beneficiary_id,
            village_code: row.village_code,
            name: row.name,
            born_on: row.born_on,
            relationship: row.relationship,
            reserved_allocation_ids: row.reserved_allocation_ids,
        }
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
