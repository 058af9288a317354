//! Key files: 32 random bytes each, mode 0600, written whole or not at all.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use aws_lc_rs::rand;

use crate::error::{Error, Result};

/// Makes the folder of the keys with mode 0700.
pub(super) fn make_folder(folder: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(Error::internal)
}

/// Reads a secret of 32 bytes, making it where there is none.
pub(super) fn secret(path: &Path) -> Result<[u8; 32]> {
    let bytes = read_or_make(path, || {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(Error::internal)?;
        Ok(bytes.to_vec())
    })?;
    bytes.try_into().map_err(|_| Error::internal(format!("{} is not a key of 32 bytes", path.display())))
}

/// Reads a file, or writes what `make` gives through a temporary file, so that two starts at once agree.
pub(super) fn read_or_make(path: &Path, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
    match fs::read(path) {
        Ok(bytes) => return Ok(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(Error::internal(error)),
    }
    let draft = path.with_extension(format!("{}.new", std::process::id()));
    let mut file =
        OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft).map_err(Error::internal)?;
    file.write_all(&make()?).and_then(|()| file.sync_all()).map_err(Error::internal)?;
    // A hard link fails where the name is taken: the first start wins, the other reads what it wrote.
    match fs::hard_link(&draft, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => return Err(Error::internal(error)),
        _ => {}
    }
    fs::remove_file(&draft).map_err(Error::internal)?;
    fs::read(path).map_err(Error::internal)
}
