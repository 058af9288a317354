//! A workbook on disk: its directory stands at its end, so it has to be here whole before it is read.
//!
//! The file has no name and is gone with its handle; what is in it is sealed block by block, as everything with
//! personal numbers that leaves memory.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use super::Parts;
use crate::domain::ImportId;
use crate::error::{Code, Error, Result};
use crate::keys::{Keys, Place, SEAL_BYTES};

/// Bytes that are sealed together.
const BLOCK_BYTES: usize = 1 << 16;
/// Largest workbook.
const LIMIT_BYTES: u64 = 128 << 20;

/// A spooled workbook.
pub(super) struct Spool {
    keys: Arc<Keys>,
    /// Only for the place that its blocks are sealed for.
    id: ImportId,
    file: File,
    length: u64,
    at: u64,
    /// The block that was read last.
    open: Option<(u64, Vec<u8>)>,
}

impl Spool {
    /// Takes all parts of a file.
    ///
    /// # Errors
    /// `body_too_large`; where the disk refuses.
    pub(super) fn of(parts: &mut Parts) -> Result<Self> {
        let file = tempfile::tempfile().map_err(Error::unavailable)?;
        let keys = parts.keys.clone().ok_or_else(|| Error::internal("nothing to seal a workbook by"))?;
        let mut spool = Self { keys, id: ImportId::new(), file, length: 0, at: 0, open: None };
        let mut block = Vec::with_capacity(BLOCK_BYTES);
        loop {
            let mut part = parts.whole_part();
            if part.is_empty() {
                break;
            }
            while !part.is_empty() {
                let (fitting, rest) = part.split_at(part.len().min(BLOCK_BYTES - block.len()));
                block.extend_from_slice(fitting);
                part = rest;
                if block.len() == BLOCK_BYTES {
                    spool.write(&block)?;
                    block.clear();
                }
            }
        }
        spool.write(&block)?;
        Ok(spool)
    }

    fn write(&mut self, block: &[u8]) -> Result<()> {
        if block.is_empty() {
            return Ok(());
        }
        let number = self.length / size(BLOCK_BYTES);
        self.length += size(block.len());
        if self.length > LIMIT_BYTES {
            return Err(Code::BodyTooLarge.into());
        }
        let sealed = self.keys.vault.seal_bytes(self.place(number)?, block)?;
        self.file.write_all(&sealed).map_err(Error::unavailable)
    }

    fn place(&self, number: u64) -> Result<Place> {
        let number = u32::try_from(number).map_err(Error::internal)?;
        Ok(Place::import_part(0, self.id, number))
    }

    fn block(&mut self, number: u64) -> io::Result<&[u8]> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != number) {
            self.file.seek(SeekFrom::Start(number * size(BLOCK_BYTES + SEAL_BYTES)))?;
            let mut sealed = Vec::with_capacity(BLOCK_BYTES + SEAL_BYTES);
            (&self.file).take(size(BLOCK_BYTES + SEAL_BYTES)).read_to_end(&mut sealed)?;
            let place = self.place(number).map_err(io::Error::other)?;
            let block = self.keys.vault.open_bytes(place, &sealed).map_err(io::Error::other)?;
            self.open = Some((number, block));
        }
        Ok(self.open.as_ref().map_or(&[], |(_, block)| block))
    }
}

/// No block and no file here comes near 2^64 bytes.
fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

impl Read for Spool {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length {
            return Ok(0);
        }
        let (number, offset) = (self.at / size(BLOCK_BYTES), self.at % size(BLOCK_BYTES));
        let offset = usize::try_from(offset).map_err(io::Error::other)?;
        let read = self.block(number)?.get(offset..).unwrap_or_default().read(buffer)?;
        self.at += size(read);
        Ok(read)
    }
}

impl Seek for Spool {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(offset) => self.length.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.at.checked_add_signed(offset),
        };
        self.at = at.ok_or_else(|| io::Error::other("a place before the start of the file"))?;
        Ok(self.at)
    }
}
