//! The feed as a caller sees it.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::audit::NO_AREA;
use crate::db::Conn;
use crate::domain::{CompanyId, EventId, Scope};
use crate::error::Result;
use crate::http::{Limit, Whole};
use crate::schema::events;

/// An event as the database has it.
#[derive(Debug, Clone, HasQuery)]
#[diesel(table_name = events)]
pub struct Told {
    /// Place in the feed.
    pub position: i64,
    /// Id of the event.
    pub id: EventId,
    /// What happened.
    pub kind: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Plural noun of the record.
    pub subject: String,
    /// Id of the record.
    pub subject_id: Uuid,
    /// Company that may see it, where there is one.
    pub company_id: Option<CompanyId>,
    /// Ids, codes and counts; never personal data.
    pub data: Value,
}

/// Something that happened, as a `CloudEvents` 1.0 object; a webhook gets the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// Version of the form
    #[schema(pattern = "^1[.]0$", max_length = 3, example = "1.0")]
    pub specversion: &'static str,
    /// Id of the event; the same however often it is told
    pub id: EventId,
    /// Where it happened: the address that `subject` is read below
    #[schema(format = "uri-reference", max_length = 200, example = "https://sinergi.example/v1")]
    pub source: String,
    /// What happened
    #[serde(rename = "type")]
    #[schema(example = "beneficiary.registered", max_length = 80, pattern = "^[a-z_]+[.][a-z_]+$")]
    pub kind: String,
    /// When
    pub time: DateTime<Utc>,
    /// The record: its plural noun and its id
    #[schema(
        example = "beneficiaries/0198f0c2-7b1e-7a40-9c55-2f6f4b1d8e01",
        max_length = 80,
        pattern = "^[a-z-]+/[0-9a-f-]{36}$"
    )]
    pub subject: String,
    /// Media type of `data`
    #[schema(pattern = "^application/json$", max_length = 16, example = "application/json")]
    pub datacontenttype: &'static str,
    /// Place in the feed, of sixteen digits so that texts compare as numbers do; absent from a test
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0000000000000042", max_length = 16, pattern = "^[0-9]{16}$")]
    pub sequence: Option<String>,
    /// Company that may see it; absent where there is none
    #[serde(skip_serializing_if = "Option::is_none")]
    pub companyid: Option<CompanyId>,
    /// Ids, codes and counts; never personal data
    #[schema(value_type = Object)]
    pub data: Value,
}

impl Event {
    /// An event of a service at a public URL.
    #[must_use]
    pub fn new(told: Told, public_url: &str) -> Self {
        Self {
            specversion: "1.0",
            id: told.id,
            source: format!("{public_url}/v1"),
            kind: told.kind,
            time: told.at,
            subject: format!("{}/{}", told.subject.replace('_', "-"), told.subject_id),
            datacontenttype: "application/json",
            sequence: (told.position > 0).then(|| format!("{:016}", told.position)),
            companyid: told.company_id,
            data: told.data,
        }
    }
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

/// Events after a position, those of the caller's company or else of its areas and of the state.
///
/// # Errors
/// Where the database cannot be read.
pub(super) async fn list(mut conn: &Conn, scope: &Scope, filter: &EventFilter) -> Result<Vec<Told>> {
    let most = filter.limit.rows_to_fetch() - 1;
    let next = || {
        let after = Told::query().filter(events::position.gt(filter.after.get()));
        after.order(events::position).limit(most).into_boxed()
    };
    if let Some(company_id) = scope.company_id {
        return Ok(next().filter(events::company_id.eq(company_id)).load(&mut conn).await?);
    }
    // Each walks an index in the order of the feed, which a search for both would not.
    let mut told: Vec<Told> = next().filter(events::area_id.eq_any(&scope.area_ids)).load(&mut conn).await?;
    let of_state = next().filter(events::area_id.eq(NO_AREA)).filter(events::company_id.is_null());
    told.extend(of_state.load::<Told>(&mut conn).await?);
    told.sort_by_key(|event| event.position);
    told.truncate(usize::try_from(most).unwrap_or_default());
    Ok(told)
}

/// Events at positions, all of them told between two instants.
///
/// # Errors
/// Where the database cannot be read.
pub async fn at_positions(
    mut conn: &Conn,
    positions: &[i64],
    (first, last): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Told>> {
    // The instants name the months to look into.
    let query = Told::query().filter(events::position.eq_any(positions)).filter(events::at.between(first, last));
    Ok(query.load(&mut conn).await?)
}
