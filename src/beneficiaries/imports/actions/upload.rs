//! A file on its way in: parts from the client, through a thread that parses and seals, into the staging table.
//!
//! Every step waits for the next one, so that a file of any length takes a few megabytes of memory.

use std::io::Cursor;
use std::pin::pin;
use std::sync::Arc;

use csv::{ByteRecord, ReaderBuilder};
use futures_util::SinkExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::reader::Parts;
use super::sealer::Sealer;
use crate::beneficiaries::imports::queries::{STAGE, lock_of};
use crate::beneficiaries::imports::rules::{FileRow, Header, Surroundings};
use crate::beneficiaries::rules::{Districts, local_day};
use crate::db::{self, Conn, Db};
use crate::domain::{ImportId, Scope};
use crate::error::{Code, Error, Fault, Result};
use crate::keys::Keys;
use crate::regions;

/// Parts that may wait to be parsed, and blocks of rows that may wait to be sent.
const WAITING: usize = 16;
/// Bytes of rows that are sent at once.
const BLOCK_BYTES: usize = 1 << 18;

/// A file that is being received.
pub(in crate::beneficiaries::imports) struct Upload {
    id: ImportId,
    parts: mpsc::Sender<Vec<u8>>,
    parsing: JoinHandle<Result<Facts>>,
    copying: JoinHandle<Result<Client>>,
}

/// A file that is in the staging table of its session.
pub(in crate::beneficiaries::imports) struct Staged {
    /// Id that the import will have.
    pub(in crate::beneficiaries::imports) id: ImportId,
    /// Data rows of the file.
    pub(in crate::beneficiaries::imports) rows: i32,
    /// SHA-256 of the file.
    pub(in crate::beneficiaries::imports) digest: [u8; 32],
    /// The session.
    pub(super) client: Client,
}

struct Facts {
    rows: i32,
    digest: [u8; 32],
}

impl Upload {
    /// Opens a session for a file of an area. `conn` reads the regions.
    ///
    /// # Errors
    /// `Unavailable` where the database cannot be reached.
    pub(in crate::beneficiaries::imports) async fn start(
        db: &Db,
        conn: &Conn,
        keys: Arc<Keys>,
        area_id: i32,
    ) -> Result<Self> {
        let id = ImportId::new();
        let surroundings = Surroundings {
            villages: regions::villages_of(conn, area_id).await?.into_iter().collect(),
            districts: Districts::new(regions::all_districts(conn).await?),
            today: local_day(db::now()),
        };
        let client = db.session(&Scope { area_ids: vec![area_id], company_id: None }).await?;
        client.execute("select pg_advisory_lock($1)", &[&lock_of(id)]).await.map_err(Error::internal)?;
        client.batch_execute(STAGE).await.map_err(Error::internal)?;
        let (parts, arriving) = mpsc::channel(WAITING);
        let (blocks, ready_blocks) = mpsc::channel(WAITING);
        let sealer = Sealer::new(keys, area_id);
        let parsing = tokio::task::spawn_blocking(move || parse(arriving, sealer, &surroundings, &blocks));
        Ok(Self { id, parts, parsing, copying: tokio::spawn(copy(client, ready_blocks)) })
    }

    /// Takes the next part; false where nothing more is wanted, as the file is at fault.
    pub(in crate::beneficiaries::imports) async fn take(&self, part: Vec<u8>) -> bool {
        self.parts.send(part).await.is_ok()
    }

    /// Waits until every row is staged.
    ///
    /// # Errors
    /// `invalid_fields` for a header with faults, or a row that has no end.
    pub(in crate::beneficiaries::imports) async fn finish(self) -> Result<Staged> {
        drop(self.parts);
        let Facts { rows, digest } = self.parsing.await.map_err(Error::internal)??;
        let client = self.copying.await.map_err(Error::internal)??;
        Ok(Staged { id: self.id, rows, digest, client })
    }
}

/// Parses and seals on a thread of its own: it computes and waits, which a worker must not.
fn parse(
    parts: mpsc::Receiver<Vec<u8>>,
    mut sealer: Sealer,
    surroundings: &Surroundings,
    blocks: &mpsc::Sender<Vec<u8>>,
) -> Result<Facts> {
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).buffer_capacity(1 << 16).from_reader(Parts::new(parts));
    let mut record = ByteRecord::new();
    let mut rows = 0_i32;
    read_record(&mut reader, &mut record, 1)?;
    let header = Header::read(&record).map_err(Error::invalid)?;
    while read_record(&mut reader, &mut record, rows)? {
        rows = rows.checked_add(1).ok_or(Code::BodyTooLarge)?;
        let line = record.position().map_or(0, csv::Position::line);
        let line = i32::try_from(line).map_err(|_| Error::from(Code::BodyTooLarge))?;
        sealer.add(line, &FileRow::read(&header, &record, surroundings), surroundings)?;
        if sealer.rows().waiting_bytes() >= BLOCK_BYTES {
            send(blocks, sealer.rows().part())?;
        }
    }
    send(blocks, sealer.rows().end())?;
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
async fn copy(client: Client, mut blocks: mpsc::Receiver<Vec<u8>>) -> Result<Client> {
    {
        let sink = client.copy_in("copy staged from stdin (format binary)").await.map_err(Error::internal)?;
        let mut sink = pin!(sink);
        while let Some(block) = blocks.recv().await {
            sink.send(Cursor::new(block)).await.map_err(Error::internal)?;
        }
        sink.finish().await.map_err(Error::internal)?;
    }
    Ok(client)
}
