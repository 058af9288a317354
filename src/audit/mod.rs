//! Who did and who read what: one row a write, in its transaction, and one a read of personal data.
//!
//! Reads are gathered for a moment and written together, so that reading costs no disk flush: a crash can lose
//! the last fraction of a second of read rows, never a row about a write.
//!
//! `chain` seals the rows in blocks behind their writers; `check` reads the whole of it anew.

mod chain;
mod check;
mod list;
mod reads;
mod routes;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{self, Conn};
use crate::domain::{Caller, CompanyId};
use crate::error::{Error, Result};
use crate::keys::sha256;
use crate::schema::audit_records;

pub use chain::{AuditBlock, InclusionProof, MOST_ROWS, keep_sealing, seal};
pub use check::{Checked, Fault, Stopped, check_database, check_file, export};
pub use list::AuditRecord;
pub use reads::{Read, ReadLog};
pub use routes::routes;

/// Area of records that belong to no sub-district.
pub const NO_AREA: i32 = 0;

/// What a write did, for the record of it.
#[derive(Debug, Clone, Copy)]
pub struct Write<'a> {
    /// operationId of the API.
    pub operation: &'a str,
    /// Plural noun of the record.
    pub resource: &'a str,
    /// Its id.
    pub resource_id: Uuid,
    /// Its area, or [`NO_AREA`].
    pub area_id: i32,
    /// Its company, where it is on the company side.
    pub company_id: Option<CompanyId>,
    /// How many records were written with it.
    pub record_count: i32,
}

impl<'a> Write<'a> {
    /// A write of one record of an area.
    #[must_use]
    pub fn of(operation: &'a str, resource: &'a str, resource_id: Uuid, area_id: i32) -> Self {
        Self { operation, resource, resource_id, area_id, company_id: None, record_count: 1 }
    }
}

#[derive(Debug, Insertable)]
#[diesel(table_name = audit_records, treat_none_as_default_value = false)]
struct NewRecord<'a> {
    area_id: i32,
    at: DateTime<Utc>,
    id: Uuid,
    client_id: &'a str,
    operation: &'a str,
    resource: &'a str,
    resource_id: Option<Uuid>,
    company_id: Option<CompanyId>,
    request_id: Option<String>,
    record_count: i32,
    before_digest: Option<Vec<u8>>,
    after_digest: Option<Vec<u8>>,
}

/// Records a write in the caller's transaction, with digests of the record before and after.
///
/// # Errors
/// Where the database refuses; the write is then undone with it.
pub async fn record<T: Serialize>(
    mut conn: &Conn,
    caller: &Caller,
    write: Write<'_>,
    before: Option<&T>,
    after: Option<&T>,
) -> Result<()> {
    let row = NewRecord {
        area_id: write.area_id,
        at: db::now(),
        id: Uuid::now_v7(),
        client_id: &caller.client_id,
        operation: write.operation,
        resource: write.resource,
        resource_id: Some(write.resource_id),
        company_id: write.company_id,
        request_id: Some(caller.request_id.to_string()),
        record_count: write.record_count,
        before_digest: before.map(digest).transpose()?,
        after_digest: after.map(digest).transpose()?,
    };
    diesel::insert_into(audit_records::table).values(row).execute(&mut conn).await?;
    Ok(())
}

/// Lets the numbers of transactions go on where audit rows were restored from another cluster; tells whether they were.
///
/// # Errors
/// Where the database refuses.
pub async fn continue_numbers(mut owner: &Conn) -> Result<bool> {
    let continued = diesel::select(continue_audit_transactions()).get_result(&mut owner).await?;
    Ok(continued)
}

diesel::define_sql_function! {
    /// See the migration that made it.
    fn continue_audit_transactions() -> diesel::sql_types::Bool;
}

fn digest(record: &impl Serialize) -> Result<Vec<u8>> {
    let json = serde_json::to_vec(record).map_err(Error::internal)?;
    Ok(sha256(&json).to_vec())
}
