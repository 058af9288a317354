//! Warnings as answers.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::{BeneficiaryId, MemberId, VillageCode, text_enum};
use crate::http::{AsOf, ByVillage};

text_enum! {
    /// What looks odd.
    WarningCode {
        /// The NIK tells another birth date than the record.
        NikBirthDateDiffers "nik_birth_date_differs",
        /// The NIK tells the other sex.
        NikSexDiffers "nik_sex_differs",
        /// The NIK starts with no known district.
        NikDistrictUnknown "nik_district_unknown",
        /// The family card number starts with no known district.
        CardDistrictUnknown "card_district_unknown",
    }
}

/// Something odd about a live family or one of its members.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct Warning {
    /// What is odd
    #[diesel(sql_type = Text)]
    pub code: WarningCode,
    /// Village of the family
    #[diesel(sql_type = Text)]
    pub village_code: VillageCode,
    /// The family
    #[diesel(sql_type = SqlUuid)]
    pub beneficiary_id: BeneficiaryId,
    /// The person, where it is about one
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub member_id: Option<MemberId>,
    /// Name of the person, or of the head of the family
    #[diesel(sql_type = Text)]
    #[schema(max_length = 120)]
    pub name: String,
}

/// Place of a warning in the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct WarningPlace {
    pub(super) village_code: VillageCode,
    pub(super) beneficiary_id: BeneficiaryId,
    /// The person, or again the family.
    pub(super) subject_id: Uuid,
    pub(super) code: WarningCode,
}

impl From<&Warning> for WarningPlace {
    fn from(warning: &Warning) -> Self {
        Self {
            village_code: warning.village_code.clone(),
            beneficiary_id: warning.beneficiary_id,
            subject_id: warning.member_id.map_or(warning.beneficiary_id.0, |member| member.0),
            code: warning.code,
        }
    }
}

/// How many warnings of one kind a village has.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct WarningCount {
    /// Village of the families
    #[diesel(sql_type = Text)]
    pub village_code: VillageCode,
    /// What is odd
    #[diesel(sql_type = Text)]
    pub code: WarningCode,
    /// Families with it, themselves or by a member
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 1)]
    pub families: i64,
    /// Warnings in all
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 1)]
    pub warnings: i64,
}

/// Which warnings, by village.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WarningFilter {
    /// Warnings of this kind
    #[param(inline)]
    pub(super) code: Option<WarningCode>,
    /// Warnings of families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// The warnings as they were then (RFC 3339); slower, as it reads what was replaced since
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}
