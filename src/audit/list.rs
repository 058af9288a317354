//! The records as an auditor reads them.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::chain::{Hexadecimal, Leaf, hexadecimal};
use crate::db::{Conn, walk};
use crate::domain::{AuditRecordId, CompanyId, Scope, Text};
use crate::error::Result;
use crate::http::{ByTime, Limit};
use crate::schema::audit_records;

/// A record as the database has it.
#[derive(Debug, HasQuery, QueryableByName)]
#[diesel(table_name = audit_records)]
pub(super) struct Row {
    area_id: i32,
    pub(super) at: DateTime<Utc>,
    pub(super) id: Uuid,
    client_id: String,
    operation: String,
    purpose: Option<String>,
    resource: String,
    resource_id: Option<Uuid>,
    company_id: Option<CompanyId>,
    request_id: Option<String>,
    record_count: i32,
    before_digest: Option<Vec<u8>>,
    after_digest: Option<Vec<u8>>,
    pub(super) transaction_number: i64,
}

impl Row {
    /// The row as it is sealed.
    pub(super) fn leaf(&self) -> Leaf<'_> {
        Leaf {
            area_id: self.area_id,
            at: self.at,
            id: self.id,
            client_id: &self.client_id,
            operation: &self.operation,
            purpose: self.purpose.as_deref(),
            resource: &self.resource,
            resource_id: self.resource_id,
            company_id: self.company_id.map(|company| company.0),
            request_id: self.request_id.as_deref(),
            record_count: self.record_count,
            before_digest: self.before_digest.as_deref().map(Hexadecimal),
            after_digest: self.after_digest.as_deref().map(Hexadecimal),
            transaction_number: self.transaction_number,
        }
    }
}

/// Who did or read what.
#[derive(Debug, Serialize, ToSchema)]
pub struct AuditRecord {
    /// Id of the record
    pub id: AuditRecordId,
    /// When it was done
    pub at: DateTime<Utc>,
    /// Client that did it
    #[schema(example = "kecamatan-kembang-janggut", max_length = 63, pattern = "^[a-z0-9][a-z0-9-]{2,62}$")]
    pub client_id: String,
    /// `operationId` of this document
    #[schema(example = "register_beneficiary", max_length = 60, pattern = "^[a-z][a-z0-9_]+$")]
    pub operation: String,
    /// Why personal data were read in full, where the client had to say
    #[schema(max_length = 2000)]
    pub purpose: Option<String>,
    /// Plural noun of what was written or read
    #[schema(example = "beneficiaries", max_length = 40, pattern = "^[a-z_]+$")]
    pub resource: String,
    /// The one that was written or read; absent for a list
    pub resource_id: Option<Uuid>,
    /// Company it belongs to, on the company side
    pub company_id: Option<CompanyId>,
    /// `X-Request-Id` of the request
    #[schema(format = Uuid, max_length = 36)]
    pub request_id: Option<String>,
    /// How many records the row stands for
    #[schema(minimum = 0, maximum = 2_147_483_647)]
    pub record_count: i32,
    /// SHA-256 of what was there before, in hexadecimal; absent for what is new and for reads
    #[schema(max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub before_digest: Option<String>,
    /// SHA-256 of what is there since, in hexadecimal; absent for reads
    #[schema(max_length = 64, pattern = "^[0-9a-f]{64}$")]
    pub after_digest: Option<String>,
}

impl From<Row> for AuditRecord {
    fn from(row: Row) -> Self {
        Self {
            id: AuditRecordId(row.id),
            at: row.at,
            client_id: row.client_id,
            operation: row.operation,
            purpose: row.purpose,
            resource: row.resource,
            resource_id: row.resource_id,
            company_id: row.company_id,
            request_id: row.request_id,
            record_count: row.record_count,
            before_digest: row.before_digest.as_deref().map(hexadecimal),
            after_digest: row.after_digest.as_deref().map(hexadecimal),
        }
    }
}

/// Which records.
#[derive(Debug, Deserialize, Serialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RecordFilter {
    /// Records of this plural noun, such as `beneficiaries`
    #[param(inline)]
    pub(super) resource: Option<Text<40>>,
    /// Records of this one
    pub(super) resource_id: Option<Uuid>,
    /// Records of what this client did
    #[param(inline)]
    pub(super) client_id: Option<Text<63>>,
    /// Records of this operation
    #[param(inline)]
    pub(super) operation: Option<Text<60>>,
    /// From this instant on
    pub(super) from: Option<DateTime<Utc>>,
    /// Before this instant
    pub(super) to: Option<DateTime<Utc>>,
    /// In which order
    #[param(inline, default = "-at")]
    pub(super) sort: Option<ByTime>,
}

/// Place of a record in the list.
pub(super) type RecordPlace = (DateTime<Utc>, Uuid);

/// Records of the caller's areas that a filter leaves.
fn filtered<'a>(scope: &'a Scope, filter: &'a RecordFilter) -> audit_records::BoxedQuery<'a, Pg> {
    let mut query = audit_records::table.filter(audit_records::area_id.eq_any(&scope.area_ids)).into_boxed();
    if let Some(resource) = &filter.resource {
        query = query.filter(audit_records::resource.eq(resource.as_str()));
    }
    if let Some(resource_id) = filter.resource_id {
        query = query.filter(audit_records::resource_id.eq(resource_id));
    }
    if let Some(client_id) = &filter.client_id {
        query = query.filter(audit_records::client_id.eq(client_id.as_str()));
    }
    if let Some(operation) = &filter.operation {
        query = query.filter(audit_records::operation.eq(operation.as_str()));
    }
    if let Some(from) = filter.from {
        query = query.filter(audit_records::at.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(audit_records::at.lt(to));
    }
    query
}

/// Counts records of the caller's areas.
///
/// # Errors
/// Where the database cannot be read.
pub(super) async fn count(mut conn: &Conn, scope: &Scope, filter: &RecordFilter) -> Result<i64> {
    Ok(filtered(scope, filter).count().get_result(&mut conn).await?)
}

/// Lists records of the caller's areas in the order of time, after a place.
///
/// # Errors
/// Where the database cannot be read.
pub(super) async fn list(
    mut conn: &Conn,
    scope: &Scope,
    filter: &RecordFilter,
    (limit, after): (Limit, Option<RecordPlace>),
) -> Result<Vec<Row>> {
    let query = filtered(scope, filter).select(Row::as_select()).limit(limit.rows_to_fetch());
    let is_down = filter.sort != Some(ByTime::Up);
    Ok(walk!(query, is_down, after, audit_records::{at, id}).load(&mut conn).await?)
}

/// An id and the time of its row are made in one breath; so far apart they may be at most.
const BREATH: TimeDelta = TimeDelta::seconds(10);

/// Finds a record of the caller's areas.
///
/// Rows are kept by area and time: the id tells the time, so that no index on ids is needed.
///
/// # Errors
/// Where the database cannot be read.
pub(super) async fn find(mut conn: &Conn, scope: &Scope, id: AuditRecordId) -> Result<Option<Row>> {
    let made = id.0.get_timestamp().and_then(|made| {
        let (seconds, nanoseconds) = made.to_unix();
        DateTime::from_timestamp(i64::try_from(seconds).ok()?, nanoseconds)
    });
    let Some(made) = made else { return Ok(None) };
    let found = Row::query()
        .filter(audit_records::area_id.eq_any(&scope.area_ids))
        .filter(audit_records::at.between(made - BREATH, made + BREATH))
        .filter(audit_records::id.eq(id.0))
        .first(&mut conn)
        .await
        .optional()?;
    Ok(found)
}
