//! Records of reads, gathered and written together.

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::{Array, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::db::{self, Conn, Db};
use crate::domain::Caller;
use crate::error::Result;
use crate::schema::audit_records;

/// Reads that may wait to be written; past that a read waits for room.
const WAITING: usize = 20_000;
/// Longest a read waits to be written.
const GATHER: Duration = Duration::from_millis(20);
/// Rows of one statement.
const BATCH: usize = 2_000;

/// One statement for a batch of any size, with one parameter for each column: nothing of it depends on the rows.
const WRITE: &str = "
    insert into audit_records
        (area_id, at, id, client_id, operation, purpose, resource, resource_id, request_id, record_count)
    select * from unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

/// A read of personal data.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = audit_records, treat_none_as_default_value = false)]
pub struct Read {
    area_id: i32,
    at: DateTime<Utc>,
    id: Uuid,
    client_id: String,
    operation: &'static str,
    purpose: Option<String>,
    resource: &'static str,
    resource_id: Option<Uuid>,
    request_id: Option<String>,
    record_count: i32,
    /// The other sub-districts whose rows may have been shown: each gets the record.
    #[diesel(skip_insertion)]
    others: Vec<i32>,
}

impl Read {
    /// A read by `operation` of one record, or of a list where `resource_id` is `None`.
    #[must_use]
    pub fn new(caller: &Caller, operation: &'static str, resource: &'static str, resource_id: Option<Uuid>) -> Self {
        let (first, others) =
            caller.scope.area_ids.split_first().map_or((super::NO_AREA, &[][..]), |(first, others)| (*first, others));
        Self {
            area_id: first,
            at: db::now(),
            id: Uuid::now_v7(),
            client_id: caller.client_id.clone(),
            operation,
            purpose: None,
            resource,
            resource_id,
            request_id: Some(caller.request_id.to_string()),
            record_count: 1,
            others: others.to_vec(),
        }
    }

    /// Says how many records were shown.
    #[must_use]
    pub fn of(self, record_count: usize) -> Self {
        Self { record_count: i32::try_from(record_count).unwrap_or(i32::MAX), ..self }
    }

    /// Writes the record in the caller's transaction, for a read that must not happen without it.
    ///
    /// # Errors
    /// Where the database refuses.
    pub async fn write(self, mut conn: &Conn) -> Result<()> {
        diesel::insert_into(audit_records::table).values(self).execute(&mut conn).await?;
        Ok(())
    }

    /// Says why.
    #[must_use]
    pub fn with_purpose(self, purpose: String) -> Self {
        Self { purpose: Some(purpose), ..self }
    }
}

/// Takes reads and writes them behind the request; cheap to clone.
#[derive(Debug, Clone)]
pub struct ReadLog(mpsc::Sender<Read>);

impl ReadLog {
    /// Starts the writer. It ends when the last clone is dropped and everything is written.
    #[must_use]
    pub fn start(db: Db) -> (Self, tokio::task::JoinHandle<()>) {
        let (sender, receiver) = mpsc::channel(WAITING);
        (Self(sender), tokio::spawn(write_all(db, receiver)))
    }

    /// Takes a read; waits where too many are waiting already.
    pub async fn record(&self, mut read: Read) {
        for area_id in std::mem::take(&mut read.others) {
            self.send(Read { area_id, id: Uuid::now_v7(), ..read.clone() }).await;
        }
        self.send(read).await;
    }

    async fn send(&self, read: Read) {
        if self.0.send(read).await.is_err() {
            log::error!("a read could not be recorded: the writer has stopped");
        }
    }
}

async fn write_all(db: Db, mut reads: mpsc::Receiver<Read>) {
    let mut batch = Vec::with_capacity(BATCH);
    while reads.recv_many(&mut batch, BATCH).await > 0 {
        while let Err(error) = write(&db, &batch).await {
            log::error!("reads could not be recorded, trying again: {error}");
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        batch.clear();
        tokio::time::sleep(GATHER).await;
    }
}

async fn write(db: &Db, batch: &[Read]) -> Result<()> {
    let mut conn = db.unscoped().await?;
    let statement = diesel::sql_query(WRITE)
        .bind::<Array<Integer>, _>(column(batch, |read| read.area_id))
        .bind::<Array<Timestamptz>, _>(column(batch, |read| read.at))
        .bind::<Array<SqlUuid>, _>(column(batch, |read| read.id))
        .bind::<Array<Text>, _>(column(batch, |read| read.client_id.as_str()))
        .bind::<Array<Text>, _>(column(batch, |read| read.operation))
        .bind::<Array<Nullable<Text>>, _>(column(batch, |read| read.purpose.as_deref()))
        .bind::<Array<Text>, _>(column(batch, |read| read.resource))
        .bind::<Array<Nullable<SqlUuid>>, _>(column(batch, |read| read.resource_id))
        .bind::<Array<Nullable<Text>>, _>(column(batch, |read| read.request_id.as_deref()))
        .bind::<Array<Integer>, _>(column(batch, |read| read.record_count));
    db::kept(statement).execute(&mut conn).await?;
    Ok(())
}

fn column<'a, T>(batch: &'a [Read], of: impl Fn(&'a Read) -> T) -> Vec<T> {
    batch.iter().map(of).collect()
}
