//! Simulations as questions and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::QueryableByName;
use diesel::sql_types::{BigInt, Nullable, Numeric, SmallInt, Text};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::domain::{ProgramId, Quantity, RuleSetId, VillageCode};
use crate::programs::BenefitPeriod;
use crate::programs::benefits::Benefit;
use crate::programs::eligibility::Expression;
use crate::programs::rule_sets::Terms;

/// Rules to try on a program.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "eligibility": "family.decile <= 3 && members.exists(m, m.age < 6)",
    "benefit_quantity": "10", "benefit_period": "month"
}))]
pub(super) struct NewSimulation {
    /// Who would have it: an expression over the facts of `/v1/facts`, at most 4,000 characters
    #[schema(min_length = 1, max_length = 4000)]
    pub(super) eligibility: String,
    /// The same for every family in a period, in the unit of the program. Short for a `benefit` of the kind `fixed`: give
    /// one of the two
    pub(super) benefit_quantity: Option<Quantity>,
    /// What a family would get, and for whom
    pub(super) benefit: Option<Benefit>,
    /// How often
    pub(super) benefit_period: BenefitPeriod,
    /// Day whose ages count; today in the sub-district's time where left out
    pub(super) on: Option<NaiveDate>,
    /// Rule set of the program to compare with; where left out the one in force on that day, if there is one
    pub(super) against_rule_set_id: Option<RuleSetId>,
}

impl NewSimulation {
    /// Whom it would reach, and with what.
    pub(super) fn terms(&self) -> Terms<'_> {
        Terms {
            eligibility: &self.eligibility,
            benefit_quantity: self.benefit_quantity.as_ref(),
            benefit: self.benefit.as_ref(),
            benefit_period: self.benefit_period,
        }
    }
}

/// A rule and what it gives.
#[derive(Debug)]
pub(super) struct Tried {
    pub(super) rule: Expression,
    pub(super) benefit: Benefit,
    pub(super) length: BenefitPeriod,
}

/// What the rules would do, by the records of one moment.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Simulation {
    /// Program
    pub(super) program_id: ProgramId,
    /// Day whose ages counted
    pub(super) on: NaiveDate,
    /// The moment whose records were read; later changes are not in these numbers
    pub(super) taken_at: DateTime<Utc>,
    /// Rule set that was compared with; null where the program had none in force
    pub(super) against_rule_set_id: Option<RuleSetId>,
    /// All of them together
    pub(super) total: Reach,
    /// What the rules would cost
    pub(super) cost: Cost,
    /// What the rule set that was compared with costs; null where there is none
    pub(super) cost_before: Option<Cost>,
    /// By village
    #[schema(max_items = 10_000)]
    pub(super) villages: Vec<VillageReach>,
    /// By welfare rank, families without one last
    #[schema(max_items = 11)]
    pub(super) deciles: Vec<DecileReach>,
    /// Families that would have it and are on another program too, by program
    #[schema(max_items = 1_000)]
    pub(super) overlaps: Vec<ProgramOverlap>,
}

/// How many families the rules reach.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Reach {
    /// All live families
    #[schema(minimum = 0)]
    pub(super) families: i64,
    /// Those that would be eligible
    #[schema(minimum = 0)]
    pub(super) eligible: i64,
    /// Those that are eligible by the rule set that is compared with
    #[schema(minimum = 0)]
    pub(super) eligible_before: i64,
    /// Those that become eligible
    #[schema(minimum = 0)]
    pub(super) gained: i64,
    /// Those that no longer are
    #[schema(minimum = 0)]
    pub(super) lost: i64,
}

/// The reach in a village.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct VillageReach {
    /// Village
    pub(super) village_code: VillageCode,
    /// Its families
    #[serde(flatten)]
    pub(super) reach: Reach,
}

/// The reach in a decile.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct DecileReach {
    /// Latest welfare rank, 1 poorest to 10; null for families without one
    #[schema(minimum = 1, maximum = 10)]
    pub(super) decile: Option<i16>,
    /// Its families
    #[serde(flatten)]
    pub(super) reach: Reach,
}

/// Families that would have both.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct ProgramOverlap {
    /// Code of the other program
    #[schema(max_length = 32, example = "PKH")]
    pub(super) program_code: String,
    /// Families
    #[schema(minimum = 0)]
    pub(super) families: i64,
}

/// What is due to all eligible families, in the unit of the program, where every duty is kept.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub(super) struct Cost {
    /// What is counted
    #[schema(max_length = 20, example = "kg")]
    pub(super) unit: String,
    /// In the period that the day is in
    #[schema(max_length = 36, pattern = "^[0-9]+([.][0-9]{1,3})?$", example = "1200")]
    pub(super) per_period: String,
    /// In a year; of what is given once, that one time
    #[schema(max_length = 36, pattern = "^[0-9]+([.][0-9]{1,3})?$", example = "14400")]
    pub(super) per_year: String,
}

/// What is due to some families together.
#[derive(Debug, QueryableByName)]
pub(super) struct Due {
    #[diesel(sql_type = Numeric)]
    pub(super) quantity: Quantity,
}

/// Families of a village and decile, or those of them who are on a program.
#[derive(Debug, QueryableByName)]
pub(super) struct Cell {
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) village_code: Option<VillageCode>,
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub(super) decile: Option<i16>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) program_code: Option<String>,
    #[diesel(sql_type = BigInt)]
    pub(super) families: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) eligible: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) eligible_before: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) gained: i64,
    #[diesel(sql_type = BigInt)]
    pub(super) lost: i64,
}
