//! Disagreements as answers.

use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Date, SmallInt, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, Period, Text, VillageCode, text_enum};
use crate::http::{AsOf, ByVillage, Whole};

/// Two opinions on one family that lie apart.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct RankDisagreement {
    /// Village of the family
    #[diesel(sql_type = SqlText)]
    pub village_code: VillageCode,
    /// The family
    #[diesel(sql_type = SqlUuid)]
    pub beneficiary_id: BeneficiaryId,
    /// Name of its head
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 120)]
    pub head_name: String,
    /// The source that is first by name
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 60, example = "DTSEN")]
    pub source: String,
    /// Latest period it ranked the family for
    #[diesel(sql_type = Date)]
    pub period: Period,
    /// Its decile
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 1, maximum = 10)]
    pub decile: i16,
    /// The other source; what was found in the field begins with `field: `
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 60, example = "field: visit")]
    pub other_source: String,
    /// Latest period it ranked the family for, or month in which it was found
    #[diesel(sql_type = Date)]
    pub other_period: Period,
    /// Its decile
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 1, maximum = 10)]
    pub other_decile: i16,
    /// By how many deciles they lie apart
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 1, maximum = 9)]
    pub difference: i16,
}

/// Place of a disagreement in the list.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct DisagreementPlace {
    pub(super) village_code: VillageCode,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) source: String,
    pub(super) other_source: String,
}

impl From<&RankDisagreement> for DisagreementPlace {
    fn from(row: &RankDisagreement) -> Self {
        Self {
            village_code: row.village_code.clone(),
            beneficiary_id: row.beneficiary_id,
            source: row.source.clone(),
            other_source: row.other_source.clone(),
        }
    }
}

/// How often two sources lie apart in a village.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct RankDisagreementCount {
    /// Village of the families
    #[diesel(sql_type = SqlText)]
    pub village_code: VillageCode,
    /// The source that is first by name
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 60, example = "DTSEN")]
    pub source: String,
    /// The other source
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 60, example = "field: visit")]
    pub other_source: String,
    /// Families that both have an opinion on
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 1)]
    pub families_compared: i64,
    /// Families on which they lie apart by at least `min_difference`
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub families_apart: i64,
    /// The most that they lie apart, in deciles
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 0, maximum = 9)]
    pub largest_difference: i16,
}

text_enum! {
    /// What is compared with the ranks of sources.
    Against {
        /// Ranks of other sources.
        Sources "sources",
        /// What was found in the field.
        Field "field",
    }
}

/// Which disagreements, by village.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DisagreementFilter {
    /// Deciles that two opinions lie apart at least
    #[serde(default = "two")]
    #[param(inline, default = 2)]
    pub(super) min_difference: Whole<1, 9>,
    /// Families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Pairs with this source on either side
    #[param(inline)]
    pub(super) source: Option<Text<60>>,
    /// Pairs of two sources only, or of a source and the field only
    #[param(inline)]
    pub(super) against: Option<Against>,
    /// The disagreements as they were then (RFC 3339): by ranks recorded and families known by then
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}

fn two() -> Whole<1, 9> {
    Whole::try_from(2).unwrap_or_default()
}
