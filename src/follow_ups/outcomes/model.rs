//! Outcomes as rows and filters.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, SmallInt, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::aid::AidSource;
use crate::domain::{PledgeId, ProgramId, VillageCode};
use crate::http::Whole;

/// What follow-ups of one program or pledge found after some months.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct FollowUpOutcome {
    /// Who gave
    #[diesel(sql_type = SqlText)]
    source: AidSource,
    /// Program; `null` for aid of a company
    #[diesel(sql_type = Nullable<SqlUuid>)]
    program_id: Option<ProgramId>,
    /// Pledge; `null` for aid of a program
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pledge_id: Option<PledgeId>,
    /// Village of the families when they got it; a company is told all villages as one, `null`
    #[diesel(sql_type = Nullable<SqlText>)]
    village_code: Option<VillageCode>,
    /// Months after the handover
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 3, maximum = 24)]
    month_mark: i16,
    /// Follow-ups that were due by today; a company is told in steps of five, and `null` below five
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    due: Option<i64>,
    /// Families that were met, told in the same way
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    met: Option<i64>,
    /// Percent of families met, of those that were due; a company is told at least so many, and `null` of fewer than five
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 100)]
    response_percent: Option<i64>,
    /// Percent of families that use the asset, of those met that had one; a company is told at least so many, and `null` of fewer than five
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 100)]
    in_use_percent: Option<i64>,
    /// Percent of families that earn from it, of those met; a company is told at least so many, and `null` of fewer than five
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 100)]
    earning_percent: Option<i64>,
    /// Percent of families with more income than before, of those met; a company is told at least so many, and `null` of fewer than five
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 100)]
    higher_income_percent: Option<i64>,
    /// Percent of families that need no aid any more, of those met; a company is told at least so many, and `null` of fewer than five
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 100)]
    off_aid_percent: Option<i64>,
}

/// All outcomes: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FollowUpOutcomes {
    /// By program or pledge, village and months
    pub(super) items: Vec<FollowUpOutcome>,
}

/// Which outcomes.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OutcomeFilter {
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// In this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// After so many months
    #[param(inline)]
    pub(super) month_mark: Option<Whole<3, 24>>,
}
