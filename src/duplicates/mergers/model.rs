//! Mergers as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Bytea, Date, Nullable, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::beneficiaries::{Relationship, Sex};
use crate::domain::{
    AllocationId, BeneficiaryId, CustodyId, DuplicateMergerId, DuplicatePairId, EmpowermentPlanId, EnrollmentId,
    EntitlementId, Line, MemberId, NeedId, Period, ProgramId, text_enum,
};
use crate::http::ByCreation;
use crate::schema::duplicate_mergers;

text_enum! {
    /// Whether a merger holds.
    MergerStatus {
        /// The records are one.
        Merged "merged",
        /// They are two again.
        Undone "undone",
    }
}

text_enum! {
    /// A fact that may be taken from the record that ends.
    TakenField {
        /// NIK.
        Nik "nik",
        /// Name.
        Name "name",
        /// Sex.
        Sex "sex",
        /// Birth date.
        BornOn "born_on",
        /// Birth place.
        BirthPlace "birth_place",
        /// Mother's name.
        MotherName "mother_name",
        /// Work.
        Work "work",
        /// Pregnancy.
        IsPregnant "is_pregnant",
        /// Severe disability.
        HasDisability "has_disability",
        /// Schooling.
        InSchool "in_school",
    }
}

/// Records to make one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "persons": [{ "pair_id": "019b7542-7400-7000-8000-00000000b304", "keep_member_id": "019b7542-7400-7000-8000-00000000a13a" }],
    "merges_families": true, "reason": "Registered again after moving house"
}))]
pub(super) struct NewDuplicateMerger {
    /// Pairs that were decided to be the same, all of the same two families
    #[schema(min_items = 1, max_items = 30)]
    pub(super) persons: Vec<MergedPerson>,
    /// Whether the families are one household: the one that ends hands over everybody and everything
    #[serde(default)]
    pub(super) merges_families: bool,
    /// Who is the head of the family that loses its head and goes on
    pub(super) successor_id: Option<MemberId>,
    /// Why; no personal data
    pub(super) reason: Line,
}

/// A person with two records.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergedPerson {
    /// The pair
    pub(super) pair_id: DuplicatePairId,
    /// Which of the two goes on
    pub(super) keep_member_id: MemberId,
    /// Facts to take from the other one; what the record that goes on lacks is taken anyway
    #[serde(default)]
    #[schema(max_items = 10)]
    pub(super) take: Vec<TakenField>,
}

/// The end of a merger.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "They are two persons after all" }))]
pub(super) struct NewReversal {
    /// Why; no personal data
    pub(super) reason: Line,
}

/// A merger as the database has it, without the rows it keeps.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = duplicate_mergers)]
pub(super) struct MergerRow {
    pub(super) area_id: i32,
    pub(super) id: DuplicateMergerId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) merged_beneficiary_id: BeneficiaryId,
    pub(super) is_whole: bool,
    pub(super) persons: Value,
    pub(super) moved_enrollment_ids: Vec<Uuid>,
    pub(super) told: Value,
    pub(super) reason: String,
    pub(super) status: MergerStatus,
    pub(super) client_id: String,
    pub(super) undone_by: Option<String>,
    pub(super) undone_at: Option<DateTime<Utc>>,
    pub(super) undo_reason: Option<String>,
    pub(super) version: i32,
    pub(super) created_at: DateTime<Utc>,
}

/// Records that were made one.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct DuplicateMerger {
    /// Id of the merger
    pub(super) id: DuplicateMergerId,
    /// Family that goes on
    pub(super) beneficiary_id: BeneficiaryId,
    /// Family of the records that ended
    pub(super) merged_beneficiary_id: BeneficiaryId,
    /// Whether that family ended
    pub(super) is_whole: bool,
    /// Of each person the record that goes on and the one that ended
    #[schema(max_items = 30)]
    pub(super) persons: Vec<OnePerson>,
    /// Enrollments that the family that goes on has now
    #[schema(max_items = 100)]
    pub(super) carried_enrollment_ids: Vec<EnrollmentId>,
    /// Enrollments that ended, as that family is on the program itself
    #[schema(max_items = 100)]
    pub(super) ended_enrollment_ids: Vec<EnrollmentId>,
    /// Needs that the family that goes on has now
    #[schema(max_items = 100)]
    pub(super) carried_need_ids: Vec<NeedId>,
    /// Needs that were withdrawn, as that family has one of the kind itself or something is reserved for them: it needs what
    /// was lacking
    #[schema(max_items = 100)]
    pub(super) ended_need_ids: Vec<NeedId>,
    /// Custodies of equipment that the family that goes on has now
    #[schema(max_items = 100)]
    pub(super) carried_custody_ids: Vec<CustodyId>,
    /// Empowerment plans that the family that goes on has now
    #[schema(max_items = 100)]
    pub(super) carried_plan_ids: Vec<EmpowermentPlanId>,
    /// Empowerment plans that ended, as that family has one of the program itself
    #[schema(max_items = 100)]
    pub(super) ended_plan_ids: Vec<EmpowermentPlanId>,
    /// What companies have reserved for the family that ended: to be released, since nothing is handed over to it
    #[schema(max_items = 1000)]
    pub(super) reserved_allocation_ids: Vec<AllocationId>,
    /// What both were entitled to in one period; nothing of it is taken back
    #[schema(max_items = 1000)]
    pub(super) overlaps: Vec<Overlap>,
    /// Why
    #[schema(max_length = 200)]
    pub(super) reason: String,
    /// Whether it holds
    pub(super) status: MergerStatus,
    /// Client that merged
    #[schema(max_length = 63)]
    pub(super) client_id: String,
    /// Client that undid it
    #[schema(max_length = 63)]
    pub(super) undone_by: Option<String>,
    /// When
    pub(super) undone_at: Option<DateTime<Utc>>,
    /// Why
    #[schema(max_length = 200)]
    pub(super) undo_reason: Option<String>,
    /// Grows with each change; the `ETag`
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When
    pub(super) created_at: DateTime<Utc>,
}

