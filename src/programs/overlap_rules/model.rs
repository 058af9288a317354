//! Overlap rules as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Int4, Nullable, SmallInt, Text as SqlText, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{DistrictCode, OverlapRuleId, ProgramId, Text, text_enum};
use crate::http::ByCreation;
use crate::programs::rule_sets::{LegalBasis, NewLegalBasis};

text_enum! {
    /// How programs keep each other off.
    OverlapKind {
        /// A family on one of `program_ids` has none of `excluded_program_ids`, and the other way round.
        Excludes "excludes",
        /// A family has at most `most` of `program_ids`.
        OneOf "one_of",
    }
}

/// Which programs one family may not have together.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub struct OverlapRule {
    /// Id of the rule
    #[diesel(sql_type = SqlUuid)]
    pub id: OverlapRuleId,
    /// Short name, as refusals tell it
    #[diesel(sql_type = SqlText)]
    #[schema(example = "BLT-NOT-PKH", max_length = 32, pattern = "^[A-Z0-9][A-Z0-9-]{1,31}$")]
    pub code: String,
    /// Made by the state, not by a sub-district
    #[diesel(sql_type = Bool)]
    pub is_of_state: bool,
    /// How they keep each other off
    #[diesel(sql_type = SqlText)]
    pub kind: OverlapKind,
    /// At most so many of the programs of `one_of`
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 1, maximum = 20)]
    pub most: i16,
    /// The programs
    #[diesel(sql_type = Array<SqlUuid>)]
    pub program_ids: Vec<ProgramId>,
    /// Those that `program_ids` exclude; empty for `one_of`
    #[diesel(sql_type = Array<SqlUuid>)]
    pub excluded_program_ids: Vec<ProgramId>,
    /// What it rests on
    #[diesel(embed)]
    pub legal_basis: LegalBasis,
    /// First day
    #[diesel(sql_type = Date)]
    pub effective_from: NaiveDate,
    /// Last day, inclusive; null while open
    #[diesel(sql_type = Nullable<Date>)]
    pub effective_to: Option<NaiveDate>,
    /// Client that added it
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 63)]
    pub created_by: String,
    /// Client that ended it
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub ended_by: Option<String>,
    /// When it was ended
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub ended_at: Option<DateTime<Utc>>,
    /// Grows with each change; the `ETag`
    #[diesel(sql_type = Int4)]
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub version: i32,
    /// When it was added
    #[diesel(sql_type = Timestamptz)]
    pub created_at: DateTime<Utc>,
    /// When it last changed
    #[diesel(sql_type = Timestamptz)]
    pub updated_at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Int4>)]
    #[serde(skip)]
    pub(super) owner_area_id: Option<i32>,
}

/// A program that keeps a family off another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, QueryableByName)]
pub struct Bar {
    /// By which rule.
    #[diesel(sql_type = SqlUuid)]
    pub rule_id: OverlapRuleId,
    /// Which program.
    #[diesel(sql_type = SqlUuid)]
    pub program_id: ProgramId,
    /// Once the family has so many of the rule's.
    #[diesel(sql_type = SmallInt)]
    pub most: i16,
}

/// An overlap rule to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "code": "ONE-RICE-2027", "kind": "one_of", "most": 1,
    "program_ids": ["019b7542-7400-7000-8000-0000000000d3", "019b7542-7400-7000-8000-0000000000d1"],
    "legal_basis": { "title": "Keputusan Camat Kembang Janggut", "number": "140/12/2026", "article": "2" },
    "effective_from": "2027-01-01", "effective_to": "2027-12-31"
}))]
pub(in crate::programs) struct NewOverlapRule {
    /// Short name, taken once in what a sub-district sees
    #[schema(min_length = 2, max_length = 32, pattern = "^[A-Z0-9][A-Z0-9-]{1,31}$")]
    pub(in crate::programs) code: Text<32>,
    /// How they keep each other off
    pub(in crate::programs) kind: OverlapKind,
    /// The programs, those of the state or of your sub-district
    #[schema(min_items = 1, max_items = 20)]
    pub(in crate::programs) program_ids: Vec<ProgramId>,
    /// For `excludes`: those that `program_ids` exclude
    #[serde(default)]
    #[schema(max_items = 20)]
    pub(in crate::programs) excluded_program_ids: Vec<ProgramId>,
    /// For `one_of`: at most so many of them for a family; 1 where left out
    #[schema(minimum = 1, maximum = 20)]
    pub(in crate::programs) most: Option<i16>,
    /// What it rests on
    pub(in crate::programs) legal_basis: NewLegalBasis,
    /// First day
    pub(in crate::programs) effective_from: NaiveDate,
    /// Last day, inclusive; left out while open
    pub(in crate::programs) effective_to: Option<NaiveDate>,
    /// Sub-district that it holds in; only where you act in several
    pub(in crate::programs) district_code: Option<DistrictCode>,
}

/// The end of an overlap rule.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "effective_to": "2026-12-31" }))]
pub(super) struct NewEnding {
    /// Last day, inclusive
    pub(super) effective_to: NaiveDate,
}

/// Which overlap rules.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OverlapRuleFilter {
    /// Rules that name this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Rules whose dates cover this day
    pub(super) on: Option<NaiveDate>,
    /// In which order
    #[param(inline, default = "created_at")]
    pub(super) sort: Option<ByCreation>,
}
