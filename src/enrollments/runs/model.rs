//! Runs as requests and answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{
    BeneficiaryId, DeliberationId, DistrictCode, OverlapRuleId, ProgramId, RuleSetId, Text, VillageCode, text_enum,
};

text_enum! {
    /// Which families a run looks at.
    RunSource {
        /// All live families.
        Eligible "eligible",
        /// Those that were proposed.
        Proposed "proposed",
        /// Those that wait on the reserve list.
        Reserve "reserve",
    }
}

text_enum! {
    /// What families become that get a place.
    RunOutcome {
        /// They get what is due at once.
        Active "active",
        /// They wait to be activated.
        Confirmed "confirmed",
    }
}

text_enum! {
    /// What decides between families of one decile.
    TieBreak {
        /// Lots, drawn from the seed: the SHA-256 of seed, colon and id of the family, the smallest first.
        Lots "lots",
        /// More members first, then lots.
        Members "members",
        /// Registered earlier first.
        Registered "registered",
    }
}

/// Families to enrol in one go: all that are eligible, or of those the ones named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "decree_number": "140/07/KEP-CAMAT/2026", "village_codes": ["64.02.10.2004"] }))]
pub(super) struct NewEnrollmentRun {
    /// Decree or minutes that confirm the list; or else `deliberation_id`
    pub(super) decree_number: Option<Text<80>>,
    /// Village meeting about the program that confirmed the list: its decree or minutes are named
    pub(super) deliberation_id: Option<DeliberationId>,
    /// Families to look at; each has to be eligible
    #[schema(default = "eligible")]
    pub(super) source: Option<RunSource>,
    /// What those become that get a place; confirmed in any case where the first day has not come
    #[schema(default = "active")]
    pub(super) becomes: Option<RunOutcome>,
    /// Which of one decile come first; who waits on the reserve list comes before all others
    #[schema(default = "lots")]
    pub(super) tie_break: Option<TieBreak>,
    /// What the lots are drawn from, told in advance; the number of the decree where left out
    pub(super) seed: Option<Text<80>>,
    /// Put those on the reserve list that a full quota leaves without a place
    #[schema(default = true)]
    pub(super) keeps_reserve: Option<bool>,
    /// First day, at most a year ahead; today in the sub-district's time where left out. Its rule set, overlap rules and
    /// quotas decide, and those of today as well
    pub(super) started_on: Option<NaiveDate>,
    /// Only families of these villages
    #[schema(max_items = 300)]
    pub(super) village_codes: Option<Vec<VillageCode>>,
    /// Only these families
    #[schema(max_items = 1000)]
    pub(super) beneficiary_ids: Option<Vec<BeneficiaryId>>,
    /// Also families that left the program before
    #[serde(default)]
    pub(super) include_exited: bool,
    /// Sub-district to enrol in; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// Families to propose: all that are eligible, or of those the ones named.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "village_codes": ["64.02.10.2004"] }))]
pub(super) struct NewProposalRun {
    /// First day, whose rule set decides; today in the sub-district's time where left out
    pub(super) started_on: Option<NaiveDate>,
    /// Only families of these villages
    #[schema(max_items = 300)]
    pub(super) village_codes: Option<Vec<VillageCode>>,
    /// Only these families
    #[schema(max_items = 1000)]
    pub(super) beneficiary_ids: Option<Vec<BeneficiaryId>>,
    /// Also families that left the program before
    #[serde(default)]
    pub(super) include_exited: bool,
    /// Sub-district to propose in; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// Confirmed families to activate.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "village_codes": ["64.02.10.2004"] }))]
pub(super) struct NewActivationRun {
    /// Those whose first day is not after this one; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
    /// Only places of these villages
    #[schema(max_items = 300)]
    pub(super) village_codes: Option<Vec<VillageCode>>,
    /// Sub-district to activate in; only where you act in several
    pub(super) district_code: Option<DistrictCode>,
}

/// What became of the families of a run. The parts add up to all that were considered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct EnrollmentRun {
    /// Program
    pub(super) program_id: ProgramId,
    /// Rule set that decided
    pub(super) rule_set_id: RuleSetId,
    /// Its number
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) rule_set_number: i32,
    /// First day
    pub(super) started_on: NaiveDate,
    /// Decree or minutes that confirm the list
    #[schema(max_length = 80)]
    pub(super) decree_number: String,
    /// What the order of places followed
    #[schema(max_length = 120, example = "decile, lots of 140/07/KEP-CAMAT/2026")]
    pub(super) ordered_by: String,
    /// Counts
    #[serde(flatten)]
    pub(super) counts: RunCounts,
    /// Of those refused, how many by which overlap rule
    pub(super) refused_by: Vec<RefusedCount>,
}

