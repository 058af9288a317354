//! A file that arrives in parts, read as one by the thread that parses it.

use std::io::{self, Read};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::keys::{Hasher, Keys};

/// Longest row. A quote that is never closed would else take the rest of the file for one cell.
const ROW_BYTES: usize = 1 << 20;
/// How far a header may reach before it is looked at.
const PEEK_BYTES: usize = 1 << 16;

/// The parts of a file; blocks where the next one is not here yet.
pub(crate) struct Parts {
    arriving: mpsc::Receiver<Vec<u8>>,
    part: Vec<u8>,
    at: usize,
    digest: Hasher,
    left_of_row: usize,
    pub(super) keys: Option<Arc<Keys>>,
}

impl Parts {
    /// The parts as they arrive.
    #[must_use]
    pub(crate) fn new(arriving: mpsc::Receiver<Vec<u8>>) -> Self {
        Self { arriving, part: Vec::new(), at: 0, digest: Hasher::new(), left_of_row: ROW_BYTES, keys: None }
    }

    /// The same with the keys that a workbook is sealed by where it has to wait on disk.
    pub(in crate::beneficiaries::imports::actions) fn sealed_by(self, keys: Arc<Keys>) -> Self {
        Self { keys: Some(keys), ..self }
    }

    /// A row is read: the next one may be as long.
    pub(crate) fn begin_row(&mut self) {
        self.left_of_row = ROW_BYTES;
    }

    /// The next part as it came, past every limit of rows; empty at the end.
    pub(super) fn whole_part(&mut self) -> &[u8] {
        if self.at >= self.part.len() {
            self.receive();
        }
        let part = self.part.get(self.at..).unwrap_or_default();
        self.at = self.part.len();
        part
    }

    /// The first line, or as much of it as there is room for; it stays to be read.
    pub(super) fn first_line(&mut self) -> &[u8] {
        while !self.part.contains(&b'\n') && self.part.len() < PEEK_BYTES {
            let Some(more) = self.arriving.blocking_recv() else { break };
            self.digest.update(&more);
            self.part.extend_from_slice(&more);
        }
        let end = self.part.iter().position(|byte| *byte == b'\n').unwrap_or(self.part.len());
        self.part.get(..end).unwrap_or_default()
    }

    /// Passes over the mark by which some programs say that a file is UTF-8.
    pub(super) fn skip_byte_order_mark(&mut self) {
        if self.first_line().starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
    }

    /// SHA-256 of what was read.
    #[must_use]
    pub(crate) fn digest(&self) -> [u8; 32] {
        self.digest.clone().finish()
    }

    /// Takes the next part; false at the end.
    fn receive(&mut self) -> bool {
        let Some(part) = self.arriving.blocking_recv() else {
            (self.part, self.at) = (Vec::new(), 0);
            return false;
        };
        self.digest.update(&part);
        (self.part, self.at) = (part, 0);
        true
    }
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.part.len() {
            if !self.receive() {
                return Ok(0);
            }
        }
        let read = self.part.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += read;
        self.left_of_row =
            self.left_of_row.checked_sub(read).ok_or_else(|| io::Error::other("a row is longer than a mebibyte"))?;
        Ok(read)
    }
}
