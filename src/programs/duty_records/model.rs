//! Duty records as rows, requests and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{BeneficiaryId, DutyRecordId, MemberId, Period};
use crate::http::{AsOf, ById};
use crate::programs::benefits::DutyKind;
use crate::schema::duty_records;

/// What a member did of a duty in a month.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery, QueryableByName)]
#[diesel(table_name = duty_records)]
pub(super) struct DutyRecord {
    /// Id of the record
    pub(super) id: DutyRecordId,
    /// Sub-district; not shown.
    #[serde(skip)]
    pub(super) area_id: i32,
    /// Family of the member when it was recorded
    pub(super) beneficiary_id: BeneficiaryId,
    /// Member
    pub(super) member_id: MemberId,
    /// The duty
    pub(super) kind: DutyKind,
    /// The month
    pub(super) period: Period,
    /// School days held, visits due or sessions held
    #[schema(minimum = 1, maximum = 31)]
    pub(super) due_count: i32,
    /// Those that were kept
    #[schema(minimum = 0, maximum = 31)]
    pub(super) done_count: i32,
    /// 1 for the first of this member, duty and month; the newest counts
    #[schema(minimum = 1, maximum = 2_147_483_647)]
    pub(super) version: i32,
    /// The record that it takes the place of
    pub(super) corrects: Option<DutyRecordId>,
    /// Client that recorded it
    #[schema(max_length = 63)]
    pub(super) recorded_by: String,
    /// When it was recorded
    pub(super) created_at: DateTime<Utc>,
}

/// What a member did of a duty, to record.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "member_id": "019b7542-7400-7000-8000-00000000a253", "kind": "school_attendance", "period": "2026-01-01",
    "due_count": 22, "done_count": 20
}))]
pub(super) struct NewDutyRecord {
    /// Member
    pub(super) member_id: MemberId,
    /// The duty
    pub(super) kind: DutyKind,
    /// The month, not one to come
    pub(super) period: Period,
    /// School days held, visits due or sessions held
    #[schema(minimum = 1, maximum = 31)]
    pub(super) due_count: i32,
    /// Those that were kept, no more than were due
    #[schema(minimum = 0, maximum = 31)]
    pub(super) done_count: i32,
    /// The newest record of this member, duty and month, where this one puts it right
    pub(super) corrects: Option<DutyRecordId>,
}

/// The newest version that is there.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Newest {
    pub(super) id: DutyRecordId,
    pub(super) version: i32,
}

/// Where a member lives.
#[derive(Debug, Clone, Copy, Queryable)]
pub(super) struct Home {
    pub(super) area_id: i32,
    pub(super) beneficiary_id: BeneficiaryId,
}

/// Which duty records.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct DutyRecordFilter {
    /// Records of this family
    #[param(inline)]
    pub(super) beneficiary_id: Option<BeneficiaryId>,
    /// Records of this member
    #[param(inline)]
    pub(super) member_id: Option<MemberId>,
    /// Records of this duty
    #[param(inline)]
    pub(super) kind: Option<DutyKind>,
    /// Records of this month
    #[param(inline)]
    pub(super) period: Option<Period>,
    /// The records that counted then (RFC 3339), not those that count now
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "-id")]
    pub(super) sort: Option<ById>,
}
