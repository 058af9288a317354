//! Places and what stands against giving one.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, OverlapRuleId, ProgramId, QuotaId, VillageCode};
use crate::programs::{Bar, Quota};

/// States of enrollments that have a place, for statements.
pub(in crate::enrollments) const TAKING: &str = "('confirmed', 'active', 'suspended')";

/// The right to give places of a program in an area, until the transaction ends.
#[derive(Debug)]
pub struct Places {
    /// Sub-district.
    pub area_id: i32,
    /// Program.
    pub program_id: ProgramId,
    /// First day.
    pub on: NaiveDate,
    /// Programs that keep a family off this one, on that day, today or between.
    pub bars: Vec<Bar>,
    /// Quotas in force on that day or today, of each village and of the sub-district the one with fewer places.
    pub quotas: Vec<Quota>,
}

/// A place that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// For this family, which is held.
    pub beneficiary_id: BeneficiaryId,
    /// Of this village's quota.
    pub village_code: VillageCode,
}

/// What stands against giving a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// A program that the family has.
    Overlap(OverlapRuleId, ProgramId),
    /// The quota of the village.
    VillageFull(QuotaId),
    /// The quota of the sub-district.
    DistrictFull(QuotaId),
}

/// A family that nobody else gives a place now.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::enrollments) struct HeldFamily {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::enrollments) id: BeneficiaryId,
    #[diesel(sql_type = Text)]
    pub(in crate::enrollments) village_code: VillageCode,
    #[diesel(sql_type = Bool)]
    pub(in crate::enrollments) is_live: bool,
}

impl From<HeldFamily> for Claim {
    fn from(family: HeldFamily) -> Self {
        Self { beneficiary_id: family.id, village_code: family.village_code }
    }
}

/// A program that keeps a family off.
#[derive(Debug, QueryableByName)]
pub(super) struct InTheWay {
    #[diesel(sql_type = SqlUuid)]
    pub(super) family: BeneficiaryId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) rule: OverlapRuleId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) program: ProgramId,
}

/// How many places of a village are taken.
#[derive(Debug, Clone, QueryableByName)]
pub(in crate::enrollments) struct Taken {
    #[diesel(sql_type = Text)]
    pub(in crate::enrollments) village_code: VillageCode,
    #[diesel(sql_type = BigInt)]
    pub(in crate::enrollments) taken: i64,
}

/// What is left of a quota.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::enrollments) struct Room {
    pub(in crate::enrollments) quota_id: QuotaId,
    /// Its village; none where it is of the sub-district.
    pub(in crate::enrollments) village_code: Option<VillageCode>,
    pub(in crate::enrollments) left: i64,
}

/// The places of a quota in force.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct QuotaPlaces {
    /// Quota
    #[diesel(sql_type = SqlUuid)]
    pub(super) quota_id: QuotaId,
    /// Village; null where it is of the sub-district as a whole
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) village_code: Option<VillageCode>,
    /// Places that there are
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) places: i64,
    /// Taken by enrollments that are confirmed, active or suspended
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) taken: i64,
    /// Left
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) free: i64,
    /// Families that wait for one
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) waiting: i64,
}

/// All quotas in force: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PlaceCounts {
    /// The quotas, by village, those of sub-districts last
    pub(super) items: Vec<QuotaPlaces>,
}

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PlacesDay {
    /// Day whose quotas count; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
}
