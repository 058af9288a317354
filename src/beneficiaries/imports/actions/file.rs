//! The file of an import as it was sent: kept sealed part by part, and read again from there.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_postgres::{Client, Statement};

use crate::db::Db;
use crate::domain::{ImportId, Scope};
use crate::error::{Error, Result};
use crate::keys::{Keys, Place};

/// Bytes of a part; each is one row of the database.
const PART_BYTES: usize = 1 << 18;
const INSERT: &str = "insert into import_parts (area_id, import_id, part_number, bytes_sealed, received_at)
    values ($1, $2::text::uuid, $3, $4, now())";
const FIND: &str = "select bytes_sealed from import_parts
    where area_id = $1 and import_id = $2::text::uuid and part_number = $3";

/// Keeps a file while it arrives.
pub(super) struct Keeper {
    keys: Arc<Keys>,
    area_id: i32,
    id: ImportId,
    session: Client,
    insert: Statement,
    waiting: Vec<u8>,
    kept: u32,
}

impl Keeper {
    /// Opens a session for the parts.
    ///
    /// # Errors
    /// `Unavailable` where the database cannot be reached.
    pub(super) async fn start(db: &Db, keys: Arc<Keys>, (area_id, id): (i32, ImportId)) -> Result<Self> {
        let session = db.session(&Scope { area_ids: vec![area_id], company_id: None }).await?;
        let insert = session.prepare(INSERT).await.map_err(Error::internal)?;
        Ok(Self { keys, area_id, id, session, insert, waiting: Vec::with_capacity(PART_BYTES), kept: 0 })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// Where the database refuses.
    pub(super) async fn take(&mut self, bytes: &[u8]) -> Result<()> {
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() >= PART_BYTES { self.keep().await } else { Ok(()) }
    }

    /// Keeps the last bytes.
    ///
    /// # Errors
    /// Where the database refuses.
    pub(super) async fn finish(mut self) -> Result<()> {
        if self.waiting.is_empty() { Ok(()) } else { self.keep().await }
    }

    async fn keep(&mut self) -> Result<()> {
        let place = Place::import_part(self.area_id, self.id, self.kept);
        let sealed = self.keys.vault.seal_bytes(place, &self.waiting)?;
        let number = i32::try_from(self.kept).map_err(Error::internal)?;
        let id = self.id.to_string();
        self.session.execute(&self.insert, &[&self.area_id, &id, &number, &sealed]).await.map_err(Error::internal)?;
        self.waiting.clear();
        self.kept += 1;
        Ok(())
    }
}

/// Sends the parts of a kept file, in their order, until they end or nobody wants more; answers how many there were.
///
/// All of them or none, also where the file is given up meanwhile.
///
/// # Errors
/// Where a part cannot be read or opened.
pub(super) async fn send_parts(
    db: &Db,
    keys: &Keys,
    (area_id, id): (i32, ImportId),
    wanted: &mpsc::Sender<Vec<u8>>,
) -> Result<u32> {
    let session = db.session(&Scope { area_ids: vec![area_id], company_id: None }).await?;
    let find = session.prepare(FIND).await.map_err(Error::internal)?;
    session.batch_execute("begin isolation level repeatable read, read only").await.map_err(Error::internal)?;
    let (mut number, key) = (0_u32, id.to_string());
    loop {
        let place = i32::try_from(number).map_err(Error::internal)?;
        let row = session.query_opt(&find, &[&area_id, &key, &place]).await.map_err(Error::internal)?;
        let Some(row) = row else { return Ok(number) };
        let part = keys.vault.open_bytes(Place::import_part(area_id, id, number), row.get(0))?;
        if wanted.send(part).await.is_err() {
            return Ok(number);
        }
        number += 1;
    }
}
