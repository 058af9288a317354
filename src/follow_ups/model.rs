//! Follow-ups as rows, requests and answers.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Date, Int4, Nullable, SmallInt, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::aid::AidSource;
use crate::domain::{AidId, BeneficiaryId, FollowUpId, Note, PledgeId, ProgramId, VillageCode, text_enum};
use crate::http::{ByDueDay, ById, Whole};
use crate::programs::ProgramKind;
use crate::schema::follow_ups;

text_enum! {
    /// Income against what it was before the aid.
    IncomeChange {
        /// Less.
        Lower "lower",
        /// As much.
        Same "same",
        /// More.
        Higher "higher",
    }
}

/// How a family does some months after it got tools or a training.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, Insertable)]
#[diesel(table_name = follow_ups, treat_none_as_default_value = false)]
pub(super) struct FollowUp {
    /// Id of the record
    pub(super) id: FollowUpId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Entitlement of a program, or allocation of a pledge
    pub(super) aid_id: AidId,
    /// Who gave
    pub(super) source: AidSource,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Village where it lived when it became due
    pub(super) village_code: VillageCode,
    /// Program; `null` for aid of a company
    pub(super) program_id: Option<ProgramId>,
    /// Pledge; `null` for aid of a program
    pub(super) pledge_id: Option<PledgeId>,
    /// Day of the first handover, from which the months are counted
    pub(super) delivered_on: NaiveDate,
    /// Months after which it was due
    #[schema(minimum = 3, maximum = 24, example = 3)]
    pub(super) month_mark: i16,
    /// Day of the visit
    pub(super) visited_on: NaiveDate,
    /// Whether the family was met; all else is `null` where it was not
    pub(super) is_found: bool,
    /// Whether it still has the asset; `null` for a training
    pub(super) is_held: Option<bool>,
    /// Whether it uses it
    pub(super) is_in_use: Option<bool>,
    /// Whether it works
    pub(super) is_working: Option<bool>,
    /// Whether the family earns from it
    pub(super) is_earning: Option<bool>,
    /// Income against what it was before
    pub(super) income: Option<IncomeChange>,
    /// Whether the family still needs aid
    pub(super) is_on_aid: Option<bool>,
    /// What the visitor noted
    #[schema(max_length = 2000)]
    pub(super) note: Option<String>,
    /// 1 for the first of this aid and month; the newest counts
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// The record that it takes the place of
    pub(super) corrects: Option<FollowUpId>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
}

/// A follow-up to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "aid_id": "019b7542-7400-7000-8000-00000000f611", "month_mark": 3, "visited_on": "2026-04-20", "is_found": true,
    "is_held": true, "is_in_use": true, "is_working": true, "is_earning": true, "income": "higher", "is_on_aid": false
}))]
pub(super) struct NewFollowUp {
    /// Entitlement or allocation by which the family got tools or a training
    pub(super) aid_id: AidId,
    /// Months after which it is due: 3, 6, 12 or 24
    #[schema(minimum = 3, maximum = 24)]
    pub(super) month_mark: i16,
    /// Day of the visit, once the months are over
    pub(super) visited_on: NaiveDate,
    /// Whether the family was met; nothing else is said where it was not
    pub(super) is_found: bool,
    /// Whether it still has the asset; not of a training
    pub(super) is_held: Option<bool>,
    /// Whether it uses it; not of a training
    pub(super) is_in_use: Option<bool>,
    /// Whether it works; not of a training
    pub(super) is_working: Option<bool>,
    /// Whether the family earns from it
    pub(super) is_earning: Option<bool>,
    /// Income against what it was before
    pub(super) income: Option<IncomeChange>,
    /// Whether the family still needs aid
    pub(super) is_on_aid: Option<bool>,
    /// What the visitor noted
    pub(super) note: Option<Note>,
    /// The newest record of this aid and month, where this one puts it right
    pub(super) corrects: Option<FollowUpId>,
}

/// The newest version that is there.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Newest {
    pub(super) id: FollowUpId,
    pub(super) version: i32,
}

/// Tools or a training that a family got.
#[derive(Debug, QueryableByName)]
pub(super) struct FollowedAid {
    #[diesel(sql_type = Int4)]
    pub(super) area_id: i32,
    #[diesel(sql_type = SqlText)]
    pub(super) source: AidSource,
    #[diesel(sql_type = SqlUuid)]
    pub(super) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = SqlText)]
    pub(super) village_code: VillageCode,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) program_id: Option<ProgramId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub(super) pledge_id: Option<PledgeId>,
    #[diesel(sql_type = SqlText)]
    pub(super) kind: ProgramKind,
    #[diesel(sql_type = Date)]
    pub(super) delivered_on: NaiveDate,
}

/// A follow-up that is due and not recorded.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct DueFollowUp {
    #[diesel(sql_type = Int4)]
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Entitlement of a program, or allocation of a pledge
    #[diesel(sql_type = SqlUuid)]
    pub(super) aid_id: AidId,
    /// Months after which it is due
    #[diesel(sql_type = SmallInt)]
    #[schema(minimum = 3, maximum = 24)]
    pub(super) month_mark: i16,
    /// First day of a visit
    #[diesel(sql_type = Date)]
    pub(super) due_on: NaiveDate,
    /// Who gave
    #[diesel(sql_type = SqlText)]
    source: AidSource,
    /// Family
    #[diesel(sql_type = SqlUuid)]
    beneficiary_id: BeneficiaryId,
    /// Village where it lives now
    #[diesel(sql_type = SqlText)]
    village_code: VillageCode,
    /// Program; `null` for aid of a company
    #[diesel(sql_type = Nullable<SqlUuid>)]
    program_id: Option<ProgramId>,
    /// Pledge; `null` for aid of a program
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pledge_id: Option<PledgeId>,
    /// Name of the program, or of the kind of help
    #[diesel(sql_type = SqlText)]
    #[schema(max_length = 120, example = "Hand tractor")]
    title: String,
    /// Equipment or a training
    #[diesel(sql_type = SqlText)]
    kind: ProgramKind,
    /// Day of the first handover
    #[diesel(sql_type = Date)]
    delivered_on: NaiveDate,
}

/// Place in the list of what is due.
pub(super) type DuePlace = (NaiveDate, i32, AidId, i16);

/// Which due follow-ups.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DueFilter {
    /// Due at the end of this day; today where it is left out
    pub(super) on: Option<NaiveDate>,
    /// Of families that live in this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// After so many months
    #[param(inline)]
    pub(super) month_mark: Option<Whole<3, 24>>,
    /// In which order
    #[param(inline, default = "due_on")]
    pub(super) sort: Option<ByDueDay>,
}

/// Which follow-ups.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct FollowUpFilter {
    /// Of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Of aid to families of this village
    #[param(inline)]
    pub(super) village_code: Option<VillageCode>,
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// After so many months
    #[param(inline)]
    pub(super) month_mark: Option<Whole<3, 24>>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
