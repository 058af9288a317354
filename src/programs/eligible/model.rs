//! Questions about eligibility and their answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Int4, Nullable, SmallInt, Text, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::{BeneficiaryId, Period, ProgramId, Quantity, RuleSetId, VillageCode};
use crate::http::{AsOf, ByVillage};
use crate::programs::benefits::{Attended, Due, DutyKind, LeftOut, OmissionReason, Share};
use crate::programs::eligibility::{Answer, Explained, FactChange};
use crate::programs::entitlements::passed::PassedEntitlement;
use crate::programs::rule_sets::RuleSet;

/// On which day.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DayFilter {
    /// Day whose rule set decides; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
}

/// Which of the eligible families.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EligibleFilter {
    /// Day whose rule set decides; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
    /// Families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Families that are on the program already, or not
    pub(super) is_enrolled: Option<bool>,
    /// In which order
    #[param(inline, default = "village_code")]
    pub(super) sort: Option<ByVillage>,
}

/// How many families may have a program.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EligibilityCounts {
    /// Program
    pub(super) program_id: ProgramId,
    /// Rule set that decides
    pub(super) rule_set_id: RuleSetId,
    /// Its number
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) rule_set_number: i32,
    /// Day it was asked for
    pub(super) on: NaiveDate,
    /// Families that may have it
    #[schema(minimum = 0)]
    pub(super) eligible: i64,
    /// All live families
    #[schema(minimum = 0)]
    pub(super) families: i64,
    /// The same by village
    pub(super) villages: Vec<VillageCount>,
}

impl EligibilityCounts {
    /// Sums the villages up, so that their total is the district's.
    pub(super) fn of(rule_set: &RuleSet, on: NaiveDate, villages: Vec<VillageCount>) -> Self {
        Self {
            program_id: rule_set.program_id,
            rule_set_id: rule_set.id,
            rule_set_number: rule_set.number,
            on,
            eligible: villages.iter().map(|village| village.eligible).sum(),
            families: villages.iter().map(|village| village.families).sum(),
            villages,
        }
    }
}

/// How many families of a village may have a program.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct VillageCount {
    /// Village
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    /// Families that may have it
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) eligible: i64,
    /// All live families
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) families: i64,
}

/// A family that may have a program.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct EligibleBeneficiary {
    /// Id of the family
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village where it lives
    #[diesel(sql_type = Text)]
    pub(super) village_code: VillageCode,
    /// Name of the head of the family
    #[diesel(sql_type = Text)]
    #[schema(max_length = 120)]
    pub(super) head_name: String,
    /// Live members
    #[diesel(sql_type = Int4)]
    #[schema(minimum = 0, maximum = 50)]
    pub(super) member_count: i32,
    /// Latest welfare rank, 1 poorest to 10
    #[diesel(sql_type = Nullable<SmallInt>)]
    #[schema(minimum = 1, maximum = 10)]
    pub(super) decile: Option<i16>,
    /// On the program already
    #[diesel(sql_type = Bool)]
    pub(super) is_enrolled: bool,
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
}

/// Place of a family in the list.
pub(super) type ListPlace = (i32, VillageCode, BeneficiaryId);

/// Why a family may or may not have a program.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct EligibilityReasons {
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Day it was asked for
    pub(super) on: NaiveDate,
    /// It may have the program: the answer is yes
    pub(super) is_eligible: bool,
    /// What the rule says
    pub(super) answer: Answer,
    /// Rule set that decided, with its legal basis
    pub(super) rule_set: RuleSet,
    /// Each part of the rule with its answer and the facts it read
    pub(super) reasons: Explained,
    /// What the family would get in the period that the day is in, and why, whatever the rule says; for families on the
    /// program a cycle gives the same
    pub(super) benefit: BenefitReasons,
    /// What passed in the program from this family to the one that took its place, or to it from the one before, the latest
    /// periods first
    #[schema(max_items = 50)]
    pub(super) passed: Vec<PassedEntitlement>,
    /// Facts that would have to be others for the answer to turn, as few as there need be; absent where no change of
    /// facts does it, as where a rule asks for more members than the family has
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 500)]
    pub(super) smallest_change: Option<Vec<FactChange>>,
}

/// What a family would get in a period, and why.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct BenefitReasons {
    /// The period
    pub(super) period: Period,
    /// Due, in the unit of the program
    pub(super) quantity: Quantity,
    /// Its parts, by member and component, with what is cut by the duties of the period before
    #[schema(max_items = 50)]
    pub(super) breakdown: Vec<Share>,
    /// Why it is nothing; null where it is something
    pub(super) reason: Option<OmissionReason>,
    /// Members who bring nothing although something speaks for it
    #[schema(max_items = 50)]
    pub(super) left_out: Vec<LeftOut>,
}

impl BenefitReasons {
    /// The same for every family.
    pub(super) fn fixed(period: Period, quantity: &Quantity) -> Self {
        let (breakdown, quantity) = (vec![Share::of_family(quantity)], quantity.clone());
        Self { period, quantity, breakdown, reason: None, left_out: Vec::new() }
    }

    /// Nothing, because it was given before and is given once.
    pub(super) fn already_given(period: Period) -> Self {
        let reason = Some(OmissionReason::AlreadyGiven);
        Self { period, quantity: Quantity::zero(), breakdown: Vec::new(), reason, left_out: Vec::new() }
    }

    /// What a plan gives.
    pub(super) fn planned(period: Period, due: Due) -> Self {
        let Due { shares, quantity, reason, left_out } = due;
        Self { period, quantity, breakdown: shares, reason, left_out }
    }
}

/// What was recorded of a duty, added up.
#[derive(Debug, QueryableByName)]
pub(super) struct AttendedRow {
    #[diesel(sql_type = SqlUuid)]
    pub(super) subject: Uuid,
    #[diesel(sql_type = Text)]
    pub(super) kind: DutyKind,
    #[diesel(sql_type = BigInt)]
    pub(super) due_count: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) done_count: i64,
}

impl AttendedRow {
    /// The same as plans take it.
    pub(super) fn into_attended(self) -> Attended {
        let Self { subject, kind, due_count, done_count } = self;
        Attended { subject, kind, due_count, done_count }
    }
}

/// On which day, and as of when.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ReasonFilter {
    /// Day whose rule set decides, and whose ages count; where left out the day of `as_of`, or today, in the
    /// sub-district's time
    pub(super) on: Option<NaiveDate>,
    /// The facts as they were recorded then (RFC 3339), not as they are now
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
}
