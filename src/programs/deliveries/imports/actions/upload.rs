//! A file of results on its way in: parts from the client, through a thread that parses, into the staging table.

use std::io::Cursor;
use std::pin::pin;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use futures_util::SinkExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use crate::beneficiaries::Parts;
use crate::db::{self, CopyRows, Db};
use crate::domain::{DeliveryImportId, Scope, Text};
use crate::error::{Code, Error, Fault, Result};
use crate::keys::{Keys, Vault};
use crate::programs::deliveries::imports::queries::{STAGE, lock_of};
use crate::programs::deliveries::imports::rules::{Header, ResultRow};

/// Parts that may wait to be parsed, and blocks of rows that may wait to be sent.
const WAITING: usize = 16;
/// Bytes of rows that are sent at once.
const BLOCK_BYTES: usize = 1 << 18;
/// Columns of the staging table.
const COLUMNS: i16 = 10;

/// A file that is being received.
pub(in crate::programs::deliveries::imports) struct Upload {
    id: DeliveryImportId,
    parts: mpsc::Sender<Vec<u8>>,
    parsing: JoinHandle<Result<Facts>>,
    copying: JoinHandle<Result<Client>>,
}

/// A file that is in the staging table of its session.
pub(in crate::programs::deliveries::imports) struct Staged {
    /// Id that the import will have.
    pub(in crate::programs::deliveries::imports) id: DeliveryImportId,
    /// Data rows of the file.
    pub(super) rows: i32,
    /// SHA-256 of the file.
    pub(in crate::programs::deliveries::imports) digest: [u8; 32],
    /// The session.
    pub(super) client: Client,
}

struct Facts {
    rows: i32,
    digest: [u8; 32],
}

impl Upload {
    /// Opens a session for a file of an area.
    ///
    /// # Errors
    /// `Unavailable` where the database cannot be reached.
    pub(in crate::programs::deliveries::imports) async fn start(
        db: &Db,
        keys: Arc<Keys>,
        area_id: i32,
    ) -> Result<Self> {
        let id = DeliveryImportId::new();
        let client = db.session(&Scope { area_ids: vec![area_id], company_id: None }).await?;
        client.execute("select pg_advisory_lock($1)", &[&lock_of(id)]).await.map_err(Error::internal)?;
        client.batch_execute(STAGE).await.map_err(Error::internal)?;
        let (parts, arriving) = mpsc::channel(WAITING);
        let (blocks, ready_blocks) = mpsc::channel(WAITING);
        let parsing = tokio::task::spawn_blocking(move || parse(arriving, &keys.vault, &blocks));
        Ok(Self { id, parts, parsing, copying: tokio::spawn(copy(client, ready_blocks)) })
    }

    /// Takes the next part; false where nothing more is wanted, as the file is at fault.
    pub(in crate::programs::deliveries::imports) async fn take(&self, part: Vec<u8>) -> bool {
        self.parts.send(part).await.is_ok()
    }

    /// Waits until every row is staged.
    ///
    /// # Errors
    /// `invalid_fields` for a header with faults, or a row that has no end.
    pub(in crate::programs::deliveries::imports) async fn finish(self) -> Result<Staged> {
        drop(self.parts);
        let Facts { rows, digest } = self.parsing.await.map_err(Error::internal)??;
        let client = self.copying.await.map_err(Error::internal)??;
        Ok(Staged { id: self.id, rows, digest, client })
    }
}

/// Parses on a thread of its own: it computes and waits, which a worker must not.
fn parse(parts: mpsc::Receiver<Vec<u8>>, vault: &Vault, blocks: &mpsc::Sender<Vec<u8>>) -> Result<Facts> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(Parts::new(parts));
    let (mut record, mut staged, mut rows) = (ByteRecord::new(), CopyRows::new(COLUMNS), 0_i32);
    let today = db::today();
    read_record(&mut reader, &mut record, 1)?;
    let header = Header::read(&record).map_err(Error::invalid)?;
    while read_record(&mut reader, &mut record, rows)? {
        rows = rows.checked_add(1).ok_or(Code::BodyTooLarge)?;
        let line = record.position().map_or(0, csv::Position::line);
        let line = i32::try_from(line).map_err(|_| Error::from(Code::BodyTooLarge))?;
        stage(&mut staged, line, &ResultRow::read(&header, &record, today), vault);
        if staged.waiting_bytes() >= BLOCK_BYTES {
            send(blocks, staged.part())?;
        }
    }
    send(blocks, staged.end())?;
    Ok(Facts { rows, digest: reader.get_ref().digest() })
}

/// Adds a row to the staging table; numbers leave memory as their digests only.
fn stage(rows: &mut CopyRows, line: i32, row: &ResultRow, vault: &Vault) {
    let card_digest = row.card_number.as_ref().map(|card| vault.card_digest(card));
    let nik_digest = row.nik.as_ref().map(|nik| vault.nik_digest(nik));
    rows.row().int4(line).or_null(row.entitlement_id.map(|id| id.0), CopyRows::uuid);
    rows.or_null(card_digest.as_deref(), CopyRows::bytes).or_null(nik_digest.as_deref(), CopyRows::bytes);
    rows.or_null(row.quantity.as_ref().map(ToString::to_string).as_deref(), CopyRows::text);
    rows.or_null(row.on, CopyRows::date).bool(row.is_failed);
    rows.or_null(row.reference.as_ref().map(Text::as_str), CopyRows::text);
    rows.or_null(row.failure_reason.as_ref().map(Text::as_str), CopyRows::text);
    rows.or_null(row.told().as_deref(), CopyRows::text);
}

fn read_record(reader: &mut csv::Reader<Parts>, record: &mut ByteRecord, rows: i32) -> Result<bool> {
    reader.get_mut().begin_row();
    // Rows of any width are read, and cells are bytes: only a row without an end fails.
    let pointer = || format!("row {}", rows.saturating_add(2));
    reader.read_byte_record(record).map_err(|_| Error::invalid(vec![Fault::new(pointer(), Code::RowNotCsv)]))
}

fn send(blocks: &mpsc::Sender<Vec<u8>>, block: Vec<u8>) -> Result<()> {
    blocks.blocking_send(block).map_err(|_| Error::unavailable("the session of an import has ended"))
}

/// Copies blocks of rows into the staging table until there are no more.
async fn copy(client: Client, mut blocks: mpsc::Receiver<Vec<u8>>) -> Result<Client> {
    {
        let sink = client.copy_in("copy staged_results from stdin (format binary)").await.map_err(Error::internal)?;
        let mut sink = pin!(sink);
        while let Some(block) = blocks.recv().await {
            sink.send(Cursor::new(block)).await.map_err(Error::internal)?;
        }
        sink.finish().await.map_err(Error::internal)?;
    }
    Ok(client)
}