/// How many families a run did what with.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
pub(super) struct RunCounts {
    /// Live families that were looked at
    #[schema(minimum = 0)]
    pub(super) considered: i64,
    /// Enrolled now
    #[schema(minimum = 0)]
    pub(super) enrolled: i64,
    /// On the program already; those that rest go on resting
    #[schema(minimum = 0)]
    pub(super) already_enrolled: i64,
    /// Eligible, but left the program before
    #[schema(minimum = 0)]
    pub(super) exited_before: i64,
    /// The rule does not say yes, or they moved or ended at this moment
    #[schema(minimum = 0)]
    pub(super) not_eligible: i64,
    /// Kept off by a program that they have
    #[schema(minimum = 0)]
    pub(super) refused: i64,
    /// Put on the reserve list now
    #[schema(minimum = 0)]
    pub(super) reserved: i64,
    /// On the reserve list already, where they go on waiting in their place
    #[schema(minimum = 0)]
    pub(super) waiting: i64,
    /// Left without a place, and not to be put on the reserve list
    #[schema(minimum = 0)]
    pub(super) without_place: i64,
}

/// How many families an overlap rule kept off.
#[derive(Debug, Clone, Serialize, ToSchema, QueryableByName)]
pub(super) struct RefusedCount {
    /// Overlap rule
    #[diesel(sql_type = SqlUuid)]
    pub(super) rule_id: OverlapRuleId,
    /// Its short name
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 32, example = "BLT-NOT-PKH")]
    pub(super) rule_code: String,
    /// Families
    #[diesel(sql_type = BigInt)]
    #[schema(minimum = 0)]
    pub(super) families: i64,
}

/// What became of the families that were to be proposed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ProposalRun {
    /// Program
    pub(super) program_id: ProgramId,
    /// Rule set that decided
    pub(super) rule_set_id: RuleSetId,
    /// First day
    pub(super) started_on: NaiveDate,
    /// Live families that were looked at
    #[schema(minimum = 0)]
    pub(super) considered: i64,
    /// Proposed now
    #[schema(minimum = 0)]
    pub(super) proposed: i64,
    /// Proposed or on the program already
    #[schema(minimum = 0)]
    pub(super) already_enrolled: i64,
    /// Eligible, but left the program before
    #[schema(minimum = 0)]
    pub(super) exited_before: i64,
    /// The rule does not say yes
    #[schema(minimum = 0)]
    pub(super) not_eligible: i64,
}

/// How many enrollments were activated.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct ActivationRun {
    /// Program
    pub(super) program_id: ProgramId,
    /// Day that decided
    pub(super) on: NaiveDate,
    /// Active now
    #[schema(minimum = 0)]
    pub(super) activated: i64,
}

/// How many families were gathered, and how many not, for what.
#[derive(Debug, QueryableByName)]
pub(super) struct Gathered {
    #[diesel(sql_type = BigInt)]
    pub(super) considered: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) already_enrolled: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) exited_before: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) not_eligible: i64,
}

/// How many of the gathered families became what.
#[derive(Debug, QueryableByName)]
pub(super) struct Verdicts {
    #[diesel(sql_type = BigInt)]
    pub(super) placed: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) refused: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) gone: i64,
    /// Those without a place that had one on the reserve list.
    #[diesel(sql_type = BigInt)]
    pub(super) waiting: i64,
    /// Those that had none.
    #[diesel(sql_type = BigInt)]
    pub(super) without_place: i64,
}
