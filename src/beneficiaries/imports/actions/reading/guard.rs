//! Looks at a workbook before anything reads it: it is a zip archive of XML, and both can be made to fill a machine.
//!
//! Every part that is read later is unpacked once here, in small pieces, and counted; what its directory says of sizes
//! is believed nowhere.

use std::io::{Read, Seek};

use zip::ZipArchive;

use crate::error::{Code, Error, Fault, Result};

/// Parts of an archive; a workbook of one sheet has about a dozen.
const ENTRIES: usize = 1_000;
/// Unpacked bytes of all parts that are read.
const UNPACKED_BYTES: u64 = 1 << 30;
/// Unpacked bytes of the table of texts, which is held in memory.
const TEXTS_BYTES: u64 = 64 << 20;
/// Unpacked bytes of other parts but sheets.
const SMALL_BYTES: u64 = 8 << 20;
/// How much larger a part may become, past its first mebibyte. Sheets become ten to thirty times as large.
const RATIO: u64 = 100;
/// Longest text or tag; a cell holds at most 32,767 characters.
const TEXT_BYTES: usize = 1 << 20;
/// Words that a workbook never has: definitions of entities, which could name other files or grow without end.
const FORBIDDEN: [&[u8]; 2] = [b"<!DOCTYPE", b"<!ENTITY"];
/// What tells how many texts to make room for.
const COUNT: &[u8] = b"uniqueCount";
/// Bytes of a piece that the next piece is looked at with, for words that stand across both.
const OVERLAP: usize = 64;

/// Refuses what is no plain workbook.
///
/// # Errors
/// `workbook_unreadable`, `workbook_too_large`, `workbook_has_links`.
#[expect(clippy::case_sensitive_file_extension_comparisons, reason = "the name is in small letters")]
pub(super) fn check<R: Read + Seek>(file: &mut R) -> Result<()> {
    let mut magic = [0; 4];
    file.read_exact(&mut magic).map_err(|_| refuse(Code::WorkbookUnreadable))?;
    // A workbook with a password is another kind of file.
    if magic != *b"PK\x03\x04" {
        return Err(refuse(Code::WorkbookUnreadable));
    }
    let mut archive = ZipArchive::new(file).map_err(|_| refuse(Code::WorkbookUnreadable))?;
    if archive.len() > ENTRIES {
        return Err(refuse(Code::WorkbookTooLarge));
    }
    let mut unpacked = 0;
    for number in 0..archive.len() {
        let mut entry = archive.by_index(number).map_err(|_| refuse(Code::WorkbookUnreadable))?;
        let name = String::from_utf8_lossy(entry.name_raw()).to_ascii_lowercase();
        if name.contains("externallinks/") || name.ends_with("vbaproject.bin") {
            return Err(refuse(Code::WorkbookHasLinks));
        }
        if name.ends_with(".xml") || name.ends_with(".rels") {
            let most = limit_of(&name).min(entry.compressed_size().saturating_mul(RATIO).max(1 << 20));
            unpacked += scan(&mut entry, most)?;
        }
        if unpacked > UNPACKED_BYTES {
            return Err(refuse(Code::WorkbookTooLarge));
        }
    }
    Ok(())
}

/// What a client is told of a workbook that is not read.
pub(super) fn refuse(code: Code) -> Error {
    Error::invalid(vec![Fault::new("", code)])
}

fn limit_of(name: &str) -> u64 {
    if name.contains("worksheets/") {
        UNPACKED_BYTES
    } else if name.ends_with("sharedstrings.xml") {
        TEXTS_BYTES
    } else {
        SMALL_BYTES
    }
}

/// Unpacks a part piece by piece and answers how large it was.
fn scan(part: &mut impl Read, most: u64) -> Result<u64> {
    let (mut window, mut length, mut run) = (Vec::new(), 0_u64, 0_usize);
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = part.read(&mut piece).map_err(|_| refuse(Code::WorkbookUnreadable))?;
        let bytes = piece.get(..read).unwrap_or_default();
        length += u64::try_from(read).unwrap_or(u64::MAX);
        if length > most {
            return Err(refuse(Code::WorkbookTooLarge));
        }
        window.extend_from_slice(bytes);
        inspect(&window)?;
        run = longest_run(bytes, run).ok_or_else(|| refuse(Code::WorkbookTooLarge))?;
        window.drain(..window.len().saturating_sub(OVERLAP));
        if read == 0 {
            return Ok(length);
        }
    }
}

/// Bytes since the last end of a text or tag; nothing where one is too long.
fn longest_run(bytes: &[u8], before: usize) -> Option<usize> {
    let mut run = before;
    for stretch in bytes.split_inclusive(|byte| matches!(byte, b'<' | b'>')) {
        run += stretch.len();
        if run > TEXT_BYTES {
            return None;
        }
        if matches!(stretch.last(), Some(b'<' | b'>')) {
            run = 0;
        }
    }
    Some(run)
}

fn inspect(window: &[u8]) -> Result<()> {
    let mut starts = window.iter().enumerate().filter(|(_, byte)| matches!(**byte, b'<' | b'u'));
    let is_hostile = starts.any(|(at, _)| {
        let rest = window.get(at..).unwrap_or_default();
        FORBIDDEN.iter().any(|word| rest.starts_with(word)) || rest.strip_prefix(COUNT).is_some_and(counts_too_many)
    });
    if is_hostile { Err(refuse(Code::WorkbookUnreadable)) } else { Ok(()) }
}

/// True where room for more than ten million texts would be made.
fn counts_too_many(rest: &[u8]) -> bool {
    let digits = rest.iter().skip_while(|byte| !byte.is_ascii_digit()).take_while(|byte| byte.is_ascii_digit());
    digits.count() > 7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8]) -> Option<Code> {
        let outcome = scan(&mut &bytes[..], 10 << 20).err()?;
        let Error::Refused(refusal) = outcome else { return None };
        Some(refusal.faults[0].code)
    }

    #[test]
    fn words_of_entities_are_found_wherever_they_stand() {
        for at in [0, 100, (1 << 16) - 5, (1 << 16) - 1, 1 << 16] {
            let text = format!("{}<!ENTITY a \"b\">", "<a/>".repeat(at / 4) + &" ".repeat(at % 4));
            assert_eq!(code(text.as_bytes()), Some(Code::WorkbookUnreadable), "{at}");
        }
        assert_eq!(code(b"<sst count=\"1\" uniqueCount=\"99999999999\">"), Some(Code::WorkbookUnreadable));
        assert_eq!(code(b"<sst count=\"1\" uniqueCount=\"1048575\">"), None);
    }

    #[test]
    fn what_grows_too_large_is_not_unpacked_further() {
        assert_eq!(code("<a/>".repeat(3 << 20).as_bytes()), Some(Code::WorkbookTooLarge));
        assert_eq!(code("x".repeat(2 << 20).as_bytes()), Some(Code::WorkbookTooLarge));
        assert_eq!(code("<t>text</t>".repeat(1_000).as_bytes()), None);
    }
}