/// A person whose two records are one.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "they are ids of three records")]
pub(super) struct OnePerson {
    /// Pair
    pub(super) pair_id: DuplicatePairId,
    /// Record that goes on
    pub(super) member_id: MemberId,
    /// Record that ended
    pub(super) merged_member_id: MemberId,
}

/// What became of what the families had, as it is kept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct Told {
    pub(super) carried_enrollment_ids: Vec<EnrollmentId>,
    pub(super) ended_enrollment_ids: Vec<EnrollmentId>,
    pub(super) carried_need_ids: Vec<NeedId>,
    /// Absent where it was merged before needs ended.
    #[serde(default)]
    pub(super) ended_need_ids: Vec<NeedId>,
    /// Absent where it was merged before equipment was kept.
    #[serde(default)]
    pub(super) carried_custody_ids: Vec<CustodyId>,
    /// Absent where it was merged before packages were planned.
    #[serde(default)]
    pub(super) carried_plan_ids: Vec<EmpowermentPlanId>,
    #[serde(default)]
    pub(super) ended_plan_ids: Vec<EmpowermentPlanId>,
    /// Absent where it was merged before what is reserved was told.
    #[serde(default)]
    pub(super) reserved_allocation_ids: Vec<AllocationId>,
    pub(super) overlaps: Vec<Overlap>,
}

/// One program and period that both families were entitled in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, QueryableByName)]
pub(super) struct Overlap {
    /// Program
    #[diesel(sql_type = SqlUuid)]
    pub(super) program_id: ProgramId,
    /// Period
    #[diesel(sql_type = Date)]
    pub(super) period: Period,
    /// Entitlement of the family that goes on
    #[diesel(sql_type = SqlUuid)]
    pub(super) entitlement_id: EntitlementId,
    /// Entitlement of the other one
    #[diesel(sql_type = SqlUuid)]
    pub(super) merged_entitlement_id: EntitlementId,
}

impl From<MergerRow> for DuplicateMerger {
    fn from(row: MergerRow) -> Self {
        let told: Told = serde_json::from_value(row.told).unwrap_or_default();
        Self {
            id: row.id,
            beneficiary_id: row.beneficiary_id,
            merged_beneficiary_id: row.merged_beneficiary_id,
            is_whole: row.is_whole,
            persons: serde_json::from_value(row.persons).unwrap_or_default(),
            carried_enrollment_ids: told.carried_enrollment_ids,
            ended_enrollment_ids: told.ended_enrollment_ids,
            carried_need_ids: told.carried_need_ids,
            ended_need_ids: told.ended_need_ids,
            carried_custody_ids: told.carried_custody_ids,
            carried_plan_ids: told.carried_plan_ids,
            ended_plan_ids: told.ended_plan_ids,
            reserved_allocation_ids: told.reserved_allocation_ids,
            overlaps: told.overlaps,
            reason: row.reason,
            status: row.status,
            client_id: row.client_id,
            undone_by: row.undone_by,
            undone_at: row.undone_at,
            undo_reason: row.undo_reason,
            version: row.version,
            created_at: row.created_at,
        }
    }
}

/// A live member of one of the families, as far as a merger asks.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Person {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: MemberId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = SqlText)]
    pub(super) relationship: Relationship,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub(super) nik_sealed: Option<Vec<u8>>,
    #[diesel(sql_type = Nullable<Bytea>)]
    pub(super) nik_digest: Option<Vec<u8>>,
    #[diesel(sql_type = SqlText)]
    pub(super) sex: Sex,
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) born_on: Option<NaiveDate>,
}

/// A family that is locked.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Locked {
    #[diesel(sql_type = SqlText)]
    pub(super) status: String,
}

/// Which mergers, in which order.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MergerFilter {
    /// Mergers with this status
    #[param(inline)]
    pub(super) status: Option<MergerStatus>,
    /// Mergers that this family had a part in
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// In which order
    #[param(inline, default = "-created_at")]
    pub(super) sort: Option<ByCreation>,
}
