//! Duty compliance as answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Date, Int4, Nullable, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, MemberId, Period, text_enum};
use crate::http::{AsOf, ByFamily};
use crate::programs::benefits::DutyKind;

text_enum! {
    /// Whether a duty was met.
    DutyStatus {
        /// As much was done as the rule set asks for, or more.
        Met "met",
        /// Less was done: the component is cut in the next period.
        NotMet "not_met",
        /// Nothing is recorded, which is no failing and costs nothing.
        NotRecorded "not_recorded",
    }
}

/// Whether a member of a family did a duty in a period.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(super) struct DutyCompliance {
    /// Family
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    /// Member whose component asks for it
    #[diesel(sql_type = SqlUuid)]
    pub(super) member_id: MemberId,
    /// The component
    #[diesel(sql_type = Nullable<Text>)]
    #[schema(max_length = 40, example = "pupil_primary")]
    pub(super) component: Option<String>,
    /// The duty
    #[diesel(sql_type = Text)]
    pub(super) kind: DutyKind,
    /// First day of the period
    #[diesel(sql_type = Date)]
    pub(super) from: NaiveDate,
    /// Last day of it
    #[diesel(sql_type = Date)]
    pub(super) to: NaiveDate,
    /// Days, visits or sessions that were due, as far as they are recorded
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) due_count: i64,
    /// Those that were kept
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) done_count: i64,
    /// What the rule set asks for, in percent
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 1, maximum = 100)]
    pub(super) minimum_percent: i64,
    /// What a failure costs of the component in the next period, in percent
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 1, maximum = 100)]
    pub(super) cut_percent: i64,
    /// Whether it was met
    #[diesel(sql_type = Text)]
    pub(super) status: DutyStatus,
    /// Of all duties of the family together: not met where one was not, else not recorded where one is not
    #[diesel(sql_type = Text)]
    pub(super) family_status: DutyStatus,
    /// Sub-district; not shown.
    #[serde(skip)]
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
}

/// Place of a row in the list.
pub(super) type ListPlace = (i32, BeneficiaryId, MemberId, DutyKind);

/// Which duties.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ComplianceFilter {
    /// First day of the period whose duties are asked for, such as a quarter: what was not met in it is cut in the next.
    /// The present one where left out
    #[param(inline)]
    pub(super) period: Option<Period>,
    /// Duties of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Duties of this kind
    #[param(inline)]
    pub(super) kind: Option<DutyKind>,
    /// Duties that stand so
    #[param(inline)]
    pub(super) status: Option<DutyStatus>,
    /// By the records that counted then (RFC 3339); families and members are those of now
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "beneficiary_id")]
    pub(super) sort: Option<ByFamily>,
}
