//! A file on its way into the staging table of a session: parts, through a thread that parses and seals.
//!
//! Every step waits for the next one, so that a file of any length takes a few megabytes of memory.

use std::io::Cursor;
use std::pin::pin;
use std::sync::Arc;

use futures_util::SinkExt;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_postgres::Client;

use super::reading::{self, Parts, SheetRow};
use super::sealer::Sealer;
use crate::beneficiaries::attributes;
use crate::beneficiaries::imports::model::FileFormat;
use crate::beneficiaries::imports::queries::{STAGE, lock_of};
use crate::beneficiaries::imports::rules::{FileRow, Header, Reading, Surroundings, Villages};
use crate::beneficiaries::rules::Districts;
use crate::db::{self, Conn, Db};
use crate::domain::{ImportId, Scope};
use crate::error::{Error, Result};
use crate::keys::Keys;
use crate::regions;

/// Parts that may wait to be parsed, and blocks of rows that may wait to be sent.
const WAITING: usize = 16;
/// Bytes of rows that are sent at once.
const BLOCK_BYTES: usize = 1 << 18;

/// A file that is being staged.
pub(super) struct Staging {
    parts: mpsc::Sender<Vec<u8>>,
    parsing: JoinHandle<Result<Facts>>,
    copying: JoinHandle<Result<Client>>,
}

/// A file that is in the staging table of its session.
pub(in crate::beneficiaries::imports) struct Staged {
    /// Rows of the file below its header.
    pub(super) rows: i32,
    /// SHA-256 of the file.
    pub(super) digest: [u8; 32],
    /// The session, which holds the lock of the import.
    pub(super) client: Client,
}

impl Staged {
    /// SHA-256 of the file.
    pub(in crate::beneficiaries::imports) fn digest(&self) -> [u8; 32] {
        self.digest
    }
}

struct Facts {
    rows: i32,
    digest: [u8; 32],
}

impl Staging {
    /// Opens a session for the file of an import; nothing where another session works on it. `conn` reads the regions.
    ///
    /// # Errors
    /// `Unavailable` where the database cannot be reached.
    pub(super) async fn start(
        (db, conn): (&Db, &Conn),
        keys: Arc<Keys>,
        (area_id, id): (i32, ImportId),
        format: FileFormat,
        reading: Reading,
    ) -> Result<Option<Self>> {
        let scope = Scope { area_ids: vec![area_id], company_id: None };
        let surroundings = Surroundings {
            villages: Villages::new(regions::villages_by_code(conn, area_id).await?),
            districts: Districts::new(regions::all_districts(conn).await?),
            schemas: if reading.has_attributes() { attributes::in_force(conn, &scope).await? } else { Vec::new() },
            today: db::today(),
            reading,
        };
        let client = db.session(&scope).await?;
        let locked = client.query_one("select pg_try_advisory_lock($1)", &[&lock_of(id)]).await;
        if !locked.map_err(Error::internal)?.get::<_, bool>(0) {
            return Ok(None);
        }
        client.batch_execute(STAGE).await.map_err(Error::internal)?;
        let (parts, arriving) = mpsc::channel(WAITING);
        let (blocks, ready_blocks) = mpsc::channel(WAITING);
        let (sealer, arriving) = (Sealer::new(Arc::clone(&keys), area_id), Parts::new(arriving).sealed_by(keys));
        let parsing = tokio::task::spawn_blocking(move || parse(arriving, format, sealer, &surroundings, &blocks));
        Ok(Some(Self { parts, parsing, copying: tokio::spawn(copy(client, ready_blocks)) }))
    }

    /// Takes the next part; false where nothing more is wanted, as the file is at fault.
    pub(super) async fn take(&self, part: Vec<u8>) -> bool {
        self.parts.send(part).await.is_ok()
    }

    /// Where parts go in.
    pub(super) fn parts(&self) -> &mpsc::Sender<Vec<u8>> {
        &self.parts
    }

    /// Waits until every row is staged.
    ///
    /// # Errors
    /// `invalid_fields` for a header with faults, a row that has no end, or a workbook that is not read.
    pub(super) async fn finish(self) -> Result<Staged> {
        drop(self.parts);
        let Facts { rows, digest } = self.parsing.await.map_err(Error::internal)??;
        let client = self.copying.await.map_err(Error::internal)??;
        Ok(Staged { rows, digest, client })
    }
}

/// Parses and seals on a thread of its own: it computes and waits, which a worker must not.
fn parse(
    mut parts: Parts,
    format: FileFormat,
    mut sealer: Sealer,
    surroundings: &Surroundings,
    blocks: &mpsc::Sender<Vec<u8>>,
) -> Result<Facts> {
    let mut seal = |header: &Header, row: &SheetRow| {
        let read = match row.fault {
            Some(code) => FileRow { faults: vec![(None, code)], ..FileRow::default() },
            None => FileRow::read(header, &row.record, surroundings),
        };
        sealer.add(row.line, &read, surroundings)?;
        if sealer.rows().waiting_bytes() >= BLOCK_BYTES { send(blocks, sealer.rows().part()) } else { Ok(()) }
    };
    let rows = reading::read(format, &mut parts, &surroundings.reading, &mut seal)?;
    send(blocks, sealer.rows().end())?;
    Ok(Facts { rows, digest: parts.digest() })
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
