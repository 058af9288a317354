//! What a run looks at, as rows.

use diesel::prelude::*;
use diesel::sql_types::{Array, Bool, Integer, Jsonb, Nullable, Numeric, Text as SqlText, Uuid as SqlUuid};
use serde::Serialize;

use super::MatchingAid;
use crate::domain::{BeneficiaryId, CompanyId, Document, NeedId, PledgeId, PledgeLineId, Quantity, Text, VillageCode};

/// A line with something free, as a run finds it.
#[derive(Debug, Clone, PartialEq, Serialize, QueryableByName)]
pub(in crate::pledges::matching_runs) struct FreeLine {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::matching_runs) id: PledgeLineId,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::matching_runs) pledge_id: PledgeId,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::matching_runs) company_id: CompanyId,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::matching_runs) kind: Text<40>,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::matching_runs) unit: String,
    #[diesel(sql_type = Array<SqlText>)]
    pub(in crate::pledges::matching_runs) village_codes: Vec<VillageCode>,
    #[diesel(sql_type = Numeric)]
    pub(in crate::pledges::matching_runs) free: Quantity,
}

/// An open need of a live family, as a run finds it.
#[derive(Debug, Clone, Serialize, QueryableByName)]
pub(in crate::pledges::matching_runs) struct OpenNeed {
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::matching_runs) id: NeedId,
    #[diesel(sql_type = SqlUuid)]
    pub(in crate::pledges::matching_runs) beneficiary_id: BeneficiaryId,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::matching_runs) village_code: VillageCode,
    #[diesel(sql_type = SqlText)]
    pub(in crate::pledges::matching_runs) kind: Text<40>,
    #[diesel(sql_type = Numeric)]
    pub(in crate::pledges::matching_runs) unmet: Quantity,
    #[diesel(sql_type = Nullable<Integer>)]
    pub(in crate::pledges::matching_runs) decile: Option<i32>,
    #[diesel(sql_type = Integer)]
    pub(in crate::pledges::matching_runs) months_since_aid: i32,
    #[diesel(sql_type = Integer)]
    pub(in crate::pledges::matching_runs) aided: i32,
    #[diesel(sql_type = Nullable<Jsonb>)]
    pub(in crate::pledges::matching_runs) aids: Option<Document<Vec<MatchingAid>>>,
    #[diesel(sql_type = Bool)]
    pub(in crate::pledges::matching_runs) is_verified: bool,
    /// Nothing that a run goes by.
    #[diesel(sql_type = Integer)]
    #[serde(skip)]
    pub(in crate::pledges::matching_runs) version: i32,
}
