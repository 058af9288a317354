//! Replacements as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Date, Jsonb, Numeric, Text as SqlText};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    BeneficiaryId, DeliberationId, Document, EnrollmentId, ProgramId, Quantity, ReplacementId, Text, VillageCode,
    text_enum,
};
use crate::http::ById;
use crate::schema::replacements;

text_enum! {
    /// Why a family is replaced.
    ReplacementReason {
        /// Nobody of it lives any more.
        Deceased "deceased",
        /// It moved away.
        Moved "moved",
        /// It is on the list twice.
        Duplicate "duplicate",
        /// It does not want the aid.
        Refused "refused",
    }
}

/// A family that took the place of another one.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = replacements)]
pub(super) struct Replacement {
    /// Id of the replacement
    pub(super) id: ReplacementId,
    /// Program
    pub(super) program_id: ProgramId,
    /// Village whose place it is
    pub(super) village_code: VillageCode,
    /// Why
    pub(super) reason: ReplacementReason,
    /// Enrollment that ended
    pub(super) enrollment_id: EnrollmentId,
    /// Its family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Enrollment that began
    pub(super) new_enrollment_id: EnrollmentId,
    /// Its family
    pub(super) new_beneficiary_id: BeneficiaryId,
    /// Its place on the reserve list; null where it was named and did not wait
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) reserve_place: Option<i32>,
    /// Number of the statement of absolute responsibility (SPTJM)
    #[schema(max_length = 80)]
    pub(super) sptjm_number: String,
    /// Number of the handover minutes (BAST)
    #[schema(max_length = 80)]
    pub(super) handover_number: String,
    /// Special village meeting that decided it
    pub(super) deliberation_id: Option<DeliberationId>,
    /// Last day of the one, first of the other
    pub(super) replaced_on: NaiveDate,
    /// Client that replaced it
    #[schema(max_length = 63)]
    pub(super) decided_by: String,
    /// When it was written down
    pub(super) created_at: DateTime<Utc>,
    /// Whether what was still due of months to come passed to the new family
    pub(super) takes_over_due: bool,
    /// Entitlements of which something did
    #[diesel(skip_insertion, select_expression = passed_count(), select_expression_type = SqlLiteral<BigInt>)]
    #[schema(minimum = 0, maximum = 1000)]
    pub(super) passed_count: i64,
    /// What did, in the unit of the program; each entitlement tells where it went
    #[diesel(skip_insertion, select_expression = passed_quantity(), select_expression_type = SqlLiteral<Numeric>)]
    pub(super) passed_quantity: Quantity,
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// How many entitlements passed by the replacement of the row.
fn passed_count() -> SqlLiteral<BigInt> {
    sql("(select count(*) from passed_entitlements p
          where p.area_id = replacements.area_id and p.replacement_id = replacements.id)")
}

/// What passed by the replacement of the row.
fn passed_quantity() -> SqlLiteral<Numeric> {
    sql("(select coalesce(sum(p.quantity), 0) from passed_entitlements p
          where p.area_id = replacements.area_id and p.replacement_id = replacements.id)")
}

/// A family to replace.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "moved", "sptjm_number": "SPTJM/SINTETIS/2026/004", "handover_number": "BAST/SINTETIS/2026/031"
}))]
pub(super) struct NewReplacement {
    /// Why
    pub(super) reason: ReplacementReason,
    /// Number of the statement of absolute responsibility (SPTJM), signed by the head of the neighbourhood
    pub(super) sptjm_number: Text<80>,
    /// Number of the handover minutes (BAST)
    pub(super) handover_number: Text<80>,
    /// Special village meeting that decided it; where the rule set asks for one
    pub(super) deliberation_id: Option<DeliberationId>,
    /// Eligible family of the village that takes the place, where the rule set lets it be named; else the next of the
    /// reserve list takes it
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Last day of the one, first of the other, not in the future; today in the sub-district's time where left out
    pub(super) replaced_on: Option<NaiveDate>,
    /// Whether what is still due to the one in cycles that are not closed, for the month of that day and those after it,
    /// passes to the other; yes where left out, whatever the reason. What was due for months before stays due to the one
    pub(super) takes_over_due: Option<bool>,
}

/// A village meeting that a replacement rests on.
#[derive(Debug, QueryableByName)]
pub(super) struct Meeting {
    /// Number of its decree, or else of its minutes.
    #[diesel(sql_type = SqlText)]
    pub(super) paper_number: String,
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = Date)]
    pub(super) held_on: NaiveDate,
    #[diesel(sql_type = Bool)]
    pub(super) is_special: bool,
    /// It added, or put on the reserve list, the family that was named; else it removed the one that leaves.
    #[diesel(sql_type = Bool)]
    pub(super) has_decided: bool,
}

/// Which replacements.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReplacementFilter {
    /// Replacements in this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Replacements in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Replacements on this day or later
    pub(super) from: Option<NaiveDate>,
    /// Replacements on this day or before
    pub(super) to: Option<NaiveDate>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// Of which replacements to report.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReportFilter {
    /// Replacements in this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Replacements on this day or later
    pub(super) from: Option<NaiveDate>,
    /// Replacements on this day or before
    pub(super) to: Option<NaiveDate>,
}

/// Replacements of a village, as its report to the camat counts them.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct VillageReplacements {
    /// Village
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    /// Families of which nobody lives any more
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) deceased: i64,
    /// Families that moved away
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) moved: i64,
    /// Families that were on the list twice
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) duplicate: i64,
    /// Families that did not want the aid
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) refused: i64,
    /// All of them
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) replaced: i64,
    /// Of these decided by a special village meeting
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) by_meeting: i64,
    /// Of these with something still due that passed to the new family
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) took_over: i64,
    /// What passed, by unit
    #[diesel(sql_type = Jsonb)]
    #[schema(value_type = Vec<PassedDue>, max_items = 50)]
    pub(super) passed: Document<Vec<PassedDue>>,
}

/// What passed from families that were replaced to those that took their place, in one unit.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(super) struct PassedDue {
    /// What is counted
    #[schema(example = "kg", max_length = 20)]
    pub(super) unit: String,
    /// Entitlements of which something passed
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub(super) entitlements: i64,
    /// What passed
    pub(super) quantity: Quantity,
}

/// What the villages report: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ReplacementReport {
    /// The villages that replaced somebody, by their codes
    pub(super) items: Vec<VillageReplacements>,
}
