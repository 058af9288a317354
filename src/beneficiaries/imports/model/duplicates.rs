//! Persons of a file who may be known already.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::checks::{FieldBits, Finding};
use crate::beneficiaries::model::Sex;
use crate::domain::{BeneficiaryId, ImportId, MemberId, VillageCode, text_enum};
use crate::http::{ByRow, Whole};
use crate::schema::import_duplicates;

text_enum! {
    /// Why nobody was looked for before an import is applied; the look that follows it finds them.
    LookSkipped {
        /// It is applied by itself: nobody looks at it before.
        NotReviewed "not_reviewed",
        /// Its new persons and the members are more than are compared beforehand.
        TooManyPersons "too_many_persons",
        /// It could not be done.
        NotPossible "not_possible",
    }
}

/// What a look for the new persons of a file came to: pairs of one with a member, or with another of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub struct PossibleDuplicates {
    /// Pairs that are one person, as far as records can tell
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub same: i32,
    /// Pairs that somebody should look at
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub look: i32,
    /// Pairs of both kinds that are not listed, the least sure ones, as there are more than anybody can look at
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub left_out: i32,
    /// Why nobody was looked for; `null` where somebody was
    pub skipped: Option<LookSkipped>,
}

impl PossibleDuplicates {
    /// Of a look that was left out.
    pub(in crate::beneficiaries::imports) fn skipped(why: LookSkipped) -> Self {
        Self { skipped: Some(why), ..Self::default() }
    }

    /// As the database keeps it.
    pub(in crate::beneficiaries::imports) fn kept(&self) -> Value {
        json!(self)
    }

    /// As it was kept.
    pub(in crate::beneficiaries::imports) fn of_kept(kept: Value) -> Option<Self> {
        serde_json::from_value(kept).ok()
    }
}

/// Somebody whom a row of the file may be, to be kept.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = import_duplicates, treat_none_as_default_value = false)]
pub(in crate::beneficiaries::imports) struct NewDuplicate {
    pub(in crate::beneficiaries::imports) area_id: i32,
    pub(in crate::beneficiaries::imports) import_id: ImportId,
    pub(in crate::beneficiaries::imports) row_number: i32,
    pub(in crate::beneficiaries::imports) candidate_number: i32,
    pub(in crate::beneficiaries::imports) other_row_number: Option<i32>,
    pub(in crate::beneficiaries::imports) member_id: Option<MemberId>,
    pub(in crate::beneficiaries::imports) beneficiary_id: Option<BeneficiaryId>,
    pub(in crate::beneficiaries::imports) finding: Finding,
    pub(in crate::beneficiaries::imports) centibits: i32,
    pub(in crate::beneficiaries::imports) fields: Value,
}

/// Somebody whom a row of the file may be, as the database has it.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::beneficiaries::imports) struct DuplicateRow {
    #[diesel(sql_type = sql_types::Integer)]
    pub(in crate::beneficiaries::imports) row_number: i32,
    #[diesel(sql_type = sql_types::Integer)]
    pub(in crate::beneficiaries::imports) candidate_number: i32,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Integer>)]
    pub(in crate::beneficiaries::imports) other_row_number: Option<i32>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    pub(in crate::beneficiaries::imports) member_id: Option<MemberId>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Uuid>)]
    pub(in crate::beneficiaries::imports) beneficiary_id: Option<BeneficiaryId>,
    #[diesel(sql_type = sql_types::Text)]
    pub(in crate::beneficiaries::imports) finding: Finding,
    #[diesel(sql_type = sql_types::Integer)]
    pub(in crate::beneficiaries::imports) centibits: i32,
    #[diesel(sql_type = sql_types::Jsonb)]
    pub(in crate::beneficiaries::imports) fields: Value,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub(in crate::beneficiaries::imports) name: Option<String>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub(in crate::beneficiaries::imports) sex: Option<Sex>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Date>)]
    pub(in crate::beneficiaries::imports) born_on: Option<NaiveDate>,
    #[diesel(sql_type = sql_types::Nullable<sql_types::Text>)]
    pub(in crate::beneficiaries::imports) village_code: Option<VillageCode>,
}

/// A person of the file who would be new, and somebody whom it may be: a member, or an earlier row.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportDuplicate {
    /// Line of the file, or row of the sheet, of the person; a header is 1
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub row: i32,
    /// Earlier row that may be the same person; `null` where it is a member
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub other_row: Option<i32>,
    /// Id of the member; `null` where it is another row
    pub member_id: Option<MemberId>,
    /// Family of the member when they were compared
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Whether they are one person, or somebody should look
    pub finding: Finding,
    /// How sure it is: binary logarithm of the odds, 0 even, 10 a thousand to one
    #[schema(minimum = -1000, maximum = 1000, example = 12.5)]
    pub bits: f64,
    /// What each field says for it, or against it
    #[schema(max_items = 16)]
    pub fields: Vec<FieldBits>,
    /// Name of the member
    #[schema(max_length = 120)]
    pub name: Option<String>,
    /// Sex of the member
    pub sex: Option<Sex>,
    /// Birth date of the member
    pub born_on: Option<NaiveDate>,
    /// Village where the member lives now; none where that is nowhere any more
    pub village_code: Option<VillageCode>,
}

impl From<DuplicateRow> for ImportDuplicate {
    fn from(row: DuplicateRow) -> Self {
        Self {
            row: row.row_number,
            other_row: row.other_row_number,
            member_id: row.member_id,
            beneficiary_id: row.beneficiary_id,
            finding: row.finding,
            bits: f64::from(row.centibits) / 100.0,
            fields: FieldBits::of_kept(row.fields),
            name: row.name,
            sex: row.sex,
            born_on: row.born_on,
            village_code: row.village_code,
        }
    }
}

/// Which candidates of an import, in the order of the file; of a row the surest first.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::beneficiaries::imports) struct DuplicateFilter {
    /// Those that are one person, or those that somebody should look at
    #[param(inline)]
    pub(in crate::beneficiaries::imports) finding: Option<Finding>,
    /// Those of this row, and of rows that may be the same person as it
    #[param(inline)]
    pub(in crate::beneficiaries::imports) row: Option<Whole<1, 2_147_483_647>>,
    /// In which order
    #[param(inline, default = "row")]
    pub(in crate::beneficiaries::imports) sort: Option<ByRow>,
}
