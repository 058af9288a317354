//! What happens to families, as requests and answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Nullable, Numeric, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::beneficiaries::model::{Beneficiary, Relationship};
use crate::domain::{
    AllocationId, BeneficiaryId, CardNumber, CustodyId, EmpowermentPlanId, EnrollmentId, Line, MemberId, NeedId,
    ProgramId, Quantity, Text, VillageCode,
};

/// What a person is to the head of a family.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Placed {
    /// Person
    pub(super) member_id: MemberId,
    /// Relationship to the head
    pub(super) relationship: Relationship,
}

/// Members who get a family card of their own (pecah KK).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "card_number": "6402101511269121", "village_code": "64.02.10.2004", "address": "RT 02 Jalan Belayan",
    "on": "2026-11-02", "members": [{ "member_id": "019b7542-7400-7000-8000-00000000a215", "relationship": "head" }],
    "change_reason": "Menikah dan pisah rumah"
}))]
pub(super) struct NewSplit {
    /// Version of the family that was looked at; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// Number of the new family card
    pub(super) card_number: CardNumber,
    /// Village of the new family, of the same sub-district
    pub(super) village_code: VillageCode,
    /// Address as the new card has it
    pub(super) address: Option<Line>,
    /// Telephone
    pub(super) phone: Option<Text<20>>,
    /// Day of the new card
    pub(super) on: NaiveDate,
    /// Who is on the new card, exactly one of them the head; somebody stays
    #[schema(min_items = 1, max_items = 30)]
    pub(super) members: Vec<Placed>,
    /// Who is the head of those who stay; needed where their head leaves
    pub(super) successor_id: Option<MemberId>,
    /// Why, kept in the history; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}

/// A family that joins another one on its card.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "into_beneficiary_id": "019b7542-7400-7000-8000-00000000b117", "on": "2026-11-02",
    "members": [
        { "member_id": "019b7542-7400-7000-8000-00000000a116", "relationship": "other_kin" },
        { "member_id": "019b7542-7400-7000-8000-00000000a216", "relationship": "other_kin" }
    ],
    "change_reason": "Kembali ke rumah orang tua"
}))]
pub(super) struct NewMerger {
    /// Version of the family that was looked at; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// The family that goes on, of the same sub-district
    pub(super) into_beneficiary_id: BeneficiaryId,
    /// Version of that one that was looked at
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) into_version: Option<i32>,
    /// Day from which they are on one card
    pub(super) on: NaiveDate,
    /// Everybody of the family that ends, and what they are to the head of the one that goes on
    #[schema(min_items = 1, max_items = 30)]
    pub(super) members: Vec<Placed>,
    /// Why, kept in the history; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}

/// What became of two families that are on one card now.
///
/// Nothing of the family that ended is lost in silence: what it was enrolled in, what it needed and what companies
/// had set aside for it is told here.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Merger {
    /// The family that goes on
    pub(super) beneficiary: Beneficiary,
    /// The family that ended
    pub(super) ended: Beneficiary,
    /// Programs that the family that ended was on
    #[schema(max_items = 1000)]
    pub(super) ended_enrollments: Vec<EndedEnrollment>,
    /// What it needed
    #[schema(max_items = 1000)]
    pub(super) ended_needs: Vec<EndedNeed>,
    /// Custodies of equipment that the family that goes on has now
    #[schema(max_items = 1000)]
    pub(super) carried_custody_ids: Vec<CustodyId>,
    /// Empowerment plans that the family that goes on has now
    #[schema(max_items = 1000)]
    pub(super) carried_plan_ids: Vec<EmpowermentPlanId>,
    /// Empowerment plans that ended, as that family has one of the program itself
    #[schema(max_items = 1000)]
    pub(super) ended_plan_ids: Vec<EmpowermentPlanId>,
    /// What is reserved for it still: to be released, since nothing is handed over to a family that ended; the family that
    /// goes on needs it
    #[schema(max_items = 1000)]
    pub(super) reserved_allocation_ids: Vec<AllocationId>,
}

/// An enrollment that ended with its family.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct EndedEnrollment {
    /// Id of the enrollment
    #[diesel(sql_type = SqlUuid)]
    pub(crate) enrollment_id: EnrollmentId,
    /// Program
    #[diesel(sql_type = SqlUuid)]
    pub(crate) program_id: ProgramId,
    /// True where it rested
    #[diesel(sql_type = Bool)]
    pub(crate) was_suspended: bool,
    /// True where the family that goes on is on the program itself; else somebody decides whether it shall be
    #[diesel(sql_type = Bool)]
    pub(crate) is_continued: bool,
}

/// A need that was open, or that something was reserved for, when its family ended.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(crate) struct EndedNeed {
    /// Id of the need
    #[diesel(sql_type = SqlUuid)]
    pub(crate) need_id: NeedId,
    /// What was needed
    #[diesel(sql_type = SqlText)]
    #[schema(example = "hand_tractor", max_length = 40)]
    pub(crate) kind: String,
    /// What the family lacked of it still, reserved or not
    #[diesel(sql_type = Numeric)]
    pub(crate) lacking: Quantity,
    /// The need of the family that goes on, for what was lacking; absent where that one has a need of the kind already
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(crate) carried_to_id: Option<NeedId>,
}

/// A person who goes over to another family.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "beneficiary_id": "019b7542-7400-7000-8000-00000000b119", "relationship": "child_in_law", "on": "2026-11-02",
    "change_reason": "Menikah"
}))]
pub(super) struct NewMove {
    /// Version of the person that was looked at; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// The family to join, of the same sub-district
    pub(super) beneficiary_id: BeneficiaryId,
    /// Relationship to its head
    pub(super) relationship: Relationship,
    /// The day
    pub(super) on: NaiveDate,
    /// Who is the head of those who stay; needed where their head leaves others behind
    pub(super) successor_id: Option<MemberId>,
    /// Why, kept in the history; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}

/// Another head of a family, and what the others are to that person.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "head_id": "019b7542-7400-7000-8000-00000000a21a",
    "members": [{ "member_id": "019b7542-7400-7000-8000-00000000a11a", "relationship": "parent" }],
    "change_reason": "Kepala keluarga sakit"
}))]
pub(super) struct NewHeadChange {
    /// Version of the family that was looked at; refused where it has changed since
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: Option<i32>,
    /// Who is the head now
    pub(super) head_id: MemberId,
    /// What the others are to the new head; the head until now at least, who is left out stays what they were
    #[schema(min_items = 1, max_items = 30)]
    pub(super) members: Vec<Placed>,
    /// Why, kept in the history; no names and numbers of persons
    pub(super) change_reason: Option<Line>,
}
