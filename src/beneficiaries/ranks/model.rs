//! Ranks as rows and answers.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{Period, Text};
use crate::http::{AsOf, ByPeriod};
use crate::schema::welfare_ranks;

/// A rank of a family, as a source gave it for a period.
#[derive(Debug, Clone, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = welfare_ranks)]
pub struct WelfareRank {
    /// Who ranked the family
    #[schema(max_length = 40, example = "DTSEN")]
    pub source: String,
    /// Period the rank is for
    pub period: Period,
    /// 1 poorest to 10
    #[schema(minimum = 1, maximum = 10)]
    pub decile: i16,
    /// When it was recorded here
    pub recorded_at: DateTime<Utc>,
}

/// Which ranks of a family, the latest period first.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RankFilter {
    /// Ranks by this source
    #[param(inline)]
    pub(super) source: Option<Text<40>>,
    /// The series as it was recorded then (RFC 3339)
    #[param(inline)]
    pub(super) as_of: Option<AsOf>,
    /// In which order
    #[param(inline, default = "-period")]
    pub(super) sort: Option<ByPeriod>,
}
