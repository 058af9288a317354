//! The faulty rows of an import as they were sent, with what is wrong with each: to be mended and sent again.
//!
//! The kept file is read once more from its first part to its last, beside the list of faults, which is in the order of
//! the file. Nothing here holds either as a whole.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::file::send_parts;
use super::reading::{self, Parts, SheetRow};
use crate::beneficiaries::imports::mappings::Layout;
use crate::beneficiaries::imports::model::{FaultRow, FileKind, ImportRow};
use crate::beneficiaries::imports::queries;
use crate::beneficiaries::imports::rules::{ADDED, Header, Reading};
use crate::db::Db;
use crate::domain::Scope;
use crate::error::{Code, Error, Result};
use crate::keys::Keys;

/// Parts, faults and blocks that may wait for the next step.
const WAITING: usize = 4;
/// Faults that are read at once.
const FAULTS: i64 = 2_000;
/// Longest that a block waits to be read.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that are sent at once.
const BLOCK_BYTES: usize = 1 << 16;

/// What is to be written out, and where it goes.
pub(in crate::beneficiaries::imports) struct FaultyRows {
    pub(in crate::beneficiaries::imports) import: ImportRow,
    pub(in crate::beneficiaries::imports) kind: FileKind,
    pub(in crate::beneficiaries::imports) is_indonesian: bool,
    pub(in crate::beneficiaries::imports) out: mpsc::Sender<Result<Vec<u8>>>,
}

/// Writes the faulty rows until there are no more or nobody reads on.
pub(in crate::beneficiaries::imports) async fn write_faulty_rows(db: Db, keys: Arc<Keys>, rows: FaultyRows) {
    let out = rows.out.clone();
    if let Err(error) = write(db, keys, rows).await {
        log::warn!("the faulty rows of an import could not be written out: {error}");
        // Where the answer has begun it is broken off, so that nobody takes a part for the whole.
        out.send(Err(error)).await.ok();
    }
}

async fn write(db: Db, keys: Arc<Keys>, rows: FaultyRows) -> Result<()> {
    let at = (rows.import.area_id, rows.import.id);
    let layout =
        rows.import.layout.clone().map(serde_json::from_value::<Layout>).transpose().map_err(Error::internal)?;
    let reading = layout.as_ref().map(Reading::of).transpose().map_err(Error::invalid)?.unwrap_or_default();
    let format = rows.import.format;
    let (parts, arriving) = mpsc::channel(WAITING);
    let (told, faults) = mpsc::channel(WAITING);
    let sending = {
        let (db, keys) = (db.clone(), Arc::clone(&keys));
        tokio::spawn(async move { send_parts(&db, &keys, at, &parts).await })
    };
    let telling = tokio::spawn(tell_faults(db, at, told));
    let writing = tokio::task::spawn_blocking(move || {
        let mut writer =
            Writer { rows, faults, page: Vec::new().into_iter(), next: None, waiting: Vec::new(), begun: false };
        reading::read(format, &mut Parts::new(arriving).sealed_by(keys), &reading, &mut |header, row| {
            writer.take(header, row)
        })?;
        writer.finish()
    });
    let written = writing.await.map_err(Error::internal)?;
    if sending.await.map_err(Error::internal)?? == 0 {
        return Err(Code::FileGone.into());
    }
    telling.await.map_err(Error::internal)??;
    written
}

/// Sends the faults in the order of the file, page by page.
async fn tell_faults(db: Db, at: (i32, crate::domain::ImportId), told: mpsc::Sender<Vec<FaultRow>>) -> Result<()> {
    let scope = Scope { area_ids: vec![at.0], company_id: None };
    let mut after = (0, 0);
    loop {
        let page = queries::faulty_lines(&*db.read(&scope).await?, at, after, FAULTS).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = (last.row_number, last.fault_number);
        if told.send(page).await.is_err() {
            return Ok(());
        }
    }
}

struct Writer {
    rows: FaultyRows,
    faults: mpsc::Receiver<Vec<FaultRow>>,
    page: std::vec::IntoIter<FaultRow>,
    next: Option<FaultRow>,
    waiting: Vec<u8>,
    begun: bool,
}

impl Writer {
    fn take(&mut self, header: &Header, row: &SheetRow) -> Result<()> {
        if !self.begun {
            self.begin(header)?;
        }
        let faults = self.faults_of(row.line);
        if faults.is_empty() {
            return Ok(());
        }
        match self.rows.kind {
            FileKind::Csv => self.write_cells(header, row, &faults)?,
            FileKind::Ndjson => self.write_object(header, row, &faults)?,
        }
        if self.waiting.len() >= BLOCK_BYTES { self.send() } else { Ok(()) }
    }

