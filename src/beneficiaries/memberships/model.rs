//! Memberships as answers.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::beneficiaries::members::EndReason;
use crate::beneficiaries::model::Relationship;
use crate::domain::{BeneficiaryId, MemberId};
use crate::http::{AsOf, ById};
use crate::schema::memberships;

/// That a person belongs to a family, or did.
#[derive(Debug, Serialize, ToSchema, HasQuery, QueryableByName)]
#[diesel(table_name = memberships)]
pub(super) struct Membership {
    /// Id of the membership
    pub(super) id: Uuid,
    /// Family
    pub(super) beneficiary_id: BeneficiaryId,
    /// Person
    pub(super) member_id: MemberId,
    /// Relationship to the head, the last one where it has ended
    pub(super) relationship: Relationship,
    /// First day
    pub(super) started_on: NaiveDate,
    /// Day on which it ended
    pub(super) ended_on: Option<NaiveDate>,
    /// Why it ended
    pub(super) end_reason: Option<EndReason>,
}

/// Which memberships of the family.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct MembershipFilter {
    /// Memberships that have ended, or not; both where nothing is said
    pub(super) is_ended: Option<bool>,
    /// The memberships as they were then (RFC 3339)
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "id")]
    pub(super) sort: Option<ById>,
}
