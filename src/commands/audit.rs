//! The chain of audit records, checked and written out by whoever keeps the service.

use std::path::PathBuf;

use clap::Subcommand;

use super::database::Database;
use super::{Failure, keys_folder, runtime};
use crate::audit::{self, Checked};
use crate::config::Config;
use crate::domain::Digest;
use crate::keys::Keys;

/// What to do with the chain.
#[derive(Debug, Subcommand)]
pub enum AuditOrder {
    /// Check every sealed record; tells the first fault and fails where there is one
    Verify {
        /// A file that `audit export` wrote; without one, the database itself is read
        file: Option<PathBuf>,
        /// `hash` of a block noted earlier, which must be met: a chain that was cut off or made anew lacks it
        #[arg(long, value_name = "HASH", value_parser = hash)]
        expect: Option<Digest>,
    },
    /// Write blocks and records into a file that is checked without a database
    Export {
        /// The file; an earlier one of that name is replaced once the new one is whole
        file: PathBuf,
    },
}

fn hash(text: &str) -> Result<Digest, &'static str> {
    Digest::parse(text).ok_or("sixty-four lower-case hexadecimal digits")
}

/// Checks the chain or writes it into a file.
///
/// # Errors
/// The first fault of the chain, or what could not be read or written.
pub fn audit(config: &Config, order: &AuditOrder) -> Result<(), Failure> {
    let keys = Keys::public_keys(&keys_folder(config))?;
    match order {
        AuditOrder::Verify { file: Some(file), expect } => {
            tell(&runtime()?.block_on(audit::check_file(file, &keys, *expect))?);
        }
        AuditOrder::Verify { file: None, expect } => {
            let database = Database::reach(config)?;
            tell(&runtime()?.block_on(audit::check_database(database.owner_url.reveal(), &keys, *expect))?);
        }
        AuditOrder::Export { file } => {
            let database = Database::reach(config)?;
            let (blocks, rows) = runtime()?.block_on(audit::export(database.owner_url.reveal(), &keys, file))?;
            println!("{blocks} blocks and {rows} records are in {}", file.display());
        }
    }
    Ok(())
}

fn tell(checked: &Checked) {
    let Checked { blocks, rows, waiting, hash } = checked;
    println!("{rows} records in {blocks} blocks are as they were sealed; {waiting} are not sealed yet");
    println!("last block {blocks}: {hash}");
}
