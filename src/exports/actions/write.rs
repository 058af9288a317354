//! A file on its way out: rows from one moment of the database, through a thread that opens numbers and writes cells,
//! to whoever fetches it.
//!
//! Every step waits for the next one, so that a file of any length takes a few megabytes, and a reader who stops
//! stops the database as well. Whatever ends the work early drops it whole: the session, and with it the statement.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use futures_util::StreamExt;
use futures_util::stream::Fuse;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, interval};
use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{Row, RowStream};

use crate::audit::{Read, ReadLog};
use crate::db::{self, Db, ReadingSession};
use crate::domain::{Caller, Scope};
use crate::error::{Error, Result};
use crate::exports::files::{self, File};
use crate::exports::model::{ExportFilter, ExportRow, ExportStatus, Numbers};
use crate::exports::queries;
use crate::exports::rules::{self, Cell, Column, Shown, Statement};
use crate::keys::Keys;

/// Rows that are written to the file at once.
const ROWS: usize = 512;
/// Between two words about progress, and two looks whether the file is still wanted.
const PAUSE: Duration = Duration::from_secs(1);
/// Longest that a file may be on its way: as long, the database keeps what it has replaced meanwhile.
const LONGEST: Duration = Duration::from_mins(15);

/// A part of a file; without the last one it is not whole.
#[derive(Debug)]
pub(in crate::exports) enum Part {
    /// The next bytes.
    Bytes(Vec<u8>),
    /// There are no more.
    End,
}

/// A file that is being written.
pub(in crate::exports) struct Writing {
    db: Db,
    keys: Arc<Keys>,
    reads: ReadLog,
    caller: Caller,
    export: ExportRow,
    filter: ExportFilter,
    columns: Arc<[Column]>,
    /// Rows of each area that are out.
    areas: Vec<(i32, AtomicUsize)>,
}

impl Writing {
    /// Takes over an export that has begun.
    ///
    /// # Errors
    /// Where its record cannot be read.
    pub(in crate::exports) fn new(
        (db, keys, reads): (Db, Arc<Keys>, ReadLog),
        caller: Caller,
        export: ExportRow,
    ) -> Result<Self> {
        let areas = caller.scope.area_ids.iter().map(|area_id| (*area_id, AtomicUsize::new(0))).collect();
        let columns = rules::list(export.list).columns(&export.fields).into();
        Ok(Self { filter: export.filter()?, db, keys, reads, caller, export, columns, areas })
    }

    /// A session for the rows; it is opened before anything is answered, so that a refusal can still be told.
    ///
    /// # Errors
    /// `Unavailable` where the database cannot be reached.
    pub(in crate::exports) async fn session(db: &Db, scope: &Scope) -> Result<ReadingSession> {
        db.reading_session(scope, LONGEST).await
    }

    /// Writes the file to `body`, and says how that ended.
    pub(in crate::exports) async fn run(self, session: ReadingSession, body: mpsc::Sender<Part>) {
        let outcome = tokio::select! {
            outcome = self.write(&session, &body) => outcome,
            error = self.watch() => Err(error),
            () = body.closed() => Err(gone()),
        };
        // The moment is let go before anything else is waited for.
        drop(session);
        let status = if outcome.is_ok() { ExportStatus::Done } else { ExportStatus::Failed };
        if let Err(error) = &outcome {
            log::warn!(export_id:% = self.export.id; "the file of an export was cut off: {error}");
        }
        self.record_reads().await;
        self.end(status).await;
        if outcome.is_ok() {
            // Whoever has gone away meanwhile has every byte but no end.
            body.send(Part::End).await.ok();
        }
    }

    async fn write(&self, session: &ReadingSession, body: &mpsc::Sender<Part>) -> Result<()> {
        let statement =
            rules::list(self.export.list).statement(&self.columns, &self.filter, self.export.as_of.is_some());
        let rows = session.prepare(&statement.rows).await.map_err(Error::internal)?;
        let names: Vec<&'static str> = self.columns.iter().map(|column| column.name).collect();
        let mut file = files::begin(self.export.format, &names);
        for (area_id, count) in &self.areas {
            if self.export.numbers == Numbers::Full {
                self.announce(session, &statement, *area_id).await?;
            }
            let parameters = self.parameters(&statement, *area_id);
            let rows = session.query_raw(&rows, parameters).await.map_err(Error::internal)?;
            file = self.write_area((*area_id, count), file, pin!(rows.fuse()), body).await?;
        }
        let last = spawn_blocking(move || {
            file.end();
            file.take()
        });
        send(body, last.await.map_err(Error::internal)?).await
    }

    /// While a batch is written, the next one is gathered.
    async fn write_area(
        &self,
        (area_id, count): (i32, &AtomicUsize),
        mut file: Box<dyn File>,
        mut rows: Pin<&mut Rows>,
        body: &mpsc::Sender<Part>,
    ) -> Result<Box<dyn File>> {
        let mut batch = gather(&mut rows).await?;
        while !batch.is_empty() {
            let size = batch.len();
            let (keys, columns, numbers) = (Arc::clone(&self.keys), Arc::clone(&self.columns), self.export.numbers);
            let written = spawn_blocking(move || {
                let shown = Shown { vault: &keys.vault, area_id, numbers };
                let part = add(&mut *file, &batch, &columns, shown);
                part.map(|part| (file, part))
            });
            let (written, next) = tokio::join!(written, gather(&mut rows));
            let (back, part) = written.map_err(Error::internal)??;
            file = back;
            // Counted before it leaves: what may have been seen is recorded.
            count.fetch_add(size, Ordering::Relaxed);
            send(body, part).await?;
            batch = next?;
        }
        Ok(file)
    }

