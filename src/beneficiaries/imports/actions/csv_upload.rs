//! A file of CSV on its way into a staging table: parts from the client, through a thread that parses, into a session.
//!
//! What a row is and how it is staged is said by whoever takes such files: ranks, and results of deliveries.

use std::io::Cursor;
use std::pin::pin;

use csv::{ByteRecord, ReaderBuilder};
use futures_util::SinkExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::reading::Parts;
use crate::db::{CopyRows, Db};
use crate::domain::Scope;
use crate::error::{Code, Error, Fault, Result};

/// Parts that may wait to be parsed, and blocks of rows that may wait to be sent.
const WAITING: usize = 16;
/// Bytes of rows that are sent at once.
const BLOCK_BYTES: usize = 1 << 18;

/// A staging table, which each session has of its own.
#[derive(Debug)]
pub(crate) struct StagingTable {
    /// Makes it.
    pub(crate) create: &'static str,
    /// Copies rows into it.
    pub(crate) copy: &'static str,
    /// How many columns it has.
    pub(crate) columns: i16,
}

/// Stages a row of the file, told its line.
pub(crate) type StageRow = Box<dyn FnMut(&mut CopyRows, i32, &ByteRecord)>;

/// A file that is being received, for an import with such an id.
pub(crate) struct CsvUpload<Id> {
    id: Id,
    parts: mpsc::Sender<Vec<u8>>,
    parsing: JoinHandle<Result<Facts>>,
    copying: JoinHandle<Result<Client>>,
}

/// A file that is in the staging table of its session.
pub(crate) struct StagedFile<Id> {
    /// Id that the import will have.
    pub(crate) id: Id,
    /// Data rows of the file.
    pub(crate) rows: i32,
    /// SHA-256 of the file.
    pub(crate) digest: [u8; 32],
    /// The session.
    pub(crate) client: Client,
}

struct Facts {
    rows: i32,
    digest: [u8; 32],
}

impl<Id> CsvUpload<Id> {
    /// Opens a session for a file of an area; it holds the lock of the import for as long as it lives. `begin` reads the
    /// header and tells how the rows below it are staged.
    ///
    /// # Errors
    /// `Unavailable` where the database cannot be reached.
    pub(crate) async fn start(
        db: &Db,
        (area_id, id, lock): (i32, Id, i64),
        table: &'static StagingTable,
        begin: impl FnOnce(&ByteRecord) -> Result<StageRow> + Send + 'static,
    ) -> Result<Self> {
        let client = db.session(&Scope { area_ids: vec![area_id], company_id: None }).await?;
        client.execute("select pg_advisory_lock($1)", &[&lock]).await.map_err(Error::internal)?;
        client.batch_execute(table.create).await.map_err(Error::internal)?;
        let (parts, arriving) = mpsc::channel(WAITING);
        let (blocks, ready_blocks) = mpsc::channel(WAITING);
        let parsing = tokio::task::spawn_blocking(move || parse(arriving, table.columns, begin, &blocks));
        Ok(Self { id, parts, parsing, copying: tokio::spawn(copy(client, table.copy, ready_blocks)) })
    }

    /// Takes the next part; false where nothing more is wanted, as the file is at fault.
    pub(crate) async fn take(&self, part: Vec<u8>) -> bool {
        self.parts.send(part).await.is_ok()
    }

    /// Waits until every row is staged.
    ///
    /// # Errors
    /// `invalid_fields` for a header with faults, or a row that has no end.
    pub(crate) async fn finish(self) -> Result<StagedFile<Id>> {
        drop(self.parts);
        let Facts { rows, digest } = self.parsing.await.map_err(Error::internal)??;
        let client = self.copying.await.map_err(Error::internal)??;
        Ok(StagedFile { id: self.id, rows, digest, client })
    }
}

/// Parses on a thread of its own: it computes and waits, which a worker must not.
fn parse(
    parts: mpsc::Receiver<Vec<u8>>,
    columns: i16,
    begin: impl FnOnce(&ByteRecord) -> Result<StageRow>,
    blocks: &mpsc::Sender<Vec<u8>>,
) -> Result<Facts> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(Parts::new(parts));
    let (mut record, mut staged, mut rows) = (ByteRecord::new(), CopyRows::new(columns), 0_i32);
    read_record(&mut reader, &mut record, 1)?;
    let mut stage = begin(&record)?;
    while read_record(&mut reader, &mut record, rows)? {
        rows = rows.checked_add(1).ok_or(Code::BodyTooLarge)?;
        let line = record.position().map_or(0, csv::Position::line);
        let line = i32::try_from(line).map_err(|_| Error::from(Code::BodyTooLarge))?;
        stage(&mut staged, line, &record);
        if staged.waiting_bytes() >= BLOCK_BYTES {
            send(blocks, staged.part())?;
        }
    }
    send(blocks, staged.end())?;
    Ok(Facts { rows, digest: reader.get_ref().digest() })
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
async fn copy(client: Client, statement: &'static str, mut blocks: mpsc::Receiver<Vec<u8>>) -> Result<Client> {
    {
        let sink = client.copy_in(statement).await.map_err(Error::internal)?;
        let mut sink = pin!(sink);
        while let Some(block) = blocks.recv().await {
            sink.send(Cursor::new(block)).await.map_err(Error::internal)?;
        }
        sink.finish().await.map_err(Error::internal)?;
    }
    Ok(client)
}
