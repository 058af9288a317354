//! What passed, as rows and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Nullable, Numeric, Text, Uuid as SqlUuid};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::{
    BeneficiaryId, CycleId, EnrollmentId, EntitlementId, Period, ProgramId, Quantity, ReplacementId, RuleSetId,
};
use crate::programs::benefits::BenefitPeriod;
use crate::schema::passed_entitlements;

/// What of an entitlement passed to the family that took the place of the one it was due to.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = passed_entitlements)]
pub struct PassedEntitlement {
    /// Entitlement that it was of
    pub entitlement_id: EntitlementId,
    /// Entitlement that it is of now
    pub new_entitlement_id: EntitlementId,
    /// Cycle of both
    pub cycle_id: CycleId,
    /// Program
    pub program_id: ProgramId,
    /// Period of the cycle
    pub period: Period,
    /// Replacement that it passed by
    pub replacement_id: ReplacementId,
    /// Family that it was due to
    pub beneficiary_id: BeneficiaryId,
    /// Family that it is due to now
    pub new_beneficiary_id: BeneficiaryId,
    /// Due of it and not handed over until then, in the unit of the program
    pub left_quantity: Quantity,
    /// Of that, what passed
    pub quantity: Quantity,
    /// Of what passed, what suspension orders held and hold on
    pub held_quantity: Quantity,
    /// First day of the family that took over
    pub taken_over_on: NaiveDate,
    /// When it passed
    pub created_at: DateTime<Utc>,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub area_id: i32,
}

/// A family that takes the place of another one, by which replacement and from which day on. Both are held.
#[derive(Debug, Clone, Copy)]
pub struct Passing {
    /// Sub-district.
    pub area_id: i32,
    /// Program.
    pub program_id: ProgramId,
    /// The replacement.
    pub replacement_id: ReplacementId,
    /// Enrollment that ended.
    pub enrollment_id: EnrollmentId,
    /// Its family.
    pub beneficiary_id: BeneficiaryId,
    /// Enrollment that began.
    pub new_enrollment_id: EnrollmentId,
    /// Its family.
    pub new_beneficiary_id: BeneficiaryId,
    /// Last day of the one, first of the other.
    pub on: NaiveDate,
    /// Digits after the point that a part is rounded down to.
    pub digits: u8,
}

/// How an entitlement of the family that leaves stands, once it is locked.
#[derive(Debug, Clone, QueryableByName)]
pub(super) struct Standing {
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: EntitlementId,
    #[diesel(sql_type = Date)]
    pub(super) period: Period,
    #[diesel(sql_type = SqlUuid)]
    pub(super) cycle_id: CycleId,
    #[diesel(sql_type = SqlUuid)]
    pub(super) rule_set_id: RuleSetId,
    #[diesel(sql_type = Text)]
    pub(super) benefit_period: BenefitPeriod,
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
    /// First day of the family that leaves, where this passed to it: what is due is for the months from that one on.
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) since: Option<NaiveDate>,
    /// Lapsed, reduced away, voided, or returned and not due again.
    #[diesel(sql_type = Numeric)]
    pub(super) withdrawn: Quantity,
    /// Handed over; of a training at least the seats that are taken of it.
    #[diesel(sql_type = Numeric)]
    pub(super) used: Quantity,
    #[diesel(sql_type = Numeric)]
    pub(super) held: Quantity,
}

/// What passes of an entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Portion {
    /// Due of it and not used.
    pub(super) left: Quantity,
    /// Of that, what passes.
    pub(super) quantity: Quantity,
    /// Of what passes, what is held.
    pub(super) held: Quantity,
}

/// What a family had already of what would pass to it.
#[derive(Debug, QueryableByName)]
pub(super) struct Had {
    /// Its entitlement; nothing where it brought it along from another sub-district.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) entitlement_id: Option<EntitlementId>,
    #[diesel(sql_type = Date)]
    pub(super) period: Period,
}