    /// The area, the instant where there is one, and the values of the filter.
    fn parameters(&self, statement: &Statement, area_id: i32) -> Vec<Box<dyn ToSql + Sync + Send>> {
        let mut parameters: Vec<Box<dyn ToSql + Sync + Send>> = vec![Box::new(vec![area_id])];
        if let Some(at) = self.export.as_of {
            parameters.push(Box::new(SystemTime::from(at)));
        }
        for value in &statement.values {
            parameters.push(Box::new(value.clone()));
        }
        parameters
    }

    /// Full numbers are shown once it is on record how many, to whom and what for.
    async fn announce(&self, session: &ReadingSession, statement: &Statement, area_id: i32) -> Result<()> {
        let parameters = self.parameters(statement, area_id);
        let mut counted = pin!(session.query_raw(&statement.count, parameters).await.map_err(Error::internal)?);
        let row = counted.next().await.ok_or_else(|| Error::internal("a count has no row"))?;
        let count: i64 = row.and_then(|row| row.try_get(0)).map_err(Error::internal)?;
        let read = self.read_of(area_id).of(usize::try_from(count).unwrap_or(usize::MAX));
        let read = read.with_purpose(self.export.purpose.clone().unwrap_or_default());
        read.write(&*self.db.unscoped().await?).await
    }

    fn read_of(&self, area_id: i32) -> Read {
        let scope = Scope { area_ids: vec![area_id], company_id: None };
        let caller = Caller { scope, ..self.caller.clone() };
        Read::new(&caller, "get_export_file", self.export.list.as_str(), None)
    }

    /// Of masked rows it is recorded how many went out, those of a file that was cut off as well.
    async fn record_reads(&self) {
        if self.export.numbers == Numbers::Full {
            return;
        }
        for (area_id, count) in &self.areas {
            let count = count.load(Ordering::Relaxed);
            if count > 0 {
                self.reads.record(self.read_of(*area_id).of(count)).await;
            }
        }
    }

    /// Tells of the progress for as long as the file is wanted; why it is not, in the end.
    async fn watch(&self) -> Error {
        let deadline = Instant::now() + LONGEST;
        let mut tick = interval(PAUSE);
        while Instant::now() < deadline {
            tick.tick().await;
            match self.tell_progress().await {
                Ok(true) => {}
                Ok(false) => return Error::unavailable("it was cancelled"),
                Err(error) => log::warn!(export_id:% = self.export.id; "progress could not be told: {error}"),
            }
        }
        Error::unavailable("it took too long")
    }

    async fn tell_progress(&self) -> Result<bool> {
        let conn = self.db.unscoped().await?;
        queries::set_progress(&conn, self.export.id, self.rows(), db::now()).await
    }

    fn rows(&self) -> i32 {
        let rows = self.areas.iter().map(|(_, count)| count.load(Ordering::Relaxed)).sum::<usize>();
        i32::try_from(rows).unwrap_or(i32::MAX)
    }

    /// What cannot be said now is said by the housekeeping, once nobody has told of the export for a while.
    async fn end(&self, status: ExportStatus) {
        let ended = match self.db.unscoped().await {
            Ok(conn) => queries::set_ended(&conn, self.export.id, status, self.rows(), db::now()).await,
            Err(error) => Err(error),
        };
        if let Err(error) = ended {
            log::warn!(export_id:% = self.export.id; "the end of an export could not be told: {error}");
        }
    }
}

fn gone() -> Error {
    Error::unavailable("the client has gone away")
}

async fn send(body: &mpsc::Sender<Part>, bytes: Vec<u8>) -> Result<()> {
    if bytes.is_empty() {
        return Ok(());
    }
    body.send(Part::Bytes(bytes)).await.map_err(|_| gone())
}

/// Rows that may be asked for again once they have come to their end.
type Rows = Fuse<RowStream>;

/// The next rows; none at the end.
async fn gather(rows: &mut Pin<&mut Rows>) -> Result<Vec<Row>> {
    let mut batch = Vec::with_capacity(ROWS);
    while batch.len() < ROWS {
        match rows.next().await {
            Some(row) => batch.push(row.map_err(Error::internal)?),
            None => break,
        }
    }
    Ok(batch)
}

/// Adds rows to a file, and takes away what is written.
fn add(file: &mut dyn File, rows: &[Row], columns: &[Column], shown: Shown<'_>) -> Result<Vec<u8>> {
    for row in rows {
        for (at, column) in columns.iter().enumerate() {
            let raw: Option<Raw<'_>> = row.try_get(at).map_err(Error::internal)?;
            let cell = raw.map_or(Ok(Cell::Empty), |raw| rules::read(column.kind, raw.0, shown))?;
            file.cell(&cell);
        }
        file.end_row();
    }
    Ok(file.take())
}

/// A value as the database sent it.
struct Raw<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}
