//! Milestones as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Date, Int4, Nullable, SmallInt, Text as SqlText, Timestamptz, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::domain::{
    BeneficiaryId, EmpowermentMilestoneId, EmpowermentPlanId, Note, Period, ProgramId, Text, VillageCode, text_enum,
};
use crate::http::ByDueDay;
use crate::programs::benefits::MilestoneKind;
use crate::schema::empowerment_milestones;

text_enum! {
    /// Where a milestone stands.
    MilestoneStatus {
        /// It is to be reached.
        Pending "pending",
        /// A record shows it.
        Reached "reached",
        /// What showed it does not hold any more: it is to be reached again.
        Lapsed "lapsed",
        /// A second officer waived it.
        Waived "waived",
    }
}

text_enum! {
    /// What became of the evidence of a milestone.
    LapseReason {
        /// The certificate was revoked.
        CertificateRevoked "certificate_revoked",
        /// The family has the equipment no longer.
        CustodyEnded "custody_ended",
        /// All of it was returned.
        DeliveryReturned "delivery_returned",
        /// A correction says that nobody was met.
        VisitCorrected "visit_corrected",
    }
}

text_enum! {
    /// What shows that a milestone was reached.
    MilestoneEvidenceKind {
        /// A certificate of a training, for `training`.
        TrainingCertificate "training_certificate",
        /// The custody of a piece of equipment, for `equipment`.
        Custody "custody",
        /// A delivery of a program, for `equipment` and `goods`.
        Delivery "delivery",
        /// A handover of a pledge, for `equipment` and `goods`.
        AllocationDelivery "allocation_delivery",
        /// A follow-up that met the family, for `visit`.
        FollowUp "follow_up",
        /// A home visit that met the family, for `visit`.
        Visit "visit",
    }
}

/// A step of a plan.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema, QueryableByName)]
pub(in crate::empowerment_plans) struct EmpowermentMilestone {
    /// Id of the milestone
    #[diesel(sql_type = SqlUuid)]
    pub(super) id: EmpowermentMilestoneId,
    /// Sub-district; not shown.
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Plan
    #[diesel(sql_type = SqlUuid)]
    pub(super) plan_id: EmpowermentPlanId,
    /// Place in the package
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 1, maximum = 20)]
    pub(super) number: i16,
    /// What it is
    #[diesel(sql_type = SqlText)]
    pub(super) kind: MilestoneKind,
    /// What is to be done
    #[diesel(sql_type = SqlText)]
    #[schema(example = "Pelatihan menjahit dasar")]
    pub(super) title: Text<120>,
    /// Day by which it is to be reached
    #[diesel(sql_type = Date)]
    pub(super) due_on: NaiveDate,
    /// Numbers of milestones that come first
    #[diesel(sql_type = Array<SmallInt>)]
    #[schema(max_items = 19)]
    pub(super) needs: Vec<i16>,
    /// Where it stands
    #[diesel(sql_type = SqlText)]
    pub(super) status: MilestoneStatus,
    /// Why it has lapsed
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) lapse_reason: Option<LapseReason>,
    /// What shows it
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) evidence_kind: Option<MilestoneEvidenceKind>,
    /// Id of that record
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) evidence_id: Option<Uuid>,
    /// Day that it tells
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) reached_on: Option<NaiveDate>,
    /// Client that recorded it
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub(super) reached_by: Option<String>,
    /// Day on which it was waived
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) waived_on: Option<NaiveDate>,
    /// Client that waived it, another than planned it
    #[diesel(sql_type = Nullable<SqlText>)]
    #[schema(max_length = 63)]
    pub(super) waived_by: Option<String>,
    /// Why it was waived
    #[diesel(sql_type = Nullable<SqlText>)]
    pub(super) waiver_reason: Option<Note>,
    /// Grows with each change of its own
    #[diesel(sql_type = Int4)]
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// When it last changed
    #[diesel(sql_type = Timestamptz)]
    pub(super) updated_at: DateTime<Utc>,
}

/// A milestone to write down.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = empowerment_milestones)]
pub(super) struct NewMilestoneRow {
    pub(super) area_id: i32,
    pub(super) id: EmpowermentMilestoneId,
    pub(super) plan_id: EmpowermentPlanId,
    pub(super) number: i16,
    pub(super) kind: MilestoneKind,
    pub(super) title: Text<120>,
    pub(super) due_on: NaiveDate,
    pub(super) needs: Vec<i16>,
    pub(super) planned_by: String,
    pub(super) status: MilestoneStatus,
    pub(super) created_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
}

/// What shows that a milestone was reached.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "evidence_kind": "training_certificate", "evidence_id": "019b7542-7400-7000-8000-000000602234"
}))]
pub(super) struct NewAttainment {
    /// Kind of the record
    pub(super) evidence_kind: MilestoneEvidenceKind,
    /// Its id; a record of the family, or of one that was merged into it, once in a plan
    pub(super) evidence_id: Uuid,
}

/// Why a milestone is waived.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "reason": "Sudah memiliki keterampilan itu; diuji di tempat" }))]
pub(super) struct NewMilestoneWaiver {
    /// Why; no personal data
    pub(super) reason: Note,
}

/// A record that is named as evidence.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub(super) struct FoundEvidence {
    #[diesel(sql_type = Date)]
    pub(super) happened_on: NaiveDate,
    #[diesel(sql_type = Bool)]
    pub(super) is_void: bool,
    /// Whether what was given is of the kind of the milestone.
    #[diesel(sql_type = Bool)]
    pub(super) fits: bool,
    #[diesel(sql_type = Nullable<Date>)]
    pub(super) period: Option<Period>,
}

/// A milestone of a plan in progress that is to be reached.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct DueEmpowermentMilestone {
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Id of the milestone
    #[diesel(sql_type = SqlUuid)]
    pub(super) milestone_id: EmpowermentMilestoneId,
    /// Day by which it is to be reached
    #[diesel(sql_type = Date)]
    pub(super) due_on: NaiveDate,
    /// Plan
    #[diesel(sql_type = SqlUuid)]
    plan_id: EmpowermentPlanId,
    /// Program
    #[diesel(sql_type = SqlUuid)]
    program_id: ProgramId,
    /// Family
    #[diesel(sql_type = SqlUuid)]
    beneficiary_id: BeneficiaryId,
    /// Village where it lives now
    #[diesel(sql_type = SqlText)]
    village_code: VillageCode,
    /// Place in the package
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 1, maximum = 20)]
    number: i16,
    /// What it is
    #[diesel(sql_type = SqlText)]
    kind: MilestoneKind,
    /// What is to be done
    #[diesel(sql_type = SqlText)]
    #[schema(example = "Pelatihan menjahit dasar")]
    title: Text<120>,
    /// `pending` or `lapsed`
    #[diesel(sql_type = SqlText)]
    status: MilestoneStatus,
    /// Whether all that come first are reached or waived
    #[diesel(sql_type = Bool)]
    is_ready: bool,
}

/// Place in the list of what is due.
pub(super) type DueMilestonePlace = (NaiveDate, i32, EmpowermentMilestoneId);

/// Which due milestones.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DueMilestoneFilter {
    /// Due at the end of this day; today where it is left out
    pub(super) on: Option<NaiveDate>,
    /// Of families that live in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of this kind
    #[param(inline)]
    pub(super) kind: Option<MilestoneKind>,
    /// In which order
    #[param(inline, default = "due_on")]
    pub(super) sort: Option<ByDueDay>,
}
