//! An archive written from front to end: what an entry measures stands behind it and once more at the very end.
//!
//! Source: PKWARE APPNOTE.TXT 6.3, sections 4.3 and 4.4, read 2026-11-28. No entry here comes near 4 GiB.

use std::io::Write;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

const ENTRY: [u8; 4] = *b"PK\x03\x04";
const MEASURES: [u8; 4] = *b"PK\x07\x08";
const LISTED: [u8; 4] = *b"PK\x01\x02";
const END: [u8; 4] = *b"PK\x05\x06";
/// Version 2.0 of the format.
const VERSION: u16 = 20;
/// Measures stand behind the entry; names are UTF-8.
const FLAGS: u16 = 0x0808;
const DEFLATED: u16 = 8;
/// Every file is as old as the format can tell: 1980-01-01.
const DATE: u16 = 0x0021;

/// An archive with at most one entry open.
pub(super) struct Zip {
    out: Vec<u8>,
    /// Bytes that were taken away.
    taken: usize,
    closed: Vec<Entry>,
    open: Option<(Entry, DeflateEncoder<Vec<u8>>, Crc)>,
}

#[derive(Debug)]
struct Entry {
    name: String,
    offset: u32,
    checksum: u32,
    packed_bytes: u32,
    bytes: u32,
}

impl Zip {
    pub(super) fn new() -> Self {
        Self { out: Vec::new(), taken: 0, closed: Vec::new(), open: None }
    }

    /// Begins an entry, and ends the one before it.
    pub(super) fn begin(&mut self, name: String) {
        self.close();
        let entry = Entry { name, offset: small(self.taken + self.out.len()), checksum: 0, packed_bytes: 0, bytes: 0 };
        self.out.extend_from_slice(&ENTRY);
        put(&mut self.out, &[VERSION, FLAGS, DEFLATED, 0, DATE]);
        self.out.extend_from_slice(&[0; 12]);
        put(&mut self.out, &[short(entry.name.len()), 0]);
        self.out.extend_from_slice(entry.name.as_bytes());
        let encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
        self.open = Some((entry, encoder, Crc::new()));
    }

    /// Adds to the open entry.
    pub(super) fn add(&mut self, bytes: &[u8]) {
        if let Some((_, encoder, checksum)) = &mut self.open {
            checksum.update(bytes);
            // Writing into memory does not fail.
            encoder.write_all(bytes).ok();
            self.out.append(encoder.get_mut());
        }
    }

    fn close(&mut self) {
        let Some((mut entry, mut encoder, checksum)) = self.open.take() else { return };
        encoder.try_finish().ok();
        (entry.bytes, entry.packed_bytes) = (large(encoder.total_in()), large(encoder.total_out()));
        entry.checksum = checksum.sum();
        self.out.append(encoder.get_mut());
        self.out.extend_from_slice(&MEASURES);
        entry.measure(&mut self.out);
        self.closed.push(entry);
    }

    /// Ends the archive.
    pub(super) fn end(&mut self) {
        self.close();
        let start = self.taken + self.out.len();
        for entry in &self.closed {
            entry.list(&mut self.out);
        }
        let (length, count) = (self.taken + self.out.len() - start, short(self.closed.len()));
        self.out.extend_from_slice(&END);
        put(&mut self.out, &[0, 0, count, count]);
        self.out.extend_from_slice(&small(length).to_le_bytes());
        self.out.extend_from_slice(&small(start).to_le_bytes());
        put(&mut self.out, &[0]);
    }

    /// Takes away what is written.
    pub(super) fn take(&mut self) -> Vec<u8> {
        self.taken += self.out.len();
        std::mem::take(&mut self.out)
    }
}

impl Entry {
    fn measure(&self, out: &mut Vec<u8>) {
        for number in [self.checksum, self.packed_bytes, self.bytes] {
            out.extend_from_slice(&number.to_le_bytes());
        }
    }

    fn list(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&LISTED);
        put(out, &[VERSION, VERSION, FLAGS, DEFLATED, 0, DATE]);
        self.measure(out);
        put(out, &[short(self.name.len()), 0, 0, 0, 0, 0, 0]);
        out.extend_from_slice(&self.offset.to_le_bytes());
        out.extend_from_slice(self.name.as_bytes());
    }
}

fn put(out: &mut Vec<u8>, numbers: &[u16]) {
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

fn small(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn large(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