    /// The faults of a line; those of lines before it are passed over.
    fn faults_of(&mut self, line: i32) -> Vec<FaultRow> {
        let mut found = Vec::new();
        loop {
            if self.next.is_none() {
                self.next = self.next_fault();
            }
            match self.next.take_if(|fault| fault.row_number <= line) {
                Some(fault) if fault.row_number == line => found.push(fault),
                Some(_) => {}
                None => return found,
            }
        }
    }

    fn next_fault(&mut self) -> Option<FaultRow> {
        if let Some(fault) = self.page.next() {
            return Some(fault);
        }
        self.page = self.faults.blocking_recv()?.into_iter();
        self.page.next()
    }

    fn begin(&mut self, header: &Header) -> Result<()> {
        self.begun = true;
        if self.rows.kind == FileKind::Csv {
            self.waiting.extend_from_slice(b"\xef\xbb\xbf");
            let names = header.names().iter().map(String::as_str).filter(|name| !ADDED.contains(name));
            let names: Vec<&str> = names.chain(ADDED).collect();
            self.write_record(&names)?;
        }
        Ok(())
    }

    fn write_cells(&mut self, header: &Header, row: &SheetRow, faults: &[FaultRow]) -> Result<()> {
        let [line, codes, advice] = self.told(row.line, faults);
        let mut cells: Vec<Vec<u8>> = Vec::new();
        for (place, name) in header.names().iter().enumerate() {
            if !ADDED.contains(&name.as_str()) {
                cells.push(defused(row.record.get(place).unwrap_or_default()));
            }
        }
        cells.extend([line, codes, advice].map(String::into_bytes));
        self.write_record(&cells)
    }

    fn write_record<T: AsRef<[u8]>>(&mut self, cells: &[T]) -> Result<()> {
        let mut writer = csv::Writer::from_writer(&mut self.waiting);
        writer.write_record(cells).map_err(Error::internal)?;
        writer.flush().map_err(Error::internal)
    }

    fn write_object(&mut self, header: &Header, row: &SheetRow, faults: &[FaultRow]) -> Result<()> {
        let mut object = Map::new();
        for (name, cell) in header.names().iter().zip(&row.record) {
            if !cell.is_empty() && !ADDED.contains(&name.as_str()) {
                object.insert(name.clone(), String::from_utf8_lossy(cell).into());
            }
        }
        for (name, told) in ADDED.iter().zip(self.told(row.line, faults)) {
            object.insert((*name).to_owned(), Value::String(told));
        }
        serde_json::to_writer(&mut self.waiting, &object).map_err(Error::internal)?;
        self.waiting.push(b'\n');
        Ok(())
    }

    /// Line, codes and advice, for the columns that are added.
    fn told(&self, line: i32, faults: &[FaultRow]) -> [String; 3] {
        let code = |fault: &FaultRow| match &fault.column_name {
            Some(column) => format!("{column}:{}", fault.code),
            None => fault.code.clone(),
        };
        let words = |fault: &FaultRow| {
            let code = Code::parse(&fault.code)?;
            let told = format!("{}. {}", code.title(self.rows.is_indonesian), code.advice(self.rows.is_indonesian));
            Some(fault.column_name.as_ref().map_or(told.clone(), |column| format!("{column}: {told}")))
        };
        let codes: Vec<String> = faults.iter().map(code).collect();
        let advice: Vec<String> = faults.iter().filter_map(words).collect();
        [line.to_string(), codes.join(" "), advice.join(" ")]
    }

    fn send(&mut self) -> Result<()> {
        let block = std::mem::take(&mut self.waiting);
        // Whoever reads too slowly would keep others from their workbooks.
        let sent = Handle::current().block_on(timeout(PATIENCE, self.rows.out.send(Ok(block))));
        let is_taken = sent.is_ok_and(|sent| sent.is_ok());
        is_taken.then_some(()).ok_or_else(|| Error::unavailable("nobody reads the faulty rows any more"))
    }

    fn finish(mut self) -> Result<()> {
        if self.waiting.is_empty() { Ok(()) } else { self.send() }
    }
}

/// The cell as a spreadsheet shows it and nothing more: it would compute what starts as a formula, and round long
/// numbers. The apostrophe is read past when the file comes back.
fn defused(cell: &[u8]) -> Vec<u8> {
    let is_formula = cell.first().is_some_and(|first| b"=+-@\t\r".contains(first));
    let is_number = cell.len() > 11 && cell.iter().all(u8::is_ascii_digit);
    if is_formula || is_number { [b"'", cell].concat() } else { cell.to_vec() }
}
