//! Counts as rows and filters.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text as SqlText, Uuid as SqlUuid};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::assets::model::AssetSource;
use crate::domain::{PledgeId, ProgramId, Text};

/// How many pieces of one kind, from one program or pledge, are where and how.
#[derive(Debug, Serialize, ToSchema, QueryableByName)]
pub(super) struct AssetCount {
    /// Where they are from
    #[diesel(sql_type = SqlText)]
    source: AssetSource,
    /// Program; `null` for others
    #[diesel(sql_type = Nullable<SqlUuid>)]
    program_id: Option<ProgramId>,
    /// Pledge; `null` for others
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pledge_id: Option<PledgeId>,
    /// Kind of equipment
    #[diesel(sql_type = SqlText)]
    #[schema(example = "hand_tractor")]
    kind: Text<40>,
    /// Pieces on the list; a company is told in steps of five, and `null` below five, here and in all that follow
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    pieces: Option<i64>,
    /// Those with families
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    in_custody: Option<i64>,
    /// Those that the newest check found in use
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    in_use: Option<i64>,
    /// Those that work
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    working: Option<i64>,
    /// Those in a workshop
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    under_repair: Option<i64>,
    /// Those that are lost
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    lost: Option<i64>,
    /// Those that are used no more
    #[diesel(sql_type = Nullable<BigInt>)]
    #[schema(minimum = 0, maximum = 10_000_000)]
    retired: Option<i64>,
}

/// All counts: there are few, so they come on one page.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct AssetCounts {
    /// By source, program or pledge, and kind
    pub(super) items: Vec<AssetCount>,
}

/// Which counts.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AssetCountFilter {
    /// Of this program
    #[param(inline)]
    pub(super) program_id: Option<ProgramId>,
    /// Of this pledge
    #[param(inline)]
    pub(super) pledge_id: Option<PledgeId>,
    /// Of this kind
    #[param(inline)]
    pub(super) kind: Option<Text<40>>,
}
