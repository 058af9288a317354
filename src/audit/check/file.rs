//! A chain as a file that needs no database: lines of JSON.
//!
//! The first line says what it is and names the public keys. Then each block, followed by its rows, each the text
//! that was sealed; whoever puts a zero byte before such a line and takes SHA-256 has its leaf. The last line says how
//! many blocks there were.

use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::database::Stored;
use super::rows::Rows;
use super::{Checked, Checker, Fault, Sealed, Stopped};
use crate::audit::chain::{Block, hexadecimal};
use crate::domain::Digest;
use crate::error::{Error, Result};

/// The form of the file.
const FORMAT: &str = "sinergi audit 1";

#[derive(Serialize, Deserialize)]
struct First {
    format: String,
    exported_at: DateTime<Utc>,
    keys: Vec<Value>,
}

#[derive(Serialize, Deserialize)]
struct Line {
    number: i64,
    row_count: i32,
    merkle_root: Digest,
    previous_hash: Digest,
    hash: Digest,
    sealed_at: DateTime<Utc>,
    key_id: String,
    signature: String,
    leaf_hashes: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Last {
    blocks: i64,
}

/// Writes the sealed rows of a database into a file; answers how many blocks and rows it holds.
///
/// A file of that name is replaced once the new one is whole. It is readable by its owner only: rows name clients and
/// the purposes they gave.
///
/// # Errors
/// Where the database cannot be read or the file not be written.
pub async fn export(owner_url: &str, keys: &[Value], path: &Path) -> Result<(i64, u64)> {
    let draft = path.with_added_extension("new");
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft);
    let mut out = BufWriter::with_capacity(1 << 20, file.map_err(Error::internal)?);
    let first = First { format: FORMAT.to_owned(), exported_at: Utc::now(), keys: keys.to_vec() };
    write_line(&mut out, &first)?;
    let (mut blocks, mut rows) = (0, 0);
    let mut stored = Stored::open(owner_url).await?;
    while let Some(Sealed { block, leaf_hashes, rows: sealed }) = stored.next().await? {
        write_line(&mut out, &line_of(block, &leaf_hashes))?;
        for text in sealed.texts()? {
            out.write_all(text.as_bytes()).and_then(|()| out.write_all(b"\n")).map_err(Error::internal)?;
            rows += 1;
        }
        blocks += 1;
    }
    write_line(&mut out, &Last { blocks })?;
    let file = out.into_inner().map_err(Error::internal)?;
    file.sync_all().and_then(|()| fs::rename(&draft, path)).map_err(Error::internal)?;
    Ok((blocks, rows))
}

fn write_line(out: &mut impl Write, line: &impl Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(Error::internal)?;
    out.write_all(b"\n").map_err(Error::internal)
}

fn line_of(block: Block, leaf_hashes: &[u8]) -> Line {
    Line {
        number: block.number,
        row_count: block.row_count,
        merkle_root: block.merkle_root,
        previous_hash: block.previous_hash,
        hash: block.hash,
        sealed_at: block.sealed_at,
        key_id: block.key_id,
        signature: block.signature,
        leaf_hashes: hexadecimal(leaf_hashes),
    }
}

/// Checks the chain of a file. Its keys are taken from `keys` where there are any, else from the file itself: then a
/// file that was made by somebody else from the beginning is found out only by the hash that is `expected`.
///
/// # Errors
/// The first fault, or that the file cannot be read.
pub async fn check_file(
    path: &Path,
    keys: &[Value],
    expected: Option<Digest>,
) -> std::result::Result<Checked, Stopped> {
    let mut lines = Lines::open(path)?;
    let first: First = lines.read()?;
    if first.format != FORMAT {
        return Err(Fault::LineUnreadable(1).into());
    }
    let mut checker = Checker::new(if keys.is_empty() { &first.keys } else { keys }, expected);
    loop {
        match next(&mut lines) {
            Ok(Next::Block(sealed)) => checker.take(*sealed).await?,
            Ok(Next::End(blocks)) => {
                let found = checker.finish(0).await?;
                return if found.blocks == blocks { Ok(found) } else { Err(Fault::CutOff.into()) };
            }
            Err(fault) => return Err(checker.stop(fault).await),
        }
    }
}

/// What comes next in a file.
enum Next {
    Block(Box<Sealed>),
    End(i64),
}

fn next(lines: &mut Lines) -> std::result::Result<Next, Stopped> {
    let text = lines.next()?;
    if let Ok(Last { blocks }) = serde_json::from_str(&text) {
        return Ok(Next::End(blocks));
    }
    let line: Line = serde_json::from_str(&text).map_err(|_| Fault::LineUnreadable(lines.number))?;
    Ok(Next::Block(Box::new(sealed(line, lines)?)))
}

fn sealed(line: Line, lines: &mut Lines) -> std::result::Result<Sealed, Stopped> {
    let leaf_hashes = bytes_of(&line.leaf_hashes).ok_or(Fault::LineUnreadable(lines.number))?;
    let count = leaf_hashes.len() / 32;
    let mut texts = Vec::with_capacity(count);
    for _ in 0..count {
        texts.push(lines.next()?);
    }
    let block = Block {
        number: line.number,
        row_count: line.row_count,
        merkle_root: line.merkle_root,
        previous_hash: line.previous_hash,
        hash: line.hash,
        sealed_at: line.sealed_at,
        key_id: line.key_id,
        signature: line.signature,
    };
    Ok(Sealed { block, leaf_hashes, rows: Rows::Texts(texts) })
}

fn bytes_of(hexadecimal: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = hexadecimal.as_bytes().as_chunks::<2>();
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

/// Lines of a file, counted.
struct Lines {
    file: BufReader<fs::File>,
    number: u64,
}

impl Lines {
    fn open(path: &Path) -> Result<Self> {
        let file = fs::File::open(path).map_err(Error::internal)?;
        Ok(Self { file: BufReader::with_capacity(1 << 20, file), number: 0 })
    }

    /// The next line; there must be one.
    fn next(&mut self) -> std::result::Result<String, Stopped> {
        let mut line = String::new();
        self.number += 1;
        match self.file.read_line(&mut line) {
            Ok(_) if line.pop() == Some('\n') => Ok(line),
            Ok(_) => Err(Fault::CutOff.into()),
            Err(_) => Err(Fault::LineUnreadable(self.number).into()),
        }
    }

    fn read<T: for<'de> Deserialize<'de>>(&mut self) -> std::result::Result<T, Stopped> {
        let line = self.next()?;
        Ok(serde_json::from_str(&line).map_err(|_| Fault::LineUnreadable(self.number))?)
    }
}
