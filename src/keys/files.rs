//! Key files: 32 random bytes each, mode 0600, written whole or not at all.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;
use std::time::Duration;

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

/// Highest number of a sealing key: a sealed value begins with it, which no JSON does with so low a byte.
const LAST_SEALING_KEY: u8 = 31;

/// The sealing keys of a folder with their numbers: `seal-1.key` and so on.
pub(super) fn sealing_keys(folder: &Path) -> Result<Vec<(u8, [u8; 32])>> {
    let mut keys = Vec::new();
    for entry in fs::read_dir(folder).map_err(Error::internal)? {
        let path = entry.map_err(Error::internal)?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let id = name.strip_prefix("seal-").and_then(|rest| rest.strip_suffix(".key")?.parse().ok());
        if let Some(id) = id.filter(|id| (1..=LAST_SEALING_KEY).contains(id)) {
            let bytes = fs::read(&path).map_err(Error::internal)?;
            let wrong = |_| Error::internal(format!("{} is not a key of 32 bytes", path.display()));
            let secret: [u8; 32] = bytes.try_into().map_err(wrong)?;
            keys.push((id, secret));
        }
    }
    keys.sort_unstable();
    Ok(keys)
}

/// Makes the sealing key after the newest and answers its number.
pub(super) fn add_sealing_key(folder: &Path) -> Result<u8> {
    let newest = sealing_keys(folder)?.last().map(|(id, _)| *id).unwrap_or_default();
    let retired = (1..=LAST_SEALING_KEY).rev().find(|id| folder.join(retired_name(*id)).exists()).unwrap_or_default();
    let id = newest.max(retired) + 1;
    if id > LAST_SEALING_KEY {
        return Err(Error::internal(format!("there are {LAST_SEALING_KEY} sealing keys already")));
    }
    secret(&folder.join(format!("seal-{id}.key")))?;
    Ok(id)
}

/// Puts a sealing key away under another name, once a newer one is as old as `notice`.
pub(super) fn retire_sealing_key(folder: &Path, id: u8, notice: Duration) -> Result<()> {
    let keys = sealing_keys(folder)?;
    let newest = keys.last().map(|(id, _)| *id).filter(|newest| *newest > id);
    let newest = newest.ok_or_else(|| Error::internal("that key seals now: make another one first"))?;
    let made = fs::metadata(folder.join(format!("seal-{newest}.key"))).and_then(|file| file.modified());
    if made.map_err(Error::internal)?.elapsed().unwrap_or_default() < notice {
        return Err(Error::internal("the newer key was made just now: some process may not have noticed it"));
    }
    fs::rename(folder.join(format!("seal-{id}.key")), folder.join(retired_name(id))).map_err(Error::internal)
}

fn retired_name(id: u8) -> String {
    format!("retired-seal-{id}.key")
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
