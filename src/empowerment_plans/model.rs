//! Plans as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::dsl::sql;
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::{Bool, Int4, Jsonb};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::milestones::EmpowermentMilestone;
use crate::domain::{
    BeneficiaryId, Document, EmpowermentPlanId, EnrollmentId, Note, ProgramId, RuleSetId, VillageCode, text_enum,
};
use crate::http::ById;
use crate::schema::empowerment_plans;

text_enum! {
    /// Where a plan stands.
    EmpowermentPlanStatus {
        /// Some milestone is still to be reached.
        InProgress "in_progress",
        /// All milestones were reached or waived.
        Completed "completed",
        /// It ended before that.
        Ended "ended",
    }
}

text_enum! {
    /// Why a plan ended before all of it was reached.
    EmpowermentPlanEndReason {
        /// The family moved away.
        Moved "moved",
        /// The family does not want it any more.
        Refused "refused",
        /// Nobody of the family lives any more.
        Died "died",
        /// The family was merged into one that has a plan of the program, or its members live with others now.
        Merged "merged",
        /// Something else, told in the note.
        Other "other",
    }
}

/// A package of a program for one family.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = empowerment_plans)]
pub(super) struct EmpowermentPlan {
    /// Id of the plan
    pub(super) id: EmpowermentPlanId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Program whose package it is
    pub(super) program_id: ProgramId,
    /// Rule set that said what is in the package
    pub(super) rule_set_id: RuleSetId,
    /// Enrollment that was active when it was planned
    pub(super) enrollment_id: EnrollmentId,
    /// Day from which the days of its milestones are counted
    pub(super) started_on: NaiveDate,
    /// Where it stands
    pub(super) status: EmpowermentPlanStatus,
    /// Client that planned it
    #[schema(max_length = 63)]
    pub(super) planned_by: String,
    /// Day on which the last milestone was recorded
    pub(super) completed_on: Option<NaiveDate>,
    /// Last day, where it ended before
    pub(super) ended_on: Option<NaiveDate>,
    /// Why
    pub(super) end_reason: Option<EmpowermentPlanEndReason>,
    /// What was said of that
    pub(super) end_note: Option<Note>,
    /// Client that ended it
    #[schema(max_length = 63)]
    pub(super) ended_by: Option<String>,
    /// Its milestones in their order
    #[diesel(select_expression = milestones())]
    #[diesel(select_expression_type = SqlLiteral<Jsonb>)]
    #[schema(value_type = Vec<EmpowermentMilestone>, min_items = 1, max_items = 20)]
    pub(super) milestones: Document<Vec<EmpowermentMilestone>>,
    /// Grows with each change of the plan and of its milestones
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it was planned
    pub(super) created_at: DateTime<Utc>,
    /// When it last changed
    pub(super) updated_at: DateTime<Utc>,
}

/// The milestones of a plan as they stand.
fn milestones() -> SqlLiteral<Jsonb> {
    sql("(select coalesce(jsonb_agg(to_jsonb(m) order by m.number), '[]') from empowerment_milestone_states as m
        where m.area_id = empowerment_plans.area_id and m.plan_id = empowerment_plans.id)")
}

/// A package to plan for a family.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "beneficiary_id": "019b7542-7400-7000-8000-00000000b184", "program_id": "019b7542-7400-7000-8000-000000602201"
}))]
pub(super) struct NewEmpowermentPlan {
    /// Family, active on the program
    pub(super) beneficiary_id: BeneficiaryId,
    /// Program whose rule set in force gives a package
    pub(super) program_id: ProgramId,
    /// Day from which the days of the milestones are counted; today where left out
    pub(super) started_on: Option<NaiveDate>,
}

/// The end of a plan before all of it was reached.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "refused", "note": "Keluarga memilih usaha lain" }))]
pub(super) struct NewEmpowermentPlanEnd {
    /// Why; not `merged`, which a merger tells
    pub(super) reason: EmpowermentPlanEndReason,
    /// What is said of it; needed for `other`; no personal data
    pub(super) note: Option<Note>,
    /// Last day; today where left out
    pub(super) ended_on: Option<NaiveDate>,
}

/// Which plans.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EmpowermentPlanFilter {
    /// That stand so
    #[param(inline)]
    pub(super) status: Option<EmpowermentPlanStatus>,
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Of families that live in this village now
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// In progress, with a milestone that was due before this day and is still to be reached
    pub(super) overdue_on: Option<NaiveDate>,
    /// With a milestone that has lapsed, or without one
    pub(super) has_lapsed: Option<bool>,
    /// In which order, sub-district by sub-district
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}

/// A plan to write down.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = empowerment_plans)]
pub(super) struct NewPlanRow {
    pub(super) area_id: i32,
    pub(super) id: EmpowermentPlanId,
    pub(super) beneficiary_id: BeneficiaryId,
    pub(super) program_id: ProgramId,
    pub(super) rule_set_id: RuleSetId,
    pub(super) enrollment_id: EnrollmentId,
    pub(super) started_on: NaiveDate,
    pub(super) status: EmpowermentPlanStatus,
    pub(super) planned_by: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// A family that is held until the transaction ends.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct Planned {
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
    #[diesel(sql_type = Bool)]
    pub(super) is_live: bool,
}
