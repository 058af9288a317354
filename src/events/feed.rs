//! The feed as a caller sees it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::db::Conn;
use crate::domain::{CompanyId, EventId, Scope};
use crate::error::Result;
use crate::http::{Limit, Whole};
use crate::schema::events;

/// Something that happened.
#[derive(Debug, Serialize, ToSchema, HasQuery)]
#[diesel(table_name = events)]
pub struct Event {
    /// Place in the feed; send the last one as `after`
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub position: i64,
    /// Id of the event; the same in a webhook
    pub id: EventId,
    /// What happened
    #[schema(example = "beneficiary.registered", max_length = 80, pattern = "^[a-z_]+[.][a-z_]+$")]
    pub kind: String,
    /// When
    pub at: DateTime<Utc>,
    /// Plural noun of the record
    #[schema(example = "beneficiaries", max_length = 40, pattern = "^[a-z_]+$")]
    pub subject: String,
    /// Id of the record
    pub subject_id: Uuid,
    /// Company that may see it, where there is one
    pub company_id: Option<CompanyId>,
    /// Ids, codes and counts; never personal data
    #[schema(value_type = Object)]
    pub data: Value,
}

/// Which part of the feed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct EventFilter {
    /// Position after which to read; 0 for all
    #[serde(default)]
    #[param(inline, default = 0)]
    pub after: Whole<0, 9_007_199_254_740_991>,
    /// Rows at most
    #[serde(default)]
    #[param(inline)]
    pub limit: Limit,
}

/// Events after a position, those of the caller's company or else of its areas.
///
/// # Errors
/// Where the database cannot be read.
pub(super) async fn list(mut conn: &Conn, scope: &Scope, filter: &EventFilter) -> Result<Vec<Event>> {
    let mut query = Event::query()
        .filter(events::position.gt(filter.after.get()))
        .order(events::position)
        .limit(filter.limit.rows_to_fetch() - 1)
        .into_boxed();
    query = match scope.company_id {
        Some(company_id) => query.filter(events::company_id.eq(company_id)),
        None => query.filter(events::area_id.eq_any(&scope.area_ids)),
    };
    Ok(query.load(&mut conn).await?)
}
