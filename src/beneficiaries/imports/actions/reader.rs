//! A file that arrives in parts, read as one by the thread that parses it.

use std::io::{self, Read};

use tokio::sync::mpsc;

use crate::keys::Hasher;

/// Longest row. A quote that is never closed would else take the rest of the file for one cell.
const ROW_BYTES: usize = 1 << 20;

/// The parts of a file; blocks where the next one is not here yet.
pub(super) struct Parts {
    arriving: mpsc::Receiver<Vec<u8>>,
    part: Vec<u8>,
    at: usize,
    digest: Hasher,
    left_of_row: usize,
}

impl Parts {
    pub(super) fn new(arriving: mpsc::Receiver<Vec<u8>>) -> Self {
        Self { arriving, part: Vec::new(), at: 0, digest: Hasher::new(), left_of_row: ROW_BYTES }
    }

    /// A row is read: the next one may be as long.
    pub(super) fn begin_row(&mut self) {
        self.left_of_row = ROW_BYTES;
    }

    /// SHA-256 of what was read.
    pub(super) fn digest(&self) -> [u8; 32] {
        self.digest.clone().finish()
    }
}

impl Read for Parts {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at >= self.part.len() {
            let Some(part) = self.arriving.blocking_recv() else { return Ok(0) };
            self.digest.update(&part);
            (self.part, self.at) = (part, 0);
        }
        let read = self.part.get(self.at..).unwrap_or_default().read(buffer)?;
        self.at += read;
        self.left_of_row =
            self.left_of_row.checked_sub(read).ok_or_else(|| io::Error::other("a row is longer than a mebibyte"))?;
        Ok(read)
    }
}
